"""What a new ticket is compared with: the newest open tickets of its requester."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.desk.suspects import Resembling
from gateway.store.statement import Statement
from gateway.store.tables import message, ticket

# A machine can have very many: then the newest have to do.
MOST = 30

_NEWEST = (
    select(ticket.c.id, ticket.c.subject, ticket.c.created_at, ticket.c.closed_at)
    .where(ticket.c.requester_id == bindparam("requester"))
    .order_by(ticket.c.id.desc())
    .limit(MOST)
    .subquery()
)
_FIRST = (
    select(message.c.sketch).where(message.c.ticket_id == _NEWEST.c.id).order_by(message.c.id).limit(1)
).scalar_subquery()
_OPEN = Statement(
    select(_NEWEST.c.id, _NEWEST.c.subject, sa.type_coerce(_FIRST, sa.JSON), _NEWEST.c.created_at).where(
        _NEWEST.c.closed_at.is_(None), _NEWEST.c.created_at >= bindparam("since")
    )
)


def newest_open(connection: Connection, requester_id: int, *, since: datetime) -> list[Resembling]:
    rows = _OPEN.rows(connection, {"requester": requester_id, "since": since})
    return [Resembling(number, subject, tuple(text or ()), at) for number, subject, text, at in rows]
