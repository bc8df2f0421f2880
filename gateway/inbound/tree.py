"""The MIME tree of a mail, also of one whose boundary parameter is missing or does not fit. Pure."""

import re
from email.message import Message
from email.parser import BytesParser

from gateway.inbound.limits import Scan, plain_line_ends, scan, split_header
from gateway.settings import Limits

_SHOWN = re.compile(rb"(?:^|\n)--([^\n\"]{1,70})\n(?=content-)", re.IGNORECASE)
_TYPE_FIELD = re.compile(rb"^content-type:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)


def read_tree(found: Scan, limits: Limits) -> Message:
    """The compat32 tree. A multipart without parts gets the boundary that its body shows, or is one piece of text.

    Raises RecursionError, and whatever else the standard library does on hostile input.
    """
    tree = BytesParser().parsebytes(found.readable)
    if tree.get_content_maintype() != "multipart" or tree.is_multipart():
        return tree
    head, body = split_header(plain_line_ends(found.readable))
    mended = _mended(tree, head, body, limits)
    if mended is not None:
        return BytesParser().parsebytes(mended)
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
