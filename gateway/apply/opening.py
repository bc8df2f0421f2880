"""A ticket that begins: from a first mail, after a closed one, or for a mail that could not be read."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.absent import note_absence
from gateway.apply.assigning import for_the_desk, hand_out, tell_requester
from gateway.apply.change import set_timers, write_change
from gateway.apply.first_answer import Asker, FirstAnswer, answer_first_mail, first_turn
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import already_have_it, anchor, cause, event, keep_mail, kept_files, remarks
from gateway.apply.posting import Rules
from gateway.apply.replayed import begin
from gateway.apply.ruled import area_of, as_given, for_the_event
from gateway.apply.suspecting import suspected
from gateway.apply.taking_part import join_by_cc
from gateway.apply.telling import alert, recipient, tell
from gateway.desk import completeness, courtesy
from gateway.desk.actions import Action, Audience, Change, Happening, Letter, Refused, act, happen
from gateway.desk.forwarding import forwarded_by
from gateway.desk.inside import goes_on_from, possibly_about
from gateway.desk.people import Actor, ActorKind, May, PersonState, Role, may
from gateway.desk.registration import asks_for_account
from gateway.desk.suspects import suspicion
from gateway.desk.ticket import ACCOUNT_REQUEST, HELD, STORM, Origin, Ticket, kept_back
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.inbound.verdicts import Judged, NewTicket, Parked
from gateway.store import counts, people, tickets
from gateway.store.counts import Counted
from gateway.store.messages import File


def open_ticket(
    connection: Connection, verdict: NewTicket, judged: Judged, facts: Facts, rules: Rules, files: Sequence[File]
) -> int:
    door, given, area = facts.area, facts.given, area_of(verdict, facts, rules)
    facts = replace(facts, area=area)
    prepared, now = facts.prepared, facts.now
    requester = facts.person or register(connection, facts)
    reader = recipient(requester, address=facts.sender)
    own_language = given.fields.get("language") or requester.language or prepared.language or area.language
    back = _tags(facts, requester, rules)
    draft = Ticket(
        id=0,
        subject=prepared.mail.subject[:400],
        state=area.workflow.first.name,
        area=area.name,
        requester_id=requester.id,
        organisation_id=requester.organisation_id,
        language=own_language,
        origin=_origin(facts, requester),
        created_at=prepared.claimed.received_at,
        updated_at=now,
        state_since=now,
        tags=(*back, STORM) if verdict.storm else back,
    )
    draft = as_given(connection, draft, given, area)
    sure = _sure(facts, requester)
    change = happen(draft, Happening.RECEIVED, workflow=area.workflow, now=now, verified=sure)
    ticket = begin(connection, change.ticket, facts, door=door, storm=verdict.storm)
    if ticket.area != area.name:
        # It was parked before, and people have begun to work on it where it was.
        area, facts = door, replace(facts, area=door)
    number = ticket.id
    set_timers(connection, ticket, area)
    language = given.fields.get("language") or reader.language or prepared.language or area.language
    found = _impolite(facts, requester)
    flags = courtesy.labels(found, area.language)
    keep_mail(connection, number, facts, files, kind="mail", public=True, author=requester.id, flags=flags)
    previous, sibling = verdict.follows, facts.sibling.ticket_id if facts.sibling else None
    said = for_the_event(ticket, given)
    for other, kind in ((previous, "follow_up"), (sibling, "same_mail"), (verdict.hint, "hint")):
        if other is not None:
            tickets.link(connection, number, other, kind=kind, now=now)
            said[kind] = str(other)
    if facts.brought_by is not None:
        said["requester"] = facts.sender
    actor = (facts.brought_by or requester).id
    event(connection, "received", facts, number, actor=actor, verified="yes" if facts.verified else "no", **said)
    if facts.brought_by is None:
        join_by_cc(connection, facts, ticket, rules, by=requester)
    near = suspected(connection, ticket, facts, files)
    if not facts.past:
        note_absence(connection, facts, number)
    occasion = Occasion(
        ticket=ticket,
        requester=replace(reader, language=language),
        area=area,
        anchor=anchor(facts),
        now=now,
        said=prepared.reply.new_text,
        all_quoted=prepared.reply.all_quoted,
        alert="storm" if verdict.storm else "new_ticket",
        reason="; ".join(filter(None, (_words(verdict, facts), suspicion(near, area.language), remarks(facts)))),
        in_reply_to=prepared.mail.message_id,
        references=(prepared.mail.message_id,) if prepared.mail.message_id else (),
        came=kept_files(files),
        apart=already_have_it(facts),
    )
    answered = _answered(change, requester, judged, facts)
    asker = Asker(person=requester, address=facts.sender, area=area.name, verified=facts.verified)
    turn = first_turn(connection, asker, rules, number=number, now=now, cause=cause(facts)) if answered else None
    # Only who is told what is missing is waited for.
    missing = _missing(facts, requester, ticket, rules, language) if turn else ()
    waiting = _send_back(connection, ticket, missing, occasion, rules) if missing else ticket
    handed = None
    if waiting is ticket and not back and not facts.past:
        handed = None if kept_back(ticket) else hand_out(connection, ticket, occasion, rules, cause=cause(facts))
        waiting = ticket if handed is None else handed.ticket
        told = replace(occasion, ticket=waiting)
        tell(connection, for_the_desk(change.notices, waiting, handed), told, rules)
    if facts.sender and not facts.past and facts.brought_by is None:
        counts.raise_counts(connection, [Counted("ticket", facts.sender)], now=now)
    if turn:
        hint = courtesy.hint(found, language) if rules.settings.courtesy.hint else ""
        first = FirstAnswer(
            to=asker,
            turn=turn,
            previous=previous,
            missing=missing,
            hint=hint,
            unclear=verdict.unclear,
            author=prepared.forwarded.author if prepared.forwarded else "",
        )
        answer_first_mail(connection, first, replace(occasion, ticket=waiting), rules)
        if facts.brought_by is None:
            tell_requester(connection, handed, requester, occasion, rules)
    return number


def _origin(facts: Facts, requester: people.Person) -> Origin:
    """What people of the team ask of it themselves is internal, whichever door it came by."""
    if requester.roles_in(facts.area.name):
        return Origin.INTERNAL
    return Origin.WEB if facts.prepared.claimed.source == "web" else Origin.MAIL


def _answered(change: Change, requester: people.Person, judged: Judged, facts: Facts) -> bool:
    """Whether a letter goes back to the sender by itself; who said that it was not them gets none."""
    wanted = any(one.letter is Letter.RECEIPT for one in change.notices)
    return wanted and not judged.unanswered and facts.receipts_left and not requester.disowned


def _by_a_customer(facts: Facts, requester: people.Person) -> bool:
    return facts.prepared.kind.kind is MailKind.PERSON and not requester.roles


def _impolite(facts: Facts, requester: people.Person) -> tuple[courtesy.Breach, ...]:
    if not _by_a_customer(facts, requester):
        return ()
    mail = facts.prepared.mail
    return courtesy.breaches(mail.subject, facts.prepared.reply.new_text, mail.raw_html)


def _missing(facts: Facts, requester: people.Person, ticket: Ticket, rules: Rules, language: str) -> tuple[str, ...]:
    """What the desk needs before it can work on this ticket, in the requester's words."""
    if not rules.settings.completeness or kept_back(ticket) or not _by_a_customer(facts, requester):
        return ()
    if not may(requester.state, May.BE_ANSWERED):
        return ()
    return completeness.missing(
        completeness.rules_of(rules.settings.completeness),
        area=ticket.area,
        category=ticket.category,
        subject=ticket.subject,
        text=facts.prepared.reply.new_text,
        attachments=len(facts.prepared.mail.attachments),
        language=language,
    )


def _send_back(
    connection: Connection, ticket: Ticket, missing: tuple[str, ...], occasion: Occasion, rules: Rules
) -> Ticket:
    """The ticket waits for its requester, where its workflow knows of that; the list goes out with the receipt."""
    text = completeness.request(missing, occasion.requester.language)
    desk = Actor(None, ActorKind.SYSTEM, frozenset(Role))
    change = act(ticket, Action.INCOMPLETE, actor=desk, workflow=occasion.area.workflow, now=occasion.now, text=text)
    if isinstance(change, Refused):
        return ticket
    quiet = replace(change, notices=())
    write_change(connection, quiet, occasion, rules, before=ticket, actor=desk, cause="completeness")
    return replace(change.ticket, version=ticket.version + 1)


def _tags(facts: Facts, requester: people.Person, rules: Rules) -> tuple[str, ...]:
    """What keeps a first mail from the desk: that it only asks for an account, or has to be confirmed first."""
    registration = rules.settings.registration
    if requester.state != PersonState.PENDING:
        return ()
    if asks_for_account(facts.prepared.mail.subject, own=registration.subjects):
        return (ACCOUNT_REQUEST,)
    return (HELD,) if registration.policy == "hold" and facts.brought_by is None else ()


def _sure(facts: Facts, requester: people.Person) -> bool:
    """Whether it is sure who asks. Who forwards a mail answers for its author, once that address was confirmed."""
    if facts.brought_by is not None:
        return requester.state == PersonState.ACTIVE
    return facts.verified and requester.state != PersonState.PENDING


def _words(verdict: NewTicket, facts: Facts) -> str:
    """What the ticket is beside a new one."""
    if facts.brought_by is not None:
        return forwarded_by(facts.brought_by.name or facts.brought_by.address, facts.area.language)
    if verdict.follows is not None:
        return goes_on_from(verdict.follows, facts.area.language)
    return possibly_about(verdict.hint, facts.area.language) if verdict.hint is not None else ""


def register(connection: Connection, facts: Facts) -> people.Person:
    """Make the person of a first mail; one who cannot be identified is a placeholder without an address."""
    sender = facts.prepared.mail.sender
    known = isinstance(sender, Mailbox)
    person = people.register(
        connection,
        wanted=facts.sender,
        name=sender.name[:200] if isinstance(sender, Mailbox) else "",
        state=PersonState.PENDING.value if known else "placeholder",
        language=facts.prepared.language,
        organisation_id=people.organisation_of(connection, facts.sender) if known else None,
        now=facts.now,
    )
    tickets.write_event(
        connection,
        action="person made",
        actor_kind="system",
        cause=cause(facts),
        now=facts.now,
        person_id=person.id,
        data={"state": person.state},
    )
    return person


def open_parked(connection: Connection, verdict: Parked, facts: Facts, rules: Rules, files: Sequence[File]) -> int:
    """A ticket "could not be read" with the original attached: nobody is answered, the team is told."""
    area, now = facts.area, facts.now
    again = facts.prepared.claimed.parked_ticket
    if again is not None:
        event(connection, "parked", facts, again, actor=None, why=verdict.why)
        return again
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
    set_timers(connection, replace(ticket, id=number), area)
    occasion = Occasion(
        ticket=replace(ticket, id=number),
        requester=recipient(requester, address=facts.sender),
        area=area,
        anchor=anchor(facts),
        now=now,
        alert="parked",
        reason=verdict.why,
        came=kept_files(files),
    )
    alert(connection, Audience.TEAM, occasion, rules)
    return number
