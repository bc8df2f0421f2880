"""A text as lines with their depth of quoting. Pure."""

import re
from typing import NamedTuple

MOST_LINES = 10_000
"""Lines that are looked at one by one; what follows them counts as one line."""
LONGEST_READ = 2_000
"""Characters of a line that are looked at; no client writes a longer attribution or header line."""

_QUOTE_MARKS = re.compile(r"[ \t\ufeff\u200b]{0,8}>[> \t]{0,2000}")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]+")
_STRANGE = re.compile("[\xa0\xad\u200b-\u200f\u202a-\u202f\u2060-\u2069\ufeff]")
_MAY_BE_QUOTED = frozenset(">\ufeff\u200b")
_MORE_MARKS = frozenset(("", ">", " ", "\t"))


class Line(NamedTuple):
    """`raw[start:end]` of the whole text with its line break; `text` has neither quote marks nor surrounding space."""

    start: int
    end: int
    depth: int
    text: str


def split_lines(text: str) -> list[Line]:
    """The lines of a text, which together cover it: any kind of line break ends one."""
    raws = text.splitlines(keepends=True)
    if len(raws) > MOST_LINES:
        raws[MOST_LINES:] = [text[sum(map(len, raws[:MOST_LINES])) :]]
    strange = not text.isascii() and _STRANGE.search(text) is not None
    lines = []
    start = 0
    for raw in raws:
        length = len(raw)
        shown = raw.strip() if length < LONGEST_READ else raw[:LONGEST_READ].strip()
        depth = 0
        if raw[:2] == "> " and shown[2:3] not in _MORE_MARKS and length < LONGEST_READ:
            depth, shown = 1, shown[2:]
        elif shown and shown[0] in _MAY_BE_QUOTED and (marks := _QUOTE_MARKS.match(raw)):
            depth = marks.group().count(">")
            shown = raw[marks.end() : marks.end() + LONGEST_READ].strip()
        if strange and not shown.isascii():
            shown = _INVISIBLE.sub("", shown.replace("\xa0", " ").replace("\u202f", " ")).strip()
        end = start + length
        lines.append(Line(start, end, depth, shown))
        start = end
    return lines
