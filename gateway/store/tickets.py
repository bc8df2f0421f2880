"""Tickets with their tags, links, and events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection

from gateway.desk.ticket import Nature, Origin, Ticket
from gateway.errors import NotFound
from gateway.store.statement import Statement
from gateway.store.tables import event, known_message_id, message, person, ticket, ticket_link, ticket_tag, timer
from gateway.store.upsert import insert, insert_for

_STORED = tuple(field.name for field in fields(Ticket) if field.name not in ("id", "tags"))
_COLUMNS = (ticket.c.id, *(ticket.c[name] for name in _STORED))


@dataclass(frozen=True, slots=True)
class KeptTicket:
    """A ticket with what the store knows beside the desk's value of it."""

    ticket: Ticket
    requester_address: str
    storm: bool
    muted_until: datetime | None


class ChangedMeanwhile(Exception):  # noqa: N818  (read by people as what happened)
    """Somebody else wrote the ticket since it was read."""


_INSERT = Statement(ticket.insert().returning(ticket.c.id))


def create(connection: Connection, new: Ticket, *, state_kind: str, requester_address: str, storm: bool = False) -> int:
    """Write a new ticket; its number. The id of the value that is passed in is not looked at."""
    row = {name: getattr(new, name) for name in _STORED} | {"fields": dict(new.fields)}
    row |= {"state_kind": state_kind, "requester_address": requester_address, "storm": storm}
    number: int = _INSERT.scalar(connection, row)
    _write_tags(connection, number, new.tags)
    return number


_ONE = select(*_COLUMNS, ticket.c.requester_address, ticket.c.storm, ticket.c.muted_until).where(
    ticket.c.id == bindparam("wanted")
)
_LOCKED = _ONE.with_for_update()
_TAGS = select(ticket_tag.c.tag).where(ticket_tag.c.ticket_id == bindparam("wanted")).order_by(ticket_tag.c.tag)


def find(connection: Connection, number: int, *, lock: bool = False) -> KeptTicket | None:
    """A ticket by its number; locked until the end of the transaction when it is going to be written."""
    row = connection.execute(_LOCKED if lock else _ONE, {"wanted": number}).mappings().first()
    if row is None:
        return None
    values = {name: row[name] for name in _STORED}
    values["origin"] = Origin(values["origin"])
    values["nature"] = Nature(values["nature"]) if values["nature"] else None
    values["fields"] = values["fields"] or {}
    tags = tuple(connection.execute(_TAGS, {"wanted": number}).scalars())
    return KeptTicket(
        ticket=Ticket(id=number, tags=tags, **values),
        requester_address=row["requester_address"],
        storm=row["storm"],
        muted_until=row["muted_until"],
    )


def get(connection: Connection, number: int, *, lock: bool = False) -> KeptTicket:
    kept = find(connection, number, lock=lock)
    if kept is None:
        raise NotFound(f"there is no ticket {number}; `gateway tickets` lists them")
    return kept


def save(connection: Connection, before: Ticket, after: Ticket, *, state_kind: str) -> None:
    """Write what changed and raise the version; raises ChangedMeanwhile when `before` is no longer what is stored."""
    changed: dict[str, Any] = {
        name: getattr(after, name)
        for name in _STORED
        if name != "version" and getattr(after, name) != getattr(before, name)
    }
    if before.state != after.state:
        changed["state_kind"] = state_kind
    mine = ticket.update().where(ticket.c.id == before.id, ticket.c.version == before.version)
    if connection.execute(mine.values(**changed, version=before.version + 1)).rowcount != 1:
        raise ChangedMeanwhile(before.id)
    if before.tags != after.tags:
        connection.execute(ticket_tag.delete().where(ticket_tag.c.ticket_id == before.id))
        _write_tags(connection, before.id, after.tags)


def made_by(connection: Connection, number: int, person_id: int) -> None:
    """Who of the desk made the ticket for its requester."""
    connection.execute(ticket.update().where(ticket.c.id == number).values(created_by=person_id))


def mute(connection: Connection, number: int, *, until: datetime) -> None:
    connection.execute(ticket.update().where(ticket.c.id == number).values(muted_until=until))


def readdress(connection: Connection, number: int, requester_address: str) -> None:
    """Where the requester's letters about this ticket go from now on."""
    mine = ticket.update().where(ticket.c.id == number)
    connection.execute(mine.values(requester_address=requester_address))


def forget_message_id(connection: Connection, number: int, value: str) -> None:
    """A Message-ID that turned out to belong to another ticket."""
    known = known_message_id.delete().where(known_message_id.c.ticket_id == number, known_message_id.c.value == value)
    connection.execute(known)


def _write_tags(connection: Connection, number: int, tags: Iterable[str]) -> None:
    rows = [{"ticket_id": number, "tag": tag[:100]} for tag in tags]
    if rows:
        connection.execute(ticket_tag.insert(), rows)


def link(connection: Connection, number: int, other: int, *, kind: str, now: datetime) -> None:
    row = {"ticket_id": number, "other_id": other, "kind": kind, "created_at": now}
    connection.execute(insert(connection, ticket_link).on_conflict_do_nothing(), row)


def linked(connection: Connection, number: int, *, kind: str) -> int | None:
    """The newest ticket that `number` points to by a link of this kind."""
    query = (
        select(ticket_link.c.other_id)
        .where(ticket_link.c.ticket_id == number, ticket_link.c.kind == kind)
        .order_by(ticket_link.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def newest_linked_to(connection: Connection, number: int, *, kind: str) -> int | None:
    """The newest ticket that points to `number` by a link of this kind."""
    query = select(func.max(ticket_link.c.ticket_id)).where(
        ticket_link.c.other_id == number, ticket_link.c.kind == kind
    )
    return connection.execute(query).scalar()


def waiting_for_release(connection: Connection, release: str) -> list[int]:
    """Open tickets that wait for this release, oldest first."""
    query = (
        select(ticket.c.id)
        .where(ticket.c.closed_at.is_(None), ticket.c.fields["release"].as_string() == release)
        .order_by(ticket.c.id)
    )
    return list(connection.execute(query).scalars())


def with_open_timers(connection: Connection, *, after: int, until: datetime, most: int) -> list[int]:
    """Tickets that have something due until then, by their numbers."""
    query = (
        select(timer.c.ticket_id)
        .where(timer.c.fired_at.is_(None), timer.c.due_at <= until, timer.c.ticket_id > after)
        .distinct()
        .order_by(timer.c.ticket_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def open_of(connection: Connection, person_id: int) -> list[int]:
    """The tickets of a requester that are not closed, oldest first."""
    query = select(ticket.c.id).where(ticket.c.requester_id == person_id, ticket.c.closed_at.is_(None))
    return list(connection.execute(query.order_by(ticket.c.id)).scalars())


def storm_of(connection: Connection, requester_address: str, *, since: datetime) -> int | None:
    """The ticket that keeps the mails of an address which sent too many."""
    query = (
        select(ticket.c.id)
        .where(
            ticket.c.requester_address == requester_address,
            ticket.c.storm.is_(True),
            ticket.c.created_at >= since,
            ticket.c.closed_at.is_(None),
        )
        .order_by(ticket.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


_KNOWN = (
    select(known_message_id.c.value, known_message_id.c.ticket_id, ticket.c.area)
    .join(ticket, ticket.c.id == known_message_id.c.ticket_id)
    .where(known_message_id.c.value.in_(bindparam("ids", expanding=True)))
)


def by_message_ids(connection: Connection, ids: Sequence[str], *, area: str) -> int | None:
    """The ticket of the first of these Message-IDs that is known; one in this area before others."""
    if not ids:
        return None
    found: dict[str, dict[str, int]] = {}
    for value, number, where in connection.execute(_KNOWN, {"ids": list(ids)}):
        areas = found.setdefault(value, {})
        areas[where] = max(number, areas.get(where, 0))
    for value in ids:
        if value in found:
            return found[value].get(area) or max(found[value].values())
    return None


_KNOW = Statement(lambda dialect: insert_for(dialect, known_message_id).on_conflict_do_nothing())


def know_message_ids(
    connection: Connection,
    number: int,
    values: Iterable[str],
    *,
    message_id: int | None = None,
    outbox_id: int | None = None,
) -> None:
    """Remember Message-IDs as belonging to a ticket."""
    rows = [
        {"ticket_id": number, "value": value, "message_id": message_id, "outbox_id": outbox_id}
        for value in dict.fromkeys(values)
        # An index takes no more than 2,704 octets, and RFC 5322 no line over 998.
        if value and len(value.encode()) <= 1000
    ]
    _KNOW.run_all(connection, rows)


_NEWEST_IDS = (
    select(known_message_id.c.value)
    .join(message, message.c.id == known_message_id.c.message_id)
    .where(known_message_id.c.ticket_id == bindparam("wanted"), message.c.kind == "mail", message.c.public)
    .order_by(known_message_id.c.id.desc())
    .limit(bindparam("most"))
)


def newest_message_ids(connection: Connection, number: int, *, most: int) -> list[str]:
    """Message-IDs of the customer's side of a ticket, oldest first, for the References of its next letter."""
    return list(reversed(list(connection.execute(_NEWEST_IDS, {"wanted": number, "most": most}).scalars())))


def newest_events(connection: Connection, number: int, *, most: int) -> list[tuple[datetime, str, str, dict[str, Any]]]:
    """When, who, what, and what is known of it: the newest of a ticket, oldest first.

    Without that a mail had commands: what they did is told by itself.
    """
    query = (
        select(event.c.at, person.c.name, event.c.actor_kind, event.c.action, event.c.data)
        .outerjoin(person, person.c.id == event.c.actor_id)
        .where(event.c.ticket_id == number, event.c.action != "commands")
        .order_by(event.c.id.desc())
        .limit(most)
    )
    rows = list(connection.execute(query))
    return [(at, name or kind, action, data or {}) for at, name, kind, action, data in rows[::-1]]


_EVENT = Statement(event.insert().inline())


def write_event(
    connection: Connection,
    *,
    action: str,
    actor_kind: str,
    cause: str,
    now: datetime,
    ticket_id: int | None = None,
    person_id: int | None = None,
    actor_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    row = {
        "ticket_id": ticket_id,
        "person_id": person_id,
        "actor_id": actor_id,
        "actor_kind": actor_kind,
        "action": action,
        "data": dict(data or {}),
        "cause": cause,
        "at": now,
    }
    _EVENT.run(connection, row)
