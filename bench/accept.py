"""Durable accept at 50 kept sessions, beside a bare aiosmtpd that discards and Postfix with its durable queue."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import gateways
from bench.corpus import SUPPORT
from bench.machine import cpu_seconds
from bench.rounds import Measured, compare, measure, show
from tests.real_postfix import Postfix
from tests.real_postgres import Postgres

COUNT, SESSIONS, ROUNDS = 2000, 50, 3
OURS, OURS_POSTGRES, BARE, POSTFIX = "gateway, SQLite", "gateway, PostgreSQL", "bare aiosmtpd", "Postfix"


def run() -> None:
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        relay = Postfix()
        stack.callback(relay.remove)
        relay.start(next_hop="discard:")
        results = measure(
            {
                OURS: lambda: _gateway(""),
                BARE: _bare,
                POSTFIX: lambda: _postfix(relay),
                OURS_POSTGRES: lambda: _on_postgres(postgres),
            },
            rounds=ROUNDS,
        )
    show(results)
    for ours in (OURS, OURS_POSTGRES):
        compare(results, ours, BARE)
        compare(results, ours, POSTFIX)


def _gateway(url: str) -> Measured:
    with gateways.scratch() as folder:
        settings = gateways.write_settings(folder, url=url)
        with gateways.running(settings, only="smtp") as (process, port):
            return _loaded(process.pid, port, SUPPORT)


def _on_postgres(server: Postgres) -> Measured:
    url = server.new_database()
    try:
        return _gateway(url)
    finally:
        server.drop_database(url)


def _bare() -> Measured:
    with _bare_server() as (process, port):
        return _loaded(process.pid, port, SUPPORT)


@contextmanager
def _bare_server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = gateways.free_port()
    command = [sys.executable, "-m", "bench.bare_smtp", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process, port
        finally:
            process.terminate()


def _postfix(relay: Postfix) -> Measured:
    master = int(Path(relay.base, "queue", "pid", "master.pid").read_text())
    return _loaded(master, relay.port, "support@gw.test")


def _loaded(pid: int, port: int, recipient: str) -> Measured:
    """Put the load on, once small to warm up and once measured."""
    _load(port, 200, recipient)
    before = cpu_seconds(pid)
    said = _load(port, COUNT, recipient)
    cpu = (cpu_seconds(pid) - before) / COUNT * 1000
    return Measured(said["rate"], cpu, f"p50 {said['p50_ms']:.0f} ms, p99 {said['p99_ms']:.0f} ms")


def _load(port: int, count: int, recipient: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.smtp_load", str(port), str(count), str(SESSIONS), recipient]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said
