"""How a mailbox is signed in to: by its password, or by an access token from where the settings say."""

import base64
import binascii
import contextlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from gateway.inbound.imap_trouble import Kind, Trouble
from gateway.settings import Mailbox

COMMAND_SECONDS = 20.0
LONGEST_TOKEN = 16384
# A token that ends so soon is told, and a new one is asked for where we can.
ENDS_SOON = timedelta(minutes=5)
WARN_DAYS = timedelta(days=14)
# Seconds since 1970 that are milliseconds in truth.
_MILLISECONDS = 100_000_000_000

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and when it ends, where that is known."""

    value: str
    until: datetime | None = None

    def __repr__(self) -> str:
        return f"Token(until={self.until})"


class SignIn:
    """Signs in to one mailbox. A token is kept until it ends or is refused, then asked for again."""

    def __init__(self, mailbox: Mailbox, *, data: Path, clock: Callable[[], datetime]) -> None:
        self._mailbox = mailbox
        self._data = data
        self._clock = clock
        self._kept: Token | None = None

    @property
    def until(self) -> datetime | None:
        """When the token of the last sign-in ends."""
        return self._kept.until if self._kept else None

    def stamp(self) -> float:
        """Changes when somebody puts a new token into token_file."""
        if self._mailbox.token_file is None:
            return 0.0
        try:
            return self._mailbox.token_file.stat().st_mtime
        except OSError:
            return 0.0

    def warning(self, now: datetime) -> str:
        """What is about to end and will not be replaced by itself, as a sentence; '' when nothing is."""
        day = self._mailbox.credential_until
        if day is not None and now.date() > day - WARN_DAYS:
            return f"the credentials of this mailbox end on {day}: replace them, and credential_until too"
        if self._mailbox.provider or self._kept is None or self._kept.until is None:
            return ""
        if self._kept.until - now > ENDS_SOON:
            return ""
        with contextlib.suppress(Trouble):
            if (fresh := self._fresh(now)).until != self._kept.until:
                self._kept = fresh
                return ""
        return f"the access token ends at {self._kept.until:%Y-%m-%d %H:%M} UTC, and no new one is there"

    def __call__(self, client: IMAPClient) -> None:
        mailbox = self._mailbox
        if mailbox.auth == "password":
            password = mailbox.password.get_secret_value()
            # LOGIN carries no more than ASCII; AUTHENTICATE PLAIN carries all.
            if client.has_capability("AUTH=PLAIN"):
                client.plain_login(mailbox.username, password)
            else:
                client.login(mailbox.username, password)
            return
        token = self.token()
        kept, self._kept = self._kept, None  # A token that is refused is not tried again.
        if mailbox.auth == "xoauth2":
            client.oauth2_login(mailbox.username, token.value)
        else:
            client.oauthbearer_login(mailbox.username, token.value)
        self._kept = kept

    def token(self) -> Token:
        """An access token that has not ended. Trouble when there is none to be had."""
        now = self._clock()
        if self._kept is None or (self._kept.until is not None and self._kept.until - ENDS_SOON <= now):
            self._kept = self._fresh(now)
        if self._kept.until is not None and self._kept.until <= now:
            ended = f"{self._kept.until:%Y-%m-%d %H:%M} UTC"
            self._kept = None
            raise Trouble(Kind.SETTING, f"the access token ended at {ended}, and nobody has put a new one there")
        return self._kept

    def _fresh(self, now: datetime) -> Token:
        mailbox = self._mailbox
        if mailbox.token_file is not None:
            try:
                return read_token(mailbox.token_file.read_text("utf-8"), now=now, where=str(mailbox.token_file))
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "not text in UTF-8"
                raise Trouble(Kind.SETTING, f"token_file: {mailbox.token_file} cannot be read: {reason}") from None
        if mailbox.token_command:
            return read_token(_printed(mailbox.token_command), now=now, where="token_command")
        # Only who needs them pays for them.
        from gateway.inbound import imap_providers

        return imap_providers.token(mailbox, kept=self._data / "tokens" / mailbox.name, now=now)


def read_token(text: str, *, now: datetime, where: str) -> Token:
    """A token as another program leaves it: bare, or as JSON with access_token and expires_at, expires_in or expiry."""
    text = text.strip()
    until: datetime | None = None
    if text.startswith("{"):
        try:
            found: Any = json.loads(text)
        except ValueError:
            raise Trouble(Kind.SETTING, f"{where}: what stands there is neither a token nor JSON") from None
        text = str(found.get("access_token") or found.get("token") or "")
        until = _end(found, now)
    if not text or len(text) > LONGEST_TOKEN or not _TOKEN.fullmatch(text):
        raise Trouble(Kind.SETTING, f"{where}: no access token stands there")
    return Token(text, until or _end(_claims(text), now))


def _end(found: dict[str, Any], now: datetime) -> datetime | None:
    seconds = found.get("expires_in")
    if isinstance(seconds, int | float) and "expires_at" not in found and "expires_on" not in found:
        return None  # Counted from when it was given, which a file does not say.
    for name in ("expires_at", "expires_on", "expiry", "exp"):
        value = found.get(name)
        try:
            if isinstance(value, int | float):
                return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)
            if isinstance(value, str) and value:
                instant = datetime.fromisoformat(value.replace("Z", "+00:00"))
                return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _claims(token: str) -> dict[str, Any]:
    """What a JSON Web Token says of itself (RFC 7519), unverified; nothing for other tokens. Only its end is read."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _printed(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=COMMAND_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        says = f"token_command: {command[0]} took longer than {COMMAND_SECONDS:g} s"
        raise Trouble(Kind.UNREACHABLE, says) from None
    except OSError as error:
        raise Trouble(Kind.SETTING, f"token_command: {command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        # What it printed may be the token, or a part of it.
        raise Trouble(Kind.UNREACHABLE, f"token_command: {command[0]} ended with exit code {done.returncode}")
    return done.stdout.decode("utf-8", "replace")
