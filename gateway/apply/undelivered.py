"""A letter that did not arrive: its ticket says so, its owner is told, its address is counted or suppressed.

By a delivery report, by a refusal at the smarthost, or because it was given up.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.occasions import Occasion
from gateway.apply.posting import Recipient, Rules
from gateway.apply.telling import readers, write_to
from gateway.desk.actions import Audience
from gateway.log import get_log, masked
from gateway.outbound.causes import DEAD_ADDRESS, Cause, about_the_address
from gateway.outbound.letters import LETTERS
from gateway.store import messages, suppressions, tickets
from gateway.store.letters import Reported

# A letter to the desk that fails is told to nobody: that would be one more letter that fails.
TO_THE_DESK = frozenset({"undelivered", "breaker", *(name for name, kind in LETTERS.items() if kind.commands)})

log = get_log()


@dataclass(frozen=True, slots=True)
class Failure:
    """What became of the letter. `status` is the enhanced code, or empty; `response` is what the other side said."""

    cause: Cause
    response: str
    status: str = ""

    @property
    def counts(self) -> bool:
        """Whether it says something about the address: what nobody could read does not, nor what we gave up."""
        silent = (Cause.UNREAD, Cause.SUPPRESSED, Cause.NOT_IN_TIME)
        return self.cause not in silent and about_the_address(self.status)


def letter_failed(
    connection: Connection,
    letter: Reported,
    failure: Failure,
    rules: Rules,
    *,
    now: datetime,
    cause: str,
    delivery_id: int | None = None,
) -> None:
    """Write what follows; the letter itself is marked by the caller. cause: the mail or the letter that says so."""
    suppressed = _count(connection, letter, failure, rules, now=now)
    if suppressed:
        log.warning("no letters go to this address any more", to=masked(letter.to_address), letter=f"l-{letter.id}")
        tickets.write_event(
            connection,
            action="suppressed",
            actor_kind="system",
            cause=cause,
            now=now,
            person_id=letter.person_id,
            data={"address": letter.to_address, "letter": f"l-{letter.id}", "why": failure.cause.value},
        )
    kept = tickets.find(connection, letter.ticket_id) if letter.ticket_id else None
    if kept is None:
        return
    number = kept.ticket.id
    said = {"letter": f"l-{letter.id}", "status": failure.status, "why": failure.cause.value}
    tickets.write_event(
        connection,
        action="delivery_failed",
        actor_kind="system",
        cause=cause,
        now=now,
        ticket_id=number,
        data=said | ({"suppressed": "yes"} if suppressed else {}),
    )
    if letter.letter in TO_THE_DESK:
        log.warning("a letter to the desk did not arrive", to=masked(letter.to_address), letter=f"l-{letter.id}")
        return
    note = messages.NewMessage(
        ticket_id=number,
        kind="report",
        at=now,
        text=f"{letter.to_address}: {failure.response or failure.cause}",
        delivery_id=delivery_id,
        public=False,
    )
    messages.add(connection, note)
    occasion = Occasion(
        ticket=kept.ticket,
        requester=Recipient(kept.ticket.requester_id, letter.to_address),
        area=rules.desk.areas.get(kept.ticket.area) or rules.desk.first(),
        anchor=_once_a_day(letter, now),
        now=now,
    )
    for reader in readers(connection, Audience.OWNER, occasion):
        # Nobody is told by a letter to the very address that failed.
        if reader.address == letter.to_address:
            continue
        write_to(
            connection,
            "undelivered",
            reader,
            occasion,
            rules,
            to=letter.to_address,
            about=letter.subject,
            sent_at=letter.created_at,
            cause=failure.cause.value,
            response=failure.response,
            suppressed=suppressed or failure.cause is Cause.SUPPRESSED,
        )


def _count(connection: Connection, letter: Reported, failure: Failure, rules: Rules, *, now: datetime) -> bool:
    if not failure.counts:
        return False
    settings = rules.settings.delivery
    return suppressions.count_failure(
        connection,
        letter.to_address,
        reason=failure.response,
        hard=failure.status in DEAD_ADDRESS,
        most=settings.failures,
        within=timedelta(days=settings.failure_days),
        now=now,
    )


def _once_a_day(letter: Reported, now: datetime) -> str:
    """The owner of a ticket is told once a day that mail to an address does not arrive."""
    address = hashlib.sha256(letter.to_address.encode()).hexdigest()[:16]
    return f"ticket {letter.ticket_id}/{address}/{now:%Y-%m-%d}"
