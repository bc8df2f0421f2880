"""What the letter of a notice says: the values that its template gets from the ticket, the change, and the clock."""

from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.actors import standing_of
from gateway.apply.alerting import shown
from gateway.apply.groups import group_called
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Recipient, Rules
from gateway.desk.areas import Area
from gateway.desk.business_time import next_opening, open_at
from gateway.desk.guards import allowed
from gateway.desk.notices import Alert, Audience, Letter, Notice
from gateway.desk.people import Actor, ActorKind
from gateway.desk.reckoning import closing_at, due_of
from gateway.desk.refusals import Refused
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action
from gateway.desk.words import in_language
from gateway.outbound.letters import LETTERS
from gateway.store import people


def variables_of(
    connection: Connection, notice: Notice, occasion: Occasion, reader: Recipient, rules: Rules
) -> dict[str, object]:
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
    target = workflow.target_of(str(notice.variables.get("timer", "")))
    if notice.letter is Letter.ALERT:
        kind = Alert(str(notice.variables.get("kind") or occasion.alert))
        values["kind"] = kind.value
        warned = target.name if target else ""
        values |= shown(connection, kind, occasion, reader, rules, target=warned)
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
        if owner is None and notice.letter is Letter.ALERT:
            # For the desk alone: a letter to its requester tells of nobody while nobody has it.
            values["owner"] = group_called(ticket, area, language)
    if "best" in wanted:
        survey = workflow.survey_for(ticket.nature or "")
        offered = survey is not None and workflow.transition(Action.SURVEY, ticket.state, _CUSTOMER) is not None
        values["best"] = survey.best if survey is not None and offered else 0
        values["question"] = in_language(survey.question, language) if survey is not None and offered else ""
    if "classification" in wanted:
        asker, standing = Actor(ticket.requester_id, ActorKind.REQUESTER), standing_of(connection, ticket)
        step = allowed(ticket, Action.DISPUTE, actor=asker, workflow=workflow, standing=standing)
        values["classification"] = "" if isinstance(step, Refused) else ticket.classification or ""
    if "due_at" in wanted:
        # An alert has the date that was promised among its deadlines.
        due_at = None if notice.letter is Letter.ALERT else ticket.due_at
        values |= {"due_at": due_at, "queue": ticket.queue_place, "difficulty": ticket.difficulty}
    if "target" in wanted and target is not None:
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
