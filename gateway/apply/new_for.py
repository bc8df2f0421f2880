"""Somebody of the desk opens a ticket for somebody else: a call, a conversation, what a colleague asked at the door."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from gateway.apply.assigning import for_the_desk, hand_out, tell_requester
from gateway.apply.change import set_timers
from gateway.apply.first_answer import Asker, FirstAnswer, answer_first_mail, first_turn
from gateway.apply.occasions import Occasion
from gateway.apply.orders import Order
from gateway.apply.pieces import kept_files
from gateway.apply.ruled import as_given, for_the_event
from gateway.apply.suspecting import resembled
from gateway.apply.taking_part import somebody
from gateway.apply.telling import recipient, tell
from gateway.desk import made_for as say
from gateway.desk.actions import Change, Happening, Letter, happen
from gateway.desk.command_values import as_parameter
from gateway.desk.command_words import Command
from gateway.desk.field_words import ORIGINS
from gateway.desk.language import of_mail
from gateway.desk.nearness import sketch
from gateway.desk.notices import Audience
from gateway.desk.people import May, PersonState, may
from gateway.desk.refusals import Refused, unknown_value
from gateway.desk.suspects import suspicion
from gateway.desk.ticket import Field, Origin, Ticket
from gateway.desk.words import Labels, choices
from gateway.inbound.addresses import normalise
from gateway.inbound.answers import no_reply
from gateway.inbound.ruled import given_for
from gateway.store import messages, people, tickets
from gateway.store.people import Person

MOST_DAYS = 30
"""How long ago it may have been asked."""

Later = list[Callable[[], None]]


def open_new(
    connection: Connection, order: Order, *, origin: str = "", at: datetime | None = None, later: Later | None = None
) -> tuple[int, Labels] | Refused:
    """`#nueva ana@x.org La impresora`, and below what they ask: its number and what was done.

    What other lines say: the origin, as it was written, and when it was asked.
    later: what tells the desk of it is put there, for who does more to the ticket first.
    """
    named = say.named(order.value)
    address = normalise(named.address) if named else ""
    if named is None or not address:
        return unknown_value("new", order.value, example=f"{say.EXAMPLE} …")
    meant = _origin(order, origin)
    if isinstance(meant, Refused):
        return meant
    return open_for(
        connection,
        order,
        requester=address,
        name=named.name,
        subject=named.rest or say.first_line(order.text),
        text=order.text,
        origin=meant,
        at=at,
        later=later,
    )


def open_for(
    connection: Connection,
    order: Order,
    *,
    requester: str,
    name: str = "",
    subject: str,
    text: str,
    origin: Origin | None = None,
    at: datetime | None = None,
    time_spent: int = 0,
    evidence: str = "",
    later: Later | None = None,
) -> tuple[int, Labels] | Refused:
    """Open it in the area of the order; its number and what was done.

    requester: a normalised address, whose person is made when nobody has it. origin: None for a call, or for what
    somebody of the team asks, internal. at: when it was asked, from which all targets count; None: now.
    time_spent: seconds.
    """
    asked_at = at or order.now
    if not timedelta(0) <= order.now - asked_at <= timedelta(days=MOST_DAYS):
        return say.not_within(MOST_DAYS)
    if not (subject.strip() or text.strip()):
        return say.nothing_asked()
    if not (may(order.person.state, May.ACT) and order.person.roles_in(order.area.name)):
        return say.no_role_here()
    person = requester_of(connection, order, requester, name)
    if isinstance(person, Refused):
        return person
    opened = _written(connection, order, person, requester, subject, text, origin, asked_at)
    number = opened[0].id
    first = messages.NewMessage(
        ticket_id=number,
        kind="record",
        at=asked_at,
        text=text.strip(),
        author_id=order.person.id,
        author_address=order.address,
        delivery_id=order.delivery_id,
        public=True,
        verified=True,
        time_spent=time_spent,
        origin=opened[0].origin.value,
        evidence=evidence,
        sketch=sketch(text, [one.sha256 for one in order.files]),
    )
    messages.add(connection, first, order.files)
    _tell(connection, order, person, requester, text, *opened, later=later)
    return number, say.opened(number, requester)


def requester_of(connection: Connection, order: Order, address: str, name: str) -> Person | Refused:
    """Who is to be the requester, made pending where nobody has the address; or why it cannot be them."""
    if order.rules.desk.ours(address):
        return say.one_of_ours(address)
    person = somebody(connection, address, name, cause=order.cause, now=order.now)
    return person if may(person.state, May.WRITE) else say.blocked(address)


def _origin(order: Order, written: str) -> Origin | Refused | None:
    if not written:
        return None
    zone = order.area.calendar.zone
    value = as_parameter(Command.ORIGIN, written, now=order.now, zone=zone)
    known = next((one for one in Origin if one == value.casefold()), None)
    return unknown_value("origin", written, known=choices(ORIGINS)) if known is None else known


def _written(
    connection: Connection,
    order: Order,
    person: Person,
    address: str,
    subject: str,
    text: str,
    origin: Origin | None,
    at: datetime,
) -> tuple[Ticket, Change]:
    """The ticket's row, its timers and its first event; what its workflow wants told."""
    area, rules = order.area, order.rules
    given = given_for(
        connection,
        person,
        rules.desk,
        sender=address,
        recipient=area.address,
        subject=subject,
        text=text,
        files=(one.name for one in order.files),
    )
    usual = Origin.INTERNAL if person.roles_in(area.name) else Origin.PHONE
    draft = Ticket(
        id=0,
        subject=subject.strip()[:400],
        state=area.workflow.first.name,
        area=area.name,
        requester_id=person.id,
        organisation_id=person.organisation_id,
        language=person.language or of_mail("", text) or area.language,
        origin=origin or usual,
        created_at=at,
        updated_at=at,
        state_since=at,
    )
    draft = as_given(connection, draft, given, area)
    # Who writes it down answers for who asks, once that address was confirmed.
    sure = person.state == PersonState.ACTIVE
    change = happen(draft, Happening.RECEIVED, workflow=area.workflow, now=at, verified=sure)
    after = replace(change.ticket, updated_at=order.now)
    kind = area.workflow.state(after.state).kind.value
    number = tickets.create(connection, after, state_kind=kind, requester_address=address)
    tickets.made_by(connection, number, order.person.id)
    ticket = replace(after, id=number)
    set_timers(connection, ticket, area)
    tickets.write_event(
        connection,
        action=Happening.RECEIVED.value,
        actor_kind="person",
        actor_id=order.person.id,
        cause=order.cause,
        now=order.now,
        ticket_id=number,
        data={"origin": ticket.origin.value, "requester": address, **for_the_event(ticket, given)},
    )
    return ticket, change


def _tell(
    connection: Connection,
    order: Order,
    person: Person,
    address: str,
    text: str,
    ticket: Ticket,
    change: Change,
    *,
    later: Later | None,
) -> None:
    """The team hears of it as of any new ticket, but not who opened it; its requester gets a receipt."""
    area, rules, now = order.area, order.rules, order.now
    near = resembled(connection, ticket, text, order.files, now=now, cause=order.cause)
    reader = recipient(person, address=address)
    by = say.taken_down_by(order.person.name or order.address, area.language)
    occasion = Occasion(
        ticket=ticket,
        requester=replace(reader, language=reader.language or ticket.language),
        area=area,
        anchor=f"new {ticket.id}",
        now=now,
        said=text.strip(),
        alert="new_ticket",
        reason="; ".join(filter(None, (by, suspicion(near, area.language)))),
        came=kept_files(order.files),
        apart=frozenset({order.address, order.person.address}),
    )
    if later is not None:
        received = send_receipt(connection, order, person, occasion)
        later.append(partial(_tell_of_it_as_it_is, connection, order, person, occasion, change, received=received))
        return
    handed = hand_out(connection, ticket, occasion, rules, cause=order.cause)
    now_it_is = ticket if handed is None else handed.ticket
    to_desk = _but_its_requester(replace(occasion, ticket=now_it_is), person)
    tell(connection, for_the_desk(change.notices, now_it_is, handed), to_desk, rules)
    if send_receipt(connection, order, person, replace(occasion, ticket=now_it_is)):
        tell_requester(connection, handed, person, occasion, rules)


def _tell_of_it_as_it_is(
    connection: Connection, order: Order, person: Person, occasion: Occasion, change: Change, *, received: bool
) -> None:
    """The team hears of it with all that was done to it; who was given it by that has heard so already."""
    ticket, rules = tickets.get(connection, occasion.ticket.id).ticket, order.rules
    handed = None
    if _who_has(ticket) == _who_has(occasion.ticket):
        handed = hand_out(connection, ticket, occasion, rules, cause=order.cause)
        ticket = ticket if handed is None else handed.ticket
        notices = for_the_desk(change.notices, ticket, handed)
    else:
        owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
        team = [one for one in change.notices if one.to is not Audience.REQUESTER]
        # Of a group that has it everybody has heard, and nobody else is told.
        notices = team if owner is not None or not ticket.field(Field.GROUP) else []
        heard = frozenset() if owner is None else frozenset({owner.address})
        occasion = replace(occasion, apart=occasion.apart | heard)
    tell(connection, notices, _but_its_requester(replace(occasion, ticket=ticket), person), rules)
    if received:
        tell_requester(connection, handed, person, occasion, rules)


def _who_has(ticket: Ticket) -> tuple[object, object]:
    return ticket.owner_id, ticket.field(Field.GROUP)


def _but_its_requester(occasion: Occasion, person: Person) -> Occasion:
    """A colleague whose own request it is reads of it as its requester."""
    theirs = frozenset({occasion.requester.address, person.address})
    return occasion if person.id == occasion.ticket.owner_id else replace(occasion, apart=occasion.apart | theirs)


def send_receipt(connection: Connection, order: Order, person: Person, occasion: Occasion) -> bool:
    """As for any first mail, where the workflow sends one; whether it was written.

    To somebody who never confirmed who they are it has the number only.
    """
    wanted = any(letter is Letter.RECEIPT for _, letter in occasion.area.workflow.beginning.notices)
    unwanted = person.disowned or no_reply(occasion.requester.address) or person.id == order.person.id
    if unwanted or not wanted:
        return False
    to = Asker(
        person=person,
        address=occasion.requester.address,
        area=occasion.area.name,
        verified=person.state == PersonState.ACTIVE,
    )
    number = occasion.ticket.id
    turn = first_turn(connection, to, order.rules, number=number, now=order.now, cause=order.cause)
    return turn is not None and answer_first_mail(
        connection, FirstAnswer(to=to, turn=turn, by_desk=True), occasion, order.rules
    )
