"""How sure it is who sent a mail: RULES 3, profile by profile."""

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from gateway.inbound.authenticate import Identity, Level, _server, authenticate, strip_foreign
from gateway.inbound.domains import aligned
from gateway.inbound.mail import Headers, Mailbox, Unidentified
from gateway.inbound.parse import parse
from gateway.settings import Authentication, Limits

ANA = Mailbox("ana@example.org")
POSTFIX = Authentication(trusted=["mx.desk.example"], profile="postfix")
GMAIL = Authentication(profile="gmail")
MICROSOFT = Authentication(profile="microsoft365")

LMTP = "Received: from mx.desk.example by gateway.desk.example with LMTP id g.1; Mon, 2 Nov 2026 09:15:02 +0100"
OWN = (
    "Received: from mx.desk.example ([127.0.0.1])\r\n\tby gateway.desk.example\r\n\twith ESMTP id g.1; Mon, 2 Nov 2026"
)
BORDER = (
    "Received: from mail.example.org (mail.example.org [203.0.113.5])\r\n"
    "\t(using TLSv1.3) (No client certificate requested)\r\n"
    "\tby mx.desk.example (Postfix) with ESMTPS id 1; Mon, 2 Nov 2026 09:15:01 +0100"
)
PASS = "Authentication-Results: mx.desk.example; dmarc=pass (p=none dis=none) header.from=example.org"


def results(text: str) -> str:
    return f"Authentication-Results: mx.desk.example; {text}"


def judged(
    *fields: str,
    settings: Authentication = POSTFIX,
    sender: Mailbox | Unidentified = ANA,
    peer: str | None = None,
    session_auth: str | None = None,
    relays: tuple[str, ...] = (),
) -> Identity:
    headers = parse(("\r\n".join([*fields, "", "hola"])).encode(), Limits()).headers
    return authenticate(
        headers,
        sender,
        settings=settings,
        envelope="ana@example.org",
        peer=peer,
        session_auth=session_auth,
        relays=relays,
    )


@pytest.mark.parametrize(
    ("said", "level", "dmarc"),
    [
        ("dmarc=pass header.from=example.org", Level.S1, "pass"),
        ("dmarc=pass header.from=evil.example", Level.S0, ""),
        ("dmarc=fail header.from=example.org", Level.S0, "fail"),
        ("dmarc=none header.from=example.org", Level.S0, "none"),
        ("dkim=pass header.d=example.org", Level.S1, ""),
        ("dkim=pass header.i=@mail.example.org", Level.S1, ""),
        ("dkim=pass header.d=evil.example", Level.S0, ""),
        ("dkim=pass header.d=org", Level.S0, ""),
        ("dkim=fail header.d=example.org", Level.S0, ""),
        ("dkim=pass header.d=example.org; dmarc=fail header.from=example.org", Level.S0, "fail"),
        ("dkim=pass header.d=example.org; dmarc=none header.from=example.org", Level.S1, "none"),
        ("dkim=temperror header.d=example.org; dkim=pass header.d=example.org", Level.S1, ""),
        ("spf=pass smtp.mailfrom=example.org", Level.S0, ""),
        ("auth=pass smtp.auth=ana@example.org", Level.S1, ""),
        ("auth=pass smtp.auth=eva@example.org", Level.S0, ""),
        ("auth=pass smtp.auth=ana", Level.S0, ""),
        ("none", Level.S0, ""),
        ("dmarc=", Level.S0, ""),
        ("=?utf-8?q?dmarc=3Dpass?=", Level.S0, ""),
    ],
)
def test_what_a_trusted_server_says_is_weighed(said: str, level: Level, dmarc: str) -> None:
    found = judged(LMTP, results(said), BORDER)

    assert (found.level, found.dmarc) == (level, dmarc)


@pytest.mark.parametrize(
    "fields",
    [
        [PASS, BORDER],
        [LMTP, PASS, BORDER],
        [OWN, PASS, BORDER],
        [OWN, OWN.replace("127.0.0.1", "IPv6:::1"), PASS, BORDER],
        [PASS.replace("mx.desk.example;", "(x) MX.desk.example 1;"), BORDER],
        [results("none"), PASS, BORDER],
    ],
)
def test_a_header_above_the_border_is_believed(fields: list[str]) -> None:
    assert judged(*fields).level is Level.S1


@pytest.mark.parametrize(
    "fields",
    [
        [BORDER, PASS],
        [LMTP, BORDER, PASS],
        [OWN.replace("127.0.0.1", "203.0.113.9"), PASS, BORDER],
        ["Received: from [127.0.0.1] ([203.0.113.9]) by gateway.desk.example with ESMTP; x", PASS, BORDER],
        ["Received: from x ([127.0.0.1]) by y ([203.0.113.9]) by gateway.desk.example with ESMTP; x", PASS],
        ["Received: from x by gateway.desk.example with ESMTP; x", PASS],
        [PASS.replace("mx.desk.example", "mx.evil.example"), BORDER],
        [PASS.replace("mx.desk.example", "mx.desk.example.evil.example"), BORDER],
        ["X-" + PASS, BORDER],
        [],
    ],
)
def test_a_header_that_a_stranger_could_have_written_is_ignored(fields: list[str]) -> None:
    assert judged(*fields).level is Level.S0


def test_a_relay_of_ours_in_front_is_stepped_over_only_when_it_is_named() -> None:
    line = OWN.replace("127.0.0.1", "10.0.0.5")

    assert judged(line, PASS, BORDER).level is Level.S0
    assert judged(line, PASS, BORDER, relays=("10.0.0.0/24",)).level is Level.S1


def test_without_a_configured_source_everybody_is_s0() -> None:
    assert judged(PASS, BORDER, settings=Authentication()).level is Level.S0


def test_gmail_is_read_by_its_topmost_header_below_its_own_received_line() -> None:
    google = (
        "Authentication-Results: mx.google.com; dkim=pass header.i=@example.org header.s=s1;"
        " dmarc=pass (p=REJECT) header.from=example.org"
    )
    received = "Received: from mail.example.org (mail.example.org. [203.0.113.5]) by mx.google.com with ESMTPS id 1; x"
    none = "Authentication-Results: mx.google.com; dmarc=none header.from=example.org"

    assert judged(received, google, settings=GMAIL).level is Level.S1
    assert judged(received, none, google, settings=GMAIL).level is Level.S0
    assert judged(received, PASS, google, settings=GMAIL).level is Level.S0
    assert judged(received, google, settings=GMAIL, peer="198.51.100.7").level is Level.S0


def test_microsoft_365_is_read_by_its_topmost_header_that_names_no_server() -> None:
    passed = (
        "Authentication-Results: spf=pass (sender IP is 203.0.113.5) smtp.mailfrom=example.org; dkim=pass (signature"
        " was verified) header.d=example.org;dmarc=pass action=none header.from=example.org;compauth=pass reason=100"
    )
    failed = (
        "Authentication-Results: spf=fail smtp.mailfrom=example.org; dmarc=fail action=none header.from=example.org"
    )

    assert judged(passed, settings=MICROSOFT) == Identity(Level.S1, "dmarc=pass", "pass", signed=True)
    assert judged(failed, passed, settings=MICROSOFT) == Identity(Level.S0, "dmarc=fail", "fail")
    assert judged(PASS, passed, settings=MICROSOFT).level is Level.S0
    assert judged(passed, settings=POSTFIX).level is Level.S0


def test_an_authenticated_session_proves_only_its_own_address() -> None:
    assert judged(session_auth="Ana@Example.org").level is Level.S1
    assert judged(session_auth="eva@example.org").level is Level.S0
    assert judged(session_auth="ana").level is Level.S0


def test_a_submission_network_proves_who_they_are() -> None:
    settings = Authentication(submission_networks=["192.0.2.0/24", "2001:db8::/32"])

    assert judged(settings=settings, peer="192.0.2.7").level is Level.S1
    assert judged(settings=settings, peer="::ffff:192.0.2.7").level is Level.S1
    assert judged(settings=settings, peer="2001:db8::7").level is Level.S1
    assert judged(settings=settings, peer="198.51.100.7").level is Level.S0
    assert judged(settings=settings, peer="unix").level is Level.S0


@pytest.mark.parametrize("said", ["spf=pass", "spf=pass smtp.mailfrom=example.org; dmarc=pass header.from=example.org"])
def test_who_submitted_a_mail_has_signed_it_whatever_else_is_said(said: str) -> None:
    settings = Authentication(trusted=["mx.desk.example"], profile="postfix", submission_networks=["192.0.2.0/24"])
    office = "Received: from pc.example.org (pc.example.org [192.0.2.7]) by mx.desk.example with ESMTPS; x"

    assert judged(results(said), office, settings=settings).signed
    assert not judged(results(said), BORDER, settings=settings).signed


def test_an_unidentified_sender_is_s0_whatever_is_said() -> None:
    assert judged(LMTP, PASS, BORDER, sender=Unidentified("several From fields")).level is Level.S0
    assert judged(session_auth="ana@example.org", sender=Unidentified("x")).level is Level.S0


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("example.org", "Example.ORG.", True),
        ("mail.example.org", "example.org", True),
        ("example.org", "a.b.example.org", True),
        ("shop.example.co.uk", "example.co.uk", True),
        ("co.uk", "co.uk", True),
        ("example.co.uk", "co.uk", False),
        ("example.com.ar", "com.ar", False),
        ("example.org", "org", False),
        ("evilexample.org", "example.org", False),
        ("a.example.org", "b.example.org", False),
        ("eva.github.io", "github.io", False),
        ("", "", False),
        ("example.org", "", False),
    ],
)
def test_domains_go_together_when_one_is_above_the_other(one: str, other: str, together: bool) -> None:
    assert aligned(one, other) is together
    assert aligned(other, one) is together


@pytest.mark.parametrize(
    "field",
    [
        b"Authentication-Results: mx.desk.example; dmarc=pass\r\n",
        b"authentication-results:\r\n\tMX.Desk.Example;\r\n\tdmarc=pass\r\n",
        b"Authentication-Results: (a) mx.desk.example (b) 1; none\n",
        b'Authentication-Results: "mx.desk.example"; none\r',
        b"Authentication-Results : mx.desk.example\r\n",
    ],
)
def test_foreign_headers_with_our_name_are_removed(field: bytes) -> None:
    rest = b"Subject: a\r\n b\r\nAuthentication-Results: mx.other.example; none\r\n\r\n"
    rest += b"Authentication-Results: mx.desk.example\r\n"

    assert strip_foreign(b"From: a@x\r\n" + field + rest, "mx.desk.example") == b"From: a@x\r\n" + rest


def test_a_mail_without_such_headers_stays_the_same_bytes() -> None:
    raw = b"From: a@x\r\nX-Other: mx.desk.example\r\n\r\nhola"

    assert strip_foreign(raw, "mx.desk.example") == raw
    assert strip_foreign(b"\x00\xff", "mx.desk.example") == b"\x00\xff"


def test_headers_in_any_case_are_found() -> None:
    assert authenticate(
        Headers((("AUTHENTICATION-RESULTS", "mx.desk.example; dmarc=pass header.from=example.org"),)),
        ANA,
        settings=POSTFIX,
        envelope=None,
        peer=None,
        session_auth=None,
    ) == Identity(Level.S1, "dmarc=pass", "pass")


# --- what is believed, sentence by sentence --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("dkim=pass (2048-bit key; unprotected) header.d=example.org header.i=@example.org header.b=abc", Level.S1),
        ('dkim=pass reason="good; dmarc=fail header.from=example.org" header.d=example.org', Level.S1),
        ("dkim=pass\r\n\theader.d=example.org;\r\n\tspf=fail smtp.mailfrom=x.example", Level.S1),
        ("spf=pass smtp.mailfrom=example.org;\r\n dkim=none;\r\n dmarc=none header.from=example.org", Level.S0),
        ("(dmarc=pass header.from=example.org) none", Level.S0),
        ("dkim=fail (dkim=pass header.d=example.org) header.d=example.org", Level.S0),
        ('dkim=fail reason="dkim=pass header.d=example.org"', Level.S0),
        ("x-dmarc=pass header.from=example.org", Level.S0),
        ("arc=pass header.d=example.org", Level.S0),
        ("DMARC=PASS header.from=EXAMPLE.org", Level.S1),
        ("dmarc=pass (p=none) header.from=mail.example.org", Level.S1),
        ("dmarc=bestguesspass header.from=example.org", Level.S0),
        ("dmarc=temperror header.from=example.org", Level.S0),
        ("dkim=policy header.d=example.org", Level.S0),
        ("dkim=pass header.d=b.example.org", Level.S1),
        ("dkim=pass header.d=example.org.evil.example", Level.S0),
        ("dkim=pass header.i=ana@example.org", Level.S1),
        ("dkim=pass header.i=@evil.example header.d=example.org", Level.S1),
        ("dkim=pass header.i=@example.org header.d=evil.example", Level.S0),
        ("dkim=pass", Level.S0),
        ("dmarc=pass", Level.S1),
        ("dmarc=pass header.from=example.org; dmarc=fail header.from=example.org", Level.S0),
        ("auth=pass smtp.auth=ana@example.org; dmarc=fail header.from=example.org", Level.S0),
        ("auth=fail smtp.auth=ana@example.org", Level.S0),
    ],
)
def test_a_trusted_header_is_read_as_its_grammar_says(said: str, level: Level) -> None:
    """RFC 8601: several methods, comments, quoted reasons, folding, upper case; ARC proves nothing here."""
    assert judged(LMTP, results(said), BORDER).level is level


@pytest.mark.parametrize(
    "field",
    [
        "ARC-Authentication-Results: i=1; mx.desk.example; dmarc=pass header.from=example.org",
        "ARC-Seal: i=1; cv=pass; d=example.org",
        "Received-SPF: pass (mx.desk.example: domain of example.org) client-ip=203.0.113.5",
        "DKIM-Signature: v=1; d=example.org",
        "X-Authentication-Results: mx.desk.example; dmarc=pass header.from=example.org",
        "Old-Authentication-Results: mx.desk.example; dmarc=pass header.from=example.org",
    ],
)
def test_other_fields_that_speak_of_authentication_prove_nothing(field: str) -> None:
    assert judged(LMTP, field, BORDER).level is Level.S0


def test_a_mailbox_is_read_by_the_same_border_though_nothing_was_taken_away_at_a_door() -> None:
    """What came by IMAP has no client: the server's own lines stand on top, a stranger's below the border."""
    dovecot = "Received: from mx.desk.example\r\n\tby mail.desk.example with LMTP\r\n\tid abc; Mon, 2 Nov 2026"
    forged = PASS

    assert judged("Return-Path: <ana@example.org>", dovecot, PASS, BORDER, peer="").level is Level.S1
    assert judged("Return-Path: <ana@example.org>", dovecot, BORDER, forged, peer="").level is Level.S0
    assert judged("Return-Path: <ana@example.org>", dovecot, results("none"), BORDER, forged, peer="").level is Level.S0


def test_a_mailbox_at_gmail_or_microsoft_believes_the_topmost_header_only() -> None:
    google = "Authentication-Results: mx.google.com; dmarc=pass header.from=example.org"
    received = "Received: from x (x. [203.0.113.5]) by mx.google.com with ESMTPS id 1; Mon, 2 Nov 2026"
    failed = google.replace("pass", "fail")

    assert (
        judged(
            "Delivered-To: a@gmail.com",
            "Received: by 2002:a05 with SMTP id 1; x",
            received,
            google,
            settings=GMAIL,
            peer="",
        ).level
        is Level.S1
    )
    assert judged(received, failed, google, settings=GMAIL, peer="").level is Level.S0
    assert (
        judged(
            failed.replace("mx.google.com; ", ""), google.replace("mx.google.com; ", ""), settings=MICROSOFT, peer=""
        ).level
        is Level.S0
    )


def test_nothing_is_believed_of_what_a_strangers_client_brings_to_our_own_door() -> None:
    line = "Received: from evil.example ([203.0.113.9])\r\n\tby gateway.desk.example\r\n\twith ESMTP; Mon, 2 Nov 2026"
    forged = "Received: from x ([127.0.0.1]) by mx.desk.example with ESMTP; Mon, 2 Nov 2026"

    for settings in (POSTFIX, GMAIL, MICROSOFT):
        google = PASS if settings is POSTFIX else PASS.replace("mx.desk.example", "mx.google.com")
        nameless = PASS.replace("mx.desk.example; ", "") if settings is MICROSOFT else google

        assert judged(line, forged, nameless, BORDER, settings=settings, peer="203.0.113.9").level is Level.S0


_PIECES = st.sampled_from(
    ["mx.desk.example", "MX.Desk.Example", "mx.des\u212a.example", ";", " ", "\t", "\r\n ", "(", ")", '"', "1", "\\",
     "=", "\x01", "\u00a0", "\u2028", "\x00", "\x85", "none", "evil.example", "dmarc=pass", ",", "."]
)  # fmt: skip


@given(
    pieces=st.lists(_PIECES, max_size=9), name=st.sampled_from(["Authentication-Results", "AUTHENTICATION-results\t"])
)
@example(pieces=["mx.desk.example", "\u00a0", ";"], name="Authentication-Results")
@example(pieces=["mx.desk.example", "\x01", ";"], name="Authentication-Results")
@example(pieces=["mx.des\u212a.example", ";"], name="Authentication-Results")
@effort(max_examples=300, deadline=None)
def test_whatever_we_would_read_as_our_servers_word_is_taken_away_at_the_door(pieces: list[str], name: str) -> None:
    raw = f"{name}:{''.join(pieces)}\r\nFrom: ana@example.org\r\n\r\nhola\r\n".encode()
    left = parse(strip_foreign(raw, "mx.desk.example"), Limits()).headers

    assert not [value for value in left.all("Authentication-Results") if _server(value) == "mx.desk.example"]
