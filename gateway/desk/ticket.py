"""A ticket as a value. Pure."""

from dataclasses import dataclass
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


ACCOUNT_REQUEST = "account-request"
"""The tag of a ticket that wants nothing but an account."""

HELD = "held"
"""The tag of a ticket that waits until its requester has confirmed who they are; nobody of the desk is told of it."""

STORM = "storm"
"""The tag of the ticket that keeps the mails of an address which sent too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """All that the desk's rules know of a ticket. Times are aware, in UTC.

    `priority` is 1 high, 2 normal, 3 low. `time_spent` is in seconds. `verified` says whether it is sure who asks:
    the mail proved its sender, and they are no longer pending; else the desk sees "sender not confirmed".
    `last_agent_return_at` is the newest message that a person of the desk sent to the requester: letters that the desk
    writes by itself are none. `version` counts the writes; the store raises it.
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
