"""From the letters of the lines to what is folded and why: short decisions, in their order. Pure.

1. Where the quotation that reaches to the end begins, and whether it is a forward.
2. Above that: quoted blocks, kept in part where the author answers between them.
3. Signatures.
4. Doubt: a mail that would be left without a word gets its words back.
"""

import re
from typing import NamedTuple

from gateway.threading.quote_footers import LONGEST_SIGNATURE
from gateway.threading.quote_kinds import Kinds
from gateway.threading.spans import SpanKind

LONGEST_CONTEXT = 8
"""Lines of a quoted block that is kept whole in front of an answer; of a longer one its end is kept."""

BARE_QUOTE = "a quoted mail with nothing written above it"
ANSWERED = "quoted lines that are answered below"

_JUDGED = "x"
_WORDS = re.compile(r"[tpk]")
_ENDLESS = re.compile(r"[hmofd]|a+(?!a|e*[qcf])|p(?=e+[twk])")
_RULES_ABOVE = re.compile(r"[rweo]*$")
_RULES_ABOVE_ATTRIBUTION = re.compile(r"[reo]*$")
_MARKED_FORWARD = re.compile(r"f+e*q(?:[qe]*q)?")
_QUOTE_BLOCK = re.compile(r"[qc](?:[qce]*[qc])?")
_ATTRIBUTION_ABOVE = re.compile(r"(?:[or][eor]*)?a[eawor]*$|[wor][ewor]*$")
_SIGNED = re.compile(r"s[^sxqag]*(?=[xqag]|$)")
_FOOTERS = re.compile(r"[egrp]+")
_REASONS = {
    "h": "header block of the quoted mail",
    "m": "container of the mail program",
    "o": "words of the mail program above a quoted mail",
    "d": "line that asks to reply above it",
    "p": "everything below the footer of a phone or program",
    "a": "everything below the attribution",
}
DOUBTFUL = frozenset({_REASONS["a"], _REASONS["p"]})
"""Reasons that earlier texts can refute: what stands below is in none of them."""


class Judged(NamedTuple):
    """Lines `first` up to, not including, `end` are of one kind, for one reason."""

    first: int
    end: int
    kind: SpanKind
    reason: str


def decide(kinds: Kinds) -> list[Judged]:
    """What is not new, in the order of the lines; lines that none of them holds are new."""
    open_letters = list(kinds.letters)
    judged: list[Judged] = []
    for decision in (_rest, _marked_forwards, _quotes, _attribution_on_top, _signatures):
        found = decision("".join(open_letters), kinds.clients)
        for item in found:
            open_letters[item.first : item.end] = _JUDGED * (item.end - item.first)
        judged += found
    if not any(letter in "tpgsk" for letter in open_letters) and not any(item.kind in _KEPT for item in judged):
        # A signature stays when it is all that was written.
        judged = [item for item in judged if item.kind is not SpanKind.SIGNATURE]
    return sorted(judged)


def forwarded(judged: list[Judged], letters: str) -> list[Judged]:
    """The judgements of a mail whose subject says that it is forwarded: what is quoted to its end is the forward."""
    quoting = (SpanKind.QUOTED, SpanKind.ATTRIBUTION, SpanKind.FORWARD)
    first = next((at for at, item in enumerate(judged) if item.kind in quoting), None)
    if first is None or any(item.kind is SpanKind.NEW for item in judged):
        return judged
    position = judged[first].first
    for item in judged[first:]:
        if letters[position : item.first].strip("e"):
            return judged
        position = item.end
    if letters[position:].strip("e"):
        return judged
    reason = "forwarded mail, as its subject says"
    return [*judged[:first], Judged(judged[first].first, len(letters), SpanKind.FORWARD, reason)]


_KEPT = frozenset({SpanKind.NEW, SpanKind.FORWARD})


def _rest(letters: str, clients: dict[int, str]) -> list[Judged]:
    """Where the quotation begins that reaches to the end of the mail."""
    words = _WORDS.search(letters)
    first_word = words.start() if words else len(letters)
    for match in _ENDLESS.finditer(letters):
        at, letter = match.start(), letters[match.start()]
        written_above = first_word < at
        if letter == "f":
            if _MARKED_FORWARD.match(letters, at):
                continue
            return [Judged(at, len(letters), SpanKind.FORWARD, "forwarded mail")]
        if letter in "adp" and not written_above:
            # Where else should the author's words be than below?
            continue
        if letter == "o" and not written_above and re.match(r"o[erwo]*[hqacmt]", letters[at : at + 20]) is None:
            continue
        rules = (_RULES_ABOVE_ATTRIBUTION if letter == "a" else _RULES_ABOVE).search(letters, max(at - 12, 0), at)
        first = rules.start() if rules and letter != "p" else at
        if not written_above and (letter in "hm" or re.match(r"o[erwo]*h", letters[at : at + 20])):
            return [Judged(first, len(letters), SpanKind.FORWARD, BARE_QUOTE)]
        return _folded_rest(letters, first, at, clients)
    return []


def _folded_rest(letters: str, first: int, at: int, clients: dict[int, str]) -> list[Judged]:
    letter = letters[at]
    if letter == "d":
        while first and letters[first - 1] in "ae":
            first -= 1
    body = at + 1
    if letter not in "dop":
        while body < len(letters) and letters[body] in "hoamd":
            body += 1
    reason = f"container of {clients[at]}" if letter == "m" and at in clients else _REASONS[letter]
    kind = SpanKind.SIGNATURE if letter == "p" else SpanKind.ATTRIBUTION
    head = Judged(first, body, kind, reason)
    return [head, Judged(body, len(letters), SpanKind.QUOTED, reason)] if body < len(letters) else [head]


def _marked_forwards(letters: str, _clients: dict[int, str]) -> list[Judged]:
    """Forwarded mails that are marked line by line, so that what stands below them is new."""
    return [Judged(*match.span(), SpanKind.FORWARD, "forwarded mail") for match in _MARKED_FORWARD.finditer(letters)]


def _quotes(letters: str, clients: dict[int, str]) -> list[Judged]:
    """Quoted blocks with their attributions; in front of an answer the end of the block is kept.

    The line that asks to reply above it is a part of them, and never kept.
    """
    asking = letters.rfind
    letters = letters.replace("d", "q")
    blocks = [match.span() for match in _QUOTE_BLOCK.finditer(letters)]
    limits = [*(first for first, _ in blocks), len(letters)][1:]
    answered = [_is_answered(letters[stop:below]) for (_, stop), below in zip(blocks, limits, strict=True)]
    interleaved = sum(answered) > 1
    found = []
    for (first, stop), has_answer in zip(blocks, answered, strict=True):
        attribution = _attribution_above(letters, first)
        if attribution < first:
            found.append(Judged(attribution, first, SpanKind.ATTRIBUTION, "attribution above a quotation"))
        contained = letters.find("c", first, stop)
        context = has_answer and contained < 0 and (interleaved or attribution == first)
        kept = max(_context(first, stop), asking("d", first, stop) + 1) if context else stop
        if first < kept:
            reason = f"container of {clients.get(contained, 'the mail program')}" if contained >= 0 else "quote marks"
            found.append(Judged(first, kept, SpanKind.QUOTED, reason))
        if kept < stop:
            found.append(Judged(kept, stop, SpanKind.NEW, ANSWERED))
    return found


def _is_answered(below: str) -> bool:
    """Whether the author writes below a quoted block: ordinary lines before any signature."""
    end = min((at for letter in "sgxa" if (at := below.find(letter)) >= 0), default=len(below))
    return "t" in below[:end] or "k" in below[:end]


def _attribution_above(letters: str, first: int) -> int:
    """The first line of the attribution, its rules included, directly above a quoted block; `first` without one."""
    above = _ATTRIBUTION_ABOVE.search(letters, max(first - 24, 0), first)
    return above.start() if above and ("a" in above.group() or "o" in above.group()) else first


def _context(first: int, stop: int) -> int:
    """The line from which a quoted block is kept."""
    return first if stop - first <= LONGEST_CONTEXT else stop - LONGEST_CONTEXT // 2


def _attribution_on_top(letters: str, _clients: dict[int, str]) -> list[Judged]:
    """An attribution with nothing above it and no quote marks below: the author's words must be in what follows."""
    match = re.match(r"e*(a+)", letters)
    return [Judged(*match.span(1), SpanKind.ATTRIBUTION, "attribution")] if match else []


def _signatures(letters: str, _clients: dict[int, str]) -> list[Judged]:
    """What stands below a delimiter, in a signature's container, or is a program's own footer."""
    words = _WORDS.search(letters)
    found = []
    for match in _SIGNED.finditer(letters):
        short = sum(letter != "e" for letter in match.group()) <= LONGEST_SIGNATURE
        if short and words and words.start() < match.start():
            found.append(Judged(*match.span(), SpanKind.SIGNATURE, "signature delimiter"))
    signed = [False] * (len(letters) + 1)
    for item in found:
        signed[item.first : item.end] = [True] * (item.end - item.first)
    for match in _FOOTERS.finditer(letters):
        first, end = match.span()
        closing = letters[end : end + 1] in ("", *"xqas")
        opening = words is not None and first <= words.start()
        for number in range(first, end):
            footer = letters[number] == "g" or (letters[number] == "p" and (closing or opening))
            if footer and not signed[number]:
                found.append(Judged(number, number + 1, SpanKind.SIGNATURE, "footer of a program, or its signature"))
    return sorted(found)
