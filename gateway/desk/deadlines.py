"""What the desk still owes a ticket, and when: for those who work on it, what is late included. Pure."""

from dataclasses import dataclass
from datetime import datetime

from gateway.desk.calendar import Calendar
from gateway.desk.reckoning import due_of
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.words import Labels
from gateway.desk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Deadline:
    """`labels` say what is due; None is the date that the ticket was promised for. `late`: it has passed."""

    labels: Labels | None
    at: datetime
    late: bool


def deadlines(
    ticket: Ticket, *, workflow: Workflow, calendar: Calendar, now: datetime, apart: str = ""
) -> tuple[Deadline, ...]:
    """The soonest first; without the target named `apart`. What was done in time, or too late, is no longer due."""
    if workflow.state(ticket.state).kind is StateKind.FINAL:
        return ()
    due = [
        (due_of(target.rule, ticket, calendar=calendar).due_at, target.labels)
        for target in workflow.targets
        if target.name != apart and target.rule.concerns(ticket)
    ]
    promised = [] if ticket.due_at is None else [(ticket.due_at, None)]
    found = [Deadline(labels, at, at <= now) for at, labels in (*due, *promised)]
    return tuple(sorted(found, key=lambda one: one.at))
