"""Counts by the hour of what we did by ourselves: what the caps are held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import sent_count
from gateway.store.upsert import insert_for


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: a scope such as 'receipt', and whose: an address, a ticket, a domain, or all."""

    scope: str
    subject: str


def hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


_ALONE = Statement(select(sa.func.pg_advisory_xact_lock(bindparam("space"), sa.func.hashtext(bindparam("whose")))))
# Any number that nothing else in the database uses as the first half of an advisory lock.
LOCKS = 5_322


def alone(connection: Connection, whose: str) -> None:
    """Until the end of the transaction nobody else gets past this for the same subject: what is counted stays true.

    On SQLite that is so anyway.
    """
    if connection.dialect.name == "postgresql":
        _ALONE.rows(connection, {"space": LOCKS, "whose": whose})


_RAISE = Statement(
    lambda dialect: insert_for(dialect, sent_count).on_conflict_do_update(
        index_elements=["scope", "subject", "hour"], set_={"number": sent_count.c.number + 1}
    )
)


def raise_counts(connection: Connection, counted: Iterable[Counted], *, now: datetime) -> None:
    raise_at(connection, counted, hour_of(now))


def raise_at(connection: Connection, counted: Iterable[Counted], moment: datetime) -> None:
    """The same under a moment of the caller's choice, for what is counted by less than hours."""
    rows = [{"scope": one.scope, "subject": one.subject[:320], "hour": moment, "number": 1} for one in counted]
    _RAISE.run_all(connection, rows)


@cache
def _sums_of(several: int) -> Statement:
    # One after another: SQLite finds no index for pairs in a list.
    whose = (
        sa.and_(sent_count.c.scope == bindparam(f"scope{place}"), sent_count.c.subject == bindparam(f"subject{place}"))
        for place in range(several)
    )
    columns = (sent_count.c.scope, sent_count.c.subject, sent_count.c.hour, sent_count.c.number)
    return Statement(select(*columns).where(sa.or_(*whose), sent_count.c.hour > bindparam("since")))


def sums(connection: Connection, counted: Sequence[Counted], *, now: datetime) -> dict[Counted, tuple[int, int]]:
    """For each, how many in the last hour and the last day, by whole clock hours: never fewer than there were."""
    found = dict.fromkeys(counted, (0, 0))
    this_hour = hour_of(now)
    wanted: dict[str, object] = {"since": this_hour - timedelta(hours=25)}
    for place, one in enumerate(counted):
        wanted |= {f"scope{place}": one.scope, f"subject{place}": one.subject[:320]}
    for scope, subject, hour, number in _sums_of(len(counted)).rows(connection, wanted):
        last_hour, last_day = found[Counted(scope, subject)]
        recent = number if hour >= this_hour - timedelta(hours=1) else 0
        found[Counted(scope, subject)] = (last_hour + recent, last_day + number)
    return found


def forget(connection: Connection, *, before: datetime) -> int:
    return connection.execute(sent_count.delete().where(sent_count.c.hour < before)).rowcount
