"""An account made active, inactive, or blocked by the desk, with all that follows."""

from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.accounts import account_confirmed
from gateway.apply.many import happen_to
from gateway.apply.orders import Order
from gateway.apply.posting import Rules
from gateway.desk.account_orders import done, may_set, so_already, state_meant
from gateway.desk.actions import Happening
from gateway.desk.people import Actor, ActorKind, PersonState
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels
from gateway.store import people, tickets


def set_account(connection: Connection, order: Order) -> Labels | Refused:
    """`#cuenta activa|inactiva|bloqueada`, about the ticket's requester."""
    kept, now = order.kept, order.now
    assert kept is not None, "the order is about a ticket"
    state = state_meant(order.value)
    if isinstance(state, Refused):
        return state
    requester = people.by_id(connection, kept.ticket.requester_id)
    assert requester is not None, "a ticket has a requester"
    refused = may_set(
        requester.state,
        state,
        mine=order.person.roles_in(kept.ticket.area),
        theirs={role for _, role in requester.roles},
        own=requester.id == order.person.id,
    )
    if refused is not None:
        return refused
    address = kept.requester_address or requester.address
    if requester.state == state:
        return so_already(address, state)
    values: dict[str, object] = {"state": state.value}
    if state is PersonState.ACTIVE:
        values["confirmed_at"] = now
    people.update(connection, requester.id, **values)
    tickets.write_event(
        connection,
        action="person changed",
        actor_kind=ActorKind.PERSON.value,
        actor_id=order.person.id,
        cause=order.cause,
        now=now,
        ticket_id=kept.ticket.id,
        person_id=requester.id,
        data={"state": state.value},
    )
    follow(connection, requester.id, requester.state, state.value, order.rules, now=now, cause=order.cause)
    return done(address, state)


def follow(
    connection: Connection, person_id: int, before: str, after: str, rules: Rules, *, now: datetime, cause: str
) -> None:
    """What follows when the desk has changed the state of an account: waiting tickets go on once it is active.

    Who had not confirmed and is made active hears that the account is theirs, as if they had.
    """
    if after != PersonState.ACTIVE or before == PersonState.ACTIVE:
        return
    waiting = tickets.open_of(connection, person_id)
    clock = Actor(None, ActorKind.SYSTEM)
    happen_to(connection, waiting, Happening.ACCOUNT_ACTIVE, rules, actor=clock, cause=cause, now=now)
    if before == PersonState.PENDING:
        people.update(connection, person_id, disowned_at=None)
        person = people.by_id(connection, person_id)
        assert person is not None, "a person who was just changed is there"
        account_confirmed(connection, person, rules, now)
