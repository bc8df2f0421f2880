"""Somebody becomes part of a ticket, because they stand in Cc or by a command, or leaves it. It is never asked of them.

Who takes part gets what is written from then on, and nothing from before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.company import fellows
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import cause, event
from gateway.apply.posting import Rules
from gateway.apply.telling import recipient, write_to
from gateway.desk.participants import Bar
from gateway.desk.people import May, PersonState, may
from gateway.desk.ticket import STORM, Ticket
from gateway.inbound.addresses import normalise
from gateway.inbound.answers import no_reply
from gateway.inbound.authenticate import Level
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.inbound.verdicts import Judged
from gateway.outbound.leaving import Dropped
from gateway.store import participants, people, suppressions, tickets
from gateway.store.participants import Part
from gateway.store.people import Person

# Of a Cc that is longer than any letter's.
MOST_LOOKED_AT = 100


def barred(connection: Connection, address: str, person: Person | None, ticket: Ticket, rules: Rules) -> Bar | None:
    """Why nobody at this address may be written to as part of the ticket; None when somebody may."""
    lists = {normalise(one.address) for one in rules.settings.mailing_list}
    if rules.desk.ours(address) or address in lists:
        return Bar.OURS
    if no_reply(address):
        return Bar.NO_REPLY
    if suppressions.suppressed(connection, address):
        return Bar.SUPPRESSED
    if person is None:
        return None
    if person.id == ticket.requester_id:
        return Bar.REQUESTER
    if person.roles_in(ticket.area):
        return Bar.DESK
    return None if may(person.state, May.BE_ANSWERED) else Bar.ACCOUNT


def somebody(connection: Connection, address: str, name: str, *, cause: str, now: datetime) -> Person:
    """Who has this address; when nobody has it, a pending person, who is not asked to confirm anything."""
    known = people.by_address(connection, address)
    if known is not None:
        return known
    person = people.register(
        connection,
        wanted=address,
        name=name[:200],
        state=PersonState.PENDING.value,
        language="",
        organisation_id=people.organisation_of(connection, address),
        now=now,
    )
    tickets.write_event(
        connection,
        action="person made",
        actor_kind="system",
        cause=cause,
        now=now,
        person_id=person.id,
        data={"state": person.state},
    )
    return person


def room(connection: Connection, number: int, rules: Rules) -> int:
    """How many more may take part in the ticket."""
    here = [one for one in participants.parts(connection, number).values() if one is Part.CC]
    return max(0, rules.settings.participants.most - len(here))


def join_by_cc(
    connection: Connection,
    facts: Facts,
    ticket: Ticket,
    rules: Rules,
    *,
    by: Person,
    cc: Sequence[Mailbox] | None = None,
) -> None:
    """Let those in Cc of a proven mail take part: its author is the ticket's requester, or answers for the desk.

    Nobody comes back by this who left or was taken out, and nobody who was asked aside is let in. cc: that of an
    earlier mail of theirs, for which this one vouches.
    """
    named = facts.prepared.mail.cc if cc is None else cc
    wanted = [one for one in named[:MOST_LOOKED_AT] if one.address != facts.sender]
    proven = facts.prepared.identity.level >= Level.S1 and facts.prepared.kind.kind is MailKind.PERSON
    if not (wanted and proven and rules.settings.participants.from_cc) or facts.past or STORM in ticket.tags:
        return
    here = set(participants.ever(connection, ticket.id))
    left = room(connection, ticket.id, rules)
    came: list[str] = []
    too_many = 0
    for one in wanted:
        person = people.by_address(connection, one.address)
        if person is not None and (person.id in here or person.roles):
            continue
        if barred(connection, one.address, person, ticket, rules) is not None:
            continue
        if len(came) >= left:
            too_many += 1
            continue
        person = somebody(connection, one.address, one.name, cause=cause(facts), now=facts.now)
        participants.add(connection, ticket.id, person.id, address=one.address, added_by=by.id, now=facts.now)
        here.add(person.id)
        came.append(one.address)
    if came or too_many:
        more = {"left_out": str(too_many)} if too_many else {}
        event(connection, "participants", facts, ticket.id, actor=by.id, added=", ".join(came), **more)


def leave(connection: Connection, facts: Facts, judged: Judged, occasion: Occasion, rules: Rules) -> None:
    """A participant wants no more letters; one says so, and it is the last. Who has left already gets none."""
    person, number = facts.person, occasion.ticket.id
    if person is not None and _told_as_agent(connection, person, occasion, rules):
        # So that it is known of them that they left.
        participants.add(connection, number, person.id, address=facts.sender, added_by=None, now=facts.now)
    if person is None or not participants.leave(connection, number, person.id, now=facts.now):
        return
    event(connection, "left", facts, number, actor=person.id)
    asked = Asked(address=facts.sender, new_sender=new_sender(person), ticket=number)
    turn = Dropped(judged.unanswered) if judged.unanswered else answer_turn(connection, asked, rules, now=facts.now)
    if isinstance(turn, Dropped):
        return
    count(connection, asked, turn, now=facts.now)
    reader = recipient(person, address=facts.sender)
    reader = replace(reader, name="") if new_sender(person) else reader
    subject = occasion.ticket.subject if occasion.ticket.verified else ""
    write_to(connection, "left", reader, occasion, rules, turn=turn, subject=subject)


def _told_as_agent(connection: Connection, person: Person, occasion: Occasion, rules: Rules) -> bool:
    """Whether they get its letters only as an agent of its organisation."""
    told = any(one.reader.person_id == person.id for one in fellows(connection, occasion.ticket, rules))
    return told and person.id not in participants.ever(connection, occasion.ticket.id)
