"""What a report is about: which days, by the calendar of each area, and which tickets and people of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from gateway.desk.areas import Area, Desk
from gateway.desk.calendar import instant_of
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_table import Label
from gateway.desk.states import StateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The days from `since` until before `until`; of one area, organisation, person or tag only, where it is given.

    With a person it is about the tickets that are or were theirs, or that they worked on; of these their own work.
    """

    since: date
    until: date
    area: str = ""
    organisation_id: int | None = None
    person_id: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for, as instants and kinds of the desk's areas."""

    asked: Asked
    desk: Desk
    now: datetime
    bounds: Mapping[str, tuple[datetime, datetime]]
    kinds: Mapping[tuple[str, str], StateKind]

    @property
    def begin(self) -> datetime:
        """The first instant that any area counts."""
        return min(begin for begin, _ in self.bounds.values())

    @property
    def end(self) -> datetime:
        """The first that no area counts any more."""
        return max(end for _, end in self.bounds.values())

    def area(self, name: str) -> Area:
        """An area that is not in the settings any more counts as the first."""
        return self.desk.areas.get(name) or self.desk.first()

    def ends(self, area: str) -> datetime:
        """The end of the days in an area."""
        return self.bounds[self.area(area).name][1]

    def covers(self, area: str, at: datetime | None) -> bool:
        """Whether what happened then in this area is asked for."""
        if at is None or self.asked.area not in ("", area):
            return False
        begin, end = self.bounds.get(area) or self.bounds[self.desk.first().name]
        return begin <= at < end

    def began(self, area: str, at: datetime) -> bool:
        """Whether what began then in this area, and goes on, runs into the days that are asked for."""
        return self.asked.area in ("", area) and at < self.ends(area)

    def inside(self, life: Life) -> list[Step]:
        """The steps of these days, each in the area that it led to."""
        return [step for step in life.steps if self.covers(step.after.area, step.event.at)]

    def day(self, area: str, at: datetime) -> date:
        return self.area(area).calendar.local(at).date()

    def wants(self, life: Life) -> bool:
        """Whether a ticket is of the person who is asked for; those with other tags and organisations are not read."""
        return self.asked.person_id is None or self._theirs(life, self.asked.person_id)

    def by(self, person_id: int | None) -> bool:
        """Whether what this person did is asked for."""
        return self.asked.person_id in (None, person_id)

    def kind(self, area: str, state: str) -> StateKind:
        """A state that the workflow does not have any more counts as one in which the desk works."""
        return self.kinds.get((self.area(area).name, state), StateKind.OPEN)

    def state(self, area: str, name: str) -> Label:
        found = next((one for one in self.area(area).workflow.states if one.name == name), None)
        return Label(name, found.labels if found else {"en": name})

    @staticmethod
    def _theirs(life: Life, person_id: int) -> bool:
        owners = {life.now.owner_id, life.begun.owner_id, *(step.after.owner_id for step in life.steps)}
        return person_id in owners or any(step.event.actor_id == person_id for step in life.steps)


def scope_of(asked: Asked, desk: Desk, *, now: datetime) -> Scope:
    areas = desk.areas.values()
    return Scope(
        asked,
        desk,
        now,
        bounds={area.name: (_begin(area, asked.since), _begin(area, asked.until)) for area in areas},
        kinds={(area.name, state.name): state.kind for area in areas for state in area.workflow.states},
    )


def _begin(area: Area, day: date) -> datetime:
    return instant_of(datetime.combine(day, time()), area.calendar.zone)
