"""A parked mail that could be read after all: the ticket that its parking opened goes on with it.

People know that ticket by its number, and were told of it. When the mail turns out to belong elsewhere, the ticket says
where, and closes if nobody has touched it.
"""

from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.change import write_change
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import anchor, cause, event
from gateway.apply.posting import Rules
from gateway.apply.telling import its_requester
from gateway.desk.actions import Action, Refused, act
from gateway.desk.areas import Area
from gateway.desk.changing import differences
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.ticket import Ticket
from gateway.inbound.facts import Facts
from gateway.store import tickets

_DESK = Actor(None, ActorKind.SYSTEM, frozenset(Role))


def begin(connection: Connection, new: Ticket, facts: Facts, *, door: Area, storm: bool) -> Ticket:
    """Write a new ticket; or make it of the one that the parking opened, as far as people have changed it.

    `door` is the area that the mail came to, which is that of the parked one; the new ticket's may be another.
    """
    workflow = facts.area.workflow
    kept = _parked(connection, facts)
    kind = workflow.state(new.state).kind.value
    if kept is None:
        number = tickets.create(connection, new, state_kind=kind, requester_address=facts.sender, storm=storm)
        return replace(new, id=number)
    before = kept.ticket
    if _untouched(before, door):
        after = replace(new, id=before.id, version=before.version, created_at=before.created_at)
    else:
        after = replace(
            before,
            subject=before.subject or new.subject,
            requester_id=new.requester_id,
            organisation_id=new.organisation_id,
            language=new.language,
            verified=new.verified,
            tags=tuple(dict.fromkeys((*before.tags, *new.tags))),
        )
        workflow = door.workflow
    tickets.save(connection, before, after, state_kind=workflow.state(after.state).kind.value)
    tickets.readdress(connection, before.id, facts.sender)
    event(connection, "read_after_all", facts, before.id, actor=None, **differences(before, after))
    return replace(after, version=before.version + 1)


def settle(connection: Connection, facts: Facts, rules: Rules, *, verdict: str, number: int | None) -> None:
    """The ticket that the parking opened, when the mail has become something else, or belongs to ticket `number`."""
    kept = _parked(connection, facts)
    if kept is None or kept.ticket.id == number:
        return
    ticket = kept.ticket
    tickets.forget_message_id(connection, ticket.id, facts.prepared.mail.message_id)
    if number is not None:
        tickets.link(connection, ticket.id, number, kind="related", now=facts.now)
    became = {"verdict": verdict} | ({"belongs_to": f"#{number}"} if number is not None else {})
    event(connection, "read_after_all", facts, ticket.id, actor=None, **became)
    area = rules.desk.areas.get(ticket.area) or facts.area
    if not _untouched(ticket, facts.area):
        return
    change = act(ticket, Action.CLOSE, actor=_DESK, workflow=area.workflow, now=facts.now)
    if isinstance(change, Refused):
        return
    occasion = Occasion(
        ticket=ticket,
        requester=its_requester(connection, kept),
        area=area,
        anchor=anchor(facts),
        now=facts.now,
    )
    quiet = replace(change, notices=())
    write_change(connection, quiet, occasion, rules, before=ticket, actor=_DESK, cause=cause(facts))


def _parked(connection: Connection, facts: Facts) -> tickets.KeptTicket | None:
    number = facts.prepared.claimed.parked_ticket
    return None if number is None else tickets.find(connection, number, lock=True)


def _untouched(ticket: Ticket, area: Area) -> bool:
    """Whether nobody of the desk has begun to work on it."""
    return ticket.owner_id is None and ticket.state == area.workflow.first.name
