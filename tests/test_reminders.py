"""A closing waits for the reminders that were promised before it (RULES 5)."""

from datetime import timedelta

import pytest

from gateway.desk.reminders import Reminder, closes_at
from tests.world import NOON

DAY = timedelta(days=1)


def reminders(*lateness: int | None) -> list[Reminder]:
    """Promised for days 2 and 4; each so many days late, or not sent at all."""
    due = (NOON + 2 * DAY, NOON + 4 * DAY)
    return [Reminder(at, None if late is None else at + late * DAY) for at, late in zip(due, lateness, strict=True)]


@pytest.mark.parametrize(
    ("lateness", "day"),
    [((0, 0), 6), ((1, 0), 7), ((0, 3), 9), ((2, 3), 9), ((0, None), None), ((None, None), None), ((None, 0), None)],
)
def test_the_closing_of_day_six(lateness: tuple[int | None, int | None], day: int | None) -> None:
    expected = None if day is None else NOON + day * DAY

    assert closes_at(reminders(*lateness), NOON + 6 * DAY) == expected


def test_a_reminder_after_the_closing_holds_nothing_up() -> None:
    assert closes_at(reminders(0, None), NOON + 3 * DAY) == NOON + 3 * DAY


def test_without_reminders_it_closes_as_planned() -> None:
    assert closes_at((), NOON) == NOON
