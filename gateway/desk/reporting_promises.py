"""What a desk promised its requesters, and whether it kept it: the targets of the workflows, ticket by ticket. Pure.

A promise begins with the event that its target counts from and ends when the target concerns the ticket no longer, or
counts from another event: exactly as the clock has it, told again for what has been.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.desk.business_time import elapsed
from gateway.desk.clocks import Target
from gateway.desk.reckoning import due_of, moment
from gateway.desk.reporting_figures import median, percentile
from gateway.desk.reporting_life import Life, Past, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Cell, Kind, Label, Table, table

DUE_DATE = Label("due", {"es": "Fecha prometida", "en": "Promised date", "pt": "Data prometida"})


@dataclass(slots=True)
class Promise:
    """One time that a ticket was promised. `area` and `owner_id` are of when it was kept, or missed."""

    target: Target
    start: datetime
    due: datetime
    area: str
    owner_id: int | None
    missed: bool = False
    ended: datetime | None = None

    @property
    def decided(self) -> datetime | None:
        """When it was missed, or else kept; None while it runs."""
        return self.due if self.missed else self.ended


def promises(life: Life, scope: Scope) -> list[Promise]:
    """All that were made for this ticket, those that still run among them."""
    made: dict[tuple[str, datetime], Promise] = {}
    running: dict[str, Promise] = {}
    _look(life.begun, life.begun.created_at, made, running, scope)
    for step in life.steps:
        fired = step.event.data.get("timer", "")
        if fired or step.after is not step.before:
            _expire(running, step.event.at, step.before, fired=fired)
        if step.after is not step.before:
            _look(step.after, step.event.at, made, running, scope)
    if running:
        _expire(running, min(scope.ends(life.last.area), scope.now), life.last)
    return list(made.values())


def _look(
    ticket: Past,
    at: datetime,
    made: dict[tuple[str, datetime], Promise],
    running: dict[str, Promise],
    scope: Scope,
) -> None:
    """What is promised from now on, and what is no more."""
    area = scope.area(ticket.area)
    gone = dict(running)
    for target in area.workflow.targets:
        if not target.rule.concerns(ticket):
            continue
        start = moment(target.rule.since, ticket)
        promise = running.get(target.name)
        if promise is None or promise.start != start:
            promise = made.get((target.name, start))
            if promise is None:
                due = due_of(target.rule, ticket, calendar=area.calendar).due_at
                promise = made[target.name, start] = Promise(target, start, due, ticket.area, ticket.owner_id)
            # The same one goes on where the ticket comes back to a state that the target is for.
            promise.ended = None
            running[target.name] = promise
        else:
            del gone[target.name]
        if promise.area != ticket.area and not promise.missed:
            promise.target, promise.area = target, ticket.area
            promise.due = due_of(target.rule, ticket, calendar=area.calendar).due_at
    for name, promise in gone.items():
        promise.ended = at
        if running[name] is promise:
            del running[name]


def _expire(running: dict[str, Promise], at: datetime, ticket: Past, *, fired: str = "") -> None:
    """Those whose time is over before `at`, or of which the clock said so by the timer that it `fired`."""
    for promise in running.values():
        if not promise.missed:
            promise.owner_id = ticket.owner_id
            promise.missed = promise.due < at or promise.target.rule.name == fired


@dataclass(slots=True)
class _Kept:
    """What became of the promises of one target in an area: how many, and in how many seconds those that ended."""

    target: Target
    met: int = 0
    missed: int = 0
    running: int = 0
    spent: list[int] = field(default_factory=list)


class Promises:
    """The promises of the days that are asked for: all by target, missed ones each."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._any = any(area.workflow.targets for area in scope.desk.areas.values())
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._late: list[tuple[datetime, int, str, int | None, Label, datetime | None]] = []

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        for one in promises(life, self._scope) if self._any else ():
            self._count(life, one)
        for step in inside:
            before = step.before
            # The date that was promised for the ticket itself.
            if step.event.action == "overdue" and self._scope.by(before.owner_id):
                late = (step.event.at, life.now.id, before.area, before.owner_id, DUE_DATE, life.now.closed_at)
                self._late.append(late)

    def tables(self) -> tuple[Table, ...]:
        columns = {
            "area": Kind.TEXT,
            "target": Kind.LABEL,
            "within": Kind.DURATION,
            "met": Kind.NUMBER,
            "missed": Kind.NUMBER,
            "running": Kind.NUMBER,
            "median": Kind.SECONDS,
            "p90": Kind.SECONDS,
        }
        rows: list[tuple[Cell, ...]] = []
        for (area, name), kept in sorted(self._kept.items()):
            target, spent = kept.target, kept.spent
            how_many = (kept.met, kept.missed, kept.running)
            label = Label(name, target.labels)
            rows.append((area, label, str(target.rule.after), *how_many, median(spent), percentile(spent, 90)))
        late = {
            "due": Kind.MOMENT,
            "ticket": Kind.TICKET,
            "area": Kind.TEXT,
            "owner": Kind.PERSON,
            "target": Kind.LABEL,
            "done": Kind.MOMENT,
        }
        overdue = sorted(self._late, key=lambda row: (row[0], row[1], row[4].name))
        return table("targets", columns, rows), table("overdue", late, overdue)

    def _count(self, life: Life, one: Promise) -> None:
        scope, area, decided = self._scope, one.area, one.decided
        if not scope.by(one.owner_id):
            return
        runs = decided is None or decided >= scope.ends(area)
        if not (scope.began(area, one.start) if runs else scope.covers(area, decided)):
            return
        kept = self._kept.get((area, one.target.name))
        if kept is None:
            kept = self._kept[area, one.target.name] = _Kept(one.target)
        if runs:
            kept.running += 1
            return
        if one.missed:
            kept.missed += 1
            label = Label(one.target.name, one.target.labels)
            self._late.append((one.due, life.now.id, area, one.owner_id, label, one.ended))
        else:
            kept.met += 1
        if one.ended is not None:
            kept.spent.append(self._seconds(one, one.ended))

    def _seconds(self, one: Promise, ended: datetime) -> int:
        """How long it took, as the target counts: in opening hours or by the clock."""
        if one.target.rule.after.unit.business:
            return int(elapsed(self._scope.area(one.area).calendar, one.start, ended).total_seconds())
        return int((ended - one.start).total_seconds())
