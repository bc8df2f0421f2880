"""How many tickets were opened, answered, solved, closed and reopened, day by day and area by area. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Cell, Kind, Table, table
from gateway.desk.states import StateKind

COUNTED = ("opened", "answered", "answers", "solved", "closed", "reopened")
"""ANSWERED are tickets that got their first answer, ANSWERS all that people of the desk wrote to requesters."""


class Days:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._counts: Counter[tuple[date, str, str]] = Counter()

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        scope, begun = self._scope, life.begun
        if scope.covers(begun.area, begun.created_at):
            self._counts[scope.day(begun.area, begun.created_at), begun.area, "opened"] += 1
        for step in inside:
            if step.event.answers or step.after.state != step.before.state:
                day = scope.day(step.after.area, step.event.at)
                for what in self._what(step, first=step is life.first_answer):
                    self._counts[day, step.after.area, what] += 1

    def tables(self) -> tuple[Table, ...]:
        columns = {"day": Kind.DAY, "area": Kind.TEXT} | dict.fromkeys(COUNTED, Kind.NUMBER)
        days = sorted({(day, area) for day, area, _ in self._counts})
        rows: list[tuple[Cell, ...]] = [
            (day, area, *(self._counts[day, area, what] for what in COUNTED)) for day, area in days
        ]
        return (table("days", columns, rows),)

    def totals(self) -> dict[str, int]:
        found = dict.fromkeys(COUNTED, 0)
        for (_, _, what), count in self._counts.items():
            found[what] += count
        return found

    def by_day(self, what: str) -> list[tuple[date, int]]:
        """Every day that was asked for, those with nothing too; not those that are still to come."""
        asked = self._scope.asked
        counts: Counter[date] = Counter()
        for (day, _, one), count in self._counts.items():
            if one == what:
                counts[day] += count
        last = min(asked.until, max(self._scope.desk.first().calendar.local(self._scope.now).date(), asked.since))
        days = [asked.since + timedelta(days=number) for number in range((last - asked.since).days + 1)]
        return [(day, counts[day]) for day in days if day < asked.until]

    def _what(self, step: Step, *, first: bool) -> list[str]:
        event, scope = step.event, self._scope
        what = []
        if event.answers and scope.by(event.actor_id):
            what += ["answers"] + (["answered"] if first else [])
        before, after, final = step.before.kind, step.after.kind, StateKind.FINAL
        what += ["solved"] if after is StateKind.SOLVED and before is not StateKind.SOLVED else []
        what += ["closed"] if after is final and before is not final else []
        what += ["reopened"] if before is final and after is not final else []
        return what
