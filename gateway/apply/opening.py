"""A ticket that begins: from a first mail, after a closed one, or for a mail that could not be read."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.pieces import already_have_it, anchor, event, keep_mail
from gateway.apply.posting import Rules
from gateway.apply.telling import Occasion, alert, recipient, tell, write_to
from gateway.desk.actions import Audience, Happening, Letter, happen
from gateway.desk.ticket import Ticket
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.inbound.verdicts import Judged, NewTicket, Parked
from gateway.store import counts, people, tickets
from gateway.store.counts import Counted
from gateway.store.messages import File


def open_ticket(
    connection: Connection, verdict: NewTicket, judged: Judged, facts: Facts, rules: Rules, files: Sequence[File]
) -> int:
    prepared, area, now = facts.prepared, facts.area, facts.now
    requester = facts.person or register(connection, facts)
    reader = recipient(requester, address=facts.sender)
    draft = Ticket(
        id=0,
        subject=prepared.mail.subject[:400],
        state=area.workflow.first.name,
        area=area.name,
        requester_id=requester.id,
        organisation_id=requester.organisation_id,
        language=requester.language or prepared.language or area.language,
        created_at=prepared.claimed.received_at,
        updated_at=now,
        state_since=now,
    )
    change = happen(draft, Happening.RECEIVED, workflow=area.workflow, now=now, verified=facts.verified)
    number = tickets.create(
        connection,
        change.ticket,
        state_kind=area.workflow.state(change.ticket.state).kind.value,
        requester_address=facts.sender,
        storm=verdict.storm,
    )
    ticket = replace(change.ticket, id=number)
    keep_mail(connection, number, facts, files, kind="mail", public=True, author=requester.id)
    previous = verdict.follows
    for other, kind in ((previous, "follow_up"), (facts.sibling_ticket, "same_mail"), (verdict.hint, "hint")):
        if other is not None:
            tickets.link(connection, number, other, kind=kind, now=now)
    event(connection, "received", facts, number, actor=requester.id, verified="yes" if facts.verified else "no")
    occasion = Occasion(
        ticket=ticket,
        requester=replace(reader, language=reader.language or prepared.language),
        area=area,
        anchor=anchor(facts),
        now=now,
        said=prepared.reply.new_text,
        alert="storm" if verdict.storm else "new_ticket",
        reason=_words_of_hint(verdict),
        in_reply_to=prepared.mail.message_id,
        references=(prepared.mail.message_id,) if prepared.mail.message_id else (),
        apart=already_have_it(facts),
    )
    tell(connection, [one for one in change.notices if one.to is not Audience.REQUESTER], occasion, rules)
    counted = [Counted("ticket", facts.sender)] if facts.sender else []
    if any(one.letter is Letter.RECEIPT for one in change.notices) and not judged.unanswered and facts.receipts_left:
        counted += _answer_first_mail(connection, facts, requester, occasion, rules, previous)
    counts.raise_counts(connection, counted, now=now)
    return number


def _answer_first_mail(
    connection: Connection,
    facts: Facts,
    requester: people.Person,
    occasion: Occasion,
    rules: Rules,
    previous: int | None,
) -> list[Counted]:
    """The receipt, or what stands in its place; what it counts as."""
    known = facts.verified and requester.state == "active"
    # To somebody who has not proven who they are, no word of the mail goes back: the number only.
    letter = "receipt_new" if not known else "receipt" if previous is None else "follow_up"
    reader = occasion.requester if known else replace(occasion.requester, name="")
    write_to(connection, letter, reader, occasion, rules, received_at=occasion.ticket.created_at, previous=previous)
    return [Counted(f"receipt {facts.area.name}"[:40], facts.sender), Counted("letter", facts.sender)]


def _words_of_hint(verdict: NewTicket) -> str:
    if verdict.follows is not None:
        return f"#{verdict.follows} → follow-up"
    return f"→ #{verdict.hint}?" if verdict.hint is not None else ""


def register(connection: Connection, facts: Facts) -> people.Person:
    """Make the person of a first mail; one who cannot be identified is a placeholder without an address."""
    sender = facts.prepared.mail.sender
    known = isinstance(sender, Mailbox)
    return people.register(
        connection,
        wanted=facts.sender,
        name=sender.name[:200] if isinstance(sender, Mailbox) else "",
        state="pending" if known else "placeholder",
        language=facts.prepared.language,
        organisation_id=people.organisation_of(connection, facts.sender) if known else None,
        now=facts.now,
    )


def open_parked(connection: Connection, verdict: Parked, facts: Facts, rules: Rules, files: Sequence[File]) -> int:
    """A ticket "could not be read" with the original attached: nobody is answered, the team is told."""
    area, now = facts.area, facts.now
    requester = facts.person or register(connection, facts)
    ticket = Ticket(
        id=0,
        subject=facts.prepared.mail.subject[:400],
        state=area.workflow.first.name,
        area=area.name,
        requester_id=requester.id,
        language=requester.language or area.language,
        created_at=facts.prepared.claimed.received_at,
        updated_at=now,
        state_since=now,
    )
    kind = area.workflow.first.kind.value
    number = tickets.create(connection, ticket, state_kind=kind, requester_address=facts.sender)
    keep_mail(connection, number, facts, files, kind="mail", public=True, author=requester.id, flag=verdict.why)
    event(connection, "parked", facts, number, actor=None, why=verdict.why)
    occasion = Occasion(
        ticket=replace(ticket, id=number),
        requester=recipient(requester, address=facts.sender),
        area=area,
        anchor=anchor(facts),
        now=now,
        alert="parked",
        reason=verdict.why,
    )
    alert(connection, Audience.TEAM, occasion, rules)
    return number
