"""Each line of a mail becomes a letter that says what it is by itself. Pure.

The decisions (`quote_decisions`) are then patterns over the string of letters. A line's neighbours count only where
its own shape needs them: a wrapped attribution, a header block, a fenced piece of code.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from gateway.threading.attributions import Attribution, attribution_ending, attribution_inside, dashed_attribution
from gateway.threading.header_blocks import header_block_at
from gateway.threading.html_marks import Container
from gateway.threading.html_render import Marked
from gateway.threading.lines import Line
from gateway.threading.markers import Marker, marker_of, may_ask_to_reply_above
from gateway.threading.quote_footers import mark_footers

MOST_ATTEMPTS = 500
"""Lines of one mail that are tried as a header block, and as many as an attribution: no mail of a person has more."""


class LineKind(StrEnum):
    """One letter a line."""

    BLANK = "e"
    TEXT = "t"
    CODE = "k"
    """Between fences or behind a prompt: the author's own, whatever it looks like."""
    QUOTED = "q"
    CONTAINED = "c"
    """Quoted because a client's container says so."""
    ATTRIBUTION = "a"
    HEADER = "h"
    ORIGINAL = "o"
    FORWARDED = "f"
    REPLY_ABOVE = "d"
    DELIMITED = "w"
    RULE = "r"
    DASHES = "s"
    PHONE = "p"
    SIGNATURE = "g"
    REST = "m"


_KIND_OF_MARKER = {
    Marker.ORIGINAL: LineKind.ORIGINAL,
    Marker.FORWARDED: LineKind.FORWARDED,
    Marker.REPLY_ABOVE: LineKind.REPLY_ABOVE,
    Marker.DELIMITED: LineKind.DELIMITED,
    Marker.RULE: LineKind.RULE,
    Marker.SIGNATURE: LineKind.DASHES,
    Marker.PHONE: LineKind.PHONE,
}
_KIND_OF_CONTAINER = {
    Container.QUOTE: LineKind.CONTAINED,
    Container.REST: LineKind.REST,
    Container.ATTRIBUTION: LineKind.ATTRIBUTION,
    Container.SIGNATURE: LineKind.SIGNATURE,
}
_CODE = re.compile(r"[ \t]{0,8}>>>(?: \S|$)")
_MBOX_FROM = re.compile(r">From [^\n]*")


class Kinds(NamedTuple):
    """A letter for each line; where attributions begin behind the reply; who marked the containers."""

    letters: str
    offsets: dict[int, int]
    clients: dict[int, str]


def kinds_of(text: str, lines: Sequence[Line], marked: Sequence[Marked] = ()) -> Kinds:
    """The kinds of all lines, which stand in `text`; marked: what HTML containers say of them."""
    letters = _letters(text, lines)
    clients = _apply_containers(letters, marked)
    _keep_code(text, lines, letters)
    mark_footers(text, lines, letters)
    _mend_wrapped_quotes(lines, letters)
    texts = [line.text for line in lines]
    _mark_quoted_forwards(texts, letters)
    _apply_headers(texts, letters)
    offsets = _apply_attributions(texts, letters)
    return Kinds("".join(letters), offsets, clients)


def _letters(text: str, lines: Sequence[Line]) -> list[str]:
    may_have_reply_above = may_ask_to_reply_above(text)
    letters: list[str] = []
    quoted_before = False
    for line in lines:
        if line.depth:
            letter = "q"
            if not quoted_before and line.text and line.text[-1] == ":" and marker_of(line.text) is Marker.FORWARDED:
                letter = "f"
            quoted_before = True
            if may_have_reply_above and line.text and marker_of(line.text) is Marker.REPLY_ABOVE:
                letter = "d"
        elif not line.text:
            letter = "e"
        else:
            quoted_before = False
            marker = marker_of(line.text, reply_above=may_have_reply_above)
            letter = "t" if marker is None else _KIND_OF_MARKER[marker]
        letters.append(letter)
    return letters


def _apply_containers(letters: list[str], marked: Sequence[Marked]) -> dict[int, str]:
    """Overwrite the letters of plain lines inside containers; who made them, by the container's first line."""
    clients: dict[int, str] = {}
    for mark in marked:
        letter = _KIND_OF_CONTAINER[mark.container]
        last = mark.first if mark.container is Container.REST else mark.last
        clients.setdefault(mark.first, mark.client)
        if mark.container is Container.REST and mark.first < len(letters):
            letters[mark.first] = letter
            continue
        if "f" in letters[mark.first : last + 1]:
            continue
        for number in range(mark.first, min(last + 1, len(letters))):
            if letters[number] in "te" or (letter == "c" and letters[number] != "m"):
                letters[number] = letter
    return clients


def _keep_code(text: str, lines: Sequence[Line], letters: list[str]) -> None:
    """Prompts, fenced code and lines that a mailbox escaped (">From ") are the author's own."""
    if "```" in text:
        fences = [number for number, line in enumerate(lines) if line.depth == 0 and line.text.startswith("```")]
        for opening, closing in zip(fences[::2], fences[1::2], strict=False):
            for number in range(opening, closing + 1):
                letters[number] = "k" if lines[number].text else "e"
    if ">>> " in text and not any(line.depth in (1, 2) for line in lines):
        for number, line in enumerate(lines):
            if letters[number] == "q" and _CODE.match(text, line.start):
                letters[number] = "k"
    if ">From " in text:
        for number, line in enumerate(lines):
            alone = "q" not in letters[max(number - 1, 0) : number] and "q" not in letters[number + 1 : number + 2]
            if letters[number] == "q" and alone and _MBOX_FROM.match(text, line.start):
                letters[number] = "t"


def _mend_wrapped_quotes(lines: Sequence[Line], letters: list[str]) -> None:
    """A quoted line that a program wrapped left its end without a mark: between two quoted lines it is quoted."""
    for number in range(1, len(lines) - 1):
        if letters[number] != "t" or letters[number - 1] != "q" or letters[number + 1] != "q":
            continue
        text, above = lines[number].text, lines[number - 1].text
        first_word = text.split(" ", 1)[0]
        wrapped = (
            len(above) + len(first_word) > 68 and (text[0].islower() or above[-1:] not in ".!?:") and len(text) < 70
        )
        if (wrapped and above[-1:] not in ".?!") or (text.startswith("(http") and text.endswith(">")):
            letters[number] = "q"


def _mark_quoted_forwards(texts: list[str], letters: list[str]) -> None:
    """A quoted block that begins with a line of announcement and a header block is a forward, in any language."""
    attempts = MOST_ATTEMPTS
    for number, text in enumerate(texts):
        if letters[number] != "q" or (number and letters[number - 1] in "qf") or not text or text[-1] not in ":：-":
            continue
        below = [at for at in range(number + 1, min(number + 4, len(texts))) if texts[at]]
        if below and len(text) < 70 and not any(c.isdigit() for c in text) and header_block_at(texts, below[0]):
            letters[number] = "f"
        attempts -= 1
        if not attempts:
            break


def _apply_headers(texts: list[str], letters: list[str]) -> None:
    """The first header block that stands outside of quotations; whatever follows belongs to it."""
    attempts = MOST_ATTEMPTS
    for number, text in enumerate(texts):
        if letters[number] not in "tam" or ":" not in text[:80].replace("：", ":"):
            continue
        block = header_block_at(texts, number)
        if block is not None:
            for inside in range(block.first, block.last + 1):
                if letters[inside] != "m":
                    letters[inside] = "h"
            return
        attempts -= 1
        if not attempts:
            return


def _apply_attributions(texts: list[str], letters: list[str]) -> dict[int, int]:
    offsets: dict[int, int] = {}
    attempts = MOST_ATTEMPTS
    floor = 0
    quote_follows = _followed_by_quote(letters)
    for number, text in enumerate(texts):
        letter = letters[number]
        if letter == "w" and dashed_attribution(text, quote_follows=quote_follows[number]):
            letters[number] = "a"
        elif letter == "r" and _ends_dashed_attribution(texts, letters, number, quote_follows):
            letters[number - 1 : number + 1] = "aa"
        if letter != "t":
            if letter not in "ep":
                floor = number + 1
            continue
        ends = text[-1] in _ENDINGS or text.endswith("---")
        if not ends and not quote_follows[number] and "@" not in text and " GMT" not in text:
            continue
        found: Attribution | None = None
        alone = not texts[number + 1] if number + 1 < len(texts) else True
        if ends or quote_follows[number] or alone:
            found = attribution_ending(texts, number, quote_follows=quote_follows[number], floor=floor)
        if found is None and "@" in text:
            found = attribution_inside(text, number)
        attempts -= 1
        if not attempts:
            break
        if found is not None:
            for inside in range(found.first, found.last + 1):
                letters[inside] = "a"
            if found.offset:
                offsets[found.first] = found.offset
            floor = number + 1
    return offsets


def _ends_dashed_attribution(texts: list[str], letters: list[str], number: int, quote_follows: Sequence[bool]) -> bool:
    """Whether dashes are what was wrapped off the line above: "---- On … Ana <ana@x.org> wrote"."""
    if not number or letters[number - 1] != "t" or not texts[number - 1].startswith(texts[number][:2]):
        return False
    return dashed_attribution(texts[number - 1], quote_follows=quote_follows[number])


def _followed_by_quote(letters: list[str]) -> list[bool]:
    """For each line: is the next line that is not blank a quoted one?"""
    answers = [False] * len(letters)
    follows = False
    for number in range(len(letters) - 1, -1, -1):
        answers[number] = follows
        if letters[number] != "e":
            follows = letters[number] in "qch"
    return answers


_ENDINGS = frozenset(":：*>_)")
