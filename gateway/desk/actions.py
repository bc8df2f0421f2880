"""What an action or a happening does to a ticket: guard, change, event, notices, in that order and always so. Pure."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime

from gateway.desk import parameters as reading
from gateway.desk.change import Change, Event, Link, LinkKind, MessageKind, NewMessage
from gateway.desk.guards import allowed, enough, implied
from gateway.desk.notices import Audience, Letter, Notice, notices
from gateway.desk.parameters import Values
from gateway.desk.people import Actor, ActorKind
from gateway.desk.refusals import Refusal, Refused, unknown_value
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import TOLD, Action, Happening
from gateway.desk.words import Labels
from gateway.desk.workflow import Workflow

__all__ = [
    "Action",
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
    "happen",
    "unknown_value",
]


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
) -> Change | Refused:
    """Do `action` as `workflow` says, or refuse it with the reason.

    `owner` and `organisation` among the parameters are numbers of rows, `to` is a ticket's: who knows names looks them
    up before, and refuses one that there is not with `unknown_value`. With `attachments` the text may be empty.
    """
    given = parameters or {}
    step = allowed(ticket, action, actor=actor, workflow=workflow)
    if isinstance(step, Refused):
        return step
    values = reading.read(action, given, ticket=ticket, workflow=workflow)
    if isinstance(values, Refused):
        return values
    to = step.to
    for other in implied(action, given, wait=values.wait):
        also = allowed(ticket, other, actor=actor, workflow=workflow)
        if isinstance(also, Refused):
            return also
        to = also.to if other is Action.WAIT else to
    said = bool(text.strip()) or attachments > 0
    lacking = enough(step, action, ticket=ticket, has_text=said, parameters=given, workflow=workflow)
    if lacking is not None:
        return lacking

    told = said and action in TOLD
    after = replace(ticket, **values.fields, time_spent=ticket.time_spent + values.time, updated_at=now)
    if action is Action.TAKE:
        after = replace(after, owner_id=actor.person_id)
    if told:
        after = _heard(after, actor, now=now)
    after = _in_state(after, to, workflow=workflow, now=now)

    return Change(
        ticket=after,
        message=_message(action, text, values, told=told) if said or action in _ALWAYS_A_MESSAGE else None,
        events=(Event(action, {**_differences(ticket, after), **_particulars(values)}),),
        notices=notices(
            step.notices,
            ticket=after,
            actor=actor,
            text=text.strip(),
            text_told=told,
            variables=_variables(action, after, workflow) | ({"reason": values.reason} if values.reason else {}),
        ),
        entered_state=after.state != ticket.state,
        links=() if values.link_to is None else (Link(values.link_to, values.link_kind),),
    )


def happen(ticket: Ticket, happening: Happening, *, workflow: Workflow, now: datetime, verified: bool) -> Change:
    """What happened to `ticket`, taken in. `verified` says whether the mail proved its sender.

    A ticket that was received gets the workflow's first state. A customer's reply that comes too late for its ticket
    changes nothing and asks for a follow-up ticket. Time that passes is an event only where the workflow knows it.
    """
    if happening is Happening.CUSTOMER_REPLIED and workflow.follows_up(ticket, now=now):
        return Change(ticket=ticket, follow_up=True)
    received = happening is Happening.RECEIVED
    step = workflow.beginning if received else workflow.transition(happening, ticket.state)
    if step is None and happening is Happening.TIME_PASSED:
        return Change(ticket=ticket)

    after = _in_state(replace(ticket, updated_at=now), step.to if step else None, workflow=workflow, now=now)
    if received:
        after = replace(after, state_since=now, verified=verified)
    proof = {}
    if happening is not Happening.TIME_PASSED:
        after = replace(after, last_customer_at=now)
        proof = {"verified": "yes" if verified else "no"}

    return Change(
        ticket=after,
        events=(Event(happening, {**_differences(ticket, after), **proof}),),
        notices=notices(
            step.notices if step else (),
            ticket=after,
            actor=None,
            text="",
            text_told=False,
            variables=_variables(happening, after, workflow) | proof,
        ),
        entered_state=received or after.state != ticket.state,
    )


def _in_state(ticket: Ticket, to: str | None, *, workflow: Workflow, now: datetime) -> Ticket:
    if to is None or to == ticket.state:
        return ticket
    final = workflow.state(to).kind is StateKind.FINAL
    return replace(ticket, state=to, state_since=now, closed_at=now if final else None)


def _heard(ticket: Ticket, actor: Actor, *, now: datetime) -> Ticket:
    """Only what a person of the desk wrote to the requester is an answer; what the desk writes by itself is none."""
    if actor.kind is ActorKind.PERSON:
        return replace(ticket, last_agent_return_at=now)
    return ticket if actor.kind in (ActorKind.SYSTEM, ActorKind.CLOCK) else replace(ticket, last_customer_at=now)


def _message(action: Action, text: str, values: Values, *, told: bool) -> NewMessage:
    kind = MessageKind.RECORD if action is Action.RECORD else MessageKind.REPLY if told else MessageKind.NOTE
    return NewMessage(
        kind=kind,
        public=told,
        text=text.strip(),
        time_spent=values.time,
        origin=values.origin,
        evidence=values.evidence,
    )


def _differences(before: Ticket, after: Ticket) -> dict[str, str]:
    """Each field that changed, as it is and as it was; without those that only keep the books."""
    data: dict[str, str] = {}
    for column in fields(Ticket):
        old, new = getattr(before, column.name), getattr(after, column.name)
        if old != new and column.name not in _BOOKS:
            data |= {column.name: _shown(new), f"{column.name}_before": _shown(old)}
    return data


def _particulars(values: Values) -> dict[str, str]:
    said = {
        "reason": values.reason_name,
        "time": str(values.time or ""),
        "link_to": str(values.link_to or ""),
        "link_kind": values.link_kind.value if values.link_to else "",
    }
    return {name: value for name, value in said.items() if value}


def _variables(cause: Action | Happening, ticket: Ticket, workflow: Workflow) -> dict[str, str | Labels]:
    return {"cause": cause.value, "state": workflow.state(ticket.state).labels}


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


_ALWAYS_A_MESSAGE = frozenset({Action.NOTE, Action.RECORD})
_BOOKS = frozenset(
    {"version", "updated_at", "state_since", "closed_at", "last_agent_return_at", "last_customer_at", "verified"}
)
