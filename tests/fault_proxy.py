"""A line between a client and a server which fails as lines do: at a byte, or at once, and always the same way.

`plan(...)` gives the connections to come one fault each, in order; who comes after them gets a good line. `strike(...)`
lets all lines that are open now fail at once. `refuse()` is a server that is down, until `listen()`.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

T = TypeVar("T")
BYE = b"* BYE Server is going down for maintenance\r\n"
_CLOSE_BY_RST = struct.pack("ii", 1, 0)


class Kind(StrEnum):
    CUT = "cut"
    """Both sides see the end of the connection."""
    RESET = "reset"
    """Both sides get a RST."""
    HALF_CLOSE = "half close"
    """The reader of `way` sees its end; the other way goes on."""
    SWALLOW = "swallow"
    """As a NAT that forgot the line: it stays open on both sides and nothing goes through any more."""
    BYE = "bye"
    """The server says `* BYE` instead of hearing more. For lines without TLS; `way` is UP."""
    DRIP = "drip"
    """From there on byte by byte, `seconds` between them."""
    DELAY = "delay"
    """From there on each piece comes `seconds` later."""


class Way(StrEnum):
    UP = "up"
    """From the client to the server."""
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Fault:
    """Happens when `after` bytes have gone through in this way; they go through untouched."""

    kind: Kind
    after: int = 0
    way: Way = Way.DOWN
    seconds: float = 0.0


def random_fault(chance: random.Random, *, largest: int) -> Fault:
    """One of any kind, most within the first kilobytes, where a dialogue is most various; `largest` is the farthest."""
    kind = chance.choice(list(Kind))
    near = min(largest, 4_000)
    after = chance.randrange(near if chance.random() < 0.6 else largest)
    if kind == Kind.BYE:
        return Fault(kind, chance.randrange(600), Way.UP)
    if kind == Kind.DRIP:
        # Else one mail of a hundred kilobytes would take all day.
        return Fault(kind, after, seconds=0.0)
    if kind == Kind.DELAY:
        return Fault(kind, after, seconds=chance.uniform(0.0, 0.3))
    if chance.random() < 0.3:
        return Fault(kind, chance.randrange(600), Way.UP)
    return Fault(kind, after)


class FaultProxy:
    """Listens on `port` of 127.0.0.1 and passes on to `server`, a port there. `happened` is what really failed."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.port = 0
        self.connections = 0
        self.happened: list[Fault] = []
        self._plan: deque[Fault | None] = deque()
        self._lines: set[_Line] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listening: socket.socket | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def open(self) -> int:
        """The lines that stand, failed ones that nobody has closed included."""
        return len(self._lines)

    def plan(self, *faults: Fault | None) -> None:
        """One for each of the next connections; None is a good line."""
        self._plan.extend(faults)

    def planned(self) -> int:
        """How many faults are waiting for a connection."""
        return len(self._plan)

    def heal(self) -> None:
        """What is planned does not happen any more, and lines that only limp are good ones; the dead stay dead."""
        self._run(self._heal())

    def nobody_there(self) -> bool:
        """Whether no good line stands."""
        return all(line.failed for line in list(self._lines))

    def strike(self, kind: Kind) -> int:
        """Lets all lines fail now (not DRIP or DELAY); how many there were."""
        return self._run(self._strike(Fault(kind)))

    def refuse(self) -> None:
        """Nobody listens any more; lines that stand are left alone."""
        self._run(self._refuse())

    def listen(self) -> None:
        self._run(self._listen())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._listening.setblocking(False)
        self.port = self._listening.getsockname()[1]
        self._loop.add_reader(self._listening, self._accept, self._listening)

    async def _refuse(self) -> None:
        if self._listening is not None:
            self._loop.remove_reader(self._listening)
            self._listening.close()
            self._listening = None

    def _accept(self, listening: socket.socket) -> None:
        try:
            client, _ = listening.accept()
        except OSError:
            # It went away before we came.
            return
        self.connections += 1
        line = _Line(self, client, self._plan.popleft() if self._plan else None)
        self._lines.add(line)
        line.task = self._loop.create_task(line.run())
        line.task.add_done_callback(lambda _: self._gone(line))

    async def _strike(self, fault: Fault) -> int:
        lines = [line for line in self._lines if not line.failed]
        for line in lines:
            await line.fail(fault)
        return len(lines)

    async def _heal(self) -> None:
        self._plan.clear()
        for line in self._lines:
            line.fault = None

    async def _end(self) -> None:
        await self._refuse()
        tasks = [line.task for line in self._lines]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _gone(self, line: "_Line") -> None:
        line.close()
        self._lines.discard(line)


class _Line:
    """One client's connection, and ours to the server."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, fault: Fault | None) -> None:
        self.task: asyncio.Task[None]
        self.failed = False
        self._told = False
        self._proxy = proxy
        self.fault = fault
        # Where each way leads.
        self._ends = {Way.UP: socket.socket(), Way.DOWN: client}
        self._silent: set[Way] = set()
        for end in self._ends.values():
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def run(self) -> None:
        ways: list[asyncio.Task[None]] = []
        try:
            await asyncio.get_running_loop().sock_connect(self._ends[Way.UP], ("127.0.0.1", self._proxy.server))
            ways = [asyncio.create_task(self._pass_on(way)) for way in Way]
            await asyncio.gather(*ways)
        except (OSError, asyncio.CancelledError):
            # One of the ends went, or the line failed: so does the other.
            pass
        finally:
            while not all(way.done() for way in ways):
                for way in ways:
                    way.cancel()
                # Who fails a line is one of its ways; a second failure may come while the first is dealt with.
                with suppress(asyncio.CancelledError):
                    await asyncio.wait(ways)

    def close(self) -> None:
        for end in self._ends.values():
            end.close()

    async def _pass_on(self, way: Way) -> None:
        """Until the source ends, and the target hears of it."""
        loop = asyncio.get_running_loop()
        source, target = self._ends[Way.UP if way == Way.DOWN else Way.DOWN], self._ends[way]
        passed = 0
        while piece := await loop.sock_recv(source, 65536):
            fault, good = self.fault, len(piece)
            if fault is not None and fault.way == way and passed + good >= fault.after:
                good = max(0, fault.after - passed)
            if way not in self._silent:
                await loop.sock_sendall(target, piece[:good])
            if fault is not None and good < len(piece):
                await self.fail(fault)
            if way in self._silent:
                await asyncio.Event().wait()
            if fault is not None and good < len(piece):
                await self._limp(fault, target, piece[good:])
            passed += len(piece)
        if way in self._silent:
            await asyncio.Event().wait()
        target.shutdown(socket.SHUT_WR)

    async def _limp(self, fault: Fault, target: socket.socket, rest: bytes) -> None:
        """What is left of a piece, over a line that passes things on and does so badly, until it is healed."""
        loop = asyncio.get_running_loop()
        if fault.kind == Kind.DELAY:
            await asyncio.sleep(fault.seconds)
        while rest and fault.kind == Kind.DRIP and self.fault is not None:
            await asyncio.sleep(fault.seconds)
            await loop.sock_sendall(target, rest[:1])
            rest = rest[1:]
        await loop.sock_sendall(target, rest)

    async def fail(self, fault: Fault) -> None:
        """Begins to; what was passed on before is not taken back."""
        if not self._told:
            self._proxy.happened.append(fault)
        self._told = True
        self.failed = fault.kind not in (Kind.DELAY, Kind.DRIP)
        match fault.kind:
            case Kind.DELAY | Kind.DRIP:
                pass
            case Kind.SWALLOW:
                self._silent.update(Way)
            case Kind.HALF_CLOSE:
                self._silent.add(fault.way)
                with suppress(OSError):
                    self._ends[fault.way].shutdown(socket.SHUT_WR)
            case Kind.BYE:
                with suppress(OSError):
                    await asyncio.get_running_loop().sock_sendall(self._ends[Way.DOWN], BYE)
                self._hang_up(reset=False)
            case Kind.CUT | Kind.RESET:
                self._hang_up(reset=fault.kind == Kind.RESET)

    def _hang_up(self, *, reset: bool) -> None:
        """Nothing more goes through; both ends are closed when its ways have ended."""
        self._silent.update(Way)
        for end in self._ends.values():
            with suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_BY_RST)
                else:
                    end.shutdown(socket.SHUT_WR)
        self.task.cancel()
