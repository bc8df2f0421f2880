"""Notices that were not written as letters: they wait for their reader's digest."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.desk.digest import MAY_WAIT
from gateway.store.statement import Statement
from gateway.store.tables import held_notice, outbox, ticket

_HOLD = Statement(held_notice.insert().inline())
_OF = select(
    held_notice.c.kind, ticket.c.id, ticket.c.subject, ticket.c.verified, ticket.c.area, held_notice.c.at
).join(ticket, ticket.c.id == held_notice.c.ticket_id)


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """What somebody is still to be told; `kind` is a letter's, or an alert's. `at` is when it would have gone out."""

    kind: str
    ticket: int
    subject: str
    verified: bool
    area: str
    at: datetime


def hold(connection: Connection, person_id: int, *, ticket_id: int, kind: str, now: datetime) -> None:
    _HOLD.run(connection, {"person_id": person_id, "ticket_id": ticket_id, "kind": kind, "at": now})


def held_for(connection: Connection, person_id: int) -> list[HeldNotice]:
    """Oldest first."""
    query = _OF.where(held_notice.c.person_id == person_id).order_by(held_notice.c.id)
    return [HeldNotice(*tuple(row)) for row in connection.execute(query)]


def forget(connection: Connection, person_id: int) -> None:
    """They have been told."""
    connection.execute(held_notice.delete().where(held_notice.c.person_id == person_id))


_NOTICES = (
    select(outbox.c.id)
    .where(
        outbox.c.person_id == bindparam("person"),
        outbox.c.created_at > bindparam("since"),
        sa.or_(*(outbox.c.letter == letter.value for letter in sorted(MAY_WAIT))),
    )
    .limit(bindparam("most"))
    .subquery()
)
_WRITTEN = Statement(select(sa.func.count()).select_from(_NOTICES))


def written(connection: Connection, person_id: int, *, since: datetime, most: int) -> int:
    """How many notices that could have waited were written to this person since then, counted up to `most`.

    Two nodes that write at once may both find room for the last one.
    """
    return int(_WRITTEN.scalar(connection, {"person": person_id, "since": since, "most": most}))
