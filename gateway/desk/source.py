"""A TOML file read key by key: each mistake is told with its file, line, key, and nearest right word. Pure."""

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from gateway.desk.duration import Duration, parse
from gateway.desk.words import LANGUAGES, Labels, nearest
from gateway.errors import SettingsError

Word = TypeVar("Word", bound=StrEnum)


@dataclass(slots=True)
class Table:
    """One table of a file. What is asked for is known; `finish` refuses whatever else stands in it."""

    data: dict[str, Any]
    name: str
    source: "Source"
    index: int = 0
    asked: set[str] = field(default_factory=set)

    def wrong(self, key: str, what: str) -> NoReturn:
        """Raise SettingsError for `key`, or for the table itself when `key` is empty."""
        self.source.wrong(".".join(filter(None, (self.name, key))), what, line=self.source.line(self, key))

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.data

    def string(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "has to be text that is not empty")
        return value.strip()

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of text, or one text for a list of one."""
        value = self._value(key)
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(isinstance(one, str) and one for one in values):
            self.wrong(key, "has to be a list of text that is not empty")
        twice = next((one for one in values if values.count(one) > 1), None)
        if twice is not None:
            self.wrong(key, f"'{twice}' stands in it twice")
        return tuple(values)

    def word(self, key: str, kinds: type[Word] | Sequence[Word], *, what: str) -> Word:
        return self.one_of(key, self.string(key), list(kinds), what=what)

    def one_of(self, key: str, value: str, known: Collection[Word], *, what: str) -> Word:
        """The member of `known` that `value` names; `what` says what it would be: 'state', 'letter'."""
        self.must_know(key, value, known, what=what)
        return next(word for word in known if word == value)

    def must_know(self, key: str, value: str, known: Collection[str], *, what: str) -> None:
        if value not in known:
            self.wrong(key, f"unknown {what} '{value}'{_hint(value, known)}")

    def labels(self, key: str) -> Labels:
        """A table with text in each language that ships."""
        table = self.table(key)
        labels = {language: table.string(language) for language in LANGUAGES}
        table.finish()
        return labels

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table from text to one text or a list of them, as pairs; empty when there is none."""
        if not self.has(key):
            return ()
        table = self.table(key)
        return tuple((name, value) for name in table.data for value in table.strings(name))

    def table(self, key: str) -> "Table":
        value = self._value(key)
        if not isinstance(value, dict):
            self.wrong(key, "has to be a table")
        return Table(value, ".".join(filter(None, (self.name, key))), self.source, self.index)

    def tables(self, key: str) -> list["Table"]:
        if not self.has(key):
            return []
        value = self.data[key]
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, f"has to be written as [[{key}]], once for each")
        return [Table(one, key, self.source, index) for index, one in enumerate(value)]

    def duration(self, key: str) -> timedelta:
        """Plain time such as '14 days', '36 hours', '10 minutes'."""
        match = re.fullmatch(r"(\d{1,5}) (day|hour|minute)s?", self.string(key), re.ASCII)
        if match is None:
            self.wrong(key, "has to be a time such as '14 days', '36 hours' or '10 minutes'")
        return timedelta(**{f"{match[2]}s": int(match[1])})

    def wait(self, key: str) -> Duration:
        """Plain or business time such as '4 hours', '10 business minutes', '6 business days'."""
        try:
            return parse(self.string(key))
        except ValueError as error:
            self.wrong(key, str(error))

    def flag(self, key: str) -> bool:
        """True or false; false when it is not there."""
        value = self.data.get(key, False) if self.has(key) else False
        if not isinstance(value, bool):
            self.wrong(key, "has to be true or false")
        return value

    def number(self, key: str) -> int:
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, "has to be a whole number")
        return value

    def finish(self) -> None:
        for key in self.data:
            if key not in self.asked:
                self.wrong(key, f"unknown key{_hint(key, self.asked)}")

    def _value(self, key: str) -> Any:
        if not self.has(key):
            near = nearest(key, [other for other in self.data if other not in self.asked])
            self.wrong(key, "is missing" + (f"; is '{near}' meant to be it?" if near else ""))
        return self.data[key]


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML file: its name for people, and its text."""

    name: str
    text: str

    def root(self) -> Table:
        try:
            return Table(tomllib.loads(self.text), "", self)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+)", str(error))
            self.wrong("", f"is not TOML: {error}", line=int(at[1]) if at else None)

    def wrong(self, key: str, what: str, *, line: int | None = None) -> NoReturn:
        place = self.name if line is None else f"{self.name}:{line}"
        raise SettingsError(": ".join(filter(None, (place, key, what))))

    def line(self, table: Table, key: str) -> int | None:
        """Where `key` stands, else where its table begins, else None. Tables written in one line are found by it."""
        places = _places(self.text.splitlines())
        parent, _, inner = table.name.partition(".")
        wanted = [
            (parent, table.index, f"{inner}.{key}" if inner else key),
            (parent, table.index, inner),
            (parent, table.index, ""),
        ]
        if not table.name:
            wanted.append((key, 0, ""))
        return next((places[place] for place in wanted if place in places), None)


def _hint(word: str, known: Collection[str]) -> str:
    near = nearest(word, known)
    if near is not None:
        return f"; did you mean '{near}'?"
    return f"; known are {', '.join(sorted(known))}" if known else ""


def _places(lines: Iterable[str]) -> dict[tuple[str, int, str], int]:
    """(table, which of its name, key) → number of its line, from 1. Needs TOML that has been read without error."""
    places: dict[tuple[str, int, str], int] = {}
    seen: dict[str, int] = {}
    table, index, inside_text = "", 0, False
    for number, line in enumerate(lines, start=1):
        if not inside_text and (header := _HEADER.match(line)):
            table = header["name"]
            index = seen.get(table, -1) + 1
            seen[table] = index
            places[table, index, ""] = number
        elif not inside_text and (assigned := _KEY.match(line)):
            key = assigned["key"].replace('"', "").replace(" ", "")
            places.setdefault((table, index, key), number)
            places.setdefault((table, index, key.partition(".")[0]), number)
        inside_text ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return places


_HEADER = re.compile(r"\s*\[\[?\s*(?P<name>[\w.-]+)\s*\]\]?\s*(?:#|$)")
_KEY = re.compile(r'\s*(?P<key>[\w."-]+(?:\s*\.\s*[\w"-]+)*)\s*=')
