"""Reads the settings: which file, the environment over it, and all that is wrong with them in one SettingsError."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.errors import SettingsError
from gateway.settings import Settings
from gateway.settings_check import disagreements
from gateway.settings_check_calendars import about_calendars
from gateway.settings_check_groups import about_groups
from gateway.settings_check_identity import about_identity, sources
from gateway.settings_check_mailboxes import about_mailboxes
from gateway.settings_check_people import about_people
from gateway.settings_check_places import misplaced
from gateway.settings_check_rules import about_rules
from gateway.settings_env import FILE, overridden
from gateway.settings_paths import resolved
from gateway.settings_secrets import with_secrets, without_password
from gateway.settings_where import At, Origin, Problem, no_such

HERE = Path("settings.toml")
EMBEDDED = "embedded defaults"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings with absolute paths and secrets in place; no `path`: embedded defaults; `notes` to log at start."""

    settings: Settings
    path: Path | None
    base: Path
    notes: tuple[str, ...]


def load_settings(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Loaded:
    """From this file, else that of GATEWAY_SETTINGS, else ./settings.toml, else the embedded defaults.

    SettingsError lists, a line each, everything that is wrong.
    """
    path = path or _named(environment) or (HERE if HERE.exists() else None)
    text = _read(path) if path else ""
    name = str(path) if path else EMBEDDED
    overrides = overridden(_parsed(text, name), environment)
    origin = Origin(name, text, overrides.variables)
    settings, invalid = _validated(overrides.tables)
    wrong = (*origin.tell_all(invalid), *overrides.problems)
    if settings is None or wrong:
        raise SettingsError("\n".join(wrong))
    base = path.absolute().parent if path else Path.cwd()
    settings, unread, notes = with_secrets(resolved(settings, base))
    checks = (
        disagreements(settings),
        misplaced(settings),
        about_people(settings),
        about_rules(settings),
        about_groups(settings),
        about_mailboxes(settings),
        about_identity(settings),
        about_calendars(settings),
    )
    wrong = origin.tell_all((*unread, *chain.from_iterable(checks)))
    if wrong:
        raise SettingsError("\n".join(wrong))
    absolute = path.absolute() if path else None
    return Loaded(settings, absolute, base, (*_notes(settings, absolute, overrides.variables), *notes))


def _named(environment: Mapping[str, str]) -> Path | None:
    return Path(environment[FILE]) if environment.get(FILE) else None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # Some editors begin a file with a byte order mark.
    except OSError as error:
        raise SettingsError(f"{path}: the settings cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}:{line}: this line is not in UTF-8; save the file so") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        says, line = _place(str(error), text)
        raise SettingsError(f"{name}:{line}: not TOML: {says}") from None


def _place(says: str, text: str) -> tuple[str, int]:
    """The parser's words without its "(at line 3, column 5)", and that line."""
    words, _, place = says.partition(" (at ")
    found = re.search(r"line (\d+)", place)
    return words, int(found[1]) if found else text.rstrip("\n").count("\n") + 1


def _validated(tables: Mapping[str, Any]) -> tuple[Settings | None, list[Problem]]:
    try:
        return Settings.model_validate(tables), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True, include_input=False)
        return None, [_problem(detail) for detail in details]


def _problem(detail: ErrorDetails) -> Problem:
    """A complaint of the table in our words; pydantic's texts do not hold the value."""
    at: At = detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            return Problem(at, no_such(at))
        case "missing":
            return Problem(at[:-1], f"{at[-1]} is missing")
        case "literal_error":
            return Problem(at, "must be " + str(detail["ctx"]["expected"]).replace("'", '"'))
        case "value_error":
            return Problem(at, str(detail["ctx"]["error"]))
    return Problem(at, re.sub(r"^(?:Input|String|List|Value) should", "must", detail["msg"]))


def _notes(settings: Settings, path: Path | None, variables: Mapping[At, str]) -> Iterator[str]:
    """What the operator should see at start; never a secret."""
    yield f"settings from {path}" if path else f"no settings.toml here: {EMBEDDED}"
    if variables:
        yield f"from the environment: {', '.join(variables.values())}"
    yield f"database {without_password(settings.database.url)}"
    if not sources(settings):
        yield "[authentication] trusted is empty: no mail proves who sent it, and commands by mail are off"
    if settings.web.listen and not settings.web.public_url:
        yield "[web] public_url is empty: letters carry no links"
    if settings.delivery.hold:
        yield "[delivery] hold is on: letters are written and kept, not sent"
