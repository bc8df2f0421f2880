"""Journeys of mail through the running daemon, on both databases by changing one setting."""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from tests.daemon_process import Daemon, Installation, letters_to, mail
from tests.waiting import wait_until

PROVEN = {"Authentication-Results": "mx.gw.test; dmarc=pass header.from=x.test"}
PROVEN_AGENT = {"Authentication-Results": "mx.gw.test; dmarc=pass header.from=gw.test"}


@pytest.fixture
def desk(any_database: str) -> Iterator[Installation]:
    """A desk that believes its border server, with an agent, Eva, in both areas."""
    with Installation(
        database=any_database,
        smtp={"listen": "127.0.0.1:0", "reserve_mib": 0, "trusted_relays": ["127.0.0.1/32"]},
        authentication={"trusted": ["mx.gw.test"], "profile": "postfix"},
        limits={"attachment_types_refused": ["exe"]},
    ) as installation:
        installation.told("person", "eva@gw.test", "--name", "Eva", "--role", "agent", "--language", "en")
        yield installation


@pytest.fixture
def daemon(desk: Installation) -> Daemon:
    return desk.start()


def the_letter(desk: Installation, to: str, kind: str) -> EmailMessage:
    """The one letter of a kind to somebody, once it has left."""
    (row,) = [one for one in desk.rows("outbox") if one["to"] == to and one["letter"] == kind]

    def left() -> list[EmailMessage]:
        return [one for one in letters_to(desk, to) if one["Message-ID"] == row["message_id"]]

    return wait_until(left)[0]


def reply_to(letter: EmailMessage) -> str:
    return parseaddr(letter["Reply-To"])[1]


def opened(daemon: Daemon, *, headers: dict[str, str] | None = None) -> None:
    """Ana's first mail: ticket 1."""
    line = daemon.judge(mail(message_id="<1@x.test>", headers=headers or PROVEN))
    assert line["ticket"] == 1


def quoting(letter: EmailMessage, text: str) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    return f"{text}\n\nOn Sun, 22 Nov 2026 at 20:00, support <support@gw.test> wrote:\n{quoted}"


def test_a_mail_becomes_a_ticket_and_its_sender_gets_a_receipt(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    receipt = the_letter(desk, "ana@x.test", "receipt_new")
    (delivery,) = desk.rows("mails")
    (ticket,) = desk.rows("tickets")
    alerts = [one for one in desk.rows("outbox") if one["to"] == "eva@gw.test"]

    assert (delivery["verdict"], delivery["ticket"], delivery["source"]) == ("ticket", 1, "smtp")
    assert (ticket["subject"], ticket["requester"], ticket["state"]) == ("Printer", "ana@x.test", "new")
    assert "[#1]" in receipt["Subject"]
    assert receipt["In-Reply-To"] == "<1@x.test>"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert len(alerts) == 1


def test_an_answer_to_the_receipt_joins_the_ticket_with_its_quote_folded(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    receipt = the_letter(desk, "ana@x.test", "receipt_new")
    said = quoting(receipt, "It is the one on floor 2.")
    line = daemon.judge(mail("Re: anything", said, message_id="<2@x.test>", headers=PROVEN), reply_to(receipt))
    message = desk.ticket(1)["messages"][-1]

    assert (line["ticket"], len(desk.rows("tickets"))) == (1, 1)
    assert message["text"].strip() == "It is the one on floor 2."
    assert "wrote:" in message["elided"]


def test_an_agents_mail_goes_to_the_requester_as_the_desks_answer(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    alert = the_letter(desk, "eva@gw.test", "alert")
    answer = mail("Re: Printer", "Please restart it.", from_="Eva <eva@gw.test>", headers=PROVEN_AGENT)
    line = daemon.judge(answer, reply_to(alert), sender="eva@gw.test")
    letter = the_letter(desk, "ana@x.test", "answer")
    body = letter.get_body(("plain",))

    assert line["event"].startswith("reply: ")
    assert body is not None
    assert "Please restart it." in body.get_content()
    assert parseaddr(letter["From"])[1] == "support@gw.test"
    assert letter["Auto-Submitted"] is None
    assert "eva@gw.test" not in letter.as_string()
    assert desk.ticket(1)["state"] == "open"


def test_a_forged_agents_mail_reaches_nobody_outside(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    alert = the_letter(desk, "eva@gw.test", "alert")
    daemon.judge(mail("Re: Printer", "Pay here.", from_="Eva <eva@gw.test>"), reply_to(alert), sender="eva@gw.test")
    daemon.stop()

    assert [one["letter"] for one in desk.rows("outbox") if one["to"] == "ana@x.test"] == ["receipt_new"]
    assert not desk.ticket(1)["messages"][-1]["public"]


def test_closing_writes_to_the_requester_and_a_mail_afterwards_reopens(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    assert "closed" in desk.told("act", "1", "close", "--by", "eva@gw.test", "--text", "Done.")
    wait_until(lambda: daemon.log(event="letter sent", kind="closed"))
    letter = the_letter(desk, "ana@x.test", "closed")
    state_then = desk.ticket(1)["state"]
    again = mail("Re: Printer", "It stopped again.", message_id="<3@x.test>", headers=PROVEN)
    line = daemon.judge(again, reply_to(letter))

    assert state_then == "closed"
    assert (line["ticket"], desk.ticket(1)["state"]) == (1, "open")


def test_a_thank_you_after_the_closing_is_kept_and_reopens_nothing(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    desk.told("act", "1", "close", "--by", "eva@gw.test", "--text", "Done.")
    wait_until(lambda: daemon.log(event="letter sent", kind="closed"))
    letter = the_letter(desk, "ana@x.test", "closed")
    line = daemon.judge(mail("Re: Printer", "Thank you!", message_id="<3@x.test>", headers=PROVEN), reply_to(letter))

    assert (line["ticket"], line["stage"]) == (1, "after_closing")
    assert desk.ticket(1)["state"] == "closed"


def test_an_out_of_office_opens_no_ticket_and_gets_no_answer(desk: Installation, daemon: Daemon) -> None:
    away = mail("Away until Monday", headers={**PROVEN, "Auto-Submitted": "auto-replied"})
    line = daemon.judge(away, sender="")

    assert line["event"].startswith("automatic: ")
    assert (desk.rows("tickets"), desk.rows("outbox")) == ([], [])


def test_an_out_of_office_to_a_ticket_is_a_folded_entry(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    receipt = the_letter(desk, "ana@x.test", "receipt_new")
    away = mail("Away until Monday", headers={**PROVEN, "Auto-Submitted": "auto-replied"})
    line = daemon.judge(away, reply_to(receipt), sender="")
    daemon.stop()

    assert (line["ticket"], line["stage"]) == (1, "automatic_reply")
    assert desk.ticket(1)["state"] == "new"
    assert sorted(one["letter"] for one in desk.rows("outbox")) == ["alert", "receipt_new"]


def test_mail_of_a_list_opens_a_ticket_without_a_receipt(desk: Installation, daemon: Daemon) -> None:
    line = daemon.judge(mail("News", headers={**PROVEN, "List-Id": "<news.x.test>", "Precedence": "bulk"}))
    daemon.stop()

    assert line["ticket"] == 1
    assert [one["to"] for one in desk.rows("outbox")] == ["eva@gw.test"]


def test_a_mail_to_two_areas_makes_a_ticket_in_each(desk: Installation, daemon: Daemon) -> None:
    both = mail(to="support@gw.test, sales@gw.test", headers=PROVEN)
    daemon.judge(both, "support@gw.test", "sales@gw.test")
    deliveries = desk.rows("mails")

    assert sorted(one["area"] for one in desk.rows("tickets")) == ["sales", "support"]
    assert sorted(one["ticket"] for one in deliveries) == [1, 2]
    assert len({one["id"] for one in deliveries}) == 1


def test_the_same_mail_twice_is_a_duplicate_of_the_first(desk: Installation, daemon: Daemon) -> None:
    for _ in range(2):
        line = daemon.judge(mail(message_id="<1@x.test>", headers=PROVEN))

    assert line["event"].startswith("duplicate: ")
    assert [one["verdict"] for one in desk.rows("mails")] == ["ticket", "duplicate"]
    assert len(desk.rows("tickets")) == 1


def with_file(name: str, content: bytes) -> bytes:
    message = EmailMessage()
    for field, value in PROVEN.items():
        message[field] = value
    message["From"], message["To"], message["Subject"] = "Ana <ana@x.test>", "support@gw.test", "Drawings"
    message["Message-ID"] = "<files@x.test>"
    message.set_content("See the file.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def test_a_large_attachment_is_kept_whole(desk: Installation, daemon: Daemon) -> None:
    content = bytes(range(256)) * (6 * 4096)
    daemon.judge(with_file("plan.bin", content))
    (file,) = desk.ticket(1)["messages"][0]["attachments"]

    assert (file["name"], file["size"], file["sha256"]) == (
        "plan.bin",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert desk.told("fsck") == "all is well\n"


def test_a_refused_attachment_is_answered_with_why(desk: Installation, daemon: Daemon) -> None:
    line = daemon.judge(with_file("setup.exe", b"MZ"))
    (row,) = desk.rows("outbox")
    letter = the_letter(desk, "ana@x.test", row["letter"])

    assert line["event"].startswith("rejected: ")
    assert desk.rows("tickets") == []
    assert "setup.exe" in row["text"] + row["subject"]
    assert letter["Auto-Submitted"] == "auto-replied"


def bounce(letter: EmailMessage, *, status: str = "5.1.1") -> bytes:
    lines = (
        "From: MAILER-DAEMON@x.test\nTo: support@gw.test\nSubject: Undelivered Mail Returned to Sender\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\n"
        f"Final-Recipient: rfc822; ana@x.test\nAction: failed\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter['Message-ID']}\n\n--b--\n"
    )
    return lines.replace("\n", "\r\n").encode()


def test_a_delivery_report_marks_its_letter_and_opens_no_ticket(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    receipt = the_letter(desk, "ana@x.test", "receipt_new")
    line = daemon.judge(bounce(receipt), parseaddr(receipt["X-Envelope-From"])[1], sender="")
    statuses = {one["letter"]: one["status"] for one in desk.rows("outbox") if one["to"] == "ana@x.test"}

    assert line["event"].startswith("delivery report: ")
    assert statuses["receipt_new"] == "returned"
    assert len(desk.rows("tickets")) == 1


def test_the_whole_day_leaves_everything_in_order(desk: Installation, daemon: Daemon) -> None:
    opened(daemon)
    daemon.judge(mail("Away", headers={"Auto-Submitted": "auto-replied"}), sender="")
    daemon.judge(with_file("setup.exe", b"MZ"))
    desk.told("act", "1", "close", "--by", "eva@gw.test", "--text", "Done.")
    wait_until(lambda: daemon.log(event="letter sent", kind="closed"))

    assert daemon.stop() == 0
    assert desk.told("fsck") == "all is well\n"
    assert {one["status"] for one in desk.rows("outbox")} == {"sent"}
