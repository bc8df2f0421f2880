"""Deliveries in the hands of workers: claimed, released, taken over from the dead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import delivery, received_mail
from gateway.store.types import word

MOST_TROUBLE = 30


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the hands of one worker, with the mail that it delivers."""

    id: int
    mail_id: int
    recipient: str
    area: str
    claimed_by: str
    attempts: int
    losses: int
    alone: bool
    source: str
    peer: str
    session_auth: str
    envelope_from: str | None
    received_at: datetime
    size: int
    raw: bytes | None
    blob: str | None
    message_id: str
    from_hint: str
    # An operator says that it is to be a ticket, although it is automatic.
    promoted: bool = False
    # The ticket that was opened when this delivery was parked: it is tried again.
    parked_ticket: int | None = None


_CLAIMED_COLUMNS = (
    delivery.c.id,
    delivery.c.mail_id,
    delivery.c.recipient,
    delivery.c.area,
    delivery.c.claimed_by,
    delivery.c.attempts,
    delivery.c.losses,
    delivery.c.alone,
    received_mail.c.source,
    received_mail.c.peer,
    received_mail.c.session_auth,
    received_mail.c.envelope_from,
    received_mail.c.received_at,
    received_mail.c.size,
    received_mail.c.raw,
    received_mail.c.blob,
    received_mail.c.message_id,
    received_mail.c.from_hint,
    delivery.c.promoted,
    delivery.c.ticket_id,
)


_DUE = Statement(
    select(delivery.c.id, delivery.c.alone)
    .where(delivery.c.status == word("pending"), delivery.c.due_at <= bindparam("now"))
    .order_by(delivery.c.due_at, delivery.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    delivery.update()
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        status="claimed",
        attempts=delivery.c.attempts + 1,
        claimed_by=bindparam("who"),
        claimed_until=bindparam("until"),
    )
)
_READ_CLAIMED = (
    select(*_CLAIMED_COLUMNS)
    .join(received_mail, received_mail.c.id == delivery.c.mail_id)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(delivery.c.id)
)


def claim(connection: Connection, *, who: str, most: int, now: datetime, until: datetime) -> list[Claimed]:
    """Take pending deliveries, oldest first, and count the attempt; one that must run alone comes without company."""
    due = _DUE.rows(connection, {"now": now, "most": most})
    if not due:
        return []
    in_company = [number for number, _ in takewhile(lambda row: not row[1], due)]
    ids = in_company or [due[0][0]]
    connection.execute(_CLAIM, {"ids": ids, "who": who, "until": until})
    rows: Iterable[Any] = connection.execute(_READ_CLAIMED, {"ids": ids})
    return [Claimed(*row) for row in rows]


_RELEASE = (
    delivery.update()
    .where(
        delivery.c.id == bindparam("which"),
        delivery.c.status == word("claimed"),
        delivery.c.claimed_by == bindparam("by"),
    )
    .values(
        status="pending",
        claimed_by="",
        claimed_until=None,
        due_at=bindparam("again_at"),
        attempts=delivery.c.attempts - bindparam("uncharged"),
        losses=delivery.c.losses + bindparam("lost"),
        alone=bindparam("run_alone"),
    )
)


def release(
    connection: Connection,
    ids: Iterable[int],
    *,
    who: str,
    at: datetime,
    charged: bool,
    lost: bool = False,
    alone: bool = False,
) -> None:
    """Give claimed deliveries back; uncharged ones get the attempt that was counted at the claim back too."""
    rows = [
        {"which": i, "by": who, "again_at": at, "uncharged": int(not charged), "lost": int(lost), "run_alone": alone}
        for i in ids
    ]
    if rows:
        connection.execute(_RELEASE, rows)


def note_trouble(connection: Connection, delivery_id: int, what: str, *, now: datetime) -> None:
    """Write down what became of an attempt that failed; `what` is a sentence of ours, never text of a mail."""
    query = select(delivery.c.trouble).where(delivery.c.id == delivery_id)
    known = connection.execute(query).scalar() or []
    noted = [*known, [now.isoformat(), what[:300]]][-MOST_TROUBLE:]
    connection.execute(delivery.update().where(delivery.c.id == delivery_id).values(trouble=noted))


def claims_of(connection: Connection, who: str) -> list[int]:
    """What a worker has in its hands."""
    query = select(delivery.c.id).where(delivery.c.status == word("claimed"), delivery.c.claimed_by == who)
    return list(connection.execute(query).scalars())


def claimants(connection: Connection) -> list[str]:
    """Everybody who has a delivery in hand."""
    return list(
        connection.execute(
            select(delivery.c.claimed_by).where(delivery.c.status == word("claimed")).distinct()
        ).scalars()
    )


def take_over_the_dead(connection: Connection, *, now: datetime, known: Sequence[str] = ()) -> int:
    """Release what is claimed by somebody who let its time run out, or is known to be dead.

    Nobody is charged: that a whole node died says little about its mails. Each runs alone next.
    """
    dead = (
        delivery.update()
        .where(
            delivery.c.status == word("claimed"),
            sa.or_(delivery.c.claimed_until < now, delivery.c.claimed_by.in_(list(known))),
        )
        .values(
            status="pending",
            claimed_by="",
            claimed_until=None,
            alone=True,
            attempts=delivery.c.attempts - 1,
            losses=delivery.c.losses + 1,
        )
    )
    return connection.execute(dead).rowcount


# Each by the index of its own status: asked for either, SQLite goes through all that was ever delivered.
