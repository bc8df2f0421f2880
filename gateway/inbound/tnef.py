"""winmail.dat unpacked (MS-OXTNEF), fenced: the library is not maintained and the input hostile. Pure."""

import logging
import struct
from dataclasses import dataclass

from tnefparse import TNEF

from gateway.inbound.charsets import decode

LARGEST = 64 * 1024 * 1024
MOST_OBJECTS = 2000

logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a TNEF part holds: files as (name, bytes), and the body when it is not only in RTF."""

    files: tuple[tuple[str, bytes], ...] = ()
    text: str = ""
    html: str = ""


def unpack(data: bytes) -> Unpacked | None:
    """The contents, or None when it is no TNEF, is damaged, or is made to be slow."""
    if len(data) > LARGEST or not _few_objects(data):
        return None
    try:
        found = TNEF(data, do_checksum=False)
        files = [
            (_text(attachment.long_filename()), bytes(attachment.data))
            for attachment in found.attachments
            if attachment.data
        ]
        return Unpacked(tuple(files), _text(found.body), _text(found.htmlbody))
    except Exception:
        return None


def _few_objects(data: bytes) -> bool:
    """Whether the objects can be counted and are few: the library copies all that follows for each of them."""
    position, count = 6, 0
    while position + 12 < len(data):
        (length,) = struct.unpack_from("<I", data, position + 5)
        position += 11 + length
        count += 1
        if count > MOST_OBJECTS:
            return False
    return count > 0


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0"))[0]
    return decode(value.encode("utf-8", "replace"), "utf-8")[0].rstrip("\0\ufffd") if isinstance(value, str) else ""
