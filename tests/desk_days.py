"""A desk that follows one of the presets, on a calendar, with a clock that the test moves from due to due."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.settings import Calendar
from gateway.store.tables import timer
from gateway.work.tick import fire_due
from tests.world import ANA, Postman, World, mail, reply_to

BOGOTA = Calendar(name="bogota", zone="America/Bogota", hours=["mon-fri 08:00-12:00, 14:00-18:00"], country="CO")
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Monday, 9:00 in Bogotá, which has no holiday before December."""


def local(moment: datetime) -> str:
    """As the wall clock in Bogotá shows it: 'Wed 25 11:00'."""
    return (moment - timedelta(hours=5)).strftime("%a %d %H:%M")


def words(letter: Any) -> str:
    """What a letter says, on one line: lines are wrapped anywhere."""
    return " ".join(letter.text.split())


@dataclass
class DeskDays:
    """The world of the tests with a preset for its areas."""

    world: World
    postman: Postman = field(default_factory=Postman)

    def opened_by(self, workflow: str, *, now: datetime = MONDAY, calendar: str = "bogota", **settings: Any) -> None:
        self.world.now = now
        areas = [
            area.model_copy(update={"workflow": workflow, "calendar": calendar})
            for area in self.world.office.settings.area
        ]
        self.world.open_with(area=areas, calendar=[BOGOTA], **settings)

    def tick(self) -> int:
        """The clock comes round: what is due fires, and what was written leaves."""
        fired = 0
        while number := fire_due(self.world.office, now=self.world.now):
            fired += number
        while self.world.send(self.postman):
            pass
        return fired

    def until(self, moment: datetime) -> list[tuple[str, str, str]]:
        """Let time pass, from due to due: (when, letter, to) of the letters that it wrote."""
        written: list[tuple[str, str, str]] = []
        while True:
            self.world.send(self.postman)
            before = len(self.world.letters())
            self.tick()
            written += [
                (local(self.world.now), self.said(one), one.to_address) for one in self.world.letters()[before:]
            ]
            following = self.next_due()
            if following is None or following > moment:
                self.world.now = max(self.world.now, moment)
                return written
            self.world.now = max(self.world.now, following)

    def passing(self, **time: float) -> list[tuple[str, str, str]]:
        """`passing(days=3)`: the letters that time alone wrote."""
        return self.until(self.world.now + timedelta(**time))

    def next_due(self) -> datetime | None:
        query = sa.select(sa.func.min(timer.c.due_at)).where(timer.c.fired_at.is_(None))
        with self.world.office.database.read() as connection:
            return connection.execute(query).scalar()

    def said(self, letter: Any) -> str:
        return str(letter.letter)

    # --- what people do ----------------------------------------------------------------------------------------------

    def ticket(self, **changes: Any) -> int:
        """A ticket that Ana opened, proven by her server."""
        number = self.world.ticket_of(ANA, **changes)
        self.tick()
        return number

    def answers(self, text: str, *, s1: bool = True, **changes: Any) -> Any:
        """Ana answers the newest letter that she has got."""
        self.world.send(self.postman)
        row = self.world.receive(reply_to(self.world.letters(to=ANA)[-1], text, s1=s1, **changes))
        self.tick()
        return row

    def state(self, number: int) -> str:
        return str(self.world.ticket(number).state)

    def letters(self, letter: str, to: str = ANA) -> list[Any]:
        return self.world.letters(to=to, letter=letter)


@pytest.fixture
def desk(world: World) -> DeskDays:
    return DeskDays(world)


__all__ = ["ANA", "BOGOTA", "MONDAY", "DeskDays", "desk", "local", "mail", "words"]
