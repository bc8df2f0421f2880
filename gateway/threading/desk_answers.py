"""An answer to a letter of ours that only the desk reads: which lines are the author's, whatever stands around. Pure.

The letter is known to the word. Of what is quoted only the customer's own lines stay, as what is answered; and what the
author wrote below the letter or between its lines, where their program marks nothing, is theirs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from gateway.threading.lines import Line, split_lines
from gateway.threading.markers import Marker, marker_of
from gateway.threading.quote_copies import FEWEST_LINES
from gateway.threading.quote_decisions import ANSWERED, BARE_QUOTE
from gateway.threading.quotes import read_reply
from gateway.threading.spans import FOLDED, Reply, Span, SpanKind
from gateway.threading.unmarked_letters import place_of
from gateway.threading.word_runs import RUN, SHORTEST_LINE, Known, copied_from, known_from, runs_of, words_in

OURS = "line of our own letter"
AROUND = "written below our own letter, or between its lines"

MOST_STRETCHES = 50
"""Of what is written between the lines: nobody answers to more."""
UNLIKE = 1 / 3
"""The share of a line's runs of words that may stand in the letter, for the line to be the author's."""
_NO_WORDS = re.compile(r"<?(?:mailto:|https?:|www\.)\S+|\S+@\S+|\[(?:cid|image)[^\]\n]*\]", re.IGNORECASE)


def answer_of_the_desk(reply: Reply, letters: Sequence[str], said: Sequence[str]) -> Reply:
    """The reply without a line of `letters`, which it answers, in what is new.

    said: what the customer wrote or got in this ticket. Of quoted lines that are answered, only these stay. Linear.
    """
    spans = [_not_new(one) for one in reply.spans]
    lines = tuple(split_lines(reply.text))
    reading = _Reading(reply.text, lines, known_from(letters), known_from(said), _place(letters, lines))
    return replace(reply, spans=tuple(_joined(reading.found_around(list(reading.without_ours(spans))))))


def _place(letters: Sequence[str], lines: Sequence[Line]) -> range:
    """The lines among which the letters stand: what is above their head or below their end is said by the author."""
    places = [place for letter in letters if (place := place_of(letter, lines)) is not None]
    places = [place for place in places if place.ends] or places
    return range(min((one.first for one in places), default=0), max((one.end for one in places), default=0))


def _not_new(span: Span) -> Span:
    """Who answers the desk forwards nothing with the letter that they answer."""
    return replace(span, kind=SpanKind.QUOTED) if span.reason == BARE_QUOTE else span


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    lines: Sequence[Line]
    letter: Known
    customer: Known
    place: range

    def without_ours(self, spans: Sequence[Span]) -> Iterator[Span]:
        """The spans with each line of our letter folded away, and of what is quoted all that is not the customer's."""
        ours, theirs = copied_from(self.lines, self.letter), copied_from(self.lines, self.customer)
        stays: list[bool | None] = []
        for at, line in enumerate(self.lines):
            as_line = " ".join(words_in(line.text))
            stays.append((theirs[at] is True or as_line in self.customer.lines) if as_line else None)
        for span, numbers in self._held(spans):
            if span.kind in FOLDED:
                yield span
                continue
            theirs_here = _with_blanks_between(stays, numbers)
            for at in numbers:
                line = self.lines[at]
                if span.reason == ANSWERED:
                    away = at not in theirs_here
                else:
                    away = (
                        ours[at] is True
                        and at in self.place
                        and not stays[at]
                        and (self._whole(line) or len(words_in(line.text)) >= 2 * RUN)
                    )
                piece = replace(span, start=max(span.start, line.start), end=min(span.end, line.end))
                yield replace(piece, kind=SpanKind.QUOTED, reason=OURS) if away else piece

    def _held(self, spans: Sequence[Span]) -> Iterator[tuple[Span, range]]:
        """Each span with the numbers of the lines of which it has a part."""
        at = 0
        for span in spans:
            first = at - 1 if at and self.lines[at - 1].end > span.start else at
            while at < len(self.lines) and self.lines[at].start < span.end:
                at += 1
            yield span, range(first, at)

    def _whole(self, line: Line) -> bool:
        """Whether it is a whole line of the letter, which is long enough to be no accident."""
        as_line = " ".join(words_in(line.text))
        return len(as_line) >= SHORTEST_LINE and as_line in self.letter.lines

    def found_around(self, spans: list[Span]) -> list[Span]:
        """The spans with what the author wrote below the letter, or between its lines, among what was folded."""
        for start, end in islice(self._around(spans), MOST_STRETCHES):
            spans = [piece for span in spans for piece in _cut(span, start, end)]
            spans += self._read(start, end)
        return sorted(spans, key=lambda one: one.start)

    def _around(self, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
        """Stretches of lines without marks that are not the letter's, where most of what is folded is a copy of it."""
        folded = [False] * len(self.lines)
        for span, numbers in self._held(spans):
            for at in numbers:
                folded[at] = span.kind in (SpanKind.QUOTED, SpanKind.SIGNATURE) and not self.lines[at].depth
        known = [self._known(at) if folded[at] else None for at in range(len(self.lines))]
        end = self.place.stop or len(known)
        # What stands above its first whole line is the mail program's.
        first = next((at for at, answer in enumerate(known) if answer and self._whole(self.lines[at])), len(known))
        copies = [at for at in range(first, len(known)) if known[at]]
        if len(copies) < FEWEST_LINES or len(copies) < known[first:end].count(False):
            return
        written = any(one.kind not in FOLDED and self.text[one.start : one.end].strip() for one in spans)
        for above, below in pairwise([*copies, len(self.lines)]):
            own = [at for at in range(above + 1, below) if known[at] is False]
            if own and all(folded[above:below]) and (below < len(self.lines) or not written):
                yield self.lines[above].end, self.lines[own[-1]].end

    def _known(self, at: int) -> bool | None:
        """Whether a line is of the letter or of what the customer knows, mangled too; None for no words at all."""
        text = self.lines[at].text
        if not words_in(_NO_WORDS.sub(" ", text)):
            return None
        if at >= self.place.stop > 0:
            return False
        words = words_in(text)
        as_line = " ".join(words)
        if as_line in self.letter.lines or as_line in self.customer.lines:
            return True
        runs = list(runs_of(self._before(at) + words))
        known = sum(run in self.letter.runs or run in self.customer.runs for run in runs)
        return bool(runs) and known > UNLIKE * len(runs)

    def _before(self, at: int) -> list[str]:
        """The last words above a short line: it may be the end of a line that was wrapped."""
        if len(words_in(self.lines[at].text)) >= RUN:
            return []
        above = (words_in(self.lines[number].text) for number in range(at - 1, max(at - 6, -1), -1))
        words = next(filter(None, above), [])
        return words[-RUN:]

    def _read(self, start: int, end: int) -> Iterator[Span]:
        """What the author wrote there, in which their signature is folded away as anywhere."""
        text = self.text[start:end]
        first = next((line.text for line in split_lines(text) if line.text), "")
        if first and marker_of(first) is Marker.SIGNATURE:
            yield Span(start, end, SpanKind.SIGNATURE, "signature delimiter")
            return
        for span in read_reply(text, "plain").spans:
            reason = AROUND if span.kind is SpanKind.NEW else span.reason
            yield Span(start + span.start, start + span.end, span.kind, reason)


def _with_blanks_between(stays: Sequence[bool | None], numbers: range) -> set[int]:
    """The lines that stay, and those without words between two of them."""
    worded = [at for at in numbers if stays[at] is not None]
    found = {at for at in worded if stays[at]}
    for above, below in pairwise(worded):
        if above in found and below in found:
            found.update(range(above, below))
    return found


def _cut(span: Span, start: int, end: int) -> Iterator[Span]:
    """The span without `start` up to `end`."""
    if span.start < min(start, span.end):
        yield replace(span, end=min(start, span.end))
    if max(end, span.start) < span.end:
        yield replace(span, start=max(end, span.start))


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """The same with neighbours of one kind and reason as one."""
    last: Span | None = None
    for span in spans:
        if last is not None and (last.kind, last.reason) == (span.kind, span.reason):
            last = replace(last, end=span.end)
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last
