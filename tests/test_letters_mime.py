"""The header fields and the bytes of a letter, read back with the standard library."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.outbound.letters import LETTERS
from gateway.outbound.mime import LetterAttachment, OutgoingLetter, build, headers, reference_list

DATE = datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC)
OUR_ID = "<t.k1abc.1@desk.example.org>"


def fields(letter: str = "receipt", **changes: object) -> tuple[tuple[str, str], ...]:
    given_ = {
        "from_address": "soporte@desk.example.org",
        "from_name": "Mesa de ayuda",
        "to_address": "ana@example.org",
        "to_name": "Ana Pérez",
        "reply_to": "soporte+r.abc234@desk.example.org",
        "subject": "[#12] Impresora",
        "message_id": OUR_ID,
        "in_reply_to": "<their-2@example.org>",
        "references": ("<t.k1abc@desk.example.org>", "<their-1@example.org>"),
        "loop": "k1.deadbeef",
        "language": "es",
        "date": DATE,
    }
    return headers(LETTERS[letter], **(given_ | changes))  # type: ignore[arg-type]


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
        assert all(value.defects == () for value in part.values() if hasattr(value, "defects"))
    return message


def mail(text: str = "Hola", html: str = "<p>Hola</p>", **changes: object) -> EmailMessage:
    return read(build(OutgoingLetter(fields(**changes), text, html)))


def bodies(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return plain.get_content() if plain else "", html.get_content() if html else ""


def test_a_receipt_carries_the_fields_of_an_automatic_answer() -> None:
    message = mail()

    assert message["From"].addresses[0].addr_spec == "soporte@desk.example.org"
    assert message["From"].addresses[0].display_name == "Mesa de ayuda"
    assert str(message["To"]) == "Ana Pérez <ana@example.org>"
    assert str(message["Reply-To"]) == "Mesa de ayuda <soporte+r.abc234@desk.example.org>"
    assert message["Subject"] == "[#12] Impresora"
    assert message["Date"].datetime == DATE
    assert message["Message-ID"] == OUR_ID
    assert message["In-Reply-To"] == "<their-2@example.org>"
    assert message["References"].split() == [
        "<t.k1abc@desk.example.org>",
        "<their-1@example.org>",
        "<their-2@example.org>",
    ]
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Ticket-Gateway-Loop"] == "k1.deadbeef"
    assert message["Content-Language"] == "es"
    assert message["MIME-Version"] == "1.0"


@pytest.mark.parametrize(
    ("letter", "auto_submitted", "suppress"),
    [("answer", None, "OOF, AutoReply"), ("solved", "auto-generated", "All"), ("alert", "auto-generated", "All")],
)
def test_only_a_persons_words_let_others_answer(letter: str, auto_submitted: str | None, suppress: str) -> None:
    message = mail(letter=letter)

    assert message["Auto-Submitted"] == auto_submitted
    assert message["X-Auto-Response-Suppress"] == suppress


def test_a_field_without_a_value_is_left_out() -> None:
    names = [name for name, _ in fields(reply_to="", in_reply_to="", references=())]

    assert not {"Reply-To", "In-Reply-To", "References"} & set(names)


@pytest.mark.parametrize(
    "name",
    [
        "Pérez, Ana",
        'Ana "la jefa" \\ Pérez',
        'Ana "la jefa" \\ Perez',
        "Ana <jefa@evil.example>",
        "Ana\r\nBcc: all@example.org",
        "=?utf-8?q?falso?=",
        "支援チーム" * 15,
        "Ana (soporte); x: y",
        "\u202eana",
    ],
)
def test_a_name_is_only_a_name(name: str) -> None:
    data = build(OutgoingLetter(fields(to_name=name, from_name=name), "Hola"))
    message, raw = read(data), email.message_from_bytes(data)

    clean = " ".join(name.replace("\u202e", "").split())
    for field in ("To", "From", "Reply-To"):
        [(written, _)] = getaddresses(raw.get_all(field, []))
        # decode_header, because headerregistry of 3.11 leaves the spaces between encoded words in a name.
        assert str(make_header(decode_header(written))) == clean
        assert len(message[field].addresses) == 1
    assert message["To"].addresses[0].addr_spec == "ana@example.org"
    assert message["Bcc"] is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
@example("[#12] " + "ñ" * 190)
@example("[#12] " + "palabra " * 40)
@example("x" * 199)
@example("a\r\nBcc: b@example.org")
@example("=?utf-8?q?falso?= y más")
@example("🎉" * 90)
def test_a_subject_arrives_as_one_line_of_the_same_characters(subject: str) -> None:
    data = build(OutgoingLetter(fields(subject=subject), "Hola"))
    head = data.split(b"\r\n\r\n")[0]
    read_subject = str(email.message_from_bytes(data, policy=email.policy.default)["Subject"] or "")

    visible = re.sub(
        "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+", " ", subject
    )
    assert read_subject == " ".join(visible.split())[:400]
    assert b"\nBcc:" not in head
    assert head.isascii()
    for line in head.split(b"\r\n"):
        assert len(line) <= 998
        assert len(line) <= 76 or b"=?" not in line


def test_references_keep_the_first_and_the_newest() -> None:
    ids = tuple(f"<{n}@example.org>" for n in range(50))

    kept = reference_list(ids, "<parent@example.org>")

    assert kept == (ids[0], *ids[32:], "<parent@example.org>")
    assert len(kept) == 20


def test_references_name_each_mail_once_and_the_parent_last() -> None:
    assert reference_list(("<a@x>", "<b@x>", "<a@x>", "<c@x>"), "<b@x>") == ("<a@x>", "<c@x>", "<b@x>")
    assert reference_list(("<a@x>", "<b@x>"), "<a@x>") == ("<a@x>", "<b@x>")
    assert reference_list((), "<a@x>") == ("<a@x>",)


@pytest.mark.parametrize(
    "hostile", ["", "no brackets", "<a b@x>", "<a@x>\r\nBcc: <b@x>", "<é@x>", f"<{'a' * 300}@x>", "<a@x><b@x>"]
)
def test_an_id_that_cannot_stand_in_a_header_is_left_out(hostile: str) -> None:
    message = mail(references=("<a@x>", hostile), in_reply_to=hostile)

    assert message["References"] == "<a@x>"
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from_address", "soporte"),
        ("to_address", "ana@example.org\r\nBcc: x@example.org"),
        ("to_address", "a@b@c"),
        ("to_address", "<ana@example.org>"),
        ("reply_to", "a@x, b@x"),
        ("message_id", "no-brackets@x"),
        ("message_id", "<a@x>\r\nBcc: b@x"),
    ],
)
def test_an_address_or_id_of_ours_that_cannot_be_used_is_a_fault(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        fields(**{name: value})


@pytest.mark.parametrize("address", ['"ana perez"@example.org', "a..b.@docomo.example", "o'neil+x=y@[192.0.2.1]"])
def test_unusual_addresses_that_exist_can_be_written_to(address: str) -> None:
    entries = dict(fields(to_address=address, to_name=""))

    assert entries["To"] == address


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Hola\nadios\n", "7bit"),
        ("Año nuevo\n", "quoted-printable"),
        ("x" * 5000, "quoted-printable"),
        ("From here on\n", "quoted-printable"),
        ("ends in a space \n", "quoted-printable"),
        (".\n..\n", "quoted-printable"),
        ("--=_alt_0\n", "quoted-printable"),
        ("支援チーム\n", "base64"),
    ],
)
def test_text_is_sent_so_that_nothing_on_the_way_spoils_it(text: str, encoding: str) -> None:
    data = build(OutgoingLetter(fields(), text, ""))
    message = read(data)

    assert message["Content-Transfer-Encoding"] == encoding
    assert message.get_content().replace("\r\n", "\n") == text
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300), html=st.text(min_size=1, max_size=300))
@example(text="a\n--=_alt_\r\n.\r\nFrom x\n", html="\n\n.\n")
@example(text=" \t\r\n \n", html="=\r=\n=0D")
@example(text="\x00\ud800", html="=" * 300)
def test_both_texts_arrive_as_they_were(text: str, html: str) -> None:
    data = build(OutgoingLetter(fields(), text, html))
    parts = [part for part in email.message_from_bytes(data).walk() if not part.is_multipart()]

    def arrived(value: str) -> bytes:
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode("utf-8", "replace")

    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_payload(decode=True) for part in parts] == [arrived(text), arrived(html)]
    assert data.isascii()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_a_letter_is_text_and_html_and_then_its_files() -> None:
    files = (
        LetterAttachment("guía rápida.pdf", "application/pdf", bytes(range(256)) * 300),
        LetterAttachment("original.eml", "message/rfc822", b"From: a@x\r\n\r\nHola"),
        LetterAttachment("../../etc/pass\r\nwd\x00", "text/html\r\nX-Evil: 1", b""),
        LetterAttachment("\u202e" + "名" * 300, "TEXT/CSV", b"a;b"),
    )
    data = build(OutgoingLetter(fields(), "Hola", "<p>Hola</p>"), files)
    message = read(data)
    found = list(message.iter_attachments())

    assert message.get_content_type() == "multipart/mixed"
    assert bodies(message) == ("Hola", "<p>Hola</p>")
    assert [part.get_content_type() for part in found] == [
        "application/pdf",
        "application/octet-stream",
        "application/octet-stream",
        "text/csv",
    ]
    assert [part.get_payload(decode=True) for part in found] == [file.content for file in files]
    assert [part.get_filename() for part in found] == [
        "guía rápida.pdf",
        "original.eml",
        ".._.._etc_pass wd",
        "名" * 79 + "…",
    ]
    assert message["X-Evil"] is None
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_a_letter_is_the_same_bytes_at_every_attempt() -> None:
    letter = OutgoingLetter(fields(), "Año", "<p>Año</p>")
    file = LetterAttachment("a.txt", "text/plain", b"a")

    assert build(letter, [file]) == build(letter, [file])


def test_only_an_address_beyond_ascii_makes_a_mail_that_is_not_seven_bit() -> None:
    data = build(OutgoingLetter(fields(to_address="josé@example.org", to_name="José"), "Año"))

    head, _, body = data.partition(b"\r\n\r\n")
    assert "<josé@example.org>".encode() in head
    assert body.isascii()
    assert str(email.message_from_bytes(data, policy=email.policy.SMTPUTF8)["To"]) == "José <josé@example.org>"
