"""The traps of STACK.md: mail-parser, MIME, the standard library, HTML. Each was a bug of somebody."""

import pytest

from gateway.inbound.charsets import clean_text, decode
from gateway.inbound.flowed import unflow
from gateway.inbound.headers import base64_bytes, decode_words
from gateway.inbound.html_safe import bounded, sanitise
from gateway.inbound.leaves import safe_name
from gateway.inbound.limits import Breach
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.settings import Limits

HEAD = (
    b"From: Ana <ana@example.org>\r\nSubject: Hola\r\nDate: Mon, 2 Nov 2026 09:15:00 +0100\r\nMessage-ID: <uno@x>\r\n"
)
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def read(raw: bytes) -> ParsedMail:
    return parse(raw, Limits())


def mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def test_the_text_of_a_nested_message_does_not_leak_into_the_body() -> None:
    mail = read(mixed(TEXT + b"fuera", b"Content-Type: message/rfc822\r\n\r\nSubject: dentro\r\n\r\ndentro"))

    assert mail.text == "fuera"
    assert [part.content for part in mail.attachments] == [b"Subject: dentro\r\n\r\ndentro"]


def test_a_nested_multipart_without_its_start_boundary_is_text() -> None:
    mail = read(mixed(b"Content-Type: multipart/alternative; boundary=nunca\r\n\r\nalgo", TEXT + b"mas"))

    assert mail.text == "algo\nmas"


def test_text_outside_of_the_parts_is_read_when_there_is_nothing_else() -> None:
    mail = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\nhola\r\n--b--\r\nadios\r\n")

    assert mail.text.split() == ["hola", "--b--", "adios"]


def test_a_shown_boundary_of_too_many_parts_is_not_followed() -> None:
    part = b"--b\r\nContent-Type: a/b\r\n\r\n"
    head = HEAD + b"Content-Type: multipart/mixed\r\n\r\n"

    assert len(read(head + part * 200).attachments) == 200
    assert len(read(head + part * 201).attachments) == 0


def test_an_alternative_of_text_only_stands_in_the_html_too() -> None:
    only_text = b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n" + TEXT + b"uno\r\n--c--"
    mail = read(mixed(only_text, b"Content-Type: text/html\r\n\r\n<p>dos</p>"))

    assert mail.raw_html == "<pre>uno</pre><p>dos</p>"


def test_an_unnamed_image_is_kept() -> None:
    mail = read(mixed(TEXT + b"x", b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="))

    assert [(part.name, part.content) for part in mail.attachments] == [("attachment-1.png", b"\x89PNG\r\n\x1a\n")]


def test_raw_8_bit_header_bytes_are_read() -> None:
    assert read(b"From: a@x\r\nSubject: caf\xe9\r\n\r\n").subject == "café"
    assert read("From: a@x\r\nSubject: café\r\n\r\n".encode()).subject == "café"


def test_a_subject_cannot_hold_line_breaks_or_nul() -> None:
    mail = read(b"From: a@x\r\nSubject: =?utf-8?q?a=0D=0ABcc:_b=00c?=\r\n\r\n")

    assert mail.subject == "a Bcc: b\ufffdc"


def test_the_first_of_several_message_ids_counts() -> None:
    assert read(HEAD + b"Message-ID: <dos@x>\r\n\r\n").message_id == "<uno@x>"


def test_references_are_read_in_order_each_once() -> None:
    mail = read(HEAD + b"References: <a@x> <b@x>\r\n <a@x>\r\nIn-Reply-To: Your mail of today <b@x>\r\n\r\n")

    assert (mail.references, mail.in_reply_to) == (("<a@x>", "<b@x>"), ("<b@x>",))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b.txt", "ab.txt"),
        ("informe\u202efdp.exe", "informefdp.exe"),
        ("a\r\nContent-Type: x.txt", "aContent-Type_ x.txt"),
        ("..", "attachment-7.pdf"),
        ("", "attachment-7.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("a\udce9.txt", "a.txt"),
        ("<b>|?.txt", "_b___.txt"),
    ],
)
def test_attachment_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, "application/pdf", 7) == safe


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("café".encode(), "us-ascii", "café"),
        (b"caf\xe9 \x93x\x94", "iso-8859-1", "café “x”"),
        ("café".encode(), "", "café"),
        (b"caf\xe9", "utf-8", "café"),
        ("Ω".encode("iso-8859-7"), "iso-8859-7", "Ω"),
        ("똠방각하".encode("cp949"), "ks_c_5601-1987", "똠방각하"),
        ("镕".encode("gb18030"), "gb2312", "镕"),
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
        (b"\x1b$BF|K\\8l\x1b(B", "", "日本語"),
        (b"\x1b(I1\x1b(B", "iso-2022-jp", "ｱ"),
        ("日本語".encode(), "iso-2022-jp", "日本語"),
        ("宛先が見つかりません".encode("euc_jp"), "iso-2022-jp", "宛先が見つかりません"),
        ("日本語".encode("cp932"), "iso-2022-jp", "日本語"),
        ("①".encode("cp932"), "shift_jis", "①"),
        (b"6162", "hex", "6162"),
        (b"x", "zlib", "x"),
        (b"abc", "idna", "abc"),
        (b"abc", "undefined", "abc"),
        (b"abc", "..\x00/x" * 20, "abc"),
        (b"a\x00b", "utf-8", "a\ufffdb"),
        (b"\xef\xbb\xbfa", "utf-8", "a"),
    ],
)
def test_charsets_are_read_as_the_rules_say(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared)[0] == text


def test_what_no_charset_fits_is_replaced_and_flagged() -> None:
    mail = read(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nab\x81\x8d\xff\r\n")

    assert mail.text.startswith("ab\ufffd")
    assert mail.flags == ("characters replaced",)


def test_no_lone_surrogate_leaves_the_parser() -> None:
    mail = read(HEAD + b"X-\xed\xa0\x80: \xed\xa0\x80\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA-\r\n")
    everything = f"{mail.text}{mail.headers.fields}"

    assert everything.encode() == everything.encode("utf-8", "replace")
    assert clean_text("a\ud800\0") == "a\ufffd\ufffd"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?B?Y2Fmw6k=?=", "café"),
        ("=?utf-8?B?Y2Fmw6k?=", "café"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?utf-8*es?q?caf=C3=A9?= y =?x?q?t=E9?=", "café y té"),
        ("=?utf-8?q?mal", "=?utf-8?q?mal"),
        ("=?utf-8?b?!!!?=", ""),
    ],
)
def test_encoded_words_are_decoded_whatever_their_state(value: str, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"SG9sYQ==", b"Hola"),
        (b"SG9sYQ", b"Hola"),
        (b"SG9s\r\n!YQ==", b"Hola"),
        (b"SG9sYQ==SG9sYQ==", b"HolaHola"),
        (b"SG9sYQ== ignored", b"Hola"),
        (b"SG9s\n_____\nlista\n", b"Hol"),
        (b"SG9sY", b"Hol"),
        (b"", b""),
    ],
)
def test_base64_that_is_cut_or_has_garbage_is_read_as_far_as_it_goes(data: bytes, content: bytes) -> None:
    assert base64_bytes(data) == content


@pytest.mark.parametrize(
    ("text", "delsp", "read_as"),
    [
        ("uno \ndos", False, "uno dos"),
        ("uno \ndos", True, "unodos"),
        ("> uno \n> dos\ntres", False, "> uno dos\ntres"),
        ("> uno \n>> dos", False, "> uno \n>> dos"),
        (" From\n >no", False, "From\n>no"),
        ("uno \n-- \nAna", False, "uno \n-- \nAna"),
    ],
)
def test_flowed_text_is_joined_as_rfc_3676_says(text: str, delsp: bool, read_as: str) -> None:
    assert unflow(text, delsp=delsp) == read_as


def test_a_mail_without_anything_is_still_a_mail() -> None:
    mail = read(b"")

    assert (mail.text, mail.text_format, mail.message_id, mail.date) == ("", "plain", "", None)
    assert read(b"\r\n\r\n").text.strip() == ""


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        (b"Mon, 2 Nov 2026 09:15:00 +0100", "2026-11-02T08:15:00+00:00"),
        (b"2 Nov 26 09:15 GMT", "2026-11-02T09:15:00+00:00"),
        (b"Mon, 2 Nov 2026 09:15:00 +0100 (CET)", "2026-11-02T08:15:00+00:00"),
        (b"ayer por la tarde", None),
        (b"Mon, 99 Nov 99999999999999999999 09:15:00 +9999", None),
    ],
)
def test_dates_are_read_in_utc_or_not_at_all(date: bytes, iso: str | None) -> None:
    found = read(b"From: a@x\r\nDate: " + date + b"\r\n\r\n").date

    assert (found.isoformat() if found else None) == iso


def test_html_is_shown_without_scripts_styles_and_remote_images() -> None:
    html = sanitise(
        '<style>p{}</style><script>x()</script><p onclick="x()" style="x" background="http://t/x">a</p>'
        '<img src="https://t/p.gif"><img src="cid:i@x"><img src="data:image/gif;base64,R0">'
        '<a href="javascript:x()">b</a>'
    )

    assert html == '<p>a</p><img><img src="cid:i@x"><img><a rel="noopener noreferrer nofollow">b</a>'


def test_a_tag_over_16_kb_is_left_out_whole() -> None:
    attributes = " ".join(f"a{n}=1" for n in range(20_000))

    assert bounded(f"antes<a {attributes}>x</a>") == "antesx</a>"
    assert bounded(f'antes<img src="data:image/png;base64,{"A" * 40_000}">despues') == "antesdespues"
    assert bounded(f"<a {' '.join('b=' + chr(34) + '>' + chr(34) for _ in range(9000))}>x").endswith("x")


def test_html_is_cut_at_2_mb() -> None:
    assert len(bounded("<p>palabra" * 400_000)) == 2_000_000


def test_text_and_names_of_html_only_mail_survive_deep_nesting() -> None:
    mail = read(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5000 + b"hola" + b"</div>" * 5000)

    assert mail.text.strip() == "hola"


def test_html_that_is_nested_to_stop_parsers_is_shown_as_text() -> None:
    mail = read(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 500 + b"a &lt; b")

    assert mail.html == "<pre>a &lt; b</pre>"
    assert sanitise("<div>" * 300 + "a" + "</div>" * 300).count("<div>") == 300


def test_nothing_a_winmail_says_about_its_length_is_believed() -> None:
    head = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
    for data in (b"\x78\x9f\x3e\x22\x01\x00" + b"\x02\x05\x90\x06\x00\xff\xff\xff\xff" * 9, b"\x78\x9f\x3e\x22", b"x"):
        mail = read(mixed(TEXT + b"hola", head + data))

        assert [part.name for part in mail.attachments] == ["winmail.dat"]


def test_an_over_limit_mail_keeps_its_body_and_brings_the_original() -> None:
    raw = HEAD + b"X-Long: " + b"x" * 40_000 + b"\r\n\r\nhola\r\n"
    mail = read(raw)

    assert (mail.subject, mail.text, mail.breaches) == ("Hola", "hola\n", (Breach.HEADER,))
    assert (mail.attachments[-1].name, mail.attachments[-1].content) == ("original.eml", raw)


def test_too_many_parts_leave_the_text_and_the_parts_before() -> None:
    pdf = b"Content-Type: application/pdf\r\n\r\n%PDF"
    mail = read(mixed(TEXT + b"hola", *[pdf] * 300))

    assert mail.text == "hola"
    assert mail.breaches == (Breach.PARTS,)
    assert 190 < len(mail.attachments) <= 201
