"""Somebody outside of a ticket is asked aside about it: `#consultar`. What they answer is for the desk alone.

They get the question in the words of who asks, and nothing else: no subject, no history, no Cc, and no other letter.
"""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from gateway.apply.orders import Order
from gateway.apply.participants import may_speak_for
from gateway.apply.pieces import kept_files
from gateway.apply.posting import Draft, Recipient, post
from gateway.apply.sharing import shareable, without_history
from gateway.apply.taking_part import barred, somebody
from gateway.desk.command_words import Command
from gateway.desk.participants import Bar, asked, wishes
from gateway.desk.participants import barred as why_not
from gateway.desk.people import May, PersonState, may
from gateway.desk.refusals import Refused, missing, unknown_value
from gateway.desk.words import Labels
from gateway.inbound.addresses import normalise
from gateway.store import messages, participants, people, tickets
from gateway.store.letters import KeptFile
from gateway.store.participants import Part
from gateway.store.people import Person

EXAMPLE = "eva@example.org"


def consult(connection: Connection, order: Order) -> Labels | Refused:
    """Send the question to each of the addresses, and keep it as an internal note with who was asked."""
    assert order.kept is not None, "it is about a ticket"
    ticket = order.kept.ticket
    refused = may_speak_for(connection, order)
    if refused is not None:
        return refused
    named = {normalise(one.written) or one.written: one.name for one in wishes(order.value)}
    if not named:
        return unknown_value("address", order.value, example=EXAMPLE)
    text, left_out = without_history(order.text)
    files, more_left_out = shareable(connection, ticket.id, kept_files(order.files))
    if not text and not files:
        return missing(Command.CONSULT, "text")
    most = order.rules.settings.participants.most
    for address in named:
        if normalise(address) != address:
            return unknown_value("address", address, example=EXAMPLE)
        bar = _barred(connection, order, address)
        if bar is not None or len(named) > most:
            return why_not(bar or Bar.TOO_MANY, address, most=most)
    for address, name in named.items():
        person = somebody(connection, address, name, cause=order.cause, now=order.now)
        participants.add(
            connection,
            ticket.id,
            person.id,
            address=address,
            part=Part.CONSULTED,
            added_by=order.person.id,
            now=order.now,
        )
        _ask(connection, order, person, address, text=text, files=files)
    _keep(connection, order, list(named), text=text)
    return asked(named, left_out=left_out or more_left_out)


def _barred(connection: Connection, order: Order, address: str) -> Bar | None:
    """Why an address cannot be asked. Who takes part, or did, would answer to everybody with a token of then."""
    assert order.kept is not None, "it is about a ticket"
    person = people.by_address(connection, address)
    bar = barred(connection, address, person, order.kept.ticket, order.rules)
    if bar is not None or person is None:
        return bar
    mine = participants.ever(connection, order.kept.ticket.id).get(person.id)
    return Bar.PARTICIPANT if mine is not None and mine.part is Part.CC and mine.left_at is None else None


def _ask(
    connection: Connection, order: Order, person: Person, address: str, *, text: str, files: Sequence[KeptFile]
) -> None:
    assert order.kept is not None, "it is about a ticket"
    staff = bool(person.roles) and may(person.state, May.ACT)
    known = person.state != PersonState.PENDING
    draft = Draft(
        letter="consultation",
        to=Recipient(person.id, address, person.name if known else "", person.language, person.zone),
        area=order.area,
        ticket_id=order.kept.ticket.id,
        anchor=f"delivery {order.delivery_id}",
        variables={
            # To others it would say what the ticket is about.
            "subject": order.kept.ticket.subject if staff else "",
            "text": text,
            "author": order.person.name,
        },
        now=order.now,
        # None of the ticket's: a Message-ID tells where its requester writes from.
        references=(),
        files=files,
    )
    post(connection, draft, order.rules)


def _keep(connection: Connection, order: Order, named: Sequence[str], *, text: str) -> None:
    assert order.kept is not None, "it is about a ticket"
    ticket = order.kept.ticket
    messages.add(
        connection,
        messages.NewMessage(
            ticket_id=ticket.id,
            kind="note",
            at=order.now,
            text=text,
            author_id=order.person.id,
            author_address=order.address,
            delivery_id=order.delivery_id,
            public=False,
            verified=True,
            flags=(f"asked aside: {', '.join(named)}",),
        ),
        order.files,
    )
    tickets.write_event(
        connection,
        action="consulted",
        actor_kind="person",
        actor_id=order.person.id,
        cause=order.cause,
        now=order.now,
        ticket_id=ticket.id,
        data={"asked": ", ".join(named)},
    )
