"""Makes a folder to begin with: settings.toml with its comments, and a secret of its own."""

import os
from pathlib import Path

from gateway.errors import SettingsError
from gateway.files import shipped
from gateway.settings_keys import kept_secret

SETTINGS = "settings.toml"
SECRET = "secret"


def init(folder: Path) -> list[str]:
    """Write what a new installation needs and tell, a sentence each, what was made; SettingsError when one is there.

    The settings come last, so that what was interrupted can be begun again; a secret that is there is kept.
    """
    path, secret = folder / SETTINGS, folder / SECRET
    if path.exists():
        raise SettingsError(f"{path} is there already, and is not overwritten: change it, or name another folder")
    told = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told.append(
            f"{secret} was there, and is kept" if secret.exists() else f"{secret} signs reply addresses: keep it"
        )
        kept_secret(secret)
        with path.open("x", encoding="utf-8") as file:
            file.write(_with_secret(shipped(SETTINGS).read_text("utf-8")))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SettingsError(f"{error.filename or folder}: cannot be made: {error.strerror}") from None
    return [*told, f"{path} has every setting: begin with [[area]] and [delivery]"]


def _with_secret(text: str) -> str:
    """The secret's file named in [server], which is the first table that has one."""
    return text.replace('#secret_file = ""', f'secret_file = "{SECRET}"', 1)
