"""The event log as people look at it: who did what, when, to what, and because of what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.command_together import FOR_READER
from gateway.desk.reporting_table import Named, Names
from gateway.store import reports
from gateway.store.listings import PAGE, batched
from gateway.store.tables import address, event, organisation, person

# What an event says of people and organisations by their numbers.
_PEOPLE = ("owner_id", "requester_id")
_ORGANISATIONS = ("organisation_id",)
_COMMANDS = event.c.data["commands"].as_string()
# Every way in which a mail can ask for one of them or more, as its event has them.
_TO_READ = [", ".join(some) for count in range(1, len(FOR_READER) + 1) for some in permutations(FOR_READER, count)]


@dataclass(frozen=True, slots=True)
class Logged:
    """An event. `names` are of the numbers in its data: person 7 is 'luis@staff.example'; actor and person likewise."""

    id: int
    at: datetime
    action: str
    actor_kind: str
    actor: str
    actor_name: str
    ticket: int | None
    person: str
    data: dict[str, Any]
    cause: str
    names: dict[str, str]


def same_people(connection: Connection, person_id: int) -> list[int]:
    """The numbers that somebody has in the log: their own, and those of who was merged into them."""
    merged = select(person.c.id).where(person.c.merged_into == person_id).order_by(person.c.id)
    return [person_id, *connection.execute(merged).scalars()]


def logged(
    connection: Connection,
    *,
    ticket: int | None = None,
    people: Sequence[int] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    newest: int = 0,
    reading: bool = True,
) -> Iterator[Logged]:
    """Events, the oldest first, those that all of these fit. `people` are who did them or whom they were done to.

    Without `reading` those are left out by which somebody only asked to read something.
    """
    query = select(event).order_by(event.c.id)
    if not reading:
        query = query.where(sa.not_(sa.and_(event.c.action == "commands", _COMMANDS.in_(_TO_READ))))
    if ticket is not None:
        query = query.where(event.c.ticket_id == ticket)
    if people:
        query = query.where(sa.or_(event.c.actor_id.in_(people), event.c.person_id.in_(people)))
    if since is not None:
        query = query.where(event.c.at >= since)
    if until is not None:
        query = query.where(event.c.at < until)
    if newest:
        last = query.order_by(None).order_by(event.c.id.desc()).limit(newest)
        rows: Iterable[Any] = reversed(connection.execute(last).all())
    else:
        rows = connection.execute(query).yield_per(PAGE)
    for page in batched(rows, PAGE):
        yield from _named(connection, page)


def _named(connection: Connection, page: Sequence[Any]) -> Iterator[Logged]:
    numbers = {row.actor_id for row in page} | {row.person_id for row in page}
    numbers |= {number for row in page for _, number in _numbers(row.data, _PEOPLE)}
    people = _as_they_were(connection, reports.people(connection, sorted(numbers - {None})))
    kept = {number for row in page for _, number in _numbers(row.data, _ORGANISATIONS)}
    query = select(organisation.c.id, organisation.c.name).where(organisation.c.id.in_(kept))
    organisations = {row.id: row.name for row in connection.execute(query)} if kept else {}
    for row in page:
        actor, whom = people.get(row.actor_id), people.get(row.person_id)
        names = {f"{name} {number}": _called(people, number) for name, number in _numbers(row.data, _PEOPLE)}
        for name, number in _numbers(row.data, _ORGANISATIONS):
            names[f"{name} {number}"] = organisations.get(number, str(number))
        yield Logged(
            id=row.id,
            at=row.at,
            action=row.action,
            actor_kind=row.actor_kind,
            actor=actor.address if actor else "",
            actor_name=actor.name if actor else "",
            ticket=row.ticket_id,
            person=(whom.address or whom.name) if whom else "",
            data=row.data or {},
            cause=row.cause,
            names=names,
        )


def _as_they_were(connection: Connection, found: Names) -> Names:
    """Who was merged into another is named as they were then, and the other by an address that was always theirs."""
    remain = select(sa.func.coalesce(person.c.merged_into, person.c.id)).where(person.c.id.in_(found))
    gone = select(person.c.id).where(person.c.merged_into.in_(remain))
    said = select(event.c.person_id, event.c.data).where(event.c.action == "merged into", event.c.person_id.in_(gone))
    were: dict[int, dict[str, str]] = {row.person_id: row.data for row in connection.execute(said)}
    if not were:
        return found
    came: dict[int, set[str]] = {}
    for data in were.values():
        came.setdefault(int(data["person"]), set()).update(data["addresses"].split(", "))
    named, theirs = dict(found), select(address.c.address).order_by(address.c.id)
    for number in found.keys() & (were.keys() | came.keys()):
        if number in were:
            name, addresses = were[number]["name"], were[number]["addresses"].split(", ")
        else:
            name = found[number].name
            addresses = list(connection.execute(theirs.where(address.c.person_id == number)).scalars())
        own = [one for one in addresses if one not in came.get(number, ())]
        named[number] = Named(name, (own or addresses)[0])
    return named


def _numbers(data: Any, fields: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name in fields:
        for key in (name, f"{name}_before"):
            written = str((data or {}).get(key) or "")
            if written.isdecimal():
                yield name, int(written)


def _called(people: Names, number: int) -> str:
    found = people.get(number)
    return (found.address or found.name) if found else str(number)
