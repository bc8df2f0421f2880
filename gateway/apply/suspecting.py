"""A new ticket that may be a duplicate is linked to those that it resembles; nothing is merged by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.pieces import cause
from gateway.desk.nearness import sketch
from gateway.desk.suspects import NEAR_TIME, Resembling, suspects
from gateway.desk.ticket import Ticket, kept_back
from gateway.inbound.facts import Facts
from gateway.store import resembling, tickets
from gateway.store.messages import File

SUSPECT = "suspect"


def suspected(connection: Connection, ticket: Ticket, facts: Facts, files: Sequence[File]) -> tuple[int, ...]:
    """The open tickets of its requester that it may be a duplicate of, linked."""
    if facts.past or facts.person is None:
        return ()
    # The same mail in another area is no second request.
    sibling = facts.sibling.ticket_id if facts.sibling else None
    text = facts.prepared.reply.new_text
    return resembled(connection, ticket, text, files, besides=sibling, now=facts.now, cause=cause(facts))


def resembled(
    connection: Connection,
    ticket: Ticket,
    said: str,
    files: Sequence[File],
    *,
    besides: int | None = None,
    now: datetime,
    cause: str,
) -> tuple[int, ...]:
    """The same for a new ticket that says this, whatever it came by."""
    if kept_back(ticket):
        return ()
    text = sketch(said, [one.sha256 for one in files])
    mine = Resembling(ticket.id, ticket.subject, text, ticket.created_at)
    others = resembling.newest_open(connection, ticket.requester_id, since=ticket.created_at - NEAR_TIME)
    found = suspects(mine, [one for one in others if one.number != besides])
    for number in found:
        tickets.link(connection, ticket.id, number, kind=SUSPECT, now=now)
    if found:
        tickets.write_event(
            connection,
            action="suspected",
            actor_kind="system",
            cause=cause,
            now=now,
            ticket_id=ticket.id,
            data={"link_to": ",".join(map(str, found)), "link_kind": SUSPECT},
        )
    return found
