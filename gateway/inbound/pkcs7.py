"""What a CMS object (RFC 5652) is, and what a signed one holds in clear; nothing is checked. Pure; linear.

BER as far as mail needs it: definite and indefinite lengths, octet strings in pieces. Damage is an empty answer.
"""

from dataclasses import dataclass
from enum import StrEnum

# Mail programs write pieces of 1 KiB and more.
MOST_ELEMENTS = 200_000


class Kind(StrEnum):
    """What a CMS object is, as far as a reader without keys can tell."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pkcs7:
    """`content` is the signed MIME entity; None when it stands elsewhere, or cannot be read."""

    kind: Kind
    content: bytes | None = None


_KINDS = {
    bytes.fromhex("2a864886f70d010702"): Kind.SIGNED,
    bytes.fromhex("2a864886f70d010703"): Kind.ENCRYPTED,
    bytes.fromhex("2a864886f70d0109100117"): Kind.ENCRYPTED,
}
_OID, _OCTETS, _OCTETS_IN_PIECES, _SEQUENCE, _CONTENT = 0x06, 0x04, 0x24, 0x30, 0xA0
_INDEFINITE = -1
_END = b"\0\0"


def read_pkcs7(data: bytes) -> Pkcs7:
    """ContentInfo (section 3) and, when it is signed, its EncapsulatedContentInfo (5.2)."""
    kind = Kind.OTHER
    try:
        oid, at = _content_info(data, 0)
        kind = _KINDS.get(oid, Kind.OTHER)
        if kind is not Kind.SIGNED or at is None:
            return Pkcs7(kind)
        _, at, _ = _head(data, at)
        # version, digestAlgorithms
        _, at = _content_info(data, _after(data, _after(data, at)))
        return Pkcs7(kind, None if at is None else _octets(data, at))
    except (ValueError, IndexError):
        return Pkcs7(kind)


def _content_info(data: bytes, at: int) -> tuple[bytes, int | None]:
    """The type of a SEQUENCE { OID, [0] content }, and where what is inside of [0] begins, if it is there."""
    tag, start, _ = _head(data, at)
    kind, first, end = _head(data, start)
    if (tag, kind) != (_SEQUENCE, _OID):
        raise ValueError
    if data[end : end + 1] != bytes([_CONTENT]):
        return data[first:end], None
    return data[first:end], _head(data, end)[1]


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, and where the contents begin and end. Raises IndexError beyond the data, ValueError on nonsense."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80 and tag & 0x20:
        return tag, start, _INDEFINITE
    if length & 0x80:
        size = length & 0x7F
        if not 0 < size <= 5:
            raise ValueError
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    return tag, start, start + length


def _after(data: bytes, at: int) -> int:
    """Where the element after this one begins."""
    opened = 0
    for _ in range(MOST_ELEMENTS):
        if opened and data[at : at + 2] == _END:
            opened, at = opened - 1, at + 2
        else:
            _, start, end = _head(data, at)
            opened, at = (opened + 1, start) if end == _INDEFINITE else (opened, end)
        if not opened:
            return at
    raise ValueError


def _octets(data: bytes, at: int) -> bytes:
    """An OCTET STRING, whole or in pieces; one that is cut short as far as it goes."""
    pieces: list[bytes] = []
    ends: list[int] = [len(data)]
    for _ in range(MOST_ELEMENTS):
        if at >= len(data):
            break
        if ends[-1] == _INDEFINITE and data[at : at + 2] == _END:
            at += 2
            ends.pop()
        elif ends[-1] != _INDEFINITE and at >= ends[-1]:
            ends.pop()
        else:
            tag, start, end = _head(data, at)
            if tag == _OCTETS:
                pieces.append(data[start:end])
                at = end
            elif tag == _OCTETS_IN_PIECES:
                ends.append(end)
                at = start
            else:
                raise ValueError
        if len(ends) == 1:
            break
    else:
        raise ValueError
    return b"".join(pieces)
