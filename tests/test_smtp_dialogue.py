"""What the SMTP door says: what it offers, whom it takes mail for, and how it speaks of its own trouble."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.inbound.arrivals import Arrival, RecipientVerdict
from tests.doors import Client, OpenDoors, mail, open_for_test


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenDoors]:
    with open_for_test(tmp_path) as doors:
        yield doors


def test_what_the_door_can_do_is_offered_and_auth_is_not(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        offered = {line[4:] for line in client.capabilities[1:]}

    assert offered == {"PIPELINING", f"SIZE {25 << 20}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"}


def test_a_mail_is_kept_before_it_is_answered(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        reply = client.deliver(mail())
        (row,) = opened.shelf.rows()

    assert reply == "250 2.0.0 kept as m-1"
    assert row["raw"] == mail()
    assert (row["source"], row["sender"], row["recipients"]) == ("smtp", "ana@x.test", "support@gw.test")
    assert (row["peer"], row["helo"], row["protocol"]) == ("127.0.0.1", "client.test", "ESMTP")


def test_our_own_received_line_stands_on_top(opened: OpenDoors) -> None:
    with Client(opened.smtp, greet=False) as client:
        client.say("EHLO evil)\tx;\rX-Injected: 1")
        client.deliver(mail())
    received = opened.shelf.rows()[0]["received"].decode()

    assert re.fullmatch(
        r"Received: from evil\?\?x\?\?X-Injected:\?1 \(\[127\.0\.0\.1\]\)\r\n"
        r"\tby gw\.test\r\n\twith ESMTP;\r\n\t\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r\n",
        received,
    )


@pytest.mark.parametrize(
    ("command", "starts"),
    [
        ("NOOP", "250 2.0.0 "),
        ("RSET", "250 2.0.0 "),
        ("RSET now", "501 5.5.4 "),
        ("HELP", "250 2.0.0 "),
        ("HELP nothing", "501 5.5.4 "),
        ("VRFY support@gw.test", "252 2.0.0 "),
        ("EXPN list", "502 5.5.1 "),
        ("AUTH PLAIN AGEAYg==", "502 5.5.1 "),
        ("EHLO", "501 5.5.4 "),
        ("HELO", "501 5.5.4 "),
        ("FROB", "500 5.5.2 "),
        ("", "500 5.5.2 "),
        ("NOOP " + "x" * 3000, "500 5.5.2 "),
        ("NOOP " + "x" * 200_000, "500 5.5.2 "),
        ("STARTTLS", "454 4.7.0 "),
        ("DATA", "503 5.5.1 "),
        ("RCPT TO:<support@gw.test>", "503 5.5.1 "),
        ("MAIL", "501 5.5.4 "),
        ("MAIL FROM:", "501 5.5.4 "),
        ("MAIL FROM:<a@x.test> SIZE=many", "501 5.5.4 "),
        ("MAIL FROM:<a@x.test> BODY=BINARYMIME", "501 5.5.4 "),
        ("MAIL FROM:<a@x.test> FROB=1", "555 5.5.4 "),
        ("MAIL FROM:<a b c>", "553 5.1.3 "),
        ("MAIL FROM:<a@x.test> SIZE=99999999999", "552 5.3.4 "),
        ("QUIT", "221 2.0.0 "),
    ],
)
def test_every_reply_has_an_enhanced_status_code(opened: OpenDoors, command: str, starts: str) -> None:
    with Client(opened.smtp) as client:
        reply = client.say(command)

        assert reply.startswith(starts)
        assert command == "QUIT" or client.say("NOOP").startswith("250 2.0.0 ")


def test_mail_for_an_unknown_address_is_refused_at_rcpt(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.say("MAIL FROM:<ana@x.test>")

        assert client.say("RCPT TO:<nobody@gw.test>") == "550 5.1.1 no such address here"
        assert client.say("DATA").startswith("503 5.5.1")
        assert client.say("RCPT TO:<support@gw.test>").startswith("250 2.1.5")


def test_the_null_sender_is_nobody_to_write_to(tmp_path: Path) -> None:
    with open_for_test(tmp_path, recipient=lambda _: RecipientVerdict.ACCEPT) as opened, Client(opened.smtp) as client:
        client.say("MAIL FROM:<ana@x.test>")

        assert client.say("RCPT TO:<>").startswith("550 5.1.1")


@pytest.mark.parametrize("address", ["support+r.abc234@gw.test", "Support+anything@GW.test"])
def test_an_address_with_a_plus_arrives_as_it_was_given(opened: OpenDoors, address: str) -> None:
    with Client(opened.smtp) as client:
        client.deliver(mail(), address)

    assert opened.shelf.rows()[0]["recipients"] == address


def test_the_same_recipient_given_twice_is_one(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.deliver(mail(), "support@gw.test", "sales@gw.test", "support@gw.test")

    assert opened.shelf.rows()[0]["recipients"] == "support@gw.test sales@gw.test"


def test_the_null_sender_is_an_empty_one(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.deliver(mail(), sender="")

    assert opened.shelf.rows()[0]["sender"] == ""


@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("<jösé@exämple.test> SMTPUTF8", "jösé@exämple.test"),
        ('<"two words"@x.test>', '"two words"@x.test'),
        ("<@relay.test,@other.test:ana@x.test>", "ana@x.test"),
        ("ana@x.test", "ana@x.test"),
        ("<dots..and.@docomo.test> SIZE=10 BODY=8BITMIME", "dots..and.@docomo.test"),
    ],
)
def test_every_form_of_a_path_is_understood(opened: OpenDoors, path: str, sender: str) -> None:
    with Client(opened.smtp) as client:
        assert client.say(f"MAIL FROM:{path}").startswith("250 2.1.0")
        client.say("RCPT TO:<support@gw.test>")
        client.say("DATA")
        client.say("Subject: x\r\n\r\n.")

    assert opened.shelf.rows()[0]["sender"] == sender


@pytest.mark.parametrize("path", [b"<caf\xe9@x.test>", b"<a\x00b@x.test>", b"<a\x1b[2J@x.test>", b"<" + b"(" * 800])
def test_an_address_that_no_row_could_hold_is_refused(opened: OpenDoors, path: bytes) -> None:
    with Client(opened.smtp) as client:
        client.send(b"MAIL FROM:" + path + b"\r\n")

        assert client.reply().startswith("553 5.1.3")


def test_the_word_for_received_says_that_smtputf8_was_used(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.say("MAIL FROM:<ana@x.test> SMTPUTF8")
        client.say("RCPT TO:<support@gw.test>")
        client.say("DATA")
        client.say("Subject: x\r\n\r\n.")

    assert opened.shelf.rows()[0]["protocol"] == "UTF8SMTP"


def test_an_old_client_that_says_helo_is_served(opened: OpenDoors) -> None:
    with Client(opened.smtp, greet=False) as client:
        assert client.say("HELO old.test") == "250 gw.test"
        client.deliver(mail())

    assert opened.shelf.rows()[0]["protocol"] == "SMTP"


def test_our_own_trouble_is_temporary_and_its_text_stays_inside(tmp_path: Path) -> None:
    async def locked(arrival: Arrival) -> str:
        raise RuntimeError("database is locked: /secret/path")

    with open_for_test(tmp_path, accept=locked) as opened, Client(opened.smtp) as client:
        reply = client.deliver(mail())

        assert reply == "451 4.3.0 trouble of our own, try again later"
        assert client.say("NOOP").startswith("250")


def test_trouble_with_looking_up_a_recipient_is_temporary(tmp_path: Path) -> None:
    def troubled(address: str) -> RecipientVerdict:
        if address.startswith("later"):
            return RecipientVerdict.TEMPORARY
        raise RuntimeError("secret")

    with open_for_test(tmp_path, recipient=troubled) as opened, Client(opened.smtp) as client:
        client.say("MAIL FROM:<ana@x.test>")

        assert client.say("RCPT TO:<later@gw.test>").startswith("451 4.3.0")
        assert client.say("RCPT TO:<broken@gw.test>") == "451 4.3.0 trouble of our own, try again later"


def test_a_second_mail_in_the_session_has_its_own_envelope(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.deliver(mail("one"), "support@gw.test", sender="a@x.test")
        client.deliver(mail("two"), "sales@gw.test", sender="b@x.test")

    assert [(row["sender"], row["recipients"]) for row in opened.shelf.rows()] == [
        ("a@x.test", "support@gw.test"),
        ("b@x.test", "sales@gw.test"),
    ]


def test_a_pipelined_mail_and_what_follows_it_are_answered_in_order(opened: OpenDoors) -> None:
    with Client(opened.smtp) as client:
        client.send(b"MAIL FROM:<a@x.test>\r\nRCPT TO:<support@gw.test>\r\nRCPT TO:<no@gw.test>\r\nDATA\r\n")
        codes = [client.reply()[:3] for _ in range(4)]
        client.send(mail() + b".\r\nNOOP\r\nMAIL FROM:<b@x.test>\r\nQUIT\r\n")
        codes += [client.reply()[:3] for _ in range(4)]

    assert codes == ["250", "250", "550", "354", "250", "250", "250", "221"]


def test_one_session_does_not_change_the_command_length_of_another(opened: OpenDoors) -> None:
    """aiosmtpd keeps the limits of all sessions in one table, and empties it for each new one."""
    long_path = f"MAIL FROM:<{'a' * 600}@x.test>"
    with Client(opened.smtp) as client, Client(opened.smtp) as _other:
        assert client.say(long_path).startswith("250")


def test_no_line_of_a_mail_is_logged(opened: OpenDoors, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("mail.log")
    with caplog.at_level(logging.DEBUG), Client(opened.smtp) as client:
        client.deliver(mail(body="a secret"))

        assert logger.getEffectiveLevel() == logging.WARNING
    assert [record for record in caplog.records if record.name == "mail.log"] == []
