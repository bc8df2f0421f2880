"""What a mailbox's door writes down: mail, ledger and state of a folder in one commit, under the mailbox's lease."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from gateway.inbound.imap_books import Fetched, LostLease
from gateway.settings import Mailbox
from gateway.store import leases, mailboxes, mails
from gateway.store.mailboxes import Entry, Place, State
from gateway.work.accept import new_mail
from gateway.work.office import Office

# Between two calls of a door; a dead process is followed after this. What takes longer asks for more beforehand.
LEASE_SECONDS = 30.0


class MailboxBooks:
    """The `Books` of one mailbox, for one process. Every write renews the lease, in the same commit."""

    def __init__(self, office: Office, mailbox: Mailbox, *, holder: str, clock: Callable[[], datetime]) -> None:
        self._office = office
        self._mailbox = mailbox
        self._holder = holder
        self._clock = clock

    def lease(self, seconds: float = LEASE_SECONDS) -> bool:
        with self._office.database.write() as connection:
            return self._take(connection, seconds)

    def give_back(self) -> None:
        with self._office.database.write() as connection:
            leases.give_back(connection, self._name, holder=self._holder)

    def state(self) -> State | None:
        with self._office.database.read() as connection:
            return mailboxes.state(connection, *self._folder)

    def begin_at(self, state: State, *, forget: Place | None = None) -> None:
        with self._writing() as connection:
            if forget is not None:
                mailboxes.forget_all(connection, forget)
            mailboxes.begin(connection, *self._folder, state, now=self._clock())

    def ledger(self, place: Place) -> Mapping[int, Entry]:
        with self._office.database.read() as connection:
            return mailboxes.ledger(connection, place)

    def keep(self, place: Place, fetched: Sequence[Fetched]) -> Mapping[int, str]:
        unfinished = self._mailbox.after != "leave"
        # Blobs are written before, outside of the transaction: one that nobody names in the end does no harm.
        rows = {one.uid: new_mail(self._office, one.arrival) for one in fetched}
        with self._writing() as connection:
            # Who enters the UID keeps the mail: a second node, or a second try after a lost answer, finds it entered.
            taken = mailboxes.take(connection, place, list(rows), unfinished=unfinished)
            new = {uid: row for uid, row in rows.items() if uid in taken}
            numbers = dict(zip(new, mails.keep(connection, list(new.values())), strict=True)) if new else {}
            large = [one.uid for one in fetched if one.large and one.uid in taken]
            mailboxes.kept_as(connection, place, numbers, large=large)
        return {uid: f"m-{number}" for uid, number in numbers.items()}

    def pass_over(self, place: Place, uids: Sequence[int]) -> None:
        with self._writing() as connection:
            mailboxes.pass_over(connection, place, uids)

    def failed(self, place: Place, uids: Sequence[int]) -> None:
        with self._writing() as connection:
            mailboxes.failed(connection, place, uids, now=self._clock())

    def finished(self, place: Place, uids: Sequence[int]) -> None:
        with self._writing() as connection:
            mailboxes.finished(connection, place, uids)

    def forget(self, place: Place, uids: Sequence[int]) -> None:
        with self._writing() as connection:
            mailboxes.forget(connection, place, uids)

    def note(self, **values: Any) -> None:
        with self._writing() as connection:
            mailboxes.note(connection, *self._folder, now=self._clock(), **values)

    @property
    def _name(self) -> str:
        return f"mailbox {self._mailbox.name}"

    @property
    def _folder(self) -> tuple[str, str]:
        return self._mailbox.name, self._mailbox.folder

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._office.database.write() as connection:
            if not self._take(connection, LEASE_SECONDS):
                raise LostLease
            yield connection

    def _take(self, connection: Connection, seconds: float) -> bool:
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        return leases.take(connection, self._name, holder=self._holder, now=now, until=until)
