"""What a delivery can be: one closed union of values. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.forwarding import Unclear
from gateway.desk.notices import RefusalType
from gateway.desk.own_commands import OwnCommand
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
    # The answer of somebody who was asked aside: for the desk alone.
    ASIDE = "aside"
    # A participant wants no more letters of the ticket.
    LEFT = "left"


class Distrust(StrEnum):
    """Why the commands of a mail do not count (RULES 3)."""

    OFF = "off"
    NOT_SIGNED = "not signed"
    NO_TOKEN = "no token"
    OLD_TOKEN = "old token"
    NOT_PLAIN = "not plain text"
    LATE = "late"
    WRONG_CODE = "wrong code"


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket of its own. `hint` is a ticket that it may be about; `alert` says that agents should look at that.

    `forwarded`: it is the author's of the mail that somebody of the desk forwards; `unclear` is why it is not.
    """

    hint: int | None = None
    alert: bool = False
    follows: int | None = None
    storm: bool = False
    forwarded: bool = False
    unclear: Unclear | None = None
    name = "ticket"


@dataclass(frozen=True, slots=True)
class Reply:
    """Another message of a ticket that is there.

    `action` is what its requester clearly says with it: an approval, a refusal (`said` is why), a close, the `score` of
    a survey (`said` is the comment), or a dispute (`said` is the classification that they propose).
    """

    ticket_id: int
    entry: Entry
    action: Action | None = None
    said: str = ""
    score: int = 0
    name = "reply"


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody of the desk says what to do. `refused` is why none of it counts; None when it does.

    `ticket_id` is None for what is about no ticket. With `coded` the mail brings the code of commands that waited.
    """

    ticket_id: int | None
    refused: Distrust | None = None
    coded: bool = False
    name = "command"


@dataclass(frozen=True, slots=True)
class Joins:
    """Who reads mail at an address says whether it belongs to somebody else too, who asked for it (`number`)."""

    number: int
    yes: bool
    name = "command"


@dataclass(frozen=True, slots=True)
class OwnWish:
    """What a customer asks of the desk itself. `ticket_id` is the one whose letter they answer, None for none."""

    ticket_id: int | None
    asked: OwnCommand
    name = "command"


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


Verdict = NewTicket | Reply | Command | OwnWish | Joins | Report | Automatic | Rejected | Duplicate | Parked


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the stage that spoke, and its reasons in words; `unanswered` says why no letter goes out."""

    verdict: Verdict
    stage: str
    reasons: tuple[str, ...]
    unanswered: str = ""
