"""The servers that the tests run for real do what tests rely on."""

import psycopg
import pytest

from tests.real_postgres import Postgres


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def test_each_test_has_a_database_of_its_own(postgres: Postgres) -> None:
    first, second = postgres.new_database(), postgres.new_database()
    with psycopg.connect(plain(first)) as one, psycopg.connect(plain(second)) as other:
        one.execute("create table t(n int)")
        one.commit()

        assert other.execute("select count(*) from pg_tables where tablename = 't'").fetchone() == (0,)
    postgres.drop_database(first)
    postgres.drop_database(second)


def test_a_dropped_database_is_gone_though_somebody_is_connected(postgres: Postgres) -> None:
    url = postgres.new_database()
    with psycopg.connect(plain(url)):
        postgres.drop_database(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(url))


def test_commits_are_durable_as_in_production(postgres_url: str) -> None:
    with psycopg.connect(plain(postgres_url)) as connection:
        settings = [connection.execute(f"show {name}").fetchone() for name in ("fsync", "synchronous_commit")]

    assert settings == [("on",), ("on",)]
