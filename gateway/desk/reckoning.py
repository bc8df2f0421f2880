"""Which timers a ticket has: what falls due when, by its workflow, its calendar, and what happened to it. Pure.

A timer is never moved: it is named by its rule and by the event that it counts from. After each change the timers that
a ticket should have are reckoned anew; what is no longer among them goes, what is new comes, and what fired already
has the same name and so does not fire again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.business_time import before, due
from gateway.desk.calendar import Calendar
from gateway.desk.clocks import Since, Timed, TimerRule
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field, Ticket
from gateway.desk.workflow import Workflow

DUE = "due"
"""The rule of the date that a ticket was promised for."""

LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer of one ticket: its rule's name, the event that it counts from, and when it is due."""

    rule: str
    anchor: str
    due_at: datetime


def timers(ticket: Ticket, *, workflow: Workflow, calendar: Calendar) -> tuple[Timer, ...]:
    """The timers that the ticket has from now on. None in a final state."""
    if workflow.state(ticket.state).kind is StateKind.FINAL:
        return ()
    return tuple(_timers(ticket, workflow, calendar))


def closing_at(ticket: Ticket, *, workflow: Workflow, calendar: Calendar) -> datetime | None:
    """When the ticket closes by itself if nothing else happens; None when it does not."""
    moments = [
        due_of(rule, ticket, calendar=calendar).due_at
        for rule in workflow.timers
        if rule.concerns(ticket) and rule.to is not None and workflow.state(rule.to).kind is StateKind.FINAL
    ]
    return min(moments, default=None)


def reminder_before(rule: TimerRule, ticket: Ticket, *, workflow: Workflow, calendar: Calendar) -> TimerRule | None:
    """The last reminder that the requester was promised before `rule` closes the ticket."""
    closing = due_of(rule, ticket, calendar=calendar).due_at
    promised = [
        (due_of(other, ticket, calendar=calendar).due_at, place, other)
        for place, other in enumerate(workflow.timers)
        if other.call is not None and other.since is rule.since and other.concerns(ticket)
    ]
    earlier = [one for one in promised if one[0] < closing]
    return max(earlier)[2] if earlier else None


def due_of(rule: TimerRule, ticket: Timed, *, calendar: Calendar) -> Timer:
    """When `rule` is due for the ticket as it is now."""
    start = moment(rule.since, ticket)
    at = due(calendar, start, rule.after)
    if rule.ahead is not None:
        at = max(start, before(calendar, at, rule.ahead))
    return Timer(rule.name, _anchor(start), at)


def moment(since: Since, ticket: Timed) -> datetime:
    """When the event happened.

    Where nobody of the desk has written yet, the last agent return is the beginning of the state, and the last update
    the creation. A ticket that was reopened counts as created then. What is due for the requester counts from when
    their turn began, even where it did so without a word; and while it was their turn, nobody waited for an update.
    """
    match since:
        case Since.CREATED:
            return _at(ticket, Field.REOPENED) or ticket.created_at
        case Since.ENTERED:
            return ticket.state_since
        case Since.LAST_AGENT_RETURN:
            returned = ticket.last_agent_return_at or ticket.state_since
            return max(returned, _at(ticket, Field.HANDED) or returned)
        case Since.LAST_UPDATE:
            updated = ticket.last_agent_return_at or ticket.created_at
            return max(updated, _at(ticket, Field.RETURNED) or updated)
        case Since.LAST_CUSTOMER:
            return ticket.last_customer_at or ticket.created_at


def _timers(ticket: Ticket, workflow: Workflow, calendar: Calendar) -> Iterator[Timer]:
    for rule in workflow.timers:
        if rule.concerns(ticket):
            yield due_of(rule, ticket, calendar=calendar)
    level = workflow.level(ticket.field(Field.LEVEL))
    if level is not None and level.wait is not None and workflow.next_level(level.name) is not None:
        since = datetime.fromisoformat(ticket.field(Field.LEVEL_SINCE))
        yield Timer(f"{LADDER} {level.name}", _anchor(since), due(calendar, since, level.wait))
    # While the account is inactive the date waits too: it moves when the account is active again.
    waits = workflow.account is not None and ticket.state == workflow.account.to
    if ticket.due_at is not None and not waits:
        yield Timer(DUE, _anchor(ticket.due_at), ticket.due_at)


def _at(ticket: Timed, name: Field) -> datetime | None:
    written = ticket.field(name)
    return datetime.fromisoformat(written) if written else None


def _anchor(at: datetime) -> str:
    return at.isoformat()
