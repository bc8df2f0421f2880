"""Automatic mail that made no ticket becomes one, when an operator says so."""

from datetime import datetime

from gateway.store import mails, tickets
from gateway.work.office import Office


def promote(office: Office, mail_id: int, *, now: datetime, cause: str = "the command line") -> int:
    """Make the automatic deliveries of a mail pending again, to become tickets; how many.

    None when its bytes are purged, or it is no automatic mail.
    """
    with office.database.write() as connection:
        found = mails.promote(connection, mail_id, now=now)
        if found:
            said = {"mail": f"m-{mail_id}"}
            tickets.write_event(connection, action="promoted", actor_kind="operator", cause=cause, now=now, data=said)
        return found
