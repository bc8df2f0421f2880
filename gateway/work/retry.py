"""Parked mails tried again, after a fix."""

from datetime import datetime

from gateway.store import mails
from gateway.work.office import Office


def replay(office: Office, mail_id: int, *, now: datetime) -> int:
    """Make the parked deliveries of a mail pending again; how many."""
    with office.database.write() as connection:
        return mails.replay(connection, mail_id, now=now)
