"""Counts by the hour of what we did by ourselves: what the caps are held against."""

from collections.abc import Iterable, Mapping, Sequence
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


_RAISE = Statement(
    lambda dialect: insert_for(dialect, sent_count).on_conflict_do_update(
        index_elements=["scope", "subject", "hour"], set_={"number": sent_count.c.number + 1}
    )
)


def raise_counts(connection: Connection, counted: Iterable[Counted], *, now: datetime) -> None:
    rows = [{"scope": one.scope, "subject": one.subject[:320], "hour": hour_of(now), "number": 1} for one in counted]
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


LONGEST_WAIT = timedelta(hours=48)

_FROM_NOW = select(sent_count.c.scope, sent_count.c.subject, sent_count.c.hour, sent_count.c.number).where(
    sa.tuple_(sent_count.c.scope, sent_count.c.subject).in_(bindparam("whose", expanding=True)),
    sent_count.c.hour >= bindparam("since"),
)


def first_with_room(connection: Connection, caps: Mapping[Counted, int], *, now: datetime) -> datetime | None:
    """When the next one may go out: now, or the first clock hour in which none of them is at its cap.

    What waits is counted in the hour in which it goes out. None when there is no room for two days.
    """
    pairs = [(one.scope, one.subject[:320]) for one in caps]
    rows = connection.execute(_FROM_NOW, {"whose": pairs, "since": hour_of(now)})
    taken = {(scope, subject, hour): number for scope, subject, hour, number in rows}
    moment = now
    while moment - now < LONGEST_WAIT:
        hour = hour_of(moment)
        if all(taken.get((one.scope, one.subject[:320], hour), 0) < cap for one, cap in caps.items()):
            return moment
        moment = hour + timedelta(hours=1)
    return None


def forget(connection: Connection, *, before: datetime) -> int:
    return connection.execute(sent_count.delete().where(sent_count.c.hour < before)).rowcount
