"""Statements run by the driver give the values and the errors that SQLAlchemy's own would (both databases)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.store.migrate import migrate
from gateway.store.session import Database
from gateway.store.statement import Statement, savepoint
from gateway.store.tables import delivery, lease, received_mail, setting

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
PUT = Statement(lease.insert().inline())
READ = Statement(sa.select(lease.c.until, lease.c.holder).where(lease.c.name == sa.bindparam("wanted")))
END = Statement(lease.delete().where(lease.c.holder == sa.bindparam("whose")))


@pytest.fixture
def database(any_database: str, tmp_path: Path) -> Iterator[Database]:
    opened = Database(any_database or f"sqlite:///{tmp_path}/statement.db")
    with opened.write() as connection:
        migrate(connection)
    yield opened
    opened.close()


def put(connection: sa.Connection, name: str, *, until: datetime = NOON) -> None:
    PUT.run(connection, {"name": name, "holder": "w1", "until": until})


def test_a_time_goes_in_and_comes_out_as_the_same_instant_in_utc(database: Database) -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-5)))
    with database.write() as connection:
        put(connection, "clock", until=elsewhere)

        assert READ.first(connection, {"wanted": "clock"}) == (NOON, "w1")
        assert connection.execute(sa.select(lease.c.until)).scalar() == NOON


def test_a_naive_time_is_refused(database: Database) -> None:
    with database.write() as connection, pytest.raises(ValueError, match="without a zone"):
        put(connection, "clock", until=NOON.replace(tzinfo=None))


def test_bytes_lists_and_nothing_come_out_as_they_went_in(database: Database) -> None:
    mail = Statement(received_mail.insert().returning(received_mail.c.id))
    one = Statement(delivery.insert().returning(delivery.c.reasons, delivery.c.facts, delivery.c.alone))
    raw = Statement(sa.select(received_mail.c.raw, received_mail.c.blob))
    with database.write() as connection:
        number = mail.scalar(
            connection, {"source": "smtp", "received_at": NOON, "size": 2, "raw": b"\0\xff", "blob": None}
        )
        values = {"mail_id": number, "due_at": NOON, "reasons": ["por qué", 1], "facts": {"a": None}, "alone": True}

        assert one.first(connection, values) == (["por qué", 1], {"a": None}, True)
        assert [(bytes(content), blob) for content, blob in raw.rows(connection, {})] == [(b"\0\xff", None)]


def test_what_touches_rows_says_how_many(database: Database) -> None:
    with database.write() as connection:
        PUT.run_all(connection, [{"name": f"n{i}", "holder": "w1", "until": NOON} for i in range(3)])

        assert END.run(connection, {"whose": "w1"}) == 3
        assert END.run(connection, {"whose": "w1"}) == 0


def test_the_drivers_error_comes_out_as_sqlalchemys_without_values(database: Database) -> None:
    with database.write() as connection:
        put(connection, "clock")
        with pytest.raises(sa.exc.IntegrityError) as caught, savepoint(connection):
            PUT.run(connection, {"name": "clock", "holder": "a secret word", "until": NOON})

        assert "a secret word" not in str(caught.value).partition("DETAIL")[0]


def test_what_fails_in_a_savepoint_is_undone_and_the_rest_stays(database: Database) -> None:
    with database.write() as connection:
        put(connection, "before")
        with pytest.raises(sa.exc.IntegrityError), savepoint(connection):
            PUT.run_all(connection, [{"name": name, "holder": "w1", "until": NOON} for name in ("within", "before")])
        put(connection, "after")
    with database.read() as connection:
        names = list(connection.execute(sa.select(lease.c.name).order_by(lease.c.name)).scalars())

        assert names == ["after", "before"]


def test_an_outer_savepoint_undoes_its_own_rows_after_one_within_it_failed(database: Database) -> None:
    twice = [{"name": "inner", "holder": "w1", "until": NOON}] * 2

    def fail(connection: sa.Connection) -> None:
        put(connection, "outer")
        with pytest.raises(sa.exc.IntegrityError), savepoint(connection):
            PUT.run_all(connection, twice)
        assert connection.execute(sa.select(lease.c.name)).scalars().all() == ["outer"]
        raise KeyError("outer")

    with database.write() as connection:
        with pytest.raises(KeyError, match="outer"), savepoint(connection):
            fail(connection)
        put(connection, "after")

        assert connection.execute(sa.select(lease.c.name)).scalars().all() == ["after"]


def test_sqlalchemys_own_statements_see_what_it_wrote_in_the_same_transaction(database: Database) -> None:
    with database.write() as connection:
        Statement(setting.insert().inline()).run(connection, {"name": "a", "value": "1"})

        assert connection.execute(sa.select(setting.c.value)).scalar() == "1"
