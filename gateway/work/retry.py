"""Parked mails tried again, after a fix."""

from datetime import datetime

from gateway.store import mails, tickets
from gateway.work.office import Office


def replay(office: Office, mail_id: int, *, now: datetime, cause: str = "the command line") -> int:
    """Make the parked deliveries of a mail pending again; how many."""
    with office.database.write() as connection:
        found = mails.replay(connection, mail_id, now=now)
        if found:
            said = {"mail": f"m-{mail_id}"}
            tickets.write_event(connection, action="replayed", actor_kind="operator", cause=cause, now=now, data=said)
        return found


def parked(office: Office) -> list[int]:
    """The mails that have a parked delivery, oldest first."""
    with office.database.read() as connection:
        return mails.parked(connection)
