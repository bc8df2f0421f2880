"""Parked mails tried again, after a fix."""

from datetime import datetime

from gateway.store import mails
from gateway.work.office import Office


def replay(office: Office, mail_id: int, *, now: datetime) -> int:
    """Make the parked deliveries of a mail pending again; how many."""
    with office.database.write() as connection:
        return mails.replay(connection, mail_id, now=now)


def parked(office: Office) -> list[int]:
    """The mails that have a parked delivery, oldest first."""
    with office.database.read() as connection:
        return mails.parked(connection)
