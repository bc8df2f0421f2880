"""Lines that an earlier text of the ticket has too: proof that they are copies, whatever their marking. Pure.

What matches nothing is kept when in doubt: below an attribution without quote marks it is the author's. Without any
mark only a letter is known that stands there whole, because people repeat their own words, and paste those of others.
"""

from collections.abc import Sequence

from gateway.threading.header_blocks import labelled
from gateway.threading.lines import Line
from gateway.threading.markers import marker_of
from gateway.threading.quote_decisions import DOUBTFUL, Judged
from gateway.threading.spans import SpanKind
from gateway.threading.unmarked_letters import Place, place_of
from gateway.threading.word_runs import ENOUGH, copied_from, known_from

MOST_HEADER_LINES = 8
FEWEST_LINES = 2
FEWEST_CHARACTERS = 60
FORWARDED = "forwarded copy of an earlier message"


def copied_lines(
    lines: Sequence[Line], judged: Sequence[Judged], history: Sequence[str], letters: Sequence[str] = ()
) -> list[Judged]:
    """The judgements, with copies of `letters` judged quoted, and reasons that say what `history` proves.

    history: what was written and sent, the oldest first. letters: those that the author of the mail got.
    """
    known = known_from(list(dict.fromkeys([*history, *letters])))
    if not known.lines:
        return list(judged)
    copied = copied_from(lines, known)
    found = [
        _of_the_ticket(item, lines, copied) or _proven(item, copied)
        for item in judged
        if not _doubted(item, copied, judged)
    ]
    whole = [(letter, place) for letter in letters if (place := place_of(letter, lines)) is not None and place.ends]
    found = [_no_further(item, [place for _, place in whole]) for item in found]
    for letter, place in whole:
        taken = [False] * len(lines)
        for item in found:
            taken[item.first : item.end] = [True] * (item.end - item.first)
        if all(taken[place.first : place.end]):
            continue
        for first, end in _runs(lines, _copied_of(letter, lines, place), taken):
            found.append(Judged(first, end, SpanKind.QUOTED, "copy of an earlier message"))
    return sorted(found)


def _no_further(item: Judged, places: Sequence[Place]) -> Judged:
    """What is folded for a letter that nothing marks, only to its end: below is written what answers it."""
    end = max((place.end for place in places), default=0)
    unmarked = item.kind is SpanKind.SIGNATURE or item.reason == FORWARDED
    return item._replace(end=end) if unmarked and item.first < end < item.end else item


def _copied_of(letter: str, lines: Sequence[Line], place: Place) -> Sequence[bool | None]:
    """Which lines are copies of a letter that stands at that place; outside of it none is."""
    copied = copied_from(lines[place.first : place.end], known_from([letter]))
    greeting = next((at for at, answer in enumerate(copied) if answer), 0)
    copied[:greeting] = [True] * greeting
    return [*[False] * place.first, *copied, *[False] * (len(lines) - place.end)]


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
    return Judged(item.first, item.end, SpanKind.QUOTED, FORWARDED)


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
