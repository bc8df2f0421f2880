"""Mail to ticket with the receipt rendered, beside django-helpdesk and Roundup; senders known and new."""

from collections.abc import Callable

from bench import peers
from bench.corpus import samples
from bench.handling import handled
from bench.rounds import Measured, compare, measure, show
from tests.real_postgres import Postgres

OURS, PEERS, ROUNDS = 1000, 100, 3
KNOWN, NEW = "gateway, SQLite, known", "gateway, SQLite, new"
KNOWN_POSTGRES, NEW_POSTGRES = "gateway, PostgreSQL, known", "gateway, PostgreSQL, new"
HELPDESK, ROUNDUP, ROUNDUP_NEW = "django-helpdesk, SQLite", "Roundup, SQLite, known", "Roundup, SQLite, new"


def run() -> None:
    mails = samples(OURS)
    some, few = mails[:PEERS], mails[: PEERS // 4]
    with Postgres() as server:
        results = measure(
            {
                KNOWN: lambda: handled(mails, known=True),
                HELPDESK: lambda: peers.helpdesk(some),
                NEW: lambda: handled(mails, known=False),
                ROUNDUP: lambda: peers.roundup(some, known=True),
                KNOWN_POSTGRES: lambda: _on_postgres(server, lambda url: handled(mails, known=True, url=url)),
                ROUNDUP_NEW: lambda: peers.roundup(few, known=False),
                NEW_POSTGRES: lambda: _on_postgres(server, lambda url: handled(mails, known=False, url=url)),
            },
            rounds=ROUNDS,
        )
    show(results)
    for ours in (KNOWN, NEW, KNOWN_POSTGRES, NEW_POSTGRES):
        for theirs in (HELPDESK, ROUNDUP_NEW if ours in (NEW, NEW_POSTGRES) else ROUNDUP):
            compare(results, ours, theirs)


def _on_postgres(server: Postgres, run_it: Callable[[str], Measured]) -> Measured:
    url = server.new_database()
    try:
        return run_it(url)
    finally:
        server.drop_database(url)
