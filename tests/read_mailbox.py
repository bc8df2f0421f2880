"""A desk whose mail comes by IMAP: a real Dovecot, a line to it that can fail, and the real daemon that reads it."""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.work.fsck import fsck
from tests.daemon_process import Daemon, Installation, Line, mail
from tests.fault_proxy import Fault, FaultProxy, Kind
from tests.real_dovecot import PASSWORD, Dovecot
from tests.waiting import wait_until

# The promise: picked up within a minute after it heals. The daemon of tests waits for a twentieth of the time.
PROMISED_SECONDS = 60
IN_A_HURRY_SECONDS = 40
USER = "support@gw.test"


class Hurried(Installation):
    program = (sys.executable, "-P", Path(__file__).parent / "hurried_gateway.py")


class Mailbox:
    """One mailbox of a desk, and what was put into it so far."""

    def __init__(self, server: Dovecot, line: FaultProxy, user: str, folder: str) -> None:
        self.server = server
        self.line = line
        self.user = user
        self.folder = folder
        self.arrived: list[str] = []
        self._number = 0

    def arrives(self, count: int = 1, *, size: int = 100, folder: str = "") -> list[str]:
        """So many mails more, each of at least `size` bytes, into its folder or another; their subjects."""
        subjects = [f"{self.user.partition('@')[0]} {self._number + one}" for one in range(1, count + 1)]
        self._number += count
        for subject in subjects:
            self.server.deliver(self.user, letter(subject, size=size), folder=folder or self.folder)
        self.arrived += subjects
        return subjects

    def fails(self, *faults: Fault, size: int = 100) -> None:
        """One connection after the other fails so, with a new mail to be read through each."""
        for fault in faults:
            self.arrives(1, size=size)
            self.line.plan(fault)
            before = len(self.line.happened)
            self.line.strike(Kind.CUT)
            wait_until(lambda: fault in self.line.happened[before:], seconds=IN_A_HURRY_SECONDS)  # noqa: B023

    def mails(self) -> dict[str, int]:
        """What its folder holds: UIDs by subject."""
        return {kept.subject: kept.uid for kept in self.server.mails(self.user, self.folder)}


class Desk:
    """An installation that reads mailboxes, and what has to have become of their mail."""

    def __init__(self, installation: Installation, mailboxes: Sequence[Mailbox], seconds: float) -> None:
        self.installation = installation
        self.mailboxes = mailboxes
        self.seconds = seconds

    @property
    def daemon(self) -> Daemon:
        return self.installation.daemons[-1]

    def start(self) -> None:
        """Starts the daemon, and waits until each mailbox is read."""
        daemon = self.installation.start("--only", "imap,work")
        for mailbox in self.mailboxes:
            daemon.says(event="this mailbox is read", mailbox=name_of(mailbox.user), seconds=self.seconds)

    def has(self, subjects: Sequence[str] | None = None) -> None:
        """Each of these mails (or all that ever arrived) becomes a ticket in time, and none of all mails a second."""
        wanted = set(self.all_subjects() if subjects is None else subjects)

        def missing() -> set[str]:
            assert self.daemon.process.poll() is None, self.daemon.log_file.read_text()[-6000:]
            return wanted - set(self.tickets())

        until, handled = time.monotonic() + self.seconds, -1
        while lacking := missing():
            # After new numbers all mail is read again before the newest: who goes on with it is not late.
            if len(self.installation.mails()) != handled:
                until, handled = time.monotonic() + self.seconds, len(self.installation.mails())
            said = self.daemon.log_file.read_text()[-4000:]
            assert time.monotonic() < until, f"no ticket for {sorted(lacking)[:10]} ({len(lacking)})\n{said}"
            time.sleep(0.1)
        assert self.doubled() == {}

    def all_subjects(self) -> list[str]:
        return [subject for mailbox in self.mailboxes for subject in mailbox.arrived]

    def tickets(self) -> Counter[str]:
        """Tickets by the subject of the mail that opened them."""
        return Counter(str(row["subject"]) for row in self.installation.tickets())

    def doubled(self) -> dict[str, int]:
        return {subject: count for subject, count in self.tickets().items() if count > 1}

    def troubles(self) -> list[str]:
        """What was said of mailboxes in trouble, in order."""
        lines: list[Line] = self.daemon.log(level="warning")
        return [line["event"] for line in lines if "this mailbox is in trouble" in line["event"]]

    def crashes(self) -> list[Line]:
        """What the daemon itself holds for its own fault."""
        return [line for daemon in self.installation.daemons for line in daemon.log(level="error")]

    def settled(self) -> None:
        """All is judged, and it fits together."""
        wait_until(self._judged, seconds=self.seconds)
        assert self.daemon.stop() == 0
        assert self.crashes() == []
        assert list(fsck(self.installation.office, now=datetime.now(UTC))) == []

    def _judged(self) -> bool:
        return not [row for row in self.installation.mails() if row["status"] in ("pending", "claimed")]


@contextmanager
def desk_reading(
    server: Dovecot,
    *,
    folder: str = "INBOX",
    before: int = 0,
    hurried: bool = True,
    others: Sequence[dict[str, Any]] = (),
    database: str = "",
    **settings: Any,
) -> Iterator[tuple[Desk, Mailbox]]:
    """A desk that reads USER's mailbox as `settings` of [[mailbox]] say, and one for each of `others`, and is running.

    `before` mails are there already, and are not to be read. `has` waits as long as is promised, unless it is hurried.
    """
    with ExitStack() as stack:
        mailboxes, sections = [], []
        for number, one in enumerate([settings, *others]):
            line = stack.enter_context(FaultProxy(server.port))
            user = server.user(USER if number == 0 else f"support{number}@gw.test")
            if folder != "INBOX":
                server.create(user, folder)
            for old in range(before):
                server.deliver(user, letter(f"old {number} {old}"), folder=folder)
            mailboxes.append(Mailbox(server, line, user, folder))
            begin = {
                "name": name_of(user),
                "host": "127.0.0.1",
                "port": line.port,
                "tls": "none",
                "username": user,
                "password": PASSWORD,
                "folder": folder,
                "poll_seconds": 1,
            }
            sections.append({**begin, **one})
        kind = Hurried if hurried else Installation
        seconds = IN_A_HURRY_SECONDS if hurried else PROMISED_SECONDS
        installation = stack.enter_context(kind(database=database, mailbox=sections))
        desk = Desk(installation, mailboxes, seconds)
        desk.start()
        yield desk, mailboxes[0]


def letter(subject: str, *, size: int = 100) -> bytes:
    """A mail that no other is equal to. Each line names it, so that bytes of two mails never pass for each other."""
    text = "\n".join(f"{subject}, line {number}" for number in range(1 + size // (len(subject) + 12)))
    return mail(subject, text, from_="Ana <ana@x.test>", message_id=f"<{subject.replace(' ', '-')}@x.test>")


def name_of(user: str) -> str:
    """The mailbox's name in the settings."""
    return user.partition("@")[0]
