"""What an action or a happening makes of a ticket, written with its message, events, timers, and letters."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.occasions import Occasion
from gateway.apply.posting import Rules
from gateway.apply.sharing import share
from gateway.apply.telling import tell
from gateway.desk.actions import Change
from gateway.desk.areas import Area
from gateway.desk.people import Actor
from gateway.desk.reckoning import timers as reckoned
from gateway.desk.ticket import Ticket
from gateway.store import messages, surveys, tickets, timers
from gateway.store.messages import File


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
    set_timers(connection, change.ticket, occasion.area)
    if change.survey is not None:
        surveys.keep(connection, before.id, change.survey, by=actor.person_id, now=now)
    if change.message is not None:
        new = change.message
        messages.add(
            connection,
            messages.NewMessage(
                ticket_id=before.id,
                kind=new.kind.value,
                at=new.at or now,
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
    after = replace(occasion, ticket=change.ticket)
    tell(connection, change.notices, after, rules)
    share(connection, change.notices, after, rules)


def set_timers(connection: Connection, ticket: Ticket, area: Area) -> None:
    """Give a ticket the timers that it should have as it is now."""
    timers.sync(connection, ticket.id, reckoned(ticket, workflow=area.workflow, calendar=area.calendar))
