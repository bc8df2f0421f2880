"""The leaves of a mail that are not its body, decoded; winmail.dat unpacked. Pure."""

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message

from gateway.inbound import leaves
from gateway.inbound.mail import ParsedAttachment
from gateway.inbound.nested import enclosed
from gateway.inbound.tnef import Unpacked, unpack

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# The types that Python knows itself; those of the machine would make a mail read differently elsewhere.
_TYPES = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True, slots=True)
class Attached:
    """The attachments, the first winmail.dat among them, and how many bytes were decoded for both."""

    files: tuple[ParsedAttachment, ...]
    packed: Unpacked | None
    size: int


def read_attachments(parts: Iterable[Message], newline: str) -> Attached:
    """Decode each part. newline: how the lines of the mail end."""
    found: list[ParsedAttachment] = []
    packed: Unpacked | None = None
    size = 0
    for part in parts:
        type_ = leaves.content_type(part)
        data = _bytes(part, newline)
        size += len(data)
        name = leaves.named(part)
        unpacked = unpack(data) if type_ in _TNEF or name.lower() == "winmail.dat" else None
        if unpacked and (unpacked.files or unpacked.text or unpacked.html):
            packed = packed or unpacked
            for file_name, content in unpacked.files:
                size += len(content)
                found.append(_packed(file_name, content, len(found) + 1))
            continue
        cid = leaves.content_id(part)
        inline = leaves.disposition(part) == "inline" or (bool(cid) and leaves.disposition(part) != "attachment")
        found.append(
            ParsedAttachment(leaves.safe_name(name, type_, len(found) + 1), type_, data, cid=cid, inline=inline)
        )
    return Attached(tuple(found), packed, size)


def _packed(name: str, content: bytes, number: int) -> ParsedAttachment:
    safe = leaves.safe_name(name, "", number)
    return ParsedAttachment(safe, _TYPES.guess_type(safe)[0] or "application/octet-stream", content)


def _bytes(part: Message, newline: str) -> bytes:
    """The decoded leaf, or the message within it; line ends of nested text stay as they came."""
    if part.is_multipart():
        return enclosed(part, newline)
    return leaves.content(part)
