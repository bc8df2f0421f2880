"""Until when somebody is away who says so in a word: `3 días`, `hasta el lunes`, `2026-12-01`, or nothing. Pure.

Spanish, English and Portuguese. A day is the last one of the absence, unless it is said to be that of the return.
"""

import re
from datetime import date, timedelta

from gateway.desk.away import OPEN_END
from gateway.desk.folding import folded
from gateway.inbound.absence_dates import return_day

EXAMPLE = "2026-12-01, 3 días, hasta el lunes"
LONGEST = timedelta(days=366)


def back_on(value: str, *, today: date, language: str) -> date | None:
    """The first day on which they are there again; that of `OPEN_END` while they do not say.

    None for what cannot be read, is past, is further than a year, or begins on another day than today.
    """
    said = " ".join(folded(value).replace(",", " ").split())
    if not said or said in _OPEN:
        return OPEN_END.date()
    if said in _TODAY:
        return today + timedelta(days=1)
    if _LATER.match(said):
        return None
    count = _COUNT.fullmatch(said)
    if count is not None:
        written = (count["alone"] or count["number"]).strip()
        number = _NUMBERS.get(written) or int(written)
        days = timedelta(days=number * (7 if (count["unit"] or "d").startswith(("s", "w")) else 1))
        return today + days if timedelta() < days <= LONGEST else None
    # What stands alone is the last day: as if "until" stood before it, in the language that says which is the day.
    return return_day(value, today=today) or return_day(f"{_UNTIL.get(language, 'hasta')} {value}", today=today)


_OPEN = {
    "indefinido", "indefinidamente", "hasta nuevo aviso", "hasta que avise", "until further notice", "indefinitely",
    "ate novo aviso", "por tempo indeterminado",
}  # fmt: skip
_TODAY = {"hoy", "today", "hoje"}
# An absence that begins later is said on its first day.
_LATER = re.compile(r"(?:de|del|desde|entre|from|between|a partir|as of|starting)\b")
_NUMBERS = {"un": 1, "una": 1, "a": 1, "one": 1, "um": 1, "uma": 1, "dos": 2, "two": 2, "dois": 2, "duas": 2, "tres": 3,
            "three": 3}  # fmt: skip
_COUNT = re.compile(
    rf"(?:(?:por|durante|for|the next|los proximos|las proximas|os proximos|as proximas)\s)?"
    rf"(?:(?P<alone>\d{{1,3}})|(?P<number>\d{{1,3}}|(?:{'|'.join(_NUMBERS)})\s)\s?(?P<unit>dias?|days?|d|semanas?|weeks?))"
)
_UNTIL = {"es": "hasta", "en": "until", "pt": "até"}
