"""Counting on a calendar: when something is due, how much business time went by, when the desk opens. Pure.

All instants are aware and in UTC, those given and those returned. "Open" is from the opening until before the closing;
what is due may fall exactly on a closing, because then the time is full.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

from gateway.desk.calendar import Calendar, Year, instant_of
from gateway.desk.duration import Duration, Unit

BEGIN, END = datetime(1900, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""What lies outside is told as one of these: a wait too long to count is never over, and raises nothing."""

_NOTHING = timedelta(0)


def due(calendar: Calendar, start: datetime, duration: Duration) -> datetime:
    """When a wait that begins at `start` is over.

    Plain units are elapsed time. Business minutes and hours count while the calendar is open, and are over at the
    earliest instant. So many business days later is the same time of day on that opening day, moved into its hours: to
    the next opening of that day, or after its last hours to its closing. A wait that begins outside the hours begins at
    the next opening, so nothing of business time is due outside the hours.
    """
    try:
        if not duration.unit.business:
            return start + duration.time
        if duration.unit is Unit.BUSINESS_DAYS:
            return _days_after(calendar, next_opening(calendar, start), duration.count)
        return _time_after(calendar, start, duration.time)
    except OverflowError:
        return END


def before(calendar: Calendar, end: datetime, duration: Duration) -> datetime:
    """The latest instant from which `duration` leads to `end`, for a warning so long before something is due.

    With business time an `end` outside the hours counts as the closing before it. Business days go back as `due` goes
    forward: the same time of day, moved into that day's hours.
    """
    try:
        if not duration.unit.business:
            return end - duration.time
        if duration.unit is Unit.BUSINESS_DAYS:
            return _days_before(calendar, end, duration.count)
        return _time_before(calendar, end, duration.time)
    except OverflowError:
        return BEGIN


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The time that the calendar was open between two instants; negative when `end` is before `start`."""
    if end < start:
        return -elapsed(calendar, end, start)
    first, last = calendar.local(start).year, calendar.local(end).year
    whole = sum((calendar.year(number).total for number in range(first, last)), _NOTHING)
    return whole + calendar.year(last).worked(end) - calendar.year(first).worked(start)


def open_at(calendar: Calendar, now: datetime) -> bool:
    return next_opening(calendar, now) == now


def next_opening(calendar: Calendar, now: datetime) -> datetime:
    """The first instant from now on at which the calendar is open: now, when it is."""
    year, number = _opening_from(calendar, now)
    return max(now, year.opens[number])


def next_closing(calendar: Calendar, now: datetime) -> datetime | None:
    """When the desk closes next: the hours of now, else the next ones, end; None when not within a year."""
    limit = now + timedelta(days=366)
    closing = now
    while closing <= limit:
        year, number = _opening_from(calendar, closing)
        if closing > now and year.opens[number] > closing:
            return closing
        closing = year.closes[number]
    return None


def _opening_from(calendar: Calendar, now: datetime) -> tuple[Year, int]:
    """The opening in whose hours `now` is, or the next one."""
    at = calendar.local(now).year
    year = calendar.year(at)
    number = bisect_right(year.closes, now)
    while number == len(year.closes):
        at, number = at + 1, 0
        year = calendar.year(at)
    return year, number


def _closing_until(calendar: Calendar, end: datetime) -> tuple[int, Year, int, datetime]:
    """The opening in which `end` is or at which it closes, else the one before and its closing; first its year."""
    at = calendar.local(end).year
    year = calendar.year(at)
    number = bisect_left(year.closes, end)
    if number < len(year.opens) and year.opens[number] <= end:
        return at, year, number, end
    while number == 0:
        at -= 1
        year = calendar.year(at)
        number = len(year.opens)
    return at, year, number - 1, year.closes[number - 1]


def _time_after(calendar: Calendar, start: datetime, time: timedelta) -> datetime:
    if not time:
        return next_opening(calendar, start)
    at = calendar.local(start).year
    year = calendar.year(at)
    worked = year.worked(start) + time
    while worked > year.total:
        worked -= year.total
        at += 1
        year = calendar.year(at)
    return year.earliest(worked)


def _time_before(calendar: Calendar, end: datetime, time: timedelta) -> datetime:
    if not time:
        return _closing_until(calendar, end)[-1]
    at = calendar.local(end).year
    year = calendar.year(at)
    worked = year.worked(end) - time
    while worked < _NOTHING:
        at -= 1
        year = calendar.year(at)
        worked += year.total
    return year.latest(worked)


def _days_after(calendar: Calendar, start: datetime, count: int) -> datetime:
    """`start` is within the hours."""
    at = calendar.local(start).year
    year, number = _opening_from(calendar, start)
    day = year.day_of(number)
    return _on_day(calendar, at, day + count, _time_of_day(calendar, year, day, start))


def _days_before(calendar: Calendar, end: datetime, count: int) -> datetime:
    at, year, number, end = _closing_until(calendar, end)
    day = year.day_of(number)
    return _on_day(calendar, at, day - count, _time_of_day(calendar, year, day, end))


def _time_of_day(calendar: Calendar, year: Year, day: int, instant: datetime) -> timedelta:
    """By the wall clock since the day's midnight: 24 hours for a closing at 24:00."""
    wall = calendar.local(instant).replace(tzinfo=None, fold=0)
    return wall - _midnight(year, day)


def _on_day(calendar: Calendar, at: int, day: int, time_of_day: timedelta) -> datetime:
    """A time on an opening day, counted from the first of the year `at`: it may be of a later or earlier year."""
    year = calendar.year(at)
    while day >= len(year.days):
        day -= len(year.days)
        at += 1
        year = calendar.year(at)
    while day < 0:
        at -= 1
        year = calendar.year(at)
        day += len(year.days)
    return year.nearest_on(day, instant_of(_midnight(year, day) + time_of_day, calendar.zone))


def _midnight(year: Year, day: int) -> datetime:
    return datetime.combine(year.days[day], datetime.min.time())
