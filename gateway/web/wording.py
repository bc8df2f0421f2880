"""The words of the pages: a file a language, and how times, sizes, and states read in it."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from gateway.desk.areas import Desk
from gateway.desk.states import StateKind
from gateway.desk.words import LANGUAGES, in_language
from gateway.outbound.wording import distance
from gateway.store.own_tickets import OwnTicket

Words = Mapping[str, str]


def read_words(folder: Path) -> Mapping[str, Words]:
    """Every language's words, from `<language>.toml`."""
    return {language: tomllib.loads((folder / f"{language}.toml").read_text("utf-8")) for language in LANGUAGES}


def accepted(header: str) -> str:
    """The best of our languages for an Accept-Language (RFC 9110, 12.5.4); empty when it names none of them."""
    wanted: list[tuple[float, str]] = []
    for place, piece in enumerate(header[:500].split(",")):
        tag, _, quality = piece.partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if language in LANGUAGES and weight > 0:
            wanted.append((-weight + place * 1e-6, language))
    return min(wanted)[1] if wanted else ""


def when(at: datetime, language: str, zone: str, of_desk: str = "UTC") -> str:
    """A time in few words; where the reader's zone is not known it is that of the desk, and says so."""
    try:
        local, known = at.astimezone(ZoneInfo(zone or of_desk)), bool(zone)
    except (ZoneInfoNotFoundError, ValueError):
        local, known = at.astimezone(ZoneInfo(of_desk)), False
    locale = Locale.parse(language)
    time = format_time(local, "short", locale=locale).replace("\u202f", " ")
    apart = local.utcoffset() or timedelta()
    return f"{format_date(local, 'medium', locale=locale)}, {time}" + ("" if known and apart else f" {distance(apart)}")


def size(octets: int, language: str) -> str:
    if octets < 1000:
        return f"{octets} B"
    unit, by = ("kB", 1e3) if octets < 1e6 else ("MB", 1e6)
    return f"{format_decimal(round(octets / by, 1), locale=Locale.parse(language))} {unit}"


def state_of(ticket: OwnTicket, desk: Desk, language: str, words: Words, *, theirs: bool = True) -> str:
    """The state as its requester reads it; the workflow's own name for one that it does not have any more.

    Where the ticket is not theirs but a colleague's, as the workflow calls it.
    """
    if theirs and ticket.state_kind == StateKind.WAITING_CUSTOMER:
        # The workflow says it to the desk: that the customer is waited for.
        return words["waiting_for_you"]
    area = desk.areas.get(ticket.area) or desk.first()
    labels = next((state.labels for state in area.workflow.states if state.name == ticket.state), ticket.state)
    return in_language(labels, language)
