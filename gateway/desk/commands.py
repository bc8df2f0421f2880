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

    A Markdown heading (`# Title`) and a ticket's number (`#123`) are none. Doubt means yes: a command that was taken
    for an answer would be shown to the customer.
    """
    for line in text.splitlines():
        shown = _seen(line)
        if shown:
            return shown[0] in _HASHES and shown[1:2].isalpha()
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
        seen = _seen(raw)
        if not seen:
            continue
        if seen[0] not in _HASHES or not seen[1:2].isalpha():
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
        return Misread(0, stray, _NOT_AT_THE_TOP)
    return Commands(tuple(found), "\n".join(rest).strip())


def _stray(lines: list[str]) -> str | None:
    """A line that begins as a command, by a word that there is, in a place where none is read."""
    for raw in lines:
        seen = _seen(raw)[:_SHOWN]
        match = _BEGINS.match(unicodedata.normalize("NFKC", seen)) if seen[:1] in _HASHES else None
        if match is not None and command_named(match["word"].rstrip("-_")) is not None:
            return seen
    return None


def _seen(line: str) -> str:
    """A line as it looks: without what cannot be seen, and with any white space as a space."""
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in line).strip()


def _unknown(word: str) -> Labels:
    near = nearest(word, known_words())
    hint = {} if near is None else {name: words.format(near=near) for name, words in _NEAR.items()}
    return {name: f"{words} {hint.get(name, '')}".strip() for name, words in _UNKNOWN.items()}


_SHOWN = 200
_LONGEST_LINE = 2 * LONGEST_VALUE
_HASHES = ("#", "＃", "﹟")
_LINE = re.compile(r"#(?P<word>[^\W\d_][\w-]{0,40}):?(?: +(?P<value>.*))?")
_QUOTED = re.compile(r"[\"“«'‘](?P<inner>[^\"“”«»'‘’]*)[\"”»'’]")
_BEGINS = re.compile(r"#(?P<word>[^\W\d_][\w-]{0,40})")

_UNREADABLE = {
    "es": "No se entiende: escriba el signo # al comienzo de la línea, la palabra y un espacio.",
    "en": "It cannot be read: write the sign # first on the line, then the word and a space.",
    "pt": "Não se entende: escreva o sinal # no começo da linha, a palavra e um espaço.",
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
    "es": "Los comandos van al comienzo del correo, antes del texto. No se envió nada.",
    "en": "Commands go at the very top of the mail, before the text. Nothing was sent.",
    "pt": "Os comandos vão no começo do e-mail, antes do texto. Nada foi enviado.",
}
