"""Mails and their deliveries: kept, counted, tried again, purged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store import claims
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


def parked(connection: Connection) -> list[int]:
    """The mails that a human has to look at, oldest first."""
    query = select(delivery.c.mail_id).where(delivery.c.status == word("parked")).distinct()
    return sorted(connection.execute(query).scalars())


def replay(connection: Connection, mail_id: int, *, now: datetime) -> int:
    """Make the parked deliveries of a mail pending again, as if they had never been tried.

    They keep the ticket that their parking opened, which goes on with them.
    """
    which = select(delivery.c.id).where(delivery.c.mail_id == mail_id, delivery.c.status == word("parked"))
    numbers = list(connection.execute(which).scalars())
    again = delivery.update().where(delivery.c.id.in_(numbers))
    connection.execute(
        again.values(
            status="pending", attempts=0, losses=0, alone=True, due_at=now, verdict="", stage="", once_key=None
        )
    )
    for number in numbers:
        claims.note_trouble(connection, number, "tried again by an operator", now=now)
    return len(numbers)


@dataclass(frozen=True, slots=True)
class Original:
    """Where the bytes of a mail are; neither here nor there when they are purged."""

    raw: bytes | None
    blob: str | None
    purged_at: datetime | None


def original(connection: Connection, mail_id: int) -> Original | None:
    """The bytes of a mail as it came; None when there is no such mail."""
    query = select(received_mail.c.raw, received_mail.c.blob, received_mail.c.purged_at)
    row = connection.execute(query.where(received_mail.c.id == mail_id)).first()
    return None if row is None else Original(*row)


def promote(connection: Connection, mail_id: int, *, now: datetime) -> int:
    """Make the automatic deliveries of a mail pending again, to become tickets; how many. None when it is purged."""
    there = sa.exists().where(received_mail.c.id == delivery.c.mail_id, received_mail.c.purged_at.is_(None))
    again = (
        delivery.update()
        .where(delivery.c.mail_id == mail_id, delivery.c.verdict == "automatic", delivery.c.status == "done", there)
        .values(
            status="pending", promoted=True, attempts=0, losses=0, alone=True, due_at=now, verdict="", stage="",
            once_key=None,
        )
    )  # fmt: skip
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


def purge(
    connection: Connection, *, before: datetime, now: datetime, automatic: bool = False, most: int = 500
) -> tuple[int, list[str]]:
    """Drop the bytes of old judged mails: how many, and the blobs that they no longer name.

    Rows and keys stay, so that an equal mail is still a duplicate.

    With `automatic` only of those that are nothing but a machine's mail in the log.
    """
    open_ = select(delivery.c.mail_id).where(delivery.c.status.in_(("pending", "claimed", "parked")))
    old = (
        select(received_mail.c.id, received_mail.c.blob)
        .where(received_mail.c.received_at < before, received_mail.c.purged_at.is_(None))
        .where(received_mail.c.id.not_in(open_))
        .limit(most)
    )
    if automatic:
        of_it = sa.exists().where(delivery.c.mail_id == received_mail.c.id)
        old = old.where(of_it.where(delivery.c.verdict == "automatic"), ~of_it.where(delivery.c.verdict != "automatic"))
    rows = connection.execute(old).all()
    mine = received_mail.update().where(received_mail.c.id.in_([row.id for row in rows]))
    number = connection.execute(mine.values(raw=None, blob=None, purged_at=now)).rowcount
    return number, [row.blob for row in rows if row.blob]


def arrived(connection: Connection, message_id: str) -> bool:
    """Whether a mail with this Message-ID came in."""
    query = select(received_mail.c.id).where(received_mail.c.message_id == message_id).limit(1)
    return connection.execute(query).first() is not None
