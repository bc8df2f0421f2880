"""A desk's report: everything that is counted, ticket by ticket, from their lives. Pure.

Each section takes one life after the other, with the steps of it that fall into the days that are asked for, and keeps
only its figures, so that a report of any number of tickets needs little memory.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from gateway.desk.reporting_days import Days
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_people import Assignments, Away, Escalations, Work, absences
from gateway.desk.reporting_promises import Promises
from gateway.desk.reporting_scope import Asked, Scope
from gateway.desk.reporting_spent import TimeSpent
from gateway.desk.reporting_subjects import Subjects
from gateway.desk.reporting_survey import Surveys
from gateway.desk.reporting_table import Kind, Names, Table
from gateway.desk.reporting_times import Times


class _Section(Protocol):
    def take(self, life: Life, inside: Sequence[Step]) -> None: ...

    def tables(self) -> tuple[Table, ...]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of the days that were asked for. `names` and `organisations` are of the numbers in the tables."""

    asked: Asked
    made_at: datetime
    zone: str
    totals: Mapping[str, int | float | None]
    tables: Mapping[str, Table]
    by_day: Mapping[str, list[tuple[date, int]]]
    names: Names = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)

    def people(self) -> set[int]:
        """The numbers of those whom the tables name."""
        found: set[int] = set()
        for table in self.tables.values():
            for place, column in enumerate(table.columns):
                if column.kind in (Kind.PERSON, Kind.ACTOR):
                    found |= {cell for row in table.rows if isinstance(cell := row[place], int)}
        return found


def report(lives: Iterable[Life], away: Iterable[Away], scope: Scope) -> Report:
    """Take in the lives of all tickets that may matter, and who was away."""
    work, days, times, promises = Work(scope), Days(scope), Times(scope), Promises(scope)
    spent, escalations, subjects = TimeSpent(scope), Escalations(scope), Subjects(scope)
    surveys, assignments = Surveys(scope), Assignments(scope)
    sections: tuple[_Section, ...] = (
        work, days, times, promises, escalations, spent, subjects, surveys, assignments
    )  # fmt: skip
    for life in lives:
        if scope.wants(life):
            inside = scope.inside(life)
            for section in sections:
                section.take(life, inside)
    tables = [table for section in sections for table in section.tables()] + [absences(away, scope)]
    return Report(
        asked=scope.asked,
        made_at=scope.now,
        zone=scope.area(scope.asked.area).calendar.zone.key,
        totals={
            **days.totals(),
            "open_now": work.tickets,
            "unanswered": times.waiting,
            "time_spent": spent.seconds,
            "escalations": len(escalations),
            "survey_answers": len(surveys),
            "survey_mean": surveys.mean(),
        },
        tables={table.name: table for table in tables},
        by_day={what: days.by_day(what) for what in ("opened", "closed")},
    )
