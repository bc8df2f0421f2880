"""Whether everything that is kept fits together; each sentence is something to mend."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.store import checks, leases
from gateway.work.office import Office

# A lease or a claim may be this much over its time before somebody takes it over.
SLACK = timedelta(minutes=5)


def fsck(office: Office, *, now: datetime) -> Iterator[str]:
    """Look at every delivery, letter, blob, and lease."""
    with office.database.read() as connection:
        yield from checks.deliveries(connection)
        yield from checks.stale_claims(connection, before=now - SLACK)
        yield from checks.letters(connection)
        for name in leases.stale(connection, now=now - SLACK):
            yield f"lease {name} is over its time: the process that held it is dead, and nobody took it over"
        named = checks.blobs(connection)
    for digest in sorted(named):
        if not office.blobs.intact(digest):
            yield f"blob {digest} is missing or damaged: restore {office.blobs.folder} from a backup"
