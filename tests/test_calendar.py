"""Calendars as settings write them: hours, days of their own, holidays; and what is told of a mistake."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.desk.areas import open_desk
from gateway.desk.calendar import Calendar, instant_of
from gateway.desk.holidays import holidays_of
from gateway.errors import SettingsError
from gateway.settings_hours import own_days, week_of
from gateway.settings_load import load_settings
from tests.calendars import calendar
from tests.documents import ROOT, blocks

DESK = """
[[area]]
name = "support"
addresses = ["support@example.org"]
calendar = "madrid"

[[area]]
name = "soporte"
addresses = ["soporte@example.org"]
calendar = "bogota"

[[area]]
name = "night"
addresses = ["night@example.org"]

[[calendar]]
name = "madrid"
zone = "Europe/Madrid"
hours = ["mon-thu 09:00-14:00, 15:00-18:00", "fri 09:00-15:00"]
country = "ES"
region = "MD"
closed = ["12-24", "2026-08-03 to 2026-08-14"]
open = ["2026-12-08 10:00-13:00"]

[[calendar]]
name = "bogota"
zone = "America/Bogota"
hours = ["mon-fri 08:00-17:00"]
country = "CO"
"""
NINE, TWO, THREE, SIX = 540, 840, 900, 1080


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as error:
        load_settings(written(tmp_path, text), {})
    return str(error.value).replace(f"{tmp_path}/settings.toml:", "")


def with_calendar(**keys: object) -> str:
    """Settings with one calendar, on lines 2 and after; TOML writes these values as JSON does."""
    known: dict[str, object] = {"name": "x", "zone": "Europe/Madrid", "hours": ["mon-fri 09:00-18:00"]}
    return "[[calendar]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in (known | keys).items())


# --- hours and days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "monday", "sunday"),
    [
        (["mon-fri 09:00-18:00"], ((NINE, SIX),), ()),
        (["mon-sun 09:00-14:00, 15:00-18:00"], ((NINE, TWO), (THREE, SIX)), ((NINE, TWO), (THREE, SIX))),
        (["mon,wed 15:00-18:00", "mon-tue 9:00-14:00"], ((NINE, TWO), (THREE, SIX)), ()),
        (["sun-thu 09:00-18:00"], ((NINE, SIX),), ((NINE, SIX),)),
        (["sun 22:00-24:00", "mon 00:00-06:00"], ((0, 360),), ((1320, 1440),)),
        (["mon 09:00-14:00,14:00-18:00"], ((NINE, TWO), (TWO, SIX)), ()),
        (["mon - tue, sun 09:00 - 18:00"], ((NINE, SIX),), ((NINE, SIX),)),
    ],
)
def test_weekly_hours_are_days_and_spans(lines: list[str], monday: object, sunday: object) -> None:
    week = week_of(lines)

    assert (week[0], week[6]) == (monday, sunday)


def test_a_day_of_one_year_goes_before_one_of_each_year_and_both_before_holidays() -> None:
    on = calendar(
        country="ES",
        region="MD",
        closed=["12-24", "12-31", "2027-01-05"],
        opened=["2026-12-25 10:00-12:00", "2026-12-31 09:00-10:00", "01-06 10:00-11:00", "2026-11-28 10:00-11:00"],
    )

    assert on.spans_on(date(2026, 12, 24)) == ()
    assert on.spans_on(date(2026, 12, 25)) == ((600, 720),)
    assert on.spans_on(date(2026, 12, 31)) == ((540, 600),)
    assert on.spans_on(date(2027, 12, 31)) == ()
    assert on.spans_on(date(2027, 1, 6)) == ((600, 660),)
    assert on.spans_on(date(2027, 1, 5)) == ()
    assert on.spans_on(date(2026, 11, 28)) == ((600, 660),)  # A Saturday.
    assert on.spans_on(date(2026, 12, 8)) == ()
    assert on.spans_on(date(2026, 12, 9)) == ((NINE, SIX),)


def test_days_from_one_to_another_are_all_of_them() -> None:
    closed = own_days(["2026-12-30 to 2027-01-02"])

    assert list(closed) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]


def test_a_calendar_without_hours_cannot_be() -> None:
    with pytest.raises(ValueError, match="never open"):
        Calendar(name="x", zone=ZoneInfo("UTC"), week=((),) * 7, own=own_days([], ["2026-12-24 10:00-12:00"]))


def test_one_day_of_each_year_is_enough_to_be_open() -> None:
    seldom = Calendar(name="x", zone=ZoneInfo("UTC"), week=((),) * 7, own=own_days([], ["12-24 10:00-12:00"]))

    assert seldom.year(2026).days == (date(2026, 12, 24),)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Europe/Madrid", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Madrid", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Madrid", "2026-03-29 02:59", "2026-03-29 01:00"),
        ("Europe/Madrid", "2026-03-29 03:01", "2026-03-29 01:01"),
        ("Europe/Madrid", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Madrid", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),
        ("America/Santiago", "2026-09-06 00:30", "2026-09-06 04:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Pacific/Chatham", "2026-09-27 03:00", "2026-09-26 14:00"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
        ("Asia/Kathmandu", "2026-03-29 02:30", "2026-03-28 20:45"),
    ],
)
def test_a_time_by_the_clock_is_one_instant(zone: str, wall: str, expected: str) -> None:
    """What does not exist is the moment of the change, what comes twice its first coming."""
    found = instant_of(datetime.fromisoformat(wall), ZoneInfo(zone))

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_hours_that_a_clock_jumps_over_are_none() -> None:
    night = calendar("Europe/Madrid", ["sun 02:15-02:45, 03:00-04:00"])
    year = night.year(2026)
    jumped, twice = year.days.index(date(2026, 3, 29)), year.days.index(date(2026, 10, 25))

    assert year.opens[year.first[jumped]] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert year.first[jumped + 1] - year.first[jumped] == 1
    assert year.first[twice + 1] - year.first[twice] == 2


def test_openings_follow_each_other() -> None:
    for zone in ("Europe/Madrid", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Pacific/Chatham"):
        always = calendar(zone, ["mon-sun 00:00-24:00"]).year(2026)

        assert always.opens[1:] == always.closes[:-1]


# --- holidays ---------------------------------------------------------------------------------------------------------


def test_a_region_has_holidays_of_its_own() -> None:
    madrid, catalonia = (set(holidays_of("ES", region, 2026)) for region in ("MD", "CT"))

    assert date(2026, 10, 12) in madrid & catalonia
    assert date(2026, 4, 2) in madrid - catalonia
    assert date(2026, 4, 6) in catalonia - madrid


@pytest.mark.parametrize("year", [1900, 1969, 2026, 2500, 9998])
@pytest.mark.parametrize("country", ["ES", "CO", "BR", "IN", "SA", "NP"])
def test_holidays_of_far_years_are_known_or_none_and_never_a_fault(country: str, year: int) -> None:
    assert all(day.year == year for day in holidays_of(country, "", year))


def test_without_a_country_there_are_no_holidays() -> None:
    assert holidays_of("", "", 2026) == {}


# --- settings ---------------------------------------------------------------------------------------------------------


def test_each_area_has_its_calendar_and_without_one_it_is_always_open(tmp_path: Path) -> None:
    desk = open_desk(load_settings(written(tmp_path, DESK), {}).settings)
    madrid, bogota, night = (desk.areas[name].calendar for name in ("support", "soporte", "night"))

    assert madrid.zone.key == "Europe/Madrid"
    assert madrid.spans_on(date(2026, 11, 24)) == ((NINE, TWO), (THREE, SIX))
    assert madrid.spans_on(date(2026, 12, 8)) == ((600, 780),)
    assert madrid.spans_on(date(2026, 8, 10)) == madrid.spans_on(date(2026, 10, 12)) == ()
    assert bogota.spans_on(date(2026, 11, 16)) == ()  # Independence of Cartagena, on a Monday.
    assert night.name == ""
    assert night.spans_on(date(2026, 12, 25)) == ((0, 1440),)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"zone": "Europe/Madird"}, 'zone: "Europe/Madird" is no time zone; did you mean Europe/Madrid?'),
        ({"zone": "Europe"}, 'zone: "Europe" is no time zone'),
        ({"zone": "../etc"}, 'zone: "../etc" is no time zone'),
        ({"zone": ""}, 'zone: "" is no time zone; names are such as Europe/Madrid or America/Bogota'),
        ({"hours": []}, "hours: must have at least 1 item after validation, not 0"),
        ({"hours": ["09:00-18:00"]}, 'hours, number 1: "09:00-18:00" is no weekly hours; write days and hours'),
        ({"hours": ["mon-fri 09-18"]}, 'hours, number 1: "09-18" is no span of hours, such as 09:00-14:00'),
        (
            {"hours": ["mon-fri 09:00-18:00", "sut 9:00-10:00"]},
            'hours, number 2: "sut" is no weekday; there are mon, tue',
        ),
        ({"hours": ["Monday 09:00-18:00"]}, 'hours, number 1: "Monday" is no weekday; did you mean mon?'),
        ({"hours": ["mon 18:00-09:00"]}, "18:00-09:00 goes backwards; across midnight write 18:00-24:00 on this day"),
        ({"hours": ["mon 09:00-09:00"]}, "09:00-09:00 is no time at all; a whole day is 00:00-24:00"),
        ({"hours": ["mon 09:00-24:30"]}, "24:30 is no time of day; the last is 24:00"),
        ({"hours": ["mon 09:75-10:00"]}, "09:75 is no time of day"),
        ({"hours": ["mon 09:00-14:00, 13:00-18:00"]}, "09:00-14:00 and 13:00-18:00 overlap"),
        (
            {"hours": ["mon-fri 09:00-14:00", "tue 13:30-18:00"]},
            "hours, number 2: 09:00-14:00 and 13:30-18:00 overlap on tue",
        ),
        ({"closed": ["24-12"]}, "closed, number 1: there is no day 24-12"),
        ({"closed": ["12-24", "2026-02-29"]}, "closed, number 2: there is no day 2026-02-29"),
        ({"closed": ["24.12."]}, 'closed, number 1: "24.12." is no day; write 2026-12-24, or 12-24 for each year'),
        ({"closed": ["2026-08-14 to 2026-08-03"]}, "goes backwards, or is longer than a year"),
        ({"closed": ["12-24 to 12-31"]}, "days from one to another have a year"),
        ({"open": ["2026-12-24"]}, 'open, number 1: "2026-12-24" is no open day; write the day and its hours'),
        ({"open": ["12-24 9-12"]}, 'open, number 1: "9-12" is no span of hours'),
        (
            {"closed": ["12-24"], "open": ["12-24 09:00-12:00"]},
            "open, number 1: 12-24 is in this list or in closed already",
        ),
        ({"country": "es"}, 'country: "es" is no country; did you mean ES?'),
        ({"country": "ESP"}, 'country: "ESP" is no country; did you mean ES?'),
        ({"country": "Spain"}, 'country: "Spain" is no country; did you mean ES?'),
        ({"country": "New Zeeland"}, 'country: "New Zeeland" is no country; did you mean NZ?'),
        ({"country": "XX"}, 'country: "XX" is no country; there are AD, AE, AF'),
        ({"country": "ES", "region": "XX"}, 'region: "XX" is no region of ES; there are AN, AR, AS'),
        ({"country": "ES", "region": "Andalusia"}, 'region: "Andalusia" is no region of ES; did you mean Andalucía?'),
        ({"country": "CO", "region": "MD"}, 'region: "MD" is no region of CO; there are none: leave it empty'),
        ({"region": "MD"}, "region: needs a country, whose region it is"),
        ({"hurs": []}, "hurs: there is no such setting; did you mean hours?"),
        ({"name": " "}, "name: is empty; without a calendar an area is always open"),
    ],
)
def test_a_mistake_in_a_calendar_is_told_with_its_line(tmp_path: Path, keys: dict[str, object], told: str) -> None:
    text = with_calendar(**keys)
    line = text[: text.index(f"{next(reversed(keys))} = ")].count("\n") + 1

    found = complaint(tmp_path, text)
    assert found.startswith(f"{line}: [[calendar]] number 1, ")
    assert told in found


def test_a_year_of_closed_days_is_told(tmp_path: Path) -> None:
    days = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32)]
    real = [day for day in days if day not in {"02-30", "02-31", "04-31", "06-31", "09-31", "11-31"}]

    assert "never open: each day of the year is closed" in complaint(tmp_path, with_calendar(closed=real))


def test_two_calendars_have_two_names(tmp_path: Path) -> None:
    told = complaint(tmp_path, with_calendar() + with_calendar())

    assert told == '6: [[calendar]] number 2, name: "x" is the name of another [[calendar]] too'


@pytest.mark.parametrize(("name", "hint"), [("Madrid", "did you mean madrid?"), ("lima", "there are bogota, madrid")])
def test_an_area_names_a_calendar_that_is_there(tmp_path: Path, name: str, hint: str) -> None:
    told = complaint(tmp_path, DESK.replace('calendar = "madrid"', f'calendar = "{name}"'))

    assert told == f'5: [[area]] number 1, calendar: there is no [[calendar]] "{name}"; {hint}'


def test_a_region_can_be_given_by_its_name(tmp_path: Path) -> None:
    load_settings(written(tmp_path, with_calendar(country="ES", region="Cataluña")), {})

    assert holidays_of("ES", "Cataluña", 2026) == holidays_of("ES", "CT", 2026)


def test_the_calendar_that_the_documents_show_can_be_used(tmp_path: Path) -> None:
    (shown,) = [block for block in blocks(ROOT / "docs" / "operators.md", "toml") if "[[calendar]]" in block]
    (support,) = open_desk(load_settings(written(tmp_path, shown), {}).settings).areas.values()

    assert support.calendar.spans_on(date(2026, 12, 7)) == ((600, 780),)
    assert support.calendar.spans_on(date(2026, 12, 8)) == support.calendar.spans_on(date(2027, 12, 24)) == ()


# --- gateway calendars ------------------------------------------------------------------------------------------------


@time_machine.travel(datetime(2026, 12, 7, 8, 30, tzinfo=UTC), tick=False)
def test_the_command_says_what_is_open_and_until_when(tmp_path: Path) -> None:
    """Monday 2026-12-07 is a holiday in Madrid; its holiday of the 8th has hours of the desk's own."""
    told = CliRunner().invoke(app, ["calendars", "--json", "--settings", str(written(tmp_path, DESK))])
    always, madrid, bogota = map(json.loads, told.stdout.splitlines())

    assert (always["areas"], always["open"], always["until"]) == (["night"], True, None)
    assert (madrid["areas"], madrid["open"], madrid["until"]) == (["support"], False, "2026-12-08T09:00:00+00:00")
    assert list(madrid["holidays"]) == ["2026-12-07", "2026-12-25", "2027-01-01"]
    assert (bogota["zone"], bogota["open"]) == ("America/Bogota", False)


@time_machine.travel(datetime(2026, 12, 9, 8, 30, tzinfo=UTC), tick=False)
def test_people_read_the_clock_of_the_calendar(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["calendars", "--settings", str(written(tmp_path, DESK))]).stdout

    lines = {line.split()[0]: line for line in told.splitlines()[1:]}
    assert "open    Wed 2026-12-09 14:00" in lines["madrid"]
    assert "closed  Wed 2026-12-09 08:00" in lines["bogota"]
