"""When something is due on a calendar: tables of clocks, holidays, breaks, and shifts."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from gateway.desk.business_time import BEGIN, END, before, due, elapsed, next_closing, next_opening, open_at
from gateway.desk.calendar import Calendar
from gateway.desk.calendars import always
from gateway.desk.duration import parse
from tests.calendars import ALL_DAY, LUNCH, NIGHT, OFFICE, at, calendar, shown

MADRID = calendar(country="ES", region="MD")
BREAK = calendar(hours=LUNCH)
EASTER = calendar("Europe/Madrid", country="ES", region="CT")
TOKYO = calendar("Asia/Tokyo", country="JP")
KATHMANDU = calendar("Asia/Kathmandu", ("sun-thu 10:00-17:00", "fri 10:00-15:00"))
SATURDAYS = calendar(hours=(*OFFICE, "sat 10:00-14:00"))
ROUND_THE_CLOCK = calendar(hours=ALL_DAY)
SUPPORT = calendar(closed=["12-24", "2026-08-03 to 2026-08-14"], opened=["12-31 09:00-13:00", "2026-12-24 10:00-12:00"])


@pytest.mark.parametrize(
    ("on", "start", "wait", "expected"),
    [
        # A week of November 2026: the 24th is a Tuesday.
        (MADRID, "2026-11-24 10:30", "6 business days", "2026-12-02 10:30"),
        (MADRID, "2026-11-24 10:30", "10 business minutes", "2026-11-24 10:40"),
        (MADRID, "2026-11-24 17:55", "10 business minutes", "2026-11-25 09:05"),
        (MADRID, "2026-11-24 17:50", "10 business minutes", "2026-11-24 18:00"),
        (MADRID, "2026-11-24 10:30", "9 business hours", "2026-11-25 10:30"),
        (MADRID, "2026-11-24 10:30", "0 business minutes", "2026-11-24 10:30"),
        (MADRID, "2026-11-24 10:30", "0 business days", "2026-11-24 10:30"),
        (MADRID, "2026-11-24 20:00", "0 business days", "2026-11-25 09:00"),
        # Friday 17:59, Friday 18:00, and the weekend.
        (MADRID, "2026-11-27 17:59", "1 business minute", "2026-11-27 18:00"),
        (MADRID, "2026-11-27 17:59", "2 business minutes", "2026-11-30 09:01"),
        (MADRID, "2026-11-27 17:59", "1 business day", "2026-11-30 17:59"),
        (MADRID, "2026-11-27 18:00", "1 business minute", "2026-11-30 09:01"),
        (MADRID, "2026-11-27 18:00", "1 business day", "2026-12-01 09:00"),
        (MADRID, "2026-11-28 12:00", "4 business hours", "2026-11-30 13:00"),
        (MADRID, "2026-11-29 23:59", "1 business day", "2026-12-01 09:00"),
        (MADRID, "2026-11-30 08:59", "1 business day", "2026-12-01 09:00"),
        # Plain time runs through nights and weekends.
        (MADRID, "2026-11-27 17:59", "4 hours", "2026-11-27 21:59"),
        (MADRID, "2026-11-27 17:59", "1 day", "2026-11-28 17:59"),
        (MADRID, "2026-11-27 17:59", "2 weeks", "2026-12-11 17:59"),
        # Holidays in a row: Thursday and Friday before Easter in Madrid, Friday and Monday in Catalonia.
        (MADRID, "2026-04-01 17:59", "2 business minutes", "2026-04-06 09:01"),
        (EASTER, "2026-04-02 17:59", "2 business minutes", "2026-04-07 09:01"),
        (MADRID, "2026-04-01 10:30", "1 business day", "2026-04-06 10:30"),
        (TOKYO, "2026-04-28 17:30", "1 business hour", "2026-04-30 09:30"),
        (TOKYO, "2026-05-01 17:30", "1 business hour", "2026-05-07 09:30"),
        # A wait that begins on a holiday, and one that crosses New Year.
        (MADRID, "2026-12-25 11:00", "1 business day", "2026-12-29 09:00"),
        (MADRID, "2026-12-25 11:00", "1 business minute", "2026-12-28 09:01"),
        (MADRID, "2026-12-31 17:00", "2 business hours", "2027-01-04 10:00"),
        (MADRID, "2026-12-31 17:00", "1 business hour", "2026-12-31 18:00"),
        (MADRID, "2026-12-30 10:30", "2 business days", "2027-01-04 10:30"),
        # The break at noon.
        (BREAK, "2026-11-24 13:50", "20 business minutes", "2026-11-24 15:10"),
        (BREAK, "2026-11-24 14:30", "20 business minutes", "2026-11-24 15:20"),
        (BREAK, "2026-11-24 13:50", "10 business minutes", "2026-11-24 14:00"),
        (BREAK, "2026-11-24 14:30", "1 business day", "2026-11-25 15:00"),
        (BREAK, "2026-11-26 17:00", "1 business day", "2026-11-27 15:00"),
        (BREAK, "2026-11-27 14:30", "1 business day", "2026-11-30 15:00"),
        (BREAK, "2026-11-24 10:00", "8 business hours", "2026-11-25 10:00"),
        # A short day takes what is later to its closing, what is earlier to its opening.
        (SATURDAYS, "2026-11-27 17:00", "1 business day", "2026-11-28 14:00"),
        (SATURDAYS, "2026-11-27 09:30", "1 business day", "2026-11-28 10:00"),
        (SATURDAYS, "2026-11-27 11:30", "2 business days", "2026-11-30 11:30"),
        # Leap days; 2028-02-28 is a Monday.
        (MADRID, "2028-02-28 10:30", "1 business day", "2028-02-29 10:30"),
        (MADRID, "2028-02-28 10:30", "2 business days", "2028-03-01 10:30"),
        (MADRID, "2028-02-29 17:59", "2 business minutes", "2028-03-01 09:01"),
        (MADRID, "2027-02-26 17:59", "2 business minutes", "2027-03-01 09:01"),
        (calendar(closed=["02-29"]), "2028-02-28 10:30", "1 business day", "2028-03-01 10:30"),
        (calendar(closed=["02-29"]), "2027-02-26 10:30", "1 business day", "2027-03-01 10:30"),
        # Days of the desk's own.
        (SUPPORT, "2026-07-31 10:30", "1 business day", "2026-08-17 10:30"),
        (SUPPORT, "2025-12-23 10:30", "1 business day", "2025-12-25 10:30"),
        (SUPPORT, "2026-12-23 10:30", "1 business day", "2026-12-24 10:30"),
        (SUPPORT, "2026-12-23 17:30", "1 business day", "2026-12-24 12:00"),
        (SUPPORT, "2026-12-31 12:59", "2 business minutes", "2027-01-01 09:01"),
        (
            calendar(country="ES", opened=["2026-12-25 10:00-12:00"]),
            "2026-12-24 17:00",
            "3 business hours",
            "2026-12-25 12:00",
        ),
        # A week that ends on Friday, a quarter of an hour off.
        (KATHMANDU, "2026-11-27 14:59", "2 business minutes", "2026-11-29 10:01"),
        (KATHMANDU, "2026-11-27T14:59+05:45", "1 business day", "2026-11-29T14:59+05:45"),
    ],
)
def test_a_wait_is_over(on: Calendar, start: str, wait: str, expected: str) -> None:
    over = due(on, at(on, start), parse(wait))

    assert shown(on, over) == shown(on, at(on, expected))
    assert over.tzinfo is UTC


@pytest.mark.parametrize(
    ("on", "start", "wait", "expected"),
    [
        # Madrid: 2026-03-29 has 23 hours, 2026-10-25 has 25.
        (ROUND_THE_CLOCK, "2026-03-28T11:00Z", "24 business hours", "2026-03-29T11:00Z"),
        (ROUND_THE_CLOCK, "2026-03-28T11:00Z", "1 business day", "2026-03-29T10:00Z"),
        (ROUND_THE_CLOCK, "2026-03-28T11:00Z", "1 day", "2026-03-29T11:00Z"),
        (ROUND_THE_CLOCK, "2026-03-28T11:00Z", "24 hours", "2026-03-29T11:00Z"),
        (ROUND_THE_CLOCK, "2026-10-24T10:00Z", "24 business hours", "2026-10-25T10:00Z"),
        (ROUND_THE_CLOCK, "2026-10-24T10:00Z", "1 business day", "2026-10-25T11:00Z"),
        (ROUND_THE_CLOCK, "2026-10-24T10:00Z", "1 day", "2026-10-25T10:00Z"),
        (MADRID, "2026-03-27T16:59Z", "2 business minutes", "2026-03-30T07:01Z"),
        (MADRID, "2026-10-23T15:59Z", "2 business minutes", "2026-10-26T08:01Z"),
        (MADRID, "2026-10-23T15:59Z", "1 business day", "2026-10-26T16:59Z"),
        # A time that does not exist is the moment of the change; one that comes twice is its first coming.
        (ROUND_THE_CLOCK, "2026-03-28T01:30Z", "1 business day", "2026-03-29T01:00Z"),
        (ROUND_THE_CLOCK, "2026-10-24T00:30Z", "1 business day", "2026-10-25T00:30Z"),
        # Santiago changes at midnight: forward on 2026-09-06, back on 2026-04-05.
        (calendar("America/Santiago", NIGHT), "2026-09-06T02:00Z", "4 business hours", "2026-09-06T06:00Z"),
        (calendar("America/Santiago", ALL_DAY), "2026-09-05T12:00Z", "1 business day", "2026-09-06T11:00Z"),
        (calendar("America/Santiago", ALL_DAY), "2026-04-04T11:00Z", "1 business day", "2026-04-05T12:00Z"),
        (calendar("America/Santiago"), "2026-09-04T21:59Z", "2 business minutes", "2026-09-07T12:01Z"),
        (calendar("America/Santiago"), "2026-04-03T20:59Z", "2 business minutes", "2026-04-06T13:01Z"),
        # Sao Paulo changed until 2019, and no more.
        (calendar("America/Sao_Paulo"), "2018-11-02T20:59Z", "2 business minutes", "2018-11-05T11:01Z"),
        (calendar("America/Sao_Paulo"), "2018-02-16T19:59Z", "2 business minutes", "2018-02-19T12:01Z"),
        (calendar("America/Sao_Paulo"), "2026-10-16T20:59Z", "2 business minutes", "2026-10-19T12:01Z"),
        (calendar("America/New_York"), "2026-03-06T22:59Z", "2 business minutes", "2026-03-09T13:01Z"),
        (calendar("America/New_York"), "2026-10-30T21:59Z", "2 business minutes", "2026-11-02T14:01Z"),
        # Apia had no 2011-12-30, a Friday: Thursday is followed by Saturday.
        (calendar("Pacific/Apia", ALL_DAY), "2011-12-29T22:00Z", "1 business day", "2011-12-30T22:00Z"),
        (calendar("Pacific/Apia"), "2011-12-29T22:00Z", "1 business day", "2012-01-01T22:00Z"),
    ],
)
def test_clocks_that_change_move_the_hours_and_not_the_time_worked(
    on: Calendar, start: str, wait: str, expected: str
) -> None:
    assert due(on, at(on, start), parse(wait)) == at(on, expected)


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/Madrid", "2026-03-28", 15),
        ("Europe/Madrid", "2026-10-24", 17),
        ("America/Santiago", "2026-09-05", 15),
        ("America/Santiago", "2026-04-04", 17),
        ("America/New_York", "2026-03-07", 15),
        ("America/New_York", "2026-10-31", 17),
        ("America/Sao_Paulo", "2018-11-03", 15),
        ("America/Sao_Paulo", "2018-02-17", 17),
        ("America/Sao_Paulo", "2026-10-17", 16),
        ("Asia/Kathmandu", "2026-10-17", 16),
        ("Australia/Lord_Howe", "2026-10-03", 15.5),
        ("Australia/Lord_Howe", "2026-04-04", 16.5),
        # At a minute past midnight, back into the day before.
        ("America/St_Johns", "2010-11-06", 17),
        ("Pacific/Apia", "2011-12-30", 6),
    ],
)
def test_the_nights_of_a_weekend_are_as_long_as_the_clocks_make_them(zone: str, first: str, hours: float) -> None:
    """Friday 22:00 to 6:00 and Saturday 22:00 to 6:00; `first` is the Saturday, in Apia the Friday that was not."""
    nights = calendar(zone, NIGHT)
    saturday = datetime.fromisoformat(first)
    begin, end = (at(nights, str(saturday + timedelta(days=days, hours=12))) for days in (-1, 1))

    assert elapsed(nights, begin, end) == timedelta(hours=hours)


def test_areas_in_four_zones_have_their_own_mornings() -> None:
    zones = ("Europe/Madrid", "America/Bogota", "America/Santiago", "Asia/Kathmandu")
    mail = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # Friday 23:30, 17:30, 19:30, and Saturday 4:15.

    answered = [due(calendar(zone), mail, parse("60 business minutes")) for zone in zones]

    assert [f"{one:%a %H:%M}" for one in answered] == ["Mon 09:00", "Mon 14:30", "Mon 13:00", "Mon 04:15"]


@pytest.mark.parametrize(
    ("on", "target", "earlier", "expected"),
    [
        (MADRID, "2026-11-24 10:40", "10 business minutes", "2026-11-24 10:30"),
        (MADRID, "2026-11-24 09:05", "10 business minutes", "2026-11-23 17:55"),
        # The latest: an alert is for people who are there.
        (MADRID, "2026-11-24 09:10", "10 business minutes", "2026-11-24 09:00"),
        (MADRID, "2026-11-24 22:00", "10 business minutes", "2026-11-24 17:50"),
        (MADRID, "2026-11-30 09:05", "10 business minutes", "2026-11-27 17:55"),
        (MADRID, "2026-04-06 09:05", "10 business minutes", "2026-04-01 17:55"),
        (MADRID, "2027-01-04 09:30", "1 business hour", "2026-12-31 17:30"),
        (MADRID, "2026-11-24 10:40", "10 minutes", "2026-11-24 10:30"),
        (MADRID, "2026-11-24 09:05", "2 hours", "2026-11-24 07:05"),
        (MADRID, "2026-12-02 10:30", "6 business days", "2026-11-24 10:30"),
        (MADRID, "2027-01-04 10:30", "2 business days", "2026-12-30 10:30"),
        (MADRID, "2026-11-29 12:00", "1 business day", "2026-11-26 18:00"),
        (MADRID, "2026-11-29 12:00", "0 business minutes", "2026-11-27 18:00"),
        (MADRID, "2026-11-24 09:00", "1 business day", "2026-11-23 09:00"),
        (BREAK, "2026-11-24 15:10", "20 business minutes", "2026-11-24 13:50"),
        (calendar(hours=("mon-fri 00:00-24:00",)), "2026-11-29 12:00", "1 business day", "2026-11-27 00:00"),
    ],
)
def test_a_warning_comes_so_long_before(on: Calendar, target: str, earlier: str, expected: str) -> None:
    assert shown(on, before(on, at(on, target), parse(earlier))) == expected


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-27 17:00", "2026-11-30 10:00", 2),
        ("2026-11-28 10:00", "2026-11-29 10:00", 0),
        ("2026-11-24 10:00", "2026-11-24 12:30", 2.5),
        ("2026-11-24 12:30", "2026-11-24 10:00", -2.5),
        ("2026-04-01 09:00", "2026-04-06 18:00", 18),
        # 2026: 261 weekdays; holidays of Madrid on ten of them, from New Year's Day to Christmas.
        ("2026-01-01 00:00", "2027-01-01 00:00", 9 * 251),
        ("2025-12-31 17:00", "2027-01-04 10:00", 1 + 9 * 251 + 1),
    ],
)
def test_business_time_goes_by_in_the_hours_only(start: str, end: str, hours: float) -> None:
    assert elapsed(MADRID, at(MADRID, start), at(MADRID, end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("on", "now", "is_open", "opens", "closes"),
    [
        (MADRID, "2026-11-24 08:59", False, "2026-11-24 09:00", "2026-11-24 18:00"),
        (MADRID, "2026-11-24 09:00", True, "2026-11-24 09:00", "2026-11-24 18:00"),
        (MADRID, "2026-11-24 17:59", True, "2026-11-24 17:59", "2026-11-24 18:00"),
        (MADRID, "2026-11-24 18:00", False, "2026-11-25 09:00", "2026-11-25 18:00"),
        (MADRID, "2026-12-31 18:00", False, "2027-01-04 09:00", "2027-01-04 18:00"),
        (BREAK, "2026-11-24 14:00", False, "2026-11-24 15:00", "2026-11-24 18:00"),
        # A night is one opening, though it is written as two.
        (calendar(hours=NIGHT), "2026-11-27 23:00", True, "2026-11-27 23:00", "2026-11-28 06:00"),
        (
            calendar(hours=("mon-fri 09:00-14:00, 14:00-18:00",)),
            "2026-11-24 10:00",
            True,
            "2026-11-24 10:00",
            "2026-11-24 18:00",
        ),
    ],
)
def test_the_desk_is_open_and_closed(on: Calendar, now: str, is_open: bool, opens: str, closes: str) -> None:
    instant = at(on, now)
    closing = next_closing(on, instant)

    assert open_at(on, instant) is is_open
    assert shown(on, next_opening(on, instant)) == opens
    assert closing is not None
    assert shown(on, closing) == closes


def test_without_a_calendar_the_desk_is_always_open() -> None:
    now = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)

    assert open_at(always(), now)
    assert next_closing(always(), now) is None
    assert due(always(), now, parse("90 business minutes")) == now + timedelta(minutes=90)
    assert due(always(), now, parse("6 business days")) == now + timedelta(days=6)
    assert elapsed(always(), now, now + timedelta(days=1000)) == timedelta(days=1000)


def test_an_always_open_calendar_has_the_days_of_its_zone() -> None:
    saturday = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)

    assert due(always("Europe/Madrid"), saturday, parse("1 business day")) == datetime(2026, 3, 29, 10, 0, tzinfo=UTC)


@pytest.mark.timeout(20)
def test_a_wait_beyond_all_calendars_is_never_over() -> None:
    late = datetime(9995, 1, 1, tzinfo=UTC)
    seldom = calendar(closed=["01-01"], hours=("mon 09:00-09:01",))

    assert due(seldom, late, parse("3000 business days")) == END
    assert due(seldom, late, parse("60000 business minutes")) == END
    assert due(seldom, datetime.max.replace(tzinfo=UTC), parse("1 day")) == END
    assert before(seldom, BEGIN, parse("3000 business days")) == BEGIN
    assert before(seldom, BEGIN, parse("1 business hour")) == BEGIN
    assert due(seldom, datetime(2026, 1, 1, tzinfo=UTC), parse("3650 business days")).year == 2096


def test_the_library_of_holidays_is_not_loaded_without_a_country() -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from gateway.desk.business_time import due;"
        "from gateway.desk.calendars import always; from gateway.desk.duration import parse; import gateway.desk.areas;"
        "due(always(), datetime(2026, 1, 1, tzinfo=UTC), parse('6 business days')); print('holidays' in sys.modules)"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)

    assert told.stdout.strip() == "False"
