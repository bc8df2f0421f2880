"""Whether each [[calendar]] can be followed: its zone, its hours and days, its country and region."""

from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo, available_timezones

from gateway.settings import Calendar, Settings
from gateway.settings_hours import ever_open, own_days, week_of
from gateway.settings_where import At, Problem, nearest, none_called


def about_calendars(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with [[calendar]], and with the calendars that areas name."""
    names: set[str] = set()
    for number, calendar in enumerate(settings.calendar):
        at: At = ("calendar", number)
        if not calendar.name.strip():
            yield Problem((*at, "name"), "is empty; without a calendar an area is always open")
        elif calendar.name in names:
            yield Problem((*at, "name"), f'"{calendar.name}" is the name of another [[calendar]] too')
        names.add(calendar.name)
        yield from _zone(calendar.zone, (*at, "zone"))
        yield from _hours(calendar, at)
        if calendar.country or calendar.region:
            yield from _country(calendar, at)
    for number, area in enumerate(settings.area):
        if area.calendar and area.calendar not in names:
            yield Problem(("area", number, "calendar"), none_called("calendar", area.calendar, sorted(names)))


def _zone(name: str, at: At) -> Iterator[Problem]:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: "Europe" is a folder.
        near = nearest(name, available_timezones())
        hint = f"did you mean {near}?" if near else "names are such as Europe/Madrid or America/Bogota"
        yield Problem(at, f'"{name}" is no time zone; {hint}')


def _hours(calendar: Calendar, at: At) -> Iterator[Problem]:
    wrong = [
        *_first_wrong(calendar.hours, week_of, (*at, "hours")),
        *_first_wrong(calendar.closed, own_days, (*at, "closed")),
    ]
    wrong = wrong or [*_first_wrong(calendar.open, lambda lines: own_days(calendar.closed, lines), (*at, "open"))]
    yield from wrong
    if not wrong and not ever_open(week_of(calendar.hours), own_days(calendar.closed, calendar.open)):
        yield Problem(at, "is never open: each day of the year is closed")


def _first_wrong(lines: Sequence[str], read: Callable[[Sequence[str]], object], at: At) -> Iterator[Problem]:
    """What one line says can be wrong because of those before it, so they are read with it."""
    for number in range(len(lines)):
        try:
            read(lines[: number + 1])
        except ValueError as error:
            yield Problem((*at, number), str(error))
            return


def _country(calendar: Calendar, at: At) -> Iterator[Problem]:
    # Here and not above: the library takes memory that a desk without a country need not pay.
    import holidays

    countries = holidays.list_supported_countries(include_aliases=False)
    if not calendar.country:
        yield Problem((*at, "region"), "needs a country, whose region it is")
    elif calendar.country not in countries:
        yield Problem((*at, "country"), f'"{calendar.country}" is no country; {_country_meant(calendar.country)}')
    elif calendar.region:
        country = holidays.country_holidays(calendar.country)
        known = (*country.subdivisions, *country.subdivisions_aliases)
        if calendar.region not in known:
            near = nearest(calendar.region, known)
            there = f"there are {', '.join(country.subdivisions) or 'none: leave it empty'}"
            hint = f"did you mean {near}?" if near else there
            yield Problem((*at, "region"), f'"{calendar.region}" is no region of {calendar.country}; {hint}')


def _country_meant(written: str) -> str:
    """The code of the country that was meant by its code in small letters, its longer code, or its name."""
    from holidays.registry import COUNTRIES

    codes: dict[str, str] = {}
    for name, (_, code, *others) in COUNTRIES.items():
        codes.update(dict.fromkeys((name.replace("_", " "), code.lower(), *(other.lower() for other in others)), code))
    folded = written.lower()
    near = folded if folded in codes else nearest(folded, codes) if len(folded) > 3 else None
    if near:
        return f"did you mean {codes[near]}?"
    return f"there are {', '.join(sorted(set(codes.values())))}"
