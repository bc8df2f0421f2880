"""The real servers that tests share. Each test process has its own, in a folder and on a port of its own."""

from collections.abc import Iterator

import pytest

from tests.real_dovecot import Dovecot
from tests.real_postfix import Postfix
from tests.real_postgres import Postgres
from tests.world import postgres_template as postgres_template
from tests.world import sqlite_template as sqlite_template
from tests.world import world as world

WAITING = tuple(f"test_{one}" for one in ["process", "docs", "imap", "transport", "web", "lmtp", "demo", "smtp"])
"""The beginnings of files whose tests run processes, servers, browsers, and wait for them more than they work."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait stand evenly among those that work, so that few wait at once; the Makefile keeps this order."""
    files = list(dict.fromkeys(item.path for item in items))
    waiting = [path for path in files if path.name.startswith(WAITING)]
    working = [path for path in files if path not in waiting]
    place = {path: number / len(group) for group in (waiting, working) for number, path in enumerate(group)}
    items.sort(key=lambda item: place[item.path])


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
