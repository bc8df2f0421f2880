"""Which parts of a mail are its body and which are attachments (the algorithm of RFC 8621, 4.1.4). Pure.

Every leaf that is not part of the body is an attachment, named or not, and the walk stops at message/*.
"""

import html
import re
from dataclasses import dataclass, field
from email.message import Message

from gateway.inbound import leaves
from gateway.inbound.attachments import Attached, read_attachments
from gateway.inbound.charsets import decode
from gateway.inbound.flowed import unflow
from gateway.inbound.html_safe import LONGEST_HTML, bounded
from gateway.inbound.invitations import Invitation, read_invitation
from gateway.inbound.limits import Breach
from gateway.inbound.mail import ParsedAttachment
from gateway.inbound.sealed import seal_of, seal_of_text, signed_content
from gateway.inbound.tree import parts_of
from gateway.settings import Limits
from gateway.threading.html_text import html_to_text

MOST_INVITATIONS = 5
CHARACTERS_REPLACED = "characters replaced"

_READABLE = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
# Signed mail that is signed again: what is deeper stays an attachment.
_DEEPEST_SIGNED = 2
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a person reads, what is attached, and the leaves that a delivery report is read from."""

    text: str
    text_format: str
    raw_html: str
    attachments: tuple[ParsedAttachment, ...]
    leaves: tuple[Message, ...]
    flags: tuple[str, ...]
    breaches: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    """The lists that RFC 8621 fills: parts of the body to read as text, the same as HTML, and all others."""

    text: list[Message] = field(default_factory=list)
    html: list[Message] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)
    leaves: list[Message] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    opened: int = 0


@dataclass(slots=True)
class _Reading:
    """What has been decoded so far; a part that stands in both lists is decoded once."""

    newline: str
    budget: float
    texts: dict[int, str] = field(default_factory=dict)
    replaced: bool = False
    decoded: int = 0
    html_left: int = LONGEST_HTML


def read_bodies(root: Message, *, raw_size: int, newline: str, limits: Limits) -> Bodies:
    """Sort the leaves of the tree and decode them. newline: how the lines of the mail end."""
    walk = _Walk()
    _sort([root], "mixed", walk, limits, in_alternative=False)
    reading = _Reading(newline, max(limits.decoded_ratio * raw_size, 4096))
    attached = read_attachments(walk.attached, newline)
    reading.decoded += attached.size
    plain = _join(reading, walk.text)
    if plain.strip() and not all(map(_is_html, walk.text)):
        text, text_format = plain, "plain"
    elif any(map(_is_html, walk.html)):
        text, text_format = _join(reading, walk.html), "html"
    else:
        text, text_format = plain, "plain" if walk.text else "none"
    raw_html = (
        "".join(_as_html(reading, part) for part in walk.html)[:LONGEST_HTML] if any(map(_is_html, walk.html)) else ""
    )
    calendars = [part for part in walk.attached if part.get_content_type() in _CALENDARS]
    invitations = [_invitation(part) for part in calendars[:MOST_INVITATIONS]]
    if not text.strip() and (other := _instead(attached, invitations, root)):
        text, text_format, raw_html = other
    seals = (*walk.seals, seal_of_text(text))
    said = (f"calendar: {one.said.lower()}" for one in invitations if one.said)
    return Bodies(
        text,
        text_format,
        raw_html,
        attached.files,
        tuple(walk.leaves),
        tuple(dict.fromkeys(filter(None, (*seals, *said, CHARACTERS_REPLACED if reading.replaced else "")))),
        (str(Breach.DECODED),) if reading.decoded > reading.budget else (),
    )


def _instead(attached: Attached, invitations: list[Invitation], root: Message) -> tuple[str, str, str] | None:
    """Text, its format, and HTML of a mail that has no text of its own: winmail.dat's, invitations', what is left."""
    if attached.packed and attached.packed.text.strip():
        return plain_text(attached.packed.text), "plain", bounded(attached.packed.html)
    if attached.packed and attached.packed.html.strip():
        html = bounded(attached.packed.html)
        return html_to_text(html), "html", html
    if invited := "\n\n".join(one.text for one in invitations if one.text):
        return invited, "plain", ""
    if not attached.files and (left := _left_over(root)).strip():
        return left, "plain", ""
    return None


def _invitation(part: Message) -> Invitation:
    return read_invitation(decode(leaves.content(part), leaves.parameter(part, "charset"))[0])


def _left_over(root: Message) -> str:
    """What stands before the first and after the last part: the text of a mail whose parts could not be told."""
    pieces = [piece for piece in (root.preamble, root.epilogue) if isinstance(piece, str)]
    return plain_text(decode("\n".join(pieces).encode("utf-8", "surrogateescape"))[0])


def plain_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sort(parts: list[Message], within: str, walk: _Walk, limits: Limits, *, in_alternative: bool) -> None:
    """Sort each part into the lists of `walk`. within: the subtype of the multipart that holds them."""
    text_before, html_before = len(walk.text), len(walk.html)
    for index, part in enumerate(parts):
        kind = part.get_content_maintype()
        if kind != "text":
            walk.seals.append(seal_of(part))
        if kind == "multipart" and part.is_multipart():
            subtype = part.get_content_subtype()
            _sort(parts_of(part), subtype, walk, limits, in_alternative=in_alternative or subtype == "alternative")
            continue
        if kind != "text" and walk.opened < _DEEPEST_SIGNED and (signed := signed_content(part, limits)) is not None:
            walk.opened += 1
            _sort([signed], "mixed", walk, limits, in_alternative=in_alternative)
        walk.leaves.append(part)
        if not _in_body(part, index, within):
            walk.attached.append(part)
        elif in_alternative:
            (walk.html if _is_html(part) else walk.text).append(part)
        else:
            walk.text.append(part)
            walk.html.append(part)
    if within == "alternative":
        # Only one kind was offered: it is both.
        texts, htmls = walk.text[text_before:], walk.html[html_before:]
        if htmls and not texts:
            walk.text.extend(htmls)
        elif texts and not htmls:
            walk.html.extend(texts)


def _in_body(part: Message, index: int, within: str) -> bool:
    if leaves.disposition(part) == "attachment" or not (_is_html(part) or _is_plain(part, within)):
        return False
    return index == 0 or (within != "related" and not leaves.named(part))


def _is_html(part: Message) -> bool:
    return part.get_content_type() == "text/html"


def _is_plain(part: Message, within: str) -> bool:
    """Plain text, or text with marks that can be read where it is no alternative to plain text.

    A multipart that turned out to have no parts is text too.
    """
    if part.get_content_maintype() == "multipart":
        return not part.is_multipart()
    return part.get_content_type() in ({"text/plain"} if within == "alternative" else _READABLE)


def _join(reading: _Reading, parts: list[Message]) -> str:
    pieces = [html_to_text(_decoded(reading, part)) if _is_html(part) else _decoded(reading, part) for part in parts]
    return "\n".join(piece.rstrip("\n") if index < len(pieces) - 1 else piece for index, piece in enumerate(pieces))


def _as_html(reading: _Reading, part: Message) -> str:
    text = _decoded(reading, part)
    return text if _is_html(part) else f"<pre>{html.escape(text)}</pre>" if text.strip() else ""


def _decoded(reading: _Reading, part: Message) -> str:
    known = reading.texts.get(id(part))
    if known is not None:
        return known
    data = leaves.content(part)
    reading.decoded += len(data)
    charset = leaves.parameter(part, "charset")
    if not charset and _is_html(part) and (meta := _META_CHARSET.search(data[:2048])):
        charset = meta.group(1).decode("ascii")
    text, replaced = decode(data, charset)
    reading.replaced |= replaced
    if _is_html(part):
        text = bounded(text)[: reading.html_left]
        reading.html_left -= len(text)
    else:
        text = plain_text(text)
        if leaves.parameter(part, "format").lower() == "flowed":
            text = unflow(text, delsp=leaves.parameter(part, "delsp").lower() == "yes")
    reading.texts[id(part)] = text
    return text
