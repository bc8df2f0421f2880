"""A calendar: its zone, its weekly hours, the days that differ; and its opening hours as instants, year by year. Pure.

Hours are by the wall clock of the zone. When clocks go forward, a time that does not exist is the moment of the change;
when they go back, a time that comes twice is its first coming. So hours that touch stay together, and none overlap.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from gateway.desk.holidays import holidays_of
from gateway.settings_hours import OwnDays, Spans, Week, ever_open

FIRST_YEAR, LAST_YEAR = 1900, 9998
_KEPT_YEARS = 16
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Year:
    """The opening hours of one year by the calendar's clock: opening n is from `opens[n]` until before `closes[n]`."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    """The time of opening since the year began, before each opening."""
    after: tuple[timedelta, ...]
    """The same after each opening."""
    days: tuple[date, ...]
    """The opening days."""
    first: tuple[int, ...]
    """The number of each opening day's first opening."""

    @property
    def total(self) -> timedelta:
        return self.after[-1] if self.after else _NOTHING

    def worked(self, instant: datetime) -> timedelta:
        """Time of opening from the year's begin until this instant."""
        number = bisect_right(self.closes, instant)
        if number == len(self.closes):
            return self.total
        return self.before[number] + max(_NOTHING, instant - self.opens[number])

    def earliest(self, worked: timedelta) -> datetime:
        """The first instant with so much time of opening before it: more than none, and no more than there is."""
        number = bisect_left(self.after, worked)
        return self.opens[number] + (worked - self.before[number])

    def latest(self, worked: timedelta) -> datetime:
        """The last such instant: less than there is."""
        number = bisect_right(self.before, worked) - 1
        return self.opens[number] + (worked - self.before[number])

    def day_of(self, number: int) -> int:
        """Which opening day an opening belongs to."""
        return bisect_right(self.first, number) - 1

    def nearest_on(self, day: int, instant: datetime) -> datetime:
        """The instant within an opening day's hours: the next opening of that day, after the last its closing."""
        end = self.first[day + 1] if day + 1 < len(self.first) else len(self.opens)
        number = bisect_left(self.closes, instant, self.first[day], end)
        return self.closes[end - 1] if number == end else max(instant, self.opens[number])


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an area is open. `week` is by weekday; `own` has the days that differ: a dated one goes before one of each
    year, and both before public holidays. A calendar without hours is a ValueError: nothing would ever be due.
    """

    name: str
    zone: ZoneInfo
    week: Week
    own: OwnDays = field(default_factory=dict, hash=False)
    country: str = ""
    region: str = ""
    # Filled as it is asked for; what it holds follows from the rest.
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not ever_open(self.week, self.own):
            raise ValueError(f"the calendar {self.name!r} is never open")

    def spans_on(self, day: date) -> Spans:
        """The hours of a day, as minutes of the wall clock."""
        for own in (day, (day.month, day.day)):
            if own in self.own:
                return self.own[own]
        return () if day in holidays_of(self.country, self.region, day.year) else self.week[day.weekday()]

    def local(self, instant: datetime) -> datetime:
        """The instant by the calendar's clock."""
        return instant.astimezone(self.zone)

    def year(self, number: int) -> Year:
        """OverflowError outside the years that dates can be counted in."""
        found = self._years.get(number)
        if found is None:
            if not FIRST_YEAR <= number <= LAST_YEAR:
                raise OverflowError(f"no calendar reaches the year {number}")
            if len(self._years) >= _KEPT_YEARS:
                self._years.clear()
            found = self._years[number] = _year(self, number)
        return found


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the zone's clocks show this naive time; see above for none and two of them."""
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    jump = (second.utcoffset() or _NOTHING) - (first.utcoffset() or _NOTHING)
    if jump <= _NOTHING:
        return first.astimezone(UTC)
    # PEP 495: in a gap fold=0 has the offset of before the change and fold=1 that of after. The change is between them.
    return _change(zone, second.astimezone(UTC), first.astimezone(UTC))


def _change(zone: ZoneInfo, earlier: datetime, later: datetime) -> datetime:
    """The first second at which the zone has the offset that it has at `later`."""
    offset = later.astimezone(zone).utcoffset()
    seconds = range(1, int((later - earlier).total_seconds()) + 1)
    found = bisect_left(
        seconds, True, key=lambda n: (earlier + timedelta(seconds=n)).astimezone(zone).utcoffset() == offset
    )
    return earlier + timedelta(seconds=found + 1)


def _year(calendar: Calendar, number: int) -> Year:
    openings: list[tuple[datetime, datetime]] = []
    days: list[date] = []
    first: list[int] = []
    midnight = datetime(number, 1, 1)  # noqa: DTZ001  (by the wall clock)
    begins = instant_of(midnight, calendar.zone)
    while midnight.year == number:
        ends = instant_of(midnight + _DAY, calendar.zone)
        found = _openings(calendar, midnight, begins, changes=ends - begins != _DAY)
        if found:
            days.append(midnight.date())
            first.append(len(openings))
            openings += found
        midnight, begins = midnight + _DAY, ends
    after = tuple(accumulate(closes - opens for opens, closes in openings))
    return Year(
        opens=tuple(opens for opens, _ in openings),
        closes=tuple(closes for _, closes in openings),
        before=(_NOTHING, *after[:-1]) if after else (),
        after=after,
        days=tuple(days),
        first=tuple(first),
    )


def _openings(
    calendar: Calendar, midnight: datetime, begins: datetime, *, changes: bool
) -> list[tuple[datetime, datetime]]:
    """Those of one day: its midnight by the wall clock, and as an instant; whether its clocks change."""
    spans = calendar.spans_on(midnight.date())
    if not changes:  # What is below gives the same, and is slow.
        return [(begins + timedelta(minutes=begin), begins + timedelta(minutes=end)) for begin, end in spans]
    walls = [(midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)) for begin, end in spans]
    instants = [(instant_of(begin, calendar.zone), instant_of(end, calendar.zone)) for begin, end in walls]
    # Clocks that go forward can take the whole of an opening away.
    return [(opens, closes) for opens, closes in instants if opens < closes]
