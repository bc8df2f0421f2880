"""Statements that every mail needs: compiled once, and run by the driver itself.

SQLAlchemy looks up, binds and wraps a statement each time that it runs, which costs three times what SQLite needs to
carry it out. Here that is done once for a dialect; types, errors, and the connection's transaction stay SQLAlchemy's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Executable
from sqlalchemy.types import TypeEngine

Parameters = Mapping[str, Any]
Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in the words of one dialect: what is fixed in it, and how values go in and come out."""

    sql: str
    fixed: Mapping[str, Any]
    order: Sequence[str] | None
    into: tuple[tuple[str, Process], ...]
    out: tuple[tuple[int, Process], ...]


class Statement:
    """A statement with `bindparam`s, or an insert of the columns that its first parameters name.

    What differs between dialects, such as an upsert, is given as a function of the dialect's name. Lists of any length
    (`expanding`) and columns with defaults in Python are not for it.
    """

    def __init__(self, clause: Executable | Callable[[str], Executable]) -> None:
        self._clause = clause
        self._ready: dict[str, _Ready] = {}

    def rows(self, connection: Connection, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Run it and read all that it returns."""
        ready = self._for(connection.dialect, parameters)
        with _cursor(connection, ready.sql) as cursor:
            cursor.execute(ready.sql, _bound(ready, parameters))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not ready.out or not rows:
            return rows
        return [_read(row, ready.out) for row in rows]

    def first(self, connection: Connection, parameters: Parameters) -> tuple[Any, ...] | None:
        rows = self.rows(connection, parameters)
        return rows[0] if rows else None

    def scalar(self, connection: Connection, parameters: Parameters) -> Any:
        """The first column of the first row, or None."""
        rows = self.rows(connection, parameters)
        return rows[0][0] if rows else None

    def run(self, connection: Connection, parameters: Parameters) -> int:
        """Run what returns nothing; how many rows it touched."""
        ready = self._for(connection.dialect, parameters)
        with _cursor(connection, ready.sql) as cursor:
            cursor.execute(ready.sql, _bound(ready, parameters))
            touched: int = cursor.rowcount
        return touched

    def run_all(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Run what returns nothing once for each of these."""
        if not rows:
            return
        ready = self._for(connection.dialect, rows[0])
        with _cursor(connection, ready.sql) as cursor:
            cursor.executemany(ready.sql, [_bound(ready, parameters) for parameters in rows])

    def _for(self, dialect: Dialect, parameters: Parameters) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            clause = self._clause if isinstance(self._clause, Executable) else self._clause(dialect.name)
            ready = self._ready[dialect.name] = _compiled(clause, dialect, parameters)
        return ready


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """What fails in the block is undone, and the transaction goes on without it; one within another is undone alone."""
    _say(connection, "SAVEPOINT one_mail")
    try:
        yield
    except BaseException:
        _say(connection, "ROLLBACK TO SAVEPOINT one_mail")
        # It still stands, and would take the place of the outer one, which has the same name.
        _say(connection, "RELEASE SAVEPOINT one_mail")
        raise
    _say(connection, "RELEASE SAVEPOINT one_mail")


def _say(connection: Connection, sql: str) -> None:
    with _cursor(connection, sql) as cursor:
        cursor.execute(sql)


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    """A cursor of the driver; its errors come out as SQLAlchemy's."""
    faults = connection.dialect.loaded_dbapi.Error
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except faults as fault:
        raise DBAPIError.instance(sql, None, fault, faults, hide_parameters=True, dialect=connection.dialect) from fault
    finally:
        cursor.close()


def _compiled(clause: Executable, dialect: Dialect, parameters: Iterable[str]) -> _Ready:
    compiled = clause.compile(dialect=dialect, column_keys=list(parameters))  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    types: list[TypeEngine[Any]] = [column.type for column in getattr(clause, "exported_columns", ())]
    into = ((name, _impl(bind.type, dialect).bind_processor(dialect)) for bind, name in compiled.bind_names.items())
    out = ((place, _impl(type_, dialect).result_processor(dialect, None)) for place, type_ in enumerate(types))
    return _Ready(
        sql=str(compiled),
        fixed=compiled.params,
        order=compiled.positiontup,
        into=tuple((name, process) for name, process in into if process is not None),
        out=tuple((place, process) for place, process in out if process is not None),
    )


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


def _bound(ready: _Ready, parameters: Parameters) -> Any:
    values = {**ready.fixed, **parameters}
    for name, process in ready.into:
        values[name] = process(values[name])
    return values if ready.order is None else [values[name] for name in ready.order]


def _read(row: Sequence[Any], out: tuple[tuple[int, Process], ...]) -> tuple[Any, ...]:
    values = list(row)
    for place, process in out:
        values[place] = process(values[place])
    return tuple(values)
