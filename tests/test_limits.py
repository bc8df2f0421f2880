"""The limits of RULES 1 are measured before parsing, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.limits import Breach, peek, scan
from gateway.settings import Limits

HEAD = b"From: Ana <ana@example.org>\r\nSubject: Hola\r\nMessage-ID: <uno@example.org>\r\n"


def nested(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return HEAD + opening + b"\r\nhola\r\n" + b"".join(b"--b%d--\r\n" % n for n in reversed(range(depth)))


def parted(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


def test_a_mail_within_the_limits_is_read_as_it_came() -> None:
    raw = HEAD + b"\r\nhola\r\n"
    found = scan(raw, Limits())

    assert found.breaches == ()
    assert found.readable is raw


@pytest.mark.parametrize(
    ("raw", "breach"),
    [
        (HEAD + b"\r\n" + b"x" * (2 * 1024 * 1024), Breach.MAIL),
        (HEAD + b"X-Long: " + b"x" * 33 * 1024 + b"\r\n\r\nhola", Breach.HEADER),
        (HEAD + b"X-Folded: a\r\n" + b" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1100 + b"\r\nhola", Breach.HEADER),
        (HEAD + (b"X-Many: " + b"x" * 1000 + b"\r\n") * 300 + b"\r\nhola", Breach.HEADERS),
        (HEAD + b"X: y\r\n" * 1001 + b"\r\nhola", Breach.HEADER_COUNT),
        (HEAD + b"To: " + b",".join(b"a%d@x" % n for n in range(501)) + b"\r\n\r\nhola", Breach.RECIPIENTS),
        (parted(201), Breach.PARTS),
        (nested(21), Breach.DEPTH),
        (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 21 + b"hola", Breach.DEPTH),
        (HEAD + b"Content-Type: text/plain; " + b";" * 600 + b"\r\n\r\nhola", Breach.HEADER),
        (
            HEAD + b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: a/b; c="' + b";" * 40_000,
            Breach.HEADER,
        ),
        (
            (HEAD + b'Content-Type: multipart/mixed; boundary*0="ab"; boundary*1="cd"\r\n\r\n')
            + b"--abcd\r\n\r\nx\r\n" * 201,
            Breach.PARTS,
        ),
    ],
)
def test_what_is_over_a_limit_is_named(raw: bytes, breach: Breach) -> None:
    assert breach in scan(raw, Limits(mail_mib=1)).breaches


@pytest.mark.parametrize(
    "raw",
    [
        parted(200),
        nested(20),
        HEAD + b"X: y\r\n" * 996 + b"\r\nhola",
        HEAD + b"To: " + b",".join(b'"P, A" <a%d@x>' % n for n in range(500)) + b"\r\n\r\nhola",
        HEAD + b"\r\n" + b"-- \r\n--- a/file\r\n-----BEGIN PGP-----\r\n" * 300,
        HEAD.replace(b"\r\n", b"\r") + b"\r" + b"x: y\r" * 3000,
    ],
)
def test_what_is_at_a_limit_or_only_looks_like_it_is_not_over(raw: bytes) -> None:
    assert scan(raw, Limits()).breaches == ()


def test_the_safe_headers_keep_the_subject_cut_and_leave_other_long_fields_out() -> None:
    raw = HEAD.replace(b"Hola", b"Hola " + b"=?utf-8?q?a?= " * 40_000) + b"From: " + b"(" * 40_000 + b"\r\n\r\nhola"
    safe = scan(raw, Limits(headers_kib=2048)).safe_headers

    assert safe.count(b"From: ") == 1
    assert b"Subject: Hola =?utf-8?q?a?=" in safe
    assert len(safe) < 34 * 1024


def test_received_fields_are_counted() -> None:
    assert scan(b"Received: a\r\n" * 51 + HEAD + b"\r\nReceived: in the body", Limits()).hops == 51


@pytest.mark.parametrize(
    "raw",
    [
        b"\n" * 4_000_000,
        b"--" * 2_000_000,
        b"\n--b" * 1_000_000,
        b"boundary=b\n--b\n" * 260_000,
        b"boundary*0=b;" * 300_000 + b"\n--b" * 100_000,
        b"\ncontent-type:message/" * 180_000,
        b"\ncontent-" * 400_000,
        b" \n" * 2_000_000,
        b"\r" * 4_000_000,
        b"a:\n b\n" * 600_000,
        b"To: " + b"<,@" * 1_300_000,
        b'content-type: x; a="' + b";" * 4_000_000,
    ],
    ids=range(12),
)
def test_scanning_hostile_bytes_is_linear(raw: bytes) -> None:
    started = time.process_time()
    scan(raw, Limits())

    assert time.process_time() - started < 2


@given(st.binary(max_size=300))
def test_scan_and_peek_take_any_bytes(raw: bytes) -> None:
    assert isinstance(scan(raw, Limits()).hops, int)
    assert "\0" not in peek(raw).message_id


def test_peek_finds_the_message_id_and_the_senders_address() -> None:
    raw = b"Received: x\r\nmessage-ID:\r\n <Uno@example.org>\r\nFrom: =?utf-8?q?Ana?=\r\n <Ana@Example.org>\r\n\r\nhola"
    seen = peek(raw)

    assert (seen.message_id, seen.from_hint) == ("<Uno@example.org>", "ana@example.org")


def test_peek_looks_at_the_header_block_only() -> None:
    seen = peek(b"Subject: x\n\nMessage-ID: <body@x>\nFrom: body@x\n")

    assert (seen.message_id, seen.from_hint) == ("", "")
