"""How long something takes, as workflow files say it: "4 hours", "6 business days". Pure.

Minutes, hours, days and weeks are elapsed time: "14 days" is 336 hours, whatever clocks do meanwhile. Business minutes,
hours and days count on a calendar: `gateway.desk.business_time`.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from gateway.desk.words import nearest


class Unit(StrEnum):
    """What a duration counts; the values are the words of workflow files."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    BUSINESS_MINUTES = "business minutes"
    BUSINESS_HOURS = "business hours"
    BUSINESS_DAYS = "business days"

    @property
    def business(self) -> bool:
        """Whether it counts only while a calendar is open."""
        return self.value.startswith("business")


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of units, none of them negative."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """As a workflow file has it: "1 business day", "30 minutes"; `parse` reads it back."""
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    @property
    def time(self) -> timedelta:
        """Elapsed time, or for business minutes and hours time of opening; business days have no such length."""
        if self.unit is Unit.BUSINESS_DAYS:
            raise ValueError(f"{self} are as long as a calendar makes them")
        return timedelta(**{self.unit.split()[-1]: self.count})


def parse(text: str) -> Duration:
    """The duration that a file writes: `10 business minutes`, `6 business days`, `4 hours`, `2 weeks`.

    ValueError says what is right instead.
    """
    found = _DURATION.fullmatch(" ".join(text.split()))
    unit = _unit(found["unit"]) if found else None
    if found is None or unit is None:
        raise ValueError(f"'{text}' is no duration: {_meant(found)}")
    duration = Duration(int(found["count"]), unit)
    # A slip of the keyboard, which nobody would wait for.
    if timedelta(**{unit.split()[-1]: duration.count}) > _LONGEST:
        raise ValueError(f"'{text}' is longer than ten years")
    return duration


def _unit(word: str) -> Unit | None:
    """Singular or plural, and with any number: "1 days" is understood."""
    return next((unit for unit in Unit if word in (unit, unit.removesuffix("s"))), None)


def _meant(found: re.Match[str] | None) -> str:
    if found is None:
        return f"write a whole number of at most five digits and {_UNITS}, such as '4 hours' or '6 business days'"
    unit = found["unit"].casefold().replace("working", "business")
    if unit.startswith(("month", "year", "business week")):
        return "write business days" if "business" in unit else "write days or weeks"
    near = nearest(_SHORT.get(unit, unit), list(Unit))
    if near is None:
        return f"there are {_UNITS}"
    return f"did you mean '{Duration(int(found['count']), Unit(near))}'?"


_DURATION = re.compile(r"(?P<count>[0-9]{1,5}) ?(?P<unit>[^\W\d_][^\d]*)")
_LONGEST = timedelta(weeks=522)
_SHORT = {"m": Unit.MINUTES, "min": Unit.MINUTES, "h": Unit.HOURS, "d": Unit.DAYS, "w": Unit.WEEKS}
_UNITS = ", ".join(Unit)
