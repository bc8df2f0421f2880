"""Addresses that get no letters any more, because letters to them came back: counted, listed, released."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.listings import instant
from gateway.store.tables import outbox, suppression
from gateway.store.upsert import insert

# How the response of a letter begins that was not sent for this reason; by it a release finds them.
NOT_SENT = "not sent: mail to this address came back before: "


def suppressed(connection: Connection, to_address: str) -> str:
    """Why nothing is sent to an address any more; empty when mail may go there."""
    query = select(suppression.c.reason).where(
        suppression.c.address == to_address, suppression.c.since.is_not(None), suppression.c.released_at.is_(None)
    )
    reason = connection.execute(query).scalar()
    return "" if reason is None else reason or "no reason given"


def count_failure(
    connection: Connection,
    to_address: str,
    *,
    reason: str,
    hard: bool,
    most: int,
    within: timedelta,
    now: datetime,
) -> bool:
    """Count a failed letter; True when its address is suppressed from now on: at once when hard, else on repeats.

    Repeats are `most` failures of which none is longer than `within` after the one before it.
    """
    goes_on = suppression.c.failed_at > now - within
    statement = insert(connection, suppression).on_conflict_do_update(
        index_elements=["address"],
        set_={
            "failures": sa.case((goes_on, suppression.c.failures + 1), else_=1),
            "reason": reason[:500],
            "failed_at": now,
        },
    )
    statement = statement.returning(suppression.c.failures, suppression.c.since, suppression.c.released_at)
    row = {"address": to_address, "reason": reason[:500], "failures": 1, "failed_at": now}
    failures, since, released_at = connection.execute(statement, row).one()
    suppressed_already = since is not None and released_at is None
    if suppressed_already or not (hard or failures >= most):
        return False
    here = suppression.update().where(suppression.c.address == to_address)
    connection.execute(here.values(since=now, released_at=None))
    return True


def listed(connection: Connection) -> Iterator[dict[str, Any]]:
    """Those that get no letters now, the newest last, with how many letters were not sent to them."""
    waiting = (
        select(sa.func.count())
        .select_from(outbox)
        .where(outbox.c.to_address == suppression.c.address, _not_sent())
        .scalar_subquery()
    )
    query = (
        select(suppression, waiting.label("waiting"))
        .where(suppression.c.since.is_not(None), suppression.c.released_at.is_(None))
        .order_by(suppression.c.since, suppression.c.address)
    )
    for row in connection.execute(query):
        yield {
            "address": row.address,
            "since": instant(row.since),
            "failures": row.failures,
            "not_sent": row.waiting,
            "reason": row.reason,
        }


def release(connection: Connection, to_address: str, *, now: datetime, since: datetime) -> int | None:
    """Let letters go there again, and those that were not sent since then; how many. None: it is not suppressed."""
    here = suppression.update().where(
        suppression.c.address == to_address, suppression.c.since.is_not(None), suppression.c.released_at.is_(None)
    )
    if connection.execute(here.values(released_at=now, failures=0)).rowcount == 0:
        return None
    waiting = outbox.update().where(
        outbox.c.to_address == to_address, _not_sent(), outbox.c.created_at >= since, outbox.c.purged_at.is_(None)
    )
    again = {"status": "pending", "due_at": now, "attempts": 0, "first_tried_at": None, "response": ""}
    return connection.execute(waiting.values(again)).rowcount


def _not_sent() -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.status == "refused", outbox.c.response.startswith(NOT_SENT, autoescape=True))
