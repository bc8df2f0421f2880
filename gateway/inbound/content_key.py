"""The content key: by what two copies of the same mail are known to be the same (RULES 2). Pure."""

import hashlib

from gateway.inbound.limits import plain_line_ends, split_header

_IDENTIFYING = (b"from", b"date", b"subject", b"message-id")


def content_key(raw: bytes) -> str:
    """Hex SHA-256 over From, Date, Subject, Message-ID, and body, in linear time.

    Trace fields are not part of it, nor are folding, line ends (CRLF, LF, bare CR), and empty lines at the end: those
    are what doors and relays change.
    """
    head, body = split_header(plain_line_ends(raw))
    block = b"\n" + head
    lowered = block.lower()
    digest = hashlib.sha256()
    for name in _IDENTIFYING:
        for value in _values(block, lowered, name):
            digest.update(b"%s:%d:%s\n" % (name, len(value), value))
    digest.update(b"\n")
    digest.update(body.rstrip(b"\n"))
    return digest.hexdigest()


def anonymous(raw: bytes) -> bool:
    """Whether the mail has neither Message-ID nor Date, so that equal copies may well be different mails."""
    head, _ = split_header(plain_line_ends(raw))
    block = b"\n" + head
    lowered = block.lower()
    return not any(any(_values(block, lowered, name)) for name in (b"message-id", b"date"))


def _values(block: bytes, lowered: bytes, name: bytes) -> list[bytes]:
    """Every value of a field, unfolded, runs of white space as one space."""
    field = b"\n" + name + b":"
    values = []
    start = lowered.find(field)
    while start >= 0:
        start += len(field)
        end = block.find(b"\n", start)
        while 0 <= end < len(block) - 1 and block[end + 1] in b" \t":
            end = block.find(b"\n", end + 1)
        end = len(block) if end < 0 else end
        values.append(b" ".join(block[start:end].split()))
        start = lowered.find(field, end)
    return values
