"""What goes back by itself to who opened a ticket: the receipt, or what stands in its place."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.accounts import remind_to_confirm
from gateway.apply.posting import Recipient, Rules
from gateway.apply.telling import Occasion, write_to
from gateway.desk.notices import RefusalType
from gateway.desk.people import May, PersonState, may
from gateway.desk.providers import public
from gateway.inbound.facts import Facts
from gateway.outbound.letters import LETTERS
from gateway.settings import Caps
from gateway.store import counts, credentials, people
from gateway.store.counts import Counted


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the answer to a first mail has to say, beside the number, and when it may go out."""

    requester: people.Person
    turn: datetime
    previous: int | None
    missing: tuple[str, ...]
    hint: str


def first_turn(connection: Connection, facts: Facts, requester: people.Person, rules: Rules) -> datetime | None:
    """When the answer may go out; a confirmation over a cap waits for its turn (RULES 5), None: there is none."""
    if requester.state != PersonState.PENDING:
        return facts.now
    return counts.first_with_room(connection, _of_new_senders(facts.sender, rules.settings.caps), now=facts.now)


def answer_first_mail(
    connection: Connection, facts: Facts, first: FirstAnswer, occasion: Occasion, rules: Rules
) -> list[Counted]:
    """The receipt, or what stands in its place; what it counts as.

    To somebody pending it is receipt and confirmation together; to an inactive account, that it is so, once a day.
    """
    requester = first.requester
    pending = requester.state == PersonState.PENDING
    known = facts.verified and not pending
    reader = occasion.requester if known else replace(occasion.requester, name="")
    counted = [Counted(f"receipt {facts.area.name}"[:40], facts.sender), Counted("letter", facts.sender)]
    if not may(requester.state, May.BE_ANSWERED):
        _say_inactive(connection, reader, occasion, rules)
        return counted
    # To somebody who has not proven who they are, no word of the mail goes back: the number only.
    letter = "receipt_new"
    if known:
        letter = "incomplete" if first.missing else "receipt" if first.previous is None else "follow_up"
    write_to(
        connection,
        letter,
        reader,
        occasion,
        rules,
        account=pending,
        held=bool(occasion.ticket.tags),
        due_at=first.turn,
        received_at=occasion.ticket.created_at,
        previous=first.previous,
        missing=first.missing,
        hint=_once(connection, first, letter, now=facts.now),
    )
    if pending:
        counts.raise_counts(connection, _of_new_senders(facts.sender, rules.settings.caps), now=first.turn)
        if facts.verified:
            remind_to_confirm(connection, requester.id, now=first.turn)
    return counted


def _of_new_senders(sender: str, caps: Caps) -> dict[Counted, int]:
    """What a letter to somebody who never confirmed counts as, each with its cap."""
    domain = sender.rpartition("@")[2]
    counted = {Counted("new sender", "*"): caps.new_senders}
    if not public(domain):
        counted[Counted("new sender", domain)] = caps.new_senders_per_domain
    return counted


def _once(connection: Connection, first: FirstAnswer, letter: str, *, now: datetime) -> str:
    """The hint, where the letter has room for it and this person has not had one."""
    if not first.hint or "hint" not in LETTERS[letter].variables:
        return ""
    person = first.requester.id
    new = credentials.use_token(connection, f"courtesy hint {person}", purpose="hint", person_id=person, now=now)
    return first.hint if new else ""


def _say_inactive(connection: Connection, reader: Recipient, occasion: Occasion, rules: Rules) -> None:
    refused = RefusalType.ACCOUNT_INACTIVE
    today = replace(occasion, anchor=f"{refused}/{occasion.now:%Y-%m-%d}")
    write_to(connection, "refused", reader, today, rules, type=refused.value, details=(), subject="", limit=None)
