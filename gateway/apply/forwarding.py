"""A customer's mail that somebody of the desk forwards: the ticket is the customer's, and who forwarded it is told."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.caps import count_for_ticket
from gateway.apply.occasions import Occasion
from gateway.apply.opening import open_ticket
from gateway.apply.pieces import anchor
from gateway.apply.posting import Rules
from gateway.apply.telling import its_requester, recipient, write_to
from gateway.inbound.brought import Brought
from gateway.inbound.facts import Facts
from gateway.inbound.forwarded import Forwarded
from gateway.inbound.unanswered import unanswered
from gateway.inbound.verdicts import Judged, NewTicket
from gateway.store import counts, letters, messages, people, tickets
from gateway.store.counts import Counted
from gateway.store.messages import File


def open_forwarded(
    connection: Connection, verdict: NewTicket, judged: Judged, facts: Facts, rules: Rules, files: Sequence[File]
) -> int:
    """Open the ticket of the mail's author; its number.

    Files that came with a mail in the text are taken for its author's. Beside an attached mail they stay with the note.
    """
    brought, forwarded = facts.brought, facts.prepared.forwarded
    assert brought is not None, "only a forward is judged to be one"
    assert forwarded is not None
    theirs = replace(facts, prepared=brought.theirs, person=brought.author, brought_by=brought.by, receipts_left=True)
    # Nobody counts letters to people of the desk; who reads the receipt has caps of their own.
    silent = unanswered(replace(facts, letters_left=True))
    told = replace(judged, unanswered=silent or _no_receipt(forwarded, rules))
    inner, outer = (forwarded.files, files) if forwarded.attached else (files, ())
    number = open_ticket(connection, verdict, told, theirs, rules, inner)
    tickets.made_by(connection, number, brought.by.id)
    tickets.know_message_ids(connection, number, (facts.prepared.mail.message_id,))
    kept = _keep_own_words(connection, number, facts, forwarded, outer)
    if not facts.past:
        counts.raise_counts(connection, [Counted("ticket", facts.sender)], now=facts.now)
    if not silent and count_for_ticket(connection, number, rules, now=facts.now):
        _say_what_was_understood(connection, number, facts, brought, rules, inner, kept=kept)
    return number


def _no_receipt(forwarded: Forwarded, rules: Rules) -> str:
    if not rules.settings.forwarding.receipt:
        return "[forwarding] receipt is off"
    return "the forwarded mail was not written by a person" if forwarded.by_machine else ""


def _keep_own_words(
    connection: Connection, number: int, facts: Facts, forwarded: Forwarded, files: Sequence[File]
) -> bool:
    """What was written around the forward is for the desk alone; whether there was anything."""
    around = forwarded.around
    said = bool(around.new_text.strip())
    if said or files:
        note = messages.NewMessage(
            ticket_id=number,
            kind="note",
            at=facts.prepared.claimed.received_at,
            text=around.text,
            spans=tuple((one.start, one.end, one.kind.value, one.reason) for one in around.spans),
            author_id=facts.person.id if facts.person else None,
            author_address=facts.sender,
            delivery_id=facts.prepared.claimed.id,
            verified=True,
        )
        messages.add(connection, note, files)
    return said


def _say_what_was_understood(
    connection: Connection,
    number: int,
    facts: Facts,
    brought: Brought,
    rules: Rules,
    files: Sequence[File],
    *,
    kept: bool,
) -> None:
    forwarded, mail = facts.prepared.forwarded, facts.prepared.mail
    assert forwarded is not None
    opened = tickets.get(connection, number)
    owner = None if opened.ticket.owner_id is None else people.by_id(connection, opened.ticket.owner_id)
    occasion = Occasion(
        ticket=opened.ticket,
        requester=its_requester(connection, opened),
        area=rules.desk.areas.get(opened.ticket.area) or facts.area,
        anchor=anchor(facts),
        now=facts.now,
        in_reply_to=mail.message_id,
        references=(mail.message_id,) if mail.message_id else (),
    )
    write_to(
        connection,
        "understood",
        recipient(brought.by, address=facts.sender),
        occasion,
        rules,
        requester=forwarded.author,
        date=forwarded.date,
        text=forwarded.reply.new_text,
        names=[one.name for one in files],
        kept=kept,
        owner=owner.name if owner is not None else "",
        told=letters.was_written_to(connection, number, opened.requester_address),
        why=None,
        correct=rules.settings.commands.on,
    )
