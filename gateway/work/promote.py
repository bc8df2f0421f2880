"""Automatic mail that made no ticket becomes one, when an operator says so."""

from datetime import datetime

from gateway.store import mails
from gateway.work.office import Office


def promote(office: Office, mail_id: int, *, now: datetime) -> int:
    """Make the automatic deliveries of a mail pending again, to become tickets; how many.

    None when its bytes are purged, or it is no automatic mail.
    """
    with office.database.write() as connection:
        return mails.promote(connection, mail_id, now=now)
