"""A mailbox of a real Dovecot read by the real door, in a thread of the test, into the desk of tests/world.py."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.daemon_mailboxes import mailbox_door
from gateway.inbound.imap import MailboxDoor
from gateway.settings import Mailbox
from gateway.store.tables import mailbox_state, mailbox_uid
from gateway.work.office import Office
from tests.real_dovecot import PASSWORD, Dovecot
from tests.waiting import wait_until
from tests.world import World

NAME = "support"


def a_mailbox(dovecot: Dovecot, user: str, **settings: Any) -> Mailbox:
    """[[mailbox]] for a user's INBOX, over TLS, unless `settings` say otherwise; `import_` is import."""
    if "import_" in settings:
        settings["import"] = settings.pop("import_")
    return Mailbox(
        **{
            "name": NAME,
            "host": "localhost",
            "port": dovecot.tls_port,
            "tls_ca": dovecot.ca_file,
            "username": user,
            "password": PASSWORD,
            "poll_seconds": 2,
        }
        | settings
    )


class Reading:
    """A door that runs, and what it wrote down."""

    def __init__(self, world: World, mailbox: Mailbox, *, office: Office | None = None, holder: str = "node/1") -> None:
        self.world = world
        self.mailbox = mailbox
        self.kept = 0
        self._stopping = threading.Event()
        self.door: MailboxDoor = mailbox_door(
            office or world.office,
            mailbox,
            holder=holder,
            clock=lambda: datetime.now(UTC),
            kept=self._count,
            stopping=self._stopping,
            alive=lambda: None,
        )
        self._thread = threading.Thread(target=self.door.run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """As SIGTERM does."""
        self._stopping.set()
        self.door.cut()
        self._thread.join(15)
        assert not self._thread.is_alive(), "the door does not stop"

    def until_read(self) -> "Reading":
        """Until it has looked at the folder once and waits for more."""
        wait_until(lambda: self.state() is not None and self.state().checked_at, seconds=20)
        return self

    def until_kept(self, number: int, *, seconds: float = 20) -> list[Any]:
        """Until so many mails are kept in all; their rows."""
        wait_until(lambda: len(self.world.mails()) >= number, seconds=seconds)
        return self.world.mails()

    def until_trouble(self, part: str, *, seconds: float = 20) -> str:
        """Until an operator would see a trouble with these words in it; the whole sentence."""
        wait_until(lambda: part in self.trouble(), seconds=seconds)
        return self.trouble()

    def trouble(self) -> str:
        state = self.state()
        return "" if state is None else str(state.trouble)

    def state(self) -> Any:
        rows = self.world.rows(mailbox_state, mailbox_state.c.account == self.mailbox.name)
        return next((row for row in rows if row.folder == self.mailbox.folder), None)

    def ledger(self) -> list[tuple[int, str, bool]]:
        """UID, outcome, and whether something is still to be done in the mailbox."""
        rows = self.world.rows(mailbox_uid, mailbox_uid.c.account == self.mailbox.name)
        return sorted((row.uid, row.outcome, row.unfinished) for row in rows)

    def _count(self, number: int) -> None:
        self.kept += number


@contextmanager
def reading(world: World, mailbox: Mailbox, **how: Any) -> Iterator[Reading]:
    """While the door of this mailbox runs."""
    found = Reading(world, mailbox, **how)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def read_once(world: World, mailbox: Mailbox, kept: int) -> Reading:
    """Runs the door until so many mails are kept, and stops it."""
    with reading(world, mailbox) as found:
        found.until_read()
        found.until_kept(kept)
    return found


def file_with(folder: Path, text: str, name: str = "token") -> Path:
    path = folder / name
    path.write_text(text)
    return path
