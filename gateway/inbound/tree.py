"""The MIME tree of a mail, also of one whose boundary parameter is missing or does not fit. Pure."""

import re
from email.message import Message
from email.parser import BytesParser
from typing import Any

from gateway.inbound import leaves
from gateway.inbound.limits import Scan, plain_line_ends, scan, split_header
from gateway.settings import Limits

_SHOWN = re.compile(rb"(?:^|\n)--([^\n\"]{1,70})\n(?=content-)", re.IGNORECASE)
_TYPE_FIELD = re.compile(rb"^content-type:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


class Part(Message):
    """A part of a compat32 tree whose boundary may be written in a charset that does not exist, or is no charset."""

    def get_boundary(self, failobj: Any = None) -> Any:
        try:
            return super().get_boundary(failobj)
        except (ValueError, LookupError):
            return leaves.parameter(self, "boundary").rstrip() or failobj


def tree_of(data: bytes) -> Message:
    """The tree as the standard library reads it. Raises RecursionError, and whatever else it does on hostile input."""
    return BytesParser(Part).parsebytes(data)


def parts_of(multipart: Message) -> list[Message]:
    """The parts of a multipart; also the first of one whose header ran into it, so that its text became the preamble.

    Where the first boundary and the empty line before it are missing, there are two types: the multipart's, the part's.
    """
    children = multipart.get_payload() if multipart.is_multipart() else []
    parts = [child for child in children if isinstance(child, Message)]
    fields = [(name, value) for name, value in multipart.raw_items() if name.lower().startswith("content-")]
    second = [n for n, (name, _) in enumerate(fields) if name.lower() == "content-type"][1:]
    preamble = multipart.preamble or ""
    if not second or not preamble.strip():
        return parts
    first = Part()
    for name, value in fields[second[0] :]:
        first[name] = value
    first.set_payload(preamble)
    return [first, *parts]


def read_tree(found: Scan, limits: Limits) -> Message:
    """The compat32 tree. A multipart without parts gets the boundary that its body shows, or is one piece of text.

    Raises what `tree_of` raises.
    """
    tree = tree_of(found.readable)
    if tree.get_content_maintype() != "multipart" or tree.is_multipart():
        return tree
    head, body = split_header(plain_line_ends(found.readable))
    mended = _mended(tree, head, body, limits)
    if mended is not None:
        return tree_of(mended)
    # The standard library drops what stands after the closing boundary.
    tree.set_payload(body.decode("ascii", "surrogateescape"))
    return tree


def _mended(tree: Message, head: bytes, body: bytes, limits: Limits) -> bytes | None:
    """The same mail with the boundary that its body shows. It is scanned again: its parts were not counted before."""
    match = _SHOWN.search(body)
    if not match:
        return None
    boundary = match.group(1).rstrip()
    subtype = tree.get_content_subtype() if tree.get_content_subtype().isalpha() else "mixed"
    field = b'Content-Type: multipart/%s; boundary="%s"\n' % (subtype.encode("ascii", "replace"), boundary)
    mended = _TYPE_FIELD.sub(b"", head) + field + b"\n" + body
    return None if scan(mended, limits).breaches else mended
