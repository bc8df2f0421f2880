"""What people asked for: that another address be theirs too. Each is answered once, by who reads mail there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import address_wish


@dataclass(frozen=True, slots=True)
class AddressWish:
    """A wish that nobody has answered. `cause` is the mail by which it came."""

    id: int
    person_id: int
    address: str
    cause: str


_NEW = Statement(address_wish.insert().returning(address_wish.c.id))


def ask(connection: Connection, person_id: int, address: str, *, cause: str, now: datetime) -> int:
    row = {"person_id": person_id, "address": address, "cause": cause, "asked_at": now}
    number: int = _NEW.scalar(connection, row)
    return number


def unanswered(connection: Connection, number: int, *, since: datetime, lock: bool = False) -> AddressWish | None:
    """None for one that is answered, that was asked for before `since`, or that there is not."""
    query = select(address_wish.c.id, address_wish.c.person_id, address_wish.c.address, address_wish.c.cause).where(
        address_wish.c.id == number, address_wish.c.outcome == "", address_wish.c.asked_at >= since
    )
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else AddressWish(*tuple(row))


def answer(connection: Connection, number: int, outcome: str, *, now: datetime) -> None:
    """joined or refused, for good."""
    mine = address_wish.update().where(address_wish.c.id == number, address_wish.c.outcome == "")
    connection.execute(mine.values(outcome=outcome, answered_at=now))
