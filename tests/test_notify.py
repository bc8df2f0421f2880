"""What systemd is told, read from a real socket; and the unit file."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import notify

UNIT = Path(__file__).parents[1] / "contrib/systemd/ticket-gateway.service"


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """systemd's end of NOTIFY_SOCKET."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@gateway-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0", 1) if name.startswith("@") else name)
        listening.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield listening


def test_systemd_is_told_ready_progress_and_stopping(manager: socket.socket) -> None:
    assert notify.ready("2 workers\nREADY=0")
    assert notify.watchdog()
    assert notify.stopping()

    assert [manager.recv(4096) for _ in range(3)] == [
        b"READY=1\nSTATUS=2 workers READY=0",
        b"WATCHDOG=1",
        b"STOPPING=1",
    ]


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/notify"])
def test_without_systemd_nothing_is_told_and_nothing_fails(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    assert not notify.ready()


def test_a_manager_that_does_not_read_stops_us_for_a_limited_time(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "SECONDS", 0.05)
    told = 0
    while notify.watchdog() and told < 100_000:
        told += 1

    assert 0 < told < 100_000


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_ours_when_systemd_says_so(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], seconds: float | None
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert notify.watchdog_seconds() == seconds


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8")
    assert text.count("ExecStart=/opt/ticket-gateway/bin/gateway ") == 1
    copy = tmp_path / UNIT.name
    # verify wants the program to exist.
    copy.write_text(text.replace("/opt/ticket-gateway/bin/gateway ", f"{shutil.which('true')} "))
    told = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")


def test_the_unit_notifies_watches_and_lets_workers_die() -> None:
    lines = UNIT.read_text("utf-8").splitlines()

    for line in ("Type=notify", "WatchdogSec=60", "KillMode=mixed", "OOMPolicy=continue", "Restart=on-failure"):
        assert line in lines
