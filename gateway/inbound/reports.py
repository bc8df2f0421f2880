"""What a delivery report says: which recipients, what happened, and the returned message's headers. Pure.

The readers are an ordered tuple: the first that finds recipients speaks. A reader of non-standard bounces is one more.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from itertools import islice

from gateway.inbound import leaves
from gateway.inbound.charsets import clean_text
from gateway.inbound.headers import read_headers
from gateway.inbound.mail import DeliveryReport, Headers, ReportedRecipient
from gateway.inbound.nested import enclosed

MOST_RECIPIENTS = 500
LONGEST_DIAGNOSTIC = 2000
LONGEST_HEAD = 256 * 1024

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status"})
_HEADER_TYPES = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_BLANK_LINE = re.compile(rb"\n(?:[ \t]*\n)+")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:(.*)")


@dataclass(frozen=True, slots=True)
class ReportParts:
    """The parts of a mail that can speak of a delivery, in order, none of them from inside a returned message."""

    headers: Headers
    all: tuple[Message, ...]
    status: tuple[Message, ...]
    returned: tuple[Message, ...]


def report_parts(headers: Headers, parts: list[Message]) -> ReportParts:
    """Choose from the leaves of a mail; a message/* part counts as one leaf."""
    return ReportParts(
        headers,
        tuple(parts),
        tuple(part for part in parts if leaves.content_type(part) in _STATUS_TYPES),
        tuple(part for part in parts if leaves.content_type(part) in _HEADER_TYPES | _MESSAGE_TYPES),
    )


def read_report(parts: ReportParts) -> DeliveryReport | None:
    """The report, or None when the mail is none. Original headers alone make no report."""
    for reader in READERS:
        recipients = reader(parts)
        if recipients:
            return DeliveryReport(recipients[:MOST_RECIPIENTS], _original_headers(parts))
    return DeliveryReport((), _original_headers(parts)) if parts.status else None


def status_groups(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """The recipient groups of delivery-status parts (RFC 3464, 2.3)."""
    return _recipients(group for part in parts.status for group in _groups(_content(part)))


def groups_in_text(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """The same groups where the parts that hold them could not be told, in a mail that says it is a report."""
    if "delivery-status" not in parts.headers.first("Content-Type").lower():
        return ()
    return _recipients(group for part in parts.all for group in _groups(_content(part)) if group.has("Final-Recipient"))


def failed_recipients(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """X-Failed-Recipients, by which Exim names them in a mail without a status part."""
    addresses = ",".join(parts.headers.all("X-Failed-Recipients")).split(",")
    return tuple(ReportedRecipient(address.strip(), "failed", "") for address in addresses if "@" in address)


READERS: tuple[Callable[[ReportParts], tuple[ReportedRecipient, ...]], ...] = (
    status_groups,
    groups_in_text,
    failed_recipients,
)


def _recipients(groups: Iterable[Headers]) -> tuple[ReportedRecipient, ...]:
    found = (_recipient(group) for group in groups)
    return tuple(islice((recipient for recipient in found if recipient is not None), MOST_RECIPIENTS))


def _content(part: Message) -> bytes:
    """A part's text; of a message/* part, the blocks that the parser took for fields and bodies, put together again."""
    data = enclosed(part, "\n") if isinstance(part.get_payload(), list) else leaves.content(part)
    return data[:LONGEST_HEAD].replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _groups(data: bytes) -> Iterator[Headers]:
    """The groups of fields that blank lines part; a space before the colon is taken, other lines continue a field."""
    for block in _BLANK_LINE.split(data.strip(b"\n")):
        fields: list[tuple[str, str]] = []
        for line in clean_text(block.decode("utf-8", "replace")).split("\n"):
            match = _FIELD.match(line)
            if match:
                fields.append((match.group(1), match.group(2).strip()))
            elif fields and line.strip():
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}"[:LONGEST_DIAGNOSTIC])
        yield Headers(tuple(fields))


def _recipient(group: Headers) -> ReportedRecipient | None:
    final, original = _typed(group.first("Final-Recipient")), _typed(group.first("Original-Recipient"))
    action, status = group.first("Action").split(), group.first("Status")
    if not (final or original or action):
        return None
    found = _STATUS.search(status)
    return ReportedRecipient(
        address=(final if "@" in final else original if "@" in original else final or original)[:320],
        action=action[0].lower().strip("();,") if action else "",
        status=found.group(1) if found else "",
        diagnostic=_typed(group.first("Diagnostic-Code"))[:LONGEST_DIAGNOSTIC],
    )


def _typed(value: str) -> str:
    """`rfc822; ana@example.org` without its type, and without angle brackets."""
    kind, semicolon, rest = value.partition(";")
    text = rest if semicolon and re.fullmatch(r"\s*[\w.-]+\s*", kind) else value
    return text.strip().strip("<>").strip()


def _original_headers(parts: ReportParts) -> Headers:
    for part in parts.returned:
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else None
        if isinstance(message, Message) and len(message):
            return read_headers(message)
        headers = read_headers(_header_block(_content(part)))
        if headers.fields:
            return headers
    return Headers(())


def _header_block(data: bytes) -> Message:
    return BytesParser().parsebytes(data[:LONGEST_HEAD].lstrip(b"\r\n"), headersonly=True)
