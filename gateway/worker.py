"""A worker process: claims mail, judges it, says which one it has in hand, until it is told to stop."""

import contextlib
import mmap
import os
import resource
import secrets
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from struct import Struct
from typing import TypeVar

from gateway import log
from gateway.settings import Settings
from gateway.store.session import temporary
from gateway.work.handle import handle, release_of_the_dead
from gateway.work.office import Office, open_office

IDLE_SECONDS = 1.0
_WHICH, _SINCE = Struct("=q"), Struct("=d")

T = TypeVar("T")


class InHand:
    """Which delivery a worker works on, and since when, in memory that its foreman sees too.

    Said through a pipe it would wake both of them for each mail, which costs a twentieth of the mail's time.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _WHICH.size + _SINCE.size)

    def take(self, delivery_id: int | None) -> None:
        """The worker: I work on this one now (None: on none)."""
        # The time first: who looks between the two must not see a new mail with an old time.
        _SINCE.pack_into(self._shared, _WHICH.size, time.monotonic())
        _WHICH.pack_into(self._shared, 0, delivery_id or 0)

    @property
    def delivery_id(self) -> int | None:
        number: int = _WHICH.unpack_from(self._shared)[0]
        return number or None

    @property
    def since(self) -> float:
        when: float = _SINCE.unpack_from(self._shared, _WHICH.size)[0]
        return when


@dataclass(frozen=True, slots=True)
class Done:
    """A worker to its foreman: these verdicts were committed, in so many seconds."""

    verdicts: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Bereaved:
    """A foreman to a new worker: that one died with this delivery in its hands."""

    who: str
    delivery_id: int | None
    why: str = ""


def name_of(node: str) -> str:
    """A name for one process that nobody had before it."""
    return f"{node}/{os.getpid()}-{secrets.token_hex(4)}"


def run(settings: Settings, foreman: Connection, who: str, in_hand: InHand, dead: Bereaved | None) -> None:
    """The whole life of a worker. Ends by itself when it is told 'stop', or when its foreman is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log.configure(settings.log.format, settings.log.level)
    with contextlib.suppress(EOFError, BrokenPipeError):
        office = _patiently(foreman, lambda: open_office(settings))
        if office is not None:
            with contextlib.closing(office):
                _bound_memory(settings.workers.memory_mib)
                _work(office, foreman, who, in_hand, dead)


def _work(office: Office, foreman: Connection, who: str, in_hand: InHand, dead: Bereaved | None) -> None:
    lines = log.get_log()
    if dead is not None:
        _patiently(foreman, lambda: release_of_the_dead(office, dead.who, dead.delivery_id, now=_now(), why=dead.why))
    while True:
        began = time.monotonic()
        try:
            claimed, verdicts = handle(office, who=who, clock=_now, in_hand=in_hand.take)
        except Exception as error:
            if not temporary(error):
                raise
            lines.warning("the database cannot be reached, mail waits", error=str(error).splitlines()[0])
            claimed, verdicts = 0, ()
        if claimed:
            foreman.send(Done(tuple(verdicts), time.monotonic() - began))
        if (not claimed or foreman.poll()) and foreman.poll(IDLE_SECONDS) and foreman.recv() == "stop":
            return


def _patiently(foreman: Connection, do: Callable[[], T]) -> T | None:
    """What it does once it can be done; None when the foreman says 'stop' before."""
    while True:
        try:
            return do()
        except Exception as error:
            if not temporary(error):
                raise
            if foreman.poll(IDLE_SECONDS) and foreman.recv() == "stop":
                return None


def _bound_memory(mib: int) -> None:
    """A mail that makes the parser take more than this gets a MemoryError instead of the machine's memory."""
    with open("/proc/self/status", encoding="ascii") as status:
        used = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
    resource.setrlimit(resource.RLIMIT_DATA, (used + mib * 2**20, used + mib * 2**20))


def _now() -> datetime:
    return datetime.now(UTC)
