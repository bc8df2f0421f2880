"""The content key: by what two copies of the same mail are known to be the same (RULES 2). Pure."""

import hashlib
import re
from itertools import islice

from gateway.inbound.limits import plain_line_ends

_IDENTIFYING = (b"from", b"date", b"subject", b"message-id")

# A mail has one of each. What has thousands is told apart by the first of them well enough.
_MOST_FIELDS = 1000

_FIELD = re.compile(rb"^(from|date|subject|message-id)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FIELD_END = re.compile(rb"\n(?![ \t])")
# The empty line, or the first that is neither a field nor one's continuation: there servers put the empty line in.
_NO_FIELD = re.compile(rb"^(?![!-9;-~]+[ \t]*:|[ \t])", re.MULTILINE)
_MBOX_LINE = re.compile(rb">?From [^\n]*\n")
# Postfix cuts lines at 998 octets, and goes on after a space.
_LONGEST_LINE = 998
_CUT_LINE = re.compile(rb"^(?=[^\n]{%d}\n [^\n])" % _LONGEST_LINE, re.MULTILINE)


def content_key(raw: bytes) -> str:
    """Hex SHA-256 over From, Date, Subject, Message-ID, and body, in linear time.

    Trace fields are not part of it, nor is what doors and servers change on the way: folding, line ends (CRLF, LF, bare
    CR), empty lines at the end, a missing line between header and body, an mbox line above the header, lines cut at 998
    octets, and NUL, for which Dovecot writes 0x80.
    """
    fields, body = _read(raw)
    digest = hashlib.sha256()
    for name in _IDENTIFYING:
        for value in fields[name]:
            digest.update(b"%s:%d:%s\n" % (name, len(value), value))
    digest.update(b"\n")
    digest.update(_uncut(body).rstrip(b"\n").replace(b"\0", b"\x80"))
    return digest.hexdigest()


def anonymous(raw: bytes) -> bool:
    """Whether the mail has neither Message-ID nor Date, so that equal copies may well be different mails."""
    fields, _ = _read(raw)
    return not any(fields[b"message-id"]) and not any(fields[b"date"])


def _read(raw: bytes) -> tuple[dict[bytes, list[bytes]], bytes]:
    """Every value of the fields that count, unfolded, runs of white space as one space; and the body."""
    text = plain_line_ends(raw)
    mbox = _MBOX_LINE.match(text)
    start = mbox.end() if mbox else 0
    end = _NO_FIELD.search(text, start)
    stop = end.start() if end else len(text)
    fields: dict[bytes, list[bytes]] = {name: [] for name in _IDENTIFYING}
    for field in islice(_FIELD.finditer(text, start, stop), _MOST_FIELDS):
        last = _FIELD_END.search(text, field.end(), stop)
        value = text[field.end() : last.start() if last else stop]
        fields[field[1].lower()].append(b" ".join(value.replace(b"\0", b"\x80").split()))
    body = text[stop:]
    return fields, body[1:] if body.startswith(b"\n") else body


def _uncut(body: bytes) -> bytes:
    """The body with its cut lines whole again, and such lines as only look cut the same way."""
    pieces, start = [], 0
    for line in _CUT_LINE.finditer(body):
        end = line.start() + _LONGEST_LINE
        pieces.append(body[start:end])
        start = end + 2
    return b"".join([*pieces, body[start:]]) if pieces else body
