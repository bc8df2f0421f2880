"""How a workflow file says how long something takes."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.duration import Duration, Unit, parse


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("10 business minutes", 10, Unit.BUSINESS_MINUTES),
        ("1 business hour", 1, Unit.BUSINESS_HOURS),
        ("6 business days", 6, Unit.BUSINESS_DAYS),
        ("1 business day", 1, Unit.BUSINESS_DAYS),
        ("30 minutes", 30, Unit.MINUTES),
        ("4 hours", 4, Unit.HOURS),
        ("14 days", 14, Unit.DAYS),
        ("2 weeks", 2, Unit.WEEKS),
        ("0 minutes", 0, Unit.MINUTES),
        ("1 days", 1, Unit.DAYS),
        ("2 day", 2, Unit.DAYS),
        ("  6  business   days ", 6, Unit.BUSINESS_DAYS),
        ("522 weeks", 522, Unit.WEEKS),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, count: int, unit: Unit) -> None:
    assert parse(text) == Duration(count, unit)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("6 buisness days", "did you mean '6 business days'?"),
        ("6 working days", "did you mean '6 business days'?"),
        ("1 Hour", "did you mean '1 hour'?"),
        ("30m", "did you mean '30 minutes'?"),
        ("4 h", "did you mean '4 hours'?"),
        ("1d", "did you mean '1 day'?"),
        ("2 business weeks", "write business days"),
        ("2 months", "write days or weeks"),
        ("1 year", "write days or weeks"),
        ("3 moons", "there are minutes, hours, days, weeks, business minutes, business hours, business days"),
        ("523 weeks", "is longer than ten years"),
        ("99999 business days", "is longer than ten years"),
        ("-3 days", "write a whole number"),
        ("1.5 hours", "write a whole number"),
        ("100000 minutes", "of at most five digits"),
        ("²3 days", "write a whole number"),
        ("days", "write a whole number"),
        ("14", "write a whole number"),
        ("", "such as '4 hours' or '6 business days'"),
    ],
)
def test_a_wrong_duration_is_told_with_what_is_right(text: str, right: str) -> None:
    with pytest.raises(ValueError) as error:
        parse(text)

    assert right in str(error.value)
    assert f"'{text}'" in str(error.value)


@given(st.integers(0, 520), st.sampled_from(Unit))
def test_what_is_written_is_read_back(count: int, unit: Unit) -> None:
    duration = Duration(count, unit)

    assert parse(str(duration)) == duration


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(ValueError):
        assert parse(str(parse(text))) == parse(text)


def test_one_is_singular() -> None:
    assert [str(parse(text)) for text in ("1 business days", "1 hours", "2 business days")] == [
        "1 business day",
        "1 hour",
        "2 business days",
    ]


def test_plain_units_have_a_length_and_business_days_none() -> None:
    assert parse("2 weeks").time == timedelta(days=14)
    assert parse("90 business minutes").time == timedelta(hours=1, minutes=30)
    with pytest.raises(ValueError, match="as a calendar makes them"):
        _ = parse("2 business days").time
