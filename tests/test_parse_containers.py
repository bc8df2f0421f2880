"""What is inside of a part: invitations, signed and encrypted messages, winmail.dat and its rich text."""

import struct
from base64 import encodebytes
from pathlib import Path

import pytest

from gateway.inbound.invitations import MOST_ENTRIES, read_invitation
from gateway.inbound.limits import Breach
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.inbound.pkcs7 import Kind, read_pkcs7
from gateway.inbound.rtf import decompress, read_rtf
from gateway.inbound.tnef import unpack
from gateway.settings import Limits

CORPUS = Path(__file__).parent / "corpus"
HEAD = b"From: Ana <ana@example.org>\r\nSubject: Hola\r\nMessage-ID: <uno@x>\r\n"
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DATA = bytes.fromhex("2a864886f70d010701")


def corpus(case: str) -> ParsedMail:
    return parse((CORPUS / f"{case}.eml").read_bytes(), Limits())


def element(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return bytes([tag, 0x84]) + struct.pack(">I", len(content)) + content


def signed(content: bytes) -> bytes:
    """A CMS object that says it is signed; nobody checks."""
    inside = element(0x30, element(0x06, DATA), element(0xA0, element(0x04, content)))
    data = element(0x30, element(0x02, b"\1"), element(0x31), inside)
    return element(0x30, element(0x06, SIGNED_DATA), element(0xA0, data))


def p7m(content: bytes) -> bytes:
    head = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + encodebytes(signed(content))


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


# Invitations ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (["DTSTART:20261102T091500Z", "DTEND:20261102T100000Z"], "2026-11-02 09:15 – 10:00 (UTC)"),
        (["DTSTART:20261102T091500", "DTEND:20261102T100000"], "2026-11-02 09:15 – 10:00"),
        (["DTSTART:20261102T2300", "DTEND:20261103T0100"], "2026-11-02 23:00 – 2026-11-03 01:00"),
        (["DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261103"], "2026-11-02"),
        (["DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261105"], "2026-11-02 – 2026-11-04"),
        (["DTSTART;TZID=A:20261102T230000", "DURATION:PT1H30M"], "2026-11-02 23:00 – 2026-11-03 00:30 (A)"),
        (["DTSTART;TZID=A:20261102T0900", "DTEND;TZID=B:20261102T0900"], "2026-11-02 09:00 (A) – 2026-11-02 09:00 (B)"),
        (['DTSTART;TZID="(UTC+01:00) Madrid":20261102T090000'], "2026-11-02 09:00 ((UTC+01:00) Madrid)"),
        (["DUE:20261102T090000Z"], "2026-11-02 09:00 (UTC)"),
        (["DTSTART:20269902T090000Z", "DTEND:99991231T2359", "DURATION:P9999W"], "9999-12-31 23:59"),
        (["DTSTART:99991231T235900", "DURATION:P9999W"], "9999-12-31 23:59"),
        (["DTSTART:mañana"], ""),
    ],
)  # fmt: skip
def test_start_and_end_are_shown_as_they_stand_there_with_their_zone(lines: list[str], when: str) -> None:
    assert read_invitation(event(*lines)).text == when


def test_an_invitation_is_shown_without_a_word_of_ours() -> None:
    text = corpus("invitation").text

    assert text.splitlines()[:4] == [
        "Revisión de la impresora, segundo piso",
        "2026-11-02 09:15 – 10:00 (Europe/Madrid)",
        "Sala 3",
        "Ruiz, Ana <ana@example.org>",
    ]


def test_alarms_and_zones_are_not_the_invitation() -> None:
    assert "Aviso" not in corpus("invitation").text
    assert "1970" not in corpus("invitation").text


def test_a_mail_with_text_of_its_own_keeps_it_and_says_what_the_calendar_answers() -> None:
    mail = corpus("invitation_accepted")

    assert (mail.text, mail.flags) == ("Allí estaremos.", ("calendar: reply accepted",))
    assert [part.type for part in mail.attachments] == ["text/calendar"]


def test_only_known_methods_and_answers_are_said() -> None:
    calendar = event("SUMMARY:x", "ATTENDEE;PARTSTAT=<b>ja</b>:mailto:a@x")

    assert read_invitation(calendar.replace("BEGIN:VEVENT", "METHOD:REPLY\r\nBEGIN:VEVENT")).said == "REPLY"
    assert read_invitation(calendar.replace("BEGIN:VEVENT", "METHOD:X-OWN\r\nBEGIN:VEVENT")).said == ""


def test_a_calendar_of_many_entries_is_cut() -> None:
    many = event("SUMMARY:uno") * 500

    assert read_invitation(many).text.count("uno") == MOST_ENTRIES
    assert read_invitation(many).text.endswith("…")


# Signed and encrypted -------------------------------------------------------------------------------------------------


def test_what_is_signed_in_one_piece_is_read_and_kept() -> None:
    mail = corpus("smime_signed")

    assert mail.text == "La impresora del segundo piso no imprime.\n"
    assert mail.flags == ("signed, not checked",)
    assert [part.name for part in mail.attachments] == ["smime.p7m"]


def test_the_attachments_inside_of_a_signature_are_found() -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhola\r\n"
        b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n--b--\r\n"
    )
    mail = parse(HEAD + p7m(inner), Limits())

    assert mail.text == "hola"
    assert [part.name for part in mail.attachments] == ["a.png", "smime.p7m"]


def test_signatures_in_signatures_are_opened_twice() -> None:
    mail = parse(HEAD + p7m(p7m(b"\r\nhola")), Limits())
    deeper = parse(HEAD + p7m(p7m(p7m(b"\r\nhola"))), Limits())

    assert mail.text == "hola"
    assert deeper.text == ""
    assert [part.type for part in deeper.attachments] == ["application/pkcs7-mime"] * 3


def test_what_is_signed_may_not_be_over_the_limits() -> None:
    parts = b"--b\r\nContent-Type: a/b\r\n\r\n" * 300
    mail = parse(HEAD + p7m(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts), Limits())

    assert len(mail.attachments) == 1
    assert mail.flags == ("signed, not checked",)


def test_a_signed_object_may_come_in_pieces() -> None:
    pieces = element(0x24, element(0x04, b"La impresora "), element(0x24, element(0x04, b"no "), element(0x04, b"va")))
    inside = element(0x30, element(0x06, DATA), element(0xA0, pieces))
    data = element(0x30, element(0x02, b"\1"), element(0x31), inside)
    whole = element(0x30, element(0x06, SIGNED_DATA), element(0xA0, data))

    assert read_pkcs7(whole).content == b"La impresora no va"


def test_a_signed_object_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    whole = corpus("smime_signed").attachments[0].content
    content = read_pkcs7(whole).content
    assert content is not None

    for end in range(len(whole)):
        found = read_pkcs7(whole[:end])
        assert found.content is None or content.startswith(found.content)
    assert read_pkcs7(whole[:30]).kind is Kind.SIGNED


@pytest.mark.parametrize("case", ["smime_encrypted", "pgp_encrypted"])
def test_an_encrypted_mail_is_kept_whole_for_who_has_the_key(case: str) -> None:
    mail = corpus(case)

    assert (mail.flags, mail.breaches) == (("encrypted",), ())
    assert mail.attachments[-1].name == "original.eml"
    assert mail.attachments[-1].content == (CORPUS / f"{case}.eml").read_bytes()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhola\n", ("signed, not checked",)),
        ("hola\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n", ("encrypted",)),
        ("> -----BEGIN PGP MESSAGE-----\n", ()),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n", ()),
    ],
)
def test_armour_in_the_text_is_flagged_too(text: str, flags: tuple[str, ...]) -> None:
    assert parse(HEAD + b"\r\n" + text.encode(), Limits()).flags == flags


# winmail.dat ----------------------------------------------------------------------------------------------------------


def test_the_files_of_a_message_inside_of_a_winmail_are_found() -> None:
    mail = corpus("winmail_in_winmail")

    assert {part.name: part.content for part in mail.attachments} == {
        "dentro.txt": b"contenido",
        "Mensaje de ayer.txt": b"Texto de dentro.",
    }


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """Attributes as level, name, and value; nobody looks at types and checksums."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(
        struct.pack("<BHHI", level, name, 0, len(value)) + value + b"\0\0" for level, name, value in attributes
    )


def test_a_winmail_that_announces_more_than_there_is_ends_where_it_ends() -> None:
    many = struct.pack("<I", 0xFFFFFFFF)
    of_one = many + struct.pack("<HHII", 0x1003, 0x1234, 0xFFFFFFFF, 7)
    of_texts = many + struct.pack("<HHI", 0x101E, 0x1000, 0xFFFFFFFF)

    for value in (many, of_one, of_texts, b""):
        found = unpack(tnef((1, 0x9003, value), (2, 0x9002, b""), (2, 0x8010, b"a.txt\0"), (2, 0x800F, b"hola")))
        assert found
        assert found.files == (("a.txt", b"hola"),)


def test_an_embedded_document_keeps_its_last_zeros_and_loses_its_interface() -> None:
    value = bytes.fromhex("0b00000000000000c000000000000046") + b"\xd0\xcf\0\0\0\0"
    property_ = struct.pack("<IHHII", 1, 0x000D, 0x3701, 1, len(value)) + value + b"\0\0"
    found = unpack(tnef((2, 0x9002, b""), (2, 0x9005, property_)))

    assert found
    assert found.files == (("", b"\xd0\xcf\0\0\0\0"),)


def test_a_winmail_that_names_no_code_page_is_unpacked() -> None:
    title = b"caf\xe9.txt\0"
    attributes = (
        (b"\x01\x08\x80\x07\0", b"IPM.Note\0"),
        (b"\x02\x02\x90\x06\0", b"\0" * 14),
        (b"\x02\x10\x80\x01\0", title),
        (b"\x02\x0f\x80\x06\0", b"hola"),
    )
    data = b"\x78\x9f\x3e\x22\x01\0" + b"".join(
        head + struct.pack("<I", len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
        for head, value in attributes
    )
    found = unpack(data)

    assert found
    assert found.files == (("café.txt", b"hola"),)


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1 uno\par dos\tab tres}", "uno\ndos\ttres"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0}", "Пр"),
        (rb"{\rtf1\uc1 \u8364? y \u-10179?\u-8704?}", "€ y 😀"),
        (rb"{\rtf1\uc2 \u8364?? x}", "€ x"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator X;}{\info{\title No}}s\'ed}", "sí"),
        (rb"{\rtf1 a\{b\}\\c\~d}", "a{b}\\c d"),
        (rb"{\rtf1 a\bin4 {{wxb}", "ab"),
        (rb"{\rtf1 a}}}}{{{{ b \'zz \ ", "a b 'zz"),
        (b"{\\rtf1 a\\\n b", "a\n b"),
        (b"{\\rtf1 a\\bin3 \0}\0b\0}\0", "ab"),
        (b"", ""),
    ],
)
def test_rich_text_is_read(rtf: bytes, text: str) -> None:
    assert read_rtf(rtf).text == text


def test_rich_text_that_was_html_is_html_again() -> None:
    mail = corpus("winmail_rich_text_of_html")

    assert mail.html == "<p>La impresora <b>no</b> imprime, tóner &nbsp;agotado.</p>"
    assert mail.text_format == "html"


def test_rich_text_is_unpacked_as_far_as_it_goes() -> None:
    packed = struct.pack("<II4sI", 0, 0, b"LZFu", 0)

    # A literal, then a reference to the first six bytes of the dictionary, then one to where writing stands: the end.
    assert decompress(packed + b"\x06x\x00\x04\x0d\x60z") == b"x{\\rtf1"
    assert decompress(packed + b"\x06x\x00") == b"x"
    assert decompress(struct.pack("<II4sI", 0, 3, b"MELA", 0) + b"abcdef") == b"abc"
    assert decompress(b"corto") == decompress(b"x" * 40) == b""


# Names and limits -----------------------------------------------------------------------------------------------------


def test_names_in_8_bits_are_read_like_any_other_text() -> None:
    assert [part.name for part in corpus("name_in_8_bits").attachments] == ["avión.png", "año.png"]


def test_recipients_over_the_limit_leave_the_first_field_only() -> None:
    mail = corpus("too_many_in_to_and_cc")

    assert (len(mail.to), len(mail.cc), mail.breaches) == (300, 0, (Breach.RECIPIENTS,))
