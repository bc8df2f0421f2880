"""Group commit: what arrives at the same time is kept by one thread with one commit, and each is answered."""

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from gateway.errors import TemporaryError
from gateway.inbound.arrivals import Arrival

# Singly, a row that cannot be written is refused within milliseconds; who takes longer has no database to write to.
_PATIENCE_SECONDS = 5.0


class TooManyWaiting(TemporaryError):  # noqa: N818  (reads as an outcome)
    """The queue is full: the sender keeps the mail and comes again, instead of our memory growing."""


class Stopped(TemporaryError):  # noqa: N818  (reads as an outcome)
    """The writer is closing and takes nothing more."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    answer: "asyncio.Future[str] | Future[str]"


class GroupCommit:
    """One writer thread before `accept_many`, which commits what it is given and answers each mail in its order.

    An answer is the mail's id or the exception that concerns this mail only. When the call itself raises, nothing was
    committed, and the mails are given one by one, so that a bad one does not fail its companions. When the writer was
    lost after its commit, this gives a mail a second time: accepting is idempotent by the content key.
    """

    def __init__(
        self,
        accept_many: Callable[[Sequence[Arrival]], Sequence[str | Exception]],
        most: int = 256,
        *,
        most_waiting: int = 2000,
        most_waiting_bytes: int = 256 << 20,
    ) -> None:
        """`most` mails in one commit; the other two bound what waits or is in hand, in mails and in bytes."""
        self._accept_many = accept_many
        self._most = most
        self._most_waiting = most_waiting
        self._most_waiting_bytes = most_waiting_bytes
        self._queue: deque[_Waiting] = deque()
        self._mails = self._bytes = 0
        self._stopped = False
        self._change = threading.Condition()
        self._writer = threading.Thread(target=self._write, name="group-commit", daemon=True)
        self._writer.start()

    async def put(self, arrival: Arrival) -> str:
        """The mail's id once it is committed. TooManyWaiting, Stopped, or what `accept_many` raised for this mail.

        A caller that is cancelled takes nothing back: the mail is kept all the same.
        """
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._queue_up(_Waiting(arrival, answer))
        return await answer

    def put_sync(self, arrival: Arrival, *, seconds: float | None = None) -> str:
        """The same for a caller in a thread. TimeoutError after `seconds`, and then the mail may be kept or not."""
        answer: Future[str] = Future()
        self._queue_up(_Waiting(arrival, answer))
        return answer.result(seconds)

    def close(self, seconds: float | None = None) -> bool:
        """Takes nothing more and finishes what was taken. False when that did not end within `seconds`."""
        with self._change:
            self._stopped = True
            self._change.notify()
        self._writer.join(seconds)
        return not self._writer.is_alive()

    def _queue_up(self, waiting: _Waiting) -> None:
        size = len(waiting.arrival.raw)
        with self._change:
            if self._stopped:
                raise Stopped("The gateway is closing down; try again later.")
            full = self._mails >= self._most_waiting or self._bytes + size > self._most_waiting_bytes
            # A mail larger than all the room still passes, alone: refused, it would come again for ever.
            if full and self._mails:
                raise TooManyWaiting("Too many mails are waiting to be kept; try again later.")
            self._mails += 1
            self._bytes += size
            self._queue.append(waiting)
            self._change.notify()

    def _write(self) -> None:
        while batch := self._take():
            answers = self._accepted(batch)
            with self._change:
                self._mails -= len(batch)
                self._bytes -= sum(len(waiting.arrival.raw) for waiting in batch)
            _tell(batch, answers)

    def _take(self) -> list[_Waiting]:
        with self._change:
            while not self._queue and not self._stopped:
                self._change.wait()
            return [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]

    def _accepted(self, batch: list[_Waiting]) -> Sequence[str | Exception]:
        try:
            answers = self._accept_many([waiting.arrival for waiting in batch])
        except Exception as fault:
            return [fault] if len(batch) == 1 else self._accepted_singly(batch)
        if len(answers) != len(batch):
            return [RuntimeError(f"{len(batch)} mails got {len(answers)} answers")] * len(batch)
        return answers

    def _accepted_singly(self, batch: list[_Waiting]) -> list[str | Exception]:
        answers: list[str | Exception] = []
        began, succeeded = time.monotonic(), False
        for waiting in batch:
            if answers and not succeeded and time.monotonic() - began > _PATIENCE_SECONDS:
                answers.append(TooManyWaiting("Mail cannot be written at present; try again later."))
                continue
            answers.extend(self._accepted([waiting]))
            succeeded = succeeded or isinstance(answers[-1], str)
        return answers


def _tell(batch: list[_Waiting], answers: Sequence[str | Exception]) -> None:
    """Each loop is woken once for all of its mails: a wake-up is a system call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[str], str | Exception]]] = defaultdict(list)
    for waiting, answer in zip(batch, answers, strict=True):
        if isinstance(waiting.answer, Future):
            _settle(waiting.answer, answer)
        else:
            by_loop[waiting.answer.get_loop()].append((waiting.answer, answer))
    for loop, settled in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, settled)
        except RuntimeError:  # The loop is closed: nobody waits any more, and the mails are kept.
            continue


def _settle_all(settled: list[tuple[asyncio.Future[str], str | Exception]]) -> None:
    for future, answer in settled:
        if not future.done():
            _settle(future, answer)


def _settle(future: "asyncio.Future[str] | Future[str]", answer: str | Exception) -> None:
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
