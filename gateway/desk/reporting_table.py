"""A report as tables: named columns of known kinds, whatever they are shown as. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.desk.words import Labels


class Kind(StrEnum):
    """What a column holds.

    WORD is one of ours, which each language has. SECONDS is how long something took, DURATION how long it may take as
    workflow files have it. PERSON and ORGANISATION are numbers of rows; an ACTOR who is none is the clock.
    """

    TEXT = "text"
    WORD = "word"
    DURATION = "duration"
    LABEL = "label"
    NUMBER = "number"
    DECIMAL = "decimal"
    SECONDS = "seconds"
    DAY = "day"
    MOMENT = "moment"
    PERSON = "person"
    ACTOR = "actor"
    ORGANISATION = "organisation"
    TICKET = "ticket"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class Label:
    """A name of the desk's rules, and how people read it."""

    name: str
    labels: Labels


Cell = str | int | float | date | datetime | Label | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many in each as there are columns. A person or organisation is a number, None for nobody."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a report names."""

    name: str
    address: str


Names = Mapping[int, Named]


def table(name: str, columns: Mapping[str, Kind], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table(name, tuple(Column(title, kind) for title, kind in columns.items()), tuple(rows))
