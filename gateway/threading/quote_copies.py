"""Lines that an earlier text of the ticket has too: proof that they are copies, whatever their marking. Pure.

Compared are runs of four words, so that a line that was wrapped elsewhere, or lost a mark or an accent's form, is
still known. What matches nothing is kept when in doubt: below an attribution without quote marks it is the author's.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from gateway.threading.header_blocks import labelled
from gateway.threading.lines import Line, split_lines
from gateway.threading.markers import marker_of
from gateway.threading.quote_decisions import DOUBTFUL, Judged
from gateway.threading.spans import SpanKind

SHORTEST_LINE = 12
"""Characters below which a line proves nothing by itself: greetings are alike everywhere."""
MOST_HEADER_LINES = 8
FEWEST_LINES = 2
FEWEST_CHARACTERS = 60
RUN = 4
"""Words that have to follow each other."""
ENOUGH = 0.8
"""The share of a line's runs of words that stand in an earlier text, for the line to be a copy."""
MOST_WORDS = 200_000
"""Of earlier texts, the latest first: a ticket that has more is a machine's."""

_WORD = re.compile(r"[^\W_]+")


class _Known(NamedTuple):
    lines: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def copied_lines(lines: Sequence[Line], judged: Sequence[Judged], history: Sequence[str]) -> list[Judged]:
    """The judgements, with runs of lines that stand in `history` judged quoted, and reasons that say what is proven.

    history: the oldest first.
    """
    known = _known(history)
    if not known.lines:
        return list(judged)
    copied = _copied(lines, known)
    found = [
        _of_the_ticket(item, lines, copied) or _proven(item, copied)
        for item in judged
        if not _doubted(item, copied, judged)
    ]
    taken = [False] * len(lines)
    for item in found:
        taken[item.first : item.end] = [True] * (item.end - item.first)
    for first, end in _runs(lines, copied, taken):
        found.append(Judged(first, end, SpanKind.QUOTED, "copy of an earlier message"))
    return sorted(found)


def _known(history: Sequence[str]) -> _Known:
    lines: set[str] = set()
    runs: set[tuple[str, ...]] = set()
    left = MOST_WORDS
    for text in reversed(history):
        words: list[str] = []
        for line in split_lines(text):
            of_line = _words(line.text)
            lines.add(" ".join(of_line))
            words += of_line
        runs.update(islice(_runs_of(words), left))
        left -= len(words)
        if left <= 0:
            break
    return _Known(frozenset(lines - {""}), frozenset(runs))


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def _runs_of(words: list[str]) -> "zip[tuple[str, ...]]":
    return zip(*(words[at:] for at in range(RUN)), strict=False)


def _copied(lines: Sequence[Line], known: _Known) -> list[bool | None]:
    """For each line whether it is a copy; None for one that says nothing either way."""
    copied: list[bool | None] = []
    before: list[str] = []
    for line in lines:
        words = _words(line.text)
        answer = _is_copy(words, before, known)
        copied.append(answer)
        if words:
            before = (before + words)[1 - RUN :] if answer is not False else []
    return copied


def _is_copy(words: list[str], before: list[str], known: _Known) -> bool | None:
    """before: the last words of the line above, if that is none of the author's."""
    if not words:
        return None
    as_line = " ".join(words)
    if len(words) < RUN:
        if as_line in known.lines:
            return True if len(as_line) >= SHORTEST_LINE else None
        return tuple((before + words)[-RUN:]) in known.runs
    if as_line in known.lines:
        return True
    runs = list(_runs_of(words))
    return sum(run in known.runs for run in runs) >= ENOUGH * len(runs)


def _proven(item: Judged, copied: Sequence[bool | None]) -> Judged:
    inside = copied[item.first : item.end]
    if item.kind is SpanKind.QUOTED and True in inside and False not in inside:
        return item._replace(reason=f"{item.reason}; copy of an earlier message")
    return item


def _of_the_ticket(item: Judged, lines: Sequence[Line], copied: Sequence[bool | None]) -> Judged | None:
    """A forward of what the ticket holds already is a quotation: below the lines of its header all of it is known."""
    if item.kind is not SpanKind.FORWARD:
        return None
    inside = range(item.first, item.end)
    first = next((at for at in inside if copied[at]), item.end)
    head = [at for at in range(item.first, first) if copied[at] is False]
    if len(head) > MOST_HEADER_LINES or not all(_of_a_header(lines[at].text) for at in head):
        return None
    known = [lines[at].text for at in inside if copied[at]]
    unknown = sum(copied[at] is False for at in range(first, item.end))
    if sum(map(len, known)) < FEWEST_CHARACTERS or unknown > (1 - ENOUGH) * (len(known) + unknown):
        return None
    return Judged(item.first, item.end, SpanKind.QUOTED, "forwarded copy of an earlier message")


def _of_a_header(text: str) -> bool:
    return labelled(text) is not None or marker_of(text) is not None or text[-1:] in (">", ":", ";")


def _doubted(item: Judged, copied: Sequence[bool | None], judged: Sequence[Judged]) -> bool:
    """Whether all that speaks for a quotation is a line above it, and none of it is known."""
    if item.reason not in DOUBTFUL:
        return False
    same = [other for other in judged if other.reason == item.reason]
    below = [answer for other in same for answer in copied[other.first : other.end]]
    return len(same) > 1 and True not in below


def _runs(lines: Sequence[Line], copied: Sequence[bool | None], taken: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of unmarked lines that are copies throughout and long enough to be no accident."""
    runs = []
    number = 0
    while number < len(lines):
        if taken[number] or copied[number] is not True:
            number += 1
            continue
        end = last = number
        while end < len(lines) and not taken[end] and copied[end] is not False:
            last = end if copied[end] else last
            end += 1
        proof = [len(lines[inside].text) for inside in range(number, last + 1) if copied[inside]]
        if len(proof) >= FEWEST_LINES and sum(proof) >= FEWEST_CHARACTERS:
            runs.append((number, last + 1))
        number = end
    return runs
