"""The daemon as the first server that a stranger's mail meets: it checks SPF, DKIM and DMARC itself."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from gateway.store.tables import delivery
from tests.daemon_process import Daemon, Installation, mail
from tests.dns_zone import SILENT, Zone, serving, text
from tests.signing import key_record, signed


@pytest.fixture(scope="module")
def zone() -> Iterator[Zone]:
    records: dict[tuple[str, str], list[str] | str] = {
        ("x.test", "TXT"): [text("v=spf1 -all")],
        ("_dmarc.x.test", "TXT"): [text("v=DMARC1; p=quarantine")],
        ("s1._domainkey.x.test", "TXT"): key_record(),
        ("silent.test", "TXT"): SILENT,
        ("_dmarc.silent.test", "TXT"): SILENT,
    }
    with serving(records) as found:
        yield found


@pytest.fixture(scope="module")
def desk(zone: Zone) -> Iterator[Installation]:
    check = {"own_check": True, "dns_servers": [zone.server], "dns_seconds": 1}
    with Installation(smtp={"trusted_relays": []}, authentication=check) as found:
        yield found


@pytest.fixture(scope="module")
def daemon(desk: Installation) -> Daemon:
    return desk.start()


def facts(desk: Installation, daemon: Daemon, raw: bytes, sender: str) -> dict[str, str]:
    """What the judgement of a mail stood on, as `gateway explain` tells it."""
    kept = daemon.keep(raw, sender=sender)
    daemon.verdict(kept)
    (row,) = desk.printed("explain", kept)
    told: dict[str, str] = row["facts"]
    return told


def test_a_signed_mail_is_proven_and_a_forged_one_is_not_and_gets_no_letter(desk: Installation, daemon: Daemon) -> None:
    good = facts(desk, daemon, signed(mail("Signed"), "x.test"), "ana@x.test")
    forged = facts(desk, daemon, mail("Forged"), "ana@x.test")

    assert (good["level"], good["level_by"]) == (
        "S1",
        "our own check: dkim=pass x.test, spf=fail x.test, dmarc=pass x.test",
    )
    assert (forged["level"], forged["level_by"]) == ("S0", "our own check: spf=fail x.test, dmarc=fail x.test")
    assert forged["unanswered"] == "DMARC fails"
    assert "unanswered" not in good


def test_what_a_stranger_says_of_itself_is_not_read_beside_our_own_check(desk: Installation, daemon: Daemon) -> None:
    said = {"Authentication-Results": "gw.test; dmarc=pass header.from=x.test"}

    assert facts(desk, daemon, mail("Says so itself", headers=said), "ana@x.test")["level"] == "S0"


def test_a_silent_dns_server_costs_its_time_once_and_the_mail_is_judged_at_s0(
    desk: Installation, daemon: Daemon
) -> None:
    found = facts(desk, daemon, mail("Silence", from_="Eva <eva@silent.test>"), "eva@silent.test")

    assert found["level"] == "S0"
    assert found["level_by"] == "our own check: spf=temperror silent.test, dmarc=temperror silent.test"
    with desk.office.database.read() as connection:
        assert set(connection.execute(select(delivery.c.attempts)).scalars()) == {1}, "tried again"
