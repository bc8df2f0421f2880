"""Who of the desk is there, what each of them has, and whose turn it was."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store import counts
from gateway.store.people import EVERY_AREA
from gateway.store.statement import Statement
from gateway.store.tables import address, assignment_turn, membership, person, ticket
from gateway.store.upsert import insert

# Two statements: joined, SQLite may go through all people to find the few who have a role.
_ACTIVE = select(person.c.id, person.c.absent_until).where(
    person.c.id.in_(bindparam("ids", expanding=True)), person.c.state == "active"
)
_ROLES = Statement(
    select(membership.c.person_id, membership.c.role)
    .where(sa.or_(membership.c.area == bindparam("area"), membership.c.area == EVERY_AREA))
    .order_by(membership.c.person_id)
)
_LOAD = (
    select(ticket.c.owner_id, sa.func.count())
    .where(
        ticket.c.owner_id.in_(bindparam("ids", expanding=True)),
        ticket.c.area == bindparam("area"),
        ticket.c.closed_at.is_(None),
    )
    .group_by(ticket.c.owner_id)
)


def active(connection: Connection, numbers: Collection[int]) -> dict[int, datetime | None]:
    """Those of these people whose account is active, in this order, with when they are back if they are away."""
    if not numbers:
        return {}
    found = {row.id: row.absent_until for row in connection.execute(_ACTIVE, {"ids": list(numbers)})}
    return {number: found[number] for number in numbers if number in found}


def there(known: dict[int, datetime | None], now: datetime) -> list[int]:
    return [number for number, back in known.items() if back is None or back <= now]


def with_roles(connection: Connection, area: str) -> dict[int, frozenset[str]]:
    """All who have a role in an area, by their numbers."""
    found: dict[int, frozenset[str]] = {}
    for number, role in _ROLES.rows(connection, {"area": area}):
        found[number] = found.get(number, frozenset()) | {role}
    return found


def team(connection: Connection, area: str, *, roles: frozenset[str], now: datetime) -> list[int]:
    """Those of an area who are there and have one of these roles; while all of them are away, all."""
    known = active(connection, [number for number, has in with_roles(connection, area).items() if has & roles])
    return there(known, now) or list(known)


def of_addresses(connection: Connection, addresses: Sequence[str]) -> list[int]:
    """The people with these addresses, each once; an address that nobody has is none."""
    query = select(address.c.person_id).where(address.c.address.in_(addresses)).distinct()
    return list(connection.execute(query.order_by(address.c.person_id)).scalars())


def load(connection: Connection, numbers: Collection[int], *, area: str) -> dict[int, int]:
    """How many tickets of the area that are not closed each of these people has; who has none is left out."""
    rows = connection.execute(_LOAD, {"ids": list(numbers), "area": area}).all()
    return {row[0]: row[1] for row in rows}


def alone(connection: Connection) -> None:
    """Until the end of the transaction nobody else gives a ticket by turn: neither this node nor another.

    One lock for all areas: a worker writes several mails in a transaction, and of two locks each could hold one.
    """
    counts.alone(connection, "assignment")


def given(connection: Connection, scope: str) -> list[int]:
    """Who was given tickets by turn, each once, the last one at the end."""
    query = select(assignment_turn.c.people).where(assignment_turn.c.scope == scope)
    return list(connection.execute(query).scalar() or ())


def keep_given(connection: Connection, scope: str, numbers: Sequence[int]) -> None:
    statement = insert(connection, assignment_turn).on_conflict_do_update(
        index_elements=["scope"], set_={"people": list(numbers)}
    )
    connection.execute(statement, {"scope": scope, "people": list(numbers)})
