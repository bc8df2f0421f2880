"""What an action or a happening makes of a ticket, written with its message, events, timers, and letters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.posting import Rules
from gateway.apply.telling import Occasion, tell
from gateway.desk.actions import Change
from gateway.desk.people import Actor, ActorKind, May, Role, may
from gateway.desk.ticket import Ticket
from gateway.store import messages, people, tickets, timers
from gateway.store.messages import File

DUE = "due"


def write_change(
    connection: Connection,
    change: Change,
    occasion: Occasion,
    rules: Rules,
    *,
    before: Ticket,
    actor: Actor,
    cause: str,
    author_address: str = "",
    files: Sequence[File] = (),
    delivery_id: int | None = None,
) -> None:
    """Write a ticket's change with its message, events, timers and letters."""
    now = occasion.now
    workflow = occasion.area.workflow
    tickets.save(connection, before, change.ticket, state_kind=workflow.state(change.ticket.state).kind.value)
    if change.entered_state:
        final = change.ticket.closed_at is not None
        timers.clear(connection, ticket_id=before.id, scopes=("state", "ticket") if final else ("state",))
    _set_due(connection, before, change.ticket)
    if change.message is not None:
        new = change.message
        messages.add(
            connection,
            messages.NewMessage(
                ticket_id=before.id,
                kind=new.kind.value,
                at=now,
                text=new.text,
                author_id=actor.person_id,
                author_address=author_address,
                delivery_id=delivery_id,
                public=new.public,
                verified=True,
                time_spent=new.time_spent,
                origin=new.origin.value if new.origin else "mail",
                evidence=new.evidence,
            ),
            files,
        )
    for one in change.links:
        tickets.link(connection, before.id, one.to, kind=one.kind.value, now=now)
    for event in change.events:
        tickets.write_event(
            connection,
            action=event.action.value,
            actor_kind=actor.kind.value,
            actor_id=actor.person_id,
            cause=cause,
            now=now,
            ticket_id=before.id,
            data=event.data,
        )
    tell(connection, change.notices, replace(occasion, ticket=change.ticket), rules)


def actor_for(person: people.Person, ticket: Ticket) -> Actor:
    """What a person may be on a ticket, by their roles in its area and by whose ticket it is.

    The roles of an account that is not active rest.
    """
    mine = person.roles_in(ticket.area) if may(person.state, May.ACT) else ()
    roles = frozenset(Role(role) for role in mine)
    kind = ActorKind.REQUESTER if person.id == ticket.requester_id and not roles else ActorKind.PERSON
    return Actor(person.id, kind, roles)


def _set_due(connection: Connection, before: Ticket, after: Ticket) -> None:
    """A timer for the date that the ticket was promised for; a new date, or the closing, ends the timer of the old one.

    A ticket that is reopened has its promise again.
    """
    due_at = _promised(after)
    if _promised(before) == due_at:
        return
    timers.clear(connection, ticket_id=after.id, scopes=("ticket",), rule=DUE)
    if due_at is not None:
        timers.set_timer(
            connection, scope="ticket", rule=DUE, anchor=due_at.isoformat(), due_at=due_at, ticket_id=after.id
        )


def _promised(ticket: Ticket) -> datetime | None:
    return ticket.due_at if ticket.closed_at is None else None
