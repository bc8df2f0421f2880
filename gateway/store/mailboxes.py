"""What is known of mailboxes: how far each was read, and what became of every mail in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.tables import mailbox_state, mailbox_uid
from gateway.store.upsert import insert

Outcome = Literal["kept", "large", "failing", "before"]
# PostgreSQL takes 65,535 values in a statement, SQLite half of that.
_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as its server numbers it; a change of uidvalidity means that all numbers are new (RFC 3501, 2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a folder was read. `baseline` is the first UID after what was there before us, `since` the date of it."""

    uidvalidity: int
    baseline: int
    since: datetime
    renumbered: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one mail; `unfinished` when it still has to be marked, moved, or deleted in the mailbox."""

    outcome: Outcome
    unfinished: bool = False
    failures: int = 0
    failed_at: datetime | None = None


def state(connection: Connection, account: str, folder: str) -> State | None:
    """None for a folder that was never looked at, or could not be opened so far."""
    row = connection.execute(select(mailbox_state).where(*_of(mailbox_state, account, folder))).first()
    if row is None or not row.uidvalidity:
        return None
    return State(
        uidvalidity=row.uidvalidity,
        baseline=row.baseline_uid,
        since=row.since,
        renumbered=row.renumbered_at is not None,
    )


def begin(connection: Connection, account: str, folder: str, state: State, *, now: datetime) -> None:
    """Remember where a folder's reading begins, or begins again under new numbers."""
    values = {
        "uidvalidity": state.uidvalidity,
        "baseline_uid": state.baseline,
        "last_uid": state.baseline - 1,
        "since": state.since,
        "renumbered_at": now if state.renumbered else None,
    }
    _write(connection, account, folder, values, now=now)


def note(connection: Connection, account: str, folder: str, *, now: datetime, **values: Any) -> None:
    """Write what an operator is to see of a folder: `checked_at`, `trouble`, `behind`, `spam`, `token_until`."""
    _write(connection, account, folder, values, now=now)


def _write(connection: Connection, account: str, folder: str, values: Mapping[str, Any], *, now: datetime) -> None:
    new = {"uidvalidity": 0, "baseline_uid": 0, "last_uid": 0, "since": now, "account": account, "folder": folder}
    statement = insert(connection, mailbox_state).values({**new, **values})
    connection.execute(statement.on_conflict_do_update(index_elements=["account", "folder"], set_=dict(values)))


def ledger(connection: Connection, place: Place) -> dict[int, Entry]:
    """Every mail of a folder that something became of, by its UID."""
    columns = (
        mailbox_uid.c.uid,
        mailbox_uid.c.outcome,
        mailbox_uid.c.unfinished,
        mailbox_uid.c.failures,
        mailbox_uid.c.failed_at,
    )
    rows = connection.execute(select(*columns).where(*_in(place)))
    return {
        uid: Entry(outcome, unfinished, failures, failed_at) for uid, outcome, unfinished, failures, failed_at in rows
    }


def take(connection: Connection, place: Place, uids: Sequence[int], *, unfinished: bool = False) -> set[int]:
    """Enter mails as kept, in the transaction that keeps them; those that nobody had entered as kept before."""
    taken: set[int] = set()
    for some in _parts(uids):
        rows = [_row(place, uid, "kept", unfinished=unfinished) for uid in some]
        statement = insert(connection, mailbox_uid).values(rows)
        statement = statement.on_conflict_do_update(
            index_elements=["account", "folder", "uidvalidity", "uid"],
            set_={"outcome": "kept", "unfinished": unfinished, "failures": 0, "failed_at": None},
            where=mailbox_uid.c.outcome == "failing",
        ).returning(mailbox_uid.c.uid)
        taken |= set(connection.execute(statement).scalars())
    return taken


def kept_as(connection: Connection, place: Place, mails: Mapping[int, int], *, large: Iterable[int] = ()) -> None:
    """Say which mail each taken UID is, and of which of them only the header was read."""
    one = mailbox_uid.c.uid == sa.bindparam("which")
    statement = mailbox_uid.update().where(*_in(place), one)
    if mails:
        rows = [{"which": uid, "mail": number} for uid, number in mails.items()]
        connection.execute(statement.values(mail_id=sa.bindparam("mail")), rows)
    for uid in large:
        # The original stays where it is.
        connection.execute(statement.values(outcome="large", unfinished=False), {"which": uid})


def pass_over(connection: Connection, place: Place, uids: Sequence[int]) -> None:
    """Enter mails that are older than what is to be read."""
    for some in _parts(uids):
        statement = insert(connection, mailbox_uid).values([_row(place, uid, "before") for uid in some])
        connection.execute(statement.on_conflict_do_nothing())


def failed(connection: Connection, place: Place, uids: Sequence[int], *, now: datetime) -> None:
    """Count a failure for mails that are not kept."""
    for some in _parts(uids):
        rows = [_row(place, uid, "failing") | {"failures": 1, "failed_at": now} for uid in some]
        statement = insert(connection, mailbox_uid).values(rows)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["account", "folder", "uidvalidity", "uid"],
                set_={"failures": mailbox_uid.c.failures + 1, "failed_at": now},
                where=mailbox_uid.c.outcome == "failing",
            )
        )


def finished(connection: Connection, place: Place, uids: Sequence[int]) -> None:
    for some in _parts(uids):
        done = mailbox_uid.update().where(*_in(place), mailbox_uid.c.uid.in_(some))
        connection.execute(done.values(unfinished=False))


def forget(connection: Connection, place: Place, uids: Sequence[int]) -> None:
    """Drop what could not be read and is no more in the folder: somebody moved or deleted it."""
    for some in _parts(uids):
        gone = mailbox_uid.delete().where(*_in(place), mailbox_uid.c.uid.in_(some))
        connection.execute(gone.where(mailbox_uid.c.outcome == "failing"))


def forget_all(connection: Connection, place: Place) -> None:
    """Drop what is known of a folder whose server gives the same numbers to other mails."""
    connection.execute(mailbox_uid.delete().where(*_in(place)))


def overview(connection: Connection) -> list[Any]:
    """The state rows of all folders ever read."""
    return list(connection.execute(select(mailbox_state).order_by(mailbox_state.c.account, mailbox_state.c.folder)))


def failing(connection: Connection, place: Place, *, least: int) -> list[int]:
    """The UIDs that failed at least so often and are not kept."""
    wanted = (mailbox_uid.c.outcome == "failing", mailbox_uid.c.failures >= least)
    query = select(mailbox_uid.c.uid).where(*_in(place), *wanted)
    return sorted(connection.execute(query).scalars())


def _of(table: sa.Table, account: str, folder: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.account == account, table.c.folder == folder


def _in(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_of(mailbox_uid, place.account, place.folder), mailbox_uid.c.uidvalidity == place.uidvalidity)


def _row(place: Place, uid: int, outcome: Outcome, *, unfinished: bool = False) -> dict[str, Any]:
    return {
        "account": place.account,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": uid,
        "outcome": outcome,
        "unfinished": unfinished,
    }


def _parts(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (uids[start : start + _MOST_ROWS] for start in range(0, len(uids), _MOST_ROWS))
