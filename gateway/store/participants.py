"""Who takes part in a ticket beside its requester, and who was asked aside about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import address as known_address
from gateway.store.tables import participant, person
from gateway.store.upsert import insert


class Part(StrEnum):
    """CC gets what is written from then on; CONSULTED was asked something aside, and gets nothing else."""

    CC = "cc"
    CONSULTED = "consulted"


@dataclass(frozen=True, slots=True)
class Participation:
    """Somebody's part in one ticket. `address` is the one by which they were named, and gets their letters."""

    person_id: int
    part: Part
    address: str
    since: datetime
    left_at: datetime | None


# Who was merged into another is that other from then on.
_WHO = sa.func.coalesce(person.c.merged_into, participant.c.person_id)
_OF_TICKET = Statement(
    select(_WHO, participant.c.role, participant.c.address, participant.c.since, participant.c.left_at)
    .join(person, person.c.id == participant.c.person_id)
    .where(participant.c.ticket_id == bindparam("wanted"))
    .order_by(participant.c.id)
)
_ADDRESSES = select(known_address.c.person_id, known_address.c.address).where(
    known_address.c.person_id.in_(bindparam("people", expanding=True))
)


def ever(connection: Connection, number: int) -> dict[int, Participation]:
    """Everybody who is, or once was, part of a ticket, in the order in which they came.

    Of two who were merged what lets them read less counts.
    """
    found: dict[int, Participation] = {}
    for who, role, named, since, left_at in _OF_TICKET.rows(connection, {"wanted": number}):
        one = Participation(who, Part(role), named, since, left_at)
        if who not in found or _reads_less(one, found[who]):
            found[who] = one
    return found


def _reads_less(one: Participation, other: Participation) -> bool:
    return (one.part is Part.CONSULTED, one.left_at is not None) > (
        other.part is Part.CONSULTED,
        other.left_at is not None,
    )


def parts(connection: Connection, number: int) -> dict[int, Part]:
    """Who is what in a ticket now, by their numbers."""
    return {who: one.part for who, one in ever(connection, number).items() if one.left_at is None}


def addresses_of(connection: Connection, persons: Iterable[int]) -> dict[int, frozenset[str]]:
    """Every address of these persons."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(_ADDRESSES, {"people": sorted(set(persons))}):
        found.setdefault(row.person_id, set()).add(row.address)
    return {who: frozenset(theirs) for who, theirs in found.items()}


def add(
    connection: Connection,
    number: int,
    person_id: int,
    *,
    address: str = "",
    part: Part = Part.CC,
    added_by: int | None,
    now: datetime,
) -> None:
    """Make somebody part of a ticket from now on, once more if they had left. Who is part of it stays what they are."""
    row = {
        "ticket_id": number,
        "person_id": person_id,
        "role": part.value,
        "address": address,
        "added_by": added_by,
        "since": now,
    }
    again = {**{name: row[name] for name in ("role", "address", "added_by", "since")}, "left_at": None}
    statement = insert(connection, participant).on_conflict_do_update(
        index_elements=["ticket_id", "person_id"], set_=again, where=participant.c.left_at.is_not(None)
    )
    connection.execute(statement, row)


def leave(connection: Connection, number: int, person_id: int, *, now: datetime) -> bool:
    """Whether they were part of the ticket; now they are not any more."""
    same = select(person.c.id).where(sa.or_(person.c.id == person_id, person.c.merged_into == person_id))
    mine = participant.update().where(
        participant.c.ticket_id == number, participant.c.person_id.in_(same), participant.c.left_at.is_(None)
    )
    return connection.execute(mine.values(left_at=now)).rowcount > 0
