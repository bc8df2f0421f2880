"""Lines compared with earlier texts by runs of four words. Pure.

A line that was wrapped elsewhere, or lost a mark or an accent's form, is still known.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from gateway.threading.lines import Line, split_lines

SHORTEST_LINE = 12
"""Characters below which a line proves nothing by itself: greetings are alike everywhere."""
RUN = 4
"""Words that have to follow each other."""
ENOUGH = 0.8
"""The share of a line's runs of words that stand in an earlier text, for the line to be a copy."""
MOST_WORDS = 200_000
"""Of earlier texts, the latest first: a ticket that has more is a machine's."""

_WORD = re.compile(r"[^\W_]+")


class Known(NamedTuple):
    """Earlier texts as they are compared: their lines, and the runs of words in them."""

    lines: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def known_from(history: Sequence[str]) -> Known:
    """What earlier texts hold, the oldest first; of too much the newest."""
    lines: set[str] = set()
    runs: set[tuple[str, ...]] = set()
    left = MOST_WORDS
    for text in reversed(history):
        words: list[str] = []
        for line in split_lines(text):
            of_line = words_in(line.text)
            lines.add(" ".join(of_line))
            words += of_line
        runs.update(islice(runs_of(words), left))
        left -= len(words)
        if left <= 0:
            break
    return Known(frozenset(lines - {""}), frozenset(runs))


def words_in(text: str) -> list[str]:
    """The words of a line, as they are compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def runs_of(words: list[str]) -> "zip[tuple[str, ...]]":
    """The runs of words that are compared."""
    return zip(*(words[at:] for at in range(RUN)), strict=False)


def copied_from(lines: Sequence[Line], known: Known) -> list[bool | None]:
    """For each line whether it is a copy; None for one that says nothing either way."""
    copied: list[bool | None] = []
    before: list[str] = []
    for line in lines:
        words = words_in(line.text)
        answer = is_copy(words, before, known)
        copied.append(answer)
        if words:
            before = (before + words)[1 - RUN :] if answer is not False else []
    return copied


def is_copy(words: list[str], before: list[str], known: Known) -> bool | None:
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
    runs = list(runs_of(words))
    return sum(run in known.runs for run in runs) >= ENOUGH * len(runs)
