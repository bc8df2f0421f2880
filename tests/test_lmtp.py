"""The LMTP door: an answer for each recipient, whatever happens, and no refusal that would become a bounce."""

from pathlib import Path

import pytest

from gateway.inbound.arrivals import Arrival
from tests.doors import Client, OpenDoors, mail, open_for_test

LIMIT = 1 << 17


@pytest.fixture
def opened(tmp_path: Path):
    async def accept(arrival: Arrival) -> str:
        if b"BOOM" in arrival.raw:
            raise RuntimeError("database is locked")
        (kept,) = doors.shelf.accept_many([arrival])
        return str(kept)

    with open_for_test(tmp_path, accept=accept, limits={"mail_mib": 0.125}) as doors:
        yield doors


def answers(opened: OpenDoors, text: bytes, *recipients: str) -> list[str]:
    """One answer for each recipient, and the proof that none is too many: the next command has its own."""
    with Client(opened.lmtp) as client:
        replies = [client.deliver(text, *recipients)]
        replies += [client.reply() for _ in recipients[1:]]
        assert client.say("VRFY x").startswith("252")
        return replies


TWO = ("support@gw.test", "sales+r.abc@gw.test")


def test_each_recipient_has_an_answer(opened: OpenDoors) -> None:
    assert answers(opened, mail(), *TWO) == [
        "250 2.0.0 <support@gw.test> kept as m-1",
        "250 2.0.0 <sales+r.abc@gw.test> kept as m-1",
    ]


def test_what_arrived_is_kept_with_its_envelope(opened: OpenDoors) -> None:
    answers(opened, mail(), *TWO)
    (row,) = opened.shelf.rows()

    assert (row["source"], row["recipients"], row["peer"]) == ("lmtp", " ".join(TWO), "")
    assert row["protocol"] == "LMTP"
    assert row["raw"] == mail()


def test_a_recipient_given_twice_has_two_answers_and_arrives_once(opened: OpenDoors) -> None:
    same = ("support@gw.test", "support@gw.test", "sales@gw.test")

    assert [reply[:6] for reply in answers(opened, mail(), *same)] == ["250 2."] * 3
    assert opened.shelf.rows()[0]["recipients"] == "support@gw.test sales@gw.test"


def test_our_own_trouble_is_told_to_each_recipient(opened: OpenDoors) -> None:
    assert answers(opened, mail("BOOM"), *TWO) == [
        f"451 4.3.0 <{address}> trouble of our own, try again later" for address in TWO
    ]


def test_trouble_before_keeping_is_told_to_each_recipient_too(tmp_path: Path) -> None:
    def broken(arrival: Arrival) -> bytes:
        raise RuntimeError("secret")

    with open_for_test(tmp_path, stamp=broken) as opened:
        assert answers(opened, mail(), *TWO) == [
            f"451 4.3.0 <{address}> trouble of our own, try again later" for address in TWO
        ]


def test_a_mail_over_the_limit_is_taken_so_that_it_can_be_parked(opened: OpenDoors) -> None:
    large = b"Subject: a\r\n\r\n" + b"a line\r\n" * (LIMIT * 3 // 8)

    assert [reply[:3] for reply in answers(opened, large, *TWO)] == ["250", "250"]
    assert opened.shelf.rows()[0]["raw"] == large


def test_a_mail_beyond_all_bounds_is_refused_for_each_recipient(opened: OpenDoors) -> None:
    huge = b"a line\r\n" * (LIMIT * 5 // 8)

    assert answers(opened, huge, *TWO) == [
        f"552 5.3.4 <{address}> the mail is larger than {LIMIT * 4} bytes" for address in TWO
    ]


def test_a_server_in_front_is_told_the_size_that_is_really_refused(opened: OpenDoors) -> None:
    with Client(opened.lmtp) as client:
        assert f"250-SIZE {LIMIT * 4}" in client.capabilities
        assert client.say(f"MAIL FROM:<a@x.test> SIZE={LIMIT * 4}").startswith("250")
        client.say("RSET")
        assert client.say(f"MAIL FROM:<a@x.test> SIZE={LIMIT * 4 + 1}").startswith("552 5.3.4")


def test_long_lines_and_loops_are_taken(opened: OpenDoors) -> None:
    long_line = b"Subject: a\r\n\r\n" + b"y" * 70_000 + b"\r\n"
    looping = mail(headers="Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0000\n" * 60)

    assert [reply[:3] for text in (long_line, looping) for reply in answers(opened, text, *TWO)] == ["250"] * 4


def test_the_greeting_is_lhlo(opened: OpenDoors) -> None:
    with Client(opened.lmtp, greet=False) as client:
        assert client.say("EHLO x").startswith("500 5.5.1")
        assert client.say("HELO x").startswith("500 5.5.1")
        assert client.say("MAIL FROM:<a@x.test>").startswith("503 5.5.1")
        assert client.say("LHLO x").startswith("250-gw.test\n250-PIPELINING")


def test_without_a_known_recipient_there_is_no_data(opened: OpenDoors) -> None:
    with Client(opened.lmtp) as client:
        client.say("MAIL FROM:<a@x.test>")
        assert client.say("RCPT TO:<nobody@gw.test>").startswith("550 5.1.1")

        assert client.say("DATA").startswith("503 5.5.1")


def test_only_accepted_recipients_have_an_answer(opened: OpenDoors) -> None:
    with Client(opened.lmtp) as client:
        client.send(
            b"MAIL FROM:<a@x.test>\r\nRCPT TO:<no@gw.test>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n"
            + mail()
            + b".\r\nQUIT\r\n"
        )
        codes = [client.reply()[:3] for _ in range(6)]

    assert codes == ["250", "550", "250", "354", "250", "221"]
