"""One pass over open tickets with 1,000 due timers: how long, and how long the look-up alone, on both databases."""

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.store import timers
from gateway.store.session import Database
from gateway.store.tables import address, person, ticket, timer
from gateway.work.tick import MOST_TIMERS, fire_due
from tests.real_postgres import Postgres
from tests.world import migrated, opened, settings_of

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_TICKETS", "1000000"))
DUE = 1_000
LOOKS = 200
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def run() -> None:
    with Postgres() as server:
        for size in (SMALL, LARGE):
            folder = Path(tempfile.mkdtemp(prefix="bench-tick-"))
            try:
                _measure("SQLite", size, f"sqlite:///{folder}/gateway.db", folder)
                url = server.new_database()
                _measure("PostgreSQL", size, url, folder)
                server.drop_database(url)
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def _measure(name: str, size: int, url: str, folder: Path) -> None:
    database = migrated(url)
    _fill(database, size)
    office = opened(settings_of(folder, url), database)
    looks = sorted(_look(database) for _ in range(LOOKS))
    begin = time.perf_counter()
    fired = fire_due(office, now=NOW)
    took = time.perf_counter() - begin
    print(
        f"{name:<11} {size:>9,} open tickets: look-up {looks[LOOKS // 2] * 1000:6.2f} ms"
        f" (worst {looks[-1] * 1000:.2f});"
        f" {fired:,} fired in {took:.2f} s, {-(-fired // MOST_TIMERS)} commits",
        flush=True,
    )
    office.close()


def _look(database: Database) -> float:
    """The look-up alone; what is found is few, as in most seconds: those of the first minute."""
    with database.write() as connection:
        begin = time.perf_counter()
        timers.due(connection, now=NOW - timedelta(minutes=DUE - 10), most=500)
        return time.perf_counter() - begin


def _fill(database: Database, size: int) -> None:
    """`size` open tickets with a promised date each, of which DUE have passed, a minute apart."""
    with database.write() as connection:
        connection.execute(person.insert(), {"id": 1, "name": "Ana", "state": "active", "created_at": NOW})
        connection.execute(address.insert(), {"address": "ana@firm.example", "person_id": 1, "created_at": NOW})
    for begin in range(0, size, 20_000):
        numbers = range(begin + 1, min(begin + 20_000, size) + 1)
        with database.write() as connection:
            connection.execute(ticket.insert(), [_ticket(number, size) for number in numbers])
            connection.execute(timer.insert(), [_timer(number, size) for number in numbers])
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE"))
            for table, to in (("ticket", size), ("person", 1)):
                connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {to})"))


def _due_at(number: int, size: int) -> datetime:
    """Spread over all tickets, so that they lie apart on the disk."""
    step = size // DUE
    if number % step == 0:
        return NOW - timedelta(minutes=number // step - 1)
    return NOW + timedelta(days=1, seconds=number)


def _ticket(number: int, size: int) -> dict[str, Any]:
    created = NOW - timedelta(days=30)
    return {
        "subject": f"Ticket {number}",
        "state": "open",
        "state_kind": "open",
        "area": "support",
        "requester_id": 1,
        "requester_address": "ana@firm.example",
        "owner_id": None,
        "verified": True,
        "due_at": _due_at(number, size),
        "fields": {},
        "created_at": created,
        "updated_at": created,
        "state_since": created,
    }


def _timer(number: int, size: int) -> dict[str, Any]:
    due_at = _due_at(number, size)
    return {
        "scope": "ticket",
        "ticket_id": number,
        "rule": "due",
        "once_key": f"ticket {number}/due/{due_at.isoformat()}",
        "due_at": due_at,
        "data": {},
    }
