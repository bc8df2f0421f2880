"""Delivery reports: recipient groups wherever they stand, and the returned message's headers."""

import pytest

from gateway.inbound.mail import DeliveryReport
from gateway.inbound.parse import parse
from gateway.settings import Limits

GROUP = (
    b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; <ana@x.org>\r\nAction: failed\r\nStatus: 5.1.1 (bad)\r\n"
)


def report_of(status: bytes, returned: bytes = b"", head: bytes = b"") -> DeliveryReport | None:
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\n" + status
    parts += b"\r\n--b\r\n" + returned if returned else b""
    typed = head or b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
    return parse(b"From: mailer-daemon@mx\r\n" + typed + b"\r\n" + parts + b"\r\n--b--\r\n", Limits()).report


@pytest.mark.parametrize(
    "status",
    [
        b"Content-Type: message/delivery-status\r\n\r\n" + GROUP,
        b"Content-Type: message/global-delivery-status\r\n\r\n" + GROUP,
        b"Content-Type: message/delivery-status\r\n\r\n" + GROUP.replace(b": ", b" : "),
        b"Content-Type: message/delivery-status\r\n\r\n" + GROUP.replace(b"dns; mx\r\n\r\n", b"dns; mx\r\n"),
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFuYUB4Lm9yZw0KQWN0aW9uOiBmYWlsZWQNClN0YXR1czogNS4xLjENCg==",
        b"Content-Type: text/plain\r\n\r\n" + GROUP,
    ],
    ids=["standard", "global", "space before the colon", "one group", "base64", "as text"],
)
def test_the_recipient_of_a_report_is_found(status: bytes) -> None:
    report = report_of(status)

    assert report is not None
    assert [(one.address, one.action, one.status) for one in report.recipients] == [("ana@x.org", "failed", "5.1.1")]


@pytest.mark.parametrize(
    "returned",
    [
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <carta@desk>\r\n",
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <carta@desk>\r\n\r\nhola",
        b"Content-Type: message/rfc822-headers\r\n\r\nMessage-ID: <carta@desk>\r\n",
    ],
)
def test_the_headers_of_the_returned_message_are_read(returned: bytes) -> None:
    report = report_of(b"Content-Type: message/delivery-status\r\n\r\n" + GROUP, returned)

    assert report is not None
    assert report.original_headers.first("Message-ID") == "<carta@desk>"


def test_a_forwarded_report_is_no_report() -> None:
    inner = (
        b"Content-Type: multipart/report; boundary=c\r\n\r\n--c\r\nContent-Type: message/delivery-status\r\n\r\n"
        + GROUP
    )
    forwarded = report_of(
        b"Content-Type: message/rfc822\r\n\r\n" + inner, head=b"Content-Type: multipart/mixed; boundary=b\r\n"
    )

    assert forwarded is None


def test_words_of_a_report_in_ordinary_mail_are_no_report() -> None:
    mail = parse(b"From: ana@x.org\r\n\r\nFinal-Recipient: rfc822; ana@x.org\r\nAction: failed\r\n", Limits())

    assert mail.report is None
