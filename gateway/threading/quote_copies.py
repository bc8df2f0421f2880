"""Lines that an earlier text of the ticket has too: proof that they are copies, whatever their marking. Pure."""

import re
from collections.abc import Sequence

from gateway.threading.lines import Line, split_lines
from gateway.threading.quote_decisions import Judged
from gateway.threading.spans import SpanKind

SHORTEST_LINE = 12
"""Characters below which a line proves nothing by itself: greetings are alike everywhere."""
FEWEST_LINES = 2
FEWEST_CHARACTERS = 60

_NOT_WORDS = re.compile(r"[\W_]+")


def copied_lines(lines: Sequence[Line], judged: Sequence[Judged], history: Sequence[str]) -> list[Judged]:
    """The judgements, with runs of lines that stand in `history` judged quoted, and reasons that say what is proven."""
    known = {key for text in history for line in split_lines(text) if (key := _key(line.text))}
    if not known:
        return list(judged)
    copied = [_is_copy(line.text, known) for line in lines]
    found = [_proven(item, copied) for item in judged]
    taken = [False] * len(lines)
    for item in judged:
        taken[item.first : item.end] = [True] * (item.end - item.first)
    for first, end in _runs(lines, copied, taken):
        found.append(Judged(first, end, SpanKind.QUOTED, "copy of an earlier message"))
    return sorted(found)


def _key(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def _is_copy(text: str, known: set[str]) -> bool | None:
    """None for a line that says nothing either way."""
    key = _key(text)
    if key in known and len(key) >= SHORTEST_LINE:
        return True
    return None if not key or key in known else False


def _proven(item: Judged, copied: Sequence[bool | None]) -> Judged:
    inside = copied[item.first : item.end]
    if item.kind is SpanKind.QUOTED and True in inside and False not in inside:
        return item._replace(reason=f"{item.reason}; copy of an earlier message")
    return item


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
