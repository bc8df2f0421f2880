"""An account that is confirmed: the person becomes active, hears of it, and a ticket that only asked for it closes."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy.engine import Connection

from gateway.apply import breaker
from gateway.apply.assigning import for_the_desk, hand_out, tell_requester
from gateway.apply.caps import LOOK_AGAIN, Asked, count, notice_turn, reminder_turn
from gateway.apply.change import write_change
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.apply.telling import its_requester, recipient, tell
from gateway.desk.actions import Action, Refused, act
from gateway.desk.changing import differences
from gateway.desk.days import business_days
from gateway.desk.notices import Audience, Letter, Notice
from gateway.desk.people import Actor, ActorKind
from gateway.desk.ticket import ACCOUNT_REQUEST, HELD
from gateway.outbound.leaving import Dropped, Goes
from gateway.store import breakers, credentials, messages, own_tickets, people, tickets, timers
from gateway.threading.links import ticket_page

CONFIRM = "confirm"
"""The rule of the timer that reminds a pending person, once."""

CAUSE = "the account is active"


def confirm(
    connection: Connection,
    person_id: int,
    rules: Rules,
    *,
    by: Literal["mail", "web"],
    now: datetime,
    cause: str,
    address: str = "",
) -> bool:
    """pending -> active, within the caller's transaction; False when there was nothing to confirm.

    `address` is the one that the token came back from; '' for the person's only one.
    """
    if not credentials.become_active(connection, person_id, now=now):
        return False
    credentials.confirm_address(connection, person_id, address, now=now)
    tickets.write_event(
        connection,
        action="confirmed",
        actor_kind="person",
        actor_id=person_id,
        person_id=person_id,
        cause=cause,
        now=now,
        data={"by": by},
    )
    person = people.by_id(connection, person_id)
    assert person is not None, "a person who was just changed is there"
    account_confirmed(connection, person, rules, now, address=address)
    return True


def remind_to_confirm(connection: Connection, person_id: int, *, now: datetime) -> None:
    """Set the timer of the one reminder: two business days from now, for somebody who proved where they write from."""
    timers.set_timer(
        connection, scope="person", rule=CONFIRM, anchor="first mail", due_at=business_days(now, 2), person_id=person_id
    )


def remind(connection: Connection, person_id: int, rules: Rules, *, now: datetime) -> bool | datetime:
    """The reminder itself; False when there is nothing left to confirm, or nothing open to confirm it for.

    While they are away, or a cap has no room, it is when to ask again.
    """
    person = people.by_id(connection, person_id)
    newest = _newest(connection, person_id)
    if person is None or person.state != "pending" or person.disowned or newest is None:
        return False
    if newest.ticket.closed_at is not None:
        return False
    reader = replace(_reader(person, newest), name="")
    # When an operator is asked whether machines wrote, nobody is written to twice meanwhile.
    if breakers.is_on(connection, reader.address.rpartition("@")[2]):
        return False
    match breakers.asked(connection, person_id, now=now):
        case "never":
            return False
        case "not yet":
            return now + LOOK_AGAIN
    asked = Asked(address=reader.address, new_sender=True, ticket=newest.ticket.id, muted_until=newest.muted_until)
    turn = reminder_turn(connection, person, asked, rules, now=now)
    if turn > now:
        return turn
    draft = Draft(
        letter="confirm_reminder",
        to=reader,
        area=rules.desk.areas.get(newest.ticket.area) or rules.desk.first(),
        ticket_id=newest.ticket.id,
        anchor=f"account {person_id}",
        variables={},
        now=now,
        account=True,
    )
    if post(connection, draft, rules) is None:
        return False
    count(connection, asked, Goes(now), now=now)
    return True


def account_confirmed(
    connection: Connection, person: people.Person, rules: Rules, now: datetime, *, address: str = ""
) -> None:
    """What follows from a confirmed account: its letter, and the end of the tickets that only asked for it.

    The letter goes to `address`, else to the one that they wrote from last.
    """
    let_tickets_in(connection, person, rules, now)
    newest = _newest(connection, person.id)
    area = rules.desk.areas.get(newest.ticket.area) if newest else None
    reader = _reader(person, newest, address=address)
    breaker.confirmed(connection, reader.address, now=now)
    asked = Asked(address=reader.address, new_sender=False, ticket=newest.ticket.id if newest else None)
    turn = notice_turn(connection, asked, rules, now=now)
    if isinstance(turn, Dropped):
        return
    draft = Draft(
        letter="account_ready",
        to=reader,
        area=area or rules.desk.first(),
        ticket_id=newest.ticket.id if newest else None,
        anchor=f"account {person.id}",
        variables={"link": ticket_page(rules.settings.web.public_url)},
        now=now,
        turn=turn,
    )
    if post(connection, draft, rules) is not None:
        count(connection, asked, turn, now=now)


def let_tickets_in(connection: Connection, person: people.Person, rules: Rules, now: datetime) -> None:
    """The tickets of somebody who has just proven who they are: nothing about them waits for that any more."""
    for number in own_tickets.unconfirmed(connection, person.id):
        _sender_confirmed(connection, number, person, rules, now)
    for number in own_tickets.open_with_tag(connection, person.id, ACCOUNT_REQUEST):
        _close(connection, number, person, rules, now)
    for number in own_tickets.open_with_tag(connection, person.id, HELD):
        _let_in(connection, number, person, rules, now)


def _newest(connection: Connection, person_id: int) -> tickets.KeptTicket | None:
    newest = own_tickets.newest(connection, person_id)
    return None if newest is None else tickets.get(connection, newest.number)


def _reader(person: people.Person, newest: tickets.KeptTicket | None, *, address: str = "") -> Recipient:
    """The person at the address that they wrote from, in the language that they wrote in."""
    if newest is None:
        return recipient(person, address=address)
    reader = recipient(person, address=address or newest.requester_address)
    return replace(reader, language=reader.language or newest.ticket.language)


def _sender_confirmed(connection: Connection, number: int, person: people.Person, rules: Rules, now: datetime) -> None:
    """A ticket is no longer marked as one whose sender is not confirmed."""
    before = tickets.get(connection, number, lock=True).ticket
    area = rules.desk.areas.get(before.area) or rules.desk.first()
    after = replace(before, verified=True)
    tickets.save(connection, before, after, state_kind=area.workflow.state(before.state).kind.value)
    tickets.write_event(
        connection,
        action="sender confirmed",
        actor_kind="person",
        actor_id=person.id,
        cause=CAUSE,
        now=now,
        ticket_id=number,
    )


def _let_in(connection: Connection, number: int, person: people.Person, rules: Rules, now: datetime) -> None:
    """A ticket that was held comes to the desk, as old as it is."""
    kept = tickets.get(connection, number, lock=True)
    area = rules.desk.areas.get(kept.ticket.area) or rules.desk.first()
    after = replace(kept.ticket, tags=tuple(tag for tag in kept.ticket.tags if tag != HELD))
    tickets.save(connection, kept.ticket, after, state_kind=area.workflow.state(after.state).kind.value)
    tickets.write_event(
        connection,
        action="let in",
        actor_kind="system",
        cause=CAUSE,
        now=now,
        ticket_id=number,
        data=differences(kept.ticket, after),
    )
    said = messages.first_text(connection, number)
    occasion = Occasion(
        ticket=after,
        requester=its_requester(connection, kept),
        area=area,
        anchor=f"let in {number}",
        now=now,
        said=said,
        alert="new_ticket",
    )
    now_in = replace(after, version=after.version + 1)
    handed = hand_out(connection, now_in, occasion, rules, cause=CAUSE)
    occasion = occasion if handed is None else replace(occasion, ticket=handed.ticket)
    team = Notice(Letter.ALERT, Audience.TEAM, {})
    tell(connection, for_the_desk([team], occasion.ticket, handed), occasion, rules)
    tell_requester(connection, handed, person, occasion, rules)


def _close(connection: Connection, number: int, person: people.Person, rules: Rules, now: datetime) -> None:
    """Close a ticket in its requester's name, without a letter: that of the account says it. Else it stays open."""
    kept = tickets.get(connection, number, lock=True)
    area = rules.desk.areas.get(kept.ticket.area) or rules.desk.first()
    requester = Actor(person.id, ActorKind.REQUESTER)
    change = act(kept.ticket, Action.CLOSE, actor=requester, workflow=area.workflow, now=now)
    if isinstance(change, Refused):
        return
    quiet = replace(change, notices=())
    occasion = Occasion(
        ticket=change.ticket,
        requester=its_requester(connection, kept),
        area=area,
        anchor=f"account {person.id}",
        now=now,
    )
    write_change(
        connection,
        quiet,
        occasion,
        rules,
        before=kept.ticket,
        actor=Actor(None, ActorKind.SYSTEM),
        cause=CAUSE,
    )
