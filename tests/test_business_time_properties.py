"""What holds for every calendar, instant, and duration; and that another program counts the same.

The other program is `workclock`. It differs from us where clocks go forward over an opening or a closing: it moves that
time by the hour that is missing, we to the change. So for the comparison the hours begin and end on full hours at
night, where no change of the compared zones is between them; test_business_time.py has tables of the rest.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import workclock
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateway.desk.business_time import before, due, elapsed, next_closing, next_opening, open_at
from gateway.desk.calendar import Calendar
from gateway.desk.duration import Duration, Unit
from gateway.settings_hours import Spans

ZONES = (
    "Europe/Madrid",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Bogota",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "UTC",
)
# Clocks that change by half an hour, by two, at 2:45, at midnight, at one, and around Ramadan.
ODD_ZONES = ("Antarctica/Troll", "Pacific/Chatham", "America/Havana", "America/Asuncion", "Africa/Casablanca")
BEGIN, YEARS = datetime(2024, 1, 1, tzinfo=UTC), 4
EDGES = tuple(range(0, 1441, 15))
COMPARED_EDGES = (*range(0, 300, 60), *range(300, 1441, 15))

instants = st.integers(0, YEARS * 366 * 24 * 60 * 60).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
worked = st.builds(
    Duration,
    st.one_of(st.integers(0, 2000), st.integers(2000, 60000)),
    st.just(Unit.BUSINESS_MINUTES),
)
days = st.builds(Duration, st.integers(0, 400), st.just(Unit.BUSINESS_DAYS))
durations = st.one_of(worked, days, st.builds(Duration, st.integers(0, 500), st.sampled_from(Unit)))


@st.composite
def spans(draw: st.DrawFn, edges_of: Sequence[int]) -> Spans:
    """Up to three openings of a day, which may touch."""
    edges = sorted(draw(st.sets(st.sampled_from(edges_of), max_size=4)))
    touching = draw(st.booleans())
    pairs = pairwise(edges) if touching else zip(edges[::2], edges[1::2], strict=False)
    return tuple(pairs)


@st.composite
def calendars(draw: st.DrawFn, zones: Sequence[str] = (*ZONES, *ODD_ZONES), edges: Sequence[int] = EDGES) -> Calendar:
    week = tuple(draw(st.lists(spans(edges), min_size=7, max_size=7)))
    assume(any(week))
    closed = draw(st.lists(st.integers(0, YEARS * 366), max_size=12))
    in_a_row = draw(st.integers(0, 12))
    own: dict[date | tuple[int, int], Spans] = {BEGIN.date() + timedelta(days=day): () for day in closed}
    own.update({date(2026, 12, 20) + timedelta(days=day): () for day in range(in_a_row)})
    return Calendar(name="any", zone=ZoneInfo(draw(st.sampled_from(zones))), week=week, own=own)


compared = calendars(ZONES, COMPARED_EDGES)
by_day = calendars(edges=range(300, 1441, 15))


def schedule(calendar: Calendar) -> workclock.Schedule:
    """The same hours, as workclock has them."""
    rules: list[workclock.Rule] = [
        workclock.WorkDay(clock(begin), clock(end), [weekday])
        for weekday, spans in enumerate(calendar.week)
        for begin, end in spans
    ]
    closed = [day for day in calendar.own if isinstance(day, date)]
    return workclock.Schedule([*rules, workclock.Holidays(closed)], time_zone=calendar.zone.key)


def clock(minute: int) -> time:
    """24:00 is midnight, at which workclock ends a shift on the next day."""
    return time(minute // 60 % 24, minute % 60)


def comes_twice(calendar: Calendar, instant: datetime) -> bool:
    """Whether the clock shows this time a second time: the same time of day is not in order then."""
    return calendar.local(instant).fold == 1


def in_hours(calendar: Calendar, instant: datetime) -> bool:
    """Within the opening hours, or at a closing."""
    return open_at(calendar, instant) or open_at(calendar, instant - timedelta(microseconds=1))


thorough = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(compared, instants, worked)
def test_another_program_finds_the_same_instant(calendar: Calendar, start: datetime, duration: Duration) -> None:
    assume(duration.count)

    assert due(calendar, start, duration) == schedule(calendar).add(start, duration.time)
    assert before(calendar, start, duration) == schedule(calendar).sub(start, duration.time)


@thorough
@given(compared, instants, instants)
def test_another_program_counts_the_same_time(calendar: Calendar, one: datetime, other: datetime) -> None:
    assert elapsed(calendar, one, other) == schedule(calendar).between(one, other)


@thorough
@given(compared, instants)
def test_another_program_opens_and_closes_at_the_same_time(calendar: Calendar, now: datetime) -> None:
    opens, closes = schedule(calendar).next_period(now)

    assert next_opening(calendar, now) == opens
    assert next_closing(calendar, now) == (closes if closes < now + timedelta(days=366) else None)


@thorough
@given(calendars(), instants, instants, durations)
def test_what_begins_later_is_not_due_sooner(
    calendar: Calendar, one: datetime, other: datetime, duration: Duration
) -> None:
    first, second = sorted((one, other))
    assume(not comes_twice(calendar, next_opening(calendar, second)))

    assert due(calendar, first, duration) <= due(calendar, second, duration)


@thorough
@given(calendars(), instants, durations, st.integers(0, 500))
def test_what_lasts_longer_is_not_due_sooner(
    calendar: Calendar, start: datetime, duration: Duration, more: int
) -> None:
    longer = Duration(duration.count + more, duration.unit)

    assert start <= due(calendar, start, duration) <= due(calendar, start, longer)


@thorough
@given(calendars(), instants, worked)
def test_the_time_until_what_is_due_is_the_duration(calendar: Calendar, start: datetime, duration: Duration) -> None:
    assert elapsed(calendar, start, due(calendar, start, duration)) == duration.time


@thorough
@given(calendars(), instants, st.one_of(worked, days))
def test_nothing_of_business_time_is_due_outside_the_hours(
    calendar: Calendar, start: datetime, duration: Duration
) -> None:
    assert in_hours(calendar, due(calendar, start, duration))


@thorough
@given(calendars(), instants, worked)
def test_the_way_back_loses_no_business_time(calendar: Calendar, start: datetime, duration: Duration) -> None:
    back = before(calendar, due(calendar, start, duration), duration)

    assert elapsed(calendar, start, back) == timedelta(0)
    assert in_hours(calendar, back)


@thorough
@given(by_day, instants, days)
def test_so_many_business_days_are_so_many_opening_days(
    calendar: Calendar, start: datetime, duration: Duration
) -> None:
    """Counted day by day; no change of a clock could take away one of these days."""
    over = due(calendar, start, duration)
    day, last = (
        calendar.local(next_opening(calendar, start)).date(),
        calendar.local(over - timedelta(microseconds=1)).date(),
    )

    if over == next_opening(calendar, over):  # An opening belongs to its own day, a closing at 24:00 to the day before.
        last = calendar.local(over).date()
    number = sum(bool(calendar.spans_on(day + timedelta(days=one))) for one in range(1, (last - day).days + 1))

    assert number == duration.count
    assert before(calendar, over, duration) <= over


@thorough
@given(calendars(), instants, st.integers(0, 400))
def test_business_days_keep_the_time_of_day_on_days_that_are_alike(
    calendar: Calendar, start: datetime, count: int
) -> None:
    alike = Calendar(name="alike", zone=calendar.zone, week=(((540, 840), (900, 1080)),) * 7, own=calendar.own)
    begun = next_opening(alike, start)
    over = due(alike, start, Duration(count, Unit.BUSINESS_DAYS))

    assert alike.local(over).time() == alike.local(begun).time()
    assert before(alike, over, Duration(count, Unit.BUSINESS_DAYS)) == begun
