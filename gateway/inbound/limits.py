"""The limits of RULES 1, measured on the raw bytes in linear time before anything is parsed. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.inbound.breach import Breach
from gateway.inbound.charsets import clean_text
from gateway.inbound.structure import MOST_PARAMETERS, part_header_breach, structure_breach
from gateway.settings import Limits

__all__ = ["Breach", "Peek", "Scan", "peek", "plain_line_ends", "scan", "split_header"]

KIB = 1024
MIB = 1024 * KIB
PEEK = 64 * KIB
LONGEST_ID = 998

_BRACKETED_ID = re.compile(rb"<([^<>\s]{1,998})>")
_ADDRESS = re.compile(rb"[^\s<>()\[\],;:\"]{1,128}@[^\s<>()\[\],;:\"]{1,255}")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the raw bytes say about the limits.

    `safe_headers` is the header block with what is over the limits left out, `readable` the bytes that may be parsed:
    the mail itself when nothing is breached, otherwise the safe headers and the body up to where it goes wrong.
    """

    breaches: tuple[str, ...]
    safe_headers: bytes
    hops: int
    readable: bytes


@dataclass(frozen=True, slots=True)
class Peek:
    """A first look for ordering, never for identity: both may be empty, or lie."""

    message_id: str
    from_hint: str


def scan(raw: bytes, limits: Limits) -> Scan:
    """Measure a mail against every limit that can be known before parsing. Linear in the size of the mail."""
    if len(raw) > limits.mail_mib * MIB:
        head, _ = split_header(plain_line_ends(raw[: int(limits.headers_kib * KIB) + 2]))
        return _over([Breach.MAIL], head, b"", limits)
    text = plain_line_ends(raw)
    head, body = split_header(text)
    fields = head[: int(limits.headers_kib * KIB)].split(b"\n")
    breaches = list(_header_breaches(head, fields, limits))
    lowered = text.lower()
    for cut, over in (part_header_breach(lowered, limits), structure_breach(text, lowered, limits)):
        if over is not None:
            breaches.append(over)
            body = body[: max(0, cut - (len(text) - len(body)))]
    if not breaches:
        return Scan((), head, _hops(fields), raw)
    return _over(breaches, head, body, limits)


def peek(raw: bytes) -> Peek:
    """Message-ID and the first address of From, by a search in the first 64 KiB of the header block."""
    head, _ = split_header(plain_line_ends(raw[:PEEK]))
    block = b"\n" + head
    lowered = block.lower()
    identifier = _field(block, lowered, b"\nmessage-id:")
    bracketed = _BRACKETED_ID.search(identifier)
    address = _ADDRESS.search(_field(block, lowered, b"\nfrom:"))
    return Peek(
        _hint(bracketed.group() if bracketed else identifier.strip()),
        _hint(address.group() if address else b"").casefold(),
    )


def plain_line_ends(raw: bytes) -> bytes:
    """The same bytes with CRLF and bare CR as LF, which is how the standard library sees the lines of a mail."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw


def split_header(text: bytes) -> tuple[bytes, bytes]:
    """Header block (with its last line end) and body of a mail whose lines end in LF."""
    if text.startswith(b"\n"):
        return b"", text[1:]
    end = text.find(b"\n\n")
    return (text, b"") if end < 0 else (text[: end + 1], text[end + 2 :])


def _header_breaches(head: bytes, lines: list[bytes], limits: Limits) -> Iterable[Breach]:
    if len(head) > limits.headers_kib * KIB:
        yield Breach.HEADERS
    count, size, recipients = 0, 0, 0
    longest, commas, ats = 0, 0, 0
    addressed = False
    for line in lines:
        if line[:1] in b" \t" and line:
            size += len(line)
        else:
            count += 1
            size = len(line)
            addressed = line[:3].lower() in (b"to:", b"cc:")
            commas += addressed
        longest = max(longest, size)
        if addressed:
            # A mailbox has an @, and all but the first of a field follow a comma: the lesser is an upper bound.
            commas += line.count(b",") + line.count(b";")
            ats += line.count(b"@")
    recipients = min(commas, ats)
    if longest > limits.header_kib * KIB:
        yield Breach.HEADER
    if count - 1 > limits.header_count:
        yield Breach.HEADER_COUNT
    if recipients > limits.recipients:
        yield Breach.RECIPIENTS


def _over(breaches: list[Breach], head: bytes, body: bytes, limits: Limits) -> Scan:
    safe = _safe_headers(head, limits)
    return Scan(
        tuple(str(breach) for breach in dict.fromkeys(breaches)), safe, _hops(safe.split(b"\n")), safe + b"\n" + body
    )


def _safe_headers(head: bytes, limits: Limits) -> bytes:
    """The first fields within the limits; a subject over them is cut, any other field over them is left out."""
    longest = int(limits.header_kib * KIB)
    lines = head[: int(limits.headers_kib * KIB)].split(b"\n")
    if len(head) > limits.headers_kib * KIB:
        lines.pop()
    fields: list[list[bytes]] = []
    for line in lines:
        if fields and line[:1] in (b" ", b"\t"):
            fields[-1].append(line)
        elif line:
            fields.append([line])
    kept: list[bytes] = []
    recipients = 0
    for lines_of_field in fields[: limits.header_count]:
        field = b"\n".join(lines_of_field)
        more = field.count(b"@") if field[:3].lower() in (b"to:", b"cc:") else 0
        if len(field) <= longest and field.count(b";") <= MOST_PARAMETERS and recipients + more <= limits.recipients:
            kept.append(field)
            recipients += more
        elif field[:8].lower() == b"subject:":
            kept.append(field[:longest].replace(b"\n", b" ").rstrip())
    return b"".join(field + b"\n" for field in kept)


def _hops(lines: list[bytes]) -> int:
    return sum(1 for line in lines if line[:9].lower() == b"received:")


def _field(block: bytes, lowered: bytes, name: bytes) -> bytes:
    """The raw value of the first field of this name, folded lines included, at most 2 KiB."""
    start = lowered.find(name)
    if start < 0:
        return b""
    start += len(name)
    end = block.find(b"\n", start)
    while 0 <= end < len(block) - 1 and block[end + 1 : end + 2] in (b" ", b"\t"):
        end = block.find(b"\n", end + 1)
    return block[start : min(end if end >= 0 else len(block), start + 2 * KIB)]


def _hint(value: bytes) -> str:
    return " ".join(clean_text(value.decode("utf-8", "replace"))[:LONGEST_ID].split())
