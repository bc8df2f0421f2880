"""Header fields as clean text: unfolded, encoded words decoded (RFC 2047), charsets guessed. Pure; linear."""

import binascii
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from gateway.inbound.charsets import clean_text, decode
from gateway.inbound.mail import Headers

LONGEST_ID = 998
MOST_IDS = 200

# Fields that have no place for encoded words: there `=?…?=` is what it looks like, or an attempt to hide something.
_STRUCTURED = frozenset(
    [
        "arc-authentication-results",
        "arc-message-signature",
        "arc-seal",
        "auto-submitted",
        "authentication-results",
        "content-id",
        "content-transfer-encoding",
        "content-type",
        "date",
        "delivered-to",
        "dkim-signature",
        "in-reply-to",
        "list-id",
        "message-id",
        "mime-version",
        "precedence",
        "received",
        "received-spf",
        "references",
        "resent-message-id",
        "return-path",
        "x-original-to",
    ]
)
_FOLD = re.compile(r"(?:\r\n|\r|\n)(?=[ \t])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_Q_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_PIECE = re.compile(rb"([^=]+)(=*)")
_FOOTER = re.compile(rb"\n(?:_{5}|-{2}[ \r\n-])")
_ID = re.compile(r"<[^<>\s]{1,998}>")


def read_headers(message: Message) -> Headers:
    """All fields of a header block, in order, as the rest of the program reads them."""
    return Headers(tuple(read_field(name, raw) for name, raw in message.raw_items()))


def read_field(name: str, raw: str) -> tuple[str, str]:
    """Name and value of one raw field of the compat32 tree."""
    value = raw if raw.isascii() else raw_text(raw)[0]
    if "\n" in value or "\r" in value:
        value = _FOLD.sub("", value)
    if "=?" in value and name.lower() not in _STRUCTURED:
        value = decode_words(value)
    if not value.isprintable():
        value = _CONTROL.sub(" ", value)
    return _CONTROL.sub("", clean_text(name)), clean_text(value).strip()


def raw_text(raw: str) -> tuple[str, bool]:
    """A raw field of the compat32 tree with its 8-bit bytes read as UTF-8 or windows-1252, and whether it was UTF-8."""
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        return decode(data)[0], False


def unfold(value: str) -> str:
    return _FOLD.sub("", value)


def decode_words(value: str) -> str:
    """The value with its encoded words decoded; neighbours in the same charset are joined before they are decoded."""
    out: list[str] = []
    charset, pending = "", bytearray()
    position = 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[position : match.start()]
        label = match.group(1).partition("*")[0].lower()
        adjacent = bool(pending) and not between.strip()
        if pending and (not adjacent or label != charset):
            out.append(decode(bytes(pending), charset)[0])
            pending.clear()
        if not adjacent:
            out.append(between)
        charset = label
        pending += _word_bytes(match.group(2), match.group(3))
        position = match.end()
    if pending:
        out.append(decode(bytes(pending), charset)[0])
    out.append(value[position:])
    return "".join(out)


def message_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """Every message id of these fields in order, with its angle brackets, each once."""
    found = dict.fromkeys(identifier for value in values for identifier in _ID.findall(value))
    return tuple(found)[-MOST_IDS:]


def message_id(headers: Headers) -> str:
    """The Message-ID with its angle brackets, or what stands there, or the empty string."""
    value = headers.first("Message-ID")
    match = _ID.search(value)
    return match.group() if match else value[:LONGEST_ID]


def lenient_date(value: str) -> datetime | None:
    """A Date that is not quite RFC 5322, in UTC, as the standard library reads it; or None."""
    try:
        found = parsedate_to_datetime(value[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(data)
    return _Q_HEX.sub(lambda match: bytes([int(match.group(1), 16)]), data.replace(b"_", b" "))


def base64_bytes(data: bytes) -> bytes:
    """What can be read of base64 that may be cut short, have garbage between, or be several pieces in a row.

    After the padding only another whole piece counts, and a footer that a list put below is not base64 at all.
    """
    footer = _FOOTER.search(data)
    compact = (data[: footer.start()] if footer else data).translate(None, _NOT_BASE64)
    first, padding, rest = compact.partition(b"=")
    out = [_base64_piece(first)]
    if rest.strip(b"="):
        for match in _PIECE.finditer(padding + rest):
            if (len(match.group(1)) + len(match.group(2))) % 4 == 0:
                out.append(_base64_piece(match.group(1)))
    return b"".join(out)


def _base64_piece(piece: bytes) -> bytes:
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
