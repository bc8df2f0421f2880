"""A new ticket that may be a duplicate is linked to those that it resembles; nothing is merged by itself."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from gateway.desk.nearness import sketch
from gateway.desk.suspects import NEAR_TIME, Resembling, suspects
from gateway.desk.ticket import Ticket, kept_back
from gateway.inbound.facts import Facts
from gateway.store import resembling, tickets
from gateway.store.messages import File

SUSPECT = "suspect"


def suspected(connection: Connection, ticket: Ticket, facts: Facts, files: Sequence[File]) -> tuple[int, ...]:
    """The open tickets of its requester that it may be a duplicate of, linked."""
    if facts.past or kept_back(ticket) or facts.person is None:
        return ()
    text = sketch(facts.prepared.reply.new_text, [one.sha256 for one in files])
    mine = Resembling(ticket.id, ticket.subject, text, ticket.created_at)
    others = resembling.newest_open(connection, ticket.requester_id, since=ticket.created_at - NEAR_TIME)
    # The same mail in another area is no second request.
    sibling = facts.sibling.ticket_id if facts.sibling else None
    found = suspects(mine, [one for one in others if one.number != sibling])
    for number in found:
        tickets.link(connection, ticket.id, number, kind=SUSPECT, now=facts.now)
    return found
