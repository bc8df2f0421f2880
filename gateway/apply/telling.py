"""Who reads a notice, and the letters that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.desk.areas import Area
from gateway.desk.notices import Audience, Letter, Notice
from gateway.desk.ticket import Ticket
from gateway.desk.words import in_language
from gateway.outbound.leaving import Goes, Held
from gateway.store import people
from gateway.store.letters import KeptFile

TEAM = frozenset({"agent", "supervisor"})
SUPERVISORS = frozenset({"supervisor", "administrator"})


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
    files: Sequence[KeptFile] = ()
    apart: frozenset[str] = frozenset()
    # When a letter to the requester that nobody wrote by hand may leave; None: at once.
    turn: Goes | Held | None = None


def tell(connection: Connection, notices: Iterable[Notice], occasion: Occasion, rules: Rules) -> int:
    """Put the letters of these notices into the outbox; how many."""
    written = 0
    for notice in notices:
        for reader in readers(connection, notice.to, occasion):
            if reader.address in occasion.apart:
                continue
            values = _variables(notice, occasion, reader)
            if notice.to is Audience.REQUESTER and notice.letter is not Letter.ANSWER and not occasion.ticket.verified:
                # To somebody who has not proven who they are, no word of their mail goes back (RULES 5).
                reader, values["subject"] = replace(reader, name=""), ""
            files = occasion.files if notice.letter is Letter.ANSWER else ()
            draft = _draft(notice.letter.value, reader, occasion, values, files)
            if notice.to is Audience.REQUESTER:
                draft = replace(draft, turn=occasion.turn)
            written += post(connection, draft, rules) is not None
    return written


def alert(connection: Connection, to: Audience, occasion: Occasion, rules: Rules) -> int:
    """Tell people of the desk about something that no workflow names; how many were told."""
    return tell(connection, (Notice(Letter.ALERT, to, {}),), occasion, rules)


def write_to(
    connection: Connection,
    letter: str,
    reader: Recipient,
    occasion: Occasion,
    rules: Rules,
    *,
    confirms: int | None = None,
    account: bool = False,
    turn: Goes | Held | None = None,
    **values: object,
) -> int | None:
    """One letter to one person, at its turn; an answer confirms the message `confirms`, or who they are."""
    draft = _draft(letter, reader, occasion, {"subject": occasion.ticket.subject} | values, ())
    return post(connection, replace(draft, confirms=confirms, account=account, turn=turn), rules)


def readers(connection: Connection, audience: Audience, occasion: Occasion) -> list[Recipient]:
    match audience:
        case Audience.REQUESTER:
            return [occasion.requester] if occasion.requester.address else []
        case Audience.OWNER if occasion.ticket.owner_id is not None:
            numbers = [occasion.ticket.owner_id]
        case Audience.SUPERVISORS:
            numbers = people.team(connection, occasion.area.name, roles=SUPERVISORS, now=occasion.now)
        case _:
            numbers = people.team(connection, occasion.area.name, roles=TEAM, now=occasion.now)
    found = (people.by_id(connection, number) for number in numbers)
    return [recipient(person) for person in found if person is not None and person.address]


def recipient(person: people.Person, *, address: str = "") -> Recipient:
    return Recipient(person.id, address or person.address, person.name, person.language, person.zone)


def _draft(
    letter: str, reader: Recipient, occasion: Occasion, values: Mapping[str, object], files: Sequence[KeptFile]
) -> Draft:
    return Draft(
        letter=letter,
        to=reader,
        area=occasion.area,
        ticket_id=occasion.ticket.id,
        anchor=occasion.anchor,
        variables=values,
        now=occasion.now,
        in_reply_to=occasion.in_reply_to,
        references=occasion.references,
        files=files,
    )


def _variables(notice: Notice, occasion: Occasion, reader: Recipient) -> dict[str, object]:
    language = reader.language or occasion.area.language
    said = {name: in_language(words, language) for name, words in notice.variables.items()}
    ticket = occasion.ticket
    values: dict[str, object] = {
        "subject": ticket.subject,
        "text": occasion.said,
        "all_quoted": occasion.all_quoted,
        "author": occasion.author,
        "reason": occasion.reason,
        "received_at": ticket.created_at,
        "missing": (),
    }
    values |= said
    if notice.letter is Letter.ALERT:
        values["kind"] = occasion.alert
        values["requester"] = occasion.requester.name or occasion.requester.address
    if notice.letter is Letter.CLOSED:
        grace = occasion.area.workflow.grace
        values["reopen_until"] = None if grace is None else occasion.now + grace
    return values
