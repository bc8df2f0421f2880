"""Who wrote the mail that is forwarded, when, and about what: read from the header lines above it. Pure.

Whether a stretch is a forward is decided before (`quote_decisions`); a subject can say so too ("RV: Impresora").
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gateway.threading.header_blocks import header_block_at, labelled
from gateway.threading.languages import FIELD_OF, Field
from gateway.threading.lines import Line, split_lines
from gateway.threading.spans import Forward

MOST_LINES = 60
"""Lines at the beginning of a forward in which its header block is looked for."""
LONGEST_VALUE = 400

_FORWARDING = re.compile(
    r"\s{0,9}(?:\[[^\[\]\n]{1,60}\]\s{0,3})?"
    r"(?:fwd?|rv|enc|tr|wg|i|vs|vl|vb|pd|doorst|továbbítás|ilt|i̇lt|yml|πρθ|fs|转发|轉寄|轉發|転送|전달|إعادة توجيه|"
    r"הועבר)"
    r"\s?[:：]",
    re.IGNORECASE,
)
_FORWARDINGS = re.compile(rf"(?:{_FORWARDING.pattern})+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@\"'()\[\]:;,|]{1,64}@[^\s<>@\"'()\[\]:;,|]{1,190}\.[^\W\d_][^\s<>@\"'()\[\]:;,|]{0,30}")
_WHEN = re.compile(r"(?<!\d)\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(?!\d)|(?<!\d)(?:19|20|25)\d\d(?!\d)|\d年")
_WITHOUT_COLON = re.compile(r"([^\W\d_]{1,12}) +(?=\S)")
_NAME_EDGES = " \t\"'<([|*_«»„“”‘’,;:"
_RULE = re.compile(r"[\s\-_=*~—–|>]+$|[-_=*~—–]{3,}.{1,80}[-_=*~—–]{3,}$")


class _Header(NamedTuple):
    """The fields of a header block, and the first line below it."""

    fields: dict[Field, str]
    end: int


def forwarding(subject: str) -> bool:
    """Whether a subject says that its mail is forwarded, and not that it is an answer to such a mail."""
    return _FORWARDING.match(subject) is not None


def without_forwarding(subject: str) -> str:
    """The subject without the marks of forwarding that it begins with."""
    marks = _FORWARDINGS.match(subject)
    return subject[marks.end() :].strip() if marks else subject.strip()


def forward_in(text: str, start: int, end: int) -> Forward | None:
    """What the header lines at the beginning of `text[start:end]` say; None when they name no author."""
    lines = split_lines(text[start:end])
    texts = [line.text for line in lines[:MOST_LINES]]
    header = _header(texts)
    if header is None:
        return None
    name, address = _author(header.fields.get(Field.FROM, ""))
    if not name and not address:
        return None
    begins = start + _below(lines, header.end)
    return Forward(
        name=name,
        address=address,
        date=_value(header.fields.get(Field.DATE, "")),
        subject=_value(header.fields.get(Field.SUBJECT, "")),
        start=min(begins, end),
        end=end,
    )


def _header(texts: list[str]) -> _Header | None:
    for number, text in enumerate(texts):
        if not text:
            continue
        block = header_block_at(texts, number)
        if block is not None:
            return _fields(texts, block.first, block.last)
        if _field_of(text) in (Field.FROM, Field.SUBJECT, Field.DATE):
            found = _loose(texts, number)
            if Field.FROM in found.fields and len(found.fields) > 1:
                return found
    return None


def _fields(texts: list[str], first: int, last: int) -> _Header:
    """The fields of a block that is known to be one; a line without label goes on with the one above it."""
    fields: dict[Field, str] = {}
    unknown: list[str] = []
    current: Field | None = None
    for text in texts[first : last + 1]:
        found = labelled(text) if text else None
        field = FIELD_OF.get(found[0]) if found else None
        if field is not None and found is not None:
            fields.setdefault(field, found[1])
            current = field
        elif found is not None:
            unknown.append(found[1])
            current = None
        elif text and current is not None:
            fields[current] = f"{fields[current]} {text}"
    end = last + 1
    if fields.get(Field.SUBJECT) and _continues_subject(texts, last, end):
        fields[Field.SUBJECT] += " " + texts[end]
        end += 1
    return _Header(fields if Field.FROM in fields else _guessed(unknown) | fields, end)


def _continues_subject(texts: list[str], last: int, end: int) -> bool:
    """Whether the subject, written last, was wrapped: one line more, and then a blank one."""
    label = labelled(texts[last])
    if label is None or FIELD_OF.get(label[0]) is not Field.SUBJECT or len(texts[last]) < 60:
        return False
    return end + 1 < len(texts) and bool(texts[end]) and not texts[end + 1]


def _guessed(values: list[str]) -> dict[Field, str]:
    """In a language without labels of its own: the first address is the author's, what has neither is the subject."""
    fields: dict[Field, str] = {}
    for value in values:
        if _ADDRESS.search(value):
            fields.setdefault(Field.FROM, value)
        elif _WHEN.search(value):
            fields.setdefault(Field.DATE, value)
        else:
            fields[Field.SUBJECT] = value
    return fields


def _loose(texts: list[str], first: int) -> _Header:
    """Lines with labels, their colon at times left out, until something else comes."""
    fields: dict[Field, str] = {}
    number = end = first
    while number < len(texts):
        text = texts[number]
        field = _field_of(text) if text else None
        if field is not None:
            found = labelled(text)
            value = found[1] if found else text.split(" ", 1)[1]
            fields.setdefault(field, value)
            end = number + 1
        elif text or not fields.keys() < {Field.FROM, Field.DATE, Field.SUBJECT, Field.TO}:
            break
        number += 1
    return _Header(fields, end)


def _field_of(text: str) -> Field | None:
    found = labelled(text)
    if found is not None:
        return FIELD_OF.get(found[0])
    bare = _WITHOUT_COLON.match(text)
    return FIELD_OF.get(bare.group(1).lower()) if bare else None


def _author(value: str) -> tuple[str, str]:
    """Name and address of 'Ana Gil <ana@x.org>', '"Gil, Ana" [mailto:ana@x.org]', 'ana@x.org <mailto:ana@x.org>'.

    Where two different addresses stand, or what could be another, it may be either: then there is none.
    """
    short = len(value) <= LONGEST_VALUE
    value = value[:LONGEST_VALUE].replace("mailto:", "")
    address = _ADDRESS.search(value)
    found = _ADDRESS.findall(value)
    if not short or len(found) != value.count("@") or len({one.casefold() for one in found}) != 1:
        address = None
    name = (value[: address.start()] if address else value).strip(_NAME_EDGES + ")]>")
    return " ".join(name.split()), address.group() if address else ""


def _value(text: str) -> str:
    return " ".join(text[:LONGEST_VALUE].strip(" |*_\t").split())


def _below(lines: Sequence[Line], number: int) -> int:
    """Where the inner text begins: behind blank lines, and a second line of dashes."""
    while number < len(lines) and (not lines[number].text or _RULE.match(lines[number].text)):
        number += 1
    return lines[number].start if number < len(lines) else (lines[-1].end if lines else 0)
