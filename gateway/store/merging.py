"""Two persons become one: what of the one that goes belongs to the one that remains from then on.

Roles do not move here, and events stay as they were written: they name who it was then.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Column, select, union
from sqlalchemy.engine import Connection

from gateway.store.tables import (
    address,
    address_wish,
    credential,
    event,
    held_notice,
    membership,
    message,
    outbox,
    participant,
    person,
    survey,
    ticket,
    timer,
    waiting_command,
    web_session,
)

# What simply names another person from then on.
_FOLLOWING: tuple[Column[int], ...] = (
    address.c.person_id,
    address_wish.c.person_id,
    web_session.c.person_id,
    ticket.c.requester_id,
    ticket.c.owner_id,
    outbox.c.person_id,
    held_notice.c.person_id,
    waiting_command.c.person_id,
)
# The same where it is found by the ticket: those that they asked for or did something about.
_IN_THEIR_TICKETS: tuple[tuple[Column[int], Column[int]], ...] = (
    (message.c.author_id, message.c.ticket_id),
    (ticket.c.created_by, ticket.c.id),
    (participant.c.added_by, participant.c.ticket_id),
    (survey.c.person_id, survey.c.ticket_id),
)


def lock(connection: Connection, numbers: Sequence[int]) -> None:
    """Nobody else merges one of these until the end of the transaction."""
    rows = select(person.c.id).where(person.c.id.in_(numbers)).order_by(person.c.id)
    connection.execute(rows.with_for_update(key_share=True)).all()


def addresses_of(connection: Connection, number: int) -> list[str]:
    query = select(address.c.address).where(address.c.person_id == number).order_by(address.c.id)
    return list(connection.execute(query).scalars())


def tickets_of(connection: Connection, number: int) -> list[int]:
    query = select(ticket.c.id).where(ticket.c.requester_id == number).order_by(ticket.c.id)
    return list(connection.execute(query).scalars())


def owned_by(connection: Connection, number: int) -> list[int]:
    query = select(ticket.c.id).where(ticket.c.owner_id == number).order_by(ticket.c.id)
    return list(connection.execute(query).scalars())


def add_address(connection: Connection, number: int, wanted: str, *, now: datetime) -> None:
    row = {"address": wanted, "person_id": number, "created_at": now, "confirmed_at": now}
    connection.execute(address.insert().inline(), row)


def move(connection: Connection, other: int, keep: int) -> None:
    """All that is the other's becomes theirs who remain; the other is blocked and says whom they were merged into."""
    first = addresses_of(connection, other)[:1]
    touched = union(
        select(ticket.c.id).where(ticket.c.requester_id == other),
        select(event.c.ticket_id).where(event.c.actor_id == other, event.c.ticket_id.is_not(None)),
    ).subquery()
    for column, its_ticket in _IN_THEIR_TICKETS:
        theirs = sa.update(column.table).where(column == other, its_ticket.in_(select(touched)))
        connection.execute(theirs.values({column: keep}))
    for column in _FOLLOWING:
        connection.execute(sa.update(column.table).where(column == other).values({column: keep}))
    _move_participations(connection, other, keep, address_of_other=first[0] if first else "")
    _move_credentials(connection, other, keep)
    # Nothing has to be confirmed or told to them any more.
    connection.execute(timer.delete().where(timer.c.person_id == other, timer.c.fired_at.is_(None)))
    connection.execute(person.update().where(person.c.merged_into == other).values(merged_into=keep))
    gone = {"state": "blocked", "merged_into": keep, "organisation_id": None, "organisation_agent": False}
    connection.execute(person.update().where(person.c.id == other).values(**gone))


def move_roles(connection: Connection, other: int, keep: int) -> None:
    """What an operator says in so many words."""
    both = select(membership.c.area, membership.c.role).where(membership.c.person_id == keep)
    held = {tuple(row) for row in connection.execute(both)}
    theirs = connection.execute(select(membership).where(membership.c.person_id == other)).all()
    for row in theirs:
        mine = membership.c.id == row.id
        if (row.area, row.role) in held:
            connection.execute(membership.delete().where(mine))
        else:
            connection.execute(membership.update().where(mine).values(person_id=keep))


def _move_participations(connection: Connection, other: int, keep: int, *, address_of_other: str) -> None:
    """One row for a ticket: who was asked aside by either address stays aside; else what the one who remains is counts.

    Nobody takes part in their own ticket beside themselves.
    """
    mine, theirs = (
        {row.ticket_id: row for row in connection.execute(select(participant).where(participant.c.person_id == one))}
        for one in (keep, other)
    )
    for number in mine.keys() & theirs.keys():
        aside = theirs[number].role == "consulted" and theirs[number].left_at is None
        dropped = mine[number] if aside else theirs[number]
        connection.execute(participant.delete().where(participant.c.id == dropped.id))
    # Letters go on to the address by which they were named.
    named = sa.case((participant.c.address == "", address_of_other), else_=participant.c.address)
    follow = participant.update().where(participant.c.person_id == other)
    connection.execute(follow.values(person_id=keep, address=named))
    own = select(ticket.c.id).where(ticket.c.requester_id == keep)
    connection.execute(participant.delete().where(participant.c.person_id == keep, participant.c.ticket_id.in_(own)))


def _move_credentials(connection: Connection, other: int, keep: int) -> None:
    """Their password goes along where the one who remains has none."""
    kinds = list(connection.execute(select(credential.c.kind).where(credential.c.person_id == keep)).scalars())
    theirs = credential.c.person_id == other
    connection.execute(credential.delete().where(theirs, credential.c.kind.in_(kinds)))
    connection.execute(credential.update().where(theirs).values(person_id=keep))
