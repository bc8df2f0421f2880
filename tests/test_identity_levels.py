"""The levels of RULES 3 as a judged mail has them, and about which mails DNS is asked."""

from typing import Any

import pytest

from gateway.inbound.mail import Headers
from gateway.inbound.own_check import OwnResult
from tests.world import ANA, BRUNO, World, mail


@pytest.mark.parametrize(
    ("from_", "token_of", "s1", "level"),
    [(ANA, ANA, True, "S2"), (ANA, ANA, False, "S0"), (ANA, BRUNO, True, "S1"), (ANA, "", True, "S1")],
)
def test_the_level_that_explain_shows(world: World, from_: str, token_of: str, s1: bool, level: str) -> None:
    number = world.ticket_of(ANA)
    to = world.reply_address(number, token_of) if token_of else "support@desk.example"
    found = world.receive(mail(from_=from_, to=to, s1=s1, subject=f"Re: [#{number}]", text="Sigue igual."))

    assert found.facts["level"] == level


@pytest.mark.parametrize(
    ("arrival", "changes", "asked"),
    [
        ({"source": "smtp", "peer": "203.0.113.5"}, {}, True),
        ({"source": "smtp", "peer": "127.0.0.1"}, {}, False),
        ({"source": "smtp", "peer": "10.1.2.3"}, {}, False),
        ({"source": "lmtp", "peer": "203.0.113.5"}, {}, False),
        ({"source": "imap support", "peer": ""}, {}, False),
        ({"source": "smtp", "peer": "203.0.113.5"}, {"from_": "nobody"}, False),
        ({"source": "smtp", "peer": "203.0.113.5"}, {"headers": {"X-Long": "x " * 20_000}}, False),
    ],
)
def test_dns_is_asked_only_about_what_a_stranger_brings_to_the_smtp_door(
    world: World, monkeypatch: pytest.MonkeyPatch, arrival: dict[str, str], changes: dict[str, Any], asked: bool
) -> None:
    calls: list[dict[str, Any]] = []

    def check(_raw: bytes, _headers: Headers, **about: Any) -> tuple[OwnResult, ...]:
        calls.append(about)
        return (OwnResult("dmarc", "pass", about["from_domain"]),)

    monkeypatch.setattr("gateway.work.handle.own_check", check)
    world.change_settings(authentication={"own_check": True, "submission_networks": ["10.1.0.0/16"]})
    found = world.receive(mail(**changes), envelope_from="bounce@firm.example", **arrival)

    assert bool(calls) is asked
    assert found.facts["level"] == ("S1" if asked or arrival["peer"] == "10.1.2.3" else "S0")
    for one in calls:
        assert (one["from_domain"], one["envelope_from"], one["client"]) == (
            "firm.example",
            "bounce@firm.example",
            "203.0.113.5",
        )


def test_without_the_setting_nobody_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.work.handle.own_check", None)

    assert world.receive(mail(), source="smtp", peer="203.0.113.5").facts["level"] == "S0"
