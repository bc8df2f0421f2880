"""The commands at the top of a mail from somebody of the desk, read: `#word value`, one a line. Pure.

Read is what stands at the very top of what is new in the plain text, and nothing else: no subject, no quote, no HTML,
no attachment, no header. What is not understood makes all of it refused, never half of it done.
"""

import re
import unicodedata
from dataclasses import dataclass

from gateway.desk.command_words import Command, command_named, known_words
from gateway.desk.words import Labels, nearest

MOST_LINES = 40
LONGEST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One command as it was written: `number` counts the lines with anything in them, from 1."""

    number: int
    written: str
    command: Command
    value: str


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a mail, and the text below them."""

    lines: tuple[Line, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Misread:
    """The first line that cannot be understood or done, and why. Number 0: it is about the whole mail."""

    number: int
    written: str
    why: Labels


def looks_like_command(text: str) -> bool:
    """Whether the first line with anything in it begins with `#word`: such a mail is meant for the desk alone.

    A Markdown heading (`# Title`) and a ticket's number (`#123`) are none. Doubt means yes, as for `# note`: a command
    that was taken for an answer would be shown to the customer.
    """
    for line in text.splitlines():
        shown = as_seen(line)
        if shown:
            return _begins(shown) or _with_a_gap(shown)
    return False


def holds_commands(text: str) -> bool:
    """Whether a mail has commands at its top, or lower down, where they are none but were meant to be."""
    return looks_like_command(text) or _stray(text.splitlines()) is not None


def read(text: str) -> Commands | Misread:
    """The commands at the top of `text`, which is without quotes; Misread for the first line that is not understood."""
    lines = text.splitlines()
    found: list[Line] = []
    number = 0
    below = len(lines)
    for place, raw in enumerate(lines):
        seen = as_seen(raw)
        if not seen:
            continue
        if not _begins(seen):
            below = place
            break
        number += 1
        written = seen[:_SHOWN]
        if number > MOST_LINES or len(seen) > _LONGEST_LINE:
            return Misread(number, written, _TOO_MUCH)
        match = _LINE.fullmatch(unicodedata.normalize("NFC", seen))
        if match is None:
            return Misread(number, written, _UNREADABLE)
        command = command_named(match["word"])
        if command is None:
            return Misread(number, written, _unknown(match["word"]))
        value = (match["value"] or "").strip()
        if len(value) > LONGEST_VALUE:
            return Misread(number, written, _TOO_MUCH)
        quoted = _QUOTED.fullmatch(value)
        found.append(Line(number, written, command, quoted["inner"].strip() if quoted else value))
    rest = lines[below:]
    stray = _stray(rest)
    if stray is not None:
        return Misread(0, stray, _NOT_AT_THE_TOP if _begins(stray) else _UNREADABLE)
    return Commands(tuple(found), "\n".join(rest).strip())


def as_seen(line: str) -> str:
    """A line as it looks: without what cannot be seen, with any white space as a space, and not in bold.

    Programs write `*#nota*` for what their writer made bold, or copied from a letter of ours; `* #nota` is an item.
    """
    seen = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in line).strip()
    bold = _BOLD.match(seen) if seen[:1] in _EMPHASIS else None
    return seen if bold is None else bold["inner"] + seen[bold.end() :]


def _stray(lines: list[str]) -> str | None:
    """A line that begins as a command, by a word that there is, in a place or behind a mark where none is read."""
    for raw in lines:
        seen = as_seen(raw)[:_SHOWN]
        bare = seen.lstrip(_MARKS)
        if bare[:1] in _HASHES and (_known(bare) or _with_a_gap(bare)):
            return seen
    return None


def _begins(seen: str) -> bool:
    return seen[0] in _HASHES and seen[1:2].isalpha()


def _with_a_gap(seen: str) -> bool:
    """`# asignar Rosa`: telephones put a space there, and whoever wrote it meant the desk."""
    return seen[0] in _HASHES and seen[1:2] == " " and _known(f"#{seen[1:].lstrip()}")


def _known(bare: str) -> bool:
    match = _BEGINS.match(unicodedata.normalize("NFKC", bare))
    return match is not None and command_named(match["word"].rstrip("-_")) is not None


def _unknown(word: str) -> Labels:
    near = nearest(word, known_words())
    hint = {} if near is None else {name: words.format(near=near) for name, words in _NEAR.items()}
    return {name: f"{words} {hint.get(name, '')}".strip() for name, words in _UNKNOWN.items()}


_SHOWN = 200
_LONGEST_LINE = 2 * LONGEST_VALUE
_HASHES = ("#", "＃", "﹟")
_EMPHASIS = ("*", "_")
_BOLD = re.compile(r"(?P<mark>\*{1,3}|_{1,3})(?P<inner>[#＃﹟].*?)(?P=mark)(?!\w)")
_MARKS = "*_-–—•·◦▪ "
"""Of a list, or of bold that ends in another line."""
_LINE = re.compile(r"#(?P<word>[^\W\d_][\w-]{0,40}):?(?: +(?P<value>.*))?")
_QUOTED = re.compile(r"[\"“«'‘](?P<inner>[^\"“”«»'‘’]*)[\"”»'’]")
_BEGINS = re.compile(r"#(?P<word>[^\W\d_][\w-]{0,40})")

_UNREADABLE = {
    "es": "No se entiende: escriba el signo # al comienzo de la línea, la palabra pegada a él, y un espacio.",
    "en": "It cannot be read: write the sign # first on the line, the word right behind it, and a space.",
    "pt": "Não se entende: escreva o sinal # no começo da linha, a palavra junto dele, e um espaço.",
}
_UNKNOWN = {
    "es": "No hay tal comando.",
    "en": "There is no such command.",
    "pt": "Não há tal comando.",
}
_NEAR = {
    "es": "¿Quiso decir #{near}?",
    "en": "Did you mean #{near}?",
    "pt": "Quis dizer #{near}?",
}
_TOO_MUCH = {
    "es": "Son demasiados comandos, o la línea es demasiado larga.",
    "en": "There are too many commands, or the line is too long.",
    "pt": "São comandos demais, ou a linha é longa demais.",
}
_NOT_AT_THE_TOP = {
    "es": "Los comandos van al comienzo del correo, antes del texto y de lo que usted cita. No se envió nada.",
    "en": "Commands go at the very top of the mail, before the text and what you quote. Nothing was sent.",
    "pt": "Os comandos vão no começo do e-mail, antes do texto e do que você cita. Nada foi enviado.",
}
