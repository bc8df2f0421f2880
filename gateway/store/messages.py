"""The pieces of a ticket's conversation, and the files that came with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.store.letters import KeptFile
from gateway.store.statement import Statement
from gateway.store.tables import attachment, message, outbox
from gateway.threading.own_words import own_words
from gateway.threading.spans import kept_reply


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to keep. `text` is whole; `spans` say what of it is folded: (start, end, kind, reason)."""

    ticket_id: int
    kind: str
    at: datetime
    text: str
    spans: tuple[tuple[int, int, str, str], ...] = ()
    html: str = ""
    author_id: int | None = None
    author_address: str = ""
    delivery_id: int | None = None
    public: bool = False
    verified: bool = False
    flags: tuple[str, ...] = ()
    time_spent: int = 0
    origin: str = "mail"
    evidence: str = ""
    # Of a mail: what tells nearly equal ones (desk/nearness.py).
    sketch: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment whose bytes are kept as a blob."""

    name: str
    type: str
    size: int
    sha256: str
    cid: str = ""
    inline: bool = False


_INSERT = Statement(message.insert().returning(message.c.id))


def add(connection: Connection, new: NewMessage, files: Sequence[File] = ()) -> int:
    """Write a message with its attachments; its number."""
    row = {
        "ticket_id": new.ticket_id,
        "delivery_id": new.delivery_id,
        "author_id": new.author_id,
        "author_address": new.author_address,
        "kind": new.kind,
        "public": new.public,
        "verified": new.verified,
        "text": new.text,
        "spans": [list(span) for span in new.spans],
        "html": new.html,
        "flags": list(new.flags),
        "time_spent": new.time_spent,
        "origin": new.origin,
        "evidence": new.evidence,
        "sketch": None if new.sketch is None else list(new.sketch),
        "at": new.at,
    }
    seen = _pictures(connection, new, files)
    number: int = _INSERT.scalar(connection, row)
    rows = [
        {
            "message_id": number,
            "name": one.name,
            "type": one.type,
            "size": one.size,
            "sha256": one.sha256,
            "cid": one.cid,
            "inline": one.inline,
            "repeated": _picture(one) and one.sha256 in seen,
        }
        for one in files
    ]
    if rows:
        connection.execute(attachment.insert(), rows)
    return number


def _picture(file: File) -> bool:
    return file.inline and file.type.startswith("image/")


def _pictures(connection: Connection, new: NewMessage, files: Sequence[File]) -> frozenset[str]:
    """Which of the inline pictures earlier messages of the ticket show; to the customer only public ones do."""
    wanted = {one.sha256 for one in files if _picture(one)}
    if not wanted:
        return frozenset()
    query = (
        select(attachment.c.sha256)
        .join(message, message.c.id == attachment.c.message_id)
        .where(message.c.ticket_id == new.ticket_id, attachment.c.sha256.in_(wanted), attachment.c.inline)
    )
    return frozenset(connection.scalars(query.where(message.c.public) if new.public else query))


def files_of(connection: Connection, number: int) -> tuple[KeptFile, ...]:
    """The files that came with one message."""
    rows = connection.execute(select(attachment).where(attachment.c.message_id == number).order_by(attachment.c.id))
    return tuple(KeptFile(row.name, row.type, row.size, row.sha256) for row in rows)


def pictures_before(
    connection: Connection, number: int, files: Sequence[File], *, author_id: int | None
) -> frozenset[str]:
    """Which of these inline pictures the ticket has already, or the author sent before: as quotes and signatures do."""
    wanted = {one.sha256 for one in files if _picture(one)}
    if not wanted:
        return frozenset()
    query = (
        select(attachment.c.sha256)
        .join(message, message.c.id == attachment.c.message_id)
        .where(
            attachment.c.sha256.in_(wanted),
            attachment.c.inline,
            sa.or_(message.c.ticket_id == number, message.c.author_id == author_id),
        )
    )
    return frozenset(connection.scalars(query))


def pictures_again(connection: Connection, number: int) -> frozenset[str]:
    """The pictures in the text of a ticket's mails that came more than once, as those of what is quoted do."""
    query = (
        select(attachment.c.sha256)
        .join(message, message.c.id == attachment.c.message_id)
        .where(message.c.ticket_id == number, attachment.c.repeated)
    )
    return frozenset(connection.scalars(query))


_NEWEST_SKETCHES = Statement(
    select(message.c.id, message.c.at, message.c.sketch)
    .where(message.c.ticket_id == bindparam("wanted"))
    .order_by(message.c.id.desc())
    .limit(bindparam("most"))
)


def sketches(connection: Connection, number: int, *, since: datetime, most: int) -> dict[int, tuple[int, ...]]:
    """What the newest mails of a ticket look like, by message, of those that came since then."""
    rows = _NEWEST_SKETCHES.rows(connection, {"wanted": number, "most": most})
    return {which: tuple(sketch) for which, at, sketch in rows if sketch is not None and at >= since}


def first_text(connection: Connection, number: int) -> str:
    """What a ticket began with, without what is quoted in it."""
    row = connection.execute(
        select(message.c.text, message.c.spans).where(message.c.ticket_id == number).order_by(message.c.id).limit(1)
    ).first()
    return "" if row is None else unfolded(row.text, row.spans or ())


def texts_of(connection: Connection, number: int, person_id: int) -> list[str]:
    """What somebody wrote in a ticket for its customers to read, oldest first, without what is quoted in it.

    With it, what was written down when the desk opened the ticket for them.
    """
    query = (
        select(message.c.text, message.c.spans)
        .where(message.c.ticket_id == number, message.c.public)
        .where(sa.or_(message.c.author_id == person_id, message.c.kind == "record"))
        .order_by(message.c.id)
    )
    return [unfolded(row.text, row.spans or ()) for row in connection.execute(query)]


def newest_texts(connection: Connection, number: int, *, most: int) -> tuple[str, ...]:
    """The newest texts of a ticket, oldest first: what came in, and what went out."""
    came = select(message.c.text, message.c.at).where(message.c.ticket_id == number, message.c.public)
    went = select(outbox.c.text, outbox.c.created_at.label("at")).where(outbox.c.ticket_id == number)
    both = sa.union_all(came, went).subquery()
    rows = connection.execute(select(both.c.text).order_by(both.c.at.desc()).limit(most)).scalars()
    return tuple(reversed([text for text in rows if text]))


def public_texts(connection: Connection, number: int, *, most: int) -> tuple[str, ...]:
    """The newest texts of a ticket that its customer wrote or can read, oldest first."""
    query = select(message.c.text).where(message.c.ticket_id == number, message.c.public)
    return tuple(
        reversed([text for text in connection.scalars(query.order_by(message.c.id.desc()).limit(most)) if text])
    )


class NamedLetter(NamedTuple):
    """A letter that a mail answers, and to whom it went."""

    person_id: int | None
    text: str
    html: str


def letters_named(connection: Connection, number: int, message_ids: Sequence[str]) -> list[NamedLetter]:
    """The ticket's letters that have these Message-IDs, oldest first: who answers one quotes it."""
    query = select(outbox.c.person_id, outbox.c.text, outbox.c.html)
    rows = connection.execute(
        query.where(outbox.c.ticket_id == number, outbox.c.message_id.in_(message_ids)).order_by(outbox.c.id)
    )
    return [NamedLetter(*row) for row in rows]


def unfolded(text: str, spans: Sequence[Sequence[Any]]) -> str:
    """The text of a message without what its spans fold away."""
    return kept_reply(text, spans).new_text if spans else text


@dataclass(frozen=True, slots=True)
class FromCustomer:
    """The newest words of a ticket's customer: who wrote them, when, and the files that came with them."""

    author_address: str
    at: datetime
    text: str
    files: tuple[KeptFile, ...]


def newest_of_customer(connection: Connection, number: int) -> FromCustomer | None:
    """The last mail of a ticket that its customer's side wrote, without what is quoted in it."""
    query = (
        select(message.c.id, message.c.author_address, message.c.at, message.c.text, message.c.spans)
        .where(message.c.ticket_id == number, message.c.kind == "mail", message.c.public)
        .order_by(message.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    words = unfolded(row.text, row.spans or ())
    return FromCustomer(row.author_address, row.at, words, files_of(connection, row.id))


PENDING_NOTE = "pending note"


@dataclass(frozen=True, slots=True)
class PendingNote:
    """What somebody wrote who could not be believed: it waits until they confirm it. `text` is without quotes."""

    id: int
    ticket_id: int
    text: str
    files: tuple[File, ...]


def pending_note(connection: Connection, number: int, *, author_id: int) -> PendingNote | None:
    """The pending note with this number, if this person wrote it and has not confirmed it yet."""
    query = select(message).where(
        message.c.id == number, message.c.kind == PENDING_NOTE, message.c.author_id == author_id
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    files = connection.execute(select(attachment).where(attachment.c.message_id == number).order_by(attachment.c.id))
    return PendingNote(
        id=row.id,
        ticket_id=row.ticket_id,
        text=own_words(kept_reply(row.text, row.spans), "") if row.spans else row.text,
        files=tuple(File(one.name, one.type, one.size, one.sha256, one.cid, one.inline) for one in files),
    )


def confirm(connection: Connection, number: int) -> None:
    """A pending note becomes what it was meant to be: a reply to the requester."""
    connection.execute(
        message.update().where(message.c.id == number).values(kind="reply", public=True, verified=True, flags=[])
    )


def keep_inside(connection: Connection, ticket_id: int, author_id: int) -> None:
    """What this person wrote in the ticket so far is for the desk alone."""
    theirs = message.update().where(message.c.ticket_id == ticket_id, message.c.author_id == author_id)
    connection.execute(theirs.values(public=False))


_OF_TICKET = select(message).where(message.c.ticket_id == bindparam("wanted")).order_by(message.c.id)
_FILES = (
    select(attachment)
    .join(message, message.c.id == attachment.c.message_id)
    .where(message.c.ticket_id == bindparam("wanted"))
    .order_by(attachment.c.id)
)


def of_ticket(connection: Connection, number: int) -> list[tuple[dict[str, Any], list[KeptFile]]]:
    """Every message of a ticket as a row, oldest first, each with its attachments."""
    files: dict[int, list[KeptFile]] = {}
    for row in connection.execute(_FILES, {"wanted": number}):
        files.setdefault(row.message_id, []).append(KeptFile(row.name, row.type, row.size, row.sha256))
    rows = connection.execute(_OF_TICKET, {"wanted": number}).mappings()
    return [(dict(row), files.get(row["id"], [])) for row in rows]
