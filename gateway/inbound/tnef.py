"""winmail.dat unpacked (MS-OXTNEF): its body, its files, and those of the messages inside of it. Pure; linear.

What is damaged ends the reading; what was read before is kept.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.inbound.charsets import decode
from gateway.inbound.rtf import LARGEST, decompress, read_rtf
from gateway.inbound.tnef_properties import OBJECT, UNICODE, Property, properties

MOST_ATTRIBUTES = 20_000
DEEPEST = 3

_SIGNATURE = struct.pack("<I", 0x223E9F78)
_OF_ATTACHMENT = 2
_BODY, _MESSAGE, _CODEPAGE = 0x800C, 0x9003, 0x9007
_BEGINS, _TITLE, _DATA, _FILE = 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _RICH, _HTML, _INTERNET_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_OBJECT, _NAME, _LONG_NAME, _DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_WINDOWS_1252 = 1252
# An object begins with the interface that reads it; this one is a message.
_INTERFACE = bytes.fromhex("c000000000000046")
_IS_MESSAGE = struct.pack("<IHH", 0x00020307, 0, 0) + _INTERFACE


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a TNEF part holds: files as (name, bytes), those of messages inside of it too, and the body."""

    files: tuple[tuple[str, bytes], ...] = ()
    text: str = ""
    html: str = ""


@dataclass(slots=True)
class _File:
    names: dict[int, str] = field(default_factory=dict)
    data: bytes = b""
    message: bytes = b""

    @property
    def name(self) -> str:
        """The long name, the short one, the title, what it is called in the message: the first that is there."""
        return next((found for one in (_LONG_NAME, _NAME, _TITLE, _DISPLAY_NAME) if (found := self.names.get(one))), "")


@dataclass(slots=True)
class _Budget:
    """How much rich text may still be unpacked: a byte can become nine."""

    rich: int = LARGEST


def unpack(data: bytes) -> Unpacked | None:
    """The contents, or None when it is no TNEF."""
    return _read(data, DEEPEST, _Budget()) if data.startswith(_SIGNATURE) else None


def _read(data: bytes, depth: int, budget: _Budget) -> Unpacked:
    codepage = _WINDOWS_1252
    text = html = ""
    rich = b""
    files: list[_File] = []
    for level, name, value in _attributes(memoryview(data)):
        if level == _OF_ATTACHMENT:
            if name == _BEGINS or not files:
                files.append(_File())
            _note(files[-1], name, value, codepage)
        elif name == _CODEPAGE:
            codepage = int.from_bytes(value[:4], "little")
        elif name == _BODY:
            text = _decoded(bytes(value), codepage)
        elif name == _MESSAGE:
            found = {one.name: one for one in properties(value)}
            internet = int.from_bytes(found[_INTERNET_CODEPAGE].value, "little") if _INTERNET_CODEPAGE in found else 0
            text = _string(found.get(_TEXT), codepage) or text
            html = _string(found.get(_HTML), internet or codepage)
            rich = found[_RICH].value if _RICH in found else b""
    if not text.strip() and not html.strip() and rich:
        document = decompress(rich, most=budget.rich)
        budget.rich -= len(document)
        found_rich = read_rtf(document)
        text, html = ("", found_rich.text) if found_rich.html else (found_rich.text, "")
    return Unpacked(tuple(_unpacked(files, depth, budget)), text, html)


def _unpacked(files: list[_File], depth: int, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    for file in files:
        if file.message and depth:
            inner = _read(file.message, depth - 1, budget)
            yield from inner.files
            if body := inner.html or inner.text:
                yield f"{file.name or 'message'}.{'html' if inner.html else 'txt'}", body.encode()
        elif content := file.message or file.data:
            yield file.name, content


def _attributes(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Level, name and value of each; checksums are not looked at."""
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + 9 > len(data):
            return
        level, name, _type, length = struct.unpack_from("<BHHI", data, at)
        yield level, name, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _note(file: _File, name: int, value: memoryview, codepage: int) -> None:
    """What an attribute says of the attachment that it belongs to."""
    if name == _TITLE:
        file.names[_TITLE] = _decoded(bytes(value), codepage)
    elif name == _DATA:
        file.data = bytes(value)
    elif name == _FILE:
        for one in properties(value):
            if one.name in (_NAME, _LONG_NAME, _DISPLAY_NAME):
                file.names[one.name] = _string(one, codepage)
            elif one.name == _OBJECT and one.value.startswith(_IS_MESSAGE + _SIGNATURE):
                file.message = one.value[len(_IS_MESSAGE) :]
            elif one.name == _OBJECT:
                interface = one.type == OBJECT and one.value[8:16] == _INTERFACE
                file.data = one.value[16:] if interface else one.value


def _string(found: Property | None, codepage: int) -> str:
    if found is None:
        return ""
    if found.type == UNICODE:
        return _decoded(found.value, 1200)
    return _decoded(found.value, codepage)


def _decoded(value: bytes, codepage: int) -> str:
    """The text up to the NUL that ends it."""
    if codepage == 1200:
        return decode(value[: len(value) & ~1], "utf-16-le")[0].partition("\ufffd")[0]
    names = {65001: "utf-8", 20127: "us-ascii", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp"}
    name = names.get(codepage) or (f"iso-8859-{codepage - 28590}" if 28591 <= codepage <= 28605 else f"cp{codepage}")
    return decode(value.partition(b"\0")[0], name)[0]
