"""What a workflow does to one ticket over time, if nobody answers or as given: states, timers, letters. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.desk.actions import act, climb, elapse, happen
from gateway.desk.business_time import due
from gateway.desk.calendar import Calendar
from gateway.desk.change import Change
from gateway.desk.duration import Duration
from gateway.desk.notices import Alert, Audience, Letter, Notice
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.reckoning import DUE, LADDER, Timer, timers
from gateway.desk.refusals import Refused
from gateway.desk.ticket import Field, Ticket
from gateway.desk.verbs import Action, Happening
from gateway.desk.workflow import Workflow

Named = tuple[str, str]
"""A timer by its rule and by the event that it counts from."""

REQUESTER, OWNER = 1, 2
MOST = 500
"""No workflow goes on for ever by itself, but one that is being written could."""

_DESK = Actor(OWNER, ActorKind.PERSON, frozenset(Role))
_CUSTOMER = Actor(REQUESTER, ActorKind.REQUESTER)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody does, so long after what was given before."""

    after: Duration
    action: Action | Happening
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to the ticket: its state, priority and level then, and who is told what."""

    at: datetime
    what: str
    state: str
    priority: int
    letters: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    level: str = ""


def simulate(
    workflow: Workflow, calendar: Calendar, *, start: datetime, given: Sequence[Given] = (), **facts: object
) -> list[Moment]:
    """A ticket from `start` on, as `given` goes; then nobody answers any more. `facts` are fields of the ticket."""
    blank = Ticket(
        id=1,
        subject="",
        state=workflow.first.name,
        area="",
        requester_id=REQUESTER,
        created_at=start,
        updated_at=start,
        state_since=start,
        verified=True,
    )
    change = happen(replace(blank, **facts), Happening.RECEIVED, workflow=workflow, now=start)  # type: ignore[arg-type]
    now, ticket, fired = start, change.ticket, set[Named]()
    moments = [_moment(start, Happening.RECEIVED.value, change)]
    for step in given:
        now = due(calendar, now, step.after)
        passed, ticket = _let_pass(ticket, workflow, calendar, fired=fired, until=now)
        moments += passed
        done = _do(step, ticket, workflow, now)
        if isinstance(done, Refused):
            refused = done.words["en"]
            moments.append(Moment(now, step.action.value, ticket.state, ticket.priority, refused=refused))
            continue
        ticket = done.ticket
        moments.append(_moment(now, step.action.value, done))
    passed, _ = _let_pass(ticket, workflow, calendar, fired=fired)
    return moments + passed


def foresee(
    ticket: Ticket, workflow: Workflow, calendar: Calendar, *, fired: Iterable[Named], until: datetime
) -> list[Moment]:
    """What time alone will do to a ticket as it is now. `fired` are the timers that have fired already."""
    moments, _ = _let_pass(ticket, workflow, calendar, fired=set(fired), until=until)
    return moments


def _let_pass(
    ticket: Ticket, workflow: Workflow, calendar: Calendar, *, fired: set[Named], until: datetime | None = None
) -> tuple[list[Moment], Ticket]:
    """Let the timers fire, each once, in their order; what happened, and the ticket after it. Adds to `fired`."""
    moments: list[Moment] = []
    for _ in range(MOST):
        waiting = [one for one in timers(ticket, workflow=workflow, calendar=calendar) if _name(one) not in fired]
        timer = min(waiting, key=lambda one: one.due_at, default=None)
        if timer is None or (until is not None and timer.due_at > until):
            break
        fired.add(_name(timer))
        change = _fire(timer, ticket, workflow)
        ticket = change.ticket
        moments.append(_moment(timer.due_at, timer.rule, change))
    return moments, ticket


def _do(step: Given, ticket: Ticket, workflow: Workflow, now: datetime) -> Change | Refused:
    if isinstance(step.action, Happening):
        return happen(ticket, step.action, workflow=workflow, now=now)
    offered = workflow.transition(step.action, ticket.state, {ActorKind.REQUESTER})
    actor = _CUSTOMER if offered is not None and offered.roles == {ActorKind.REQUESTER} else _DESK
    owned = ticket if ticket.owner_id is not None else replace(ticket, owner_id=OWNER)
    return act(owned, step.action, actor=actor, workflow=workflow, now=now, text="…", parameters=step.parameters)


def _fire(timer: Timer, ticket: Ticket, workflow: Workflow) -> Change:
    if timer.rule == DUE:
        overdue = Notice(Letter.ALERT, Audience.OWNER, {"kind": Alert.OVERDUE.value})
        return Change(ticket=ticket, notices=(overdue,))
    if timer.rule.startswith(LADDER):
        return climb(ticket, workflow=workflow, now=timer.due_at)
    rule = workflow.rule(timer.rule)
    assert rule is not None, "it was reckoned from the workflow"
    return elapse(ticket, rule, workflow=workflow, now=timer.due_at)


def _name(timer: Timer) -> Named:
    return timer.rule, timer.anchor


def _moment(at: datetime, what: str, change: Change) -> Moment:
    letters = tuple((notice.to.value, str(notice.variables.get("kind") or notice.letter)) for notice in change.notices)
    level = change.ticket.field(Field.LEVEL)
    return Moment(at, what, change.ticket.state, change.ticket.priority, letters, level=level)
