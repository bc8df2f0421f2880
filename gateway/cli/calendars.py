"""`gateway calendars`: the calendars of the settings, and whether each is open."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from gateway.cli.common import AsJson, SettingsFile, loaded, now, show, told
from gateway.desk.areas import Area, open_desk
from gateway.desk.business_time import next_closing, next_opening
from gateway.desk.calendar import Calendar
from gateway.desk.calendars import calendars_of
from gateway.desk.holidays import holidays_of

_SHOWN_HOLIDAYS = 3


def calendars(as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the calendars: whether each is open, until when, and the next public holidays."""
    with told():
        found = loaded(settings).settings
        areas = list(open_desk(found).areas.values())
        used = [
            one for name, one in calendars_of(found).items() if name or any(not area.calendar.name for area in areas)
        ]
        rows = [_row(calendar, areas, now()) for calendar in used]
        if not as_json:
            rows = [_for_people(row, calendar) for row, calendar in zip(rows, used, strict=True)]
        columns = ("calendar", "areas", "zone", "open", "until", "holidays")
        show(rows, as_json=as_json, columns=columns, empty="No calendars.")


def _row(calendar: Calendar, areas: Sequence[Area], now: datetime) -> dict[str, Any]:
    """`until` is when it closes or opens next; null when it never closes."""
    opening = next_opening(calendar, now)
    is_open = opening == now
    until = next_closing(calendar, now) if is_open else opening
    return {
        "calendar": calendar.name,
        "areas": [area.name for area in areas if area.calendar.name == calendar.name],
        "zone": calendar.zone.key,
        "open": is_open,
        "until": until.isoformat() if until else None,
        "country": calendar.country,
        "region": calendar.region,
        "holidays": {str(day): name for day, name in islice(_holidays_from(calendar, now), _SHOWN_HOLIDAYS)},
    }


def _holidays_from(calendar: Calendar, now: datetime) -> Iterator[tuple[date, str]]:
    """Of this year and the next; a holiday that has hours of its own is none."""
    today = calendar.local(now).date()
    for year in (today.year, today.year + 1):
        for day, name in holidays_of(calendar.country, calendar.region, year).items():
            if day >= today and not calendar.spans_on(day):
                yield day, name


def _for_people(row: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """`until` is by the calendar's own clock."""
    until = calendar.local(datetime.fromisoformat(row["until"])).strftime("%a %Y-%m-%d %H:%M") if row["until"] else ""
    holidays = ", ".join(f"{day} {name}" for day, name in row["holidays"].items())
    return row | {
        "calendar": row["calendar"] or "(always open)",
        "open": "open" if row["open"] else "closed",
        "until": until,
        "holidays": holidays,
    }
