"""Mails and their deliveries: kept, counted, tried again, purged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

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


# In the order of the index of what is pending, however much has been done, and however much waits.


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
