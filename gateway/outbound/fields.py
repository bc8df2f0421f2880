"""Header fields as they go over the wire: encoded words, mailboxes, folding (RFC 5322, 2047, 6532). Pure."""

import re
from email import quoprimime
from functools import lru_cache

from gateway.outbound.wording import one_line

_WORD_LENGTH = 64  # RFC 2047, 2 allows 75, but 76 for the line, which begins with the field's name.
_PREFERRED = 76
_NEEDS_WORDS = re.compile(r"[^\x20-\x7e]|=\?")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Dots may stand anywhere in the local part: such addresses exist, whatever RFC 5322, 3.4.1 says.
_ADDR_SPEC = re.compile(
    r"""(?:[^\s"(),:;<>@\[\]\\\x00-\x1f\x7f-\x9f]{1,64}|"(?:[^"\\\x00-\x1f\x7f-\x9f]|\\[ -~]){1,64}")"""
    r"""@(?:[^\s"(),:;<>@\[\]\\\x00-\x1f\x7f-\x9f]+|\[[0-9A-Za-z.:]+\])"""
)
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f-\U0010ffff]{1,250}>")


def text(value: str) -> str:
    """An unstructured value (Subject) in ASCII, with encoded words where it needs them."""
    clean = one_line(value, 400)
    return _encoded(clean) if _NEEDS_WORDS.search(clean) else clean


@lru_cache(maxsize=1024)
def mailbox(address: str, name: str = "") -> str:
    """`Name <address>` with the name quoted or encoded as needed. Raises ValueError for what is no address."""
    checked_address(address)
    clean = one_line(name, 100)
    if not clean:
        return address
    if _NEEDS_WORDS.search(clean):
        return f"{_encoded(clean)} <{address}>"
    if _ATOMS.fullmatch(clean):
        return f"{clean} <{address}>"
    quoted = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def checked_address(address: str) -> None:
    """ValueError unless `address` is one addr-spec that can stand in a header and an SMTP command as it is."""
    if not usable(address):
        raise ValueError(f"not an address that mail can go to: {address!r}")


def usable(address: str) -> bool:
    """Whether `checked_address` takes it."""
    return len(address) <= 320 and _ADDR_SPEC.fullmatch(address) is not None


def folded(name: str, value: str) -> bytes:
    """The field with CRLF, folded at spaces so that lines keep to 76 characters where they can.

    UTF-8 stays only where an address has it (RFC 6532).
    """
    first, *words = value.split(" ")
    lines: list[str] = []
    line = f"{name}: {first}"
    for word in words:
        if len(line) + 1 + len(word) > _PREFERRED:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line, ""]).encode()


def _encoded(clean: str) -> str:
    """Encoded words in Q, each of whole characters, divided by spaces, which readers take out again (RFC 2047, 6.2)."""
    room = _WORD_LENGTH - len("=?utf-8?q??=")
    words: list[str] = []
    piece = bytearray()
    used = 0
    for character in clean:
        octets = character.encode("utf-8", "replace")
        length = quoprimime.header_length(octets)
        if used + length > room:
            words.append(quoprimime.header_encode(bytes(piece), "utf-8"))
            piece.clear()
            used = 0
        piece += octets
        used += length
    words.append(quoprimime.header_encode(bytes(piece), "utf-8"))
    return " ".join(words)
