"""What somebody of the desk wrote this time, for a customer to read. Pure.

The customer reads these words as the desk's, with its own signature: neither what the author's mail program quoted,
nor their name and telephone below. In doubt about a line it stays.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.desk.bare_signature import closes, signed_by
from gateway.desk.folding import words_of
from gateway.threading.markers import Marker, marker_of
from gateway.threading.quote_decisions import BARE_QUOTE
from gateway.threading.spans import Reply, SpanKind

LONGEST_TAIL = 10
"""Lines below the name."""
MOST_WORDS = 8
"""Of a line of a signature: a longer one is a sentence."""

_THANKS = frozenset({"gracias", "thanks", "thank", "obrigado", "obrigada"})
_REACHABLE = re.compile(r"@|https?:|www\.|\||(?:\d[\s().-]?){7}|\b(?:tel|cel|ext|m[oó]vil|phone)\b", re.IGNORECASE)


def own_words(reply: Reply, name: str) -> str:
    """The words of a reply whose author is called `name`; empty when there are none of their own.

    A quoted mail with nothing above it is no forward here: who answers the desk without a word means to send none.
    """
    spans = (
        replace(one, kind=SpanKind.QUOTED) if one.kind is SpanKind.FORWARD and one.reason == BARE_QUOTE else one
        for one in reply.spans
    )
    words = without_signature(Reply(reply.text, tuple(spans)).new_text, name)
    return "" if _only_signed(words) else words


def without_signature(text: str, name: str) -> str:
    """The text without a signature that begins with its author's name, below a closing or above where to reach them."""
    lines = text.split("\n")
    if len(words_of(name)) < 2:
        return text
    for at in range(len(lines) - 1, max(len(lines) - 2 - LONGEST_TAIL, -1), -1):
        if signed_by(lines[at], name):
            return "\n".join(lines[:at]).rstrip() if _signs(lines, at) else text
    return text


def _only_signed(text: str) -> bool:
    """Whether nothing is left but what a program puts below words: reading keeps a signature that has none above it."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and marker_of(lines[0]) is Marker.SIGNATURE:
        return True
    return all(marker_of(line) is Marker.PHONE or (closes(line) and not _thanks(line)) for line in lines)


def _thanks(line: str) -> bool:
    """Thanks alone are an answer."""
    return not _THANKS.isdisjoint(words_of(line))


def _signs(lines: Sequence[str], at: int) -> bool:
    tail = [line for line in lines[at + 1 :] if line.strip()]
    if any(len(words_of(line)) > MOST_WORDS and not _REACHABLE.search(line) for line in tail):
        return False
    above = [line for line in lines[max(at - 3, 0) : at] if line.strip()][-1:]
    closed = any(_closed(line) for line in above)
    if not closed and any(line.rstrip().endswith(":") for line in above):
        return False
    apart = at == 0 or not lines[at - 1].strip()
    return closed or (apart and (not tail or any(_REACHABLE.search(line) for line in tail)))


def _closed(line: str) -> bool:
    """Whether the line above a name is a closing: “Gracias, Ana” too."""
    first, *others = re.findall(r"[^\W_]+", line) or [""]
    return closes(" ".join([first, *(word for word in others if word[0].islower())]))
