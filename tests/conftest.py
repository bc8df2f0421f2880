"""The real servers that tests share. Each test process has its own, in a folder and on a port of its own."""

from collections.abc import Iterator

import pytest

from tests.real_dovecot import Dovecot
from tests.real_postfix import Postfix
from tests.real_postgres import Postgres
from tests.world import postgres_template as postgres_template
from tests.world import sqlite_template as sqlite_template
from tests.world import world as world


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL. Tests want `postgres_url`."""
    with Postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh database."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """[database] url of a fresh database, once of each kind; empty is a SQLite file beside the settings."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def _postfix() -> Iterator[Postfix]:
    server = Postfix()
    yield server
    server.remove()


@pytest.fixture
def postfix(_postfix: Postfix) -> Iterator[Postfix]:
    """A Postfix that is not started yet: `postfix.start(next_hop="lmtp:unix:…")`."""
    yield _postfix
    _postfix.stop()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot of this test alone, which may stop it and break its mail."""
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()
