"""The content key is the same for two copies of a mail, and for nothing else."""

import time

import pytest

from gateway.inbound.content_key import anonymous, content_key

MAIL = (
    b"Received: from a by b\r\nFrom: Ana <ana@example.org>\r\nTo: s@desk.example\r\n"
    b"Subject: La impresora\r\n no imprime\r\n"
    b"Date: Mon, 2 Nov 2026 09:15:00 +0100\r\nMessage-ID: <uno@example.org>\r\n\r\nHola,\r\nno imprime.\r\n"
)


@pytest.mark.parametrize(
    "copy",
    [
        b"Received: from c by d\r\n" + MAIL,
        b"Authentication-Results: mx; none\r\nARC-Seal: i=1\r\nDKIM-Signature: a\r\nDelivered-To: b@x\r\n" + MAIL,
        MAIL.replace(b"\r\n", b"\n"),
        MAIL.replace(b"\r\n", b"\r"),
        MAIL.replace(b"impresora\r\n no", b"impresora no"),
        MAIL.replace(b"Subject:", b"SUBJECT: "),
        MAIL + b"\r\n\r\n",
        MAIL.rstrip(),
        b"From ana@example.org Mon Nov  2 09:15:00 2026\n" + MAIL.replace(b"\r\n", b"\n"),
        MAIL.replace(b"Date:", b"Date \t:"),
        MAIL.replace(b"Subject: La", b"Subject:\t  La"),
    ],
    ids=[
        "another hop",
        "trace fields",
        "LF",
        "bare CR",
        "unfolded",
        "case and space",
        "lines at the end",
        "no last line end",
        "mbox line",
        "space before the colon",
        "tab after the colon",
    ],
)
def test_a_copy_that_came_another_way_has_the_same_key(copy: bytes) -> None:
    assert content_key(copy) == content_key(MAIL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Ana <ana@", b"Ana <eva@"),
        (b"09:15", b"09:16"),
        (b"La impresora", b"El monitor"),
        (b"<uno@", b"<dos@"),
        (b"no imprime.", b"ya imprime."),
        (b"Subject: La", b"Subject: Re: La"),
    ],
)
def test_another_mail_has_another_key(old: bytes, new: bytes) -> None:
    assert content_key(MAIL.replace(old, new)) != content_key(MAIL)


def test_a_field_moved_into_another_is_not_the_same_mail() -> None:
    one = b"From: a\nSubject: b\n\n"
    other = b"From: a subject:1:b\n\n"

    assert content_key(one) != content_key(other)


@pytest.mark.parametrize(
    ("sent", "relayed"),
    [
        # Postfix puts the empty line in where the first line that is no field stands.
        (b"Subject: a\nno field\nb\n", b"Subject: a\n\nno field\nb\n"),
        # It cuts lines at 998 octets.
        (b"\n" + b"a" * 2500 + b"\nb", b"\n" + b"a" * 998 + b"\n " + b"a" * 997 + b"\n " + b"a" * 505 + b"\nb"),
        (b"\n" + b"a" * 998 + b"\n b", b"\n" + b"a" * 998 + b"\n b"),
        # Dovecot keeps no NUL.
        (b"Subject: a\0b\n\nc\0d\n", b"Subject: a\x80b\n\nc\x80d\n"),
    ],
    ids=["no empty line", "cut lines", "a line that only looks cut", "NUL"],
)
def test_what_servers_are_known_to_change_does_not_change_the_key(sent: bytes, relayed: bytes) -> None:
    assert content_key(sent) == content_key(relayed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"\n" + b"a" * 997 + b"\n b", b"\n" + b"a" * 997 + b"b"),
        (b"\na  b", b"\na b"),
        (b"\na\n b", b"\na\nb"),
        (b"\n\na", b"\na"),
        (b"Message-ID: <1@x>\nMessage-ID: <2@x>\n\n", b"Message-ID: <2@x>\nMessage-ID: <1@x>\n\n"),
        (b"Message-ID: <1@x>\n\n", b"Message-ID: <1@x>\nMessage-ID: <1@x>\n\n"),
        (b"\nFrom: a", b"From: a\n\n"),
    ],
)
def test_nothing_else_is_looked_past(one: bytes, other: bytes) -> None:
    assert content_key(one) != content_key(other)


def test_a_mail_with_neither_message_id_nor_date_is_anonymous() -> None:
    assert anonymous(b"From: alarm@x\nDate:  \n\nMessage-ID: <in the body>\n")
    assert not anonymous(b"From: alarm@x\ndate: today\n\n")
    assert not anonymous(MAIL)


@pytest.mark.parametrize(
    "hostile",
    [
        b"From: a\r" * 1_000_000 + b"\r" * 4_000_000,
        b"\n" + (b"a" * 997 + b"\n ") * 8_000,
        b"\n" + (b"a" * 900 + b"\n a" * 33) * 8_000,
        b"\n" + b"a" * 8_000_000,
        b"from" + b" " * 8_000_000,
        b"from:" + b"\n " * 4_000_000,
        b"x" * 8_000_000,
        b"\0" * 8_000_000,
    ],
    ids=range(8),
)
def test_the_key_of_a_large_mail_is_linear(hostile: bytes) -> None:
    started = time.process_time()
    content_key(hostile)

    assert time.process_time() - started < 3
