"""Mail to ticket with 200,000 tickets in the database, beside the same with an empty one; senders known."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from bench import filling, gateways
from bench.corpus import Sample, samples
from bench.handling import handled
from bench.rounds import Measured, compare, measure, show
from gateway.settings_load import load_settings
from gateway.work.office import open_office
from tests.real_postgres import Postgres

COUNT, TICKETS, ROUNDS = 1000, 200_000, 3
EMPTY, FULL = "SQLite, empty", "SQLite, 200,000 tickets"
EMPTY_POSTGRES, FULL_POSTGRES = "PostgreSQL, empty", "PostgreSQL, 200,000 tickets"


def run() -> None:
    mails = samples(COUNT)
    with gateways.scratch() as folder, Postgres() as server:
        _fill(folder)
        filled = folder / "gateway.db"
        template = server.new_database()
        _fill(folder, template)
        print(f"  filled; the SQLite file has {filled.stat().st_size / 2**20:.0f} MiB", flush=True)
        results = measure(
            {
                EMPTY: lambda: handled(mails, known=True),
                FULL: lambda: handled(mails, known=True, prepare=lambda new: _copy(filled, new)),
                EMPTY_POSTGRES: lambda: _on_postgres(server, mails),
                FULL_POSTGRES: lambda: _on_postgres(server, mails, template),
            },
            rounds=ROUNDS,
        )
    show(results)
    compare(results, FULL, EMPTY)
    compare(results, FULL_POSTGRES, EMPTY_POSTGRES)


def _fill(folder: Path, url: str = "") -> None:
    settings = gateways.write_settings(folder, url=url)
    with closing(open_office(load_settings(settings).settings)) as office:
        filling.fill(office, tickets=TICKETS)


def _copy(filled: Path, folder: Path) -> None:
    shutil.copyfile(filled, folder / filled.name)


def _on_postgres(server: Postgres, mails: list[Sample], template: str = "") -> Measured:
    with _database(server, template) as url:
        return handled(mails, known=True, url=url)


@contextmanager
def _database(server: Postgres, template: str) -> Iterator[str]:
    """A fresh database, a copy of the template when there is one."""
    url = server.new_database()
    try:
        if template:
            with psycopg.connect(host=str(server.folder), user="gateway", dbname="postgres", autocommit=True) as admin:
                name, source = _name(url), _name(template)
                admin.execute(f"DROP DATABASE {name}".encode())
                admin.execute(f"CREATE DATABASE {name} TEMPLATE {source}".encode())
        yield url
    finally:
        server.drop_database(url)


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
