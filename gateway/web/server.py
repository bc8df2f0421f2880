"""uvicorn inside the daemon: in a thread and loop of its own, on a socket that was opened before."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from threading import Event

import uvicorn

from gateway.inbound.listen import Address, listen_address, open_socket
from gateway.web.app import app
from gateway.work.office import Office

KEY = "[web] listen"
BACKLOG = 128
PULSE_SECONDS = 5
GRACE_SECONDS = 10
LOOK_SECONDS = 0.2


class Server:
    """`open` before anything has begun, then `run` in a thread until `stopping` is set."""

    def __init__(self, office: Office, *, wake: Callable[[], None]) -> None:
        self._office = office
        self._wake = wake
        self._socket: socket.socket | None = None

    def open(self) -> Address:
        """Take the address; SettingsError when it cannot be had. What it is, where the system chose the port."""
        address = listen_address(self._office.settings.web.listen, key=KEY)
        self._socket = open_socket(address, key=KEY)
        # Who comes before the loop goes round waits instead of being turned away.
        self._socket.listen(BACKLOG)
        name = self._socket.getsockname()
        return name[0], name[1]

    def run(self, stopping: Event, alive: Callable[[], None]) -> None:
        """Serve until `stopping`, then finish what was begun. `alive` is called while the loop goes round."""
        assert self._socket is not None, "open() comes first"

        async def came_round() -> None:
            alive()

        alive()
        config = uvicorn.Config(
            app(self._office, wake=self._wake),
            # Ours are set up already, and a line for every request would drown them.
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
            server_header=False,
            # The address of who asks, told by a server in front on this machine.
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1,::1",
            limit_concurrency=200,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_notify=PULSE_SECONDS,
            callback_notify=came_round,
        )
        asyncio.run(self._serve(_Uvicorn(config), stopping))

    async def _serve(self, server: uvicorn.Server, stopping: Event) -> None:
        assert self._socket is not None
        serving = asyncio.ensure_future(server.serve(sockets=[self._socket]))
        while not stopping.is_set() and not serving.done():
            await asyncio.wait([serving], timeout=LOOK_SECONDS)
        server.should_exit = True
        await serving


class _Uvicorn(uvicorn.Server):
    """Signals are the daemon's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
