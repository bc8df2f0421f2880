"""Whether the daemon can do its work, and how much of it waits; for who watches over it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import select

from gateway.store import breakers
from gateway.store.tables import delivery, outbox
from gateway.work.office import Office


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many deliveries and letters have not been begun: what an index counts, however large the tables are.

    `breakers` are on: letters to new senders wait until somebody releases them.
    """

    deliveries: int
    letters: int
    breakers: int


def waiting(office: Office) -> Waiting:
    """Counted in one snapshot; raises what the database raises when it cannot be read."""
    with office.database.read() as connection:
        deliveries, letters = (
            connection.execute(
                select(sa.func.count()).select_from(table).where(table.c.status == sa.literal_column("'pending'"))
            ).scalar_one()
            for table in (delivery, outbox)
        )
        on = len(breakers.on(connection))
    return Waiting(deliveries, letters, on)
