"""What people look at: listings and one ticket, each read in one snapshot."""

from collections.abc import Iterator
from typing import Any

from gateway.errors import NotFound
from gateway.store import listings
from gateway.work.office import Office

Row = dict[str, Any]


def mails(office: Office, *, status: str = "", newest: int = 0) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.mails(connection, status=status, newest=newest)


def tickets(office: Office, *, newest: int = 0) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.tickets(connection, newest=newest)


def letters(office: Office, *, status: str = "", newest: int = 0) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.letters(connection, status=status, newest=newest)


def people(office: Office, *, wanted: str = "") -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.people(connection, wanted=wanted)


def ticket(office: Office, number: int) -> Row:
    """A ticket with its conversation, events, timers, and participants; NotFound when there is none."""
    with office.database.read() as connection:
        for row in listings.tickets(connection, number=number):
            return row | {
                "messages": listings.conversation(connection, number),
                "events": listings.events(connection, number),
                "timers": listings.timers(connection, number),
                "participants": listings.participants(connection, number),
            }
    raise NotFound(f"there is no ticket {number}; `gateway tickets` lists them")
