"""What goes back by itself to who asks with a first message: the receipt, or what stands in its place."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.accounts import remind_to_confirm
from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Recipient, Rules
from gateway.apply.saying import opening, promised_times
from gateway.apply.telling import write_to
from gateway.desk.forwarding import Unclear
from gateway.desk.notices import RefusalType
from gateway.desk.people import May, PersonState, may
from gateway.desk.reckoning import closing_at
from gateway.desk.ticket import kept_back
from gateway.outbound.leaving import Dropped, Goes, Held
from gateway.outbound.letters import LETTERS
from gateway.store import credentials, people, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, from which address, in which area (its name). `verified`: it is sure that it was them."""

    person: people.Person
    address: str
    area: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What the answer to a first message has to say, beside the number, and when it may go out.

    `unclear` is why the mail that they forwarded is their own ticket: they read that instead of a receipt, with whom
    the mail named (`author`). `by_desk`: somebody of the desk opened the ticket for them, who wrote nothing.
    """

    to: Asker
    turn: Goes | Held
    previous: int | None = None
    missing: tuple[str, ...] = ()
    hint: str = ""
    unclear: Unclear | None = None
    author: str = ""
    by_desk: bool = False


def first_turn(
    connection: Connection, to: Asker, rules: Rules, *, number: int, now: datetime, cause: str
) -> Goes | Held | None:
    """When the answer may go out; a confirmation over a cap waits for its turn (RULES 5), None: there is none."""
    turn = answer_turn(connection, _asked(to, number), rules, now=now)
    if isinstance(turn, Dropped):
        tickets.write_event(
            connection,
            action="not answered",
            actor_kind="system",
            cause=cause,
            now=now,
            ticket_id=number,
            data={"why": turn.why},
        )
        return None
    return turn


def answer_first_mail(connection: Connection, first: FirstAnswer, occasion: Occasion, rules: Rules) -> bool:
    """The receipt, or what stands in its place; whether a letter was written.

    To somebody pending it is receipt and confirmation together; to an inactive account, that it is so, once a day.
    """
    person, area, now = first.to.person, occasion.area, occasion.now
    pending = person.state == PersonState.PENDING
    known = first.to.verified and not pending
    reader = occasion.requester if known else replace(occasion.requester, name="")
    asked = _asked(first.to, occasion.ticket.id)
    if not may(person.state, May.BE_ANSWERED):
        inactive = _say_inactive(connection, reader, occasion, rules) is not None
        if inactive:
            count(connection, asked, first.turn, now=now)
        return inactive
    # To somebody who has not proven who they are, no word of the mail goes back: the number only.
    letter = "receipt_new"
    if known:
        letter = "incomplete" if first.missing else "receipt" if first.previous is None else "follow_up"
        letter = letter if first.unclear is None else "understood"
    written = write_to(
        connection,
        letter,
        reader,
        occasion,
        rules,
        account=pending,
        held=kept_back(occasion.ticket),
        by_desk=first.by_desk,
        turn=first.turn,
        received_at=occasion.ticket.created_at,
        opens_at=opening(area, now),
        times=promised_times(occasion.ticket, area, reader.language or area.language, now=now),
        closes_at=closing_at(occasion.ticket, workflow=area.workflow, calendar=area.calendar),
        previous=first.previous,
        missing=first.missing,
        hint=_once(connection, first, letter, now=now),
        why=first.unclear,
        requester=first.author,
        correct=rules.settings.commands.on,
    )
    if written is None:
        return False
    count(connection, asked, first.turn, now=now)
    if pending and first.to.verified:
        at = first.turn.at if isinstance(first.turn, Goes) else now
        remind_to_confirm(connection, person.id, now=at)
    return True


def _asked(to: Asker, number: int) -> Asked:
    return Asked(address=to.address, new_sender=new_sender(to.person), ticket=number, receipt_in=to.area)


def _once(connection: Connection, first: FirstAnswer, letter: str, *, now: datetime) -> str:
    """The hint, where the letter has room for it and this person has not had one."""
    if not first.hint or "hint" not in LETTERS[letter].variables:
        return ""
    person = first.to.person.id
    new = credentials.use_token(connection, f"courtesy hint {person}", purpose="hint", person_id=person, now=now)
    return first.hint if new else ""


def _say_inactive(connection: Connection, reader: Recipient, occasion: Occasion, rules: Rules) -> int | None:
    refused = RefusalType.ACCOUNT_INACTIVE
    today = replace(occasion, anchor=f"{refused}/{occasion.now:%Y-%m-%d}")
    return write_to(connection, "refused", reader, today, rules, type=refused.value, details=(), subject="", limit=None)
