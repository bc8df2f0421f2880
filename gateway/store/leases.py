"""Leases: a right that one process holds for a time, such as a mailbox or the clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from gateway.store.tables import lease
from gateway.store.upsert import insert


def take(connection: Connection, name: str, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take or renew a lease; False while another holds it."""
    statement = insert(connection, lease)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": until},
        where=or_(lease.c.holder == holder, lease.c.until < now),
    ).returning(lease.c.holder)
    row = {"name": name, "holder": holder, "until": until}
    return connection.execute(statement, row).scalar() == holder


def give_back(connection: Connection, name: str, *, holder: str) -> None:
    connection.execute(lease.delete().where(lease.c.name == name, lease.c.holder == holder))


def holders(connection: Connection) -> list[str]:
    return list(connection.execute(select(lease.c.holder).distinct()).scalars())


def give_back_all(connection: Connection, holders: Sequence[str]) -> int:
    """End every lease of processes that are known to be dead; how many."""
    return connection.execute(lease.delete().where(lease.c.holder.in_(list(holders)))).rowcount


def current(connection: Connection, *, now: datetime) -> dict[str, str]:
    """Who holds what."""
    rows = connection.execute(select(lease.c.name, lease.c.holder).where(lease.c.until >= now))
    return {row.name: row.holder for row in rows}


def stale(connection: Connection, *, now: datetime) -> list[str]:
    return list(connection.execute(select(lease.c.name).where(lease.c.until < now)).scalars())
