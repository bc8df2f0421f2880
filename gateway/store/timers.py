"""Timers: set once for each cause, found by when they are due, fired once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import timer
from gateway.store.upsert import insert


class Wanted(Protocol):
    """A timer that a ticket should have, by its rule and by the event that it counts from."""

    @property
    def rule(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class FiredTimer:
    """A timer's row, fired or not; `made_up_by` is the timer in whose place it was done later."""

    id: int
    outcome: str
    made_up_by: int | None


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come."""

    id: int
    scope: str
    ticket_id: int | None
    person_id: int | None
    rule: str
    due_at: datetime
    data: Mapping[str, Any]
    once_key: str


def set_timer(
    connection: Connection,
    *,
    scope: str,
    rule: str,
    anchor: str,
    due_at: datetime,
    ticket_id: int | None = None,
    person_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> bool:
    """Set a timer; False when it was set already for the same subject, rule, and anchor event."""
    subject = f"ticket {ticket_id}" if ticket_id is not None else f"person {person_id}"
    row = {
        "scope": scope,
        "ticket_id": ticket_id,
        "person_id": person_id,
        "rule": rule,
        "once_key": f"{subject}/{rule}/{anchor}",
        "due_at": due_at,
        "data": dict(data or {}),
    }
    statement = insert(connection, timer).on_conflict_do_nothing(index_elements=["once_key"])
    # Not by rowcount, which PostgreSQL's driver does not have for this statement.
    return connection.execute(statement.returning(timer.c.id), row).scalar() is not None


_DUE = (
    select(
        timer.c.id,
        timer.c.scope,
        timer.c.ticket_id,
        timer.c.person_id,
        timer.c.rule,
        timer.c.due_at,
        timer.c.data,
        timer.c.once_key,
    )
    .where(timer.c.fired_at.is_(None), timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def due(connection: Connection, *, now: datetime, most: int) -> list[DueTimer]:
    """Timers to fire now, locked until the end of the transaction."""
    return [DueTimer(*tuple(row)) for row in connection.execute(_DUE, {"now": now, "most": most})]


_OF_TICKET = Statement(
    select(timer.c.id, timer.c.once_key, timer.c.fired_at).where(timer.c.ticket_id == bindparam("wanted"))
)


def key_of(ticket_id: int, wanted: Wanted) -> str:
    return f"ticket {ticket_id}/{wanted.rule}/{wanted.anchor}"


def sync(connection: Connection, ticket_id: int, wanted: Iterable[Wanted]) -> None:
    """Make these the timers of a ticket: what has not fired and is no longer wanted goes, what is new comes.

    One that is there already, fired or put off, stays as it is.
    """
    keys = {key_of(ticket_id, one): one for one in wanted}
    gone = []
    for row in _OF_TICKET.rows(connection, {"wanted": ticket_id}):
        number, key, fired_at = row
        if key not in keys and fired_at is None:
            gone.append(number)
        keys.pop(key, None)
    if gone:
        connection.execute(timer.delete().where(timer.c.id.in_(gone)))
    rows: list[dict[str, Any]] = [
        {
            "scope": "ticket",
            "ticket_id": ticket_id,
            "person_id": None,
            "rule": one.rule,
            "once_key": key,
            "due_at": one.due_at,
            "data": {},
        }
        for key, one in keys.items()
    ]
    if rows:
        connection.execute(insert(connection, timer).on_conflict_do_nothing(index_elements=["once_key"]), rows)


def waits_for(connection: Connection, person_id: int, rule: str) -> bool:
    """Whether this timer of a person is set and has not fired."""
    mine = (timer.c.person_id == person_id, timer.c.rule == rule, timer.c.fired_at.is_(None))
    return connection.execute(select(timer.c.id).where(*mine).limit(1)).first() is not None


def last_fired(connection: Connection, person_id: int, rule: str) -> datetime | None:
    mine = (timer.c.person_id == person_id, timer.c.rule == rule, timer.c.fired_at.is_not(None))
    return connection.execute(select(timer.c.fired_at).where(*mine).order_by(timer.c.fired_at.desc()).limit(1)).scalar()


def fired_of(connection: Connection, ticket_id: int) -> list[tuple[str, str]]:
    """The timers of a ticket that have fired: each by its rule, and by the event that it counted from."""
    rows = _OF_TICKET.rows(connection, {"wanted": ticket_id})
    named = [key.split("/", 1)[1].rsplit("/", 1) for _, key, fired_at in rows if fired_at is not None]
    return [(rule, anchor) for rule, anchor in named]


def of_key(connection: Connection, once_key: str) -> FiredTimer:
    row = connection.execute(
        select(timer.c.id, timer.c.outcome, timer.c.data).where(timer.c.once_key == once_key)
    ).one()
    return FiredTimer(row.id, row.outcome, (row.data or {}).get("by"))


def made_up(connection: Connection, timer_id: int, *, by: int, now: datetime) -> None:
    """What was dropped or never came was done after all, by another timer in its place."""
    values = {"fired_at": now, "outcome": "done", "data": {"by": by}}
    connection.execute(timer.update().where(timer.c.id == timer_id).values(values))


def fired(connection: Connection, timer_id: int, *, now: datetime, outcome: str) -> None:
    connection.execute(timer.update().where(timer.c.id == timer_id).values(fired_at=now, outcome=outcome))


def postpone(connection: Connection, timer_id: int, *, until: datetime) -> None:
    connection.execute(timer.update().where(timer.c.id == timer_id).values(due_at=until))
