"""Business days without a calendar: Monday to Friday. Pure."""

from datetime import datetime, timedelta

_SATURDAY = 5


def business_days(start: datetime, number: int) -> datetime:
    """The same time of day, so many business days later."""
    day = start
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < _SATURDAY
    return day
