"""Calendars for tests, in words of settings; and times by their clocks."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.desk.calendar import Calendar, instant_of
from gateway.settings_hours import own_days, week_of

OFFICE = ("mon-fri 09:00-18:00",)
LUNCH = ("mon-thu 09:00-14:00, 15:00-18:00", "fri 09:00-15:00")
NIGHT = ("fri-sat 22:00-24:00", "sat-sun 00:00-06:00")
ALL_DAY = ("mon-sun 00:00-24:00",)


def calendar(
    zone: str = "Europe/Madrid",
    hours: Sequence[str] = OFFICE,
    *,
    country: str = "",
    region: str = "",
    closed: Sequence[str] = (),
    opened: Sequence[str] = (),
) -> Calendar:
    own = own_days(closed, opened)
    return Calendar(name="test", zone=ZoneInfo(zone), week=week_of(hours), own=own, country=country, region=region)


def at(calendar: Calendar, wall: str) -> datetime:
    """`2026-11-24 10:30` by the calendar's clock; with an offset or Z it is what it says."""
    written = datetime.fromisoformat(wall)
    return instant_of(written, calendar.zone) if written.tzinfo is None else written


def shown(calendar: Calendar, instant: datetime) -> str:
    return calendar.local(instant).strftime("%Y-%m-%d %H:%M")
