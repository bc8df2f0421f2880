"""The event log, read for people: of a ticket, of a person, of some time."""

from collections.abc import Iterator
from datetime import datetime

from gateway.errors import NotFound
from gateway.store import event_log, people, tickets
from gateway.store.event_log import Logged
from gateway.work.office import Office

__all__ = ["Logged", "events"]


def events(
    office: Office,
    *,
    ticket: int | None = None,
    person: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    newest: int = 0,
    reading: bool = True,
) -> Iterator[Logged]:
    """Those that all of these fit, the oldest first; NotFound for a ticket or person that there is not.

    Of a person: what they did, and what was done to them. Without `reading` not that somebody only read something.
    """
    with office.database.read() as connection:
        if ticket is not None:
            tickets.get(connection, ticket)
        numbers: list[int] = []
        if person:
            found = people.by_address(connection, person.casefold())
            if found is None:
                raise NotFound(f"nobody has the address {person}; `gateway people` lists them")
            numbers = event_log.same_people(connection, found.id)
        yield from event_log.logged(
            connection, ticket=ticket, people=numbers, since=since, until=until, newest=newest, reading=reading
        )
