"""Journeys of mail through the running daemon, on both databases by changing one setting.

All journeys of one database go through the same daemon, each with a customer and tickets of its own.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from tests.daemon_process import Daemon, Installation, Line, mail
from tests.real_postgres import Postgres
from tests.waiting import wait_until

PROVEN = {"Authentication-Results": "mx.gw.test; dmarc=pass header.from=x.test"}
PROVEN_AGENT = {"Authentication-Results": "mx.gw.test; dmarc=pass header.from=gw.test"}
EVA = "eva@gw.test"

pytestmark = pytest.mark.xdist_group("journeys")
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """A desk that believes its border server, with an agent, Eva, in both areas."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = server.new_database() if server else ""
    with Installation(
        database=url,
        smtp={"trusted_relays": ["127.0.0.1/32"]},
        authentication={"trusted": ["mx.gw.test"], "profile": "postfix"},
        limits={"attachment_types_refused": ["exe"]},
    ) as installation:
        installation.told("person", EVA, "--name", "Eva", "--role", "agent", "--language", "en")
        yield installation
    if server:
        server.drop_database(url)


@pytest.fixture(scope="module")
def daemon(desk: Installation) -> Daemon:
    return desk.start()


@dataclass
class Journey:
    """One customer who writes to the desk, and what comes of it."""

    desk: Installation
    daemon: Daemon
    who: str
    ticket: int = 0

    def mail(self, subject: str = "Printer", text: str = "It does not print.", **given: str) -> bytes:
        return mail(subject, text, from_=f"Ana <{self.who}>", headers=PROVEN, **given)

    def sends(self, raw: bytes, *to: str, sender: str | None = None) -> Line:
        return self.daemon.judge(raw, *to, sender=self.who if sender is None else sender)

    def opens(self) -> int:
        """The customer's first mail: the number of its ticket."""
        self.ticket = self.sends(self.mail(message_id=f"<first.{self.who}>"))["ticket"]
        return self.ticket

    def acts(self, action: str, text: str) -> None:
        self.desk.told("act", self.ticket, action, "--by", EVA, "--text", text)

    def letters(self) -> list[Line]:
        """Those to the customer, in whatever ticket."""
        return [one for one in self.desk.letters() if one["to"] == self.who]

    def letter(self, kind: str, *, to: str = "") -> EmailMessage:
        """The one letter of a kind, of this ticket, as it left."""

        def left() -> list[EmailMessage]:
            wanted = [
                one["message_id"]
                for one in self.desk.letters()
                if one["to"] == (to or self.who) and one["letter"] == kind and one["ticket"] == (self.ticket or None)
            ]
            return [one for one in self.desk.outgoing() if one["Message-ID"] in wanted]

        (letter,) = wait_until(left)
        return letter

    def conversation(self) -> list[Line]:
        messages: list[Line] = self.desk.ticket(self.ticket)["messages"]
        return messages

    def state(self) -> str:
        return str(self.desk.ticket(self.ticket)["state"])


@pytest.fixture
def ana(desk: Installation, daemon: Daemon) -> Journey:
    return Journey(desk, daemon, f"ana{next(_numbers)}@x.test")


def reply_to(letter: EmailMessage) -> str:
    return parseaddr(letter["Reply-To"])[1]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_mail_becomes_a_ticket_and_its_sender_gets_a_receipt(ana: Journey) -> None:
    number = ana.opens()
    receipt = ana.letter("receipt_new")
    alert = ana.letter("alert", to=EVA)
    ticket = ana.desk.ticket(number)

    assert (ticket["subject"], ticket["requester"], ticket["state"]) == ("Printer", ana.who, "new")
    assert f"[#{number}]" in receipt["Subject"]
    assert receipt["In-Reply-To"] == f"<first.{ana.who}>"
    assert (receipt["Auto-Submitted"], alert["Auto-Submitted"]) == ("auto-replied", "auto-generated")
    assert "It does not print." not in receipt.as_string()


def test_an_answer_to_the_receipt_joins_the_ticket_with_its_quote_folded(ana: Journey) -> None:
    ana.opens()
    receipt = ana.letter("receipt_new")
    quoted = "\n".join(f"> {line}" for line in text_of(receipt).splitlines())
    said = f"It is the one on floor 2.\n\nOn Sun, 22 Nov 2026 at 20:00, support <support@gw.test> wrote:\n{quoted}"
    line = ana.sends(ana.mail("Re: something else", said), reply_to(receipt))
    message = ana.conversation()[-1]

    assert line["ticket"] == ana.ticket
    assert message["text"].strip() == "It is the one on floor 2."
    assert "wrote:" in message["elided"]


def test_an_agents_mail_goes_to_the_requester_as_the_desks_answer(ana: Journey) -> None:
    ana.opens()
    alert = ana.letter("alert", to=EVA)
    answer = mail("Re: Printer", "Please restart it.", from_=f"Eva <{EVA}>", headers=PROVEN_AGENT)
    line = ana.sends(answer, reply_to(alert), sender=EVA)
    letter = ana.letter("answer")

    assert (line["ticket"], line["stage"]) == (ana.ticket, "names_a_ticket")
    assert "Please restart it." in text_of(letter)
    assert parseaddr(letter["From"])[1] == "support@gw.test"
    assert letter["Auto-Submitted"] is None
    assert EVA not in letter.as_string()
    assert ana.state() == "open"


def test_a_mail_that_only_looks_like_the_agents_reaches_nobody_outside(ana: Journey) -> None:
    ana.opens()
    alert = ana.letter("alert", to=EVA)
    ana.sends(mail("Re: Printer", "Pay here.", from_=f"Eva <{EVA}>"), reply_to(alert), sender=EVA)

    assert [one["letter"] for one in ana.letters()] == ["receipt_new"]
    assert not ana.conversation()[-1]["public"]


def test_closing_writes_to_the_requester_and_a_mail_afterwards_reopens(ana: Journey) -> None:
    ana.opens()
    ana.acts("close", "Done.")
    letter = ana.letter("closed")
    state_then = ana.state()
    line = ana.sends(ana.mail("Re: Printer", "It stopped again."), reply_to(letter))

    assert state_then == "closed"
    assert (line["ticket"], ana.state()) == (ana.ticket, "open")


def test_a_thank_you_after_the_closing_is_kept_and_reopens_nothing(ana: Journey) -> None:
    ana.opens()
    ana.acts("close", "Done.")
    line = ana.sends(ana.mail("Re: Printer", "Thank you!"), reply_to(ana.letter("closed")))

    assert (line["ticket"], line["stage"]) == (ana.ticket, "after_closing")
    assert ana.state() == "closed"


def away(who: str) -> bytes:
    headers: Mapping[str, str] = {**PROVEN, "Auto-Submitted": "auto-replied"}
    return mail("Away until Monday", "I am away.", from_=f"Ana <{who}>", headers=headers)


def test_an_out_of_office_opens_no_ticket_and_gets_no_answer(ana: Journey) -> None:
    line = ana.sends(away(ana.who), sender="")

    assert line["event"].startswith("automatic: ")
    assert line["ticket"] is None
    assert ana.letters() == []


def test_an_out_of_office_to_a_ticket_is_a_folded_entry(ana: Journey) -> None:
    ana.opens()
    line = ana.sends(away(ana.who), reply_to(ana.letter("receipt_new")), sender="")

    assert (line["ticket"], line["stage"]) == (ana.ticket, "automatic_reply")
    assert ana.state() == "new"
    assert [one["letter"] for one in ana.desk.letters() if one["ticket"] == ana.ticket] == ["alert", "receipt_new"]


def test_mail_of_a_list_opens_a_ticket_without_a_receipt(ana: Journey) -> None:
    headers = {**PROVEN, "List-Id": "<news.x.test>", "Precedence": "bulk"}
    line = ana.sends(mail("News", from_=f"Ana <{ana.who}>", headers=headers))

    assert ana.desk.ticket(line["ticket"])["requester"] == ana.who
    assert ana.letters() == []


def test_a_mail_to_two_areas_makes_a_ticket_in_each(ana: Journey) -> None:
    ana.sends(ana.mail(to="support@gw.test, sales@gw.test"), "support@gw.test", "sales@gw.test")
    mine = [one for one in ana.desk.tickets() if one["requester"] == ana.who]

    assert sorted(one["area"] for one in mine) == ["sales", "support"]


def test_the_same_mail_twice_is_a_duplicate_of_the_first(ana: Journey) -> None:
    lines = [ana.sends(ana.mail(message_id=f"<twice.{ana.who}>")) for _ in range(2)]

    assert [line["event"].partition(":")[0] for line in lines] == ["ticket", "duplicate"]
    assert lines[0]["ticket"] == lines[1]["ticket"]
    assert len([one for one in ana.desk.tickets() if one["requester"] == ana.who]) == 1


def with_file(who: str, name: str, content: bytes) -> bytes:
    message = EmailMessage()
    for field, value in PROVEN.items():
        message[field] = value
    message["From"], message["To"], message["Subject"] = f"Ana <{who}>", "support@gw.test", "Drawings"
    message.set_content("See the file.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes().replace(b"\n", b"\r\n")


def test_a_large_attachment_is_kept_whole(ana: Journey) -> None:
    content = bytes(range(256)) * (6 * 4096)
    ana.ticket = ana.sends(with_file(ana.who, "plan.bin", content))["ticket"]
    (file,) = ana.conversation()[0]["attachments"]

    digest = hashlib.sha256(content).hexdigest()
    assert (file["name"], file["size"], file["sha256"]) == ("plan.bin", len(content), digest)
    assert ana.desk.office.blobs.get(digest) == content


def test_a_refused_attachment_is_answered_with_why(ana: Journey) -> None:
    line = ana.sends(with_file(ana.who, "setup.exe", b"MZ"))
    (row,) = ana.letters()
    letter = ana.letter(row["letter"])

    assert line["event"].startswith("rejected: ")
    assert line["ticket"] is None
    assert "*.exe" in text_of(letter)
    assert letter["Auto-Submitted"] == "auto-replied"


def bounced(letter: EmailMessage) -> bytes:
    text = (
        "From: MAILER-DAEMON@x.test\nTo: support@gw.test\nSubject: Undelivered Mail Returned to Sender\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\n"
        f"Final-Recipient: rfc822; {letter['To']}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter['Message-ID']}\n\n--b--\n"
    )
    return text.replace("\n", "\r\n").encode()


def test_a_delivery_report_marks_its_letter_and_opens_no_ticket(ana: Journey) -> None:
    ana.opens()
    receipt = ana.letter("receipt_new")
    line = ana.sends(bounced(receipt), parseaddr(receipt["X-Envelope-From"])[1], sender="")

    assert line["event"].startswith("delivery report: ")
    assert [one["status"] for one in ana.letters()] == ["returned"]
    assert len([one for one in ana.desk.tickets() if one["requester"] == ana.who]) == 1


def test_after_all_of_it_everything_fits_together(desk: Installation, daemon: Daemon) -> None:
    """The last of the journeys: it stops the daemon."""
    assert daemon.stop() == 0
    assert desk.told("fsck") == "all is well\n"
    assert {one["status"] for one in desk.letters()} <= {"sent", "returned"}
    assert {one["status"] for one in desk.mails()} == {"done"}
