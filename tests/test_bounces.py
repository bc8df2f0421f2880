"""Delivery reports that follow no standard: known by several signs at once, and never by what people write."""

import time
from pathlib import Path

import pytest

from gateway.inbound import bounce_library
from gateway.inbound.classify import MailKind, Ours, classify
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.settings import Limits

MIME = Path(__file__).parents[1].parent / "shared" / "mime"
RETURNED = (
    "\n--- the message ---\nReceived: from desk by mx\nMessage-ID: <k1.token@gateway.desk.example>\n"
    "From: support@desk.example\nTo: eva@gone.example\nSubject: [#7] Hola\n\nHola"
)


def bounce(
    body: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example",
    subject: str = "failure notice",
    envelope: str | None = "",
    fields: str = "",
) -> ParsedMail:
    head = f"From: {sender}\nTo: support@desk.example\nSubject: {subject}\n{fields}\n"
    return parse((head + body).encode(), Limits(), envelope_from=envelope)


def said(mail: ParsedMail) -> list[tuple[str, str, str]]:
    return [(one.address, one.action, one.status) for one in mail.report.recipients] if mail.report else []


def kind(mail: ParsedMail, envelope: str | None = "") -> MailKind:
    return classify(mail, envelope_from=envelope, ours=Ours()).kind


@pytest.mark.parametrize(
    "body",
    [
        "<eva@gone.example>:\n550 5.1.1 no such user",
        "Recipient: <eva@gone.example>\nReason: 5.1.1 unknown",
        "  RCPT TO:<eva@gone.example>\n  550 5.1.1 unknown",
        "We could not deliver your mail to <eva@gone.example>.\n550 5.1.1 unknown",
        "eva@gone.example [5.1.1 unknown]",
        "mx.gone.example said: 550 5.1.1 eva@gone.example unknown",
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; eva@gone.example\nAction: failed\nStatus: 5.1.1\n",
    ],
    ids=["qmail's form", "named", "a dialogue", "in a sentence", "alone", "in the answer", "fields in the text"],
)
def test_the_recipient_is_found_wherever_the_address_stands(body: str) -> None:
    assert said(bounce(body)) == [("eva@gone.example", "failed", "5.1.1")]


def test_without_any_address_it_is_the_one_that_the_returned_message_was_for() -> None:
    mail = bounce("Your message could not be delivered." + RETURNED)

    assert said(mail) == [("eva@gone.example", "failed", "")]
    assert mail.report is not None
    assert mail.report.original_headers.first("Message-ID") == "<k1.token@gateway.desk.example>"


def test_an_address_to_ask_for_help_is_no_recipient() -> None:
    body = "For help write to <postmaster@mx.example>.\nCould not be delivered to:\n  eva@gone.example\n"

    assert [address for address, _, _ in said(bounce(body))] == ["eva@gone.example"]


@pytest.mark.parametrize(
    ("body", "action"),
    [
        ("eva@gone.example\nYour message is delayed, we will keep trying. 451 4.4.1", "delayed"),
        ("eva@gone.example\nWarning: this is permanent. 550 5.1.1", "failed"),
    ],
)
def test_what_is_late_is_not_lost(body: str, action: str) -> None:
    assert [one[1] for one in said(bounce(body, subject="Mail system"))] == [action]


def test_what_nobody_can_read_is_a_report_all_the_same() -> None:
    mail = bounce("It could not be delivered.")

    assert kind(mail) is MailKind.DELIVERY_REPORT
    assert mail.report is not None
    assert mail.report.unread


@pytest.mark.parametrize(
    "subject",
    [
        "No se pudo entregar el mensaje",
        "Não foi possível: mensagem não entregue",
        "Non remis : votre message",
        "Unzustellbar: Rechnung",
        "Mancata consegna",
        "Недоставленное сообщение",
        "メールを配信できませんでした",
        "系统退信",
    ],
)
def test_reports_come_in_many_languages(subject: str) -> None:
    """The words are one sign; the status and the null return path are the others."""
    mail = bounce("eva@gone.example\n550 5.1.1", sender="sistema@mx.example", subject=subject)

    assert kind(mail) is MailKind.DELIVERY_REPORT
    words_only = bounce("eva@gone.example", sender="ana@x.org", subject=subject, envelope="ana@x.org")
    assert kind(words_only, "ana@x.org") is MailKind.PERSON


@pytest.mark.parametrize(
    ("sender", "subject", "body", "envelope"),
    [
        ("ana@x.org", "Undeliverable: my invoice", "It says: <b@y.org> 550 5.1.1 no such user. Why?", "ana@x.org"),
        ("ana@x.org", "Undeliverable: my invoice", "It says: <b@y.org> 550 5.1.1 no such user. Why?", None),
        ("ana@x.org", "Fwd: failure notice", "550 5.1.1 could not be delivered" + RETURNED, "ana@x.org"),
        ("ana@x.org", "Re: failure notice", "550 5.1.1 could not be delivered" + RETURNED, None),
        ("postmaster@x.org", "Mail delivery problem", "Your server says 550 5.7.1 to us.", "postmaster@x.org"),
        ("postmaster@x.org", "Re: Undeliverable", "It is mended, 550 5.1.1 is gone.", None),
        ("no-reply@shop.example", "Delivery failed", "Your parcel could not be delivered.", "b@shop.example"),
    ],
    ids=["asks", "asks, path unknown", "forwards", "answers", "a postmaster", "a postmaster answers", "a parcel"],
)
def test_what_people_and_shops_write_about_delivery_is_no_report(
    sender: str, subject: str, body: str, envelope: str | None
) -> None:
    mail = bounce(body, sender=sender, subject=subject, envelope=envelope)

    assert mail.report is None
    assert kind(mail, envelope) is not MailKind.DELIVERY_REPORT


def test_a_bounce_attached_to_a_persons_mail_is_no_report() -> None:
    inner = "From: MAILER-DAEMON@mx\nReturn-Path: <>\nSubject: failure notice\n\n<eva@gone.example>: 550 5.1.1"
    asked = "Content-Type: text/plain\n\nIt could not be delivered, why?"
    body = f"--b\n{asked}\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    fields = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"

    assert bounce(body, sender="ana@x.org", subject="Undeliverable", envelope="ana@x.org", fields=fields).report is None


def test_a_vacation_with_a_null_return_path_is_no_report() -> None:
    mail = bounce("I am away. Your mail is not being read.", sender="eva@gone.example", subject="Out of office: Hola")

    assert kind(mail) is MailKind.AUTOMATIC_REPLY


def test_the_library_is_asked_about_no_ordinary_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(bounce_library, "all_failures", lambda root: asked.append(root) or ((), ()))

    mail = bounce("<eva@gone.example>: 550 5.1.1", sender="ana@x.org", subject="Hola", envelope="ana@x.org")

    assert mail.report is None
    assert asked == []


def test_what_the_library_raises_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_root: object) -> None:
        raise ValueError("as it does on 25 of 573 mails")

    monkeypatch.setattr(bounce_library, "all_failures", broken)

    assert said(bounce("<eva@gone.example>:\n550 5.1.1")) == [("eva@gone.example", "failed", "5.1.1")]


@pytest.mark.parametrize(
    "unit", ["a@", "<", "user ", "to <", "<a@b.org>:\n", "From: x\n", "A: x\n\n", "> ", "550 ", "recipient: ", "not "]
)
def test_reading_a_hostile_bounce_takes_time_in_proportion(unit: str) -> None:
    def seconds(size: int) -> float:
        body = unit * (size // len(unit))
        began = time.process_time()
        bounce(body)
        return time.process_time() - began

    seconds(1000)
    assert seconds(400_000) < 4


@pytest.mark.skipif(not MIME.is_dir(), reason="no shared mail here")
def test_of_real_bounces_nearly_all_are_known_and_of_other_mail_none_fails() -> None:
    """By program, eight of what is called a bounce there is none, and one of the others is: looked at one by one."""
    head, *lines = (MIME / "index.tsv").read_text("utf-8").splitlines()
    index = [dict(zip(head.split("\t"), line.split("\t"), strict=False)) for line in lines]
    mails = {row["file"]: parse((MIME / row["file"]).read_bytes(), Limits()) for row in index}
    reports = {file for file, mail in mails.items() if kind(mail, None) is MailKind.DELIVERY_REPORT}
    named = {file for file in reports if any("@" in address for address, _, _ in said(mails[file]))}
    failed = {file for file in reports if any(action == "failed" for _, action, _ in said(mails[file]))}
    bounces = {row["file"] for row in index if "dsn-bounce" in row["kind"]}

    assert len(reports & bounces) / len(bounces) >= 0.98
    assert len(named & bounces) / len(bounces) >= 0.97
    assert failed - bounces == {"cpython/msg_25.txt"}
