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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail with commands, and all of it that carrying them out needs, however much later that is.

    `commands` has the text below them, as it was written; `quoted` what the mail quotes; `apart` the addresses that it
    went to, `cc` as pairs of address and name those of its Cc.
    """

    delivery_id: int
    address: str
    message_id: str
    commands: str
    quoted: str = ""
    files: Sequence[File] = ()
    apart: frozenset[str] = frozenset()
    cc: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Commands that wait for their code."""

    id: int
    ticket_id: int | None
    mail: Written
    code: str
    open: bool


def wait(
    connection: Connection, mail: Written, *, person_id: int, ticket_id: int | None, code: str, now: datetime
) -> int:
    """Keep commands until the code comes back; the number that the letter's token carries."""
    row = {
        "person_id": person_id,
        "ticket_id": ticket_id,
        "delivery_id": mail.delivery_id,
        "address": mail.address,
        "message_id": mail.message_id,
        "commands": mail.commands,
        "quoted": mail.quoted,
        "files": [asdict(one) for one in mail.files],
        "apart": sorted(mail.apart),
        "cc": [list(one) for one in mail.cc],
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
        mail=Written(
            delivery_id=row.delivery_id,
            address=row.address,
            message_id=row.message_id,
            commands=row.commands,
            quoted=row.quoted,
            files=tuple(File(**one) for one in row.files or ()),
            apart=frozenset(row.apart or ()),
            cc=tuple((address, name) for address, name in row.cc or ()),
        ),
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


def purge(connection: Connection, *, now: datetime) -> int:
    """Drop what mails said whose code is late; how many. That it was asked for stays: no code becomes an answer."""
    late = (waiting_command.c.until < now, waiting_command.c.commands != "")
    nothing = {"commands": "", "quoted": "", "files": [], "apart": [], "cc": []}
    return connection.execute(waiting_command.update().where(*late).values(**nothing)).rowcount


def digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
