"""Settings wired to the mailboxes that are read: for each a door, its books, and its way to sign in."""

import shutil
import threading
from collections.abc import Callable
from datetime import datetime

from gateway.inbound.imap import MailboxDoor
from gateway.inbound.imap_cycle import Around
from gateway.inbound.imap_fetch import Reader
from gateway.inbound.imap_tokens import SignIn
from gateway.inbound.limits import MIB
from gateway.settings import Mailbox
from gateway.work.mailboxes import MailboxBooks
from gateway.work.office import Office


def mailbox_door(
    office: Office,
    mailbox: Mailbox,
    *,
    holder: str,
    clock: Callable[[], datetime],
    kept: Callable[[int], None],
    stopping: threading.Event,
    alive: Callable[[], None],
) -> MailboxDoor:
    """The door of one mailbox, to be run in a thread of its own; `kept` is told how many mails were committed."""
    settings = office.settings
    reserve = max(settings.smtp.reserve_mib * MIB, settings.limits.mail_mib * MIB * 1.5)
    around = Around(
        mailbox=mailbox,
        books=MailboxBooks(office, mailbox, holder=holder, clock=clock),
        reader=Reader(mailbox, office.rules.desk, settings.limits),
        now=clock,
        kept=kept,
        room=lambda: shutil.disk_usage(settings.server.data).free >= reserve,
        going_on=lambda: not stopping.is_set(),
    )
    sign_in = SignIn(mailbox, data=settings.server.data, clock=clock)
    return MailboxDoor(around, sign_in, stopping=stopping, alive=alive)
