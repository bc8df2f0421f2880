"""What an action or a happening makes of a ticket, written with its message, events, timers, and letters."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.posting import Rules
from gateway.apply.telling import Occasion, tell
from gateway.desk.actions import Change
from gateway.desk.areas import Area
from gateway.desk.people import Actor, ActorKind, May, Role, Standing, may
from gateway.desk.reckoning import timers as reckoned
from gateway.desk.ticket import Ticket
from gateway.store import messages, people, surveys, tickets, timers
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


def standing_of(connection: Connection, ticket: Ticket) -> Standing:
    """What the desk knows of the requester; somebody without a row is nobody's customer yet."""
    person = people.by_id(connection, ticket.requester_id)
    return Standing() if person is None else Standing(person.state, person.kind)


def set_timers(connection: Connection, ticket: Ticket, area: Area) -> None:
    """Give a ticket the timers that it should have as it is now."""
    timers.sync(connection, ticket.id, reckoned(ticket, workflow=area.workflow, calendar=area.calendar))
