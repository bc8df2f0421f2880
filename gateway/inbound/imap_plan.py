"""What is to be done in a folder, from what the server holds and what the ledger says. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.store.mailboxes import Entry, State

# A mail that failed so often is told to the operator.
REPEATEDLY = 3
# Two looks and a reconnection; who is later than that is not reading.
LATE = timedelta(minutes=3)
# Waits after the failures of a mail. A line that was bad for a quarter of an hour is forgiven within a minute; a mail
# that takes the connection down with it costs one connection in ten minutes in the end.
AGAIN = (timedelta(0), timedelta(0), timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=45))
AFTER_MANY = timedelta(minutes=10)
MANY = 20
TOGETHER = 500
A_FEW = 8
NOT_LATER_THAN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """UIDs, ascending: `groups` to read together, `finish` to mark, move or delete.

    Fresh mails come in large groups, those that failed once in small ones, and those that failed again each alone: so
    the one that takes the connection down with it is found, and stands behind all others.
    `gone` were to be finished and are no more there, `vanished` could not be read and are no more there: neither is
    anybody's fault. `failing` are those to warn about; they are tried again less and less often. `behind` is how many
    are there and not here, `more` whether there are fresh ones for another look at once.
    """

    groups: tuple[tuple[int, ...], ...] = ()
    finish: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    vanished: tuple[int, ...] = ()
    failing: tuple[int, ...] = ()
    behind: int = 0
    more: bool = False


def plan(held: Collection[int], ledger: Mapping[int, Entry], *, now: datetime) -> Plan:
    """`held` is everything that the server has and that counts; `ledger` what became of mails so far."""
    there = set(held)
    failing = {uid: entry for uid, entry in ledger.items() if entry.outcome == "failing"}
    fresh = sorted(there - ledger.keys())
    due = [uid for uid, entry in failing.items() if uid in there and _due(entry, now)]
    once = sorted(uid for uid in due if failing[uid].failures < 2)
    often = sorted((uid for uid in due if failing[uid].failures >= 2), key=lambda uid: (failing[uid].failures, uid))
    return Plan(
        groups=(*_cut(fresh[: 2 * TOGETHER], TOGETHER), *_cut(once, A_FEW), *((uid,) for uid in often)),
        finish=tuple(sorted(uid for uid, entry in ledger.items() if entry.unfinished and uid in there)),
        gone=tuple(sorted(uid for uid, entry in ledger.items() if entry.unfinished and uid not in there)),
        vanished=tuple(sorted(failing.keys() - there)),
        failing=tuple(sorted(u for u, entry in failing.items() if u in there and entry.failures >= REPEATEDLY)),
        behind=len(fresh) + len(failing.keys() & there),
        more=len(fresh) > 2 * TOGETHER,
    )


def _due(entry: Entry, now: datetime) -> bool:
    waiting = AFTER_MANY if entry.failures >= MANY else AGAIN[min(max(entry.failures, 1), len(AGAIN)) - 1]
    return entry.failed_at is None or entry.failed_at + waiting <= now


def _cut(uids: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    return (tuple(uids[start : start + most]) for start in range(0, len(uids), most))


def first_look(*, uidvalidity: int, uidnext: int, newest: Iterable[datetime], now: datetime) -> State:
    """Where reading begins in a folder that was never read. `newest` are dates (INTERNALDATE) of mails already there.

    The date from which mail counts is by the server's clock where it can be: a second after the last that was there.
    A date in the far future is somebody's mistake.
    """
    dates = [date for date in newest if date < now + NOT_LATER_THAN]
    since = max(dates) + timedelta(seconds=1) if dates else now - timedelta(days=1)
    return State(uidvalidity=uidvalidity, baseline=uidnext, since=since)


def renumbered(state: State, *, uidvalidity: int, uidnext: int) -> State:
    """The state after the server numbered its mails anew: what is there now is told apart by its date."""
    return replace(state, uidvalidity=uidvalidity, baseline=uidnext, renumbered=True)


def went_back(uidnext: int, ledger: Collection[int]) -> bool:
    """Whether the server will give a number again that we know: then it was restored from a copy (RFC 3501, 2.3.1.1,
    wants a new UIDVALIDITY for that; Maildirs keep theirs). `uidnext` is 0 when the server does not say."""
    return bool(uidnext) and max(ledger, default=0) >= uidnext


def of_the_past(uid: int, date: datetime | None, state: State) -> bool:
    """Whether a mail was there before us."""
    if uid >= state.baseline:
        return False
    return not state.renumbered or (date is not None and date < state.since)


def batches(sizes: Mapping[int, int], *, most: int, most_bytes: int) -> list[tuple[int, ...]]:
    """UIDs in their order, so many and so many bytes together at most; one that is larger comes alone."""
    found: list[tuple[int, ...]] = []
    batch: list[int] = []
    size = 0
    for uid in sorted(sizes):
        if batch and (len(batch) == most or size + sizes[uid] > most_bytes):
            found.append(tuple(batch))
            batch, size = [], 0
        batch.append(uid)
        size += sizes[uid]
    if batch:
        found.append(tuple(batch))
    return found


def shown(uids: Sequence[int], most: int = 20) -> str:
    """UIDs for a sentence."""
    named = ", ".join(map(str, uids[:most]))
    return f"{named} and {len(uids) - most} more" if len(uids) > most else named
