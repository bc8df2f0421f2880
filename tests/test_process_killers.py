"""Mail that hangs or bursts the parser among a hundred good ones: a hundred tickets, and the bad one with a human."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.daemon_process import Daemon, Installation, Line, mail
from tests.doors import Client
from tests.waiting import wait_until

GOOD = 100
EVA = "eva@gw.test"

pytestmark = [pytest.mark.xdist_group("killers"), pytest.mark.timeout(240)]


@contextmanager
def desk_with(database: str = "", **workers: Any) -> Iterator[tuple[Installation, Daemon]]:
    with Installation(database=database, workers={"count": 2, **workers}, limits={"mail_mib": 64}) as desk:
        desk.told("person", EVA, "--name", "Eva", "--role", "agent")
        yield desk, desk.start()


def empty_lines(millions: float) -> bytes:
    """For each million of them about two seconds, and eighty megabytes."""
    return mail("Nothing but lines", "\n" * int(millions * 1_000_000), from_="Bad <bad@x.test>")


def hanging() -> bytes:
    return empty_lines(15)


def hand_in(daemon: Daemon, bad: bytes, *, good: int) -> str:
    """Half of the good mails, the bad one, the other half, all in one session; the bad one's id."""
    with Client(daemon.smtp) as client:
        for number in range(good // 2):
            client.deliver(nth(number), "support@gw.test")
        kept = client.deliver(bad, "support@gw.test", sender="bad@x.test")
        for number in range(good // 2, good):
            client.deliver(nth(number), "support@gw.test")
    assert kept.startswith("250 "), kept
    return kept.split()[-1]


def nth(number: int) -> bytes:
    return mail(f"Number {number}", from_=f"Person <p{number}@x.test>", message_id=f"<{number}@x.test>")


def judged(daemon: Daemon) -> list[str]:
    """The mails in the order in which they were judged."""
    return [line["mail"] for line in daemon.log(level="info") if "stage" in line]


def looked_at(desk: Installation, id: str) -> Line:
    """The delivery of the bad mail; its ticket has the original attached, and the team was told."""
    (row,) = [row for row in desk.mails() if row["id"] == id]
    (message,) = desk.ticket(row["ticket"])["messages"]
    (file,) = message["attachments"]
    (alert,) = [one for one in desk.letters() if one["ticket"] == row["ticket"] and one["to"] == EVA]
    assert file["name"].endswith(".eml")
    assert alert["letter"] == "alert"
    return row | {"file": file, "message": message}


def finish(desk: Installation, daemon: Daemon) -> None:
    """The good ones all have their tickets, and everything fits together."""
    wait_until(lambda: len(judged(daemon)) == GOOD + 1, seconds=60)
    assert daemon.stop() == 0
    assert len(desk.tickets()) == GOOD + 1
    assert len([row for row in desk.mails() if row["verdict"] == "ticket"]) >= GOOD
    assert desk.told("fsck") == "all is well\n"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_mail_that_hangs_the_parser_is_parked_and_delays_nobody(kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with desk_with(url, seconds=3, memory_mib=4096) as (desk, daemon):
        bad = hanging()
        id = hand_in(daemon, bad, good=GOOD)
        daemon.verdict(id, seconds=120)
        row = looked_at(desk, id)
        order = judged(daemon)
        finish(desk, daemon)

        assert order.index(id) == GOOD
        assert row["status"] == "parked"
        assert "3 attempts" in row["reasons"][0]
        assert len(daemon.log(event="a worker is replaced: one mail took more than 3 s")) == 3
        # The door has put its Received line on top.
        assert desk.office.blobs.get(row["file"]["sha256"]).endswith(bad)


def test_a_mail_that_takes_too_much_memory_to_read_is_kept_unread_and_takes_nobody_with_it() -> None:
    """In the parser memory is one more thing that can fail: the ticket comes from the headers."""
    with desk_with(seconds=60, lease_seconds=61, memory_mib=64) as (desk, daemon):
        bad = empty_lines(5)
        id = hand_in(daemon, bad, good=GOOD)
        daemon.verdict(id, seconds=120)
        row = looked_at(desk, id)
        finish(desk, daemon)

        assert row["verdict"] == "ticket"
        assert row["message"]["flags"] == ["over the limit: could not be parsed"]
        assert desk.office.blobs.get(row["file"]["sha256"]).endswith(bad)


def test_a_parked_mail_is_tried_again_on_demand() -> None:
    with desk_with(seconds=1, memory_mib=4096) as (desk, daemon):
        id = hand_in(daemon, hanging(), good=0)
        daemon.verdict(id, seconds=60)
        daemon.stop()
        printed = desk.told("replay", id)

        assert printed == f"{id}: 1 delivery pending again\n"
        assert [row["status"] for row in desk.mails()] == ["pending"]


def test_a_worker_that_is_killed_is_replaced_and_its_mail_judged() -> None:
    """By the machine, short of memory, say. Which of the processes the workers are is known by their parents."""
    with desk_with(seconds=30, lease_seconds=31, memory_mib=4096) as (_, daemon):
        first, *others = daemon.processes()
        assert first == daemon.process.pid
        assert len(others) == 3
        foreman, *workers = others
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        line = daemon.judge(nth(1))

        assert line["ticket"] == 1
        assert len(daemon.log(level="error")) == 2
        assert foreman in daemon.processes()
        assert len(daemon.processes()) == 4


def test_without_its_foreman_the_daemon_ends_with_an_error() -> None:
    with desk_with(seconds=30, lease_seconds=31) as (_, daemon):
        os.kill(daemon.processes()[1], signal.SIGKILL)

        assert daemon.process.wait(30) == 1
        assert any("foreman" in line.get("exception", "") for line in daemon.log(level="error"))
        wait_until(daemon.group_gone)
