"""Who is told what when a ticket changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.people import Actor
from gateway.desk.ticket import Ticket
from gateway.desk.words import Labels


class Audience(StrEnum):
    REQUESTER = "requester"
    OWNER = "owner"
    TEAM = "team"
    SUPERVISORS = "supervisors"


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


class Alert(StrEnum):
    """What somebody of the desk is told by the letter `alert`."""

    NEW_TICKET = "new_ticket"
    CUSTOMER_REPLIED = "customer_replied"
    UNVERIFIED_REPLY = "unverified_reply"
    PENDING_NOTE = "pending_note"
    PARKED = "parked"
    ASSIGNED = "assigned"
    STORM = "storm"
    OVERDUE = "overdue"
    DISCOURTEOUS = "discourteous"
    MUTED = "muted"


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


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter to one audience. `variables` are for the letter; a value with labels is said in the reader's language.

    Nobody is named in them: whether a letter may say who works on a ticket depends on the ticket's owner alone.
    """

    letter: Letter
    to: Audience
    variables: Mapping[str, str | Labels]


def notices(
    wanted: Iterable[tuple[Audience, Letter]],
    *,
    ticket: Ticket,
    actor: Actor | None,
    text: str,
    text_told: bool,
    variables: Mapping[str, str | Labels],
) -> tuple[Notice, ...]:
    """The notices of a transition for `ticket` as it is after it.

    Text for the requester goes out once: in the transition's own letter where that can hold it, else as an answer;
    and an answer without text is not sent. What concerns the owner goes to the team while there is none, and never to
    the owner who did it. What is not for the requester (`text_told` is False) is in no letter to them.
    """
    told = dict.fromkeys(
        (readers, _letter(letter, audience, text_told=text_told))
        for audience, letter in wanted
        if (readers := _readers(audience, ticket=ticket, actor=actor)) is not None
    )
    if text_told and all(audience is not Audience.REQUESTER for audience, _ in told):
        told[Audience.REQUESTER, Letter.ANSWER] = None
    return tuple(
        Notice(letter, audience, _with_text(variables, text, shown=text_told or audience is not Audience.REQUESTER))
        for audience, letter in told
        if text_told or letter is not Letter.ANSWER
    )


def _with_text(variables: Mapping[str, str | Labels], text: str, *, shown: bool) -> Mapping[str, str | Labels]:
    return {**variables, "text": text} if shown and text else variables


def _readers(audience: Audience, *, ticket: Ticket, actor: Actor | None) -> Audience | None:
    if audience is not Audience.OWNER:
        return audience
    if ticket.owner_id is None:
        return Audience.TEAM
    return None if actor is not None and actor.person_id == ticket.owner_id else audience


def _letter(letter: Letter, audience: Audience, *, text_told: bool) -> Letter:
    instead = text_told and audience is Audience.REQUESTER and letter in _WITHOUT_TEXT
    return Letter.ANSWER if instead else letter


_WITHOUT_TEXT = frozenset({Letter.RECEIPT, Letter.STATE_CHANGED, Letter.ALERT})
"""The letters that have no room for what a person wrote to the requester."""
