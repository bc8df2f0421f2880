"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert(connection: Connection, table: Table) -> Any:
    """The dialect's own insert of a table, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Any:
    """The same for a `Statement`, which knows its dialect by name."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
