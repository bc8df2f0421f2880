"""What a delivery can be: one closed union of values. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.notices import RefusalType
from gateway.desk.verbs import Action


class Entry(StrEnum):
    """How a reply stands in its ticket; the cells of the table in RULES 4."""

    MESSAGE = "message"
    UNVERIFIED = "unverified"
    FLAGGED = "flagged"
    RELAYED = "relayed"
    INTERNAL = "internal note"
    PENDING_NOTE = "pending note"
    THIRD_PARTY = "third party"
    FOLDED = "folded"
    AFTER_CLOSING = "after closing"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket of its own. `hint` is a ticket that it may be about; `alert` says that agents should look at that."""

    hint: int | None = None
    alert: bool = False
    follows: int | None = None
    storm: bool = False
    name = "ticket"


@dataclass(frozen=True, slots=True)
class Reply:
    """Another message of a ticket that is there.

    `action` is what its requester clearly says with it: an approval, a refusal (`said` is why), a close, or the `score`
    of a survey (`said` is the comment).
    """

    ticket_id: int
    entry: Entry
    action: Action | None = None
    said: str = ""
    score: int = 0
    name = "reply"


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report; `letter_id` is the letter that it speaks of, when it is one of ours for sure."""

    letter_id: int | None
    ticket_id: int | None
    failed: bool
    name = "delivery report"


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine's mail that needs no ticket: it is in the log."""

    name = "automatic"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A mail that the desk does not take, and why; `told` says whether the sender may get a letter."""

    type: RefusalType
    told: bool
    name = "rejected"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same mail again."""

    of: int
    ticket_id: int | None
    name = "duplicate"


@dataclass(frozen=True, slots=True)
class Parked:
    """A mail that a human has to look at; it opens a ticket with the original attached."""

    why: str
    name = "parked"


Verdict = NewTicket | Reply | Report | Automatic | Rejected | Duplicate | Parked


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the stage that spoke, and its reasons in words; `unanswered` says why no letter goes out."""

    verdict: Verdict
    stage: str
    reasons: tuple[str, ...]
    unanswered: str = ""
