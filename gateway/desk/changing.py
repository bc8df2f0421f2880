"""What every change of a ticket has in common: its next state, what differs, what its letters can say. Pure."""

from dataclasses import fields, replace
from datetime import datetime

from gateway.desk.notices import Variable
from gateway.desk.states import Hold, State, StateKind
from gateway.desk.ticket import Field, Ticket, with_fields
from gateway.desk.verbs import Action, Happening
from gateway.desk.workflow import Workflow


def in_state(ticket: Ticket, to: str | None, *, workflow: Workflow, now: datetime) -> Ticket:
    """The ticket in its next state; itself where the state stays. What a state holds goes with it, or ends with it."""
    if to is None or to == ticket.state:
        return ticket
    state = workflow.state(to)
    final = state.kind is StateKind.FINAL
    after = replace(ticket, state=to, state_since=now, closed_at=now if final else None)
    if ticket.state:
        after = with_fields(after, **turned(workflow.state(ticket.state).kind, state.kind, now=now))
        if workflow.transition(Happening.RELEASE_ANNOUNCED, ticket.state) is not None:
            # It waits for that release no longer; when it waits again, it is for one that is named then.
            after = with_fields(after, **{Field.RELEASE: ""})
    hold = holding(state, ticket)
    held = ticket.field(Field.CLASSIFIED)
    if hold is not None:
        kept = held or f"={ticket.classification}"
        return with_fields(replace(after, classification=hold.classification), **{Field.CLASSIFIED: kept})
    if held and not final:
        return with_fields(replace(after, classification=held[1:]), **{Field.CLASSIFIED: ""})
    return after


def turned(before: StateKind, kind: StateKind, *, now: datetime) -> dict[str, str]:
    """Fields that say whose turn it is from now on: what falls due for them does not count the time before."""
    moment = now.isoformat()
    fields: dict[str, str] = {}
    if before is StateKind.FINAL and kind is not StateKind.FINAL:
        fields = {Field.REOPENED: moment, Field.LEVEL: "", Field.LEVEL_SINCE: ""}
    if kind in _CUSTOMERS:
        return fields | ({Field.HANDED: moment} if kind is not before else {})
    if before in (*_CUSTOMERS, StateKind.FINAL) and kind is not StateKind.FINAL:
        return fields | {Field.RETURNED: moment}
    return fields


def holding(state: State, ticket: Ticket) -> Hold | None:
    """The classification that the state puts in place of the ticket's own."""
    return state.hold if state.hold is not None and ticket.nature in state.hold.natures else None


def at_level(ticket: Ticket, level: str, *, now: datetime) -> Ticket:
    return with_fields(ticket, **{Field.LEVEL: level, Field.LEVEL_SINCE: now.isoformat()})


def differences(before: Ticket, after: Ticket) -> dict[str, str]:
    """Each field that changed, as it is and as it was; without those that only keep the books."""
    data: dict[str, str] = {}
    for column in fields(Ticket):
        old, new = getattr(before, column.name), getattr(after, column.name)
        if old != new and column.name not in _BOOKS:
            data |= {column.name: _shown(new), f"{column.name}_before": _shown(old)}
    for name in Field:
        if name not in _KEPT and before.field(name) != after.field(name):
            data |= {name.value: after.field(name), f"{name}_before": before.field(name)}
    return data


def variables(cause: Action | Happening, ticket: Ticket, workflow: Workflow) -> dict[str, Variable]:
    said: dict[str, Variable] = {"cause": cause.value, "state": workflow.state(ticket.state).labels}
    level = workflow.level(ticket.field(Field.LEVEL))
    if level is not None:
        said |= {"level": level.labels, "level_name": level.name}
    return said


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


_BOOKS = frozenset(
    {
        "version",
        "updated_at",
        "state_since",
        "closed_at",
        "last_agent_return_at",
        "last_customer_at",
        "verified",
        "fields",
    }
)

_KEPT = frozenset({Field.CLASSIFIED, Field.LEVEL_SINCE, Field.HANDED, Field.RETURNED, Field.REOPENED})
"""The same among the fields of the workflow."""

_CUSTOMERS = (StateKind.WAITING_CUSTOMER, StateKind.SOLVED)
"""Kinds of states in which it is the requester's turn."""
