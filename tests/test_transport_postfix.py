"""Sending through a real Postfix."""

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS
from gateway.outbound.mime import LetterAttachment, OutgoingLetter, build, headers
from gateway.outbound.transport import Accepted, PermanentFailure, TemporaryFailure, Transport, open_transport
from gateway.settings import Delivery
from tests.letter_samples import LANGUAGES, TEMPLATES, sample
from tests.real_postfix import Postfix
from tests.scripted_peer import Peer
from tests.waiting import wait_until

COMPOSER = Composer([TEMPLATES])
FILE = LetterAttachment("guía.bin", "application/pdf", bytes(range(256)) * 50)


@pytest.fixture
def beyond() -> Iterator[Peer]:
    """The server that Postfix hands its mail to."""
    with Peer() as peer:
        yield peer


def through(postfix: Postfix, beyond: Peer, *, extra: str = "") -> Transport:
    host, _, port = beyond.smarthost.partition(":")
    postfix.start(next_hop=f"smtp:[{host}]:{port}", extra=extra)
    return open_transport(Delivery(smarthost=f"127.0.0.1:{postfix.port}", tls="none", seconds=10))


def letter(name: str = "receipt", language: str = "es", to: str = "ana@gw.test") -> tuple[OutgoingLetter, bytes]:
    rendered = COMPOSER.compose(name, language, sample(name))
    fields = headers(
        LETTERS[name],
        from_address="soporte@desk.test",
        from_name="Mesa de ayuda · Área técnica",
        to_address=to,
        to_name="Ana Pérez",
        reply_to="soporte+r.abc@desk.test",
        subject=rendered.subject,
        message_id=f"<{name}.{language}@desk.test>",
        references=[f"<{number}.{'x' * 60}@example.org>" for number in range(30)],
        loop="k1.mac",
        language=rendered.language,
        date=datetime(2026, 11, 23, 15, 15, tzinfo=UTC),
    )
    kept = OutgoingLetter(fields, rendered.text, rendered.html)
    return kept, build(kept, [FILE])


def content(part: EmailMessage | None) -> str:
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.timeout(300)
def test_every_letter_comes_out_of_postfix_as_it_went_in(postfix: Postfix, beyond: Peer) -> None:
    way_out = through(postfix, beyond)
    sent = {}
    for number, name in enumerate(LETTERS):
        language = LANGUAGES[number % len(LANGUAGES)]
        kept, data = letter(name, language)
        sent[f"<{name}.{language}@desk.test>"] = kept, data

        assert isinstance(way_out.send("", "ana@gw.test", data), Accepted)
    way_out.close()

    def all_there() -> bool:
        # What Postfix puts off when it finds a kept connection closed waits for its queue's next run.
        postfix.flush()
        return len(beyond.mails) == len(sent)

    wait_until(all_there, seconds=200)

    for arrived in beyond.mails:
        mail = email.message_from_bytes(arrived, policy=email.policy.SMTP)
        assert isinstance(mail, EmailMessage)
        kept, data = sent[mail["Message-ID"]]
        assert arrived.endswith(data)
        assert content(mail.get_body(("plain",))) == kept.text
        assert content(mail.get_body(("html",))) == kept.html
        assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [FILE.content]
        assert len(mail["References"].split()) == 20
        assert str(mail["From"]) == "Mesa de ayuda · Área técnica <soporte@desk.test>"
    assert {said[1].split(" ")[1] for said in beyond.commands} == {"FROM:<>"}


def test_an_address_beyond_ascii_comes_through(postfix: Postfix, beyond: Peer) -> None:
    way_out = through(postfix, beyond)
    _, data = letter(to="josé@gw.test")
    outcome = way_out.send("soporte@desk.test", "josé@gw.test", data)
    way_out.close()

    assert isinstance(outcome, Accepted)
    [arrived] = wait_until(lambda: beyond.mails)
    assert arrived.endswith(data)


def test_what_postfix_refuses_is_refused_and_what_it_defers_is_deferred(postfix: Postfix, beyond: Peer) -> None:
    extra = (
        "smtpd_recipient_restrictions = "
        "check_recipient_access inline:{ {nobody@gw.test = REJECT}, {later@gw.test = DEFER} }\n"
        "smtpd_sender_restrictions = check_sender_access inline:{ {wrong@desk.test = REJECT} }"
    )
    way_out = through(postfix, beyond, extra=extra)
    _, data = letter()
    nobody = way_out.send("", "nobody@gw.test", data)
    later = way_out.send("", "later@gw.test", data)
    ana = way_out.send("", "ana@gw.test", data)
    way_out.close()

    assert isinstance(nobody, PermanentFailure)
    assert nobody.status == "5.7.1"
    assert isinstance(later, TemporaryFailure)
    assert later.response.startswith("450 4.7.1")
    assert isinstance(ana, Accepted)


def test_a_letter_too_big_for_postfix_is_refused_before_it_is_sent(postfix: Postfix, beyond: Peer) -> None:
    way_out = through(postfix, beyond, extra="message_size_limit = 5000")
    _, data = letter()
    outcome = way_out.send("", "ana@gw.test", data)
    way_out.close()

    assert isinstance(outcome, PermanentFailure)
    assert outcome.status == "5.3.4"


def test_a_connection_that_postfix_closed_meanwhile_is_opened_again(postfix: Postfix, beyond: Peer) -> None:
    way_out = through(postfix, beyond, extra="smtpd_timeout = 1s")
    _, data = letter()
    first = way_out.send("", "ana@gw.test", data)
    wait_until(lambda: "timeout after" in postfix.log(), seconds=20)
    second = way_out.send("", "ana@gw.test", data)
    way_out.close()

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
