"""Who works on what now, who was given which tickets, who asked whom for help, and who was away. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.away import open_ended
from gateway.desk.clocks import Level
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Cell, Kind, Label, Table, table
from gateway.desk.verbs import Action


class Work:
    """The tickets that are open now, whichever days are asked for."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._open: dict[tuple[int | None, str, str], list[tuple[datetime, int]]] = {}

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        now, asked = life.now, self._scope.asked
        if now.closed_at is not None or asked.area not in ("", now.area) or not self._scope.by(now.owner_id):
            return
        self._open.setdefault((now.owner_id, now.area, now.state), []).append((now.created_at, now.id))

    def tables(self) -> tuple[Table, ...]:
        columns = {
            "owner": Kind.PERSON,
            "area": Kind.TEXT,
            "state": Kind.LABEL,
            "tickets": Kind.NUMBER,
            "oldest": Kind.DAY,
            "oldest_ticket": Kind.TICKET,
        }
        scope = self._scope
        rows: list[tuple[Cell, ...]] = []
        for (owner, area, state), found in sorted(self._open.items(), key=lambda one: (one[0][0] or 0, one[0][1:])):
            at, number = min(found)
            rows.append((owner, area, scope.state(area, state), len(found), scope.day(area, at), number))
        return (table("work", columns, rows),)

    @property
    def tickets(self) -> int:
        return sum(len(found) for found in self._open.values())


class Assignments:
    """Each time that a ticket got an owner, or another one; and how often by person."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._each: list[tuple[Cell, ...]] = []
        self._counts: Counter[tuple[int, str]] = Counter()

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        begun, scope = life.begun, self._scope
        if begun.owner_id is not None and scope.covers(begun.area, begun.created_at):
            # By a rule, or in turn, as it came in.
            self._add(life, begun.created_at, begun.area, None, begun.owner_id, None)
        for step in inside:
            before, after, event = step.before, step.after, step.event
            if before.owner_id != after.owner_id:
                self._add(life, event.at, after.area, before.owner_id, after.owner_id, event.actor_id)

    def tables(self) -> tuple[Table, ...]:
        kinds = ("taken", "given", "passed_on")
        people = sorted({person for person, _ in self._counts})
        rows = [(person, *(self._counts[person, kind] for kind in kinds)) for person in people]
        each = {
            "at": Kind.MOMENT,
            "ticket": Kind.TICKET,
            "area": Kind.TEXT,
            "from": Kind.PERSON,
            "to": Kind.PERSON,
            "by": Kind.PERSON,
        }
        by_person = {"person": Kind.PERSON} | dict.fromkeys(kinds, Kind.NUMBER)
        return table("assignments", by_person, rows), table("assigned", each, sorted(self._each, key=_at))

    def _add(self, life: Life, at: datetime, area: str, before: int | None, after: int | None, by: int | None) -> None:
        if not (self._scope.by(before) or self._scope.by(after)):
            return
        self._each.append((at, life.now.id, area, before, after, by))
        if before is not None:
            self._counts[before, "passed_on"] += 1
        if after is not None:
            self._counts[after, "taken" if after == by else "given"] += 1


class Escalations:
    """Each time that a ticket went up the ladder, and each time that a level was only asked for help."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._each: list[tuple[Cell, ...]] = []

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        for step in inside:
            data = step.event.data
            if data.get("level"):
                self._add(life, step, "escalated", str(data["level"]))
            elif data.get("asked") and step.event.action == Action.MENTION:
                self._add(life, step, "asked", str(data["asked"]))

    def tables(self) -> tuple[Table, ...]:
        columns = {
            "at": Kind.MOMENT,
            "ticket": Kind.TICKET,
            "area": Kind.TEXT,
            "how": Kind.WORD,
            "level": Kind.LABEL,
            "by": Kind.ACTOR,
        }
        return (table("escalations", columns, sorted(self._each, key=_at)),)

    def __len__(self) -> int:
        return len(self._each)

    def _add(self, life: Life, step: Step, how: str, level: str) -> None:
        event, area = step.event, step.after.area
        if not (self._scope.by(event.actor_id) or self._scope.by(step.after.owner_id)):
            return
        found: Level | None = self._scope.area(area).workflow.level(level)
        label = Label(level, found.labels if found else {"en": level})
        self._each.append((event.at, life.now.id, area, how, label, event.actor_id))


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody said that they are away until then; or that they are back, where `until` is None."""

    person_id: int
    at: datetime
    until: datetime | None


@dataclass(slots=True)
class _Absence:
    person_id: int
    begun: datetime
    until: datetime
    back: datetime | None = None


def absences(said: Iterable[Away], scope: Scope) -> Table:
    """From when, until when they meant to be away, and when they were back: each that reaches into the days asked for.

    said: all that people said before the end of those days, the oldest first.
    """
    found: list[_Absence] = []
    newest: dict[int, _Absence] = {}
    for one in said:
        last = newest.get(one.person_id)
        running = last if last is not None and last.back is None else None
        if one.until is None:
            if running is not None:
                running.back = one.at
        elif running is not None and one.at < running.until:
            # They write it to everybody who writes to them: it is one absence.
            running.until = one.until
        else:
            newest[one.person_id] = _Absence(one.person_id, one.at, one.until)
            found.append(newest[one.person_id])
    columns = {"person": Kind.PERSON, "from": Kind.MOMENT, "until": Kind.MOMENT, "back": Kind.MOMENT}
    rows: list[tuple[Cell, ...]] = [
        (one.person_id, one.begun, None if open_ended(one.until) else one.until, one.back)
        for one in found
        if scope.by(one.person_id) and (one.back or one.until) >= scope.begin
    ]
    return table("absences", columns, rows)


def _at(row: tuple[Cell, ...]) -> datetime:
    assert isinstance(row[0], datetime), "the first column is when it was"
    return row[0]
