"""The header lines above a quoted mail ("From: … Sent: … To: … Subject: …"), by shape in any language. Pure."""

import re
import unicodedata
from typing import NamedTuple

from gateway.threading.languages import FIELD_OF, Field
from gateway.threading.markers import marker_of

MOST_LINES = 24
MOST_CONTINUATIONS = 6

_LABEL = re.compile(r"[*_ \t]{0,4}([^\W\d_][^:：\n<>@\d]{0,28}?)[*_ \t]{0,4}[:：][*_]{0,2}(?:\s+|(?=[^/\s])|$)")
_ADDRESS = re.compile(r"[^\s<>@\"'(]{1,120}@[^\s<>@\"')]{1,120}\.[^\s<>@\"')\d]{2,24}|mailto:")
_WHEN = re.compile(
    r"(?<!\d)\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(?!\d)|(?<!\d)(?:19|20|25)\d\d(?!\d)|\d年|\d\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}[:.h]\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
_FULL_WHEN = re.compile(
    r"(?<!\d)(?:19|20|25)\d\d(?!\d).{0,40}\d{1,2}[:.h]\d\d|\d{1,2}[:.h]\d\d.{0,40}(?<!\d)(?:19|20|25)\d\d(?!\d)"
)
_FLAT = re.compile(r"(?:^|\s)\*?([^\W\d_][^\W\d_]{0,14}(?: (?:el|em|le|am|op|on|den|a))?)\*?\s?[:：]\*?\s")
_FORM_LABELS = re.compile(
    r"name|nombre|nome|naam|nom|mail|correo|courriel|phone|tel|móvil|company|empresa|firma|address|dirección|website|url|"
    r"order|pedido|user|usuario|account|cuenta|ip|browser|version|login|id|ticket|client|cliente|kunde|host|server|error|status",
    re.IGNORECASE,
)


class HeaderBlock(NamedTuple):
    """Lines `first` to `last` are a block."""

    first: int
    last: int


def labelled(text: str) -> tuple[str, str] | None:
    """Label and value of a line "Label: value", or None; the label in lower case."""
    match = _LABEL.match(text[:200])
    if match is None:
        return None
    label = match.group(1).strip(" *_\t").lower()
    if not label.isascii():
        label = unicodedata.normalize("NFC", label)
    return label, text[match.end() :].strip()


def header_block_at(texts: list[str], first: int) -> HeaderBlock | None:
    """The header block that begins with line `first`, if there is one. texts: lines without their quote marks."""
    start = labelled(texts[first])
    if start is None:
        return None
    if start[0] in FIELD_OF:
        return _known_block(texts, first) or _flat_block(texts, first)
    return _unknown_block(texts, first)


def _known_block(texts: list[str], first: int) -> HeaderBlock | None:
    """Lines whose labels are known: two of different meaning at least, with an address or a date where one belongs."""
    fields: dict[Field, str] = {}
    last = first
    missed = 0
    current: Field | None = None
    for number in range(first, min(first + MOST_LINES, len(texts))):
        text = texts[number]
        found = labelled(text) if text else None
        field = FIELD_OF.get(found[0]) if found else None
        if field is not None and found is not None:
            if field in (Field.FROM, Field.SUBJECT) and field in fields:
                break
            fields[field] = f"{fields[field]} {found[1]}" if field in fields else found[1]
            last, missed, current = number, 0, field
            continue
        if found and len(fields) >= 3 and not missed:
            # A label that no table has, in the middle of a block.
            missed += 1
            continue
        missed += 1
        if missed > (MOST_CONTINUATIONS if current in (Field.TO, Field.COPY, Field.FROM) else 2):
            break
        if text and current is not None and number == last + missed and missed == 1:
            fields[current] += " " + text
    if not _is_block(fields) or _announced(texts, first, dated=Field.DATE in fields):
        return None
    return HeaderBlock(first, last)


def _announced(texts: list[str], first: int, *, dated: bool) -> bool:
    """Whether the author announces the lines as content: "the log says:" above them, and no mail program's words.

    A program writes a date, and leaves a blank line or a rule above its block.
    """
    above = first - 1
    if not dated and above >= 1 and not texts[above]:
        above -= 1
    text = texts[above] if above >= 0 else ""
    if text[-1:] not in (":", "：") or " " not in text or marker_of(text) is not None:
        return False
    label = labelled(text)
    return label is None or label[0] not in FIELD_OF


def _is_block(fields: dict[Field, str]) -> bool:
    people = " ".join(fields.get(field, "") for field in (Field.FROM, Field.TO, Field.COPY))
    address = _ADDRESS.search(people) is not None or fields.get(Field.FROM, "").startswith('"')
    date = _WHEN.search(fields.get(Field.DATE, "")) is not None
    named = fields.keys() & {Field.FROM, Field.DATE, Field.TO, Field.SUBJECT}
    if len(named) >= 3:
        timed = _TIME.search(fields.get(Field.DATE, "")) is not None
        return address or (date and (timed or Field.SUBJECT in fields)) or len(named) == 4
    if len(named) < 2 or not fields.keys() & {Field.FROM, Field.DATE}:
        return False
    if Field.DATE in fields and not date:
        return False
    return address if Field.FROM in fields or date else False


def _flat_block(texts: list[str], first: int) -> HeaderBlock | None:
    """The whole block on one line, as some converters write it."""
    text = texts[first][:1_000]
    fields = {FIELD_OF[label.lower()] for label in _FLAT.findall(text) if label.lower() in FIELD_OF}
    if {Field.FROM, Field.TO, Field.SUBJECT} <= fields and Field.DATE in fields and _WHEN.search(text):
        return HeaderBlock(first, first)
    return None


def _unknown_block(texts: list[str], first: int) -> HeaderBlock | None:
    """Labels in an unknown language: from, date, to, subject without a gap, as Outlook and its like write them."""
    if first and texts[first - 1] and labelled(texts[first - 1]):
        return None
    values = []
    last = first
    for number in range(first, min(first + 8, len(texts))):
        found = labelled(texts[number]) if texts[number] else None
        if found is None:
            break
        if _FORM_LABELS.search(found[0]) or found[0].count(" ") > 3:
            return None
        values.append(found[1])
        last = number
    if not 3 <= len(values) <= 7:
        return None
    addressed = [bool(_ADDRESS.search(value)) for value in values]
    dated = [bool(_FULL_WHEN.search(value)) for value in values]
    if sum(dated) == 1 and any(dated[:3]) and any(addressed[:3]) and sum(addressed) >= (1 if len(values) > 3 else 2):
        return HeaderBlock(first, last)
    return None
