"""What happens to a ticket without a person doing it: it is received, its customer replies, time passes. Pure."""

from dataclasses import replace
from datetime import datetime

from gateway.desk.change import Change, Event
from gateway.desk.changing import at_level, differences, in_state, variables
from gateway.desk.clocks import TimerRule
from gateway.desk.notices import Alert, Audience, Letter, Variable, notices
from gateway.desk.people import ActorKind
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field, Ticket, with_fields
from gateway.desk.verbs import Action, Happening
from gateway.desk.workflow import Workflow

HIGHEST = 1


def happen(ticket: Ticket, happening: Happening, *, workflow: Workflow, now: datetime, verified: bool = True) -> Change:
    """What happened to `ticket`, taken in. `verified` says whether the mail proved its sender.

    A ticket that was received gets the workflow's first state. A customer's reply that comes too late for its ticket
    changes nothing and asks for a follow-up ticket. What a workflow does not know changes nothing, but for a reply,
    which is always an event.
    """
    if happening is Happening.CUSTOMER_REPLIED and workflow.follows_up(ticket, now=now):
        return Change(ticket=ticket, follow_up=True)
    received = happening is Happening.RECEIVED
    step = workflow.beginning if received else workflow.transition(happening, ticket.state)
    mailed = received or happening is Happening.CUSTOMER_REPLIED
    if step is None and not mailed:
        return Change(ticket=ticket)

    after = in_state(replace(ticket, updated_at=now), step.to if step else None, workflow=workflow, now=now)
    if received:
        after = replace(after, state_since=now, verified=verified)
    proof: dict[str, str] = {}
    if mailed:
        after = replace(after, last_customer_at=now)
        proof = {"verified": "yes" if verified else "no"}
    if happening is Happening.RELEASE_ANNOUNCED:
        # The solution has come: from here on it is as if an agent had just given it.
        after = with_fields(replace(after, last_agent_return_at=now), **{Field.RELEASE: ""})
    if happening is Happening.ACCOUNT_ACTIVE and ticket.due_at is not None:
        after = replace(after, due_at=ticket.due_at + (now - ticket.state_since))

    release: dict[str, Variable] = {"release": ticket.field(Field.RELEASE)} if ticket.field(Field.RELEASE) else {}
    return Change(
        ticket=after,
        events=(Event(happening, {**differences(ticket, after), **proof}),),
        notices=notices(
            step.notices if step else (),
            ticket=after,
            actor=None,
            text="",
            text_told=False,
            variables=variables(happening, after, workflow) | proof | release,
        ),
        entered_state=received or after.state != ticket.state,
    )


def elapse(ticket: Ticket, rule: TimerRule, *, workflow: Workflow, now: datetime) -> Change:
    """The time of `rule` has passed for `ticket`: what it does, with its notices. It is no answer of the desk."""
    after = replace(ticket, updated_at=now)
    # A target can be missed again after an answer; the priority rises once for each.
    if rule.raises and not (rule.target and rule.target in ticket.listed(Field.OVERDUE)):
        after = replace(after, priority=max(HIGHEST, ticket.priority - 1))
    if rule.target:
        missed = dict.fromkeys((*ticket.listed(Field.OVERDUE), rule.target))
        after = with_fields(after, **{Field.OVERDUE: ",".join(missed)})
    wanted = rule.notices
    if rule.escalates:
        after, wanted = _escalated(after, workflow, now=now), rule.notices or _ESCALATION
    after = in_state(after, rule.to, workflow=workflow, now=now)
    if rule.classification:
        # What the clock sets as it closes is what stays, not what the state held in its place.
        after = replace(after, classification=rule.classification)
    said: dict[str, Variable] = {
        "timer": rule.name,
        "call": rule.call.value if rule.call else "",
        "about": _about(ticket, workflow),
    }
    return Change(
        ticket=after,
        events=(Event(Happening.TIME_PASSED, {"timer": rule.name, **differences(ticket, after)}),),
        notices=notices(
            wanted,
            ticket=after,
            actor=None,
            text="",
            text_told=False,
            variables=variables(Happening.TIME_PASSED, after, workflow) | said,
        ),
        entered_state=after.state != ticket.state,
    )


def climb(ticket: Ticket, *, workflow: Workflow, now: datetime) -> Change:
    """The ticket has waited long enough at its level of the ladder: the next one is asked."""
    after = _escalated(replace(ticket, updated_at=now), workflow, now=now)
    if after.field(Field.LEVEL) == ticket.field(Field.LEVEL):
        return Change(ticket=ticket)
    return Change(
        ticket=after,
        events=(Event(Happening.TIME_PASSED, {"timer": "ladder", **differences(ticket, after)}),),
        notices=notices(
            _ESCALATION,
            ticket=after,
            actor=None,
            text="",
            text_told=False,
            variables=variables(Happening.TIME_PASSED, after, workflow),
        ),
    )


def _about(ticket: Ticket, workflow: Workflow) -> str:
    """What the requester has to do: approve the closing, send what is missing, or try the solution."""
    approval = workflow.transition(Action.APPROVE, ticket.state, frozenset({ActorKind.REQUESTER}))
    if approval is not None and approval.to and workflow.state(approval.to).kind is StateKind.FINAL:
        return "approval"
    return "data" if workflow.state(ticket.state).kind is StateKind.WAITING_CUSTOMER else "solution"


def _escalated(ticket: Ticket, workflow: Workflow, *, now: datetime) -> Ticket:
    level = workflow.next_level(ticket.field(Field.LEVEL))
    return ticket if level is None else at_level(ticket, level.name, now=now)


_ESCALATION = ((Audience.LEVEL, Alert.ESCALATION), (Audience.REQUESTER, Letter.ESCALATED))
