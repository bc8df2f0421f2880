"""Writes settings.toml and docs/settings.md from the table of settings, so that neither can say something else.

python -m gateway.settings_docs toml > settings.toml
python -m gateway.settings_docs markdown > docs/settings.md
"""

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from gateway.settings import Settings
from gateway.settings_where import names, repeated, section_of

WIDTH = 116

_HEAD = """\
# The settings of ticket-gateway, every one with its default.
# A line that begins with # and a name is off, and shows the default: take the # away to change it.
# Paths are relative to this file's folder. Database, blobs, socket, and outgoing letters are in [server] data
# unless named. The environment goes first: GATEWAY_SMTP__LISTEN for [smtp] listen.
"""

_INTRODUCTION = """\
# Settings

`gateway` reads one file: that of `--settings`, else of `GATEWAY_SETTINGS`, else `settings.toml` in the current folder;
without any it runs on the defaults below. `gateway check` tells what is wrong with it, with file and line.

- Relative paths begin at the file's folder (without a file: at the current one).
- `[database] url`, `[blobs] url`, `[lmtp] listen`, and `[delivery] folder` follow `[server] data` until they are named.
- The environment goes before the file: `GATEWAY_SMTP__LISTEN` is `[smtp] listen`. A list is JSON, or words between
  commas; `GATEWAY_AREA` and `GATEWAY_KEY` are JSON lists of tables. A name that is not in the table is an error.
- A secret can stand in a file of its own: `secret_file`, `password_file`. Nothing shows secrets.

This page is written by `python -m gateway.settings_docs markdown`.
"""


def toml() -> str:
    """The shipped settings.toml: every key with its help; a key is on where the embedded default needs it to be."""
    return _HEAD + "".join(_toml_section(name) for name in names(()))


def markdown() -> str:
    """docs/settings.md: a table for each section."""
    return _INTRODUCTION + "".join(_markdown_section(name) for name in names(()))


def _toml_section(name: str) -> str:
    embedded = getattr(Settings(), name)
    off = "#" if embedded == [] else ""
    heading = f"[[{name}]]" if repeated(name) else f"[{name}]"
    values = embedded[0] if repeated(name) and embedded else None
    lines = ["", *_comment(_help(name)), off + heading]
    for key, field in _fields(name):
        lines += _comment(field.description or "")
        if values is not None and (field.is_required() or getattr(values, key) != field.default):
            lines.append(f"{key} = {_value(getattr(values, key))}")
        else:
            lines.append(f"#{key} = {_value((field.examples or [field.default])[0])}")
    return "\n".join(lines) + "\n"


def _markdown_section(name: str) -> str:
    heading = f"[[{name}]]" if repeated(name) else f"[{name}]"
    lines = ["", f"## {heading}", "", _help(name), "", "| key | kind | default | meaning |", "|---|---|---|---|"]
    for key, field in _fields(name):
        default = "required" if field.is_required() else f"`{_value(field.default)}`"
        lines.append(f"| `{key}` | {_kind(field)} | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _fields(name: str) -> Iterator[tuple[str, FieldInfo]]:
    section = section_of(name)
    return ((field.alias or key, field) for key, field in (section.model_fields.items() if section else ()))


def _help(name: str) -> str:
    section = section_of(name)
    return (section.__doc__ or "") if section else ""


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _value(value: object) -> str:
    """As TOML has it; "" for what is not given."""
    match value:
        case None:
            return '""'
        case SecretStr():
            return json.dumps(value.get_secret_value())
        case Path() | date():
            return json.dumps(str(value))
    return json.dumps(value, ensure_ascii=False)


def _kind(field: FieldInfo) -> str:
    words = _words(field.annotation)
    bounds = [_bound(limit) for limit in field.metadata]
    return ", ".join([words, *filter(None, bounds)])


def _bound(limit: object) -> str:
    for name, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
        if (value := getattr(limit, name, None)) is not None:
            return f"{sign} {value}"
    least = getattr(limit, "min_length", None)
    return f"at least {least}" if least else ""


def _words(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Literal:
        return " or ".join(f'`"{word}"`' for word in get_args(annotation))
    if origin is list:
        return f"list of {_words(get_args(annotation)[0])}"
    if origin is Annotated:
        return _words(get_args(annotation)[0])
    if origin is UnionType:
        return _words(get_args(annotation)[0])
    return {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path", date: "day"}.get(
        annotation, "secret text"
    )


_FORMS: dict[str, Callable[[], str]] = {"toml": toml, "markdown": markdown}

if __name__ == "__main__":
    if sys.argv[1:] not in [[form] for form in _FORMS]:
        sys.exit(f"python -m gateway.settings_docs {' | '.join(_FORMS)}")
    sys.stdout.write(_FORMS[sys.argv[1]]())
