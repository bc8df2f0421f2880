"""The outbox: letters put in, claimed, recorded as sent or not, and marked by delivery reports."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.statement import Statement
from gateway.store.tables import outbox, outbox_attachment, person
from gateway.store.types import UTCDateTime, word
from gateway.store.upsert import insert_for

# A claim looks at so many of the most urgent letters, and is fair among the domains of those.
WINDOW = 2_000


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment of a letter, kept as a blob."""

    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A finished letter. `dedupe_key` is made of subject, letter and anchor: an equal one is not put in again."""

    letter: str
    language: str
    area: str
    ticket_id: int | None
    person_id: int | None
    envelope_from: str
    to_address: str
    priority: int
    dedupe_key: str
    letter_key: str
    message_id: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    created_at: datetime
    attachments: tuple[KeptFile, ...] = ()
    # When it may go out; None: at once.
    due_at: datetime | None = None
    # Whether it waits until an operator releases the breaker.
    held: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A letter in the hands of one sender."""

    id: int
    letter: str
    ticket_id: int | None
    envelope_from: str
    to_address: str
    attempts: int
    message_id: str
    subject: str
    text: str
    html: str
    headers: list[list[str]]
    first_tried_at: datetime
    attachments: tuple[KeptFile, ...] = ()


_PUT = Statement(
    lambda dialect: (
        insert_for(dialect, outbox).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(outbox.c.id)
    )
)


def put(connection: Connection, letter: NewLetter) -> int | None:
    """Put a letter in; None when the same letter for the same cause is there already."""
    row = {
        "letter": letter.letter,
        "language": letter.language,
        "area": letter.area,
        "ticket_id": letter.ticket_id,
        "person_id": letter.person_id,
        "envelope_from": letter.envelope_from,
        "to_address": letter.to_address,
        "domain": letter.to_address.rpartition("@")[2],
        "priority": letter.priority,
        "due_at": letter.due_at or letter.created_at,
        "status": "held" if letter.held else "pending",
        "dedupe_key": letter.dedupe_key,
        "letter_key": letter.letter_key,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": [list(pair) for pair in letter.headers],
        "created_at": letter.created_at,
    }
    number: int | None = _PUT.scalar(connection, row)
    if number is not None and letter.attachments:
        files = [
            {"outbox_id": number, "name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256}
            for one in letter.attachments
        ]
        connection.execute(outbox_attachment.insert(), files)
    return number


_URGENT = (
    select(outbox.c.id, outbox.c.domain, outbox.c.priority, outbox.c.due_at)
    .where(outbox.c.status == word("pending"), outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
    .limit(WINDOW)
    .subquery("urgent")
)
_TURN = sa.func.row_number().over(
    partition_by=(_URGENT.c.priority, _URGENT.c.domain), order_by=(_URGENT.c.due_at, _URGENT.c.id)
)
_FAIR = select(_URGENT.c.id, _URGENT.c.priority, _TURN.label("turn")).subquery("fair")
_NEXT = select(_FAIR.c.id).order_by(_FAIR.c.priority, _FAIR.c.turn, _FAIR.c.id).limit(bindparam("most"))
_CLAIM = (
    outbox.update()
    .where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(outbox.c.id.in_(_NEXT), outbox.c.status == word("pending"))
            .with_for_update(skip_locked=True)
        )
    )
    .values(
        status="claimed",
        attempts=outbox.c.attempts + 1,
        claimed_by=bindparam("who"),
        claimed_until=bindparam("until"),
        first_tried_at=sa.func.coalesce(outbox.c.first_tried_at, bindparam("now", type_=UTCDateTime)),
    )
    .returning(outbox.c.id)
)
_READ_DUE = (
    select(
        outbox.c.id,
        outbox.c.letter,
        outbox.c.ticket_id,
        outbox.c.envelope_from,
        outbox.c.to_address,
        outbox.c.attempts,
        outbox.c.message_id,
        outbox.c.subject,
        outbox.c.text,
        outbox.c.html,
        outbox.c.headers,
        outbox.c.first_tried_at,
    )
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
)


def claim(connection: Connection, *, who: str, most: int, now: datetime, until: datetime) -> list[Due]:
    """Take what is due: the most urgent first, and among equals each domain in its turn."""
    taken = {"who": who, "most": most, "now": now, "until": until}
    ids = list(connection.execute(_CLAIM, taken).scalars())
    if not ids:
        return []
    files: dict[int, list[KeptFile]] = {}
    for row in connection.execute(select(outbox_attachment).where(outbox_attachment.c.outbox_id.in_(ids))):
        files.setdefault(row.outbox_id, []).append(KeptFile(row.name, row.type, row.size, row.sha256))
    rows: Iterable[Any] = connection.execute(_READ_DUE, {"ids": ids})
    return [Due(**row._mapping, attachments=tuple(files.get(row.id, ()))) for row in rows]


def was_written_to(connection: Connection, ticket_id: int, address: str) -> bool:
    """Whether there is a letter of this ticket to this address, sent or not."""
    query = select(outbox.c.id).where(outbox.c.ticket_id == ticket_id, outbox.c.to_address == address).limit(1)
    return connection.execute(query).first() is not None


_NEWEST = select(sa.func.max(outbox.c.id))
_SINCE = (
    select(outbox.c.letter, outbox.c.to_address, person.c.name)
    .outerjoin(person, person.c.id == outbox.c.person_id)
    .where(outbox.c.ticket_id == bindparam("wanted"), outbox.c.id > bindparam("since"))
    .order_by(outbox.c.id)
)


def newest(connection: Connection) -> int:
    """The number of the newest letter, 0 while there is none."""
    return connection.execute(_NEWEST).scalar() or 0


def written_since(connection: Connection, ticket_id: int, since: int) -> list[tuple[str, str, str]]:
    """Which letters about a ticket came after the one with this number: their kind, address, and the reader's name."""
    rows = connection.execute(_SINCE, {"wanted": ticket_id, "since": since})
    return [(letter, address, name or "") for letter, address, name in rows]


def withdraw(connection: Connection, ticket_id: int, person_id: int) -> int:
    """Letters of this ticket to somebody whose it is no longer are given up while none of them has left; how many."""
    theirs = outbox.update().where(
        outbox.c.ticket_id == ticket_id,
        outbox.c.person_id == person_id,
        outbox.c.status.in_((word("pending"), word("held"))),
    )
    return connection.execute(theirs.values(status="given up", response="the ticket is somebody else's")).rowcount


def record(
    connection: Connection,
    letter_id: int,
    *,
    who: str,
    status: str,
    now: datetime,
    response: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Write what became of an attempt; False when the letter is no longer in this sender's hands."""
    values: dict[str, Any] = {"status": status, "response": response[:1000], "claimed_by": "", "claimed_until": None}
    if status == "sent":
        values["sent_at"] = now
    if due_at is not None:
        values["due_at"] = due_at
    mine = outbox.update().where(
        outbox.c.id == letter_id, outbox.c.claimed_by == who, outbox.c.status == word("claimed")
    )
    return connection.execute(mine.values(values)).rowcount == 1


def claimants(connection: Connection) -> list[str]:
    """Everybody who has a letter in hand."""
    return list(
        connection.execute(select(outbox.c.claimed_by).where(outbox.c.status == word("claimed")).distinct()).scalars()
    )


def take_over_the_dead(connection: Connection, *, now: datetime, known: Sequence[str] = ()) -> int:
    """Make pending again what was claimed by a sender who let its time run out, or is known to be dead."""
    dead = outbox.update().where(
        outbox.c.status == word("claimed"),
        sa.or_(outbox.c.claimed_until < now, outbox.c.claimed_by.in_(list(known))),
    )
    return connection.execute(dead.values(status="pending", claimed_by="", claimed_until=None)).rowcount


@dataclass(frozen=True, slots=True)
class Reported:
    """A letter that did not arrive, as a delivery report or its sender says."""

    id: int
    ticket_id: int | None
    person_id: int | None
    to_address: str
    letter: str
    area: str = ""
    subject: str = ""
    created_at: datetime | None = None


_REPORTED = (
    outbox.c.id,
    outbox.c.ticket_id,
    outbox.c.person_id,
    outbox.c.to_address,
    outbox.c.letter,
    outbox.c.area,
    outbox.c.subject,
    outbox.c.created_at,
)


def by_key(connection: Connection, letter_key: str) -> Reported | None:
    row = connection.execute(select(*_REPORTED).where(outbox.c.letter_key == letter_key)).first()
    return None if row is None else Reported(*tuple(row))


def by_id(connection: Connection, letter_id: int) -> Reported | None:
    row = connection.execute(select(*_REPORTED).where(outbox.c.id == letter_id)).first()
    return None if row is None else Reported(*tuple(row))


@dataclass(frozen=True, slots=True)
class Went:
    """What became of a letter; `waits` while it still can go out."""

    sent_at: datetime | None
    waits: bool


def by_dedupe_key(connection: Connection, dedupe_key: str) -> Went | None:
    row = connection.execute(select(outbox.c.status, outbox.c.sent_at).where(outbox.c.dedupe_key == dedupe_key)).first()
    if row is None:
        return None
    return Went(row.sent_at if row.status == "sent" else None, row.status in ("pending", "held", "claimed"))


def answered(connection: Connection, message_ids: Collection[str]) -> list[tuple[str, datetime]]:
    """Those of these Message-IDs that are letters of ours: which letter each is, and when it was written."""
    if not message_ids:
        return []
    query = select(outbox.c.letter, outbox.c.created_at).where(outbox.c.message_id.in_(message_ids))
    return [(row.letter, row.created_at) for row in connection.execute(query)]


def mark_returned(connection: Connection, letter_id: int, *, response: str) -> None:
    mine = outbox.update().where(outbox.c.id == letter_id)
    connection.execute(mine.values(status="returned", response=response[:1000]))


def pending(connection: Connection) -> int:
    query = (
        select(sa.func.count())
        .select_from(outbox)
        .where(sa.or_(outbox.c.status == word("pending"), outbox.c.status == word("claimed")))
    )
    return connection.execute(query).scalar_one()


def purge(connection: Connection, *, before: datetime, now: datetime, most: int = 500) -> int:
    """Drop the texts of old letters; what was sent to whom and when stays."""
    done = ("sent", "refused", "given up", "returned")
    old = (
        select(outbox.c.id)
        .where(outbox.c.created_at < before, outbox.c.purged_at.is_(None), outbox.c.status.in_(done))
        .limit(most)
    )
    drop = outbox.update().where(outbox.c.id.in_(old)).values(text="", html="", headers=[], purged_at=now)
    return connection.execute(drop).rowcount
