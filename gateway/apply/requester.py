"""A ticket becomes somebody else's: `#solicitante ana@x.org`. Who had it before gets nothing more of it."""

from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.actors import actor_for
from gateway.apply.change import set_timers
from gateway.apply.new_for import requester_of, send_receipt
from gateway.apply.occasions import Occasion
from gateway.apply.orders import Order
from gateway.apply.telling import its_requester
from gateway.desk import made_for as say
from gateway.desk.areas import Area
from gateway.desk.changing import differences
from gateway.desk.participants import Bar, barred
from gateway.desk.people import PersonState
from gateway.desk.refusals import Refused, unknown_value
from gateway.desk.ticket import ACCOUNT_REQUEST, HELD, Field, Ticket, with_fields
from gateway.desk.words import Labels
from gateway.inbound.addresses import normalise
from gateway.store import letters, messages, participants, people, tickets
from gateway.store.participants import Part
from gateway.store.people import Person
from gateway.store.tickets import KeptTicket


def change_requester(connection: Connection, order: Order) -> Labels | Refused:
    """The tokens and links of who had it before match no more, and letters to them that have not left do not leave.

    While nobody of the desk has written yet, the new requester gets the receipt that the other one got.
    """
    kept = order.kept
    assert kept is not None, "it is about a ticket"
    found = _wanted(connection, order, kept)
    if isinstance(found, Refused):
        return found
    person, address = found
    area = order.rules.desk.areas.get(kept.ticket.area) or order.area
    after = replace(
        with_fields(kept.ticket, **{Field.QUIET: ""}),
        requester_id=person.id,
        organisation_id=person.organisation_id,
        language=person.language or kept.ticket.language,
        verified=person.state == PersonState.ACTIVE,
        # Who had it was waited for; who has it now was named by the desk.
        tags=tuple(tag for tag in kept.ticket.tags if tag not in (HELD, ACCOUNT_REQUEST)),
        updated_at=order.now,
    )
    _write(connection, order, kept, after, area, address)
    participants.leave(connection, after.id, person.id, now=order.now)
    if person.id != kept.ticket.requester_id:
        _keep_inside(connection, kept.ticket)
        letters.withdraw(connection, after.id, kept.ticket.requester_id)
        if after.last_agent_return_at is None:
            occasion = Occasion(
                ticket=replace(after, version=kept.ticket.version + 1),
                requester=its_requester(connection, replace(kept, ticket=after, requester_address=address)),
                area=area,
                anchor=f"requester {after.id}.{kept.ticket.version}",
                now=order.now,
            )
            send_receipt(connection, order, person, occasion)
    return say.given_to(address)


def _wanted(connection: Connection, order: Order, kept: KeptTicket) -> tuple[Person, str] | Refused:
    ticket = kept.ticket
    if not actor_for(order.person, ticket).roles:
        return say.no_role_here()
    if ticket.closed_at is not None:
        return say.closed(ticket.id)
    named = say.named(order.value)
    address = normalise(named.address) if named else ""
    if named is None or not address or named.rest:
        return unknown_value("requester", order.value, example=say.EXAMPLE)
    person = requester_of(connection, order, address, named.name)
    if isinstance(person, Refused):
        return person
    if participants.parts(connection, ticket.id).get(person.id) is Part.CONSULTED:
        # What they answer to a question aside stays inside.
        return barred(Bar.CONSULTED, address)
    if person.id == ticket.requester_id and address == kept.requester_address:
        return say.theirs_already(address)
    return person, address


def _keep_inside(connection: Connection, ticket: Ticket) -> None:
    """What somebody of the desk wrote as a request of their own was not meant for a customer's eyes."""
    before = people.by_id(connection, ticket.requester_id)
    if before is not None and before.roles_in(ticket.area):
        messages.keep_inside(connection, ticket.id, before.id)


def _write(connection: Connection, order: Order, kept: KeptTicket, after: Ticket, area: Area, address: str) -> None:
    before = kept.ticket
    tickets.save(connection, before, after, state_kind=area.workflow.state(after.state).kind.value)
    tickets.readdress(connection, before.id, address)
    set_timers(connection, after, area)
    tickets.write_event(
        connection,
        action="requester_changed",
        actor_kind="person",
        actor_id=order.person.id,
        cause=order.cause,
        now=order.now,
        ticket_id=before.id,
        data={
            **differences(before, after),
            "requester_address": address,
            "requester_address_before": kept.requester_address,
        },
    )
