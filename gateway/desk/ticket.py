"""A ticket as a value. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """How a ticket or a message reached the desk."""

    MAIL = "mail"
    WEB = "web"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    INTERNAL = "internal"


class Nature(StrEnum):
    INCIDENT = "incident"
    REQUEST = "request"
    QUESTION = "question"


class Field(StrEnum):
    """What only some workflows know of a ticket."""

    # The level that it was escalated to, and when (an ISO time).
    LEVEL = "level"
    LEVEL_SINCE = "level_since"
    # The release that it waits for.
    RELEASE = "release"
    # The items of the closing checklist that are done.
    CHECKLIST = "checklist"
    # When it became its requester's turn, when it came back from there to the desk, and when it was reopened.
    HANDED = "handed"
    RETURNED = "returned"
    REOPENED = "reopened"
    # The targets that it missed.
    OVERDUE = "overdue"
    # Its classification from before the state that holds another in its place.
    CLASSIFIED = "classified"
    # The group that attends it; whoever of them has it is its owner.
    GROUP = "group"
    # The requester wants no letters about it that nobody wrote by hand.
    QUIET = "quiet_notices"


ACCOUNT_REQUEST = "account-request"
"""The tag of a ticket that wants nothing but an account."""

HELD = "held"
"""The tag of a ticket that waits until its requester has confirmed who they are; nobody of the desk is told of it."""

STORM = "storm"
"""The tag of the ticket that keeps the mails of an address which sent too many."""

BACK = frozenset({ACCOUNT_REQUEST, HELD, STORM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """All that the desk's rules know of a ticket. Times are aware, in UTC.

    `priority` is 1 high, 2 normal, 3 low. `time_spent` is in seconds. `verified` says whether it is sure who asks:
    the mail proved its sender, and they are no longer pending; else the desk sees "sender not confirmed".
    `last_agent_return_at` is the newest message that a person of the desk sent to the requester: letters that the desk
    writes by itself are none. `version` counts the writes; the store raises it. `fields` holds what only some workflows
    know of a ticket, by the names of `Field`.
    """

    id: int
    subject: str
    state: str
    area: str
    requester_id: int
    created_at: datetime
    updated_at: datetime
    state_since: datetime
    category: str = ""
    nature: Nature | None = None
    classification: str = ""
    origin: Origin = Origin.MAIL
    priority: int = 2
    tags: tuple[str, ...] = ()
    organisation_id: int | None = None
    owner_id: int | None = None
    language: str = ""
    verified: bool = False
    time_spent: int = 0
    due_at: datetime | None = None
    queue_place: int | None = None
    difficulty: int | None = None
    version: int = 1
    closed_at: datetime | None = None
    last_agent_return_at: datetime | None = None
    last_customer_at: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: Field) -> str:
        return self.fields.get(name, "")

    def listed(self, name: Field) -> tuple[str, ...]:
        """A field that holds several names."""
        return tuple(filter(None, self.field(name).split(",")))


def kept_back(ticket: Ticket) -> bool:
    """Whether nobody of the desk is to work on it yet, or at all."""
    return not BACK.isdisjoint(ticket.tags)


def open_to_organisation(ticket: Ticket) -> bool:
    """Whether the agents of its organisation on the customer's side see it.

    What came in somebody's name, and is not proven to be theirs, is put before no organisation's eyes.
    """
    return ticket.organisation_id is not None and ticket.verified and not kept_back(ticket)


def with_fields(ticket: Ticket, **values: str) -> Ticket:
    """The ticket with these fields set; an empty value takes one away."""
    kept = {name: value for name, value in (dict(ticket.fields) | values).items() if value}
    return replace(ticket, fields=kept)
