"""A real Postfix in front of the LMTP socket."""

import smtplib

import pytest

from gateway.inbound.arrivals import Arrival
from tests.doors import OpenDoors, mail, open_for_test
from tests.real_postfix import Postfix
from tests.waiting import wait_until


@pytest.fixture
def opened(postfix: Postfix):
    """The socket stands in Postfix's folder, where Postfix's own user may go."""
    with open_for_test(postfix.base) as doors:
        doors.lmtp.chmod(0o666)
        yield doors
    (postfix.base / "shelf.db").unlink()


def send(postfix: Postfix, text: bytes, *recipients: str, sender: str = "ana@x.test") -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
        client.sendmail(sender, recipients or ["support@gw.test"], text)


def test_a_mail_arrives_through_postfix_for_each_of_its_recipients(opened: OpenDoors, postfix: Postfix) -> None:
    postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
    send(postfix, mail("Impresora", ".\n..\nFin."), "support@gw.test", "sales+r.x7@gw.test")
    (row,) = wait_until(opened.shelf.rows)
    wait_until(lambda: not postfix.queue())

    assert row["sender"] == "ana@x.test"
    assert sorted(row["recipients"].split()) == ["sales+r.x7@gw.test", "support@gw.test"]
    assert row["raw"].endswith(b"\r\n\r\n.\r\n..\r\nFin.\r\n")
    assert row["helo"] == "mx.gw.test"


def test_postfix_keeps_a_mail_that_we_have_trouble_with_and_brings_it_again(postfix: Postfix) -> None:
    troubled = True

    async def accept(arrival: Arrival) -> str:
        if troubled:
            raise RuntimeError("database is locked")
        return str(opened.shelf.accept_many([arrival])[0])

    with open_for_test(postfix.base, accept=accept) as opened:
        opened.lmtp.chmod(0o666)
        postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
        send(postfix, mail(), "support@gw.test", "sales@gw.test")
        wait_until(lambda: any("451 4.3.0" in str(entry) for entry in postfix.queue()))
        troubled = False
        postfix.flush()
        (row,) = wait_until(opened.shelf.rows, seconds=20)
        wait_until(lambda: not postfix.queue(), seconds=20)

        assert sorted(row["recipients"].split()) == ["sales@gw.test", "support@gw.test"]
    (postfix.base / "shelf.db").unlink()


def test_mail_for_an_unknown_address_goes_back_with_our_words(opened: OpenDoors, postfix: Postfix) -> None:
    postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
    send(postfix, mail(), "nobody@gw.test")

    wait_until(lambda: "550 5.1.1 no such address here" in postfix.log())
    assert opened.shelf.rows() == []


def test_a_large_mail_is_not_bounced_by_postfix(postfix: Postfix) -> None:
    with open_for_test(postfix.base, limits={"mail_mib": 0.125}) as opened:
        opened.lmtp.chmod(0o666)
        postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
        send(postfix, mail(body="a line of text\n" * 20_000))
        (row,) = wait_until(opened.shelf.rows)

        assert len(row["raw"]) > 2 << 17
    (postfix.base / "shelf.db").unlink()


def test_an_utf8_envelope_passes(opened: OpenDoors, postfix: Postfix) -> None:
    postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
        client.ehlo()
        client.mail("jösé@exämple.test", ["SMTPUTF8"])
        client.rcpt("support@gw.test")
        client.data(mail())
    (row,) = wait_until(opened.shelf.rows)

    assert (row["sender"], row["protocol"]) == ("jösé@exämple.test", "UTF8LMTP")


def test_a_hundred_mails_through_postfix_all_arrive(opened: OpenDoors, postfix: Postfix) -> None:
    postfix.start(next_hop=f"lmtp:unix:{opened.lmtp}")
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
        for number in range(100):
            client.sendmail("ana@x.test", ["support@gw.test"], mail(f"number {number}"))
    rows = wait_until(lambda: (rows := opened.shelf.rows()) and len(rows) >= 100 and rows, seconds=30)

    assert sum(f"Subject: number {n}\r\n".encode() in row["raw"] for n in range(100) for row in rows) == 100
