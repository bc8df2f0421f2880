"""The daemon: settings wired to doors, workers, sender and clock; supervised; stopped on SIGTERM."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection

import schedule

from gateway import metrics, notify
from gateway.daemon_mailboxes import mailbox_door
from gateway.errors import GatewayError
from gateway.foreman import Foreman, Restarted
from gateway.inbound.arrivals import Arrival, RecipientVerdict
from gateway.inbound.authenticate import strip_foreign
from gateway.inbound.group import GroupCommit
from gateway.inbound.imap import MailboxDoor
from gateway.inbound.received import received_line
from gateway.inbound.smtp import Doors, open_doors
from gateway.inbound.trace import new_mark
from gateway.log import get_log
from gateway.outbound.transport import open_transport
from gateway.settings import Mailbox, Settings
from gateway.work.accept import accept
from gateway.work.office import Office, open_office
from gateway.work.send import send_due
from gateway.work.tick import fire_due, plan_digests, purge, take_over, take_over_here
from gateway.worker import Done, name_of

PARTS = ("smtp", "imap", "work", "send", "clock", "web")
SEND_SECONDS = 1.0
CLOCK_SECONDS = 1.0
# A part that has not come round for so long is stuck, and systemd is no longer told that all is well.
STUCK_SECONDS = 300.0
GRACE_SECONDS = 20.0

log = get_log()


def run(settings: Settings, *, parts: Sequence[str], notes: Sequence[str] = ()) -> int:
    """Run these parts until SIGTERM or SIGINT; the exit code: 0 when stopped, 1 when a part of it failed."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    node = settings.server.node or socket.gethostname()
    # First of all, while this process has no thread and no connection that a fork would share.
    foreman = Foreman(settings, node) if "work" in parts else None
    try:
        with closing(open_office(settings)) as office:
            take_over_here(office, node, now=_now())
            if foreman is not None:
                foreman.start_work()
            return asyncio.run(_Daemon(office, node, parts, foreman).run(notes))
    finally:
        if foreman is not None:
            foreman.stop()


class _Daemon:
    """The running parts of one process, and when each of them last came round."""

    def __init__(self, office: Office, node: str, parts: Sequence[str], foreman: Foreman | None) -> None:
        self.office = office
        self.who = name_of(node)
        self.parts = parts
        self.foreman = foreman
        self.stopping = threading.Event()
        self.letters = threading.Event()
        self.pulse: dict[str, float] = {}
        self.failed = ""

    async def run(self, notes: Sequence[str]) -> int:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, stop.set)
        for note in notes:
            log.info(note)

        def fail(part: str, error: BaseException) -> None:
            self.failed = part
            log.error(f"{part} failed; the daemon stops", exc_info=error)
            loop.call_soon_threadsafe(stop.set)

        bodies: list[tuple[str, Callable[[], None]]] = []
        if "send" in self.parts:
            for number in range(self.office.settings.delivery.connections):
                name = f"send-{number + 1}"
                bodies.append((name, partial(self._send, name)))
        if "clock" in self.parts:
            bodies.append(("clock", self._clock))
        if self.foreman is not None:
            bodies.append(("work", self._hear_foreman))
        mailboxes = [self._open_mailbox(one) for one in self.office.settings.mailbox] if "imap" in self.parts else []
        bodies += [(f"imap-{name}", door.run) for name, door in mailboxes]
        web = self._open_web(bodies) if "web" in self.parts and self.office.settings.web.listen else ""
        group = GroupCommit(lambda arrivals: accept(self.office, arrivals))
        # The doors first: an address that is taken ends the daemon before anything has begun.
        doors = await self._open_doors(group) if "smtp" in self.parts else Doors()
        threads = [_thread(name, body, fail) for name, body in bodies]
        at = ({"web": web} if web else {}) | ({"mailboxes": [name for name, _ in mailboxes]} if mailboxes else {})
        log.info("ready", doors=[_shown(one) for one in (doors.smtp, doors.lmtp) if one], parts=list(self.parts), **at)
        notify.ready("ready")
        beat = loop.create_task(self._beat())
        await stop.wait()

        log.info("stopping: what was begun is finished")
        notify.stopping()
        beat.cancel()
        await doors.close(GRACE_SECONDS)
        await asyncio.to_thread(group.close)
        self.stopping.set()
        self.letters.set()
        for _, door in mailboxes:
            door.cut()
        for thread in threads:
            await asyncio.to_thread(thread.join, GRACE_SECONDS)
        log.info("stopped")
        return 1 if self.failed else 0

    async def _open_doors(self, group: GroupCommit) -> Doors:
        desk, tokens = self.office.rules.desk, self.office.rules.tokens
        hostname = self.office.settings.server.hostname

        async def keep(arrival: Arrival) -> str:
            number = await group.put(arrival)
            metrics.mails_accepted.labels(arrival.source).inc()
            if self.foreman is not None:
                self.foreman.wake()
            return number

        def recipient(address: str) -> RecipientVerdict:
            return RecipientVerdict.UNKNOWN if desk.area_of(address) is None else RecipientVerdict.ACCEPT

        def stamp(arrival: Arrival) -> bytes:
            return received_line(arrival, hostname=hostname, id=new_mark(tokens))

        def strip(raw: bytes, own_name: str) -> bytes:
            # From outside nobody may speak in the name of a server that is believed.
            for name in (own_name, *self.office.settings.authentication.trusted):
                raw = strip_foreign(raw, name)
            return raw

        return await open_doors(
            self.office.settings, accept=keep, recipient=recipient, stamp=stamp, strip_foreign=strip
        )

    def _open_mailbox(self, mailbox: Mailbox) -> tuple[str, MailboxDoor]:
        """The door of a mailbox, and its name."""
        loop = asyncio.get_running_loop()
        name = f"imap-{mailbox.name}"

        def kept(number: int) -> None:
            metrics.mails_accepted.labels(f"imap {mailbox.name}").inc(number)
            if self.foreman is not None and number:
                loop.call_soon_threadsafe(self.foreman.wake)

        def alive() -> None:
            self.pulse[name] = time.monotonic()

        return mailbox.name, mailbox_door(
            self.office, mailbox, holder=self.who, clock=_now, kept=kept, stopping=self.stopping, alive=alive
        )

    def _open_web(self, bodies: list[tuple[str, Callable[[], None]]]) -> str:
        """Take the address of the pages, and put what serves them beside the other parts; the address."""
        # Only who serves pages pays for them.
        from gateway.web.server import Server

        def alive() -> None:
            self.pulse["web"] = time.monotonic()

        loop = asyncio.get_running_loop()

        def wake() -> None:
            if self.foreman is not None:
                # The pipe to the foreman is written by this loop's thread only.
                loop.call_soon_threadsafe(self.foreman.wake)

        server = Server(self.office, wake=wake)
        address = server.open()
        bodies.append(("web", lambda: server.run(self.stopping, alive)))
        return _shown(address)

    def _send(self, name: str) -> None:
        """One sender with one connection that it keeps while there is something to send."""
        settings = self.office.settings
        transport = open_transport(settings.delivery, hostname=settings.server.hostname)
        try:
            while not self.stopping.is_set():
                self.pulse[name] = time.monotonic()
                self.letters.clear()
                sent = _patiently(
                    lambda: send_due(
                        self.office,
                        transport,
                        who=f"{self.who}/{name}",
                        clock=_now,
                        going_on=lambda: not self.stopping.is_set(),
                    )
                )
                if not sent:
                    transport.close()
                    self.letters.wait(SEND_SECONDS)
        finally:
            transport.close()

    def _clock(self) -> None:
        jobs = schedule.Scheduler()
        for seconds, job in (
            (5, lambda: take_over(self.office, now=_now())),
            (1, lambda: fire_due(self.office, now=_now())),
            (600, lambda: purge(self.office, now=_now())),
            (600, lambda: plan_digests(self.office, now=_now())),
        ):
            # One job's exception would skip the rest of the pass.
            jobs.every(seconds).seconds.do(_patiently, job)
        while not self.stopping.wait(CLOCK_SECONDS):
            self.pulse["clock"] = time.monotonic()
            jobs.run_pending()

    def _hear_foreman(self) -> None:
        assert self.foreman is not None
        pipe: Connection = self.foreman.pipe
        while not self.stopping.is_set():
            if not self.foreman.process.is_alive():
                raise GatewayError("the foreman of the workers is no more; the daemon has to be started again")
            self.pulse["work"] = time.monotonic()
            try:
                said = pipe.recv() if pipe.poll(1.0) else None
            except (EOFError, OSError):
                continue
            match said:
                case Done(verdicts, seconds):
                    for verdict in verdicts:
                        metrics.deliveries.labels(verdict).inc()
                    metrics.handle_seconds.observe(seconds)
                    self.letters.set()
                case Restarted():
                    metrics.worker_restarts.inc()

    async def _beat(self) -> None:
        """Tell the watchdog that all is well, as long as every part comes round."""
        watched = notify.watchdog_seconds()
        while True:
            await asyncio.sleep((watched or 20.0) / 3)
            now = time.monotonic()
            stuck = [part for part, last in self.pulse.items() if now - last > STUCK_SECONDS]
            if stuck:
                log.error("stuck", parts=stuck)
            else:
                notify.watchdog()


def _thread(name: str, body: Callable[[], None], fail: Callable[[str, BaseException], None]) -> threading.Thread:
    def run_it() -> None:
        try:
            body()
        except BaseException as error:
            fail(name, error)

    thread = threading.Thread(target=run_it, name=name, daemon=True)
    thread.start()
    return thread


def _patiently(job: Callable[[], int]) -> int:
    """What the job did, or 0 when it failed: the next round tries again."""
    try:
        return job()
    except Exception:
        log.exception("trouble; it is tried again")
        time.sleep(1.0)
        return 0


def _shown(address: object) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else f"unix:{address}"


def _now() -> datetime:
    return datetime.now(UTC)
