"""Whether the doors of an area have caught up: what an answer that nobody has read yet would undo has to wait."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from gateway.inbound.imap_plan import LATE, REPEATEDLY
from gateway.settings import Mailbox
from gateway.store import mailboxes
from gateway.store.mailboxes import Place


def unread(connection: Connection, those: list[Mailbox], area: str, *, now: datetime) -> str:
    """The name of a mailbox that may hold unread mail for the area, '' when there is none.

    Mails that cannot be read again and again do not count: the operator has been told of them, and they may stay
    there for ever.
    """
    rows = {(row.account, row.folder): row for row in mailboxes.overview(connection)}
    for one in those:
        if one.area in ("", area) and not _read(connection, one, rows.get((one.name, one.folder)), now=now):
            return one.name
    return ""


def _read(connection: Connection, mailbox: Mailbox, row: Any, *, now: datetime) -> bool:
    """Whether it was looked at just now, and nothing was left there. Who cannot be signed in to is not looked at."""
    if row is None or row.checked_at is None or row.checked_at + late(mailbox) <= now:
        return False
    if row.trouble and row.trouble_since is not None and row.checked_at < row.trouble_since:
        return False
    place = Place(mailbox.name, mailbox.folder, row.uidvalidity)
    return bool(row.behind <= len(mailboxes.failing(connection, place, least=REPEATEDLY)))


def late(mailbox: Mailbox) -> timedelta:
    """A mailbox that was not looked at for so long is not being read."""
    return LATE + timedelta(seconds=mailbox.poll_seconds)
