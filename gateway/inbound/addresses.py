"""Mailboxes of address fields, and the one sender of a mail or why there is none for sure (RULES 3). Pure."""

import re
from dataclasses import dataclass, field
from email.utils import getaddresses

from gateway.inbound.charsets import clean_text
from gateway.inbound.headers import decode_words
from gateway.inbound.mail import Mailbox, Unidentified
from gateway.settings_domains import a_label

LONGEST_FROM = 4096
DEEPEST_COMMENT = 8

_ATOM = r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,.\"]+"
_LOCAL = rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+")'
_ADDRESS = re.compile(rf"({_LOCAL})@({_ATOM}(?:\.{_ATOM})*|\[[0-9A-Za-z.:-]+\])")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class _Item:
    """One member of an address list: what stands outside of angle brackets and comments, and what inside."""

    words: str = ""
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    items: list[_Item]
    groups: bool
    problem: str = ""


def normalise(address: str) -> str:
    """The address with its local part case-folded and its domain as an A-label; the empty string when it is none."""
    match = _ADDRESS.fullmatch(address.strip())
    if not match or len(address) > 320 or "=?" in address:
        return ""
    local, domain = match.groups()
    label = a_label(domain)
    return f"{clean_text(local).casefold()}@{label}" if label else ""


def mailboxes(values: list[str]) -> tuple[Mailbox, ...]:
    """Every mailbox of these raw address fields, group members too, in order and each address once."""
    found: dict[str, Mailbox] = {}
    for value in values:
        for item in _split(value).items:
            address, name = _mailbox(item)
            if address:
                found.setdefault(address, Mailbox(address, name))
    return tuple(found.values())


def sender(values: list[str], second_opinion: list[str], *, known_charset: bool = True) -> Mailbox | Unidentified:
    """The one address of the one From, or why it is not sure.

    values: the raw From fields, unfolded, as text. second_opinion: the addresses that another parser reads from the
    first of them. known_charset: whether the field's 8-bit bytes were UTF-8.
    """
    if len(values) != 1:
        return Unidentified("several From fields" if values else "no From field")
    value = values[0]
    if not value.strip():
        return Unidentified("empty From")
    if len(value) > LONGEST_FROM:
        return Unidentified("From too long")
    if _CONTROL.search(value):
        return Unidentified("control characters in From")
    parts = _split(value)
    problem = parts.problem or ("a group in From" if parts.groups else "")
    if problem:
        return Unidentified(problem)
    real = [item for item in parts.items if item.angles or "@" in _unquoted(item.words)]
    if len(real) != 1:
        return Unidentified("several mailboxes in From" if real else _no_address(value))
    return _one_sender(value, parts.items, real[0], second_opinion, known_charset)


def _one_sender(
    value: str, items: list[_Item], item: _Item, second_opinion: list[str], known_charset: bool
) -> Mailbox | Unidentified:
    written = item.angles[0] if item.angles else item.words
    address, _ = _mailbox(item)
    if not address:
        return Unidentified("encoded words in an address" if "=?" in written else "no valid address in From")
    if not written.isascii() and not known_charset:
        return Unidentified("an address in an unknown charset")
    beside = [*item.comments, *([_unquoted(item.words)] if item.angles else [])]
    for text in beside:
        if "@" in text and normalise(text.strip(" \t'\"<>")) != address:
            return Unidentified("another address hidden in a name or comment")
    if {found for found in map(normalise, second_opinion) if found} != {address}:
        return Unidentified("parsers disagree about From")
    if {found for found in map(normalise, _standard_library(value)) if found} != {address}:
        return Unidentified("parsers disagree about From")
    fragments = [fragment.words for fragment in items if fragment is not item and fragment.words.strip()]
    own_name = item.words if item.angles else " ".join(item.comments)
    return Mailbox(address, _name(", ".join([*fragments, own_name] if own_name.strip() else fragments)))


def _no_address(value: str) -> str:
    return "encoded words in an address" if "=?" in value else "no address in From"


def _standard_library(value: str) -> list[str]:
    try:
        return [address for _, address in getaddresses([value])]
    except Exception:
        return []


def _mailbox(item: _Item) -> tuple[str, str]:
    """Address and name of one member; both empty when it names no mailbox for sure."""
    if len(item.angles) > 1:
        return "", ""
    if item.angles:
        # An obsolete route (RFC 5322, 4.4) says nothing about who it is.
        address = item.angles[0].rpartition(":")[2] if item.angles[0].startswith("@") else item.angles[0]
        return normalise(address), _name(item.words)
    return normalise(item.words), _name(" ".join(item.comments))


def _name(words: str) -> str:
    text = words.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    text = decode_words(text)
    return " ".join(_CONTROL.sub(" ", clean_text(text)).replace('"', "").split())[:256]


def _unquoted(words: str) -> str:
    """The words without their quoted strings: there an @ is only a letter, unless the quoted string is a local part."""
    return re.sub(r'"(?:[^"\\]|\\.)*+"(?!\s*@)', " ", words)


def _split(value: str) -> _List:
    """Members of an address list, in one pass: commas and semicolons part them outside of quotes, comments, angles."""
    result = _List([], groups=False)
    item = _Item()
    buffer: list[str] = []
    angle: list[str] | None = None
    comment: list[str] = []
    depth, quoted, escaped, literal = 0, False, False, False
    for char in value:
        target = comment if depth else (angle if angle is not None else buffer)
        if escaped:
            target.append(char)
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
            if quoted:
                target.append(char)
        elif quoted:
            target.append(char)
            quoted = char != '"'
        elif depth:
            depth += (char == "(") - (char == ")")
            if depth > DEEPEST_COMMENT:
                result.problem = "comments nested too deeply"
                return result
            if depth:
                comment.append(char)
            else:
                item.comments.append("".join(comment))
                comment = []
        elif char == '"':
            target.append(char)
            quoted = True
        elif char == "(":
            depth = 1
        elif char == "<" and angle is None:
            angle = []
        elif char == ">" and angle is not None:
            item.angles.append("".join(angle).strip())
            angle = None
        elif angle is not None:
            angle.append(char)
        elif char in "[]":
            literal = char == "["
            target.append(char)
        elif char == ":" and not literal:
            result.groups = True
            buffer = []
        elif char in ",;":
            result.items.append(_closed(item, buffer))
            item, buffer = _Item(), []
        else:
            target.append(char)
    if depth or quoted or angle is not None:
        result.problem = "a bracket or quote is not closed in From"
    if angle:
        item.angles.append("".join(angle).strip())
    result.items.append(_closed(item, buffer))
    return result


def _closed(item: _Item, buffer: list[str]) -> _Item:
    item.words = "".join(buffer).strip()
    return item
