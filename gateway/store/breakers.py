"""Breakers: on for a scope ('*' or a domain) until an operator releases them; and the letters that they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import breaker, outbox, person
from gateway.store.types import word
from gateway.store.upsert import insert

EVERYBODY = "*"
# The letters that are answers to a mail of somebody who may never have confirmed.
ANSWERS = ("receipt_new", "refused", "confirm_reminder")


@dataclass(frozen=True, slots=True)
class Breaker:
    """One that is on, and why."""

    id: int
    scope: str
    why: str
    tripped_at: datetime


_ON = Statement(select(breaker.c.scope).where(breaker.c.on_key.in_((bindparam("first"), bindparam("second")))))
_ALL_ON = (
    select(breaker.c.id, breaker.c.scope, breaker.c.why, breaker.c.tripped_at)
    .where(breaker.c.on_key.is_not(None))
    .order_by(breaker.c.id)
)
_RELEASED_AT = Statement(
    select(breaker.c.released_at)
    .where(breaker.c.scope == bindparam("scope"), breaker.c.released_at.is_not(None))
    .order_by(breaker.c.released_at.desc())
    .limit(1)
)


def is_on(connection: Connection, domain: str) -> bool:
    """Whether letters to never-confirmed senders of this domain are held."""
    return bool(_ON.rows(connection, {"first": EVERYBODY, "second": domain}))


def on(connection: Connection) -> list[Breaker]:
    return [Breaker(*row) for row in connection.execute(_ALL_ON)]


def released_at(connection: Connection, scope: str) -> datetime | None:
    """When it was released last; None for never."""
    moment: datetime | None = _RELEASED_AT.scalar(connection, {"scope": scope})
    return moment


def trip(connection: Connection, scope: str, *, why: str, now: datetime) -> int | None:
    """off -> on; its number, or None when it is on already: then somebody else tells it."""
    row = {"scope": scope, "why": why, "tripped_at": now, "on_key": scope}
    statement = insert(connection, breaker).on_conflict_do_nothing(index_elements=["on_key"])
    return connection.execute(statement.returning(breaker.c.id), row).scalar()


def release(connection: Connection, number: int, *, by: str, now: datetime) -> bool:
    """on -> off; False when it was off already."""
    mine = breaker.update().where(breaker.c.id == number, breaker.c.on_key.is_not(None))
    return connection.execute(mine.values(on_key=None, released_at=now, released_by=by)).rowcount == 1


@dataclass(frozen=True, slots=True)
class Held:
    """A letter that waits for a release; `wanted` is False when nobody should get it any more."""

    id: int
    domain: str
    wanted: bool


def hold(connection: Connection, scope: str, *, after: datetime) -> int:
    """pending -> held: letters to never-confirmed senders whose turn comes later; how many."""
    pending = select(person.c.id).where(person.c.id == outbox.c.person_id, person.c.state == "pending")
    mine = outbox.update().where(
        outbox.c.status == word("pending"), outbox.c.due_at > after, outbox.c.letter.in_(ANSWERS), pending.exists()
    )
    if scope != EVERYBODY:
        mine = mine.where(outbox.c.domain == scope)
    return connection.execute(mine.values(status="held")).rowcount


def held(connection: Connection, *, excepted: Sequence[str] = (), only: str = "") -> list[Held]:
    """Those that are held, oldest first: of one domain only, or without those of some."""
    wanted = sa.and_(person.c.state.in_(("pending", "active")), person.c.disowned_at.is_(None))
    query = (
        select(outbox.c.id, outbox.c.domain, sa.func.coalesce(wanted, sa.false()))
        .outerjoin(person, person.c.id == outbox.c.person_id)
        .where(outbox.c.status == word("held"), outbox.c.letter.in_(ANSWERS))
        .order_by(outbox.c.id)
    )
    if excepted:
        query = query.where(outbox.c.domain.not_in(list(excepted)))
    rows: Iterable[Any] = connection.execute(query.where(outbox.c.domain == only) if only else query)
    return [Held(number, domain, bool(found)) for number, domain, found in rows]


_ASKED = select(outbox.c.status, outbox.c.due_at).where(
    outbox.c.person_id == bindparam("person"), outbox.c.letter == word("receipt_new")
)


def asked(connection: Connection, person_id: int, *, now: datetime) -> Literal["yes", "not yet", "never"]:
    """Whether the letter that asks a person to confirm was to leave by now, waits for its turn, or was dropped."""
    letters = list(connection.execute(_ASKED, {"person": person_id}))
    if any(status not in ("held", "given up") and due_at <= now for status, due_at in letters):
        return "yes"
    return "not yet" if any(status != "given up" for status, _ in letters) else "never"


def count_held(connection: Connection, scope: str) -> int:
    query = select(sa.func.count()).where(outbox.c.status == word("held"), outbox.c.letter.in_(ANSWERS))
    return connection.execute(query if scope == EVERYBODY else query.where(outbox.c.domain == scope)).scalar_one()


_LET_GO = (
    outbox.update()
    .where(outbox.c.id == bindparam("which"), outbox.c.status == word("held"))
    .values(status="pending", due_at=bindparam("turn"))
)


def let_go(connection: Connection, turns: Iterable[tuple[int, datetime]]) -> None:
    """held -> pending, each at its turn."""
    rows = [{"which": number, "turn": turn} for number, turn in turns]
    if rows:
        connection.execute(_LET_GO, rows)


def drop(connection: Connection, numbers: Sequence[int], *, why: str) -> None:
    """held -> given up."""
    for begin in range(0, len(numbers), 500):
        some = outbox.c.id.in_(list(numbers[begin : begin + 500]))
        connection.execute(outbox.update().where(some).values(status="given up", response=why))
