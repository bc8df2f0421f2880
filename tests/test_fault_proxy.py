"""The line that fails does so where it is told to, so that what the tests of mailboxes say of faults is so."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.fault_proxy import BYE, Fault, FaultProxy, Kind, Way, random_fault
from tests.waiting import wait_until

QUIET = 0.3


class Echo:
    """A server that says back what it hears, after a greeting of four bytes."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ended = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"hi\r\n")
            while said := connection.recv(1000):
                self.heard.append(said)
                connection.sendall(said)
        self.ended += 1


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def line(echo: Echo) -> Iterator[FaultProxy]:
    with FaultProxy(echo.port) as proxy:
        yield proxy


def call(line: FaultProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), 5)


def heard(client: socket.socket, *, seconds: float = 5) -> bytes:
    """All that comes until the end of the connection; a RST is an OSError."""
    client.settimeout(seconds)
    return b"".join(iter(lambda: client.recv(1000), b""))


def exactly(client: socket.socket, length: int) -> bytes:
    said = b""
    while len(said) < length and (more := client.recv(length - len(said))):
        said += more
    return said


def silent(client: socket.socket) -> bool:
    client.settimeout(QUIET)
    try:
        return client.recv(1) is None
    except TimeoutError:
        return True


def test_a_good_line_passes_everything_on_and_ends_when_its_ends_do(line: FaultProxy, echo: Echo) -> None:
    with call(line) as client:
        client.sendall(b"x" * 100_000)
        said = exactly(client, 100_004)
        client.shutdown(socket.SHUT_WR)
        rest = heard(client)

    assert said == b"hi\r\n" + b"x" * 100_000
    assert rest == b""
    wait_until(lambda: line.open == 0)
    wait_until(lambda: echo.ended == 1)
    assert not line.happened


@pytest.mark.parametrize("after", [0, 1, 4, 9, 2000])
def test_a_line_is_cut_after_so_many_bytes_from_the_server(line: FaultProxy, echo: Echo, after: int) -> None:
    line.plan(Fault(Kind.CUT, after))
    with call(line) as client, suppress(OSError):
        client.sendall(b"x" * 3000)
        said = heard(client)

    assert said == (b"hi\r\n" + b"x" * 3000)[:after]
    assert line.happened == [Fault(Kind.CUT, after)]
    wait_until(lambda: echo.ended == 1)


def test_a_line_is_cut_after_so_many_bytes_from_the_client(line: FaultProxy, echo: Echo) -> None:
    line.plan(Fault(Kind.CUT, 7, Way.UP))
    with call(line) as client:
        client.sendall(b"abcde")
        exactly(client, 9)
        client.sendall(b"fghij")
        heard(client)

    wait_until(lambda: echo.ended == 1)
    assert b"".join(echo.heard) == b"abcdefg"


def test_a_reset_is_an_error_and_no_end(line: FaultProxy, echo: Echo) -> None:
    line.plan(Fault(Kind.RESET, 2))
    with call(line) as client, pytest.raises(ConnectionResetError):
        heard(client)

    wait_until(lambda: echo.ended == 1)


def test_of_a_half_closed_line_the_other_way_goes_on(line: FaultProxy, echo: Echo) -> None:
    line.plan(Fault(Kind.HALF_CLOSE, 3))
    with call(line) as client:
        said = heard(client)
        client.sendall(b"still here")
        wait_until(lambda: echo.heard)

    assert said == b"hi\r"
    assert echo.heard == [b"still here"]
    wait_until(lambda: echo.ended == 1)


def test_a_swallowed_line_stays_open_on_both_sides(line: FaultProxy, echo: Echo) -> None:
    line.plan(Fault(Kind.SWALLOW, 2))
    with call(line) as client:
        said = exactly(client, 2)
        client.sendall(b"hello?")
        quiet = silent(client)

    assert said == b"hi"
    assert quiet
    assert not echo.heard
    assert not silent_end(echo)
    assert line.open == 1


def silent_end(echo: Echo) -> bool:
    """Whether the server hears of an end, though nothing should tell it."""
    until = time.monotonic() + QUIET
    while time.monotonic() < until and not echo.ended:
        time.sleep(0.01)
    return echo.ended > 0


def test_bye_is_said_instead_of_passing_more_on(line: FaultProxy, echo: Echo) -> None:
    line.plan(Fault(Kind.BYE, 5, Way.UP))
    with call(line) as client:
        exactly(client, 4)
        client.sendall(b"12345")
        before = exactly(client, 5)
        client.sendall(b"678")
        said = heard(client)

    assert before == b"12345"
    assert said == BYE
    assert echo.heard == [b"12345"]


def test_a_dripping_line_passes_everything_on(line: FaultProxy) -> None:
    line.plan(Fault(Kind.DRIP, 6))
    with call(line) as client:
        client.sendall(b"x" * 500)
        said = exactly(client, 504)

    assert said == b"hi\r\n" + b"x" * 500


def test_a_delay_comes_before_each_piece(line: FaultProxy) -> None:
    line.plan(Fault(Kind.DELAY, 0, seconds=QUIET))
    started = time.monotonic()
    with call(line) as client:
        said = exactly(client, 4)

    assert said == b"hi\r\n"
    assert time.monotonic() - started >= QUIET


def test_each_connection_gets_the_next_fault_and_then_a_good_line(line: FaultProxy) -> None:
    line.plan(Fault(Kind.CUT, 1), None, Fault(Kind.CUT, 3))
    said = []
    for _ in range(4):
        with call(line) as client:
            client.shutdown(socket.SHUT_WR)
            said.append(heard(client))

    assert said == [b"h", b"hi\r\n", b"hi\r", b"hi\r\n"]
    assert line.connections == 4


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.BYE, Kind.HALF_CLOSE])
def test_a_line_that_stands_is_struck(line: FaultProxy, kind: Kind) -> None:
    with call(line) as client:
        exactly(client, 4)
        struck = line.strike(kind)
        said = heard(client)

    assert struck == 1
    assert said == (BYE if kind == Kind.BYE else b"")


def test_a_line_that_stands_is_swallowed_at_once(line: FaultProxy, echo: Echo) -> None:
    with call(line) as client:
        exactly(client, 4)
        line.strike(Kind.SWALLOW)
        client.sendall(b"hello?")

        assert silent(client)
        assert not echo.heard


def test_while_it_refuses_nobody_listens_and_then_at_the_same_port_again(line: FaultProxy) -> None:
    with call(line) as standing:
        exactly(standing, 4)
        line.refuse()
        with pytest.raises(ConnectionRefusedError):
            call(line)
        line.listen()
        standing.sendall(b"still")
        answer = exactly(standing, 5)
    with call(line) as client:
        said = exactly(client, 4)

    assert answer == b"still"
    assert said == b"hi\r\n"


def test_the_same_seed_makes_the_same_faults() -> None:
    first, second = ([random_fault(random.Random(seed), largest=9_000) for seed in range(300)] for _ in range(2))

    assert first == second
    assert {fault.kind for fault in first} == set(Kind)
    assert {fault.way for fault in first} == set(Way)
    assert max(fault.after for fault in first) > 8_000
