"""Engines and their transactions. Only work.py opens one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.errors import TemporaryError

READ_ONLY = "gateway_read_only"
BUSY_MS = 10_000


class Database:
    """One engine. `write()` is a transaction that holds the write lock from its start; `read()` sees one snapshot."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = _engine(self.url)
        self._reading = self.engine.execution_options(**{READ_ONLY: True})

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._reading.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def temporary(error: BaseException) -> bool:
    """Whether a fault is trouble of the database that passes, and so the fault of no mail."""
    if isinstance(error, sa.exc.IntegrityError | sa.exc.DataError | sa.exc.ProgrammingError):
        return False
    return isinstance(error, DBAPIError | sa.exc.TimeoutError | OSError | TemporaryError)


def _engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=5, hide_parameters=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own implicit transactions start too late and lose updates; ours start in _begin_sqlite.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
