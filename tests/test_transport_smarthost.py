"""Sending through a smarthost that answers, refuses, and hangs up at chosen moments."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.outbound.smarthost import host_and_port
from gateway.outbound.transport import Accepted, Outcome, PermanentFailure, TemporaryFailure, Transport, open_transport
from gateway.settings import Delivery
from tests.scripted_peer import HANG_UP, Peer

DATA = b"Subject: Hola\r\n\r\nHola\r\n"
ANA = "ana@example.org"


def transport(peer: Peer) -> Transport:
    settings = Delivery(smarthost=peer.smarthost, tls="none", seconds=5)
    return open_transport(settings, hostname="desk.example.org")


def send(script: dict[str, list[bytes]], *, letters: int = 1) -> tuple[list[Outcome], Peer]:
    """The outcome of each letter, sent one after another over one transport to a peer with this script."""
    with Peer(script) as peer:
        way_out = transport(peer)
        outcomes = [way_out.send("desk@example.net", ANA, DATA) for _ in range(letters)]
        way_out.close()
    return outcomes, peer


def test_an_accepted_letter_comes_with_the_answer_of_the_server() -> None:
    outcomes, peer = send({})

    assert outcomes == [Accepted("250 2.0.0 queued as 1")]
    assert peer.mails == [DATA]
    assert peer.commands == [
        [
            "ehlo desk.example.org",
            f"mail FROM:<desk@example.net> size={len(DATA)}",
            f"rcpt TO:<{ANA}>",
            "DATA",
            "quit",
        ]
    ]


def test_one_connection_is_kept_for_many_letters() -> None:
    outcomes, peer = send({}, letters=3)

    assert outcomes == [Accepted("250 2.0.0 queued as 1")] * 3
    assert len(peer.commands) == 1


def test_a_transport_opens_again_after_it_was_closed() -> None:
    with Peer() as peer:
        way_out = transport(peer)
        way_out.send("", ANA, DATA)
        way_out.close()
        outcome = way_out.send("", ANA, DATA)
        way_out.close()

    assert outcome == Accepted("250 2.0.0 queued as 1")
    assert len(peer.commands) == 2
    assert peer.commands[0][1] == f"mail FROM:<> size={len(DATA)}"


def test_lines_that_begin_with_a_dot_and_lone_line_ends_arrive_whole() -> None:
    with Peer() as peer:
        way_out = transport(peer)
        way_out.send("", ANA, b"Subject: x\r\n\r\n.\r\n..a\r\nb\n.\nc\r.\rd")
        way_out.close()

    assert peer.mails == [b"Subject: x\r\n\r\n.\r\n..a\r\nb\r\n.\r\nc\r\n.\r\nd\r\n"]


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("RCPT", b"550 5.1.1 no such user", PermanentFailure("550 5.1.1 no such user", "5.1.1")),
        ("RCPT", b"550 no such user", PermanentFailure("550 no such user", "")),
        ("RCPT", b"550-5.7.1 not\r\n550 5.7.1 here", PermanentFailure("550 5.7.1 not 5.7.1 here", "5.7.1")),
        ("RCPT", b"450 4.2.0 greylisted", TemporaryFailure("450 4.2.0 greylisted")),
        ("RCPT", b"550 4.7.1 both", TemporaryFailure("550 4.7.1 both")),
        ("RCPT", b"530 5.7.0 AUTH first", TemporaryFailure("530 5.7.0 AUTH first")),
        ("RCPT", b"503 5.5.1 MAIL first", TemporaryFailure("503 5.5.1 MAIL first")),
        ("MAIL", b"550 5.7.1 not you", TemporaryFailure("550 5.7.1 not you")),
        ("MAIL", b"552 5.3.4 too big", PermanentFailure("552 5.3.4 too big", "5.3.4")),
        ("MAIL", b"552 too big", PermanentFailure("552 too big", "5.3.4")),
        ("DATA", b"554 5.5.1 no recipients", PermanentFailure("554 5.5.1 no recipients", "5.5.1")),
        ("end", b"554 5.6.0 not this", PermanentFailure("554 5.6.0 not this", "5.6.0")),
        ("end", b"452 4.3.1 disk full", TemporaryFailure("452 4.3.1 disk full")),
        ("end", b"250 2.0.0 \xff\xfe ok", Accepted("250 2.0.0 �� ok")),
    ],
)
def test_a_refusal_is_permanent_only_when_it_is_surely_about_this_letter(
    command: str, answer: bytes, outcome: Outcome
) -> None:
    outcomes, peer = send({command: [answer]}, letters=2)

    assert outcomes == [outcome, Accepted("250 2.0.0 queued as 1")]
    assert len(peer.commands) == 1
    if command != "end":
        assert "RSET" in [said.upper() for said in peer.commands[0]]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("ending", [HANG_UP, b"421 4.4.2 too long idle"])
def test_a_kept_connection_that_died_is_replaced_once(command: str, ending: bytes) -> None:
    usual = {"MAIL": b"250 ok", "RCPT": b"250 ok", "DATA": b"354 go on"}[command]
    outcomes, peer = send({command: [usual, ending]}, letters=2)

    assert outcomes == [Accepted("250 2.0.0 queued as 1")] * 2
    assert len(peer.commands) == 2
    assert len(peer.mails) == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_new_connection_that_dies_is_a_temporary_failure(command: str) -> None:
    outcomes, peer = send({command: [HANG_UP]})

    assert outcomes == [TemporaryFailure("connection to 127.0.0.1 lost: Connection unexpectedly closed")]
    assert len(peer.commands) == 1


def test_a_kept_connection_is_not_replaced_twice() -> None:
    outcomes, peer = send({"MAIL": [b"250 ok", HANG_UP, HANG_UP]}, letters=2)

    assert isinstance(outcomes[1], TemporaryFailure)
    assert len(peer.commands) == 2


@pytest.mark.parametrize("letters", [1, 2])
def test_a_letter_whose_answer_was_lost_is_not_sent_again_at_once(letters: int) -> None:
    outcomes, peer = send({"end": [b"250 ok"] * (letters - 1) + [HANG_UP]}, letters=letters)

    assert outcomes[-1] == TemporaryFailure("answer lost: Connection unexpectedly closed")
    assert len(peer.mails) == letters
    assert len(peer.commands) == 1


def test_a_letter_after_a_lost_answer_has_a_new_connection() -> None:
    outcomes, peer = send({"end": [HANG_UP]}, letters=2)

    assert outcomes[1] == Accepted("250 2.0.0 queued as 1")
    assert len(peer.commands) == 2


def test_a_connection_whose_reset_fails_is_given_up() -> None:
    outcomes, peer = send({"RCPT": [b"550 5.1.1 no"], "RSET": [b"421 bye"]}, letters=2)

    assert outcomes[1] == Accepted("250 2.0.0 queued as 1")
    assert len(peer.commands) == 2


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (b"554 5.7.1 your network is blocked", "554 5.7.1 your network is blocked"),
        (b"421 busy", "421 busy"),
        (HANG_UP, "Connection unexpectedly closed"),
    ],
)
def test_a_server_that_does_not_greet_us_is_temporary_trouble(greeting: bytes, said: str) -> None:
    with Peer({"greeting": [greeting]}) as peer:
        outcome = transport(peer).send("", ANA, DATA)

    assert outcome == TemporaryFailure(f"cannot send through {peer_name(outcome)}: {said}")


def peer_name(outcome: Outcome) -> str:
    assert isinstance(outcome, TemporaryFailure)
    return outcome.response.split(" ")[3].rstrip(":")


def test_a_server_that_is_not_there_is_temporary_trouble() -> None:
    with Peer() as peer:
        gone = transport(peer)
    outcome = gone.send("", ANA, DATA)

    assert isinstance(outcome, TemporaryFailure)
    assert "Connection refused" in outcome.response


def test_a_silent_server_is_waited_for_no_longer_than_set() -> None:
    with Peer({"RCPT": [b"250-and so on"]}) as peer:
        way_out = open_transport(Delivery(smarthost=peer.smarthost, tls="none", seconds=0.3))
        outcome = way_out.send("", ANA, DATA)

    assert isinstance(outcome, TemporaryFailure)
    assert "timed out" in outcome.response


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@example.org> SIZE=1", "a@x\r\nRCPT TO:<b@x>", "a b@x", "<a@x>", "a@x,b@x"]
)
def test_an_address_that_is_none_never_reaches_the_server(address: str) -> None:
    with Peer() as peer:
        way_out = transport(peer)
        outcome = way_out.send("", address, DATA)
        way_out.close()

    assert isinstance(outcome, PermanentFailure)
    assert outcome.status == "5.1.3"
    assert peer.commands == []


def test_an_address_beyond_ascii_is_sent_with_smtputf8_or_refused() -> None:
    with Peer() as peer:
        way_out = transport(peer)
        taken = way_out.send("", "josé@example.org", DATA)
        way_out.close()
    with Peer({"EHLO": [b"250 peer"]}) as plain:
        way_out = transport(plain)
        refused = way_out.send("", "josé@example.org", DATA)
        way_out.close()

    assert taken == Accepted("250 2.0.0 queued as 1")
    assert peer.commands[0][1].startswith("mail FROM:<> SMTPUTF8 BODY=8BITMIME")
    assert peer.commands[0][2] == "rcpt TO:<josé@example.org>"
    assert isinstance(refused, PermanentFailure)
    assert refused.status == "5.6.7"


@pytest.mark.parametrize(
    ("smarthost", "where"),
    [
        ("mail.example.org:2525", ("mail.example.org", 2525)),
        ("mail.example.org", ("mail.example.org", 587)),
        ("[::1]:25", ("::1", 25)),
        ("[::1]", ("::1", 587)),
    ],
)
def test_a_smarthost_is_a_host_and_perhaps_a_port(smarthost: str, where: tuple[str, int]) -> None:
    assert host_and_port(smarthost, default=587) == where


@pytest.mark.parametrize(
    "smarthost", ["mail.example.org:", ":25", "a b:25", "mail:99999", "mail:0", "::1:25", "mail:x"]
)
def test_a_smarthost_that_is_none_is_told_with_what_to_write(smarthost: str) -> None:
    with pytest.raises(SettingsError, match="write host:port"):
        open_transport(Delivery(smarthost=smarthost))


@pytest.mark.parametrize("setting", ["password_file", "tls_ca"])
def test_a_file_of_a_setting_that_is_not_there_is_named(setting: str, tmp_path: Path) -> None:
    settings = Delivery.model_validate({"smarthost": "mail:25", setting: tmp_path / "nowhere"})

    with pytest.raises(SettingsError, match=rf"{setting}: cannot (read|use) .*nowhere"):
        open_transport(settings)
