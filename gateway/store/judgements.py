"""What judging asks of earlier deliveries, and the outcome that it writes down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import delivery, received_mail
from gateway.store.types import word


def _of_status(*statuses: str) -> sa.Subquery:
    """The deliveries of these, by an index for each: there are few, among all that are done."""
    found = (
        select(delivery.c.id, delivery.c.mail_id, delivery.c.area).where(delivery.c.status == word(status))
        for status in statuses
    )
    return sa.union_all(*found).subquery("open")


_OPEN = _of_status("pending", "claimed")
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


_NOT_DONE = _of_status("pending", "claimed", "parked")
_UNJUDGED = (
    select(_NOT_DONE.c.id)
    .join(received_mail, received_mail.c.id == _NOT_DONE.c.mail_id)
    .where(received_mail.c.from_hint.in_(bindparam("senders", expanding=True)))
    .limit(1)
)


def unjudged_of(connection: Connection, senders: Iterable[str]) -> bool:
    """Whether a mail of one of these addresses is pending, in a worker's hands, or parked."""
    return connection.execute(_UNJUDGED, {"senders": sorted(senders)}).first() is not None


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
