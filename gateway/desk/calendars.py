"""The calendars of the settings, by name; the empty name is the calendar that is always open. Pure."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from gateway.desk.calendar import Calendar
from gateway.settings import Calendar as Written
from gateway.settings import Settings
from gateway.settings_hours import own_days, week_of

_WHOLE_DAY = ((0, 24 * 60),)


def always(zone: str = "UTC") -> Calendar:
    """The calendar that is always open; a day of its is one of the zone."""
    return Calendar(name="", zone=ZoneInfo(zone), week=(_WHOLE_DAY,) * 7)


def calendars_of(settings: Settings) -> Mapping[str, Calendar]:
    """Those of settings that have been checked, and "" for always open."""
    return {"": always(), **{one.name: _calendar(one) for one in settings.calendar}}


def _calendar(one: Written) -> Calendar:
    return Calendar(
        name=one.name,
        zone=ZoneInfo(one.zone),
        week=week_of(one.hours),
        own=own_days(one.closed, one.open),
        country=one.country,
        region=one.region,
    )
