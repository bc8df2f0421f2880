"""What part of the tickets a person of the desk looks at: to attend, quiet, overdue, mine, created."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.states import StateKind
from gateway.desk.ticket import ACCOUNT_REQUEST, HELD, Field
from gateway.store.tables import message, person, ticket, ticket_tag

QUIET = timedelta(hours=4)
AT_WORK = (StateKind.NEW.value, StateKind.OPEN.value)
Condition = sa.ColumnElement[bool]


class View(StrEnum):
    """ATTEND: nobody has it. QUIET: in work, its requester has heard nothing for long. CREATED: by me, closed too."""

    ATTEND = "attend"
    QUIET = "quiet"
    OVERDUE = "overdue"
    MINE = "mine"
    CREATED = "created"


OF_SOMEBODY = frozenset({View.MINE, View.CREATED})
"""These need somebody whose they are."""

# Read through ix_ticket_owner_id_state_kind, ix_ticket_open (of what is not closed), ix_ticket_requester_id,
# and ix_ticket_created_by.
_OPEN = ticket.c.closed_at.is_(None)
_AT_WORK = ticket.c.state_kind.in_(AT_WORK)
_ASIDE = sa.exists().where(ticket_tag.c.ticket_id == ticket.c.id, ticket_tag.c.tag.in_((HELD, ACCOUNT_REQUEST)))
_MISSED = sa.func.coalesce(ticket.c.fields[Field.OVERDUE.value].as_string(), "")
_GROUP = sa.func.coalesce(ticket.c.fields[Field.GROUP.value].as_string(), "")
HEARD_AT = sa.func.coalesce(ticket.c.last_agent_return_at, ticket.c.created_at)


def condition(view: View, *, person_id: int | None, now: datetime) -> Condition:
    match view:
        case View.ATTEND:
            return sa.and_(ticket.c.owner_id.is_(None), _AT_WORK, ~_ASIDE)
        case View.QUIET:
            return sa.and_(_OPEN, _AT_WORK, now - QUIET >= HEARD_AT, ~_ASIDE)
        case View.OVERDUE:
            return sa.and_(_OPEN, sa.or_(_MISSED != "", ticket.c.due_at <= now))
        case View.MINE:
            return sa.and_(_OPEN, ticket.c.owner_id == person_id)
        case View.CREATED:
            return sa.or_(ticket.c.requester_id == person_id, ticket.c.created_by == person_id)


def tagged(tag: str) -> Condition:
    return ticket.c.id.in_(select(ticket_tag.c.ticket_id).where(ticket_tag.c.tag == tag))


def in_states(states: Mapping[str, Sequence[str]]) -> Condition:
    """In one of these states of their areas."""
    each = (sa.and_(ticket.c.area == area, ticket.c.state.in_(names)) for area, names in states.items() if names)
    return sa.or_(sa.false(), *each)


def all_of(*conditions: Condition) -> Condition:
    return sa.and_(*conditions)


def of_owner(person_id: int) -> Condition:
    return ticket.c.owner_id == person_id


def in_areas(areas: Sequence[str]) -> Condition:
    return ticket.c.area.in_(areas)


def of_groups(names: Collection[str]) -> Condition:
    """Given to one of these groups; '' stands for none."""
    return _GROUP.in_(names)


Brief = tuple[int, str, datetime]


def brief(
    connection: Connection,
    where: Condition,
    *,
    since: sa.ColumnElement[Any],
    most: int,
    first: Condition | None = None,
) -> list[Brief]:
    """Number, subject and `since` of these tickets, the oldest first; before the others those of `first`."""
    query = select(ticket.c.id, ticket.c.subject, since).where(where)
    query = query.order_by(_before(first), since, ticket.c.id).limit(most)
    return [(number, subject, at) for number, subject, at in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A ticket in a list that somebody reads; `owner` is a name, `at` when it was received."""

    number: int
    subject: str
    area: str
    state: str
    owner: str
    at: datetime


def _before(first: Condition | None) -> sa.ColumnElement[int]:
    return sa.case((sa.false() if first is None else first, 0), else_=1)


def lines(connection: Connection, where: Condition, *, most: int, first: Condition | None = None) -> list[Listed]:
    """The tickets of a view, the most urgent and then the oldest first; before the others those of `first`."""
    columns = (ticket.c.id, ticket.c.subject, ticket.c.area, ticket.c.state, person.c.name, ticket.c.created_at)
    query = select(*columns).outerjoin(person, person.c.id == ticket.c.owner_id).where(where)
    rows = connection.execute(query.order_by(_before(first), ticket.c.priority, ticket.c.id).limit(most))
    return [Listed(number, subject, area, state, owner or "", at) for number, subject, area, state, owner, at in rows]


def without_time(
    connection: Connection, person_id: int, *, areas: Sequence[str], since: datetime, most: int
) -> list[Brief]:
    """The messages of somebody since then that say nothing of the time they took, by their tickets."""
    if not areas:
        return []
    query = (
        select(ticket.c.id, ticket.c.subject, sa.func.min(message.c.at))
        .join(message, message.c.ticket_id == ticket.c.id)
        .where(
            ticket.c.area.in_(areas),
            ticket.c.updated_at > since,
            message.c.author_id == person_id,
            message.c.kind.in_(("reply", "note", "record")),
            message.c.time_spent == 0,
            message.c.at > since,
        )
        .group_by(ticket.c.id, ticket.c.subject)
        .order_by(ticket.c.id)
        .limit(most)
    )
    return [(number, subject, at) for number, subject, at in connection.execute(query)]
