"""Opening hours and days as settings write them: "mon-thu 09:00-14:00, 15:00-18:00", "2026-12-24", "12-24". Pure.

A day's hours are spans of minutes since its midnight by the wall clock, in order; a span ends before it ends: [9:00,
18:00). Each reading function raises ValueError with what is right.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

Spans = tuple[tuple[int, int], ...]  # ((540, 840), (900, 1080)); empty: closed.
Week = tuple[Spans, ...]  # Seven, from Monday.
Yearly = tuple[int, int]  # Month and day.
OwnDays = Mapping[date | Yearly, Spans]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_LEAP_YEAR = 2028
_DAYS_OF_A_YEAR = 366

_WEEKLY = re.compile(r"(?P<days>[^\d:]+?) +(?P<hours>\d.*)")
_OPEN = re.compile(r"(?P<day>\S+) +(?P<hours>\S.*)")
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?- ?([0-9]{1,2}):([0-9]{2})")


def week_of(lines: Sequence[str]) -> Week:
    """The hours of each weekday that all lines together give, such as `mon-thu,sat 09:00-14:00, 15:00-18:00`."""
    week: list[Spans] = [()] * 7
    for line in lines:
        found = _WEEKLY.fullmatch(line.strip())
        if found is None:
            raise ValueError(f'"{line}" is no weekly hours; write days and hours: mon-fri 09:00-14:00, 15:00-18:00')
        spans = spans_of(found["hours"])
        for number in _weekdays(found["days"]):
            week[number] = _in_order(week[number] + spans, on=f" on {WEEKDAYS[number]}")
    return tuple(week)


def own_days(closed: Sequence[str], opened: Sequence[str] = ()) -> OwnDays:
    """The hours of the days that have their own: empty for those of `closed`.

    Closed are `2026-12-24`, `12-24` of each year, and `2026-08-03 to 2026-08-14`; open are `2026-12-05 10:00-14:00`
    and `12-24 09:00-13:00` of each year.
    """
    own: dict[date | Yearly, Spans] = {}
    for line in closed:
        own.update(dict.fromkeys(_closed(line), ()))
    for line in opened:
        found = _OPEN.fullmatch(line.strip())
        if found is None:
            raise ValueError(f'"{line}" is no open day; write the day and its hours: 2026-12-05 10:00-14:00')
        day = _day(found["day"])
        if day in own:
            raise ValueError(f"{found['day']} is in this list or in closed already")
        own[day] = spans_of(found["hours"])
    return own


def spans_of(text: str) -> Spans:
    """`09:00-14:00, 15:00-18:00` as minutes."""
    return _in_order(tuple(_span(part.strip()) for part in text.split(",")), on="")


def ever_open(week: Week, own: OwnDays) -> bool:
    """Whether there are open days every year, whatever holidays and single days are closed."""
    if any(spans for day, spans in own.items() if isinstance(day, tuple)):
        return True
    return any(week) and sum(isinstance(day, tuple) for day in own) < _DAYS_OF_A_YEAR


def _weekdays(text: str) -> list[int]:
    """`mon-wed,fri` as numbers from Monday's 0; `sun-thu` goes over the week's end."""
    numbers: list[int] = []
    for part in text.split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        begin, end = _weekday(first), _weekday(last if dash else first)
        numbers.extend((begin + day) % 7 for day in range((end - begin) % 7 + 1))
    return numbers


def _weekday(word: str) -> int:
    if word not in WEEKDAYS:
        near = next((name for name in WEEKDAYS if word.lower().startswith(name)), None)
        raise ValueError(
            f'"{word}" is no weekday; ' + (f"did you mean {near}?" if near else f"there are {', '.join(WEEKDAYS)}")
        )
    return WEEKDAYS.index(word)


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is no span of hours, such as 09:00-14:00')
    begin, end = _minute(found[1], found[2]), _minute(found[3], found[4])
    if begin == end:
        raise ValueError(f"{text} is no time at all; a whole day is 00:00-24:00")
    if end < begin:
        night = f"{found[1]}:{found[2]}-24:00 on this day and 00:00-{found[3]}:{found[4]} on the next"
        raise ValueError(f"{text} goes backwards; across midnight write {night}")
    return begin, end


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > _DAY:
        raise ValueError(f"{hour}:{minute} is no time of day; the last is 24:00")
    return total


def _in_order(spans: Spans, *, on: str) -> Spans:
    """Spans that touch are left as they are: nothing is counted twice."""
    ordered = tuple(sorted(spans))
    for (begin, end), (later, ends) in pairwise(ordered):
        if later < end:
            raise ValueError(f"{_written(begin, end)} and {_written(later, ends)} overlap{on}")
    return ordered


def _written(begin: int, end: int) -> str:
    return f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _closed(line: str) -> list[date | Yearly]:
    first, to, last = (part.strip() for part in line.partition(" to "))
    begin = _day(first)
    if not to:
        return [begin]
    end = _day(last)
    if isinstance(begin, tuple) or isinstance(end, tuple):
        raise ValueError(f'"{line}": days from one to another have a year: 2026-08-03 to 2026-08-14')
    if not timedelta(0) <= end - begin < timedelta(days=_DAYS_OF_A_YEAR):
        raise ValueError(f'"{line}" goes backwards, or is longer than a year')
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def _day(text: str) -> date | Yearly:
    yearly = re.fullmatch(r"[0-9]{2}-[0-9]{2}", text)
    try:
        if yearly:
            day = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
            return day.month, day.day
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}") from None
    raise ValueError(f'"{text}" is no day; write 2026-12-24, or 12-24 for each year')
