"""A text as lines with their depth of quoting. Pure."""

import re
from typing import NamedTuple

MOST_LINES = 10_000
"""Lines that are looked at one by one; what follows them counts as one line."""
LONGEST_READ = 2_000
"""Characters of a line that are looked at; no client writes a longer attribution or header line."""

_QUOTE_MARKS = re.compile(r"[ \t\ufeff\u200b]{0,8}>[> \t]{0,2000}")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]+")
_MAY_BE_QUOTED = frozenset(">\ufeff\u200b")


class Line(NamedTuple):
    """`raw[start:end]` of the whole text with its line break; `text` has neither quote marks nor surrounding space."""

    start: int
    end: int
    depth: int
    text: str
    indent: int = 0


def split_lines(text: str) -> list[Line]:
    """The lines of a text, which together cover it: any kind of line break ends one."""
    lines = []
    start = 0
    raws = text.splitlines(keepends=True)
    if len(raws) > MOST_LINES:
        raws[MOST_LINES:] = [text[sum(map(len, raws[:MOST_LINES])) :]]
    for raw in raws:
        end = start + len(raw)
        shown = raw[:LONGEST_READ].strip()
        depth = 0
        if shown[:1] in _MAY_BE_QUOTED and (marks := _QUOTE_MARKS.match(raw)):
            depth = marks.group().count(">")
            shown = raw[marks.end() : marks.end() + LONGEST_READ].strip()
        if shown and not shown.isascii():
            shown = _INVISIBLE.sub("", shown.replace("\xa0", " ").replace("\u202f", " ")).strip()
        indent = 0 if depth or raw[:1] not in " \t" else len(raw) - len(raw.lstrip(" \t"))
        lines.append(Line(start, end, depth, shown, indent))
        start = end
    return lines
