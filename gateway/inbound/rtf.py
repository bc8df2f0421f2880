"""Rich text as Outlook puts it into winmail.dat: unpacked (MS-OXRTFCP), then read (MS-OXRTFEX). Pure; linear."""

import re
import struct
from dataclasses import dataclass, field, replace

from gateway.inbound.charsets import clean_text, decode

LARGEST = 2 * 1024 * 1024

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]++|([^\\{}\r\n]++)|(\\)"
)
_SPACES = {b"par": b"\n", b"line": b"\n", b"sect": b"\n", b"page": b"\n", b"row": b"\n", b"tab": b"\t", b"cell": b"\t"}
_MARKS = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}
# Groups whose text is not of the document.
_ASIDE = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf"
    b" fldinst datafield listtable listoverridetable generator themedata colorschememapping latentstyles".split()
)


@dataclass(frozen=True, slots=True)
class RichText:
    """`text` is HTML when the rich text was made of HTML, else plain text."""

    text: str
    html: bool = False


@dataclass(slots=True)
class _Group:
    """What a group of the rich text inherits from the one around it."""

    aside: bool = False
    tag: bool = False
    skip: int = 1


def decompress(data: bytes, most: int = LARGEST) -> bytes:
    """The rich text in a PidTagRtfCompressed, as far as it can be read; checksums are not looked at."""
    if len(data) < 16:
        return b""
    kind, packed = data[8:12], data[16:]
    if kind != b"LZFu":
        return packed[: struct.unpack_from("<I", data, 4)[0]] if kind == b"MELA" else b""
    window = bytearray(_DICTIONARY.ljust(_WINDOW))
    write, at, out = len(_DICTIONARY), 0, bytearray()
    while at < len(packed) and len(out) < most:
        control, at = packed[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                piece = packed[at : at + 1]
                at += 1
            else:
                if at + 2 > len(packed):
                    return bytes(out)
                reference, at = packed[at] << 8 | packed[at + 1], at + 2
                read, length = reference >> 4, (reference & 15) + 2
                if read == write:
                    return bytes(out)
                piece = b""
                for step in range(length):
                    byte = window[(read + step) % _WINDOW]
                    window[(write + step) % _WINDOW] = byte
                    out.append(byte)
                write = (write + length) % _WINDOW
            for byte in piece:
                window[write] = byte
                out.append(byte)
                write = (write + 1) % _WINDOW
    return bytes(out)


def read_rtf(data: bytes) -> RichText:
    """The text of a rich text document, or the HTML that it was made of."""
    data = data[:LARGEST]
    reader = _Reader(html=b"\\fromhtml" in data[:400], codepage=_codepage(data))
    at = 0
    while at < len(data) and (match := _TOKEN.match(data, at)):
        at = match.end()
        word, number, code, symbol, brace, plain, _ = match.groups()
        if brace:
            reader.group(opens=brace == b"{")
        elif word == b"bin":
            at += max(0, int(number or 0))
        elif word:
            reader.control(word, None if number is None else int(number))
        elif symbol == b"*":
            reader.starred = True
        else:
            reader.characters(plain or _symbol(symbol) or (bytes.fromhex(code.decode()) if code else b""))
    return RichText(reader.text(), reader.html)


@dataclass(slots=True)
class _Reader:
    """What is known at a place of the document, and what was read up to there.

    starred: the next word begins a group that may be passed over. hidden: between \\htmlrtf and \\htmlrtf0.
    pending: how many characters are only for readers that do not know the \\u before them.
    """

    html: bool
    codepage: str
    out: list[str] = field(default_factory=list)
    run: bytearray = field(default_factory=bytearray)
    groups: list[_Group] = field(default_factory=list)
    now: _Group = field(default_factory=_Group)
    hidden: bool = False
    starred: bool = False
    pending: int = 0

    def group(self, *, opens: bool) -> None:
        self.pending = 0
        if opens:
            self.groups.append(self.now)
            self.now = replace(self.now)
            self.starred = False
        elif self.groups:
            self.now = self.groups.pop()

    def control(self, word: bytes, number: int | None) -> None:
        if word == b"htmlrtf":
            self.hidden = self.html and number != 0
        elif word == b"htmltag":
            self.now.tag, self.starred = True, False
        elif word == b"uc":
            self.now.skip = max(0, min(1 if number is None else number, 9))
        elif word in _ASIDE or self.starred:
            self.now.aside, self.starred = True, False
        elif not self._shown():
            return
        elif word == b"u" and number is not None:
            self._add(chr(number % 0x10000))
            self.pending = self.now.skip
        elif word in _MARKS:
            self._add(_MARKS[word])
        else:
            self.run += _SPACES.get(word, b"")

    def characters(self, piece: bytes) -> None:
        if self._shown():
            self.run += piece[self.pending :]
            self.pending = max(0, self.pending - len(piece))

    def text(self) -> str:
        self._add("")
        # Characters beyond the first plane come as two \\u, one for each surrogate.
        whole = "".join(self.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return clean_text(whole.replace("\0", "")).strip()

    def _shown(self) -> bool:
        return not (self.now.aside or self.hidden or (self.now.tag and not self.html))

    def _add(self, text: str) -> None:
        """Text behind the bytes that were read so far; those are decoded together, for charsets of several bytes."""
        if self.run:
            self.out.append(decode(bytes(self.run).replace(b"\0", b""), self.codepage)[0])
            self.run.clear()
        self.out.append(text)


def _codepage(data: bytes) -> str:
    match = re.search(rb"\\ansicpg([0-9]{3,5})", data[:4096])
    return f"cp{match.group(1).decode()}" if match else "cp1252"


def _symbol(symbol: bytes | None) -> bytes:
    if symbol is None:
        return b""
    return {b"~": b" ", b"_": b"-", b"-": b"", b"\n": b"\n", b"\r": b"\n"}.get(symbol, symbol)
