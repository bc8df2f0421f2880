"""One leaf of a MIME tree: its bytes, its name, its type, whatever state they are in. Pure."""

import quopri
import re
from email.message import Message

from gateway.inbound.charsets import clean_text, decode
from gateway.inbound.headers import base64_bytes, decode_words, raw_text, unfold

LONGEST_NAME = 150

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}")
# Control characters, and marks that turn the reading direction: `gpj.exe` must not be shown as `exe.jpg`.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")
_UNSAFE = re.compile(r'[<>:"|?*]')
_ENDINGS = {
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/ms-tnef": ".dat",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
}


def content(part: Message) -> bytes:
    """The leaf's bytes with the transfer encoding undone; what cannot be decoded stays as it came."""
    encoding = field(part, "content-transfer-encoding").strip().lower().partition(";")[0].strip()
    if encoding == "base64":
        return base64_bytes(_stored(part))
    if encoding == "quoted-printable":
        return quopri.decodestring(_stored(part))
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        try:
            return bytes(part.get_payload(decode=True))
        except Exception:
            return _stored(part)
    return _stored(part)


def content_type(part: Message) -> str:
    found = part.get_content_type().lower()
    return found if _TYPE.fullmatch(found) else "application/octet-stream"


def disposition(part: Message) -> str:
    return field(part, "content-disposition").partition(";")[0].strip().lower()


def content_id(part: Message) -> str:
    return _HIDDEN.sub("", field(part, "content-id")).strip().strip("<>")[:200]


def parameter(part: Message, name: str) -> str:
    """A parameter of Content-Type, RFC 2231 undone, or the empty string."""
    return clean_text(_parameter(part, name, "content-type")).strip()


def named(part: Message) -> str:
    """The file name as the sender gave it, decoded, not yet safe; the empty string when there is none."""
    found = _parameter(part, "filename", "content-disposition") or _parameter(part, "name", "content-type")
    return decode_words(found)


def safe_name(name: str, type_: str, number: int) -> str:
    """A name to show and to offer for saving: no path, no control or direction marks, at most 150 characters."""
    bare = re.split(r"[/\\]", _HIDDEN.sub("", clean_text(name)).strip())[-1]
    bare = _UNSAFE.sub("_", " ".join(bare.split())).strip(". ")
    if not bare:
        return f"attachment-{number}{_ENDINGS.get(type_, '.bin')}"
    if len(bare) <= LONGEST_NAME:
        return bare
    stem, dot, ending = bare.rpartition(".")
    if not dot or len(ending) > 16:
        return bare[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def field(part: Message, name: str) -> str:
    """The first raw value of a field of this part as clean text."""
    wanted = name.lower()
    for key, value in part.raw_items():
        if key.lower() == wanted:
            return raw_text(value)[0]
    return ""


def _parameter(part: Message, name: str, header: str) -> str:
    """A parameter of a field whose 8-bit bytes are read first: the standard library would replace them."""
    value = field(part, header)
    if name not in value.lower():
        return ""
    try:
        block = Message()
        block[header] = unfold(value)
        found = block.get_param(name, header=header)
    except Exception:
        return ""
    if isinstance(found, tuple):
        # RFC 2231: a charset, a language, and the value with its bytes as characters.
        return decode(found[2].encode("raw-unicode-escape"), found[0] or "")[0]
    return found.strip() if isinstance(found, str) else ""


def _stored(part: Message) -> bytes:
    """The payload as it stands in the mail, undecoded."""
    payload = vars(part).get("_payload")
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
