"""All that happened to a mail, in order, for `gateway explain`: each a time and a sentence, never text of the mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from gateway.store.listings import Row, instant, shown_id
from gateway.store.tables import delivery, event, message, outbox, received_mail

# What an event says in the words of a mail.
WRITTEN = frozenset({"comment", "answers", "proposed"})


def judgements(connection: Connection, mail_id: int) -> list[Row]:
    """What was written down about each delivery of a mail."""
    mail = connection.execute(select(received_mail).where(received_mail.c.id == mail_id)).first()
    rows = connection.execute(select(delivery).where(delivery.c.mail_id == mail_id).order_by(delivery.c.id)).all()
    return [
        {
            "recipient": row.recipient,
            "status": row.status,
            "verdict": row.verdict,
            "stage": row.stage,
            "reasons": row.reasons or [],
            "facts": {name: value for name, value in (row.facts or {}).items() if name != "spans"}
            | {
                "ticket": row.ticket_id,
                "attempts": row.attempts,
                "duplicate_of": row.duplicate_of,
                "first_mail": _mail_of(connection, row.duplicate_of),
            },
            "spans": _spans(connection, row),
            "trail": _trail(connection, mail, row, others={one.ticket_id for one in rows if one.id != row.id}),
        }
        for row in rows
    ]


def _spans(connection: Connection, row: Any) -> tuple[tuple[int, int, str, str], ...]:
    """How the text that the delivery brought was read, as kept with its message, or with what was found."""
    query = select(message.c.spans).where(message.c.delivery_id == row.id).order_by(message.c.id).limit(1)
    spans = (row.facts or {}).get("spans") or connection.execute(query).scalar() or ()
    return tuple((start, end, kind, reason) for start, end, kind, reason in spans)


def _trail(connection: Connection, mail: Any, row: Any, *, others: set[int | None]) -> list[tuple[str, str]]:
    found: list[tuple[datetime, str]] = [(mail.received_at, _received(mail))]
    found += [(datetime.fromisoformat(at), what) for at, what in row.trouble or []]
    if row.done_at is not None and row.status in ("done", "parked"):
        found.append((row.done_at, f"{row.verdict} by {row.stage}"))
    elif row.status == "pending":
        found.append((row.due_at, "waits to be judged, not before this"))
    of_mail = select(event).where(event.c.cause == f"m-{mail.id}").order_by(event.c.id)
    for one in connection.execute(of_mail):
        if one.ticket_id is None or one.ticket_id == row.ticket_id or one.ticket_id not in others:
            found.append((one.at, _event(one)))
    anchors = [f"delivery {row.id}", f"delivery {row.id} again"]
    # What its sender is told can be about no ticket, or another: a list, how their requests are.
    told = and_(outbox.c.to_address == row.sender, outbox.c.created_at >= mail.received_at)
    of_it = told if row.ticket_id is None else or_(outbox.c.ticket_id == row.ticket_id, told)
    letters = select(outbox).where(of_it).order_by(outbox.c.id)
    for one in connection.execute(letters):
        if one.dedupe_key.rpartition("/")[2] in anchors:
            found.append(
                (one.created_at, f"letter {shown_id('l', one.id)}, {one.letter} to {one.to_address}: {one.status}")
            )
    if mail.purged_at is not None:
        found.append((mail.purged_at, "its bytes were dropped after their time"))
    return [(instant(at) or "", what) for at, what in sorted(found, key=lambda one: one[0])]


def _received(mail: Any) -> str:
    path = "" if mail.envelope_from is None else f", return path {mail.envelope_from or '<>'}"
    return f"received by {mail.source}{f' from {mail.peer}' if mail.peer else ''}{path}, {mail.size} bytes"


def _event(one: Any) -> str:
    data = " ".join(f"{name}={value}" for name, value in (one.data or {}).items() if value and name not in WRITTEN)
    where = f"ticket #{one.ticket_id}: " if one.ticket_id is not None else ""
    return f"{where}{one.action} {data}".strip()


def _mail_of(connection: Connection, delivery_id: int | None) -> str | None:
    if delivery_id is None:
        return None
    return shown_id("m", connection.execute(select(delivery.c.mail_id).where(delivery.c.id == delivery_id)).scalar())
