"""The MAPI properties inside of a TNEF attribute (MS-OXTNEF, 2.1.3.4). Pure; linear; nothing it says is believed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MULTIPLE = 0x1000
_NAMED = 0x8000
# Bytes of a value by the type of its property, padded as in the stream.
_FIXED = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_SHORT = frozenset({0x02, 0x0B})
OBJECT, STRING, UNICODE, BINARY = 0x0D, 0x1E, 0x1F, 0x102
_VARIABLE = frozenset({OBJECT, STRING, UNICODE, BINARY, 0})


@dataclass(frozen=True, slots=True)
class Property:
    """A property and its first value, which is all that mail uses of it."""

    name: int
    type: int
    value: bytes


def properties(data: memoryview) -> Iterator[Property]:
    """The properties in order, as far as they can be read; each takes at least four bytes, whatever it announces."""
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(count):
            found, at = _property(data, at)
            if found is None:
                return
            yield found
    except struct.error:
        return


def _property(data: memoryview, at: int) -> tuple[Property | None, int]:
    type_, name = struct.unpack_from("<HH", data, at)
    at += 4
    if name >= _NAMED:
        (by_name,) = struct.unpack_from("<I", data, at + 16)
        (length,) = struct.unpack_from("<I", data, at + 20)
        at += 24 + (_padded(length) if by_name else 0)
    several, type_ = bool(type_ & _MULTIPLE), type_ & ~_MULTIPLE
    count = 1
    if several or type_ in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    if type_ in _FIXED:
        size = 2 if several and type_ in _SHORT else _FIXED[type_]
        return Property(name, type_, bytes(data[at : at + size])), at + _padded(size * count)
    if type_ not in _VARIABLE:
        return None, at
    first = b""
    for number in range(count):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        if not number:
            first = bytes(data[at : at + length])
        at += _padded(length)
    return Property(name, type_, first), at


def _padded(length: int) -> int:
    return length + -length % 4
