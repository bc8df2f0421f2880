"""Reading a reply as a person does: what is new, what is quoted, what is signature. Pure.

lines → a letter each (`quote_kinds`) → decisions (`quote_decisions`) → spans over the stored text. Nothing is cut:
every character is in one span, and each span has its reason.
"""

from collections.abc import Sequence
from typing import Literal

from gateway.threading.forwards import forward_in, forwarding
from gateway.threading.html_render import Marked
from gateway.threading.html_text import render
from gateway.threading.lines import Line, split_lines
from gateway.threading.quote_copies import copied_lines
from gateway.threading.quote_decisions import Judged, decide, forwarded
from gateway.threading.quote_kinds import kinds_of
from gateway.threading.spans import FOLDED, Forward, Reply, Span, SpanKind

__all__ = ["FOLDED", "Forward", "Reply", "Span", "SpanKind", "read_reply", "reply_text"]


def reply_text(body: str, fmt: Literal["plain", "html"]) -> str:
    """The text of a mail that a person would keep; empty when all of it is quoted. Targets of links are left out."""
    if fmt == "html":
        rendered = render(body, links=False)
        return _read(rendered.text, rendered.marked).new_text
    return _read(body, ()).new_text


def read_reply(
    body: str,
    fmt: Literal["plain", "html"],
    history: Sequence[str] = (),
    *,
    letters: Sequence[str] = (),
    subject: str = "",
) -> Reply:
    """The whole text of a mail in spans of new, quoted, attribution, signature, and forward.

    body: the decoded text; HTML is converted to readable text first. history: earlier texts of the ticket and our
    letters, which say whether what looks quoted is. letters: those that the author got, known without any mark where
    they stand whole. subject: one that says "FW:" makes what would be quoted a forward. Never raises; linear in all
    arguments.
    """
    if fmt == "html":
        rendered = render(body)
        return _read(rendered.text, rendered.marked, history, letters, is_forward=forwarding(subject))
    return _read(body, (), history, letters, is_forward=forwarding(subject))


def _read(
    text: str,
    marked: Sequence[Marked],
    history: Sequence[str] = (),
    letters: Sequence[str] = (),
    *,
    is_forward: bool = False,
) -> Reply:
    lines = split_lines(text)
    kinds = kinds_of(text, lines, marked)
    judged = decide(kinds)
    if is_forward:
        judged = forwarded(judged, kinds.letters)
    if history or letters:
        judged = copied_lines(lines, judged, history, letters)
    spans = _spans(text, lines, judged, kinds.offsets)
    found = (forward_in(text, span.start, span.end) for span in spans if span.kind is SpanKind.FORWARD)
    return Reply(text, spans, next((forward for forward in found if forward), None))


def _spans(text: str, lines: Sequence[Line], judged: Sequence[Judged], offsets: dict[int, int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    position = 0
    for item in judged:
        start = lines[item.first].start
        if item.first in offsets:
            start = _start_inside(text, lines[item.first], offsets[item.first])
        end = lines[item.end - 1].end
        start = max(start, position)
        if position < start:
            spans.append(Span(position, start, SpanKind.NEW, "written by the author"))
        if start < end:
            if spans and (spans[-1].kind, spans[-1].reason, spans[-1].end) == (item.kind, item.reason, start):
                start = spans.pop().start
            spans.append(Span(start, end, item.kind, item.reason))
            position = end
    if position < len(text) or not spans:
        spans.append(Span(position, len(text), SpanKind.NEW, "written by the author"))
    return tuple(spans)


def _start_inside(text: str, line: Line, offset: int) -> int:
    """Where in the stored text the attribution begins whose line begins with the reply."""
    found = text.find(line.text[offset : offset + 20], line.start, line.end)
    return found if found >= 0 else line.start
