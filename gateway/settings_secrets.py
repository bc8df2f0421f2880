"""Secrets that stand in files, put in their place; and secrets left out of what is shown."""

import stat
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from gateway.settings import Section, Settings
from gateway.settings_where import At, Problem

FILE = "_file"
PASSWORDS = ("password", "sslpassword")  # libpq takes them from the query of a URL too.

S = TypeVar("S", bound=Section)


def with_secrets(settings: Settings) -> tuple[Settings, tuple[Problem, ...], tuple[str, ...]]:
    """The settings (with absolute paths) in which each `x` holds what stands in `x_file`; problems; notes on files."""
    reading = _Reading()
    changes: dict[str, Any] = {
        "server": reading.filled(settings.server, ("server",)),
        "delivery": reading.filled(settings.delivery, ("delivery",)),
        "mailbox": [reading.filled(one, ("mailbox", number)) for number, one in enumerate(settings.mailbox)],
        "key": [reading.filled(key, ("key", number)) for number, key in enumerate(settings.key)],
    }
    return settings.model_copy(update=changes), tuple(reading.problems), tuple(reading.notes)


def without_password(url: str) -> str:
    """A database URL that can be shown."""
    return make_url(url).difference_update_query(PASSWORDS).render_as_string(hide_password=True)


class _Reading:
    """The problems and notes of one reading of all the secret files."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def filled(self, section: S, at: At) -> S:
        found: dict[str, Any] = {}
        for name, value in section:
            secret = name.removesuffix(FILE)
            # A file that is read again and again, such as token_file, has no setting of its own to go into.
            if name == secret or not isinstance(value, Path) or secret not in type(section).model_fields:
                continue
            if getattr(section, secret).get_secret_value():
                self.problems.append(Problem((*at, name), f"{secret} is set too: leave one of them out"))
            elif (text := self._read(value, (*at, name))) is not None:
                found[secret] = SecretStr(text)
        return section.model_copy(update=found)

    def _read(self, path: Path, at: At) -> str | None:
        try:
            text = path.read_text("utf-8").strip()
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            self.problems.append(Problem(at, f"{path} cannot be read: {error.strerror}"))
            return None
        except UnicodeDecodeError:
            self.problems.append(Problem(at, f"{path} is not text in UTF-8"))
            return None
        if not text:
            self.problems.append(Problem(at, f"{path} is empty"))
            return None
        if mode & (stat.S_IROTH | stat.S_IWOTH):
            self.notes.append(f"{path} holds a secret and is open to everybody: chmod o= {path}")
        return text
