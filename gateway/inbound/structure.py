"""Where the parts of a mail go over a limit, found in the raw bytes as a parser would find them. Pure; linear."""

import re
from urllib.parse import unquote_to_bytes

from gateway.inbound.breach import Breach
from gateway.settings import Limits

MOST_PARAMETERS = 500

_DELIMITER = re.compile(rb"\n--([^\n]*)")
_CONTENT_FIELD = re.compile(rb"\ncontent-[^\n]*+(?:\n[ \t][^\n]*+)*+")
_NESTED_MESSAGE = re.compile(rb"\ncontent-type:[ \t\n]*message/")
_BOUNDARY = re.compile(rb'boundary[ \t]*(\*0?\*?)?[ \t]*=\s*(?:"([^"\n]{0,200})|([^\s;"]{0,200}))')
_MOST_PIECES = 50


def part_header_breach(lowered: bytes, limits: Limits) -> tuple[int, Breach | None]:
    """The first Content-* field, of whatever part, that is too long or has so many parameters that reading it hangs."""
    for match in _CONTENT_FIELD.finditer(b"\n" + lowered):
        field = match.group()
        if len(field) > limits.header_kib * 1024 or field.count(b";") > MOST_PARAMETERS:
            return match.start(), Breach.HEADER
    return 0, None


def structure_breach(text: bytes, lowered: bytes, limits: Limits) -> tuple[int, Breach | None]:
    """Follow boundary lines and nested messages as a parser would; answer where the structure goes over a limit.

    A boundary written in the pieces of RFC 2231 is known by its first piece.
    """
    declared, pieces = _boundaries(text, lowered)
    messages = [match.start() for match in _NESTED_MESSAGE.finditer(lowered)]
    if not declared and not pieces and len(messages) <= limits.depth:
        return 0, None
    parts = 0
    stack: list[bytes] = []
    upcoming = iter([*messages, len(text)])
    message = next(upcoming)
    for match in _DELIMITER.finditer(text):
        while message < match.start():
            stack.append(b"")
            if len(stack) > limits.depth:
                return message + 1, Breach.DEPTH
            message = next(upcoming)
        line = match.group(1).rstrip()
        split = bool(pieces) and line.startswith(pieces)
        closing = line.endswith(b"--") and (split or line[:-2] in declared)
        name = line[:-2] if closing else line
        if not split and name not in declared:
            continue
        if name in stack:
            del stack[stack.index(name) + (not closing) :]
        elif not closing:
            stack.append(name)
        parts += not closing
        if parts > limits.parts:
            return match.start() + 1, Breach.PARTS
        if len(stack) > limits.depth:
            return match.start() + 1, Breach.DEPTH
    while message < len(text):
        stack.append(b"")
        if len(stack) > limits.depth:
            return message + 1, Breach.DEPTH
        message = next(upcoming)
    return 0, None


def _boundaries(text: bytes, lowered: bytes) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
    """Every boundary that the mail declares, and the first pieces of those that it declares in pieces."""
    whole: set[bytes] = set()
    pieces: set[bytes] = set()
    position = lowered.find(b"boundary")
    while position >= 0:
        # The name is matched in lower case, the value is taken from the text as it stands.
        match = _BOUNDARY.match(lowered, position)
        if match:
            start, end = match.span(2) if match.group(2) is not None else match.span(3)
            value = text[start:end].rstrip()
            if not match.group(1):
                whole.add(value)
            elif len(pieces) < _MOST_PIECES:
                pieces.add(unquote_to_bytes(value.rpartition(b"'")[2]))
        position = lowered.find(b"boundary", position + 8)
    return frozenset(whole - {b""}), tuple(pieces - {b""})
