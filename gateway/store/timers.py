"""Timers: set once for each cause, found by when they are due, fired once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.tables import timer
from gateway.store.upsert import insert


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
    select(timer.c.id, timer.c.scope, timer.c.ticket_id, timer.c.person_id, timer.c.rule, timer.c.due_at, timer.c.data)
    .where(timer.c.fired_at.is_(None), timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def due(connection: Connection, *, now: datetime, most: int) -> list[DueTimer]:
    """Timers to fire now, locked until the end of the transaction."""
    return [DueTimer(*tuple(row)) for row in connection.execute(_DUE, {"now": now, "most": most})]


def fired(connection: Connection, timer_id: int, *, now: datetime, outcome: str) -> None:
    connection.execute(timer.update().where(timer.c.id == timer_id).values(fired_at=now, outcome=outcome))


def postpone(connection: Connection, timer_id: int, *, until: datetime) -> None:
    connection.execute(timer.update().where(timer.c.id == timer_id).values(due_at=until))


def clear(connection: Connection, *, ticket_id: int, scopes: Iterable[str], rule: str = "") -> None:
    """Remove the timers of a state that is left, or of a ticket that is closed, which have not fired."""
    waiting = timer.delete().where(timer.c.ticket_id == ticket_id, timer.c.fired_at.is_(None))
    waiting = waiting.where(timer.c.scope.in_(list(scopes)))
    connection.execute(waiting.where(timer.c.rule == rule) if rule else waiting)
