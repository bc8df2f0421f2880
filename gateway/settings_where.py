"""Where a setting was written, and how a problem with it is told: file, line, key, what is wrong. Pure."""

import difflib
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, get_args, get_origin

from gateway.settings import Section, Settings

At = tuple[str | int, ...]  # ("smtp", "listen"), or ("area", 0, "addresses", 2).
ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\*]+@[^\s@<>\"(),:;\[\]\\*]+")
"""A mail address as a setting names it: bare, and no pattern of several."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the setting at a place; never holds a value that may be secret."""

    at: At
    says: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The text that settings were read from (empty: embedded defaults), and which variable set which place."""

    name: str
    text: str = field(default="", repr=False)
    variables: Mapping[At, str] = field(default_factory=dict)

    def tell_all(self, problems: Iterable[Problem]) -> tuple[str, ...]:
        """A line for each problem, in the order of the file."""
        placed = [(self._line(problem.at) or sys.maxsize, self.tell(problem)) for problem in problems]
        return tuple(told for _, told in sorted(placed, key=lambda pair: pair[0]))

    def tell(self, problem: Problem) -> str:
        """`settings.toml:14: [smtp] lisen: there is no such setting; did you mean listen?`"""
        if variable := self._variable(problem.at):
            at, name = variable
            return ", ".join([name, *map(_step, problem.at[len(at) :])]) + f": {problem.says}"
        line = self._line(problem.at)
        where = f"{self.name}:{line}" if line else self.name
        return f"{where}: {_key(problem.at)}: {problem.says}"

    def _line(self, at: At) -> int | None:
        return None if self._variable(at) else line_of(self.text, at)

    def _variable(self, at: At) -> tuple[At, str] | None:
        """The place around this one that the environment set, and by which variable."""
        return next(((at[:end], self.variables[at[:end]]) for end in (1, 2) if at[:end] in self.variables), None)


def no_such(at: At) -> str:
    """What to say of a place that the table does not have, with the nearest right name."""
    *inside, name = (str(step) for step in at if not isinstance(step, int))
    known = names(tuple(inside))
    near = nearest(name, known)
    if near is None:
        elsewhere = [section for section in names(()) if name in names((section,))]
        near = f"[{elsewhere[0]}] {name}" if len(elsewhere) == 1 else None
    return "there is no such setting" + (f"; did you mean {near}?" if near else f"; there are {', '.join(known)}")


def none_called(table: str, name: str, known: Sequence[str]) -> str:
    """What to say of a name that no [[table]] has, with the nearest right one."""
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(known) or 'none'}"
    return f'there is no [[{table}]] "{name}"; {hint}'


def nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def names(inside: tuple[str, ...]) -> tuple[str, ...]:
    """The sections of the table, or the keys of one of them; nothing inside what is no section."""
    if not inside:
        return tuple(Settings.model_fields)
    section = section_of(inside[0]) if len(inside) == 1 else None
    # An alias is a name that Python keeps for itself, such as import.
    return tuple(field.alias or name for name, field in section.model_fields.items()) if section else ()


def section_of(name: str) -> type[Section] | None:
    """The section, or what a list of sections such as [[area]] has in it."""
    found = Settings.model_fields.get(name)
    if found is None:
        return None
    annotation = get_args(found.annotation)[0] if repeated(name) else found.annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def repeated(name: str) -> bool:
    """Whether the section is a list of tables: [[area]]."""
    found = Settings.model_fields.get(name)
    return found is not None and get_origin(found.annotation) is list


def line_of(text: str, at: At) -> int | None:
    """The line, from 1, on which the statement begins that first makes this place, or the nearest place around it."""
    found, depth = None, 0
    for begins, parsed in _statements(text):
        while depth < len(at) and _has(parsed, at[: depth + 1]):
            depth, found = depth + 1, begins
        if depth == len(at):
            break
    return found


@lru_cache(maxsize=1)
def _statements(text: str) -> tuple[tuple[int, Mapping[str, Any]], ...]:
    """Where each statement begins, and what the text up to its end says.

    tomllib keeps no positions, so ever longer beginnings of the text are parsed: a statement ends where one parses, and
    begins after the one before. Quadratic in the lines of a short file, and done when there is a mistake to tell.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found, begins = [], 1
    for number in range(1, len(lines) + 1):
        with suppress(tomllib.TOMLDecodeError):
            found.append((begins, tomllib.loads("\n".join(lines[:number]))))
            begins = number + 1
    return tuple(found)


def _has(parsed: Any, at: At) -> bool:
    for step in at:
        in_table = isinstance(parsed, dict) and step in parsed
        in_list = isinstance(parsed, list) and isinstance(step, int) and step < len(parsed)
        if not in_table and not in_list:
            return False
        parsed = parsed[step]
    return True


def _key(at: At) -> str:
    """`[smtp] listen`, `[[area]] 2, addresses`, or a bare name that is no section."""
    section, *rest = map(_step, at)
    if section not in Settings.model_fields:
        return ", ".join([section, *rest])
    heading = f"[[{section}]]" if repeated(section) else f"[{section}]"
    return f"{heading} {', '.join(rest)}".rstrip()


def _step(step: str | int) -> str:
    return f"number {step + 1}" if isinstance(step, int) else step
