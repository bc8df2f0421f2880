"""parse() never raises and never hangs, whatever the bytes are."""

import random
import struct
import time
from base64 import encodebytes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound.limits import Breach
from gateway.inbound.mail import Mailbox, ParsedMail, Unidentified
from gateway.inbound.parse import parse
from gateway.settings import Limits

HEAD = b"From: Ana <ana@example.org>\r\nSubject: Hola\r\nMessage-ID: <uno@x>\r\n"
CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.eml"))]
ROOT = Path(__file__).parents[1]


def mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def storable(mail: ParsedMail) -> bool:
    """Whether every string could go into a database: no NUL, no lone surrogate."""
    names = [mail.sender.name if isinstance(mail.sender, Mailbox) else mail.sender.reason]
    names += [part.name + part.type + part.cid for part in mail.attachments]
    names += [box.address + box.name for box in (*mail.to, *mail.cc, *mail.reply_to)]
    names += [one.address + one.diagnostic for one in mail.report.recipients] if mail.report else []
    fields = [name + value for name, value in mail.headers.fields]
    text = "".join([mail.text, mail.html, mail.raw_html, mail.subject, mail.message_id, *names, *fields])
    text.encode()
    return "\0" not in text


# Each control byte says that eight references follow; each is 17 bytes of rich text, from just behind where they go.
_REFERENCES = [struct.pack(">H", (207 + 17 * n + 1) % 4096 << 4 | 15) for n in range(4096 * 8)]
_ROUND = b"".join(b"\xff" + b"".join(_REFERENCES[n : n + 8]) for n in range(0, len(_REFERENCES), 8))
_PACKED = struct.pack("<II4sI", 0, 0, b"LZFu", 0) + _ROUND * 28
_PROPERTIES = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(_PACKED)) + _PACKED
GROWING = struct.pack("<IHBHHI", 0x223E9F78, 1, 1, 0x9003, 6, len(_PROPERTIES)) + _PROPERTIES + b"\0\0"

SLOW = {
    "subject of encoded words, 546 KiB": b"From: a@x\r\nSubject: " + b"=?utf-8?q?a?= " * 40_000 + b"\r\n\r\nhola",
    "subject of encoded words, 31 KiB": b"From: a@x\r\nSubject: " + b"=?utf-8?q?a?= " * 2_200 + b"\r\n\r\nhola",
    "800 parentheses": b"From: " + b"(" * 800 + b"a@x\r\n\r\nhola",
    "31 KiB of parentheses in To": b"From: a@x\r\nTo: " + b"(" * 31_000 + b"\r\n\r\nhola",
    "31 KiB of quotes": b'From: "' + b'\\"' * 15_000 + b"\r\n\r\nhola",
    "1,200 multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1200)
    ),
    "1,200 messages": b"Content-Type: message/rfc822\r\n\r\n" * 1200,
    "semicolons": b'Content-Type: text/plain; a="' + b";" * 31_000 + b'"\r\n\r\nhola',
    "rfc 2231 pieces": b"Content-Type: text/plain" + b"".join(b"; name*%d=a" % n for n in range(480)) + b"\r\n\r\nhola",
    "semicolons in 150 parts": mixed(*[b'Content-Type: a/b; c="' + b";" * 499 + b"x" * 30_000] * 150),
    "hidden subject of a nested message": mixed(
        b"Content-Type: message/rfc822\r\n\r\nSubject: " + b"=?utf-8?q?a?= " * 40_000 + b"\r\n\r\nx"
    ),
    "tnef of tiny objects": mixed(
        b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\x01\x00\x02\x05\x90\x06\x00" + b"\x00" * 3_000_000
    ),
    "shown boundary of many parts": HEAD
    + b"Content-Type: multipart/mixed\r\n\r\n"
    + b"--b\r\nContent-Type: a/b\r\n\r\n" * 60_000,
    "calendar of tiny lines": mixed(b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\n" + b"A:\n" * 1_000_000),
    "calendars": mixed(*[b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\n" * 8_000] * 90),
    "calendar folded": mixed(b"Content-Type: text/calendar\r\n\r\nSUMMARY:a" + b"\n b" * 1_000_000),
    "signed in tiny pieces": mixed(
        b"Content-Type: application/pkcs7-mime\r\n\r\n"
        + bytes.fromhex("3080 0609 2a864886f70d010702 a080 3080 0201 01 3100 3080 0609 2a864886f70d010701 a080 2480")
        + b"\x04\1a" * 2_000_000
    ),
    "signed and nested": mixed(
        b"Content-Type: application/pkcs7-mime\r\n\r\n"
        + bytes.fromhex("3080 0609 2a864886f70d010702 a080 3080 0201 01")
        + b"\x31\x80" * 2_000_000
    ),
    "rich text that grows": mixed(
        b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(GROWING)
    ),
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<b>x" * 50_000,
    "open quotes": HEAD + b"Content-Type: text/html\r\n\r\n" + b'<a b="' * 100_000,
    "one flowed paragraph": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"> abc \r\n" * 300_000,
    "40,000 open divisions": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 40_000 + b"hola",
    "fonts left open": HEAD
    + b"Content-Type: text/html\r\n\r\n"
    + b"".join(b'<font color="%d">' % n for n in range(350))
    + b"<p>x" * 100_000,
    "escapes": HEAD + b"\r\n" + b"\x1b$B\xff" * 1_000_000,
    "references": HEAD + b"References: " + b"<" * 31_000 + b"\r\n\r\nhola",
    "report of many groups": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * 30_000,
}


@pytest.mark.parametrize("case", SLOW)
def test_mail_made_to_hang_a_parser_is_read_in_time(case: str) -> None:
    started = time.process_time()
    mail = parse(SLOW[case], Limits())

    assert Breach.UNREADABLE not in mail.breaches
    assert time.process_time() - started < 4


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail of the corpus with pieces cut out, doubled, put elsewhere, or replaced by what parsers stumble over."""
    raw = bytearray(draw(st.sampled_from(CORPUS)))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 60)))
        piece = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [b"\r", b"\n\n", b"--", b";", b'"', b"=?utf-8?q?", b"?=", b"(", b"<", b"\x00", b"\x1b$B"]
                ),
                st.just(bytes(raw[start:end]) * 2),
            )
        )
        raw[start:end] = piece
    return bytes(raw)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_no_mutation_of_a_mail_makes_the_parser_raise(raw: bytes) -> None:
    assert storable(parse(raw, Limits()))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert storable(parse(raw, Limits()))


def test_a_parser_that_fails_leaves_the_headers_and_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("gateway.inbound.parse.read_bodies", broken)
    mail = parse(CORPUS[0], Limits())

    assert mail.breaches == (Breach.UNREADABLE,)
    assert mail.subject
    assert mail.attachments[0].content == CORPUS[0]


def test_headers_that_cannot_be_read_either_leave_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr("gateway.inbound.parse.read_headers", broken)
    mail = parse(CORPUS[0], Limits())

    assert mail.sender == Unidentified("unreadable")
    assert mail.attachments[0].content == CORPUS[0]


@pytest.mark.soak
def test_many_mutations_of_real_mail_are_read() -> None:
    folder = ROOT.parent / "shared" / "mime"
    if not folder.is_dir():
        pytest.skip("no shared mail here")
    chance = random.Random(7)
    mails = [
        path.read_bytes()[:60_000] for path in sorted(folder.rglob("*")) if path.suffix in (".eml", ".txt", ".msg")
    ]
    for _ in range(20_000):
        raw = bytearray(chance.choice(mails))
        for _ in range(chance.randint(1, 20)):
            start = chance.randrange(len(raw) + 1)
            raw[start : start + chance.randint(0, 80)] = chance.randbytes(chance.randint(0, 6))

        assert storable(parse(bytes(raw), Limits()))
