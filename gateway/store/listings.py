"""Rows for people's eyes: what the listings of the command line show, in the names that scripts rely on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.ticket import Field
from gateway.store.tables import (
    address,
    attachment,
    delivery,
    event,
    membership,
    message,
    organisation,
    outbox,
    participant,
    person,
    received_mail,
    ticket,
    ticket_link,
    ticket_tag,
    timer,
)
from gateway.store.views import Condition
from gateway.threading.spans import kept_reply

Row = dict[str, Any]
PAGE = 1_000


def shown_id(letter: str, number: int | None) -> str | None:
    """`m-12` for mail 12, `l-7` for letter 7."""
    return None if number is None else f"{letter}-{number}"


def instant(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, or None."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def mails(
    connection: Connection,
    *,
    status: str = "",
    verdict: str = "",
    sender: str = "",
    ticket_id: int | None = None,
    newest: int = 0,
) -> Iterator[Row]:
    """A row a delivery, oldest first, only those that all of these fit; `newest` limits to the last so many.

    sender: an address, or the end of one from its @ on.
    """
    who = sa.func.lower(sa.func.coalesce(sa.func.nullif(delivery.c.sender, ""), received_mail.c.from_hint))
    query = (
        select(
            delivery.c.id.label("delivery"),
            received_mail.c.id.label("mail"),
            received_mail.c.source,
            who.label("sender"),
            delivery.c.recipient,
            sa.func.coalesce(sa.func.nullif(delivery.c.message_id, ""), received_mail.c.message_id).label("message_id"),
            delivery.c.status,
            delivery.c.verdict,
            delivery.c.stage,
            delivery.c.reasons,
            delivery.c.ticket_id,
            received_mail.c.received_at,
        )
        .join(received_mail, received_mail.c.id == delivery.c.mail_id)
        .order_by(delivery.c.id)
    )
    if status:
        query = query.where(delivery.c.status == status)
    if verdict:
        query = query.where(delivery.c.verdict == verdict)
    if sender:
        wanted = sender.lower()
        query = query.where(who.endswith(wanted, autoescape=True) if wanted.startswith("@") else who == wanted)
    if ticket_id is not None:
        query = query.where(delivery.c.ticket_id == ticket_id)
    for row in _newest(connection, query, delivery.c.id, newest):
        yield {
            "id": shown_id("m", row.mail),
            "source": row.source,
            "sender": row.sender,
            "recipient": row.recipient,
            "message_id": row.message_id,
            "status": row.status,
            "verdict": row.verdict or None,
            "stage": row.stage or None,
            "reasons": row.reasons or [],
            "ticket": row.ticket_id,
            "received_at": instant(row.received_at),
        }


def tickets(
    connection: Connection, *, number: int | None = None, newest: int = 0, where: Sequence[Condition] = ()
) -> Iterator[Row]:
    """All tickets, oldest first; only one, only those of `where`, or only the newest so many of them."""
    requester = sa.alias(person, "requester")
    owner_address = (
        select(sa.func.min(address.c.address)).where(address.c.person_id == ticket.c.owner_id).scalar_subquery()
    )
    query = (
        select(
            ticket,
            requester.c.name.label("requester_name"),
            organisation.c.name.label("organisation_name"),
            owner_address.label("owner_address"),
        )
        .join(requester, requester.c.id == ticket.c.requester_id)
        .outerjoin(organisation, organisation.c.id == ticket.c.organisation_id)
        .order_by(ticket.c.id)
    )
    if number is not None:
        query = query.where(ticket.c.id == number)
    rows = _newest(connection, query.where(*where), ticket.c.id, newest)
    for page in batched(rows, PAGE):
        tags = _tags(connection, [row.id for row in page])
        yield from (_ticket(row, tags) for row in page)


def _ticket(row: Any, tags: Mapping[int, list[str]]) -> Row:
    fields = row.fields or {}
    return {
        "number": row.id,
        "subject": row.subject,
        "state": row.state,
        "area": row.area,
        "category": row.category,
        "nature": row.nature,
        "requester": row.requester_address,
        "organisation": row.organisation_name,
        "owner": row.owner_address,
        "priority": row.priority,
        "tags": tags.get(row.id, []),
        "language": row.language,
        "origin": row.origin,
        "classification": row.classification,
        "time_spent": row.time_spent,
        "due_at": instant(row.due_at),
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "verified": row.verified,
        "storm": row.storm,
        "muted_until": instant(row.muted_until),
        # The targets that it missed, and the level of the ladder that it was escalated to.
        "overdue": [name for name in fields.get(Field.OVERDUE, "").split(",") if name],
        "level": fields.get(Field.LEVEL, ""),
        "group": fields.get(Field.GROUP, ""),
    }


def _tags(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    query = select(ticket_tag.c.ticket_id, ticket_tag.c.tag).where(ticket_tag.c.ticket_id.in_(numbers))
    query = query.order_by(ticket_tag.c.tag)
    found: dict[int, list[str]] = {}
    for ticket_id, tag in connection.execute(query):
        found.setdefault(ticket_id, []).append(tag)
    return found


def conversation(connection: Connection, number: int) -> list[Row]:
    """The messages of a ticket with what in each is folded (`elided`)."""
    files: dict[int, list[Row]] = {}
    of_ticket = (
        select(attachment)
        .join(message, message.c.id == attachment.c.message_id)
        .where(message.c.ticket_id == number)
        .order_by(attachment.c.id)
    )
    for row in connection.execute(of_ticket):
        one = {"name": row.name, "type": row.type, "size": row.size, "sha256": row.sha256, "repeated": row.repeated}
        files.setdefault(row.message_id, []).append(one)
    query = (
        select(message, person.c.name)
        .outerjoin(person, person.c.id == message.c.author_id)
        .where(message.c.ticket_id == number)
        .order_by(message.c.id)
    )
    return [
        {
            "id": row.id,
            "author": row.author_address or row.name,
            "kind": row.kind,
            "public": row.public,
            "verified": row.verified,
            "flags": row.flags or [],
            **_folded(row.text, row.spans or []),
            "attachments": files.get(row.id, []),
            "at": instant(row.at),
        }
        for row in connection.execute(query)
    ]


def _folded(text: str, spans: Sequence[Sequence[Any]]) -> Row:
    """The text that a person reads, and what is folded away from it."""
    reply = kept_reply(text, spans)
    return {"text": reply.new_text if spans else text, "elided": reply.elided}


def events(connection: Connection, number: int) -> list[Row]:
    query = (
        select(event, person.c.name)
        .outerjoin(person, person.c.id == event.c.actor_id)
        .where(event.c.ticket_id == number)
        .order_by(event.c.id)
    )
    return [
        {
            "action": row.action,
            "actor": row.name or row.actor_kind,
            "data": row.data or {},
            "cause": row.cause,
            "at": instant(row.at),
        }
        for row in connection.execute(query)
    ]


def timers(connection: Connection, number: int) -> list[Row]:
    query = select(timer).where(timer.c.ticket_id == number, timer.c.fired_at.is_(None)).order_by(timer.c.due_at)
    return [{"rule": row.rule, "due_at": instant(row.due_at)} for row in connection.execute(query)]


def links(connection: Connection, number: int) -> list[Row]:
    """The tickets that this one is linked to: by a link of its own (`to`), or by one of theirs (`from`)."""
    mine = ticket_link.c.ticket_id == number
    query = (
        select(
            sa.case((mine, ticket_link.c.other_id), else_=ticket_link.c.ticket_id).label("other"),
            ticket_link.c.kind,
            sa.case((mine, "to"), else_="from").label("direction"),
        )
        .where(sa.or_(mine, ticket_link.c.other_id == number))
        .order_by(ticket_link.c.id)
    )
    return [{"ticket": row.other, "kind": row.kind, "direction": row.direction} for row in connection.execute(query)]


def merged_into(connection: Connection, number: int) -> list[int]:
    """The closed tickets of the same requester that were duplicates of this one, and of those again."""
    kept, other = ticket.alias(), ticket.alias()
    step = (
        select(ticket_link.c.ticket_id, ticket_link.c.other_id)
        .join(other, other.c.id == ticket_link.c.ticket_id)
        .join(kept, kept.c.id == ticket_link.c.other_id)
        .where(
            ticket_link.c.kind == "duplicate",
            other.c.closed_at.is_not(None),
            other.c.requester_id == kept.c.requester_id,
        )
    )
    found: list[int] = []
    looking = [number]
    while looking:
        rows = connection.execute(step.where(ticket_link.c.other_id.in_(looking)))
        looking = [one for one in dict.fromkeys(row.ticket_id for row in rows) if one != number and one not in found]
        found += looking
    return found


def participants(connection: Connection, number: int) -> list[Row]:
    named = sa.func.coalesce(sa.func.nullif(participant.c.address, ""), sa.func.min(address.c.address))
    query = (
        select(person.c.name, named.label("address"), participant.c.role)
        .join(person, person.c.id == participant.c.person_id)
        .outerjoin(address, address.c.person_id == person.c.id)
        .where(participant.c.ticket_id == number, participant.c.left_at.is_(None))
        .group_by(person.c.id, person.c.name, participant.c.role, participant.c.address)
        .order_by(person.c.id)
    )
    return [{"name": row.name, "address": row.address, "role": row.role} for row in connection.execute(query)]


def letters(connection: Connection, *, status: str = "", newest: int = 0) -> Iterator[Row]:
    query = select(outbox).order_by(outbox.c.id)
    if status:
        query = query.where(outbox.c.status == status)
    for row in _newest(connection, query, outbox.c.id, newest):
        yield {
            "id": shown_id("l", row.id),
            "letter": row.letter,
            "language": row.language,
            "to": row.to_address,
            "subject": row.subject,
            "status": row.status,
            "message_id": row.message_id,
            "ticket": row.ticket_id,
            "attempts": row.attempts,
            "response": row.response,
            "envelope_from": row.envelope_from,
            "text": row.text,
            "html": row.html,
            "headers": row.headers or [],
        }


def people(connection: Connection, *, wanted: str = "") -> Iterator[Row]:
    roles: dict[int, dict[str, list[str]]] = {}
    for row in connection.execute(select(membership).order_by(membership.c.area)):
        roles.setdefault(row.person_id, {}).setdefault(row.role, []).append(row.area)
    query = (
        select(address.c.address, person, organisation.c.name.label("organisation_name"))
        .join(person, person.c.id == address.c.person_id)
        .outerjoin(organisation, organisation.c.id == person.c.organisation_id)
        .order_by(address.c.address)
    )
    if wanted:
        query = query.where(address.c.address == wanted)
    for row in connection.execute(query):
        own = roles.get(row.id, {})
        yield {
            "address": row.address,
            "name": row.name,
            "state": row.state,
            "role": next((role for role in ("administrator", "supervisor", "agent") if role in own), "customer"),
            "areas": sorted({area for areas in own.values() for area in areas}),
            "language": row.language,
            "organisation": row.organisation_name,
            "organisation_agent": row.organisation_agent,
            "absent_until": instant(row.absent_until),
        }


def batched(rows: Iterable[Any], most: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while page := list(islice(left, most)):
        yield page


def _newest(connection: Connection, query: Any, key: Any, newest: int) -> Iterator[Any]:
    """All rows in order, a page at a time; or the newest so many."""
    if newest:
        rows = connection.execute(query.order_by(None).order_by(key.desc()).limit(newest)).all()
        yield from reversed(rows)
        return
    last = -1
    while rows := connection.execute(query.where(key > last).add_columns(key.label("key_")).limit(PAGE)).all():
        yield from rows
        last = rows[-1].key_
