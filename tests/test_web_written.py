"""What is written in a form, as a mail that the rest of the program judges like any other."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from gateway.inbound.authenticate import Level, authenticate
from gateway.inbound.parse import parse
from gateway.settings import Authentication, Limits
from gateway.web import written
from gateway.web.forms import Upload
from gateway.web.seal import Once

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ONCE = Once("0123456789abcdef", NOW)


def mail(**changes: Any) -> bytes:
    given: dict[str, Any] = {
        "sender": "ana@x.test",
        "to": "support@gw.test",
        "hostname": "gw.test",
        "subject": "¿Impresora?",
        "text": "No imprime.\nNada.",
        "language": "es",
        "once": ONCE,
    }
    return written.as_mail(**(given | changes))


def test_the_mail_says_who_what_and_in_which_language() -> None:
    found = parse(mail(), Limits())

    assert (found.sender.address, found.subject, found.text) == (  # type: ignore[union-attr]
        "ana@x.test",
        "¿Impresora?",
        "No imprime.\nNada.\n",
    )
    assert found.headers.first("Content-Language") == "es"
    assert (found.date, found.message_id) == (NOW, "<0123456789abcdef.form@gw.test>")


def test_the_language_is_said_beside_files_too() -> None:
    found = parse(mail(uploads=[Upload("a.txt", "text/plain", b"abc")]), Limits())

    assert found.headers.first("Content-Language") == "es"


def test_the_same_form_is_the_same_bytes_and_another_showing_of_it_is_not() -> None:
    uploads = [Upload("a.txt", "text/plain", b"abc"), Upload("b.bin", "", b"\0\1")]

    assert mail(uploads=uploads) == mail(uploads=uploads)
    assert mail(uploads=uploads) != mail(uploads=uploads, once=Once("fedcba9876543210", NOW))


@pytest.mark.parametrize("sender", ["ana@x.test", "o'neil+a@x.test", "josé@x.test", '"a b"@x.test'])
def test_a_session_proves_its_own_sender_and_no_other(sender: str) -> None:
    raw = mail(sender=sender)
    found = parse(raw, Limits())

    def level(session: str) -> Level:
        arrival = written.arrival(raw, sender=session, to="support@gw.test", received_at=NOW)
        return authenticate(
            found.headers,
            found.sender,
            settings=Authentication(),
            envelope=arrival.envelope_from,
            peer=arrival.peer,
            session_auth=arrival.session_auth,
        ).level

    assert level(sender) is Level.S1
    assert level("somebody@else.test") is Level.S0


@pytest.mark.parametrize("kind", ["text/html", "message/rfc822", "multipart/mixed", "", "no type", "image/png\r\nX: y"])
def test_whatever_a_browser_calls_a_file_its_bytes_arrive(kind: str) -> None:
    content = b"From: x\r\n\r\n--form-0123456789abcdef--\r\n\xff\0"
    found = parse(mail(uploads=[Upload("C:\\dir\\ñandú\r\n.html", kind, content)]), Limits())
    (file,) = found.attachments

    assert file.content == content
    assert file.name == "ñandú .html"
    assert found.text.strip() == "No imprime.\nNada."


def test_an_answer_names_its_ticket_by_our_message_id() -> None:
    found = message_from_bytes(mail(answers="<ticket.abc@gw.test>"), policy=default)

    assert found["In-Reply-To"] == found["References"] == "<ticket.abc@gw.test>"
