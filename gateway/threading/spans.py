"""What a reading of a reply says: which stretch of the stored text is what, and why. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole text as stored, and spans that follow each other without gap from its first character to its last."""

    text: str
    spans: tuple[Span, ...]

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
