"""What somebody of the desk wrote this time, for a customer to read. Pure.

The customer reads these words as the desk's, with its own signature: neither what the author's mail program quoted,
nor their name and telephone below. In doubt about a line it stays.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.desk.folding import words_of
from gateway.threading.markers import Marker, marker_of
from gateway.threading.quote_decisions import BARE_QUOTE
from gateway.threading.spans import Reply, SpanKind

LONGEST_TAIL = 10
"""Lines below the name."""
MOST_WORDS = 8
"""Of a line of a signature: a longer one is a sentence."""

_CLOSINGS = (
    "saludo",
    "saludos",
    "un saludo",
    "cordial saludo",
    "atentamente",
    "cordialmente",
    "quedo atento",
    "quedo atenta",
    "quedamos atentos",
    "gracias",
    "muchas gracias",
    "regards",
    "best",
    "kind regards",
    "many thanks",
    "thanks",
    "thank you",
    "sincerely",
    "atenciosamente",
    "abraco",
    "abracos",
    "obrigado",
    "obrigada",
    "att",
)
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
    wanted = words_of(name)
    if len(wanted) < 2:
        return text
    for at in range(len(lines) - 1, max(len(lines) - 2 - LONGEST_TAIL, -1), -1):
        if _names(lines[at], wanted):
            return "\n".join(lines[:at]).rstrip() if _signs(lines, at) else text
    return text


def _only_signed(text: str) -> bool:
    """Whether nothing is left but what a program puts below words: reading keeps a signature that has none above it."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and marker_of(lines[0]) is Marker.SIGNATURE:
        return True
    return all(marker_of(line) is Marker.PHONE or (_closes(line) and not _thanks(line)) for line in lines)


def _thanks(line: str) -> bool:
    """Thanks alone are an answer."""
    return not _THANKS.isdisjoint(words_of(line))


def _names(line: str, wanted: Sequence[str]) -> bool:
    """Whether the line is the name, with a title or another surname at most."""
    words = words_of(line)
    if len(words) > len(wanted) + 2 or line.rstrip().endswith((":", "?", "!")):
        return False
    return any(words[at : at + len(wanted)] == list(wanted) for at in range(len(words) - len(wanted) + 1))


def _signs(lines: Sequence[str], at: int) -> bool:
    tail = [line for line in lines[at + 1 :] if line.strip()]
    if any(len(words_of(line)) > MOST_WORDS and not _REACHABLE.search(line) for line in tail):
        return False
    above = [line for line in lines[max(at - 3, 0) : at] if line.strip()][-1:]
    closed = any(_closes(line) for line in above)
    apart = at == 0 or not lines[at - 1].strip()
    return closed or (apart and (not tail or any(_REACHABLE.search(line) for line in tail)))


def _closes(line: str) -> bool:
    words = words_of(line)
    return len(words) <= 5 and " ".join(words).startswith(_CLOSINGS)
