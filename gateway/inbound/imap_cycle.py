"""One look at a folder: what the server holds and the ledger lacks is read, kept, and then finished in the mailbox."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.inbound.imap_books import Books, Fetched, LostLease
from gateway.inbound.imap_fetch import MOST_BYTES, MOST_MAILS, Measured, Reader, measure, seconds_for
from gateway.inbound.imap_finish import finish
from gateway.inbound.imap_plan import Plan, batches, first_look, of_the_past, plan, renumbered, went_back
from gateway.inbound.imap_session import Opened, Session, uids
from gateway.inbound.imap_trouble import Kind, Trouble
from gateway.log import get_log
from gateway.settings import Mailbox
from gateway.store.mailboxes import Place, State
from gateway.store.session import temporary

# With equal numbers there is nothing new; servers that break their promise about UIDs are caught by this.
WHOLE_LOOK = timedelta(minutes=5)
LEASE_SECONDS = 30.0

log = get_log()


@dataclass(frozen=True, slots=True)
class Around:
    """What a look is given beside the session.

    `kept` is told how many mails were committed, `room` whether the disk has some, `going_on` is asked between steps,
    and calling it says that this part is alive.
    """

    mailbox: Mailbox
    books: Books
    reader: Reader
    now: Callable[[], datetime]
    kept: Callable[[int], None]
    room: Callable[[], bool]
    going_on: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: mails kept, UIDs that fail again and again, and a sentence on what the server did not do.

    `more` when the next look is due at once.
    """

    kept: int = 0
    behind: int = 0
    failing: tuple[int, ...] = ()
    undone: str = ""
    more: bool = False


class Folder:
    """A folder over one session. What it remembers only saves work; everything that counts is in the books."""

    def __init__(self, session: Session, around: Around) -> None:
        self._session = session
        self._around = around
        self._books = around.books
        self._mailbox = around.mailbox
        self._all_done: tuple[Opened, datetime] | None = None

    def look(self) -> Looked:
        """Bring ledger and folder together. Trouble when that cannot be done now, LostLease when another does it."""
        opened = self._session.open_folder(self._mailbox.folder, read_only=self._mailbox.after == "leave")
        now = self._around.now()
        if self._all_done is not None:
            before, at = self._all_done
            if opened == before and opened.uidnext and now < at + WHOLE_LOOK:
                return Looked()
        state = self._state(opened, now)
        place = Place(self._mailbox.name, self._mailbox.folder, opened.uidvalidity)
        ledger = self._books.ledger(place)
        if went_back(opened.uidnext, ledger):
            state, ledger = self._begin_again(place, state, opened), {}
        held = self._held(state)
        wanted = plan(held, ledger, now=now)
        self._clear(place, wanted)
        undone = self._finish(place, wanted.finish)
        kept = self._read(place, state, wanted)
        if not wanted.groups:
            self._all_done = None if wanted.behind or undone else (opened, now)
            return Looked(0, wanted.behind, wanted.failing, undone)
        left = plan(held, self._books.ledger(place), now=now)
        undone = self._finish(place, left.finish) or undone
        return Looked(kept, left.behind, left.failing, undone, more=kept > 0 or wanted.more)

    def _state(self, opened: Opened, now: datetime) -> State:
        """Where reading begins: as remembered, or from now on, or from the same date under new numbers."""
        known = self._books.state()
        if known is not None and known.uidvalidity == opened.uidvalidity:
            return known
        uidnext = opened.uidnext or max(uids(self._session, ["ALL"]), default=0) + 1
        if known is None:
            lately = uids(self._session, ["SINCE", (now - timedelta(days=2)).date()])
            dates = [mail.date for mail in measure(self._session, lately).values() if mail.date]
            state = first_look(uidvalidity=opened.uidvalidity, uidnext=uidnext, newest=dates, now=now)
        else:
            state = renumbered(known, uidvalidity=opened.uidvalidity, uidnext=uidnext)
            log.warning(
                "the server numbers the mails of this folder anew: they are read again, and equal ones are duplicates",
                mailbox=self._mailbox.name,
                since=known.since.isoformat(),
            )
        self._books.begin_at(state)
        return state

    def _begin_again(self, place: Place, state: State, opened: Opened) -> State:
        """Which mails have their numbers a second time cannot be known: all are read again from the same date on."""
        state = renumbered(state, uidvalidity=opened.uidvalidity, uidnext=opened.uidnext)
        log.warning(
            "this folder was restored from a copy, and numbers are given again: mails are read again, and equal ones "
            "are duplicates",
            mailbox=self._mailbox.name,
            since=state.since.isoformat(),
        )
        self._books.begin_at(state, forget=place)
        return state

    def _held(self, state: State) -> set[int]:
        """Everything in the folder that counts."""
        if self._mailbox.import_ == "all":
            return set(uids(self._session, ["ALL"]))
        # UID 9:* names the last mail even where its UID is lower (RFC 3501, 6.4.8).
        held = {uid for uid in uids(self._session, ["UID", f"{state.baseline}:*"]) if uid >= state.baseline}
        if state.renumbered and state.baseline > 1:
            # The server's day may be another than ours: the exact date is looked at afterwards.
            day = (state.since - timedelta(days=1)).date()
            held |= set(uids(self._session, ["UID", f"1:{state.baseline - 1}", "SINCE", day]))
        return held

    def _clear(self, place: Place, wanted: Plan) -> None:
        if wanted.gone:
            self._books.finished(place, wanted.gone)
        if wanted.vanished:
            self._books.forget(place, wanted.vanished)

    def _read(self, place: Place, state: State, wanted: Plan) -> int:
        """Read what is missing; how many mails were kept."""
        kept = 0
        for group in wanted.groups:
            measured = self._measured(place, state, group)
            for batch in batches(self._sizes(measured), most=MOST_MAILS, most_bytes=MOST_BYTES):
                kept += self._read_batch(place, state, {uid: measured[uid] for uid in batch})
        return kept

    def _measured(self, place: Place, state: State, some: Sequence[int]) -> dict[int, Measured]:
        """Sizes and dates of these; what is not to be read is entered as passed over."""
        self._step()
        with self._charging(place, some):
            measured = measure(self._session, some)
            # Listed, but not given; when they are only gone, the next look drops what is charged here.
            if missing := [uid for uid in some if uid not in measured]:
                self._books.failed(place, missing)
            if self._mailbox.import_ == "all":
                return measured
            before = [uid for uid, mail in measured.items() if of_the_past(uid, mail.date, state)]
            if before:
                self._books.pass_over(place, before)
            return {uid: mail for uid, mail in measured.items() if uid not in before}
        return {}

    def _sizes(self, measured: Mapping[int, Measured]) -> dict[int, int]:
        return {uid: 0 if self._around.reader.too_large(mail) else mail.size for uid, mail in measured.items()}

    def _read_batch(self, place: Place, state: State, mails: Mapping[int, Measured]) -> int:
        """Read and keep mails, then finish them. Those that cannot be read are charged, and stop nobody else."""
        self._step()
        if not self._around.room():
            raise Trouble(Kind.OURS, "the disk is nearly full: mail stays in the mailbox; see [smtp] reserve_mib")
        longest = seconds_for(sum(self._sizes(mails).values()))
        if not self._books.lease(LEASE_SECONDS + longest):
            raise LostLease
        past = frozenset(uid for uid, mail in mails.items() if of_the_past(uid, mail.date, state))
        fetched: list[Fetched] | None = None
        with self._charging(place, list(mails)):
            fetched = self._around.reader.read(self._session, mails, past=past, now=self._around.now())
        if fetched is None:
            return 0
        missing = sorted(mails.keys() - {one.uid for one in fetched})
        kept, refused = self._keep(place, fetched)
        if missing or refused:
            self._books.failed(place, [*missing, *refused])
        self._around.kept(len(kept))
        return len(kept)

    @contextmanager
    def _charging(self, place: Place, some: Sequence[int]) -> Iterator[None]:
        """Count a failure for these mails when the server does not give them; a connection that is lost is lost."""
        try:
            yield
        except Trouble as trouble:
            if not self._around.going_on():
                raise
            self._books.failed(place, some)
            if trouble.kind is not Kind.ANSWER:
                raise

    def _keep(self, place: Place, fetched: Sequence[Fetched]) -> tuple[list[int], list[int]]:
        """Commit mails together, or each alone when one of them cannot be; the UIDs kept, and those that cannot."""
        try:
            return list(self._books.keep(place, fetched)), []
        except LostLease:
            raise
        except Exception as error:
            if temporary(error):
                raise
            if len(fetched) == 1:
                log.exception("a mail could not be kept", mailbox=self._mailbox.name, uid=fetched[0].uid)
                return [], [fetched[0].uid]
        parts = [self._keep(place, [one]) for one in fetched]
        return [uid for kept, _ in parts for uid in kept], [uid for _, refused in parts for uid in refused]

    def _finish(self, place: Place, wanted: Sequence[int]) -> str:
        """Mark, move, or delete, and write down that it is done; what the server says when it does not do it."""
        left = list(wanted)
        while left:
            self._step()
            if not self._books.lease(LEASE_SECONDS):
                raise LostLease
            try:
                done = finish(self._session, self._mailbox, left)
            except Trouble as trouble:
                if trouble.kind is not Kind.ANSWER:
                    raise
                return f"what was read cannot be finished in the mailbox (after = {self._mailbox.after}): {trouble}"
            self._books.finished(place, done)
            left = left[len(done) :]
        return ""

    def _step(self) -> None:
        if not self._around.going_on():
            raise Stopping


class Stopping(Exception):  # noqa: N818  (reads as an outcome)
    """The daemon stops: what was begun is finished, nothing new begins."""
