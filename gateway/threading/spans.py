"""What a reading of a reply says: which stretch of the stored text is what, and why. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SpanKind(StrEnum):
    """What a stretch of a mail's text is to a person who follows the conversation."""

    NEW = "new"
    QUOTED = "quoted"
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"
    FORWARD = "forward"


FOLDED = frozenset({SpanKind.QUOTED, SpanKind.ATTRIBUTION, SpanKind.SIGNATURE})

_EDGE_BLANKS = re.compile(r"\A\s*\n(?=[^\n]*\S)")


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is of one kind; `reason` says in a few words what showed it."""

    start: int
    end: int
    kind: SpanKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A mail inside of a mail: who wrote it, date and subject as written there, `text[start:end]` what they wrote.

    Each may be empty, but name and address not both. Nothing of it is proven: anybody can type these lines.
    """

    name: str
    address: str
    date: str
    subject: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole text as stored, and spans that follow each other without gap from its first character to its last.

    `forward` is the first forwarded mail in it whose author can be read.
    """

    text: str
    spans: tuple[Span, ...]
    forward: Forward | None = None

    @property
    def new_text(self) -> str:
        """What the author wrote this time, forwarded mail included; empty when all of it is quoted."""
        return self._joined(folded=False)

    @property
    def elided(self) -> str:
        """What is folded away, in order."""
        return self._joined(folded=True)

    @property
    def folded(self) -> bool:
        """Whether anything that can be read is folded away."""
        return any(span.kind in FOLDED and self.text[span.start : span.end].strip() for span in self.spans)

    @property
    def all_quoted(self) -> bool:
        """Whether nothing was written this time, though there is something to read."""
        return self.folded and not self.new_text

    def _joined(self, *, folded: bool) -> str:
        """One text of the spans that are folded or of those that are not: a blank line where others were between."""
        pieces: list[str] = []
        end = -1
        for span in self.spans:
            if (span.kind in FOLDED) is folded:
                piece = self.text[span.start : span.end]
                if span.start == end:
                    pieces[-1] += piece
                else:
                    pieces.append(piece)
                end = span.end
        return "\n\n".join(kept for piece in pieces if (kept := _EDGE_BLANKS.sub("", piece).rstrip()))


def kept_reply(text: str, spans: Iterable[Sequence[Any]]) -> Reply:
    """A reply as it is stored, its spans as (start, end, kind, reason)."""
    return Reply(text, tuple(Span(start, end, SpanKind(kind), reason) for start, end, kind, reason in spans))


def folded(text: str, spans: Iterable[Sequence[Any]]) -> list[tuple[bool, str]]:
    """A stored text in stretches to show, (folded away, text), none of them blank: together they are all of it.

    spans: as stored, (start, end, kind, reason); without any the text is new.
    """
    stretches: list[tuple[bool, int, int]] = []
    for start, end, kind, *_ in spans or ((0, len(text), SpanKind.NEW),):
        away = kind in FOLDED
        if not text[start:end].strip():
            # A blank line belongs to what stands around it.
            away = stretches[-1][0] if stretches else away
        if stretches and stretches[-1][0] is away:
            stretches[-1] = (away, stretches[-1][1], end)
        else:
            stretches.append((away, start, end))
    return [(away, kept) for away, start, end in stretches if (kept := _EDGE_BLANKS.sub("", text[start:end]).rstrip())]
