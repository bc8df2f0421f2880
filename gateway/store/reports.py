"""What a report reads: the tickets that matter for some days, each with all of its events, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.desk.reporting_life import Happened
from gateway.desk.reporting_people import Away
from gateway.desk.reporting_table import Named, Names
from gateway.desk.ticket import Nature, Ticket
from gateway.store.listings import batched
from gateway.store.tables import address, event, membership, organisation, person, ticket, ticket_tag

PAGE = 2_000
Told = tuple[Ticket, list[Happened]]

_TICKETS = (
    select(
        ticket.c.id,
        ticket.c.subject,
        ticket.c.state,
        ticket.c.area,
        ticket.c.category,
        ticket.c.nature,
        ticket.c.requester_id,
        ticket.c.organisation_id,
        ticket.c.owner_id,
        ticket.c.created_at,
        ticket.c.updated_at,
        ticket.c.state_since,
        ticket.c.closed_at,
    )
    .where(ticket.c.id.in_(bindparam("tickets", expanding=True)))
    .order_by(ticket.c.id)
)
_EVENTS = (
    select(
        event.c.ticket_id,
        event.c.at,
        event.c.action,
        event.c.actor_id,
        event.c.actor_kind,
        event.c.data,
    )
    .where(event.c.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(event.c.ticket_id, event.c.id)
)
_TAGS = (
    select(ticket_tag.c.ticket_id, ticket_tag.c.tag)
    .where(ticket_tag.c.ticket_id.in_(bindparam("tickets", expanding=True)))
    .order_by(ticket_tag.c.tag)
)
_AWAY = (
    select(event.c.actor_id, event.c.person_id, event.c.at, event.c.action, event.c.data)
    .where(
        event.c.at < bindparam("end"),
        event.c.action.in_(("absent", "back")),
        sa.func.coalesce(event.c.person_id, event.c.actor_id).in_(select(membership.c.person_id)),
    )
    .order_by(event.c.id)
)


def told(
    connection: Connection, *, begin: datetime, end: datetime, organisation_id: int | None = None, tag: str = ""
) -> Iterator[Told]:
    """Tickets that were open, or to which something happened, within these instants; the oldest first."""
    open_then = select(ticket.c.id).where(
        ticket.c.created_at < end, sa.or_(ticket.c.closed_at.is_(None), ticket.c.closed_at >= begin)
    )
    # Together by a UNION, as an OR would make PostgreSQL look through all the events for each ticket.
    changed = select(event.c.ticket_id).where(event.c.at >= begin, event.c.at < end, event.c.ticket_id.is_not(None))
    wanted = select(ticket.c.id).where(ticket.c.id.in_(sa.union(open_then, changed)), ticket.c.created_at < end)
    if organisation_id is not None:
        wanted = wanted.where(ticket.c.organisation_id == organisation_id)
    if tag:
        wanted = wanted.where(ticket.c.id.in_(select(ticket_tag.c.ticket_id).where(ticket_tag.c.tag == tag)))
    merged = _merged(connection)
    numbers = connection.execute(wanted.order_by(ticket.c.id)).scalars().all()
    for page in batched(numbers, PAGE):
        yield from _page(connection, page, merged)


def away(connection: Connection, *, end: datetime) -> Iterator[Away]:
    """Who of the desk said before `end` that they are away, or back, or of whom somebody said so; the oldest first."""
    merged = _merged(connection)
    for row in connection.execute(_AWAY, {"end": end}).all():
        number = row.person_id or row.actor_id
        number = merged.get(number, number)
        if number is not None:
            until = (row.data or {}).get("until") if row.action == "absent" else None
            yield Away(number, row.at, datetime.fromisoformat(until) if until else None)


def people(connection: Connection, numbers: Sequence[int]) -> Names:
    """Names and addresses; of one who was merged into another, those of the other."""
    remains = person.alias()
    first = (
        select(sa.func.min(address.c.address))
        .where(address.c.person_id == sa.func.coalesce(person.c.merged_into, person.c.id))
        .scalar_subquery()
    )
    query = select(person.c.id, sa.func.coalesce(remains.c.name, person.c.name), first).outerjoin(
        remains, remains.c.id == person.c.merged_into
    )
    found: dict[int, Named] = {}
    for page in batched(numbers, PAGE):
        for number, name, where in connection.execute(query.where(person.c.id.in_(page))):
            found[number] = Named(name, where or "")
    return found


def organisations(connection: Connection) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(select(organisation.c.id, organisation.c.name))}


def _merged(connection: Connection) -> dict[int, int]:
    """Who was merged into another, and into whom. Events keep the numbers that people had then."""
    query = select(person.c.id, person.c.merged_into).where(person.c.merged_into.is_not(None))
    return {row.id: row.merged_into for row in connection.execute(query)}


def _page(connection: Connection, numbers: Sequence[int], merged: Mapping[int, int]) -> Iterator[Told]:
    tags: dict[int, list[str]] = {}
    for number, tag in connection.execute(_TAGS, {"tickets": numbers}):
        tags.setdefault(number, []).append(tag)
    events: dict[int, list[Happened]] = {}
    for number, at, action, actor_id, actor_kind, data in connection.execute(_EVENTS, {"tickets": numbers}):
        happened = Happened(at, action, merged.get(actor_id, actor_id), actor_kind, _told_of(data or {}, merged))
        events.setdefault(number, []).append(happened)
    for row in connection.execute(_TICKETS, {"tickets": numbers}):
        yield _ticket(row, tuple(tags.get(row.id, ()))), events.get(row.id, [])


def _told_of(data: dict[str, Any], merged: Mapping[int, int]) -> dict[str, Any]:
    if not merged or "owner_id" not in data:
        return data
    owners = {
        name: str(merged.get(int(data[name]), data[name])) for name in ("owner_id", "owner_id_before") if data.get(name)
    }
    return {**data, **owners}


def _ticket(row: Any, tags: tuple[str, ...]) -> Ticket:
    return Ticket(
        id=row.id,
        subject=row.subject,
        state=row.state,
        area=row.area,
        category=row.category,
        nature=Nature(row.nature) if row.nature else None,
        requester_id=row.requester_id,
        organisation_id=row.organisation_id,
        owner_id=row.owner_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        state_since=row.state_since,
        closed_at=row.closed_at,
        tags=tags,
    )
