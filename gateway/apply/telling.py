"""Who reads a notice, and the letters that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.budget import waits
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.desk.areas import Area
from gateway.desk.business_time import next_opening, open_at
from gateway.desk.notices import Audience, Letter, Notice
from gateway.desk.people import ActorKind, PersonState, Role
from gateway.desk.reckoning import closing_at, due_of
from gateway.desk.ticket import Field, Ticket
from gateway.desk.verbs import Action
from gateway.desk.words import in_language
from gateway.outbound.leaving import Goes, Held
from gateway.outbound.letters import LETTERS
from gateway.store import people
from gateway.store.letters import KeptFile
from gateway.threading.links import request_link

TEAM = frozenset({"agent", "supervisor"})
SUPERVISORS = frozenset({"supervisor", "administrator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the letters of one change have in common. `anchor` names its cause; `said` is the text that goes with it.

    `apart` holds addresses that get no letter: those who stood in To or Cc of the mail have it already.
    """

    ticket: Ticket
    requester: Recipient
    area: Area
    anchor: str
    now: datetime
    said: str = ""
    # The mail says nothing new: all of it is quoted.
    all_quoted: bool = False
    alert: str = "customer_replied"
    reason: str = ""
    author: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] | None = None
    files: Sequence[KeptFile] = ()
    apart: frozenset[str] = frozenset()
    # When the ticket closes by itself, where that is not as its timers say.
    closes_at: datetime | None = None
    # When a letter to the requester that nobody wrote by hand may leave; None: at once.
    turn: Goes | Held | None = None


def tell(connection: Connection, notices: Iterable[Notice], occasion: Occasion, rules: Rules) -> int:
    """Put the letters of these notices into the outbox; how many."""
    written = 0
    for notice in notices:
        if _stopped(notice, occasion.ticket):
            continue
        for reader in readers(connection, notice.to, occasion, level=notice.variables.get("level_name")):
            if reader.address in occasion.apart:
                continue
            kind = str(notice.variables.get("kind") or occasion.alert)
            ticket, now = occasion.ticket.id, occasion.now
            if waits(connection, notice, reader, rules, kind=kind, area=occasion.area, ticket_id=ticket, now=now):
                continue
            values = variables_of(connection, notice, occasion, reader)
            by_itself = LETTERS[notice.letter.value].auto_submitted is not None
            if notice.to is Audience.REQUESTER and by_itself and not occasion.ticket.verified:
                # To somebody who has not proven who they are, no word of their mail goes back (RULES 5).
                reader, values["subject"] = replace(reader, name=""), ""
            files = occasion.files if notice.letter is Letter.ANSWER else ()
            draft = _draft(notice.letter.value, reader, occasion, values, files)
            if notice.to is Audience.REQUESTER:
                draft = replace(_opening_its_page(connection, draft, occasion, rules), turn=occasion.turn)
            written += post(connection, draft, rules) is not None
    return written


def alert(connection: Connection, to: Audience, occasion: Occasion, rules: Rules) -> int:
    """Tell people of the desk about something that no workflow names; how many were told."""
    return tell(connection, (Notice(Letter.ALERT, to, {}),), occasion, rules)


def write_to(
    connection: Connection,
    letter: str,
    reader: Recipient,
    occasion: Occasion,
    rules: Rules,
    *,
    confirms: int | None = None,
    account: bool = False,
    turn: Goes | Held | None = None,
    **values: object,
) -> int | None:
    """One letter to one person, at its turn; an answer confirms the message `confirms`, or who they are."""
    draft = _draft(letter, reader, occasion, {"subject": occasion.ticket.subject} | values, ())
    if letter != "alert" and reader.person_id == occasion.ticket.requester_id:
        draft = _opening_its_page(connection, draft, occasion, rules)
    return post(connection, replace(draft, confirms=confirms, account=account, turn=turn), rules)


def readers(connection: Connection, audience: Audience, occasion: Occasion, *, level: object = None) -> list[Recipient]:
    """Who reads a letter to this audience; to a level of the ladder: its people, or where it has none supervisors.

    Of the team only those who may see the ticket in its state.
    """
    if audience is Audience.LEVEL:
        members = occasion.area.levels.get(str(level), ())
        known = [people.by_address(connection, address) for address in members]
        if any(known):
            return [recipient(person) for person in known if person is not None]
        audience = Audience.SUPERVISORS
    match audience:
        case Audience.REQUESTER:
            return [occasion.requester] if occasion.requester.address else []
        case Audience.OWNER if occasion.ticket.owner_id is not None:
            numbers = [occasion.ticket.owner_id]
        case Audience.SUPERVISORS:
            numbers = people.team(connection, occasion.area.name, roles=SUPERVISORS, now=occasion.now)
        case _:
            numbers = people.team(connection, occasion.area.name, roles=TEAM, now=occasion.now)
    found = (people.by_id(connection, number) for number in numbers)
    return [recipient(person) for person in found if person is not None and person.address and _sees(person, occasion)]


def _sees(person: people.Person, occasion: Occasion) -> bool:
    roles = frozenset(Role(role) for role in person.roles_in(occasion.area.name))
    return person.id == occasion.ticket.owner_id or occasion.area.workflow.visible(occasion.ticket.state, roles)


def recipient(person: people.Person, *, address: str = "") -> Recipient:
    return Recipient(person.id, address or person.address, person.name, person.language, person.zone)


def _draft(
    letter: str, reader: Recipient, occasion: Occasion, values: Mapping[str, object], files: Sequence[KeptFile]
) -> Draft:
    return Draft(
        letter=letter,
        to=reader,
        area=occasion.area,
        ticket_id=occasion.ticket.id,
        anchor=occasion.anchor,
        variables=values,
        now=occasion.now,
        in_reply_to=occasion.in_reply_to,
        references=occasion.references,
        files=files,
    )


def _stopped(notice: Notice, ticket: Ticket) -> bool:
    """Whether the requester wants no such letter: what people write to them still comes, whatever letter holds it."""
    if notice.to is not Audience.REQUESTER or not ticket.field(Field.QUIET):
        return False
    return LETTERS[notice.letter.value].auto_submitted is not None and not notice.variables.get("text")


def _opening_its_page(connection: Connection, draft: Draft, occasion: Occasion, rules: Rules) -> Draft:
    """The letter with a link that opens the ticket's page without signing in.

    Only for a requester of whom it is sure that they asked: to others it would show what a forged sender wrote.
    """
    url, ticket = rules.settings.web.public_url, occasion.ticket
    if not url or not ticket.verified:
        return draft
    person = people.by_id(connection, ticket.requester_id)
    if person is None or person.state == PersonState.PENDING:
        return draft
    link = request_link(rules.tokens.keys, url, person.id, ticket.id, now=occasion.now)
    return replace(draft, variables={**draft.variables, "link": link})


def variables_of(connection: Connection, notice: Notice, occasion: Occasion, reader: Recipient) -> dict[str, object]:
    """What the letter of a notice gets that differs from ticket to ticket, said in its reader's language."""
    language = reader.language or occasion.area.language
    said = {
        name: words if words is None or isinstance(words, datetime) else in_language(words, language)
        for name, words in notice.variables.items()
    }
    ticket, area = occasion.ticket, occasion.area
    workflow, calendar = area.workflow, area.calendar
    values: dict[str, object] = {
        "subject": ticket.subject,
        # What goes with the change is for the desk; to the requester only what the change says is for them.
        "text": "" if notice.to is Audience.REQUESTER else occasion.said,
        "all_quoted": occasion.all_quoted,
        "author": occasion.author,
        "reason": occasion.reason,
        "received_at": ticket.created_at,
        "missing": (),
    }
    if notice.letter is Letter.ALERT:
        values["kind"] = occasion.alert
        values["requester"] = occasion.requester.name or occasion.requester.address
    wanted = LETTERS[notice.letter.value].variables
    if "closes_at" in wanted:
        closes_at = closing_at(ticket, workflow=workflow, calendar=calendar)
        values["closes_at"] = occasion.closes_at or closes_at
    if "reopen_until" in wanted:
        values["reopen_until"] = None if workflow.grace is None else occasion.now + workflow.grace
    if "opens_at" in wanted:
        values["opens_at"] = opening(area, occasion.now)
    if "times" in wanted:
        values["times"] = promised_times(ticket, area, language, now=occasion.now)
    if "owner" in wanted:
        owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
        values["owner"] = owner.name if owner is not None else ""
    if "best" in wanted:
        survey = workflow.survey_for(ticket.nature or "")
        offered = survey is not None and workflow.transition(Action.SURVEY, ticket.state, _CUSTOMER) is not None
        values["best"] = survey.best if survey is not None and offered else 0
        values["question"] = in_language(survey.question, language) if survey is not None and offered else ""
    if "due_at" in wanted:
        values |= {"due_at": ticket.due_at, "queue": ticket.queue_place, "difficulty": ticket.difficulty}
    if "target" in wanted and (target := workflow.target_of(str(notice.variables.get("timer", "")))) is not None:
        values["target"] = in_language(target.labels, language)
        values["due_at"] = due_of(target.rule, ticket, calendar=calendar).due_at
    return values | said


def opening(area: Area, now: datetime) -> datetime | None:
    """When the area opens; None when it is open now."""
    return None if open_at(area.calendar, now) else next_opening(area.calendar, now)


def promised_times(ticket: Ticket, area: Area, language: str, *, now: datetime) -> list[tuple[str, datetime]]:
    """What the desk promises for the ticket as it is now and is still to come, as pairs of what and when."""
    promised = (
        (in_language(target.labels, language), due_of(target.rule, ticket, calendar=area.calendar).due_at)
        for target in area.workflow.targets
        if target.rule.concerns(ticket)
    )
    return [(what, at) for what, at in promised if at > now]


_CUSTOMER = frozenset({ActorKind.REQUESTER})
