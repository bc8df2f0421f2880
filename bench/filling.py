"""A database that has seen years of mail, written by a few statements in bulk."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.corpus import SUPPORT
from gateway.store import tables
from gateway.store.types import UTCDateTime
from gateway.work.office import Office

PEOPLE = 50_000
OPEN_OF_TEN = 1
PARAGRAPH = "The printer on the second floor has stopped again and shows error 49. " * 9


def fill(office: Office, *, tickets: int) -> None:
    """People, tickets, messages, deliveries, events and letters, as if each ticket were one mail and its receipt."""
    at = sa.literal(datetime.now(UTC) - timedelta(days=30), UTCDateTime)
    with office.database.write() as connection:
        _insert(connection, PEOPLE, _people, at)
        for rows in (_tickets, _mails, _deliveries, _messages, _ids, _events, _letters):
            _insert(connection, tickets, rows, at)
    with office.database.write() as connection:
        connection.execute(sa.text("ANALYZE"))


def _insert(connection: Connection, count: int, rows: Any, at: Any) -> None:
    """Insert rows for the numbers 1 to `count`, in their order, so that the row numbers are the same numbers."""
    numbers = sa.select(sa.literal(1, sa.BigInteger).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
    n = numbers.c.n
    for table, values in rows(n, at).items():
        connection.execute(table.insert().from_select(list(values), sa.select(*values.values()).order_by(n)))


def _people(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {
        tables.person: {"name": _text("Person ", n), "state": sa.literal("active"), "created_at": at},
        tables.address: {"address": _address(n), "person_id": n, "created_at": at},
        tables.sent_count: {
            "scope": sa.literal("letter"),
            "subject": _address(n),
            "hour": at,
            "number": sa.literal(1),
        },
    }


def _tickets(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    is_open = n % 10 < OPEN_OF_TEN
    return {
        tables.ticket: {
            "subject": _text("Printer stopped ", n),
            "state": sa.case((is_open, "open"), else_="closed"),
            "state_kind": sa.case((is_open, "open"), else_="final"),
            "area": sa.literal("support"),
            "requester_id": _person(n),
            "requester_address": _address(_person(n)),
            "created_at": at,
            "updated_at": at,
            "state_since": at,
            "closed_at": sa.case((is_open, sa.null()), else_=at),
        }
    }


def _mails(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {
        tables.received_mail: {
            "source": sa.literal("smtp"),
            "received_at": at,
            "size": sa.literal(4000),
            "message_id": _message_id(n),
            "from_hint": _address(_person(n)),
        }
    }


def _deliveries(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {
        tables.delivery: {
            "mail_id": n,
            "recipient": sa.literal(SUPPORT),
            "area": sa.literal("support"),
            "status": sa.literal("done"),
            "due_at": at,
            "verdict": sa.literal("ticket"),
            "stage": sa.literal("something_new"),
            "ticket_id": n,
            "content_key": _scattered(n),
            "once_key": _scattered(n) + "/support",
            "sender": _address(_person(n)),
            "message_id": _message_id(n),
            "done_at": at,
        }
    }


def _messages(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {
        tables.message: {
            "ticket_id": n,
            "delivery_id": n,
            "author_id": _person(n),
            "author_address": _address(_person(n)),
            "kind": sa.literal("mail"),
            "public": sa.true(),
            "text": sa.literal(PARAGRAPH),
            "at": at,
        }
    }


def _ids(n: Any, _at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {tables.known_message_id: {"value": _message_id(n), "ticket_id": n, "message_id": n}}


def _events(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {tables.event: {"ticket_id": n, "actor_id": _person(n), "action": sa.literal("received"), "at": at}}


def _letters(n: Any, at: Any) -> dict[sa.Table, dict[str, Any]]:
    return {
        tables.outbox: {
            "letter": sa.literal("receipt"),
            "area": sa.literal("support"),
            "ticket_id": n,
            "person_id": _person(n),
            "to_address": _address(_person(n)),
            "status": sa.literal("sent"),
            "due_at": at,
            "dedupe_key": "receipt/" + _address(_person(n)) + "/" + sa.cast(n, sa.String),
            "letter_key": _scattered(n),
            "message_id": "<" + _scattered(n) + "@desk.example>",
            "subject": _text("Printer stopped ", n),
            "text": sa.literal(PARAGRAPH),
            "created_at": at,
            "sent_at": at,
        }
    }


def _person(n: Any) -> Any:
    return n % PEOPLE + 1


def _address(person: Any) -> Any:
    return _text("filled.", person) + "@example.org"


def _message_id(n: Any) -> Any:
    return "<" + _scattered(n) + "@mail.example.org>"


def _scattered(n: Any) -> Any:
    """Different for each n, and without its order, as hashes and Message-IDs are."""
    return sa.cast((n * 2654435761) % 4294967296, sa.String)


def _text(words: str, n: Any) -> Any:
    return sa.literal(words, sa.String) + sa.cast(n, sa.String)
