"""Addresses that get no letters any more: looked at, and released by an operator."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from gateway.errors import NotFound
from gateway.inbound.addresses import normalise
from gateway.store import suppressions, tickets
from gateway.work.office import Office

# Older letters are no news any more; who waits for them has asked again.
STILL_NEWS = timedelta(days=14)


def suppressed(office: Office) -> Iterator[dict[str, Any]]:
    with office.database.read() as connection:
        yield from suppressions.listed(connection)


def release(
    office: Office, addresses: Sequence[str], *, now: datetime, cause: str = "the command line"
) -> list[tuple[str, int]]:
    """Let letters go to these addresses again: each with how many go now that were not sent. All of them, or none.

    Raises NotFound when one is not suppressed.
    """
    released = []
    with office.database.write() as connection:
        for written in addresses:
            address = normalise(written) or written
            number = suppressions.release(connection, address, now=now, since=now - STILL_NEWS)
            if number is None:
                raise NotFound(f"{written} is not suppressed; `gateway suppressions` lists those that are")
            tickets.write_event(
                connection,
                action="released",
                actor_kind="operator",
                cause=cause,
                now=now,
                data={"address": address},
            )
            released.append((address, number))
    return released
