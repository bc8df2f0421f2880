"""Who is told what when a ticket changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.desk.people import Actor
from gateway.desk.ticket import Ticket
from gateway.desk.words import Labels


class Audience(StrEnum):
    """Who is told. LEVEL are the people of the level that the ticket was escalated to."""

    REQUESTER = "requester"
    OWNER = "owner"
    TEAM = "team"
    SUPERVISORS = "supervisors"
    LEVEL = "level"


class Letter(StrEnum):
    """The letters that a workflow can send."""

    RECEIPT = "receipt"
    ANSWER = "answer"
    STATE_CHANGED = "state_changed"
    SOLVED = "solved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    INCOMPLETE = "incomplete"
    ALERT = "alert"
    STATUS = "status"
    OWNER_CHANGED = "owner_changed"
    REQUEST = "request"
    REMINDER = "reminder"
    PREPARED = "prepared"
    CONTRIBUTION_OPENED = "contribution_opened"
    CONTRIBUTION_CLOSED = "contribution_closed"
    APPROVAL = "approval"
    SURVEY = "survey"
    CLOSED_BY_TIME = "closed_by_time"
    DUPLICATE = "duplicate"
    RELEASE = "release"
    ACCOUNT_INACTIVE = "account_inactive"
    ESCALATED = "escalated"


class Alert(StrEnum):
    """What somebody of the desk is told by the letter `alert`."""

    NEW_TICKET = "new_ticket"
    CUSTOMER_REPLIED = "customer_replied"
    UNVERIFIED_REPLY = "unverified_reply"
    PENDING_NOTE = "pending_note"
    PARKED = "parked"
    ASSIGNED = "assigned"
    FOR_THE_TEAM = "for_the_team"
    STORM = "storm"
    OVERDUE = "overdue"
    DISCOURTEOUS = "discourteous"
    MUTED = "muted"
    QUIET = "quiet"
    ABOUT_TO_BE_OVERDUE = "about_to_be_overdue"
    ESCALATION = "escalation"
    MENTIONED = "mentioned"
    NOTED = "noted"
    APPROVED = "approved"
    CLOSING_REFUSED = "closing_refused"
    CONTRIBUTED = "contributed"
    NONCONFORMITY = "nonconformity"
    DISPUTED = "disputed"
    ELEVATED = "elevated"
    ASIDE = "aside"


class RefusalType(StrEnum):
    """Why a mail is answered with `refused` (RULES 7)."""

    INCOMPLETE = "incomplete"
    REJECTED = "rejected"
    TOO_LARGE = "too_large"
    ATTACHMENT_REFUSED = "attachment_refused"
    CLOSED_FOR_GOOD = "closed_for_good"
    ACCOUNT_INACTIVE = "account_inactive"
    NOT_ALLOWED = "not_allowed"
    TOO_MANY = "too_many"
    EMPTY = "empty"


SHARED = frozenset(
    {
        Letter.ANSWER,
        Letter.STATE_CHANGED,
        Letter.REQUEST,
        Letter.INCOMPLETE,
        Letter.PREPARED,
        Letter.CONTRIBUTION_OPENED,
        Letter.APPROVAL,
    }
)
"""The letters to a requester whose text is for the participants too, when there is any."""

FINISHED = frozenset(
    {Letter.SOLVED, Letter.CLOSED, Letter.REJECTED, Letter.CANCELLED, Letter.CLOSED_BY_TIME, Letter.DUPLICATE}
)
"""The letters that say that it is over: participants are told so too, with text and without."""


Wanted = tuple[Audience, Letter | Alert]
"""Who shall be told, by which letter; the kind of an alert stands for the letter `alert`."""

Variable = str | Labels | datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter to one audience. `variables` are for the letter; a value with labels is said in the reader's language.

    Nobody is named in them: whether a letter may say who works on a ticket depends on the ticket's owner alone.
    """

    letter: Letter
    to: Audience
    variables: Mapping[str, Variable]


def shared(notice: Notice) -> bool:
    """Whether the participants of the ticket learn of it as its requester does."""
    if notice.to is not Audience.REQUESTER:
        return False
    return notice.letter in FINISHED or (notice.letter in SHARED and bool(notice.variables.get("text")))


def notices(
    wanted: Iterable[Wanted],
    *,
    ticket: Ticket,
    actor: Actor | None,
    text: str,
    text_told: bool,
    variables: Mapping[str, Variable],
) -> tuple[Notice, ...]:
    """The notices of a transition for `ticket` as it is after it.

    Text for the requester goes out once: in the transition's own letter where that can hold it, else as an answer;
    and an answer without text is not sent. What concerns the owner goes to the team while there is none, and never to
    the owner who did it. What is not for the requester (`text_told` is False) is in no letter to them.
    """
    told = dict.fromkeys(
        (readers, _letter(letter, audience, ticket=ticket, text_told=text_told))
        for audience, letter in wanted
        if (readers := _readers(audience, ticket=ticket, actor=actor)) is not None
    )
    if text_told and all(audience is not Audience.REQUESTER for audience, _ in told):
        told[Audience.REQUESTER, Letter.ANSWER] = None
    return tuple(
        _notice(letter, audience, variables, text if text_told or audience is not Audience.REQUESTER else "")
        for audience, letter in told
        if text_told or letter is not Letter.ANSWER
    )


def _notice(letter: Letter | Alert, to: Audience, variables: Mapping[str, Variable], text: str) -> Notice:
    more: dict[str, Variable] = {"text": text} if text else {}
    if isinstance(letter, Alert):
        return Notice(Letter.ALERT, to, {**variables, **more, "kind": letter.value})
    return Notice(letter, to, {**variables, **more})


def _readers(audience: Audience, *, ticket: Ticket, actor: Actor | None) -> Audience | None:
    if audience is not Audience.OWNER:
        return audience
    if ticket.owner_id is None:
        return Audience.TEAM
    return None if actor is not None and actor.person_id == ticket.owner_id else audience


def _letter(letter: Letter | Alert, audience: Audience, *, ticket: Ticket, text_told: bool) -> Letter | Alert:
    if letter is Alert.ASSIGNED and ticket.owner_id is None:
        return Alert.FOR_THE_TEAM
    instead = text_told and audience is Audience.REQUESTER and letter in _WITHOUT_TEXT
    return Letter.ANSWER if instead else letter


_WITHOUT_TEXT = frozenset(
    {Letter.RECEIPT, Letter.STATE_CHANGED, Letter.ALERT, Letter.OWNER_CHANGED, Letter.STATUS, Letter.SURVEY}
)
"""The letters that have no room for what a person wrote to the requester."""
