"""Who may read which text of a ticket, as RULES 3 to 5 say it; nothing in it asks the program what it thinks.

Every text is one marker word. A reader is known by an address; two addresses that were joined are one reader.
"""

import itertools
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MARKER = re.compile(r"zqmarca[a-z]{6}")


class Kind(StrEnum):
    """Whom a text is for: PUBLIC: the requester, the participants of then, and the desk; DESK: the desk alone."""

    PUBLIC = "public"
    DESK = "desk"


class Proof(StrEnum):
    """What ties a mail to a ticket; the columns of the table in RULES 4."""

    OWN = "own token"
    OTHER = "another's token"
    ID = "message id"
    SUBJECT = "subject"
    NONE = "none"


@dataclass
class Text:
    """`proven`: it is sure who wrote it. `besides` are readers whom its author named themselves."""

    marker: str
    ticket: int
    author: str
    at: int
    kind: Kind
    proven: bool
    subject: bool = False
    besides: frozenset[str] = frozenset()
    # Tickets in which somebody who had it quoted it: their desks have it too.
    quoted_in: set[int] = field(default_factory=set)


@dataclass
class Part:
    """Somebody takes part from one step to another."""

    since: float
    until: float = float("inf")


@dataclass
class Case:
    """A ticket as the model knows it."""

    requester: str
    parts: dict[str, list[Part]] = field(default_factory=dict)
    consulted: set[str] = field(default_factory=set)

    def takes_part(self, who: str, at: float) -> bool:
        return any(part.since < at < part.until for part in self.parts.get(who, []))

    def ever_took_part(self, who: str) -> bool:
        return who in self.parts

    def let_in(self, who: str, at: float) -> None:
        if not self.takes_part(who, at + 0.1):
            self.parts.setdefault(who, []).append(Part(at))

    def let_go(self, who: str, at: float) -> None:
        for part in self.parts.get(who, []):
            part.until = min(part.until, at)


# What a proven mail is, by who writes and by which evidence. Of an unproven one all is for the desk alone.
PROVEN: dict[tuple[str, Proof], Kind] = {
    ("requester", Proof.OWN): Kind.PUBLIC,
    ("requester", Proof.ID): Kind.PUBLIC,
    ("requester", Proof.SUBJECT): Kind.PUBLIC,
    ("participant", Proof.OWN): Kind.PUBLIC,
    ("participant", Proof.ID): Kind.PUBLIC,
    ("participant", Proof.SUBJECT): Kind.PUBLIC,
    ("agent", Proof.OWN): Kind.PUBLIC,
}


@dataclass
class Model:
    cases: dict[int, Case] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    step: int = 0
    _words: Iterator[str] = field(
        default_factory=lambda: ("".join(word) for word in itertools.product(string.ascii_lowercase, repeat=6))
    )

    def marker(self) -> str:
        return f"zqmarca{next(self._words)}"

    def reader(self, address: str) -> str:
        return self.joined.get(address, address)

    def write(self, text: Text) -> None:
        self.texts[text.marker] = text

    def quoted(self, quote: str, number: int) -> None:
        for marker in markers_in(quote):
            self.texts[marker].quoted_in.add(number)

    def relation(self, number: int, who: str, *, staff: bool, colleague: bool) -> str:
        case = self.cases[number]
        if who == case.requester:
            return "requester"
        if who in case.consulted:
            return "consulted"
        if staff:
            return "agent"
        return "participant" if colleague or case.takes_part(who, self.step) else "unknown"

    def may_read(self, text: Text, who: str, *, letter: str, pending: bool, staff: bool, sure: bool) -> bool:
        """Whether this reader may have the text in this letter.

        `staff`: they work at the ticket's desk now; `pending`: they never confirmed who they are; `sure`: it is sure
        whose ticket it is.
        """
        case = self.cases[text.ticket]
        by_hand = letter in ("answer", "request", "relayed", "consultation")
        if staff or who in text.besides:
            return True
        if who in case.consulted:
            return False
        requester = who == case.requester
        if text.subject:
            # Nothing of an unproven sender's goes back to them, but in what somebody writes by hand (RULES 5).
            return (requester and (by_hand or (sure and not pending))) or case.takes_part(who, self.step + 0.5)
        if text.kind is Kind.DESK:
            return who == text.author and text.proven and not pending
        if who == text.author:
            return text.proven and not pending
        return requester or any(part.since < text.at < part.until for part in case.parts.get(who, []))


def markers_in(*pieces: str) -> set[str]:
    return {found for piece in pieces for found in MARKER.findall(piece)}
