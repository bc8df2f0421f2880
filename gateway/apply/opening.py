"""A ticket that begins: from a first mail, after a closed one, or for a mail that could not be read."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.absent import note_absence
from gateway.apply.change import set_timers, write_change
from gateway.apply.first_answer import FirstAnswer, answer_first_mail, first_turn
from gateway.apply.pieces import already_have_it, anchor, event, keep_mail, remarks
from gateway.apply.posting import Rules
from gateway.apply.replayed import begin
from gateway.apply.ruled import area_of, as_given, for_the_event
from gateway.apply.suspecting import suspected
from gateway.apply.telling import Occasion, alert, recipient, tell
from gateway.desk import completeness, courtesy
from gateway.desk.actions import Action, Audience, Change, Happening, Letter, Refused, act, happen
from gateway.desk.notices import Alert, Notice
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
    draft = as_given(connection, draft, given)
    sure = facts.verified and requester.state != PersonState.PENDING
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
    for other, kind in ((previous, "follow_up"), (sibling, "same_mail"), (verdict.hint, "hint")):
        if other is not None:
            tickets.link(connection, number, other, kind=kind, now=now)
    said = for_the_event(ticket, given)
    event(connection, "received", facts, number, actor=requester.id, verified="yes" if facts.verified else "no", **said)
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
        reason="; ".join(filter(None, (_words_of_hint(verdict), suspicion(near, area.language), remarks(facts)))),
        in_reply_to=prepared.mail.message_id,
        references=(prepared.mail.message_id,) if prepared.mail.message_id else (),
        apart=already_have_it(facts),
    )
    answered = _answered(change, requester, judged, facts)
    turn = first_turn(connection, facts, requester, rules, number=number) if answered else None
    # Only who is told what is missing is waited for.
    missing = _missing(facts, requester, ticket, rules, language) if turn else ()
    waiting = _send_back(connection, ticket, missing, occasion, rules) if missing else ticket
    if waiting is ticket and not back and not facts.past:
        notices = [one for one in change.notices if one.to is not Audience.REQUESTER]
        if ticket.owner_id is not None:
            # First, so that the owner reads that it is theirs, and not that nobody has it.
            notices.insert(0, Notice(Letter.ALERT, Audience.OWNER, {"kind": Alert.ASSIGNED.value}))
        tell(connection, notices, occasion, rules)
    if facts.sender and not facts.past:
        counts.raise_counts(connection, [Counted("ticket", facts.sender)], now=now)
    if turn:
        hint = courtesy.hint(found, language) if rules.settings.courtesy.hint else ""
        first = FirstAnswer(requester, turn, previous, missing, hint)
        answer_first_mail(connection, facts, first, replace(occasion, ticket=waiting), rules)
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
    return (HELD,) if registration.policy == "hold" else ()


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
        state=PersonState.PENDING.value if known else "placeholder",
        language=facts.prepared.language,
        organisation_id=people.organisation_of(connection, facts.sender) if known else None,
        now=facts.now,
    )


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
    )
    alert(connection, Audience.TEAM, occasion, rules)
    return number
