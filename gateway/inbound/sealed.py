"""Signed and encrypted mail: what is signed is read, unchecked; what is encrypted stays whole. Pure."""

import re
from email.message import Message

from gateway.inbound import leaves
from gateway.inbound.limits import scan
from gateway.inbound.pkcs7 import Kind, read_pkcs7
from gateway.inbound.tree import tree_of
from gateway.settings import Limits

SIGNED = "signed, not checked"
ENCRYPTED = "encrypted"

_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_RIGHTS_MANAGED = "application/x-microsoft-rpmsg-message"
_ARMOUR = re.compile(r"^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*$", re.MULTILINE)


def seal_of(part: Message) -> str:
    """The flag that a part of the tree gives its mail, or the empty string (RFC 1847, 3156, 8551)."""
    type_ = part.get_content_type()
    if type_ == "multipart/signed":
        return SIGNED
    if type_ in ("multipart/encrypted", _RIGHTS_MANAGED):
        return ENCRYPTED
    if not _is_pkcs7(part):
        return ""
    return {Kind.SIGNED: SIGNED, Kind.ENCRYPTED: ENCRYPTED, Kind.OTHER: ""}[read_pkcs7(leaves.content(part)).kind]


def seal_of_text(text: str) -> str:
    """The same for text in the armour of RFC 4880, 6.2."""
    match = _ARMOUR.search(text)
    return "" if match is None else SIGNED if match.group(1) else ENCRYPTED


def signed_content(part: Message, limits: Limits) -> Message | None:
    """The tree inside of a signed-data part; None when there is none, or when it is over a limit.

    It is scanned like a mail: its parts were not counted before. Raises what the standard library does.
    """
    if not _is_pkcs7(part):
        return None
    content = read_pkcs7(leaves.content(part)).content
    if content is None:
        return None
    found = scan(content, limits)
    return None if found.breaches else tree_of(content)


def _is_pkcs7(part: Message) -> bool:
    if part.is_multipart():
        return False
    return part.get_content_type() in _PKCS7 or leaves.named(part).lower().endswith(".p7m")
