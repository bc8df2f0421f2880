"""A judged mail, written: what it changes, and its delivery's outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from sqlalchemy.engine import Connection

from gateway.apply.accounts import confirm
from gateway.apply.commanding import command
from gateway.apply.forwarding import open_forwarded
from gateway.apply.joining import answer_wish
from gateway.apply.opening import open_parked, open_ticket
from gateway.apply.own_commanding import obey
from gateway.apply.pieces import cause
from gateway.apply.posting import Rules
from gateway.apply.replayed import settle
from gateway.apply.replying import add_reply
from gateway.apply.reporting import mark_letter, refuse
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.inbound.verdicts import (
    Automatic,
    Command,
    Duplicate,
    Joins,
    Judged,
    NewTicket,
    OwnWish,
    Parked,
    Rejected,
    Reply,
    Report,
)
from gateway.store import judgements, people, tickets
from gateway.store.messages import File


@dataclass(frozen=True, slots=True)
class Applied:
    """What a verdict became: the ticket that the delivery belongs to, when there is one."""

    ticket_id: int | None
    once_key: str | None


def apply_verdict(connection: Connection, judged: Judged, facts: Facts, rules: Rules, files: Sequence[File]) -> Applied:
    """Write what a judged mail changes, and its delivery's outcome. The caller's transaction makes it one."""
    number: int | None
    if facts.confirms_account and facts.person is not None:
        confirm(connection, facts.person.id, rules, by="mail", now=facts.now, cause=cause(facts), address=facts.sender)
        facts = _as_it_is_now(connection, facts)
    facts = _named(connection, facts)
    match judged.verdict:
        case NewTicket(forwarded=True) as verdict:
            number = open_forwarded(connection, verdict, judged, facts, rules, files)
        case NewTicket() as verdict:
            number = open_ticket(connection, verdict, judged, facts, rules, files)
        case Reply(ticket_id=number):
            add_reply(connection, judged.verdict, judged, facts, rules, files)
        case Command():
            number, became = command(connection, judged.verdict, facts, rules, files)
            judged = replace(judged, reasons=(*judged.reasons, became) if became else judged.reasons)
        case OwnWish(ticket_id=number):
            why = obey(connection, judged.verdict, judged, facts, rules)
            judged = replace(judged, reasons=(*judged.reasons, why) if why else judged.reasons)
        case Joins() as verdict:
            number = None
            answer_wish(
                connection, verdict.number, rules, yes=verdict.yes, by="mail", cause=cause(facts), now=facts.now
            )
        case Report(ticket_id=number):
            mark_letter(connection, judged.verdict, facts, rules)
        case Rejected() as verdict:
            number = None
            if verdict.told and not judged.unanswered:
                refuse(connection, verdict, judged, facts, rules)
        case Parked() as verdict:
            number = open_parked(connection, verdict, facts, rules, files)
        case Duplicate(ticket_id=number):
            pass
        case Automatic():
            number = None
        case _:
            assert_never(judged.verdict)
    settle(connection, facts, rules, verdict=judged.verdict.name, number=number)
    _finish(connection, judged, facts, number)
    return Applied(number, facts.once_key)


def _as_it_is_now(connection: Connection, facts: Facts) -> Facts:
    """What is known of the sender and of the ticket after the confirmation changed them both."""
    person = people.by_address(connection, facts.sender)
    kept = facts.ticket and tickets.get(connection, facts.ticket.ticket.id, lock=True)
    return replace(facts, person=person, ticket=kept)


def _named(connection: Connection, facts: Facts) -> Facts:
    """Somebody whom the desk made by their address alone is called as their own proven mail calls them."""
    person, sender = facts.person, facts.prepared.mail.sender
    called = sender.name[:200] if isinstance(sender, Mailbox) else ""
    if person is None or person.name or not called or "@" in called or not facts.verified or facts.past:
        return facts
    people.update(connection, person.id, name=called)
    tickets.write_event(
        connection,
        action="person changed",
        actor_kind="system",
        cause=cause(facts),
        now=facts.now,
        person_id=person.id,
        data={"name": called},
    )
    return replace(facts, person=replace(person, name=called))


def _finish(connection: Connection, judged: Judged, facts: Facts, number: int | None) -> None:
    verdict, prepared = judged.verdict, facts.prepared
    once_key = None if isinstance(verdict, Duplicate) else facts.once_key
    judgements.finish(
        connection,
        prepared.claimed.id,
        who=prepared.claimed.claimed_by,
        status="parked" if isinstance(verdict, Parked) else "done",
        verdict=verdict.name,
        stage=judged.stage,
        reasons=judged.reasons,
        now=facts.now,
        facts=facts.trail(judged.unanswered, opens=isinstance(verdict, NewTicket)),
        ticket_id=number,
        duplicate_of=verdict.of if isinstance(verdict, Duplicate) else None,
        content_key=prepared.content_key,
        once_key=once_key,
        sender=facts.sender,
        message_id=prepared.mail.message_id,
    )
