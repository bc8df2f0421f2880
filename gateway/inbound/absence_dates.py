"""The day on which somebody who is away is back, from the words of their automatic reply. Pure.

Spanish, English and Portuguese. Read are phrases that name the end of an absence ("until 12 December") or the return
("back on Monday 15"), with a date behind them. A date that may be another, is past, or is further than a year is none.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

MOST_TEXT = 4_000
# The date stands so near behind the phrase that announces it.
NEAR = 60
A_YEAR = timedelta(days=366)
# A day without a year that was so short ago is of an absence which is over: programs go on answering.
STALE = timedelta(days=90)
DAY = timedelta(days=1)

_MONTHS = (
    "january jan enero ene janeiro",
    "february feb febrero fevereiro fev",
    "march mar marzo março marco",
    "april apr abril abr",
    "may mayo maio mai",
    "june jun junio junho",
    "july jul julio julho",
    "august aug agosto ago",
    "september sept sep septiembre setiembre setembro set",
    "october oct octubre outubro out",
    "november nov noviembre novembro",
    "december dec diciembre dic dezembro dez",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_WEEKDAYS = (
    "monday mon lunes segunda segunda-feira",
    "tuesday tue tues martes terça terça-feira terca terca-feira",
    "wednesday wed miércoles miercoles quarta quarta-feira",
    "thursday thu thurs jueves quinta quinta-feira",
    "friday fri viernes sexta sexta-feira",
    "saturday sat sábado sabado",
    "sunday sun domingo",
)
_WEEKDAY_OF = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# The last day away; reminders may come the day after.
_UNTIL = re.compile(
    r"\b(?:until|till|through|thru|hasta|até|ate)\b"
    r"|\b(?:from|between|del?|desde|entre)\s[^\n.;]{1,40}?\s(?:to|and|al?|e|y|ao|à)\b"
    r"|\d[./]\d{1,2}(?:[./]\d{2,4})?\s?[-–]\s?(?=\d)",
    re.IGNORECASE,
)
# How a phrase begins in a language in which it is not sure that the day comes before the month.
_SPEAKS_ENGLISH = re.compile(r"until|till|thr|from|between|back|return(?!a|o)|be |am |reach|\d", re.IGNORECASE)
# The first day back.
_BACK = re.compile(
    r"\b(?:back|return(?:ing)?|(?:be|am) available|reachable"
    r"|regres(?:o|aré|are|ar|amos|aremos)|vuelvo|volveré|volvere|retorn(?:o|aré|are|arei|ar)|de (?:vuelta|regreso)"
    r"|reincorpor(?:o|aré|are|aci[oó]n)|disponible"
    r"|volto|voltarei|de volta|regress(?:o|arei)|dispon[ií]vel)\b",
    re.IGNORECASE,
)
_NO_MONTH = rf"(?!\s+(?:of\s+|de\s+)?(?:{_any(_MONTH_OF)})\b)"
_DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})
    | (?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})(?:[/.-](?P<c>\d{{4}}|\d{{2}}))?
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th|º|°)?(?:\s+(?:of|de)|\.)?\s+(?P<month>{_any(_MONTH_OF)})\b\.?
        (?:,?\s+(?:de\s+|del\s+)?(?P<year>20\d{{2}}))?
    | (?P<month2>{_any(_MONTH_OF)})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>20\d{{2}}))?
    | (?P<weekday>{_any(_WEEKDAY_OF)})
        (?:[,\s]+(?:the\s+|día\s+|dia\s+)?(?P<day3>\d{{1,2}})(?:st|nd|rd|th|º)?\b{_NO_MONTH})?
    | (?:the|el|el\s+día|dia|día)\s+(?P<day4>\d{{1,2}})(?:st|nd|rd|th|º)?\b{_NO_MONTH}
    | (?P<tomorrow>tomorrow|mañana|amanhã)
    )(?![\w/]|[-:.,]\d)""",
    re.IGNORECASE | re.VERBOSE,
)


def return_day(text: str, *, today: date) -> date | None:
    """The first day on which they are there again, after today; the latest that the text names, None for none."""
    text = text[:MOST_TEXT]
    return max((*_named(text, _BACK, today, after=0), *_named(text, _UNTIL, today, after=1)), default=None)


def _named(text: str, phrases: re.Pattern[str], today: date, *, after: int) -> Iterator[date]:
    for phrase in phrases.finditer(text):
        # Neither the next sentence nor the next paragraph tells what this one means.
        rest = re.split(r"\n\s*\n|[.!?;]\s+(?=[A-ZÁÉÍÓÚ¡¿])", text[phrase.end() : phrase.end() + NEAR], maxsplit=1)[0]
        found = next((one for one in _DATE.finditer(rest)), None)
        weekday = found is not None and found["weekday"] is not None and found["day3"] is None
        if found is not None and weekday:
            # "Monday, 15 December": the date behind the weekday says more.
            found = next((one for one in _DATE.finditer(rest) if one["weekday"] is None or one["day3"]), found)
        day = None if found is None else _day(found, today, day_first=_SPEAKS_ENGLISH.match(phrase.group()) is None)
        if day is not None and day - today <= A_YEAR and today < day + after * DAY:
            yield day + after * DAY


def _day(found: re.Match[str], today: date, *, day_first: bool) -> date | None:
    if found["tomorrow"]:
        return today + DAY
    if found["iso"]:
        return _date(*map(int, found["iso"].split("-")))
    if found["a"]:
        return _by_numbers(int(found["a"]), int(found["b"]), found["c"], today, day_first=day_first)
    month = found["month"] or found["month2"]
    if month:
        year = found["year"] or found["year2"]
        number, day = _MONTH_OF[month.lower()], int(found["day"] or found["day2"])
        return _date(int(year), number, day) if year else _without_year(number, day, today)
    if found["weekday"]:
        weekday = _WEEKDAY_OF[found["weekday"].lower()]
        if found["day3"]:
            return _day_of_month(int(found["day3"]), today, weekday=weekday)
        return today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY
    return _day_of_month(int(found["day4"]), today)


def _by_numbers(first: int, second: int, year: str | None, today: date, *, day_first: bool) -> date | None:
    """In English 12/11 may be of November or of December: it is one of them only where it cannot be the other."""
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if day_first or second > 12 or first > 12 or first == second:
        day, month = (second, first) if second > 12 and not day_first else (first, second)
        return _date(full, month, day) if full else _without_year(month, day, today)
    return None


def _without_year(month: int, day: int, today: date) -> date | None:
    this, last, next_ = (_date(today.year + more, month, day) for more in (0, -1, 1))
    past = [one for one in (this, last) if one is not None and one < today]
    if past and today - max(past) < STALE:
        return None
    return this if this is not None and this >= today else next_


def _day_of_month(day: int, today: date, *, weekday: int | None = None) -> date | None:
    """The next such day of a month, when it is the weekday that goes with it; of the two months that come."""
    for ahead in (0, 1):
        years, month = divmod(today.month - 1 + ahead, 12)
        found = _date(today.year + years, month + 1, day)
        if found is not None and found > today and weekday in (None, found.weekday()):
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
