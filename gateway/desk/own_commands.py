"""What a customer asks of the desk itself in one clear line: how their requests are, fewer letters, one more address.

A participant's wish to be left out is read in the same way.

Understood only when nothing else is said: a fixed phrase in one language, with greetings and thanks around it.
Whatever has one more word is a mail that somebody has to read. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.desk import own_command_words as table
from gateway.desk.folding import words_of
from gateway.desk.thanks import body_lines, name


class Wish(StrEnum):
    STATE = "state of my requests"
    STOP = "stop the notices"
    START = "send notices again"
    JOIN = "join my address"


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """`bare` is one word, which can also be somebody's answer to a question. `address` is the one to join.

    `language` is that of the words, empty when they are words of several.
    """

    wish: Wish
    language: str = ""
    bare: bool = False
    address: str = ""


def own_command(text: str) -> OwnCommand | None:
    """What `text`, already without quotes, asks for and nothing else; None when it may say more."""
    return next((found for line in _readings(text) if (found := _in_one_line(line)) is not None), None)


def leaves(text: str) -> bool:
    """Whether a participant asks to be left out of a request, and for nothing else."""
    return any(
        _ONLY.fullmatch(line) and not _ASKS.search(line) and phrase.fullmatch(_words(line))
        for line in _readings(text)
        for phrase in _LEAVING.values()
    )


def of_new_mail(subject: str, text: str) -> OwnCommand | None:
    """The same of a mail that answers nothing: one of subject and text says it, and the other says nothing."""
    subject = _MARKS.sub("", subject)
    said = own_command(text)
    # A subject asks for the same without the address that stands below.
    titled = own_command(subject) or (own_command(f"{subject} {said.address}") if said and said.address else None)
    if said is not None:
        same = titled is not None and (titled.wish, titled.address) == (said.wish, said.address)
        return said if same or _says_nothing(subject) else None
    return titled if _says_nothing(text) else None


def _readings(text: str) -> Iterator[str]:
    """All of it as one line, and the same without a name below; nothing of a long text."""
    lines = [line for line in body_lines(text) if line.strip()] if len(text) <= _LONGEST else []
    if lines:
        yield unicodedata.normalize("NFKC", " ".join(lines))
    if len(lines) > 1 and name(lines[-1]):
        yield unicodedata.normalize("NFKC", " ".join(lines[:-1]))


def _in_one_line(line: str) -> OwnCommand | None:
    line, address = _without_address(line)
    if not _ONLY.fullmatch(line):
        return None
    words = _words(line)
    for wish, languages in _PHRASES.items():
        # A question about anything but the state is no order.
        if (wish is Wish.JOIN) != bool(address) or (wish is not Wish.STATE and _ASKS.search(line)):
            continue
        said = {language: found["said"] for language, phrase in languages.items() if (found := phrase.fullmatch(words))}
        if said:
            language = next(iter(said)) if len(said) == 1 else ""
            return OwnCommand(wish, language, " " not in next(iter(said.values())).strip(), address)
    return None


def _without_address(line: str) -> tuple[str, str]:
    """The line with a word in place of its one address, and that address; many mail programs write it twice."""
    addresses = {found.lower() for found in _MAILBOX.findall(line)}
    if len(addresses) != 1:
        return line, ""
    return _WRITTEN.sub(f" {table.ADDRESS} ", _MAILBOX.sub(table.ADDRESS, line)), addresses.pop()


def _says_nothing(text: str) -> bool:
    """Whether there is nothing but politeness in it, or what says nothing of its own."""
    if len(text) > _LONGEST:
        return False
    words = _words(" ".join(line for line in body_lines(text) if line.strip()))
    return any(only.fullmatch(words) for only in _NOTHING)


def _words(line: str) -> str:
    """Its words, folded, each with a space after it."""
    return "".join(f"{word} " for word in words_of(line))


def _pattern(line: str, lists: Mapping[str, str]) -> str:
    """A phrase of the tables as a regular expression over words that have a space after each."""
    pieces: list[str] = []
    for piece in line.split():
        bare = piece.strip("[]")
        words = "|".join(f"{word} " for word in lists.get(bare, bare).replace("_", " ").split("|"))
        pieces.append(f"(?:{words}){'?' if piece.startswith('[') else ''}")
    return "".join(pieces)


def _phrases(phrases: str, language: str) -> re.Pattern[str]:
    said = "|".join(_pattern(line, table.LISTS[language]) for line in phrases.strip().splitlines())
    return re.compile(f"{_polite(language)}(?P<said>{said}){_polite(language)}")


def _polite(language: str) -> str:
    # The longest first, because what has been taken is not given back.
    words = sorted("|".join(table.POLITE[language].split()).split("|"), key=len, reverse=True)
    return f"{_pattern('|'.join(words), {})}*+"


_LONGEST = 400
_MAILBOX = re.compile(r"""[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,190}[^\s<>"'(),;:@.!]""")
_WRITTEN = re.compile(rf":?\s*<?(?:mailto:)?{table.ADDRESS}>?(?:\s*<(?:mailto:)?{table.ADDRESS}>)?")
# Letters and the marks of a sentence: a colon, a number, or a `#` says that it is something else.
_ONLY = re.compile(r"""(?:[^\W\d_]|[\s.,;!?¿¡"'’‘“”«»()\-–—])*""")
_ASKS = re.compile("[?¿]")
_MARKS = re.compile(r"^(?:\s*(?:re|rv|fw|fwd|res|enc)\s*:|\s*\[#\d{1,12}\])+\s*", re.IGNORECASE)

_PHRASES = {
    wish: {language: _phrases(phrases, language) for language, phrases in languages.items()}
    for wish, languages in (
        (Wish.STATE, table.STATE),
        (Wish.STOP, table.STOP),
        (Wish.START, table.START),
        (Wish.JOIN, table.JOIN),
    )
}
_LEAVING = {language: _phrases(phrases, language) for language, phrases in table.LEAVE.items()}
_NOTHING = (
    re.compile(_pattern(f"[{'|'.join(table.SAYS_NOTHING.split())}]", {})),
    *(re.compile(_polite(language)) for language in table.POLITE),
)
