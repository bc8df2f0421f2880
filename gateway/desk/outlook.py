"""What a requester can expect of their ticket as it is now, and what they can do to it themselves. Pure."""

from dataclasses import dataclass
from datetime import datetime

from gateway.desk.calendar import Calendar
from gateway.desk.guards import allowed
from gateway.desk.people import Actor, ActorKind, Standing
from gateway.desk.reckoning import closing_at, due_of
from gateway.desk.sayings import Survey
from gateway.desk.states import StateKind, Transition
from gateway.desk.ticket import Field, Ticket
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import Labels
from gateway.desk.workflow import Workflow

BUTTONS = (Action.APPROVE, Action.REFUSE, Action.SURVEY, Action.CLOSE, Action.DISPUTE)
"""What a workflow can leave to the requester, beside writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What comes next: all of it still ahead of now.

    `closes_at` is when the ticket closes by itself; `reopens_until`, of one that is closed, how long a message takes it
    up again; `times` are what the desk promises, and when. `survey` is None where it cannot be answered now. `quiet`
    says that the requester stopped the notices.
    """

    kind: StateKind
    closes_at: datetime | None
    reopens_until: datetime | None
    times: tuple[tuple[Labels, datetime], ...]
    offered: frozenset[Action]
    survey: Survey | None
    quiet: bool


def outlook(ticket: Ticket, *, workflow: Workflow, calendar: Calendar, standing: Standing, now: datetime) -> Outlook:
    kind = workflow.state(ticket.state).kind
    offered = offers(ticket, workflow=workflow, standing=standing)
    closes_at = closing_at(ticket, workflow=workflow, calendar=calendar)
    promised = (
        (target.labels, due_of(target.rule, ticket, calendar=calendar).due_at)
        for target in workflow.targets
        if target.rule.concerns(ticket)
    )
    return Outlook(
        kind=kind,
        closes_at=closes_at if closes_at is not None and closes_at > now else None,
        reopens_until=_reopens_until(ticket, workflow, kind, now),
        times=tuple((labels, at) for labels, at in promised if at > now),
        offered=offered,
        survey=workflow.survey_for(ticket.nature or "") if Action.SURVEY in offered else None,
        quiet=bool(ticket.field(Field.QUIET)),
    )


def offers(ticket: Ticket, *, workflow: Workflow, standing: Standing) -> frozenset[Action]:
    """The buttons that the requester has now: each does something that would not be refused."""
    requester = Actor(ticket.requester_id, ActorKind.REQUESTER)

    def offered(action: Action) -> bool:
        step = allowed(ticket, action, actor=requester, workflow=workflow, standing=standing)
        if not isinstance(step, Transition):
            return False
        if action is Action.APPROVE:
            # Approved already, where that alone does not close it.
            return step.to != ticket.state
        return action is not Action.SURVEY or workflow.survey_for(ticket.nature or "") is not None

    return frozenset(filter(offered, BUTTONS))


def _reopens_until(ticket: Ticket, workflow: Workflow, kind: StateKind, now: datetime) -> datetime | None:
    if kind is not StateKind.FINAL or workflow.grace is None:
        return None
    if workflow.transition(Happening.CUSTOMER_REPLIED, ticket.state) is None:
        return None
    until = (ticket.closed_at or ticket.state_since) + workflow.grace
    return until if until > now else None
