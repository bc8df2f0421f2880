"""A part of a ticket that becomes a ticket of its own, of the same requester, linked to where it came from."""

import re
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.assigning import for_the_desk, hand_out
from gateway.apply.change import set_timers
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Rules
from gateway.apply.telling import tell
from gateway.desk.actions import Happening, happen
from gateway.desk.change import LinkKind, Split
from gateway.desk.folding import words_of
from gateway.desk.inside import part_of
from gateway.desk.notices import Audience
from gateway.desk.people import Actor
from gateway.desk.ticket import Ticket
from gateway.store import messages, tickets


def split_off(
    connection: Connection, split: Split, occasion: Occasion, rules: Rules, *, actor: Actor, cause: str
) -> int:
    """Open the new ticket; its number. The requester gets its receipt, the team its alert, and both say what it was."""
    source, area, now = occasion.ticket, occasion.area, occasion.now
    draft = Ticket(
        id=0,
        subject=split.subject[:400],
        state=area.workflow.first.name,
        area=source.area,
        requester_id=source.requester_id,
        organisation_id=source.organisation_id,
        language=source.language,
        origin=source.origin,
        nature=source.nature,
        created_at=now,
        updated_at=now,
        state_since=now,
    )
    change = happen(draft, Happening.RECEIVED, workflow=area.workflow, now=now, verified=source.verified)
    kind = area.workflow.state(change.ticket.state).kind.value
    address = occasion.requester.address
    number = tickets.create(connection, change.ticket, state_kind=kind, requester_address=address)
    ticket = replace(change.ticket, id=number)
    set_timers(connection, ticket, area)
    messages.add(
        connection,
        messages.NewMessage(
            ticket_id=number,
            kind="mail",
            at=now,
            text=split.text,
            author_id=source.requester_id,
            author_address=address,
            public=True,
            verified=source.verified,
            flags=(f"split from #{source.id}",),
        ),
        (),
    )
    tickets.link(connection, number, source.id, kind=LinkKind.SPLIT.value, now=now)
    tickets.write_event(
        connection,
        action=Happening.RECEIVED.value,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        cause=cause,
        now=now,
        ticket_id=number,
        data={"split_from": str(source.id)},
    )
    was = part_of(source.id, area.language)
    about = replace(occasion, ticket=ticket, anchor=f"split {number}", said=split.text, alert="new_ticket", reason=was)
    handed = hand_out(connection, ticket, about, rules, cause=cause)
    said = {"split_from": str(source.id)}
    mine = [one for one in change.notices if one.to is Audience.REQUESTER]
    requester = [replace(one, variables={**one.variables, **said}) for one in mine]
    requester += [] if handed is None else handed.to_requester
    about = about if handed is None else replace(about, ticket=handed.ticket)
    tell(connection, [*for_the_desk(change.notices, about.ticket, handed), *requester], about, rules)
    return number


def words_of_requester(connection: Connection, ticket: Ticket, quoted: str) -> str:
    """What of a quotation its requester wrote in this ticket, without the marks; empty when nothing is.

    The new ticket has it as their own words, for them to read: a letter of the desk quotes the team's notes too. Mail
    programs break the lines that they quote, so a line counts where its words follow each other in a mail.
    """
    theirs = [_words(text) for text in messages.texts_of(connection, ticket.id, ticket.requester_id)]
    marked = (line.lstrip("> ").rstrip() for line in quoted.splitlines() if line.lstrip().startswith(">"))
    kept = (line if words_of(line) else "" for line in marked if any(_words(line) in one for one in theirs))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _words(text: str) -> str:
    """With a blank around each, so that none is found inside another; a line without any is in every text."""
    return " ".join(("", *words_of(text), ""))
