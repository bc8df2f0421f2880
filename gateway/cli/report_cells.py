"""A report's cells: as people read them in their language, and as programs do."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gateway.desk.duration import parse
from gateway.desk.event_words import how_long
from gateway.desk.reporting import Report
from gateway.desk.reporting_table import Cell, Column, Kind, Label, Table
from gateway.desk.words import in_language
from gateway.files import shipped
from gateway.store.listings import instant

Words = Mapping[str, Any]
NONE = "—"
# Programs get all of them.
MOST_TICKETS = 10


def words_of(language: str) -> Words:
    """The words of a report in one of the languages that ship."""
    return tomllib.loads((shipped("templates") / "report" / f"{language}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads a report: their language, and how days, times and numbers are written for them."""

    report: Report
    language: str
    words: Words
    day: Callable[[date], str]
    moment: Callable[[datetime], str]
    number: Callable[[int | float], str]

    def title(self, table: Table) -> str:
        return str(self.words["tables"][table.name])

    def heading(self, column: Column) -> str:
        return str(self.words["columns"][column.name])

    def cell(self, cell: Cell, column: Column) -> str:
        if cell is None:
            return self._nobody(column)
        match column.kind, cell:
            case ((Kind.PERSON | Kind.ACTOR), int()):
                found = self.report.names.get(cell)
                return (found.name or found.address) if found else str(cell)
            case Kind.ORGANISATION, int():
                return self.report.organisations.get(cell, str(cell))
            case Kind.SECONDS, int():
                return how_long(cell)
            case Kind.TICKET, int():
                return f"#{cell}"
            case Kind.TICKETS, tuple():
                named = ", ".join(f"#{number}" for number in cell[:MOST_TICKETS])
                return named if len(cell) <= MOST_TICKETS else f"{named}, …"
            case _, int() | float():
                return self.number(cell)
            case _, datetime():
                return self.moment(cell)
            case _, date():
                return self.day(cell)
            case _, Label():
                return in_language(cell.labels, self.language)
            case Kind.DURATION, str():
                return self.duration(cell)
            case Kind.WORD, str():
                return str(self.words["values"].get(cell, cell)) or str(self.words["without"])
        return str(cell) or str(self.words["without"])

    def duration(self, written: str) -> str:
        """`10 business minutes` in the reader's language."""
        found = parse(written)
        one, many = self.words["units"][found.unit.value]
        return f"{self.number(found.count)} {one if found.count == 1 else many}"

    def _nobody(self, column: Column) -> str:
        if column.kind is Kind.ACTOR:
            return str(self.words["values"]["clock"])
        if column.name in ("owner", "within"):
            return str(self.words["nobody" if column.name == "owner" else "longer"])
        return str(self.words["without"]) if column.kind is Kind.ORGANISATION else NONE


def plain_row(row: tuple[Cell, ...], table: Table, report: Report) -> dict[str, Any]:
    """A row for programs: names of ours, times in ISO 8601, seconds; a person by address, with `…_name` beside it."""
    return dict(pair for cell, column in zip(row, table.columns, strict=True) for pair in _pairs(cell, column, report))


def plain_columns(table: Table) -> list[str]:
    """The names of what `plain_row` gives."""
    names = []
    for column in table.columns:
        names += [column.name, f"{column.name}_name"] if column.kind in _PEOPLE else [column.name]
    return names


def _pairs(cell: Cell, column: Column, report: Report) -> Iterator[tuple[str, Any]]:
    if column.kind in _PEOPLE:
        found = report.names.get(cell) if isinstance(cell, int) else None
        yield column.name, found.address if found else None
        yield f"{column.name}_name", found.name if found else "clock" if column.kind is Kind.ACTOR else None
        return
    if isinstance(cell, datetime):
        yield column.name, instant(cell)
    elif isinstance(cell, date):
        yield column.name, cell.isoformat()
    elif isinstance(cell, Label):
        yield column.name, cell.name
    elif isinstance(cell, tuple):
        yield column.name, list(cell)
    elif column.kind is Kind.ORGANISATION and isinstance(cell, int):
        yield column.name, report.organisations.get(cell)
    else:
        yield column.name, cell


_PEOPLE = (Kind.PERSON, Kind.ACTOR)
