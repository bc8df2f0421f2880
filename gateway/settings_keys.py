"""The keys that sign our tokens: from the settings, or one that is made once and kept in the data folder."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.errors import SettingsError
from gateway.settings import Settings

KEPT = "secret"
FIRST_ID = "a"
SHORTEST = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret under a short name; its tokens are believed until the end of the day `until` (None: always)."""

    id: str
    secret: bytes
    until: date | None = None

    def __repr__(self) -> str:
        return f"SigningKey({self.id!r})"


def signing_keys(settings: Settings) -> tuple[SigningKey, ...]:
    """Those of [[key]], the first of which signs, else `[server] secret`, else the kept one."""
    if settings.key:
        return tuple(SigningKey(key.id, key.secret.get_secret_value().encode(), key.until) for key in settings.key)
    secret = settings.server.secret.get_secret_value() or kept_secret(settings.server.data / KEPT)
    return (SigningKey(FIRST_ID, secret.encode()),)


def kept_secret(path: Path) -> str:
    """The secret in this file, which is made when it is not there: once, also by several processes at the same time."""
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        raise SettingsError(f"{path}: the secret that signs our tokens cannot be read or made: {reason}") from None
    if len(secret) < SHORTEST:
        raise SettingsError(
            f"{path}: the secret that signs our tokens is shorter than {SHORTEST} characters: restore a backup; "
            "or delete it and a new one is made, but reply addresses in letters already sent then prove nothing"
        )
    return secret


def _make(path: Path) -> None:
    """A whole file or none: written beside it first, then linked, which fails when another process was quicker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
