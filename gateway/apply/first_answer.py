"""What goes back by itself to who opened a ticket: the receipt, or what stands in its place."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.accounts import remind_to_confirm
from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.pieces import event
from gateway.apply.posting import Recipient, Rules
from gateway.apply.telling import Occasion, opening, promised_times, write_to
from gateway.desk.notices import RefusalType
from gateway.desk.people import May, PersonState, may
from gateway.desk.reckoning import closing_at
from gateway.desk.ticket import kept_back
from gateway.inbound.facts import Facts
from gateway.outbound.leaving import Dropped, Goes, Held
from gateway.outbound.letters import LETTERS
from gateway.store import credentials, people


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the answer to a first mail has to say, beside the number, and when it may go out."""

    requester: people.Person
    turn: Goes | Held
    previous: int | None
    missing: tuple[str, ...]
    hint: str


def first_turn(
    connection: Connection, facts: Facts, requester: people.Person, rules: Rules, *, number: int
) -> Goes | Held | None:
    """When the answer may go out; a confirmation over a cap waits for its turn (RULES 5), None: there is none."""
    turn = answer_turn(connection, _asked(facts, requester, number), rules, now=facts.now)
    if isinstance(turn, Dropped):
        event(connection, "not answered", facts, number, actor=None, why=turn.why)
        return None
    return turn


def answer_first_mail(
    connection: Connection, facts: Facts, first: FirstAnswer, occasion: Occasion, rules: Rules
) -> None:
    """The receipt, or what stands in its place.

    To somebody pending it is receipt and confirmation together; to an inactive account, that it is so, once a day.
    """
    requester, area = first.requester, occasion.area
    pending = requester.state == PersonState.PENDING
    known = facts.verified and not pending
    reader = occasion.requester if known else replace(occasion.requester, name="")
    asked = _asked(facts, requester, occasion.ticket.id)
    if not may(requester.state, May.BE_ANSWERED):
        if _say_inactive(connection, reader, occasion, rules) is not None:
            count(connection, asked, first.turn, now=facts.now)
        return
    # To somebody who has not proven who they are, no word of the mail goes back: the number only.
    letter = "receipt_new"
    if known:
        letter = "incomplete" if first.missing else "receipt" if first.previous is None else "follow_up"
    written = write_to(
        connection,
        letter,
        reader,
        occasion,
        rules,
        account=pending,
        held=kept_back(occasion.ticket),
        turn=first.turn,
        received_at=occasion.ticket.created_at,
        opens_at=opening(area, facts.now),
        times=promised_times(occasion.ticket, area, reader.language or area.language, now=facts.now),
        closes_at=closing_at(occasion.ticket, workflow=area.workflow, calendar=area.calendar),
        previous=first.previous,
        missing=first.missing,
        hint=_once(connection, first, letter, now=facts.now),
    )
    if written is None:
        return
    count(connection, asked, first.turn, now=facts.now)
    if pending and facts.verified:
        at = first.turn.at if isinstance(first.turn, Goes) else facts.now
        remind_to_confirm(connection, requester.id, now=at)


def _asked(facts: Facts, requester: people.Person, number: int) -> Asked:
    return Asked(address=facts.sender, new_sender=new_sender(requester), ticket=number, receipt_in=facts.area.name)


def _once(connection: Connection, first: FirstAnswer, letter: str, *, now: datetime) -> str:
    """The hint, where the letter has room for it and this person has not had one."""
    if not first.hint or "hint" not in LETTERS[letter].variables:
        return ""
    person = first.requester.id
    new = credentials.use_token(connection, f"courtesy hint {person}", purpose="hint", person_id=person, now=now)
    return first.hint if new else ""


def _say_inactive(connection: Connection, reader: Recipient, occasion: Occasion, rules: Rules) -> int | None:
    refused = RefusalType.ACCOUNT_INACTIVE
    today = replace(occasion, anchor=f"{refused}/{occasion.now:%Y-%m-%d}")
    return write_to(connection, "refused", reader, today, rules, type=refused.value, details=(), subject="", limit=None)
