"""Column types that both databases keep the same way."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A row number: 64 bits everywhere; on SQLite only INTEGER counts up by itself."""


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a naive datetime, and always gives back an aware one in UTC.

    SQLite keeps whole microseconds since 1970: an integer compares and indexes as time does, and costs least to read.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        if dialect.name == "sqlite":
            return int(value.timestamp() * 1_000_000 + 0.5)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromtimestamp(value / 1_000_000, UTC)
        instant: datetime = value.astimezone(UTC)
        return instant


def word(value: str) -> sa.ColumnElement[str]:
    """A word of ours that stands in the SQL itself: only then do the databases see that a partial index fits."""
    return sa.literal_column(f"'{value}'", sa.Text)
