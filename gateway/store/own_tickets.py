"""What a requester sees of their own tickets: public messages, and the files that came with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Connection

from gateway.store.tables import attachment, message, person, ticket, ticket_tag

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """A line of the list of one's tickets; `state` is the workflow's name."""

    number: int
    subject: str
    area: str
    state: str
    state_kind: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OwnFile:
    """An attachment of a public message."""

    id: int
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PublicMessage:
    """A message that the requester may read. `spans` are [start, end, kind, reason] over `text`."""

    id: int
    author_id: int | None
    author: str
    at: datetime
    text: str
    spans: tuple[tuple[int, int, str, str], ...]
    files: tuple[OwnFile, ...]
    # Whether it is sure that they wrote it.
    verified: bool = True


LINE = (
    ticket.c.id,
    ticket.c.subject,
    ticket.c.area,
    ticket.c.state,
    ticket.c.state_kind,
    ticket.c.created_at,
    ticket.c.updated_at,
)


def of_person(connection: Connection, person_id: int) -> list[OwnTicket]:
    """Their tickets, the newest changed first, at most `MOST`."""
    query = (
        select(*LINE)
        .where(ticket.c.requester_id == person_id)
        .order_by(ticket.c.updated_at.desc(), ticket.c.id.desc())
        .limit(MOST)
    )
    return [OwnTicket(*tuple(row)) for row in connection.execute(query)]


def one(connection: Connection, person_id: int, number: int) -> OwnTicket | None:
    """A ticket of theirs; None for another's, and for one that there is not."""
    query = select(*LINE).where(ticket.c.id == number, ticket.c.requester_id == person_id)
    row = connection.execute(query).first()
    return None if row is None else OwnTicket(*tuple(row))


def newest(connection: Connection, person_id: int) -> OwnTicket | None:
    """The ticket that they opened last."""
    query = select(*LINE).where(ticket.c.requester_id == person_id).order_by(ticket.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else OwnTicket(*tuple(row))


def open_with_tag(connection: Connection, person_id: int, tag: str) -> list[int]:
    """The numbers of their tickets that have a tag and are not closed."""
    query = (
        select(ticket.c.id)
        .join(ticket_tag, ticket_tag.c.ticket_id == ticket.c.id)
        .where(ticket.c.requester_id == person_id, ticket_tag.c.tag == tag, ticket.c.closed_at.is_(None))
        .order_by(ticket.c.id)
    )
    return list(connection.execute(query).scalars())


def unconfirmed(connection: Connection, person_id: int) -> list[int]:
    """The numbers of their open tickets that are marked as from a sender who is not confirmed."""
    query = (
        select(ticket.c.id)
        .where(ticket.c.requester_id == person_id, ticket.c.verified.is_(False), ticket.c.closed_at.is_(None))
        .order_by(ticket.c.id)
    )
    return list(connection.execute(query).scalars())


def conversation(connection: Connection, number: int) -> list[PublicMessage]:
    """The public messages of a ticket, the oldest first."""
    files: dict[int, list[OwnFile]] = {}
    for row in connection.execute(_files().where(message.c.ticket_id == number, attachment.c.repeated.is_(False))):
        files.setdefault(row.message_id, []).append(OwnFile(row.id, row.name, row.type, row.size, row.sha256))
    query = (
        select(message, person.c.name.label("author_name"))
        .outerjoin(person, person.c.id == message.c.author_id)
        .where(message.c.ticket_id == number, message.c.public)
        .order_by(message.c.at, message.c.id)
    )
    return [
        PublicMessage(
            id=row.id,
            author_id=row.author_id,
            author=row.author_name or "",
            at=row.at,
            text=row.text,
            spans=_spans(row.spans or ()),
            files=tuple(files.get(row.id, ())),
            verified=row.verified,
        )
        for row in connection.execute(query)
    ]


def file(connection: Connection, number: int, file_id: int) -> OwnFile | None:
    """A file of a public message of this ticket."""
    row = connection.execute(_files().where(message.c.ticket_id == number, attachment.c.id == file_id)).first()
    return None if row is None else OwnFile(row.id, row.name, row.type, row.size, row.sha256)


def _files() -> Select[Any]:
    return (
        select(
            attachment.c.id,
            attachment.c.message_id,
            attachment.c.name,
            attachment.c.type,
            attachment.c.size,
            attachment.c.sha256,
        )
        .join(message, message.c.id == attachment.c.message_id)
        .where(message.c.public)
        .order_by(attachment.c.id)
    )


def _spans(kept: Sequence[Sequence[object]]) -> tuple[tuple[int, int, str, str], ...]:
    return tuple((int(str(start)), int(str(end)), str(kind), str(reason)) for start, end, kind, reason in kept)
