"""What happened, as the letters about it need to know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.apply.posting import Recipient
from gateway.desk.areas import Area
from gateway.desk.ticket import Ticket
from gateway.outbound.leaving import Goes, Held
from gateway.store.letters import KeptFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the letters of one change have in common. `anchor` names its cause; `said` is the text that goes with it.

    `apart` holds addresses that get no letter: those who stood in To or Cc of the mail have it already.
    """

    ticket: Ticket
    requester: Recipient
    area: Area
    anchor: str
    now: datetime
    said: str = ""
    # The mail says nothing new: all of it is quoted.
    all_quoted: bool = False
    alert: str = "customer_replied"
    reason: str = ""
    author: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] | None = None
    # What goes with somebody's words to the requester.
    files: Sequence[KeptFile] = ()
    # Who wrote the mail, where it is not the requester; and the files that came with it.
    writer: str = ""
    came: Sequence[KeptFile] = ()
    apart: frozenset[str] = frozenset()
    # When the ticket closes by itself, where that is not as its timers say.
    closes_at: datetime | None = None
    # When a letter to the requester that nobody wrote by hand may leave; None: at once.
    turn: Goes | Held | None = None
