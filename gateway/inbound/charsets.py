"""Bytes to text, whatever the mail says about its charset; never raises. Pure."""

import codecs
import re

MOST_ESCAPES = 200_000
REPLACEMENT = "\ufffd"

# What senders call a charset and what their bytes are in (RULES 1): the name they use is the older, smaller one.
_REALLY = {
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "euccn": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "ksc56011989": "cp949",
    "euckr": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "big5": "big5hkscs",
    "iso88598i": "iso-8859-8",
    "iso88598e": "iso-8859-8",
    "windows874": "cp874",
    "tis620": "cp874",
    "utf8mb4": "utf-8",
    "unicode11utf7": "utf-7",
    "unicode11utf8": "utf-8",
    "unicode": "utf-16",
}
_UNDECLARED = frozenset({"", "ascii", "usascii", "iso88591", "latin1", "l1", "iso646us", "ansix3.41968", "unknown8bit"})
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "rot13", "mbcs", "oem"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")
_SURROGATES_AND_NUL = re.compile("[\ud800-\udfff\x00]")
_ISO_2022 = re.compile(rb"\x1b[$(]")
_ESCAPE = re.compile(rb"\x1b(\$\([A-D]|\$[@AB]|\([BJIH])")


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """Text of `data`, and whether characters had to be replaced.

    Declared as us-ascii or iso-8859-1, or not at all: valid UTF-8, then windows-1252. Otherwise as declared, then
    UTF-8, then windows-1252. Last comes replacement. The text has no NUL and no lone surrogate.
    """
    label = re.sub(r"[\s_-]", "", declared.lower())
    if label.startswith(("iso2022jp", "csiso2022jp")) or (label in _UNDECLARED and _ISO_2022.search(data)):
        # Escape sequences are valid ASCII, so UTF-8 would take them and show their bytes.
        if b"\x1b" in data or data.isascii():
            return _iso_2022_jp(data)
        # Without any, the name is wrong: Japanese, in one of the charsets that need none.
        tried = ["utf-8", "euc_jp", "cp932"]
    else:
        tried = [] if label in _UNDECLARED else [name for name in [_codec(label, declared)] if name]
    for name in [*tried, "utf-8", "cp1252"]:
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
        return _cleaned(text.removeprefix("\ufeff"))
    last = tried[0] if tried else "cp1252"
    try:
        return clean_text(data.decode(last, "replace")), True
    except (UnicodeError, LookupError, ValueError):
        return clean_text(data.decode("cp1252", "replace")), True


def clean_text(text: str) -> str:
    """The text with NUL and lone surrogates replaced: what PostgreSQL and UTF-8 refuse."""
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _SURROGATES_AND_NUL.sub(REPLACEMENT, text)


def _cleaned(text: str) -> tuple[str, bool]:
    clean = clean_text(text)
    return clean, clean is not text and clean != text


def _codec(label: str, declared: str) -> str:
    """The codec's name, or the empty string for one that is unknown or does not make text of bytes."""
    name = _REALLY.get(label, declared.strip())
    if not _NAME.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name).name
        b"".decode(name)
    except (LookupError, UnicodeError, ValueError, ImportError):
        return ""
    return "" if found.replace("-", "_") in _REFUSED else found


def _iso_2022_jp(data: bytes) -> tuple[str, bool]:
    """ISO-2022-JP as Microsoft writes it: NEC and IBM characters, half-width katakana (RFC 1468, code page 50220).

    Each two-byte run is moved to Shift_JIS positions, where code page 932 knows those characters.
    """
    if data.count(b"\x1b") > MOST_ESCAPES:
        return clean_text(data.decode("iso2022_jp_ext", "replace")), True
    pieces = _ESCAPE.split(data)
    out: list[str] = []
    replaced = False
    for escape, run in zip(["(B", *(piece.decode("ascii") for piece in pieces[1::2])], pieces[::2], strict=True):
        text, bad = _iso_2022_run(escape, run)
        out.append(text)
        replaced |= bad
    text, unclean = _cleaned("".join(out))
    return text, replaced or unclean


def _iso_2022_run(escape: str, run: bytes) -> tuple[str, bool]:
    if escape in ("$@", "$B"):
        # A line end inside a two-byte run means that the sender forgot to switch back.
        kanji, newline, rest = run.partition(b"\n")
        text, bad = _strictly(_jis_to_shift_jis(kanji), "cp932")
        return text + (newline + rest).decode("ascii", "replace"), bad
    if escape == "(I":
        return _strictly(bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in run), "cp932")
    if escape in ("$A", "$(C", "$(D"):
        return _strictly(b"\x1b" + escape.encode("ascii") + run, "iso2022_jp_2")
    if any(byte & 0x80 for byte in run):
        return _strictly(run, "cp932")
    return _strictly(run, "ascii")


def _jis_to_shift_jis(run: bytes) -> bytes:
    out = bytearray()
    position = 0
    while position < len(run):
        pair = run[position : position + 2]
        if len(pair) < 2 or not (0x21 <= pair[0] <= 0x7E and 0x21 <= pair[1] <= 0x7E):
            out.append(run[position])
            position += 1
            continue
        row, cell = pair
        out.append((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0))
        out.append(cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E)
        position += 2
    return bytes(out)


def _strictly(data: bytes, codec: str) -> tuple[str, bool]:
    try:
        return data.decode(codec), False
    except UnicodeError:
        return data.decode(codec, "replace"), True
