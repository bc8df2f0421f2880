"""Commands that wait until whoever gave them brings their code."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.messages import File
from gateway.store.tables import waiting_command

VALID = timedelta(hours=24)
MOST_TRIES = 5
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: the commands with the text below them, as they were written, and the files that came along."""

    id: int
    ticket_id: int | None
    delivery_id: int
    address: str
    commands: str
    files: tuple[File, ...]
    code: str
    open: bool


def wait(
    connection: Connection,
    *,
    person_id: int,
    ticket_id: int | None,
    delivery_id: int,
    address: str,
    commands: str,
    files: Sequence[File],
    code: str,
    now: datetime,
) -> int:
    """Keep commands until the code comes back; the number that the letter's token carries."""
    row = {
        "person_id": person_id,
        "ticket_id": ticket_id,
        "delivery_id": delivery_id,
        "address": address,
        "commands": commands,
        "files": [asdict(one) for one in files],
        "code": digest(code),
        "until": now + VALID,
    }
    number: int = connection.execute(waiting_command.insert().returning(waiting_command.c.id), row).scalar_one()
    return number


def waiting(connection: Connection, number: int, *, person_id: int, now: datetime) -> Waiting | None:
    """What waits under this number, if it is this person's; `open` while a code may still be tried."""
    query = select(waiting_command).where(waiting_command.c.id == number, waiting_command.c.person_id == person_id)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    return Waiting(
        id=row.id,
        ticket_id=row.ticket_id,
        delivery_id=row.delivery_id,
        address=row.address,
        commands=row.commands,
        files=tuple(File(**one) for one in row.files or ()),
        code=row.code,
        open=row.done_at is None and row.until > now and row.tries < MOST_TRIES,
    )


def tried(connection: Connection, number: int) -> None:
    """A wrong code was brought."""
    mine = waiting_command.update().where(waiting_command.c.id == number)
    connection.execute(mine.values(tries=waiting_command.c.tries + 1))


def done(connection: Connection, number: int, *, now: datetime) -> None:
    """The code is used up."""
    connection.execute(waiting_command.update().where(waiting_command.c.id == number).values(done_at=now))


def digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
