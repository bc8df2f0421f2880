"""An invitation (RFC 5545) as a few lines that a person can read, without a word of our own. Pure; linear.

Lines without labels: the language of the mail is taken from its text, and must not become ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.inbound.charsets import clean_text

MOST_ENTRIES = 10
LONGEST = 256 * 1024
LONGEST_LINE = 64 * 1024
LONGEST_FIELD = 500

_PROPERTY = re.compile(r'([A-Za-z0-9-]{1,40})((?:;[^:;"]*+(?:"[^"]*+"[^:;"]*+)*+)*+):')
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,40})=(?:"([^"]*+)"|([^:;"]*+))')
_ESCAPE = re.compile(r"\\([\\;,nN])")
_WHEN = re.compile(r"(\d{8})(?:T(\d{4})\d{0,2}(Z?))?")
_LASTS = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:\d{1,4}S)?)?")
_ENTRIES = frozenset({"VEVENT", "VTODO", "VJOURNAL"})
# Methods that change or answer what was agreed (RFC 5546, 1.4); the others only bring the entry.
_SAID = frozenset({"CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER"})
_ANSWERS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION"})
_DASH = " – "


@dataclass(frozen=True, slots=True)
class Invitation:
    """`text` is empty when there is no entry; `said` is the method, with the answer in a reply, when it says more
    than "here is an entry"."""

    text: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    parameters: dict[str, str] = field(default_factory=dict)


_Entry = dict[str, _Value]


def read_invitation(text: str) -> Invitation:
    """Summary, start and end with their zone, place, organiser and description of the first entries.

    A calendar is read as far as its first 256 KiB.
    """
    method, entries = _entries(text[:LONGEST])
    said = method if method in _SAID else ""
    if said == "REPLY" and entries and (answer := _parameter(entries[0], "ATTENDEE", "PARTSTAT").upper()) in _ANSWERS:
        said = f"{said} {answer}"
    shown = [_shown(entry, said) for entry in entries[:MOST_ENTRIES]]
    more = ["…"] if len(entries) > MOST_ENTRIES else []
    return Invitation(clean_text("\n\n".join([*filter(None, shown), *more])), said)


def _shown(entry: _Entry, said: str) -> str:
    who = "ATTENDEE" if said.startswith("REPLY") else "ORGANIZER"
    summary = _line(entry, "SUMMARY")
    head = ": ".join(filter(None, (said, summary)))
    repeats = _line(entry, "RRULE")
    lines = [head, _when(entry), f"↻ {repeats}" if repeats else "", _line(entry, "LOCATION"), _who(entry, who)]
    description = _unescaped(entry["DESCRIPTION"].text).strip() if "DESCRIPTION" in entry else ""
    return "\n".join([*filter(None, lines), *(["", description] if description else [])])


def _entries(text: str) -> tuple[str, list[_Entry]]:
    """The method, and the entries; what stands in alarms and zones is theirs. The first of each property counts."""
    method = ""
    inside: list[str] = []
    entries: list[_Entry] = []
    for line in _unfolded(text):
        match = _PROPERTY.match(line)
        if not match:
            continue
        name, value = match.group(1).upper(), line[match.end() :]
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] in _ENTRIES:
                entries.append({})
        elif name == "END":
            del inside[-1:]
        elif name == "METHOD" and not method:
            method = value.strip().upper()[:40]
        elif inside and inside[-1] in _ENTRIES and len(entries) <= MOST_ENTRIES:
            found = {key.upper(): quoted or bare for key, quoted, bare in _PARAMETER.findall(match.group(2))}
            entries[-1].setdefault(name, _Value(value, found))
    return method, entries


def _unfolded(text: str) -> Iterator[str]:
    """Lines with their continuations (section 3.1), each cut at 64 KiB."""
    pieces: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if pieces and line[:1] in (" ", "\t"):
            pieces.append(line[1:])
            continue
        yield "".join(pieces)[:LONGEST_LINE]
        pieces = [line]
    yield "".join(pieces)[:LONGEST_LINE]


def _line(entry: _Entry, name: str) -> str:
    return " ".join(_unescaped(entry[name].text).split())[:LONGEST_FIELD] if name in entry else ""


def _parameter(entry: _Entry, name: str, parameter: str) -> str:
    return " ".join(entry[name].parameters.get(parameter, "").split())[:80] if name in entry else ""


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), value)


def _who(entry: _Entry, name: str) -> str:
    address = re.sub(r"(?i)\A\s*mailto:", "", _line(entry, name)).strip()
    called = _parameter(entry, name, "CN")
    return f"{called} <{address}>" if called and address and called != address else called or address


def _when(entry: _Entry) -> str:
    """`2026-11-02 09:15 – 10:00 (Europe/Madrid)`; a date without time is a whole day, its end the last of them."""
    start, zone = _moment(entry, "DTSTART")
    end, other = _moment(entry, "DTEND") if "DTEND" in entry else _moment(entry, "DUE")
    whole = len(_line(entry, "DTSTART")) == 8
    if start and not end and (match := _LASTS.fullmatch(_line(entry, "DURATION").strip("+"))):
        weeks, days, hours, minutes = (int(one or 0) for one in match.groups())
        end, other = _later(start, timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)), zone
    if (end, other) == (start, zone):
        end = None
    if end and whole:
        end = _later(end, timedelta(days=-1))
    shape = "%Y-%m-%d" if whole else "%Y-%m-%d %H:%M"
    first, last = (moment.strftime(shape) if moment else "" for moment in (start, end))
    if first and last and other != zone:
        return f"{first}{zone}{_DASH}{last}{other}"
    if start and end and not whole and start.date() == end.date():
        last = end.strftime("%H:%M")
    return _DASH.join(dict.fromkeys(filter(None, (first, last)))) + (zone if first else other)


def _moment(entry: _Entry, name: str) -> tuple[datetime | None, str]:
    """A date or a time as it stands there, and its zone to be shown after it."""
    match = _WHEN.match(_line(entry, name))
    if not match:
        return None, ""
    day, clock, utc = match.groups()
    zone = "UTC" if utc else _parameter(entry, name, "TZID")
    try:
        found = datetime.strptime(day + (clock or "0000"), "%Y%m%d%H%M")  # noqa: DTZ007 (a wall clock, shown as it is)
    except ValueError:
        return None, ""
    return found, f" ({zone})" if zone else ""


def _later(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment
