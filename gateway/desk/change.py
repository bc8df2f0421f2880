"""What an action or a happening makes of a ticket, as values that somebody else writes down. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.desk.notices import Notice
from gateway.desk.ticket import Origin, Ticket
from gateway.desk.verbs import Action, Happening


class MessageKind(StrEnum):
    """REPLY is for the requester, MAIL from them; NOTE stays inside; RECORD tells what was said elsewhere."""

    MAIL = "mail"
    REPLY = "reply"
    NOTE = "note"
    RECORD = "record"


class LinkKind(StrEnum):
    """What this ticket is to the other one."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    FOLLOW_UP = "follow_up"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the ticket with the number `to`."""

    to: int
    kind: LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message for the ticket's conversation. `time_spent` is in seconds; `origin` is None for the door it came by.

    `at` is when it was said, where that is not when it was written down.
    """

    kind: MessageKind
    public: bool
    text: str
    time_spent: int = 0
    origin: Origin | None = None
    evidence: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a ticket that becomes a ticket of its own."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What a requester says about how their ticket was handled; `answers` by the names of the survey's questions."""

    score: int
    comment: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """That it happened. `data` has each field that changed (`state`: 'open', `state_before`: 'new'), and the reason."""

    action: Action | Happening
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The ticket as it is afterwards (its version not yet raised), and what has to be kept and told with it.

    `entered_state` is True when the state is another than before: the timers of the old one end. With `follow_up` the
    ticket stays as it is, and the customer's mail has to become a new ticket that is linked to it.
    """

    ticket: Ticket
    message: NewMessage | None = None
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
    entered_state: bool = False
    links: tuple[Link, ...] = ()
    follow_up: bool = False
    split: Split | None = None
    survey: SurveyAnswer | None = None
