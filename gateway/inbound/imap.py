"""The door of one mailbox: its folder is looked at again and again, for as long as the daemon runs.

A thread of its own runs it. Whatever goes wrong is told once, waited for, and tried again; no fault ends it.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway import metrics
from gateway.inbound import imap_session
from gateway.inbound.imap_books import LostLease
from gateway.inbound.imap_cycle import LEASE_SECONDS, Around, Folder, Looked, Stopping
from gateway.inbound.imap_plan import shown
from gateway.inbound.imap_session import SLICE_SECONDS, Session
from gateway.inbound.imap_spam import count as count_spam
from gateway.inbound.imap_tokens import SignIn
from gateway.inbound.imap_trouble import Kind, Trouble, wait, words
from gateway.log import get_log
from gateway.store.session import temporary

OTHER_SECONDS = 5.0
NOTE_EVERY = timedelta(seconds=15)
SPAM_EVERY = timedelta(hours=1)
DAILY = timedelta(days=1)

log = get_log()


@dataclass(slots=True)
class _Shown:
    """What an operator was last told, so that a line is a change."""

    told: bool = False
    trouble: str = ""
    other: bool = False
    failing: tuple[int, ...] = ()
    warning: str = ""
    warned_at: datetime | None = None
    noted_at: datetime | None = None
    noted_behind: int = 0
    spam_at: datetime | None = None
    spam_told_at: datetime | None = None


class MailboxDoor:
    """Reads one mailbox under its lease until it is stopped."""

    def __init__(
        self, around: Around, sign_in: SignIn, *, stopping: threading.Event, alive: Callable[[], None]
    ) -> None:
        self._around = replace(around, going_on=self._going_on, kept=self._kept)
        self._count = around.kept
        self._mailbox = around.mailbox
        self._books = around.books
        self._sign_in = sign_in
        self._stopping = stopping
        self._alive = alive
        self._session: Session | None = None
        self._shown = _Shown()
        self._failures = 0
        self._leased = 0.0
        self._log = log.bind(mailbox=around.mailbox.name)

    def run(self) -> None:
        """Until `stopping` is set."""
        while self._going_on():
            try:
                if self._has_lease():
                    self._read()
                else:
                    self._pause(OTHER_SECONDS)
            except LostLease:
                self._log.warning("another process has taken this mailbox over")
            except Stopping:
                break
            except Exception as error:
                if not self._going_on():
                    break
                self._failed(_as_trouble(error))
        self._end()

    def cut(self) -> None:
        """End the connection now, from another thread: a server that does not answer must not delay the stop."""
        if (session := self._session) is not None:
            session.cut()

    def _going_on(self) -> bool:
        self._alive()
        return not self._stopping.is_set()

    def _kept(self, number: int) -> None:
        """Mail came through, so the line is well, whatever becomes of the next one."""
        self._failures = 0
        self._count(number)

    def _has_lease(self) -> bool:
        mine = self._books.lease(LEASE_SECONDS)
        if mine and self._shown.other:
            self._log.info("this process reads this mailbox now")
        elif not mine and not self._shown.other:
            self._log.info("another process reads this mailbox")
        self._shown.other = not mine
        return mine

    def _read(self) -> None:
        """One connection from its beginning to its end."""
        self._session = session = imap_session.connect(self._mailbox, self._sign_in)
        try:
            folder = Folder(session, self._around)
            while self._going_on():
                looked = folder.look()
                self._succeeded(looked)
                self._count_spam(session)
                if not looked.more:
                    session.wait(self._mailbox.poll_seconds, until=lambda: not self._going_on() or not self._renewed())
                if not self._books.lease(LEASE_SECONDS):
                    raise LostLease
        finally:
            metrics.mailbox_connected.labels(self._mailbox.name).set(0)
            self._session = None
            session.close()

    def _renewed(self) -> bool:
        """Whether the lease is still ours; asked while nothing happens, and renewed now and then."""
        if time.monotonic() - self._leased < LEASE_SECONDS / 3:
            return True
        self._leased = time.monotonic()
        return self._books.lease(LEASE_SECONDS)

    def _succeeded(self, looked: Looked) -> None:
        now = self._around.now()
        self._failures = 0
        metrics.mailbox_connected.labels(self._mailbox.name).set(1)
        metrics.mailbox_last_success.labels(self._mailbox.name).set(now.timestamp())
        if looked.failing != self._shown.failing:
            self._shown.failing = looked.failing
            metrics.mailbox_failing.labels(self._mailbox.name).set(len(looked.failing))
            if looked.failing:
                self._log.warning(
                    "mails that cannot be read stay in the mailbox, and are tried again", uids=shown(looked.failing)
                )
        self._turn(looked.undone, now)
        self._warn(now)
        due = self._shown.noted_at is None or now >= self._shown.noted_at + NOTE_EVERY
        if due or looked.kept or looked.behind != self._shown.noted_behind:
            self._shown.noted_at, self._shown.noted_behind = now, looked.behind
            self._books.note(checked_at=now, behind=looked.behind, token_until=self._sign_in.until)

    def _failed(self, trouble: Trouble) -> None:
        """Say it when it is new, and wait; a connection that ends once and comes back is no news."""
        self._failures += 1
        metrics.mailbox_failures.labels(self._mailbox.name).inc()
        if self._failures > 1 or trouble.kind is not Kind.UNREACHABLE or not self._shown.told:
            with contextlib.suppress(Exception):  # The books may be what is in trouble.
                self._turn(trouble.sentence, self._around.now())
        self._pause(wait(trouble.kind, self._failures, random.random()))  # noqa: S311

    def _turn(self, trouble: str, now: datetime) -> None:
        """One line for a change of condition, and the same in the books."""
        before = self._shown.trouble
        first, self._shown.told = not self._shown.told, True
        # A server's own words follow after a colon, and often hold the time: they are no change.
        if trouble.partition(": ")[0] == before.partition(": ")[0] and not first:
            return
        self._shown.trouble = trouble
        if trouble:
            self._log.warning(f"this mailbox is in trouble: {trouble}")
        elif before or first:
            self._log.info("this mailbox is read", folder=self._mailbox.folder)
        self._books.note(trouble=trouble, trouble_since=now if trouble else None)

    def _warn(self, now: datetime) -> None:
        """Once a day, that a token or password is about to end."""
        warning = self._sign_in.warning(now)
        told = self._shown.warned_at is not None and now < self._shown.warned_at + DAILY
        if warning and not (told and warning == self._shown.warning):
            self._log.warning(warning)
            self._shown.warned_at = now
        self._shown.warning = warning

    def _count_spam(self, session: Session) -> None:
        now = self._around.now()
        if not self._mailbox.spam_folder or (self._shown.spam_at and now < self._shown.spam_at + SPAM_EVERY):
            return
        self._shown.spam_at = now
        try:
            number = count_spam(session, self._mailbox.spam_folder)
        except Trouble as trouble:
            if trouble.kind is Kind.UNREACHABLE:
                raise
            self._log.warning(f"the spam folder {self._mailbox.spam_folder} cannot be looked at: {trouble}")
            return
        self._books.note(spam=number)
        told = self._shown.spam_told_at
        if number and (told is None or now >= told + DAILY):
            self._shown.spam_told_at = now
            self._log.info("mails lie in the spam folder: gateway mailboxes --spam lists them", mails=number)

    def _pause(self, seconds: float) -> None:
        """Wait, with the lease kept if it is ours; less when a new token has come meanwhile."""
        end = time.monotonic() + seconds
        before = self._sign_in.stamp()
        while self._going_on() and (left := end - time.monotonic()) > 0:
            self._stopping.wait(min(SLICE_SECONDS, left))
            if self._sign_in.stamp() != before:
                return
            if not self._shown.other:
                with contextlib.suppress(Exception):
                    self._renewed()

    def _end(self) -> None:
        with contextlib.suppress(Exception):
            self._books.give_back()


def _as_trouble(error: Exception) -> Trouble:
    if isinstance(error, Trouble):
        return error
    if temporary(error):
        return Trouble(Kind.OURS, f"mail cannot be kept now, and stays in the mailbox: {words(error)}")
    log.exception("an unforeseen fault in a mailbox's door; it is tried again")
    return Trouble(Kind.OURS, f"an unforeseen fault of ours: {type(error).__name__}")
