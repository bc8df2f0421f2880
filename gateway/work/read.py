"""What people look at: listings and one ticket, each read in one snapshot."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from gateway.errors import NotFound
from gateway.store import listings
from gateway.store import mails as stored
from gateway.store.views import Condition
from gateway.work.office import Office

Row = dict[str, Any]


def mails(
    office: Office,
    *,
    status: str = "",
    verdict: str = "",
    sender: str = "",
    ticket: int | None = None,
    newest: int = 0,
) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.mails(
            connection, status=status, verdict=verdict, sender=sender, ticket_id=ticket, newest=newest
        )


def original(office: Office, mail_id: int) -> bytes:
    """A mail as it came; NotFound when there is no such mail, or its bytes were dropped after their time."""
    with office.database.read() as connection:
        kept = stored.original(connection, mail_id)
    if kept is None:
        raise NotFound(f"there is no mail m-{mail_id}; `gateway mails` lists them")
    if kept.raw is not None:
        return kept.raw
    if kept.blob is None:
        when = f"{kept.purged_at:%Y-%m-%d}" if kept.purged_at else "some time ago"
        raise NotFound(
            f"the bytes of m-{mail_id} were dropped on {when}: [retention] raw_days is "
            f"{office.settings.retention.raw_days}"
        )
    return office.blobs.get(kept.blob)


def tickets(office: Office, *, newest: int = 0, where: Sequence[Condition] = ()) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.tickets(connection, newest=newest, where=where)


def letters(office: Office, *, status: str = "", newest: int = 0) -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.letters(connection, status=status, newest=newest)


def people(office: Office, *, wanted: str = "") -> Iterator[Row]:
    with office.database.read() as connection:
        yield from listings.people(connection, wanted=wanted)


def ticket(office: Office, number: int) -> Row:
    """A ticket with its conversation, links, events, timers, and participants; NotFound when there is none."""
    with office.database.read() as connection:
        for row in listings.tickets(connection, number=number):
            return row | {
                "messages": _conversation(connection, number),
                "events": listings.events(connection, number),
                "timers": listings.timers(connection, number),
                "participants": listings.participants(connection, number),
                "links": listings.links(connection, number),
            }
    raise NotFound(f"there is no ticket {number}; `gateway tickets` lists them")


def _conversation(connection: Connection, number: int) -> list[Row]:
    """The ticket's messages and those of the tickets that were merged into it, each marked with where it comes from."""
    messages = listings.conversation(connection, number)
    for other in listings.merged_into(connection, number):
        messages += [
            row | {"flags": [*row["flags"], f"from #{other}"]} for row in listings.conversation(connection, other)
        ]
    return sorted(messages, key=lambda row: (row["at"], row["id"]))
