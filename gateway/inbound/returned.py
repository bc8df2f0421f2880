"""The message that a delivery report gives back: as a part of it, or copied into its text. Pure; linear."""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser

from gateway.inbound import leaves
from gateway.inbound.headers import read_headers
from gateway.inbound.mail import Headers
from gateway.inbound.nested import enclosed

LONGEST_HEAD = 256 * 1024
LONGEST_TEXT = 64 * 1024

HEADER_TYPES = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})

_QUOTED = re.compile(r"^[>|\s]{0,12}")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:(?:\s|<|$)")
# A person's mail program quotes some of the second kind, and none of the first.
_BY_SERVERS = frozenset({"received", "return-path", "message-id", "mime-version", "delivered-to"})
_BY_AUTHORS = frozenset({"from", "to", "subject", "date"})


@dataclass(frozen=True, slots=True)
class Returned:
    """The returned message's header fields, if any; `words` is what the report's text says before them."""

    headers: Headers
    words: str
    as_part: bool = False

    @property
    def found(self) -> bool:
        """A report is never about a report: one that is within a mail was put there by a person."""
        names = {name.lower() for name, _ in self.headers.fields}
        return bool(names & (_BY_SERVERS | _BY_AUTHORS)) and "report-type" not in self.headers.first("Content-Type")


def returned_message(parts: tuple[Message, ...], text: str) -> Returned:
    """Look for it in the parts first, then in the text."""
    words, block = _split(text[:LONGEST_TEXT])
    for part in parts:
        headers = _headers_of_part(part)
        if headers.fields:
            return Returned(headers, words, as_part=True)
    return Returned(read_headers(header_block(block.encode("utf-8", "replace"))) if block else Headers(()), words)


def is_message(part: Message) -> bool:
    return leaves.content_type(part) in MESSAGE_TYPES


def part_text(part: Message) -> bytes:
    """A part's bytes; of a message/* part, what the parser took for fields and bodies, put together again."""
    data = enclosed(part, "\n") if part.is_multipart() else leaves.content(part)
    return data[:LONGEST_HEAD].replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def header_block(data: bytes) -> Message:
    return BytesParser().parsebytes(data[:LONGEST_HEAD].lstrip(b"\r\n"), headersonly=True)


def _headers_of_part(part: Message) -> Headers:
    """Of a returned message or its header block; some attach the block as plain text."""
    type_ = leaves.content_type(part)
    if type_ in MESSAGE_TYPES | HEADER_TYPES:
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else None
        if isinstance(message, Message) and len(message):
            return read_headers(message)
        return read_headers(header_block(part_text(part)))
    if type_ == "text/plain" and leaves.disposition(part) == "attachment":
        words, block = _split(part_text(part).decode("utf-8", "replace")[:LONGEST_TEXT])
        if block and not words.strip():
            return read_headers(header_block(block.encode("utf-8", "replace")))
    return Headers(())


def _split(text: str) -> tuple[str, str]:
    """The text before a block of header fields, and that block without quote marks; or all of it, and nothing."""
    lines = text.split("\n")
    bare = [_QUOTED.sub("", line) for line in lines]
    start = 0
    while start < len(lines):
        if not _FIELD.match(bare[start]):
            start += 1
            continue
        end, names = start, set()
        # What is indented more than the first field continues the one above it.
        while end < len(lines) and (field := bare[end]) and (_FIELD.match(field) or lines[end][:1] in " \t>|"):
            if _FIELD.match(field):
                names.add(field.partition(":")[0].lower())
            end += 1
        if len(names & (_BY_SERVERS | _BY_AUTHORS)) >= 2 and (names & _BY_SERVERS or len(names & _BY_AUTHORS) >= 3):
            block = [line if _FIELD.match(line) else f" {line}" for line in bare[start:end]]
            return "\n".join(lines[:start]), "\n".join(block) + "\n\n"
        start = end + 1
    return text, ""
