"""The foreman: one process that keeps the workers going, and ends the one whose mail takes too long.

It is forked from the daemon before that has any thread, and forks its workers itself: all share the memory of what
they have in common. It opens no database; a new worker releases what a dead one had claimed.
"""

import contextlib
import gc
import multiprocessing
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from gateway import log, worker
from gateway.settings import Settings
from gateway.worker import Bereaved, Done, InHand

LOOK_SECONDS = 0.2
# A worker that was told to stop finishes its batch: so long at the most.
STOP_SECONDS = 30.0
# A worker that dies at once, again and again, is not started faster than this.
RESTART_SECONDS = 0.5

_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Restarted:
    """The foreman to the daemon: a worker ended and another took its place."""

    why: str


@dataclass(slots=True)
class _Hand:
    """One worker as its foreman sees it."""

    process: ForkProcess
    pipe: Connection
    who: str
    in_hand: InHand
    started: float = field(default_factory=time.monotonic)
    killed_for: str = ""


class Foreman:
    """The daemon's side: started first of all, woken when mail came in, told to stop at the end."""

    def __init__(self, settings: Settings, node: str) -> None:
        self.pipe, theirs = _FORK.Pipe()
        # What is there now is never collected, so that the garbage collector does not touch, and so copy, its pages.
        gc.collect()
        gc.freeze()
        self.process = _FORK.Process(target=_run, args=(settings, node, theirs, self.pipe), name="foreman")
        self.process.start()
        theirs.close()

    def start_work(self) -> None:
        """Start the workers."""
        self.pipe.send("begin")

    def wake(self) -> None:
        """Mail came in."""
        with contextlib.suppress(BrokenPipeError, OSError):
            self.pipe.send("wake")

    def stop(self) -> None:
        """Let the workers finish what they have in hand; returns when all have ended."""
        with contextlib.suppress(BrokenPipeError, OSError):
            self.pipe.send("stop")
        self.process.join(STOP_SECONDS + 5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _run(settings: Settings, node: str, daemon: Connection, other_end: Connection) -> None:
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log.configure(settings.log.format, settings.log.level)
    hands: list[_Hand] = []
    try:
        if daemon.recv() == "begin":
            hands += [_start(settings, node, daemon, None) for _ in range(settings.workers.count)]
        while hands and _look(settings, node, daemon, hands):
            pass
    except (EOFError, BrokenPipeError):
        # The daemon is no more; whoever starts it again takes over what is claimed.
        pass
    _stop_all(hands)


def _look(settings: Settings, node: str, daemon: Connection, hands: list[_Hand]) -> bool:
    """Once around: what the daemon says, what the workers say, who died, who takes too long. False: stop."""
    ready = wait([daemon, *(one.pipe for one in hands), *(one.process.sentinel for one in hands)], LOOK_SECONDS)
    if daemon in ready:
        if daemon.recv() == "stop":
            return False
        _wake(one for one in hands if one.in_hand.delivery_id is None)
    for place, one in enumerate(hands):
        _listen(one, daemon)
        if not one.process.is_alive():
            hands[place] = _replace(settings, node, daemon, one)
        elif one.in_hand.delivery_id is not None and time.monotonic() - one.in_hand.since > settings.workers.seconds:
            one.killed_for = f"one mail took more than {settings.workers.seconds:g} s"
            one.process.kill()
            one.process.join()
            hands[place] = _replace(settings, node, daemon, one)
    return True


def _wake(hands: Iterable[_Hand]) -> None:
    for one in hands:
        with contextlib.suppress(BrokenPipeError, OSError):
            one.pipe.send("wake")


def _listen(one: _Hand, daemon: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        while one.pipe.poll():
            said = one.pipe.recv()
            if isinstance(said, Done):
                daemon.send(said)


def _start(settings: Settings, node: str, daemon: Connection, dead: Bereaved | None) -> _Hand:
    pipe, theirs = _FORK.Pipe()
    who, in_hand = worker.name_of(node), InHand()
    process = _FORK.Process(
        target=_become_worker, args=(settings, theirs, who, in_hand, dead, [daemon, pipe]), name="worker"
    )
    process.start()
    theirs.close()
    return _Hand(process, pipe, who, in_hand)


def _become_worker(
    settings: Settings,
    foreman: Connection,
    who: str,
    in_hand: InHand,
    dead: Bereaved | None,
    others: list[Connection],
) -> None:
    for one in others:
        one.close()
    worker.run(settings, foreman, who, in_hand, dead)


def _replace(settings: Settings, node: str, daemon: Connection, dead: _Hand) -> _Hand:
    _listen(dead, daemon)
    why = dead.killed_for or f"it ended by itself (exit code {dead.process.exitcode})"
    lines = log.get_log()
    lines.error(f"a worker is replaced: {why}", delivery=dead.in_hand.delivery_id, worker=dead.who)
    daemon.send(Restarted(why))
    dead.pipe.close()
    time.sleep(max(0.0, RESTART_SECONDS - (time.monotonic() - dead.started)))
    return _start(settings, node, daemon, Bereaved(dead.who, dead.in_hand.delivery_id, why))


def _stop_all(hands: list[_Hand]) -> None:
    for one in hands:
        with contextlib.suppress(BrokenPipeError, OSError):
            one.pipe.send("stop")
    until = time.monotonic() + STOP_SECONDS
    for one in hands:
        while one.process.is_alive() and time.monotonic() < until:
            with contextlib.suppress(EOFError, OSError):
                while one.pipe.poll():
                    one.pipe.recv()
            one.process.join(0.02)
        if one.process.is_alive():
            one.process.kill()
            one.process.join()
