"""What an action does to a ticket: guard, change, event, notices, in that order and always so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.desk import parameters as reading
from gateway.desk.change import Change, Event, Link, LinkKind, MessageKind, NewMessage, Split, SurveyAnswer
from gateway.desk.changing import at_level, differences, holding, in_state, variables
from gateway.desk.guards import allowed, enough, implied, one_of_its_group
from gateway.desk.happenings import climb, elapse, happen
from gateway.desk.labelled import choices_of
from gateway.desk.notices import Alert, Audience, Letter, Notice, Variable, Wanted, notices
from gateway.desk.parameters import Values
from gateway.desk.people import Actor, ActorKind, PersonState, Standing
from gateway.desk.refusals import Refusal, Refused, missing, not_conforming, unknown_value
from gateway.desk.states import StateKind, Transition
from gateway.desk.ticket import Field, Ticket, with_fields
from gateway.desk.verbs import ANSWERS, TOLD, Action, Happening
from gateway.desk.words import in_language
from gateway.desk.workflow import Workflow

__all__ = [
    "Action",
    "Alert",
    "Audience",
    "Change",
    "Event",
    "Happening",
    "Letter",
    "Link",
    "LinkKind",
    "MessageKind",
    "NewMessage",
    "Notice",
    "Refusal",
    "Refused",
    "act",
    "climb",
    "elapse",
    "happen",
    "unknown_value",
]


@dataclass(frozen=True, slots=True)
class _Done:
    """An action that may be done: its step of the workflow, what was given with it, the state that it leads to."""

    action: Action
    step: Transition
    values: Values
    to: str | None
    text: str


def act(
    ticket: Ticket,
    action: Action,
    *,
    actor: Actor,
    workflow: Workflow,
    now: datetime,
    text: str = "",
    parameters: Mapping[str, str] | None = None,
    attachments: int = 0,
    standing: Standing | None = None,
) -> Change | Refused:
    """Do `action` as `workflow` says, or refuse it with the reason.

    `owner` and `organisation` among the parameters are numbers of rows, `to` is a ticket's: who knows names looks them
    up before, and refuses one that there is not with `unknown_value`. With `attachments` the text may be empty.
    `standing` is the requester's.
    """
    standing = standing or Standing()
    done = _permitted(ticket, action, actor, workflow, text, parameters or {}, attachments, standing)
    if isinstance(done, Refused):
        return done
    if _waits_for_account(done, actor, workflow, standing):
        return _account_inactive(ticket, done, workflow, now=now)
    values, text = done.values, done.text
    if values.when is not None and values.when > now:
        said_at, latest = (moment.isoformat(timespec="minutes") for moment in (values.when, now))
        return unknown_value("when", said_at, example=latest)
    said = bool(text.strip()) or attachments > 0
    told = said and action in TOLD
    unsolved = _nonconforming(ticket, done, actor, workflow) if told else False
    if unsolved and workflow.conformity is not None and workflow.conformity.hold:
        return not_conforming(action)

    after = _after(ticket, done, actor, workflow, told=told, now=now)
    if isinstance(after, Refused):
        return after
    wanted: tuple[Wanted, ...] = done.step.notices
    if unsolved:
        wanted += ((Audience.SUPERVISORS, Alert.NONCONFORMITY),)
    message = _message(done, actor, told=told) if _kept(action, said) else None
    return Change(
        ticket=after,
        message=message,
        events=(Event(action, {**differences(ticket, after), **_particulars(done, message, unsolved=unsolved)}),),
        notices=notices(
            wanted,
            ticket=after,
            actor=actor,
            text=text.strip(),
            text_told=told,
            variables=variables(action, after, workflow) | _said(values),
        ),
        entered_state=after.state != ticket.state,
        links=() if values.link_to is None else (Link(values.link_to, _link_kind(action, values)),),
        split=Split(values.subject or ticket.subject, text.strip()) if action is Action.SPLIT else None,
        survey=SurveyAnswer(values.score, text.strip(), values.answers) if values.score is not None else None,
    )


def _permitted(
    ticket: Ticket,
    action: Action,
    actor: Actor,
    workflow: Workflow,
    text: str,
    given: Mapping[str, str],
    attachments: int,
    standing: Standing,
) -> _Done | Refused:
    step = allowed(ticket, action, actor=actor, workflow=workflow, standing=standing)
    if isinstance(step, Refused):
        return step
    values = reading.read(action, given, ticket=ticket, workflow=workflow)
    if isinstance(values, Refused):
        return values
    if action is Action.MOVE:
        step = allowed(ticket, action, actor=actor, workflow=workflow, standing=standing, to=values.state)
        if isinstance(step, Refused):
            return step
    to = step.to
    moves = bool(values.state) and action is not Action.MOVE
    for other in implied(action, given, wait=values.wait, move=moves):
        target = values.state if other is Action.MOVE else ""
        also = allowed(ticket, other, actor=actor, workflow=workflow, standing=standing, to=target)
        if isinstance(also, Refused):
            return also
        to = also.to if other in (Action.WAIT, Action.MOVE) else to
        lacking = enough(
            also,
            other,
            ticket=ticket,
            has_text=True,
            parameters=given,
            workflow=workflow,
            standing=standing,
        )
        if lacking is not None:
            return lacking
    if values.standard is not None:
        ready = in_language(values.standard.text, ticket.language)
        text = f"{ready}\n\n{text}".strip()
    has_text = bool(text.strip()) or attachments > 0
    lacking = enough(
        step, action, ticket=ticket, has_text=has_text, parameters=given, workflow=workflow, standing=standing
    )
    return lacking or _Done(action, step, values, to, text)


def _after(
    ticket: Ticket, done: _Done, actor: Actor, workflow: Workflow, *, told: bool, now: datetime
) -> Ticket | Refused:
    action, values = done.action, done.values
    after = replace(ticket, **values.fields, time_spent=ticket.time_spent + values.time, updated_at=now)
    after = with_fields(after, **values.extras)
    if "classification" in values.fields and holding(workflow.state(ticket.state), ticket) is not None:
        kept = {Field.CLASSIFIED: f"={values.fields['classification']}"}
        after = with_fields(replace(after, classification=ticket.classification), **kept)
    match action:
        case Action.TAKE:
            after = replace(after, owner_id=actor.person_id)
        case Action.ESCALATE:
            level = values.level or workflow.next_level(ticket.field(Field.LEVEL))
            if level is None:
                return missing(action, "level", known=choices_of(workflow.ladder))
            after = at_level(after, level.name, now=now)
        case Action.CHECK:
            item = next(one for one in workflow.checklist if one.name == values.item)
            if item.evidence and not values.evidence:
                return missing(action, "evidence")
            listed = dict.fromkeys((*ticket.listed(Field.CHECKLIST), item.name))
            after = with_fields(after, **{Field.CHECKLIST: ",".join(listed)})
    if _takes_it(ticket, done, actor, told=told):
        after = replace(after, owner_id=actor.person_id)
    if told or actor.kind is ActorKind.REQUESTER:
        after = _heard(after, actor, now=now)
    return in_state(after, done.to, workflow=workflow, now=now)


def _takes_it(ticket: Ticket, done: _Done, actor: Actor, *, told: bool) -> bool:
    """Whether one of the ticket's group begins to work on it: from then on that is who has it."""
    begins = (told or done.to is not None) and done.action not in (Action.ASSIGN, Action.PREPARE)
    return begins and one_of_its_group(ticket, actor)


def _heard(ticket: Ticket, actor: Actor, *, now: datetime) -> Ticket:
    """Only what a person of the desk wrote to the requester is an answer; what the desk writes by itself is none."""
    if actor.kind is ActorKind.PERSON:
        return replace(ticket, last_agent_return_at=now)
    return ticket if actor.kind in (ActorKind.SYSTEM, ActorKind.CLOCK) else replace(ticket, last_customer_at=now)


def _waits_for_account(done: _Done, actor: Actor, workflow: Workflow, standing: Standing) -> bool:
    """Whether an answer is held up by an inactive account; what ends the ticket is not."""
    if workflow.account is None or standing.state != PersonState.INACTIVE or actor.kind is not ActorKind.PERSON:
        return False
    ends = done.to is not None and workflow.state(done.to).kind is StateKind.FINAL
    return done.action in ANSWERS and not ends


def _account_inactive(ticket: Ticket, done: _Done, workflow: Workflow, *, now: datetime) -> Change:
    """Instead of the answer the requester reads that the account is inactive; the answer is kept inside the desk."""
    assert workflow.account is not None, "asked only where the workflow has the rule"
    spent = replace(ticket, updated_at=now, time_spent=ticket.time_spent + done.values.time)
    after = in_state(spent, workflow.account.to, workflow=workflow, now=now)
    note = NewMessage(kind=MessageKind.NOTE, public=False, text=done.text.strip(), time_spent=done.values.time)
    said = {"time": str(done.values.time or ""), "message": MessageKind.NOTE.value if note.text else ""}
    kept = {name: value for name, value in said.items() if value}
    return Change(
        ticket=after,
        message=note if note.text else None,
        events=(Event(done.action, {**differences(ticket, after), **kept, "account": "inactive"}),),
        notices=notices(
            ((Audience.REQUESTER, Letter.ACCOUNT_INACTIVE),),
            ticket=after,
            actor=None,
            text="",
            text_told=False,
            variables=variables(done.action, after, workflow),
        ),
        entered_state=after.state != ticket.state,
    )


def _nonconforming(ticket: Ticket, done: _Done, actor: Actor, workflow: Workflow) -> bool:
    """Whether this answer leaves the case unsolved without saying that it is being followed up."""
    rule = workflow.conformity
    if rule is None or done.action not in rule.actions or ticket.state not in rule.states:
        return False
    ending = workflow.state(done.to or ticket.state).kind in _ENDING
    followed = done.values.unsolved or (done.values.standard is not None and done.values.standard.unsolved)
    return actor.kind is ActorKind.PERSON and not followed and not ending


def _kept(action: Action, said: bool) -> bool:
    """Whether the action leaves a message. A split's text goes to the new ticket, a survey's belongs to its score."""
    if action in (Action.SPLIT, Action.SURVEY):
        return False
    return said or action in _ALWAYS_A_MESSAGE


def _message(done: _Done, actor: Actor, *, told: bool) -> NewMessage:
    values = done.values
    customer = actor.kind in (ActorKind.REQUESTER, ActorKind.PARTICIPANT)
    if done.action is Action.RECORD:
        kind = MessageKind.RECORD
    elif customer:
        kind = MessageKind.MAIL
    else:
        kind = MessageKind.REPLY if told else MessageKind.NOTE
    return NewMessage(
        kind=kind,
        public=told or customer,
        text=done.text.strip(),
        time_spent=values.time,
        origin=values.origin,
        evidence=values.evidence,
        at=values.when,
    )


def _particulars(done: _Done, message: NewMessage | None, *, unsolved: bool) -> dict[str, str]:
    """What the event says beside the fields that changed. The comment of a survey: a later answer takes its place."""
    values = done.values
    said = {
        "message": message.kind.value if message else "",
        "asked": values.level.name if values.level is not None and done.action is Action.MENTION else "",
        "reason": values.reason_name,
        "time": str(values.time or ""),
        "link_to": str(values.link_to or ""),
        "link_kind": values.link_kind.value if values.link_to else "",
        "standard": values.standard.name if values.standard else "",
        "item": values.item,
        "evidence": values.evidence,
        "when": values.when.isoformat() if values.when is not None else "",
        "proposed": values.proposed,
        "score": str(values.score or ""),
        "comment": done.text.strip() if values.score is not None else "",
        "answers": ", ".join(f"{name}={answer}" for name, answer in values.answers.items()),
        "nonconformity": "yes" if unsolved else "",
    }
    return {name: value for name, value in said.items() if value}


def _said(values: Values) -> dict[str, Variable]:
    said: dict[str, Variable] = {}
    if values.reason:
        said["reason"] = values.reason
    if values.level is not None:
        said |= {"level": values.level.labels, "level_name": values.level.name}
    if values.link_to is not None:
        said["other"] = str(values.link_to)
    if values.proposed:
        said["reason"] = values.proposed
    if values.score is not None:
        said["reason"] = str(values.score)
    return said


def _link_kind(action: Action, values: Values) -> LinkKind:
    return LinkKind.DUPLICATE if action is Action.MERGE else values.link_kind


_ALWAYS_A_MESSAGE = frozenset({Action.NOTE, Action.RECORD})
_ENDING = frozenset({StateKind.SOLVED, StateKind.FINAL, StateKind.WAITING_CUSTOMER})
