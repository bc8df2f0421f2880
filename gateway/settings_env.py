"""The environment's part of the settings: GATEWAY_DATABASE__URL is `[database] url`. Pure.

pydantic-settings reads such names too, but passes over those that it does not know, forgets which variable a wrong
value came from, and shows the value; a table of names is shorter than closing these gaps.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_origin

from gateway.settings_where import At, names, nearest, repeated, section_of

PREFIX = "GATEWAY_"
FILE = "GATEWAY_SETTINGS"
BETWEEN = "__"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the environment sets: the file's tables with it in their place, and which variable set what."""

    tables: dict[str, Any]
    variables: Mapping[At, str]
    problems: tuple[str, ...]


def overridden(tables: Mapping[str, Any], environment: Mapping[str, str]) -> Overrides:
    """Tables as of settings.toml with the environment's values laid over them."""
    known = _known()
    over: dict[str, Any] = dict(tables)
    variables: dict[At, str] = {}
    problems: list[str] = []
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable == FILE:
            continue
        at = known.get(variable)
        if at is None:
            problems.append(f"{variable}: {_no_such(variable, known)}")
            continue
        variables[at] = variable
        _lay(over, at, _value(at, environment[variable]))
    return Overrides(over, MappingProxyType(variables), tuple(problems))


def _known() -> dict[str, At]:
    """Every variable: GATEWAY_SECTION__KEY, and GATEWAY_AREA for a whole list of tables as JSON."""
    known: dict[str, At] = {}
    for section in names(()):
        if repeated(section):
            known[PREFIX + section.upper()] = (section,)
            continue
        for key in names((section,)):
            known[f"{PREFIX}{section}{BETWEEN}{key}".upper()] = (section, key)
    return known


def _no_such(variable: str, known: Mapping[str, At]) -> str:
    near = nearest(variable, [*known, FILE])
    return "there is no such setting" + (f"; did you mean {near}?" if near else f"; {PREFIX}… is kept for the settings")


def _value(at: At, text: str) -> Any:
    """Lists are JSON, or words between commas; all else is taken as it stands."""
    section = section_of(str(at[0]))
    a_list = len(at) == 1 or (section is not None and get_origin(section.model_fields[str(at[1])].annotation) is list)
    if not a_list:
        return text
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text  # Not a list, which the table will say.
    if len(at) == 1:
        return text
    return [word.strip() for word in text.split(",") if word.strip()]


def _lay(tables: dict[str, Any], at: At, value: Any) -> None:
    section = str(at[0])
    if len(at) == 1:
        tables[section] = value
    else:
        inside = tables.get(section, {})
        # A section that is no table stays as it is: the table says so.
        tables[section] = {**inside, str(at[1]): value} if isinstance(inside, dict) else inside
