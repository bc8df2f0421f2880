"""The event log as people look at it: who did what, when, to what, and because of what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.reporting_table import Names
from gateway.store import reports
from gateway.store.listings import PAGE, batched
from gateway.store.tables import event, organisation, person

# What an event says of people and organisations by their numbers.
_PEOPLE = ("owner_id", "requester_id")
_ORGANISATIONS = ("organisation_id",)


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
) -> Iterator[Logged]:
    """Events, the oldest first, those that all of these fit. `people` are who did them or whom they were done to."""
    query = select(event).order_by(event.c.id)
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
    people = reports.people(connection, sorted(numbers - {None}))
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


def _numbers(data: Any, fields: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name in fields:
        for key in (name, f"{name}_before"):
            written = str((data or {}).get(key) or "")
            if written.isdecimal():
                yield name, int(written)


def _called(people: Names, number: int) -> str:
    found = people.get(number)
    return (found.address or found.name) if found else str(number)
