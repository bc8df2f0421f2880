"""The daemon as a service: it stops and starts well, tells systemd, shares a database, and keeps a decent log."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.daemon_process import Installation, mail
from tests.doors import Client
from tests.scripted_peer import Peer
from tests.waiting import wait_until

SECRET_WORDS = "zanahoria-4711"

pytestmark = pytest.mark.xdist_group("service")


class SlowPeer(Peer):
    """A smarthost that answers the end of a mail only when the test lets it."""

    def __enter__(self) -> "SlowPeer":
        self.arrived, self.go_on = threading.Event(), threading.Event()
        super().__enter__()
        return self

    def _answer(self, connection: socket.socket, command: str) -> bool:
        if command == "end":
            self.arrived.set()
            self.go_on.wait(30)
        return super()._answer(connection, command)


def test_sigterm_lets_a_mail_that_is_under_way_come_in(any_database: str) -> None:
    with Installation(database=any_database) as desk:
        daemon = desk.start()
        with Client(daemon.smtp) as client:
            client.begin("support@gw.test")
            client.send(b"From: ana@x.test\r\nSubject: Slow\r\n\r\nFirst half, ")
            daemon.process.terminate()
            daemon.says(event="stopping: what was begun is finished")
            client.send(b"second half.\r\n.\r\n")
            answer = client.reply()

        assert answer == "250 2.0.0 kept as m-1"
        assert daemon.process.wait(40) == 0
        wait_until(daemon.group_gone)
        assert not Path(daemon.lmtp).exists()
        again = desk.start()
        wait_until(lambda: desk.tickets())
        assert again.stop() == 0
        (ticket,) = desk.tickets()
        assert desk.ticket(ticket["number"])["messages"][0]["text"].strip() == "First half, second half."


def test_sigterm_waits_for_the_answer_to_a_letter_and_writes_it_down() -> None:
    with SlowPeer() as peer, Installation(delivery={"smarthost": peer.smarthost, "tls": "none"}) as desk:
        daemon = desk.start()
        daemon.judge(mail())
        assert peer.arrived.wait(20)
        daemon.process.terminate()
        daemon.says(event="stopping: what was begun is finished")
        peer.go_on.set()

        assert daemon.process.wait(40) == 0
        assert [row["status"] for row in desk.letters()] == ["sent"]
        assert len(peer.mails) == 1


def test_nobody_new_comes_in_while_the_daemon_stops() -> None:
    with Installation() as desk:
        daemon = desk.start()
        with Client(daemon.smtp) as client:
            client.begin("support@gw.test")
            daemon.process.terminate()
            daemon.says(event="stopping: what was begun is finished")

            with pytest.raises(OSError):
                Client(daemon.smtp).close()
            client.send(mail() + b".\r\n")
            assert client.reply().startswith("250")
        assert daemon.process.wait(40) == 0


def test_a_second_daemon_on_the_same_socket_is_told_so_and_the_first_goes_on() -> None:
    with Installation() as desk:
        first = desk.start()
        second = desk.start_without_waiting()

        assert second.process.wait(30) == 1
        said = second.log_file.read_text()
        assert f"[lmtp] listen: cannot listen on {first.lmtp}: another daemon listens there already" in said
        assert "Traceback" not in said
        assert first.judge(mail())["ticket"] == 1
        wait_until(second.group_gone)


def test_a_second_daemon_on_the_same_port_is_told_so() -> None:
    with Installation(lmtp={"listen": ""}) as desk:
        first = desk.start()
        host, port = first.smtp
        second = desk.start_without_waiting(GATEWAY_SMTP__LISTEN=f"{host}:{port}")

        assert second.process.wait(30) == 1
        said = second.log_file.read_text()
        assert f"[smtp] listen: cannot listen on {host}:{port}: Address already in use" in said
        assert "Traceback" not in said


def test_a_socket_that_a_dead_daemon_left_is_taken_over() -> None:
    with Installation() as desk:
        first = desk.start()
        first.kill()
        assert first.lmtp.exists()
        second = desk.start()

        with Client(second.lmtp) as client:
            assert client.deliver(mail(), "support@gw.test").startswith("250")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """systemd's end of NOTIFY_SOCKET."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(20)
        yield listener


def test_systemd_is_told_of_the_start_of_progress_and_of_the_end(manager: socket.socket) -> None:
    with Installation() as desk:
        daemon = desk.start(NOTIFY_SOCKET=manager.getsockname(), WATCHDOG_USEC="600000")
        said = [manager.recv(1000).decode() for _ in range(4)]
        daemon.stop()
        said.append(manager.recv(1000).decode())
        while not said[-1].startswith("STOPPING"):
            said.append(manager.recv(1000).decode())

        assert said[0].startswith("READY=1")
        assert said[1:4] == ["WATCHDOG=1"] * 3


def test_doors_and_work_may_be_two_processes_on_one_database(any_database: str) -> None:
    with Installation(database=any_database) as desk:
        doors = desk.start("--only", "smtp")
        others = desk.start("--only", "work,send,clock")
        id = doors.keep(mail(), "support@gw.test")
        line = others.verdict(id)
        others.says(event="letter sent")

        assert len(doors.processes()) == 1
        assert others.doors == []
        assert line["ticket"] == 1
        assert len(desk.outgoing()) == 1
        assert (doors.stop(), others.stop()) == (0, 0)
        assert desk.told("fsck") == "all is well\n"


def test_a_part_that_there_is_not_is_an_error_that_says_which_there_are() -> None:
    with Installation() as desk:
        done = desk.command("run", "--only", "smpt")

        assert done.returncode == 1
        assert "--only smpt: there is no such part; there are: smtp" in done.stderr


def day(desk: Installation) -> tuple[str, list[dict[str, Any]]]:
    """The log of a day with mail of several kinds, all with secret words in their bodies."""
    daemon = desk.start()
    said = f"The password is {SECRET_WORDS}."
    daemon.judge(mail("One", said, message_id="<1@x.test>"))
    daemon.judge(mail("One", said, message_id="<1@x.test>"))
    daemon.judge(mail("Away", said, headers={"Auto-Submitted": "auto-replied"}), sender="")
    daemon.judge(mail("Two", said, to="support@gw.test, sales@gw.test"), "support@gw.test", "sales@gw.test")
    broken = f"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n{said}\r\n".encode()
    daemon.judge(b"From: =?x?q?" + said.encode() + b"\r\nSubject: \r\n" + broken, sender="bad@x.test")
    with Client(daemon.smtp) as client:
        client.say(f"MAIL FROM:<ana@x.test> {SECRET_WORDS}")
        client.say(SECRET_WORDS)
    daemon.stop()
    return daemon.log_file.read_text(), daemon.log()


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_the_log_has_one_line_a_delivery_and_no_word_of_what_people_wrote(level: str) -> None:
    with Installation(log={"level": level}) as desk:
        text, lines = day(desk)
        verdicts = [(line["mail"], line["event"].partition(":")[0]) for line in lines if "stage" in line]
        ids = sorted((row["id"], row["verdict"]) for row in desk.mails())

        assert sorted(verdicts) == ids
        assert [len([one for one in verdicts if one[0] == id]) for id in ("m-1", "m-2", "m-3", "m-4")] == [1, 1, 1, 2]
        assert SECRET_WORDS not in text
        assert re.findall(r"[a-z]+@x\.test", text) == []
        assert "a…@x.test" in {line.get("sender") for line in lines}
        assert all(json.dumps(line) for line in lines)
