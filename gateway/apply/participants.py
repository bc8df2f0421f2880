"""Somebody of the desk says who takes part in a ticket: `#participante +eva@x.org -bob@y.org`."""

from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from gateway.apply.actors import actor_for, standing_of
from gateway.apply.orders import Order
from gateway.apply.taking_part import barred, room, somebody
from gateway.desk.guards import allowed
from gateway.desk.participants import Bar, changed, outside, wishes
from gateway.desk.participants import barred as why_not
from gateway.desk.people import PersonState
from gateway.desk.refusals import Refused, unknown_value
from gateway.desk.verbs import Action
from gateway.desk.words import Labels
from gateway.inbound.addresses import normalise
from gateway.store import participants as kept_participants
from gateway.store import people, tickets
from gateway.store.participants import Part
from gateway.store.tickets import KeptTicket

EXAMPLE = "+eva@example.org -bob@example.org"


@dataclass(slots=True)
class _Settled:
    """What becomes of each address; with those who come stands what they were called."""

    come: dict[str, str] = field(default_factory=dict)
    go: list[tuple[str, int]] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def participants(connection: Connection, order: Order) -> Labels | Refused:
    """Add and remove participants, all of them or none; what they read begins now."""
    assert order.kept is not None, "it is about a ticket"
    number = order.kept.ticket.id
    settled = may_speak_for(connection, order) or _settled(connection, order)
    if isinstance(settled, Refused):
        return settled
    for _, person_id in settled.go:
        kept_participants.leave(connection, number, person_id, now=order.now)
    for address, name in settled.come.items():
        person = somebody(connection, address, name, cause=order.cause, now=order.now)
        kept_participants.add(connection, number, person.id, address=address, added_by=order.person.id, now=order.now)
    went = [address for address, _ in settled.go]
    if settled.come or went:
        tickets.write_event(
            connection,
            action="participants",
            actor_kind="person",
            actor_id=order.person.id,
            cause=order.cause,
            now=order.now,
            ticket_id=number,
            data={name: ", ".join(who) for name, who in (("added", settled.come), ("removed", went)) if who},
        )
    return changed(settled.come, went, settled.same)


def _settled(connection: Connection, order: Order) -> _Settled | Refused:
    assert order.kept is not None, "it is about a ticket"
    ticket, most = order.kept.ticket, order.rules.settings.participants.most
    here = kept_participants.ever(connection, ticket.id)
    found = _Settled()
    seen: set[str] = set()
    for one in wishes(order.value):
        address = normalise(one.written)
        if not address:
            return unknown_value("participant", one.written, example=EXAMPLE)
        if address in seen:
            continue
        seen.add(address)
        person = people.by_address(connection, address)
        mine = here.get(person.id) if person is not None else None
        takes_part = mine is not None and mine.part is Part.CC and mine.left_at is None
        if one.goes:
            if person is None or not takes_part:
                return why_not(Bar.NOT_THERE, address)
            found.go.append((address, person.id))
            continue
        bar = barred(connection, address, person, ticket, order.rules)
        if mine is not None and mine.part is Part.CONSULTED:
            bar = Bar.CONSULTED
        if bar is not None:
            return why_not(bar, address)
        if takes_part:
            found.same.append(address)
        else:
            found.come[address] = one.name
    if not seen:
        return unknown_value("participant", order.value, example=EXAMPLE)
    if len(found.come) > room(connection, ticket.id, order.rules) + len(found.go):
        return why_not(Bar.TOO_MANY, next(reversed(found.come)), most=most)
    return found


def may_speak_for(connection: Connection, order: Order) -> Refused | None:
    """Whoever may write a note on the ticket now may say who reads along, and may ask somebody aside."""
    assert order.kept is not None, "it is about a ticket"
    ticket = order.kept.ticket
    found = allowed(
        ticket,
        Action.NOTE,
        actor=actor_for(order.person, ticket),
        workflow=order.area.workflow,
        standing=standing_of(connection, ticket),
    )
    return found if isinstance(found, Refused) else None


def from_outside(connection: Connection, kept: KeptTicket, value: str) -> tuple[str, ...]:
    """Those whom the command would let in who are nobody's the desk knows: a code is asked for first (RULES 3).

    Known is whose account is active: a pending person can be anybody who once wrote.
    """
    named = [address for one in wishes(value) if not one.goes and (address := normalise(one.written))]
    found = {address: people.by_address(connection, address) for address in named}
    known = [address for address, one in found.items() if one is not None and one.state == PersonState.ACTIVE]
    domains = [kept.requester_address.rpartition("@")[2]]
    if kept.ticket.organisation_id is not None:
        domains += people.domains_of(connection, kept.ticket.organisation_id)
    return outside(named, known=known, domains=domains)
