"""How values are worded in a letter: dates in the reader's language, text as paragraphs, subjects in one line. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

# Controls, and the marks that turn the reading direction: a subject or a name with them can lie about itself.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_SPACES = re.compile(r"\s+")
_REPLY_MARKS = re.compile(r"^(?:\s*(?:(?:re|rv|fw|fwd|res|enc|aw|sv|tr)\s*:|\[#\d+\]))+\s*", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+")
_AFTER_ADDRESS = ".,;:!?)]'"


def one_line(value: object, limit: int = 200) -> str:
    """The value as one line of clean text: no line breaks, controls, or direction marks, at most `limit` characters."""
    text = _SPACES.sub(" ", _UNSAFE.sub(" ", str(value))).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def bare(value: object) -> str:
    """A subject without the marks of replies and forwards, and without ticket tags, that it begins with."""
    text = one_line(value)
    return _REPLY_MARKS.sub("", text) or text


def excerpt(value: object, limit: int = 4000) -> str:
    """The beginning of a long text, cut between words and marked as cut."""
    text = str(value).strip()
    if len(text) <= limit:
        return text
    head = text[:limit]
    return (head.rsplit(None, 1)[0] if head.split(None, 1)[1:] else head).rstrip() + " […]"


def paragraphs(value: object) -> Markup:
    """Plain text as HTML paragraphs, everything escaped; web addresses become links that show where they lead."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    pieces = (_linked(piece.rstrip()).replace("\n", "<br>\n") for piece in _BLANK_LINES.split(text) if piece.strip())
    return Markup("\n".join(f"<p>{piece}</p>" for piece in pieces))  # noqa: S704  (every piece went through escape)


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_AFTER_ADDRESS)
        pieces += [escape(text[end : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*pieces, escape(text[end:])])


@pass_context
def moment(context: Context, value: datetime) -> str:
    """An aware datetime in the letter's language and `zone`: its day, the time, and the distance from UTC."""
    return moment_in(value.replace(second=0, microsecond=0), str(context["language"]), str(context["zone"]))


@lru_cache(maxsize=4096)
def moment_in(value: datetime, language: str, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    known = _locale(language)
    from_utc = distance(local.utcoffset() or timedelta())
    return f"{format_date(local, 'full', locale=known)}, {_clock(local, known)} ({from_utc})"


def _clock(local: datetime, known: Locale) -> str:
    # ICU's narrow no-break space before AM is a question mark in some mail programs.
    return format_time(local, "short", locale=known).replace("\u202f", " ")


def distance(offset: timedelta) -> str:
    """How far a zone's clocks are from UTC: “UTC-5”."""
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


@pass_context
def stamp(context: Context, value: datetime) -> str:
    """The same in short, for lists: 23 nov 2026, 10:15."""
    local, known = value.astimezone(ZoneInfo(str(context["zone"]))), _locale(str(context["language"]))
    return f"{format_date(local, 'medium', locale=known)}, {_clock(local, known)}"


@pass_context
def day(context: Context, value: date) -> str:
    """A date in the letter's language, without its week day."""
    return long_day(value, str(context["language"]))


def long_day(value: date, language: str) -> str:
    return format_date(value, "long", locale=_locale(language))


def together(names: Sequence[str], language: str) -> str:
    """Names in one breath: “Ana, Luis y Eva”."""
    return format_list(names, locale=_locale(language))


@pass_context
def megabytes(context: Context, value: float) -> str:
    """A number of bytes in MB (MiB), with at most one decimal, in the letter's language."""
    return format_decimal(round(value / 2**20, 1), locale=_locale(str(context["language"]))) + " MB"


@pass_context
def size(context: Context, value: int) -> str:
    """A number of bytes as people read it: 12 KB, 3.4 MB."""
    return f"{max(round(value / 2**10), 1)} KB" if value < 2**20 else megabytes(context, value)


@lru_cache
def _locale(language: str) -> Locale:
    """The locale of a language tag, or English for a language that Babel does not know."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


FILTERS = {
    "one_line": one_line,
    "bare": bare,
    "excerpt": excerpt,
    "paragraphs": paragraphs,
    "moment": moment,
    "stamp": stamp,
    "day": day,
    "megabytes": megabytes,
    "size": size,
}
