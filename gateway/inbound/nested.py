"""A part of a MIME tree written back to bytes: for messages within a mail, which stay whole. Pure.

The standard library's generator folds headers again, which takes minutes on a hostile subject; here nothing is touched.
"""

from email.message import Message

from gateway.inbound.headers import base64_bytes
from gateway.inbound.leaves import field


def enclosed(part: Message, newline: str) -> bytes:
    """The message or the blocks inside a message/* part."""
    text = _children(part, newline)
    data = text.encode("utf-8", "surrogateescape")
    if field(part, "content-transfer-encoding").strip().lower() == "base64" and _headerless(part):
        # RFC 2046 forbids it, some do it: the parser took the base64 for the message.
        return base64_bytes(data)
    return data


def _headerless(part: Message) -> bool:
    inner = part.get_payload() if part.is_multipart() else None
    return isinstance(inner, list) and all(not len(child) for child in inner if isinstance(child, Message))


def _children(part: Message, newline: str) -> str:
    payload = vars(part).get("_payload")
    if isinstance(payload, str):
        return payload
    children = [child for child in payload or [] if isinstance(child, Message)]
    if part.get_content_maintype() != "multipart":
        return newline.join(_whole(child, newline) for child in children)
    boundary = str(part.get_boundary() or "")
    out = [part.preamble + newline if part.preamble else ""]
    out += [f"--{boundary}{newline}{_whole(child, newline)}{newline}" for child in children]
    out += [f"--{boundary}--{newline}", part.epilogue or ""]
    return "".join(out)


def _whole(part: Message, newline: str) -> str:
    head = "".join(f"{name}: {value}{newline}" for name, value in part.raw_items())
    return f"{head}{newline}{_children(part, newline)}"
