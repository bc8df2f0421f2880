"""The limits of the SMTP door: sessions, time, pace, recipients, errors, disk, memory."""

import socket
import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.inbound import smtp_session
from gateway.inbound.admission import Admission, peer_address
from gateway.inbound.smtp_pace import Pace
from tests.doors import Client, mail, open_for_test
from tests.waiting import wait_until

RELAYS = (ip_network("10.0.0.0/8"),)


def entered(admission: Admission, *peers: str) -> list[bool]:
    return [not admission.enter(peer) for peer in peers]


def test_a_fifth_of_the_sessions_is_kept_for_trusted_relays() -> None:
    admission = Admission(sessions=10, per_address=100, trusted=RELAYS)
    strangers = entered(admission, *["192.0.2.1"] * 9)
    relays = entered(admission, *["10.0.0.1"] * 3)

    assert strangers == [True] * 8 + [False]
    assert relays == [True] * 2 + [False]


def test_relays_that_fill_the_door_keep_strangers_out_too() -> None:
    admission = Admission(sessions=5, per_address=100, trusted=RELAYS)
    entered(admission, *["10.0.0.1"] * 5)

    assert admission.enter("192.0.2.1") == "421 4.7.0 too many sessions, try again later"


def test_without_trusted_relays_nothing_is_kept_for_them() -> None:
    admission = Admission(sessions=5, per_address=5, trusted=())

    assert entered(admission, *["192.0.2.1"] * 6) == [True] * 5 + [False]


def test_a_session_that_ends_makes_room() -> None:
    admission = Admission(sessions=10, per_address=1, trusted=RELAYS)
    entered(admission, "192.0.2.1", *["10.0.0.1"] * 9)
    admission.leave("192.0.2.1")
    admission.leave("10.0.0.1")

    assert entered(admission, "192.0.2.1", "10.0.0.1", "10.0.0.1") == [True, True, False]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.1", False),
    ],
)
def test_the_limit_for_an_address_takes_an_ipv6_network_for_one(first: str, second: str, same: bool) -> None:
    admission = Admission(sessions=10, per_address=1, trusted=RELAYS)

    assert entered(admission, first, second) == [True, not same]


@pytest.mark.parametrize(
    ("name", "address"),
    [(("::ffff:192.0.2.1", 1, 0, 0), "192.0.2.1"), (("fe80::1%eth0", 1, 0, 2), "fe80::1"), ("", ""), (b"", "")],
)
def test_a_peer_has_one_way_to_be_written(name: object, address: str) -> None:
    assert peer_address(name) == address


def pace(**given: float) -> Pace:
    return Pace(session_seconds=600, idle_seconds=60, bytes_per_second=500, opened=0, heard=given.get("heard", 0))


def test_a_session_ends_after_its_silence_or_its_age_whichever_is_first() -> None:
    quiet, old = pace(heard=100), pace(heard=590)

    assert (quiet.due(110), old.due(595)) == (160, 600)


def test_octets_outside_of_data_do_not_keep_a_session_alive() -> None:
    session = pace()
    session.received(1, 59)
    assert session.due(59) == 60

    session.command(59)
    assert session.due(59) == 119


@pytest.mark.parametrize(("size", "due"), [(0, 60), (20_000, 60), (40_000, 80), (200_000, 115)])
def test_data_has_to_keep_its_pace_after_the_first_minute(size: int, due: float) -> None:
    """500 B/s: what came early is a credit, but a silence of a minute ends the session all the same."""
    session = pace()
    session.data(0)
    session.received(size, 55 if size else 0)

    assert session.due(56) == due


def test_a_session_is_not_ended_while_it_waits_for_us() -> None:
    session = pace()
    session.data(0)
    session.keeping()

    assert session.due(10_000) > 10_000


def test_the_421_of_a_full_door_comes_instead_of_the_greeting(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"sessions_per_address": 2}) as opened:
        first, _second = Client(opened.smtp), Client(opened.smtp)
        refused = Client(opened.smtp, greet=False)

        assert refused.greeting == "421 4.7.0 too many sessions from your address, try again later"
        assert refused.reply() == ""
        first.close()
        wait_until(lambda: Client(opened.smtp, greet=False).greeting.startswith("220"))


def test_a_trusted_relay_may_have_more_sessions(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"sessions_per_address": 1, "trusted_relays": ["127.0.0.2"]}) as opened:
        relays = [Client(opened.smtp, source="127.0.0.2", greet=False).greeting[:3] for _ in range(3)]
        kept = [Client(opened.smtp, source="127.0.0.2", greet=False) for _ in range(3)]

    assert relays == ["220"] * 3
    assert [client.greeting[:3] for client in kept] == ["220"] * 3


def test_a_silent_session_is_ended_with_a_word(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"idle_seconds": 0.3}) as opened, Client(opened.smtp) as client:
        assert client.reply() == "421 4.4.2 too slow or too long, closing"
        assert client.reply() == ""


def test_a_session_ends_at_its_age_however_busy(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"idle_seconds": 0.3, "session_seconds": 0.8}) as opened:
        began = time.monotonic()
        with Client(opened.smtp) as client:
            while (reply := client.say("RSET")).startswith("250"):
                time.sleep(0.02)
        took = time.monotonic() - began

    assert reply.startswith("421 4.4.2")
    assert 0.7 < took < 3


def test_dripping_data_is_ended(tmp_path: Path) -> None:
    slow = {"idle_seconds": 0.5, "bytes_per_second": 1000}
    with open_for_test(tmp_path, smtp=slow) as opened, Client(opened.smtp) as client:
        client.begin()
        client.socket.settimeout(0.05)
        said = b""
        until = time.monotonic() + 10
        while b"421" not in said and time.monotonic() < until:
            client.send(b"x")
            try:
                said += client.socket.recv(100)
            except TimeoutError:
                continue

    assert said.startswith(b"421 4.4.2")


def test_data_at_a_good_pace_outlives_the_idle_time(tmp_path: Path) -> None:
    brisk = {"idle_seconds": 0.3, "bytes_per_second": 500}
    with open_for_test(tmp_path, smtp=brisk) as opened, Client(opened.smtp) as client:
        client.begin()
        until = time.monotonic() + 1
        while time.monotonic() < until:
            client.send(b"a line of text\r\n" * 8)
            time.sleep(0.05)
        client.send(b".\r\n")

        assert client.reply().startswith("250")


def test_recipients_over_the_limit_are_for_another_mail(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"recipients": 2}) as opened, Client(opened.smtp) as client:
        client.say("MAIL FROM:<a@x.test>")
        codes = [client.say(f"RCPT TO:<support+{n}@gw.test>")[:9] for n in range(3)]
        client.say("DATA")

        assert codes == ["250 2.1.5", "250 2.1.5", "452 4.5.3"]
        assert client.say("Subject: x\r\n\r\n.").startswith("250")


def test_a_client_that_tries_addresses_is_sent_away(tmp_path: Path) -> None:
    with open_for_test(tmp_path, smtp={"trusted_relays": ["127.0.0.2"]}) as opened:
        replies = {}
        for source in ("127.0.0.1", "127.0.0.2"):
            with Client(opened.smtp, source=source) as client:
                client.say("MAIL FROM:<a@x.test>")
                client.send(b"RCPT TO:<no@gw.test>\r\n" * 60)
                replies[source] = [client.reply()[:3] for _ in range(60)]

    assert replies["127.0.0.1"][49:] == ["550", "421"] + [""] * 9
    assert replies["127.0.0.2"] == ["550"] * 60


def test_a_command_cannot_be_repeated_for_ever(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened, Client(opened.smtp) as client:
        client.send(b"NOOP\r\n" * 101)
        codes = [client.reply()[:9] for _ in range(101)]

    assert codes == ["250 2.0.0"] * 100 + ["421 4.7.0"]


def test_a_nearly_full_disk_takes_no_mail_for_now(tmp_path: Path) -> None:
    free = [300 << 20]
    door = {"smtp": {"reserve_mib": 200}, "free_bytes": lambda: free[0]}
    with open_for_test(tmp_path, **door) as opened, Client(opened.smtp) as client, Client(opened.lmtp) as local:
        assert client.say("MAIL FROM:<a@x.test>").startswith("250")
        client.say("RSET")
        free[0] = 199 << 20
        full = "452 4.3.1 disk nearly full, try again later"

        assert wait_until(lambda: full in (client.say("MAIL FROM:<a@x.test>"), client.say("RSET")))
        assert local.say("MAIL FROM:<a@x.test>") == full


def test_less_than_one_and_a_half_of_the_largest_mail_is_nearly_full(tmp_path: Path) -> None:
    with open_for_test(tmp_path, limits={"mail_mib": 10}, free_bytes=lambda: 14 << 20) as opened:
        assert Client(opened.smtp).say("MAIL FROM:<a@x.test>").startswith("452 4.3.1")


def test_a_disk_that_cannot_be_looked_at_is_our_trouble(tmp_path: Path) -> None:
    def gone() -> int:
        raise FileNotFoundError("/secret")

    with open_for_test(tmp_path, free_bytes=gone) as opened:
        assert Client(opened.smtp).say("MAIL FROM:<a@x.test>") == "451 4.3.0 trouble of our own, try again later"


def test_unfinished_mails_have_a_common_limit_in_memory(tmp_path: Path) -> None:
    """256 MiB for all sessions, and never less than eight of the largest mails."""
    megabytes = b"x" * 1022 + b"\r\n"
    with open_for_test(tmp_path, limits={"mail_mib": 200}) as opened:
        first, second = Client(opened.smtp), Client(opened.smtp)
        door = opened.door("smtp")
        first.begin()
        first.send(megabytes * 1024)
        wait_until(lambda: door._held > 900_000)
        object.__setattr__(door.rules, "held_bytes", 1 << 20)
        second.begin()
        second.send(megabytes * 100 + b".\r\n")

        assert second.reply() == "452 4.3.1 too much mail at once, try again later"
        first.close()
        wait_until(lambda: door._held == 0)
        assert second.deliver(mail()).startswith("250")


def test_a_client_that_never_reads_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_session, "_LINGER_SECONDS", 0.2)
    with open_for_test(tmp_path, smtp={"idle_seconds": 0.3}) as opened:
        door = opened.door("smtp")
        with socket.create_connection(opened.smtp) as client:
            client.sendall(b"EHLO x\r\nMAIL FROM:<a@x.test>\r\n")
            wait_until(lambda: door.sessions)
            client.settimeout(0.1)
            with pytest.raises((TimeoutError, ConnectionError)):
                client.sendall(b"RCPT TO:<support@gw.test>\r\n" * 2_000_000)

            wait_until(lambda: not door.sessions)
