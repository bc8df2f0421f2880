"""When the next of what is capped may go out: what waits is counted in the time in which it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.counts import Counted, raise_at
from gateway.store.statement import Statement
from gateway.store.tables import sent_count


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a cap is for, in slots: what falls into so many of them one after another may lie within it."""

    slot: timedelta
    slots: int


SLOT = timedelta(minutes=5)
HOUR = Window(SLOT, timedelta(hours=1) // SLOT + 1)
DAY = Window(timedelta(hours=1), 25)
LONGEST_WAIT = timedelta(hours=48)


def slot_of(moment: datetime, window: Window = HOUR) -> datetime:
    minute = 0 if window is DAY else moment.minute - moment.minute % 5
    return moment.replace(minute=minute, second=0, microsecond=0)


@cache
def _taken_by(several: int) -> Statement:
    # One after another: SQLite finds no index for pairs in a list.
    whose = (
        sa.and_(sent_count.c.scope == bindparam(f"scope{place}"), sent_count.c.subject == bindparam(f"subject{place}"))
        for place in range(several)
    )
    columns = (sent_count.c.scope, sent_count.c.subject, sent_count.c.hour, sent_count.c.number)
    return Statement(select(*columns).where(sa.or_(*whose), sent_count.c.hour > bindparam("since")))


def first_turn(
    connection: Connection, caps: Mapping[Counted, int], *, now: datetime, window: Window = HOUR
) -> datetime | None:
    """When the next one may go out: now, or when nothing of the window's length that it falls into is at its cap.

    None when there is no room for two days.
    """
    before, after = window.slots, LONGEST_WAIT // window.slot
    begin = slot_of(now, window) - before * window.slot
    taken = _taken(connection, tuple(caps), begin, slot=window.slot, size=after + 2 * before)
    rooms = [_Room([0, *accumulate(taken[one])], cap, before) for one, cap in caps.items()]
    for place in range(before, before + after):
        if all(room.at(place) for room in rooms):
            return now if place == before else begin + place * window.slot
    return None


def take(connection: Connection, counted: Sequence[Counted], *, at: datetime) -> None:
    """Count one that goes out then."""
    raise_at(connection, counted, slot_of(at))


def sums_between(
    connection: Connection, counted: Sequence[Counted], *, after: datetime, until: datetime
) -> dict[Counted, int]:
    """How many of each in the slots after the one of `after`, up to that of `until`."""
    found = dict.fromkeys(counted, 0)
    for scope, subject, moment, number in _rows(connection, counted, slot_of(after)):
        if moment <= until:
            found[Counted(scope, subject)] += number
    return found


def last(connection: Connection, counted: Counted) -> datetime | None:
    """The newest slot that has any; None for none."""
    query = select(sa.func.max(sent_count.c.hour)).where(
        sent_count.c.scope == counted.scope, sent_count.c.subject == counted.subject[:320]
    )
    return connection.execute(query).scalar()


def give_back(connection: Connection, scope: str, *, subject: str, after: datetime) -> None:
    """Forget what was counted for later than now: it does not go out then. '*' stands for all of the scope."""
    mine = sent_count.delete().where(sent_count.c.scope == scope, sent_count.c.hour > slot_of(after))
    connection.execute(mine if subject == "*" else mine.where(sent_count.c.subject == subject))


@dataclass(frozen=True, slots=True)
class _Room:
    """Where a cap has room: `sums` are of all slots before each place, `slots` what its window has."""

    sums: list[int]
    cap: int
    slots: int

    def at(self, place: int) -> bool:
        """Whether one more fits into every window that this slot is part of."""
        ends = range(place + 1, place + 1 + self.slots)
        return all(self.sums[end] - self.sums[end - self.slots] < self.cap for end in ends)


def _taken(
    connection: Connection, counted: Sequence[Counted], begin: datetime, *, slot: timedelta, size: int
) -> dict[Counted, list[int]]:
    found = {one: [0] * size for one in counted}
    for scope, subject, moment, number in _rows(connection, counted, begin - slot):
        place = (moment - begin) // slot
        if 0 <= place < size:
            found[Counted(scope, subject)][place] += number
    return found


def _rows(connection: Connection, counted: Sequence[Counted], since: datetime) -> list[tuple[str, str, datetime, int]]:
    wanted: dict[str, object] = {"since": since}
    for place, one in enumerate(counted):
        wanted |= {f"scope{place}": one.scope, f"subject{place}": one.subject[:320]}
    return [(row[0], row[1], row[2], row[3]) for row in _taken_by(len(counted)).rows(connection, wanted)]
