"""Our own check of SPF, DKIM and DMARC, against a DNS server of the tests and signatures that dkimpy made."""

import time
from collections.abc import Iterator

import pytest

from gateway.inbound.authenticate import Identity, Level, authenticate
from gateway.inbound.dns_lookup import Lookup, server
from gateway.inbound.mail import Mailbox
from gateway.inbound.own_check import own_check
from gateway.inbound.own_dkim import check_dkim
from gateway.inbound.parse import parse
from gateway.settings import Authentication, Limits
from tests.dns_zone import BROKEN, SILENT, Zone, serving, text
from tests.signing import key_record, signed

STRANGER, SENDING = "203.0.113.5", "198.51.100.7"
MAIL = (
    b"From: Ana <ana@example.org>\r\nTo: support@desk.example\r\nSubject: La impresora\r\n no imprime\r\n"
    b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\nHola:  \r\n\r\nno imprime.\r\n\r\n"
)
OURS = b"Received: from mail.example.org ([203.0.113.5])\r\n\tby gw.test\r\n\twith ESMTP; Mon, 23 Nov 2026\r\n"


@pytest.fixture
def zone() -> Iterator[Zone]:
    records: dict[tuple[str, str], list[str] | str] = {
        ("example.org", "TXT"): [text("v=spf1 ip4:198.51.100.0/24 include:spf.service.example -all"), text("other")],
        ("spf.service.example", "TXT"): [text("v=spf1 a:out.service.example mx ~all")],
        ("out.service.example", "A"): ["192.0.2.9"],
        ("spf.service.example", "MX"): ["10 mx.service.example."],
        ("mx.service.example", "A"): ["192.0.2.10"],
        ("mail.example.org", "TXT"): [text("v=spf1 ip4:203.0.113.5 -all")],
        ("_dmarc.example.org", "TXT"): [text("v=DMARC1; p=reject; adkim=r; aspf=r")],
        ("s1._domainkey.example.org", "TXT"): key_record(),
        ("s1._domainkey.mail.example.org", "TXT"): key_record(),
        ("s1._domainkey.evil.example", "TXT"): key_record(),
        ("evil.example", "TXT"): [text("v=spf1 +all")],
    }
    with serving(records) as found:
        yield found


def checked(
    zone: Zone, raw: bytes, *, client: str = STRANGER, mail_from: str = "ana@example.org", **more: float
) -> str:
    """What was found, as the trail shows it."""
    settings = Authentication(own_check=True, dns_servers=[zone.server], **more)
    mail = parse(OURS + raw, Limits())
    assert isinstance(mail.sender, Mailbox)
    domain = mail.sender.address.rpartition("@")[2]
    found = own_check(
        OURS + raw, mail.headers, from_domain=domain, envelope_from=mail_from, client=client, settings=settings
    )
    return ", ".join(map(str, found))


@pytest.mark.parametrize("header", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
def test_a_good_signature_of_from_passes(zone: Zone, header: bytes, body: bytes) -> None:
    raw = signed(MAIL, "example.org", canonicalise=(header, body))

    assert checked(zone, raw) == "dkim=pass example.org, spf=fail example.org, dmarc=pass example.org"


def test_a_signature_covers_lines_that_arrived_with_plain_line_ends(zone: Zone) -> None:
    raw = signed(MAIL, "example.org", canonicalise=(b"relaxed", b"relaxed")).replace(b"\r\n", b"\n")

    assert checked(zone, raw).startswith("dkim=pass example.org")


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        (b"no imprime.\r\n", b"manda dinero.\r\n", "fail"),
        (b"La impresora", b"El dinero", "fail"),
        (b"s=s1", b"s=s2", "fail"),
        (b"v=1", b"v=2", "permerror"),
        (b"a=rsa-sha256", b"a=rot13", "permerror"),
    ],
)
def test_a_changed_mail_fails(zone: Zone, old: bytes, new: bytes, result: str) -> None:
    raw = signed(MAIL, "example.org").replace(old, new)

    assert checked(zone, raw) == f"dkim={result} example.org, spf=fail example.org, dmarc=fail example.org".replace(
        "permerror example.org", "permerror"
    )


def test_a_signature_that_leaves_part_of_the_body_open_proves_nothing(zone: Zone) -> None:
    raw = signed(MAIL, "example.org", length=True) + b"Mas texto, de otra persona.\r\n"

    assert checked(zone, raw) == "dkim=policy example.org, spf=fail example.org, dmarc=fail example.org"


def test_a_key_that_is_too_short_proves_nothing(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.inbound.own_dkim.LEAST_KEY_BITS", 2048)

    assert checked(zone, signed(MAIL, "example.org")).startswith("dkim=permerror example.org")


def test_a_strangers_signature_passes_and_is_not_aligned(zone: Zone) -> None:
    found = checked(zone, signed(MAIL, "evil.example"), mail_from="x@evil.example")

    assert found == "dkim=pass evil.example, spf=pass evil.example, dmarc=fail example.org"


def test_subdomains_are_aligned_unless_the_record_is_strict(zone: Zone) -> None:
    raw = signed(MAIL, "mail.example.org")

    assert checked(zone, raw).endswith("dmarc=pass example.org")
    zone.records["_dmarc.strict.example", "TXT"] = [text("v=DMARC1; p=none; adkim=s")]
    zone.records["s1._domainkey.mail.strict.example", "TXT"] = key_record()
    strict = signed(MAIL.replace(b"ana@example.org", b"ana@strict.example"), "mail.strict.example")

    assert checked(zone, strict).endswith("dmarc=fail strict.example")


def test_the_organisation_s_record_counts_for_its_subdomains_and_never_a_registry_s(zone: Zone) -> None:
    zone.records["_dmarc.firm.co.uk", "TXT"] = [text("v=DMARC1; p=none")]
    zone.records["_dmarc.co.uk", "TXT"] = [text("v=DMARC1; p=none")]
    zone.records["evil.co.uk", "TXT"] = [text("v=spf1 +all")]
    raw = MAIL.replace(b"ana@example.org", b"ana@it.firm.co.uk")

    assert checked(zone, raw, mail_from="x@evil.co.uk") == "spf=pass evil.co.uk, dmarc=fail it.firm.co.uk"
    assert ("_dmarc.co.uk", "TXT") not in zone.asked


@pytest.mark.parametrize(
    ("client", "mail_from", "spf", "dmarc"),
    [
        (SENDING, "ana@example.org", "pass example.org", "pass"),
        ("192.0.2.9", "ana@example.org", "pass example.org", "pass"),
        ("192.0.2.10", "bounce@example.org", "pass example.org", "pass"),
        (STRANGER, "ana@example.org", "fail example.org", "fail"),
        (STRANGER, "x@evil.example", "pass evil.example", "fail"),
        # For the null sender the client's own name counts (RFC 7208, 2.4).
        (STRANGER, "", "pass mail.example.org", "pass"),
        (SENDING, "", "fail mail.example.org", "fail"),
        (SENDING, "x@nothing.example", "none nothing.example", "fail"),
        ("2001:db8::7", "ana@example.org", "fail example.org", "fail"),
    ],
)
def test_spf_counts_for_dmarc_when_it_is_about_the_same_domain(
    zone: Zone, client: str, mail_from: str, spf: str, dmarc: str
) -> None:
    assert checked(zone, MAIL, client=client, mail_from=mail_from) == f"spf={spf}, dmarc={dmarc} example.org"


@pytest.mark.parametrize(
    "record",
    ["v=spf1 include:example.org -all", "v=spf1 a:%{x}.example -all", "v=spf1 moo", "v=spf1 ip4:1.2.3.400 all"],
)
def test_an_spf_record_that_is_wrong_is_a_permanent_error(zone: Zone, record: str) -> None:
    zone.records["example.org", "TXT"] = [text(record)]

    assert checked(zone, MAIL).startswith("spf=permerror example.org")


@pytest.mark.parametrize("trouble", [SILENT, BROKEN])
def test_dns_that_does_not_answer_is_temporary_and_takes_no_longer_than_set(zone: Zone, trouble: str) -> None:
    raw = signed(MAIL, "example.org")
    for name in ("example.org", "_dmarc.example.org", "s1._domainkey.example.org"):
        zone.records[name, "TXT"] = trouble
    started = time.monotonic()
    found = checked(zone, raw, dns_seconds=0.5)

    assert time.monotonic() - started < 2
    assert found == "dkim=temperror example.org, spf=temperror example.org, dmarc=temperror example.org"


def test_a_key_that_cannot_be_asked_for_is_no_failure_of_dmarc(zone: Zone) -> None:
    zone.records["s1._domainkey.example.org", "TXT"] = BROKEN

    assert checked(zone, signed(MAIL, "example.org")).endswith("dmarc=temperror example.org")


@pytest.mark.parametrize(
    "records",
    [
        [],
        [text("v=DMARC2; p=none")],
        [text("v=DMARC1; p=none"), text("v=DMARC1; p=reject")],
        [text("p=none; v=DMARC1")],
    ],
)
def test_without_one_good_record_there_is_no_dmarc(zone: Zone, records: list[str]) -> None:
    zone.records["_dmarc.example.org", "TXT"] = records or SILENT
    if not records:
        del zone.records["_dmarc.example.org", "TXT"]

    assert checked(zone, MAIL, client=SENDING).endswith("dmarc=none example.org")


def judged(zone: Zone, raw: bytes, **given: str) -> Identity:
    settings = Authentication(own_check=True, dns_servers=[zone.server], dns_seconds=0.5)
    mail = parse(OURS + raw, Limits())
    assert isinstance(mail.sender, Mailbox)
    where = {"client": STRANGER, "envelope_from": "ana@example.org", **given}
    domain = mail.sender.address.rpartition("@")[2]
    own = own_check(OURS + raw, mail.headers, from_domain=domain, settings=settings, **where)
    return authenticate(
        mail.headers,
        mail.sender,
        settings=settings,
        envelope=where["envelope_from"],
        peer=where["client"],
        session_auth=None,
        own=own,
    )


def test_the_levels_that_follow(zone: Zone) -> None:
    proven, forged = judged(zone, signed(MAIL, "example.org")), judged(zone, MAIL)

    assert (proven.level, proven.dmarc) == (Level.S1, "pass")
    assert proven.evidence == "our own check: dkim=pass example.org, spf=fail example.org, dmarc=pass example.org"
    assert (forged.level, forged.dmarc) == (Level.S0, "fail")


def test_spf_alone_is_s0_and_dkim_alone_is_enough_where_there_is_no_dmarc(zone: Zone) -> None:
    del zone.records["_dmarc.example.org", "TXT"]

    assert judged(zone, MAIL, client=SENDING).level is Level.S0
    assert judged(zone, signed(MAIL, "example.org")).level is Level.S1
    assert judged(zone, signed(MAIL, "evil.example")).level is Level.S0


def test_trouble_with_dns_is_s0_with_its_reason(zone: Zone) -> None:
    zone.records["example.org", "TXT"] = zone.records["_dmarc.example.org", "TXT"] = BROKEN

    assert judged(zone, MAIL) == Identity(
        Level.S0, "our own check: spf=temperror example.org, dmarc=temperror example.org", "temperror"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b"DKIM-Signature: v=1; b=" + b" " * 30_000 + b"!\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=" + b"A" * 3000 + b"!; b=!\r\n",
        b"DKIM-Signature: " + b"a=b;" * 1000 + b"\r\n",
        b"DKIM-Signature: v=1; d=\xff\xfe; s=\x00; h=from; a=rsa-sha256; b=AAAA; bh=AAAA\r\n",
        b"DKIM-Signature: v=1; d=..; s=..; h=from; a=rsa-sha256; b=AAAA; bh=AAAA\r\n",
        b"DKIM-Signature: \r\n" * 500,
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; h="
        + b"from:" * 700
        + b"from; bh=AAAA; b=AAAA\r\n",
    ],
    ids=range(7),
)
@pytest.mark.parametrize("body", [b" " * 1_000_000 + b"x", b"\r\n" * 500_000 + b"x", b"a \r\n" * 200_000])
def test_a_hostile_signature_over_a_hostile_body_costs_little(zone: Zone, hostile: bytes, body: bytes) -> None:
    """dkimpy takes the square of a run of white space; we hand it none."""
    relaxed = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; h=from; bh=AAAA; b=AAAA\r\n"
    started = time.process_time()
    found = checked(zone, relaxed + hostile + b"From: ana@example.org\r\n\r\n" + body)

    assert time.process_time() - started < 4
    assert "dkim=pass" not in found


def test_runs_of_white_space_in_signatures_are_not_handed_on(zone: Zone) -> None:
    """Each of these takes dkimpy a quarter of a second, though it is within the length of a signature."""
    one = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=AAAA; b=A" + b"\r\n " * 1250 + b"!\r\n"
    lookup = Lookup([zone.server], seconds=60)
    started = time.process_time()
    found = check_dkim(one * 6 + MAIL, lookup)

    assert time.process_time() - started < 0.6
    assert [one.result for one in found] == ["policy"] * 6


def test_a_key_of_a_million_bits_is_not_computed_with(zone: Zone) -> None:
    zone.records["s1._domainkey.example.org", "TXT"] = [text("v=DKIM1; p=" + "A" * 20_000)]

    assert "dkim=pass" not in checked(zone, signed(MAIL, "example.org"))


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_a_dns_server_is_named_with_or_without_its_port(written: str, means: tuple[str, int]) -> None:
    assert server(written) == means
