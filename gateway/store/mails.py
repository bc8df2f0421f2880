"""Mails and their deliveries: kept, claimed, released, finished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import delivery, received_mail
from gateway.store.types import word


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail as a door hands it in; `deliveries` are pairs of recipient and area."""

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
    deliveries: tuple[tuple[str, str], ...]


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
)


def keep(connection: Connection, mails: Sequence[NewMail]) -> list[int]:
    """Store mails with their deliveries, all pending; their numbers in the same order."""
    rows = [
        {
            "source": mail.source,
            "peer": mail.peer,
            "session_auth": mail.session_auth,
            "envelope_from": mail.envelope_from,
            "received_at": mail.received_at,
            "size": mail.size,
            "raw": mail.raw,
            "blob": mail.blob,
            "message_id": mail.message_id,
            "from_hint": mail.from_hint,
        }
        for mail in mails
    ]
    insert = received_mail.insert().returning(received_mail.c.id, sort_by_parameter_order=True)
    numbers = list(connection.execute(insert, rows).scalars())
    deliveries = [
        {"mail_id": number, "recipient": recipient, "area": area, "due_at": mail.received_at}
        for number, mail in zip(numbers, mails, strict=True)
        for recipient, area in mail.deliveries
    ]
    if deliveries:
        connection.execute(delivery.insert(), deliveries)
    return numbers


# In the order of the index of what is pending, however much has been done, and however much waits.
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
_OPEN = sa.union_all(
    *(
        select(delivery.c.id, delivery.c.mail_id, delivery.c.area).where(delivery.c.status == word(status))
        for status in ("pending", "claimed")
    )
).subquery("open")
_UNFINISHED = (
    select(_OPEN.c.id, _OPEN.c.mail_id, received_mail.c.message_id, received_mail.c.from_hint, _OPEN.c.area)
    .join(received_mail, received_mail.c.id == _OPEN.c.mail_id)
    .where(
        # A sum is no column, by which SQLite would rather look: that would be all numbers below.
        _OPEN.c.id + 0 < bindparam("before"),
        sa.or_(
            _OPEN.c.mail_id.in_(bindparam("mail_ids", expanding=True)),
            received_mail.c.message_id.in_(bindparam("message_ids", expanding=True)),
            received_mail.c.from_hint.in_(bindparam("senders", expanding=True)),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A delivery that is not judged yet, by what others may have to wait for."""

    id: int
    mail_id: int
    message_id: str
    sender: str
    area: str


def unfinished(
    connection: Connection,
    *,
    before: int,
    mail_ids: Sequence[int],
    message_ids: Sequence[str],
    senders: Sequence[str],
) -> list[Unfinished]:
    """Earlier deliveries, not judged yet, of one of these mails, or with one of these Message-IDs or senders."""
    wanted = {"mail_ids": list(mail_ids), "message_ids": list(message_ids), "senders": list(senders)}
    return [Unfinished(*row) for row in connection.execute(_UNFINISHED, {"before": before, **wanted})]


_FIRST_OF_KEY = (
    select(delivery.c.id, delivery.c.ticket_id)
    .join(received_mail, received_mail.c.id == delivery.c.mail_id)
    .where(
        delivery.c.once_key.in_(bindparam("keys", expanding=True)),
        received_mail.c.received_at >= bindparam("since"),
    )
    .order_by(delivery.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A delivery before this one, of an equal mail or of the same."""

    id: int
    ticket_id: int | None


_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def first_with_key(connection: Connection, keys: Sequence[str], *, since: datetime | None = None) -> Earlier | None:
    """The first delivery that was kept under one of these keys, if its mail is not older than `since`."""
    row = connection.execute(_FIRST_OF_KEY, {"keys": list(keys), "since": since or _EVER}).first()
    return None if row is None else Earlier(*row)


_SIBLING = Statement(
    select(delivery.c.id, delivery.c.ticket_id)
    .where(
        delivery.c.mail_id == bindparam("mail"),
        delivery.c.id != bindparam("this"),
        delivery.c.ticket_id.is_not(None),
    )
    .order_by(delivery.c.id)
    .limit(1)
)


def sibling(connection: Connection, *, mail_id: int, delivery_id: int) -> Earlier | None:
    """The delivery with which the same mail made a ticket in another area, if it did already."""
    rows = _SIBLING.rows(connection, {"mail": mail_id, "this": delivery_id})
    return Earlier(*rows[0]) if rows else None


_FINISH = Statement(
    delivery.update()
    .where(delivery.c.id == bindparam("which"), delivery.c.claimed_by == bindparam("by"))
    .values(
        status=bindparam("new_status"),
        claimed_by="",
        claimed_until=None,
        verdict=bindparam("new_verdict"),
        stage=bindparam("new_stage"),
        reasons=bindparam("new_reasons"),
        facts=bindparam("new_facts"),
        ticket_id=bindparam("new_ticket_id"),
        duplicate_of=bindparam("new_duplicate_of"),
        content_key=bindparam("new_content_key"),
        once_key=bindparam("new_once_key"),
        sender=bindparam("new_sender"),
        message_id=bindparam("new_message_id"),
        done_at=bindparam("now"),
    )
)


class TakenOver(Exception):  # noqa: N818  (reads as what happened)
    """The claim ran out while the mail was worked on, and somebody else has it now."""


def finish(
    connection: Connection,
    delivery_id: int,
    *,
    who: str,
    status: str,
    verdict: str,
    stage: str,
    reasons: Sequence[str],
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    ticket_id: int | None = None,
    duplicate_of: int | None = None,
    content_key: str | None = None,
    once_key: str | None = None,
    sender: str = "",
    message_id: str = "",
) -> None:
    """Write a delivery's outcome; `once_key` makes an equal mail for the same area a duplicate from now on.

    Raises TakenOver when the delivery is no longer claimed by `who`: then nothing of this judgement may be committed.
    """
    written = _FINISH.run(
        connection,
        {
            "which": delivery_id,
            "by": who,
            "new_status": status,
            "new_verdict": verdict,
            "new_stage": stage,
            "new_reasons": list(reasons),
            "new_facts": dict(facts or {}),
            "new_ticket_id": ticket_id,
            "new_duplicate_of": duplicate_of,
            "new_content_key": content_key,
            "new_once_key": once_key,
            "new_sender": sender,
            "new_message_id": message_id[:1000],
            "now": now,
        },
    )
    if written != 1:
        raise TakenOver(delivery_id)


def replay(connection: Connection, mail_id: int, *, now: datetime) -> int:
    """Make the parked deliveries of a mail pending again, as if they had never been tried."""
    again = (
        delivery.update()
        .where(delivery.c.mail_id == mail_id, delivery.c.status == "parked")
        .values(status="pending", attempts=0, losses=0, alone=True, due_at=now, verdict="", stage="", once_key=None)
    )
    return connection.execute(again).rowcount


def pending(connection: Connection, *, due_before: datetime | None = None) -> int:
    """How many deliveries are not judged yet; or how many of them are due by then."""
    query = (
        select(sa.func.count())
        .select_from(delivery)
        .where(sa.or_(delivery.c.status == word("pending"), delivery.c.status == word("claimed")))
    )
    if due_before is not None:
        query = query.where(delivery.c.status == word("pending"), delivery.c.due_at <= due_before)
    return connection.execute(query).scalar_one()


def purge(connection: Connection, *, before: datetime, now: datetime, most: int = 500) -> int:
    """Drop the bytes of old judged mails; rows and keys stay, so that an equal mail is still a duplicate."""
    open_ = select(delivery.c.mail_id).where(delivery.c.status.in_(("pending", "claimed", "parked")))
    old = (
        select(received_mail.c.id)
        .where(received_mail.c.received_at < before, received_mail.c.purged_at.is_(None))
        .where(received_mail.c.id.not_in(open_))
        .limit(most)
    )
    drop = received_mail.update().where(received_mail.c.id.in_(old)).values(raw=None, blob=None, purged_at=now)
    return connection.execute(drop).rowcount


def arrived(connection: Connection, message_id: str) -> bool:
    """Whether a mail with this Message-ID came in."""
    query = select(received_mail.c.id).where(received_mail.c.message_id == message_id).limit(1)
    return connection.execute(query).first() is not None
