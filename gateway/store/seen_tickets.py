"""What somebody on the customer's side sees: their own tickets, and those of their organisation if they are its agent.

Whether they are is asked at that very moment: who is no longer active, or has left, sees nothing more.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.people import PersonState
from gateway.desk.ticket import BACK
from gateway.store.own_tickets import LINE, MOST, OwnTicket, of_person
from gateway.store.tables import person, ticket, ticket_tag


@dataclass(frozen=True, slots=True)
class ColleaguesTicket:
    """A ticket of a colleague; `requester` is their name, else the address that they wrote it from."""

    ticket: OwnTicket
    requester: str


def tickets_seen_by(connection: Connection, person_id: int) -> tuple[list[OwnTicket], list[ColleaguesTicket]]:
    """Their own tickets, and those of their colleagues that they may see; the newest changed first in both."""
    return of_person(connection, person_id), of_colleagues(connection, person_id)


def of_colleagues(connection: Connection, person_id: int) -> list[ColleaguesTicket]:
    """The tickets of their organisation that are not their own, at most `MOST`; none for who is not its agent."""
    query = _seen(person_id).order_by(ticket.c.updated_at.desc(), ticket.c.id.desc()).limit(MOST)
    return [_read(row) for row in connection.execute(query)]


def one_of_colleagues(connection: Connection, person_id: int, number: int) -> ColleaguesTicket | None:
    row = connection.execute(_seen(person_id).where(ticket.c.id == number)).first()
    return None if row is None else _read(row)


def is_agent(connection: Connection, person_id: int) -> bool:
    """Whether they see an organisation's tickets, should there be any."""
    return connection.execute(_agent_for(person_id)).scalar() is not None


def _seen(person_id: int) -> sa.Select[Any]:
    """Not what came in their organisation's name from somebody who has not proven it, nor what nobody is to see yet."""
    back = select(ticket_tag.c.tag).where(ticket_tag.c.ticket_id == ticket.c.id, ticket_tag.c.tag.in_(sorted(BACK)))
    return (
        select(*LINE, person.c.name, ticket.c.requester_address)
        .join(person, person.c.id == ticket.c.requester_id)
        .where(
            ticket.c.organisation_id == _agent_for(person_id).scalar_subquery(),
            ticket.c.verified,
            ticket.c.requester_id != person_id,
            ~back.exists(),
        )
    )


def _agent_for(person_id: int) -> sa.Select[tuple[int]]:
    who = person.alias("agent")
    return select(who.c.organisation_id).where(
        who.c.id == person_id, who.c.organisation_agent, who.c.state == PersonState.ACTIVE.value
    )


def _read(row: Any) -> ColleaguesTicket:
    *line, name, address = tuple(row)
    return ColleaguesTicket(OwnTicket(*line), name or address)
