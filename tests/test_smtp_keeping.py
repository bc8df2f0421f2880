"""Keeping a mail: nothing that happens to the client undoes it, and nothing that was begun is dropped at the end."""

import asyncio
import threading
from pathlib import Path

import pytest

from gateway.inbound import smtp_door
from gateway.inbound.arrivals import Arrival
from gateway.inbound.group import TooManyWaiting
from tests.doors import Client, mail, open_for_test
from tests.waiting import wait_until


class SlowStore:
    """Accepts a mail when it is let to."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Event(), threading.Event()
        self.kept: list[bytes] = []

    async def accept(self, arrival: Arrival) -> str:
        self.begun.set()
        await asyncio.to_thread(self.let.wait, 20)
        self.kept.append(arrival.raw)
        return "m-1"


def begin_slow_mail(client: Client, store: SlowStore) -> None:
    client.begin()
    client.send(mail() + b".\r\n")
    assert store.begun.wait(5)


def test_a_mail_is_kept_though_its_client_is_gone(tmp_path: Path) -> None:
    store = SlowStore()
    with open_for_test(tmp_path, accept=store.accept) as opened:
        client = Client(opened.smtp)
        door = opened.door("smtp")
        begin_slow_mail(client, store)
        client.close()
        wait_until(lambda: not door.sessions)
        assert store.kept == []
        store.let.set()

        wait_until(lambda: store.kept)


def test_no_limit_on_time_ends_a_session_whose_mail_is_being_kept(tmp_path: Path) -> None:
    store = SlowStore()
    short = {"idle_seconds": 0.1, "session_seconds": 0.2}
    with open_for_test(tmp_path, accept=store.accept, smtp=short) as opened, Client(opened.smtp) as client:
        begin_slow_mail(client, store)
        client.socket.settimeout(0.6)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        client.socket.settimeout(20)
        store.let.set()

        assert client.socket.recv(100).startswith(b"250 2.0.0 kept as m-1")


def test_who_waits_too_long_is_told_to_come_again_and_the_mail_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_door, "_KEEP_SECONDS", 0.1)
    store = SlowStore()
    with open_for_test(tmp_path, accept=store.accept) as opened, Client(opened.smtp) as client:
        begin_slow_mail(client, store)
        assert client.reply().startswith("451 4.3.0")
        store.let.set()

        wait_until(lambda: store.kept)


def test_a_mail_of_which_the_end_is_missing_is_not_kept(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened:
        client = Client(opened.smtp)
        door = opened.door("smtp")
        client.begin()
        client.send(mail() + b".\r")
        client.close()
        wait_until(lambda: not door.sessions)

        assert opened.shelf.rows() == []


def test_too_many_waiting_mails_are_put_off(tmp_path: Path) -> None:
    async def full(arrival: Arrival) -> str:
        raise TooManyWaiting("full")

    with open_for_test(tmp_path, accept=full) as opened, Client(opened.smtp) as client:
        assert client.deliver(mail()) == "451 4.3.2 too many mails at once, try again later"


def test_closing_finishes_what_was_begun_and_lets_nobody_in(tmp_path: Path) -> None:
    store = SlowStore()
    with open_for_test(tmp_path, accept=store.accept) as opened:
        idle, busy, sending = Client(opened.smtp), Client(opened.smtp), Client(opened.smtp)
        begin_slow_mail(busy, store)
        sending.begin()
        closing = threading.Thread(target=opened.close, args=(10,))
        closing.start()

        assert idle.reply() == "421 4.3.2 closing down, try again later"
        with pytest.raises(ConnectionRefusedError):
            Client(opened.smtp)
        store.let.set()
        sending.send(mail("second") + b".\r\n")
        assert busy.reply().startswith("250")
        assert busy.reply().startswith("421 4.3.2")
        assert sending.reply().startswith("250")
        closing.join(5)
        assert not closing.is_alive()
    assert len(store.kept) == 2


def test_closing_does_not_wait_longer_than_its_grace(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened:
        sending = Client(opened.smtp)
        sending.begin()
        opened.close(grace=0.2)

        assert sending.reply() == ""
        assert opened.shelf.rows() == []


def test_many_sessions_are_committed_together(tmp_path: Path) -> None:
    many = {"sessions_per_address": 50}
    with open_for_test(tmp_path, smtp=many) as opened:
        clients = [Client(opened.smtp) for _ in range(40)]
        for client in clients:
            client.begin()
        for client in clients:
            client.send(mail() + b".\r\n")
        replies = {client.reply() for client in clients}

        assert replies == {f"250 2.0.0 kept as m-{n}" for n in range(1, 41)}
        assert opened.shelf.commits < 40


def test_only_a_trusted_relay_may_bring_what_our_servers_say(tmp_path: Path) -> None:
    def strip(raw: bytes, hostname: str) -> bytes:
        return raw.replace(f"Authentication-Results: {hostname}; dmarc=pass\r\n".encode(), b"")

    claim = mail(headers="Authentication-Results: gw.test; dmarc=pass\n")
    door = {"smtp": {"trusted_relays": ["127.0.0.2"]}, "strip_foreign": strip}
    with open_for_test(tmp_path, **door) as opened:
        Client(opened.smtp).deliver(claim)
        Client(opened.smtp, source="127.0.0.2").deliver(claim)
        Client(opened.lmtp).deliver(claim)

        assert [row["raw"] == claim for row in opened.shelf.rows()] == [False, True, True]


def test_the_daemon_says_what_stands_on_top(tmp_path: Path) -> None:
    def stamp(arrival: Arrival) -> bytes:
        return f"Received: by us id {len(arrival.raw)}\r\n".encode()

    with open_for_test(tmp_path, stamp=stamp) as opened, Client(opened.smtp) as client:
        client.deliver(mail())

        assert opened.shelf.rows()[0]["received"] == f"Received: by us id {len(mail())}\r\n".encode()
