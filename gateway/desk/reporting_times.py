"""How long requesters waited for a first answer and for the solution, in opening hours and by the clock. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from gateway.desk.business_time import elapsed
from gateway.desk.reporting_figures import median, percentile
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Kind, Table, table
from gateway.desk.states import StateKind
from gateway.desk.ticket import kept_back

_MINUTE = 60
_HOUR = 60 * _MINUTE
STEPS = (10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 16 * _HOUR, 40 * _HOUR)
"""How long first answers took is told in these steps of opening hours; what took longer comes last."""


class What(StrEnum):
    FIRST_ANSWER = "first_answer"
    RESOLUTION = "resolution"


class Times:
    """First answers count on the day of the answer. A solution is that which held: it counts when the ticket closes."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        # Area and what → seconds in opening hours, and by the clock.
        self._spent: dict[tuple[str, What], list[tuple[int, int]]] = {}
        self._waiting = 0

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        scope, begun, first = self._scope, life.begun, life.first_answer
        if kept_back(life.now):
            return
        if first is not None and scope.by(first.event.actor_id):
            self._add(first.before.area, What.FIRST_ANSWER, begun.created_at, first.event.at, on=first.event.at)
        if first is None and life.last.kind is not StateKind.FINAL:
            self._waiting += scope.covers(begun.area, begun.created_at)
        since: datetime | None = begun.created_at
        solved: datetime | None = None
        for step in life.moves:
            kind, before, at = step.after.kind, step.before.kind, step.event.at
            if kind is StateKind.SOLVED:
                solved = at if before is not StateKind.SOLVED else solved
            elif kind is StateKind.FINAL:
                if since is not None and scope.by(step.after.owner_id):
                    self._add(step.after.area, What.RESOLUTION, since, solved or at, on=at)
                since = solved = None
            else:
                since = at if before is StateKind.FINAL else since
                solved = None

    def tables(self) -> tuple[Table, ...]:
        columns = {
            "area": Kind.TEXT,
            "what": Kind.WORD,
            "tickets": Kind.NUMBER,
            "median": Kind.SECONDS,
            "p90": Kind.SECONDS,
            "median_by_clock": Kind.SECONDS,
            "p90_by_clock": Kind.SECONDS,
        }
        rows = []
        for (area, what), spent in sorted(self._spent.items()):
            open_, clock = [one for one, _ in spent], [one for _, one in spent]
            figures = (median(open_), percentile(open_, 90), median(clock), percentile(clock, 90))
            rows.append((area, what.value, len(spent), *figures))
        steps = {"within": Kind.SECONDS, "tickets": Kind.NUMBER}
        return table("times", columns, rows), table("first_answers", steps, self.steps())

    def steps(self) -> list[tuple[int | None, int]]:
        """How many first answers came within each of the steps but not within the one before; None for later ones."""
        spent = [seconds for (_, what), all_ in self._spent.items() if what is What.FIRST_ANSWER for seconds, _ in all_]
        found: list[tuple[int | None, int]] = []
        for low, high in zip((-1, *STEPS), (*STEPS, None), strict=True):
            found.append((high, sum(low < one and (high is None or one <= high) for one in spent)))
        return found

    @property
    def waiting(self) -> int:
        """Tickets of these days that nobody has answered yet."""
        return self._waiting

    def _add(self, area: str, what: What, begin: datetime, end: datetime, *, on: datetime) -> None:
        if self._scope.covers(area, on):
            open_ = elapsed(self._scope.area(area).calendar, begin, end)
            seconds = (int(open_.total_seconds()), int((end - begin).total_seconds()))
            self._spent.setdefault((area, what), []).append(seconds)
