"""Which tickets a mail names, in the order in which they are believed (RULES 4)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.areas import open_desk
from gateway.settings import Area, Server, Settings
from gateway.settings_keys import SigningKey
from gateway.threading import match
from gateway.threading.tokens import Claim, Purpose, Tokens

TODAY = date(2026, 11, 23)
TOKENS = Tokens([SigningKey("a", b"a secret that is long enough to sign with it")])


def reply(number: int, person: int = 3) -> str:
    return TOKENS.make(Purpose.REPLY, number, person)


def our_id(number: int, person: int = 3, key: str = "abcdefghij") -> str:
    return match.message_id(key, TOKENS.make(Purpose.MESSAGE_ID, number, person), "gateway.desk.example")


def names(**what: Any) -> match.Named:
    empty: dict[str, Any] = {"addresses": (), "in_reply_to": (), "references": (), "subject": ""}
    return match.names(**(empty | what), tokens=TOKENS, today=TODAY)


def test_a_token_stands_behind_the_plus_sign_of_an_address() -> None:
    address = match.reply_address("support@desk.example", reply(7))

    assert address == f"support+r.{reply(7)}@desk.example"
    assert names(addresses=[address]).address_claims == (Claim(Purpose.REPLY, 7, 3),)
    assert names(addresses=[address.upper()]).address_claims == (Claim(Purpose.REPLY, 7, 3),)


def test_or_is_the_whole_local_part_of_the_reply_domain() -> None:
    given_ = [f"{reply(7)}@reply.example", f"{reply(8)}@elsewhere.example"]

    found = match.names(
        addresses=given_,
        in_reply_to=(),
        references=(),
        subject="",
        tokens=TOKENS,
        today=TODAY,
        reply_domain="Reply.Example",
    )

    assert [claim.number for claim in found.address_claims] == [7]


def test_the_claims_stand_in_the_order_of_the_addresses_each_once() -> None:
    addresses = [f"s+r.{reply(number)}@x.example" for number in (7, 8, 7)]

    assert [claim.number for claim in names(addresses=addresses).address_claims] == [7, 8]


def test_in_reply_to_comes_before_references_and_those_are_read_from_the_newest() -> None:
    found = names(in_reply_to=["<a@x>"], references=["<old@x>", "<new@x>", "<a@x>"])

    assert found.message_ids == ("<a@x>", "<new@x>", "<old@x>")


def test_our_own_message_ids_are_claims_in_the_same_order() -> None:
    found = names(in_reply_to=["<a@x>"], references=[our_id(1), our_id(2)])

    assert [claim.number for claim in found.message_claims] == [2, 1]


def test_each_token_is_checked_once() -> None:
    """A mail can name a hundred ids, and each check is a signature."""
    checked: list[str] = []

    class Counted(Tokens):
        def read(self, token: str, *, today: date) -> Claim | None:
            checked.append(token)
            return super().read(token, today=today)

    command = TOKENS.make(Purpose.COMMAND, 7, 3)
    found = match.names(
        addresses=[f"s+r.{command}@x.example"],
        in_reply_to=[our_id(7)],
        references=[our_id(8)],
        subject="",
        tokens=Counted(TOKENS.keys),
        today=TODAY,
    )

    assert (len(checked), len(set(checked))) == (3, 3)
    assert found.commands == found.address_claims == (Claim(Purpose.COMMAND, 7, 3),)


FOR_A_TICKET = {Purpose.REPLY, Purpose.ACCOUNT, Purpose.COMMAND}


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in FOR_A_TICKET])
def test_only_a_token_for_replies_counts_in_an_address(purpose: Purpose) -> None:
    assert names(addresses=[f"s+r.{TOKENS.make(purpose, 7, 3)}@x.example"]).address_claims == ()


def test_a_reply_token_in_a_message_id_is_no_claim() -> None:
    value = f"<abcdefghij.{reply(7)}@gateway.desk.example>"

    assert names(in_reply_to=[value]).message_claims == ()
    assert not match.signed_message_id(value, TOKENS, TODAY)
    assert match.signed_message_id(our_id(7), TOKENS, TODAY)


def test_a_confirmation_is_read_from_an_address_and_from_a_message_id() -> None:
    token = TOKENS.make(Purpose.CONFIRM, 5, 3)

    for found in (names(addresses=[f"s+r.{token}@x"]), names(references=[f"<confirm.{token}@x>"])):
        assert found.confirmations == (Claim(Purpose.CONFIRM, 5, 3),)
        assert found.address_claims == found.message_claims == ()


@pytest.mark.parametrize(
    ("subject", "tags"),
    [
        ("Re: [#12] impresora", (12,)),
        ("[#12] Fwd: [#7] [#12]", (12, 7)),
        ("Re: #12", ()),
        ("[#]", ()),
        ("[# 12]", ()),
        ("[#-1]", ()),
        (f"[#{'9' * 13}]", ()),
    ],
)
def test_the_subject_tag_is_a_number_in_brackets(subject: str, tags: tuple[int, ...]) -> None:
    assert names(subject=subject).tags == tags


def test_of_endless_references_a_hundred_are_read() -> None:
    found = names(references=[f"<{number}@x>" for number in range(1000)])

    assert len(found.message_ids) == 100
    assert found.message_ids[0] == "<999@x>"


def test_the_key_of_a_letter_stands_before_the_first_dot() -> None:
    assert match.letter_key_of(our_id(7, key="abcdefghij")) == "abcdefghij"


@given(values=st.lists(st.text(), max_size=5), subject=st.text())
def test_nothing_that_a_mail_says_is_an_error_and_nothing_made_up_is_a_claim(values: list[str], subject: str) -> None:
    found = names(addresses=values, in_reply_to=values, references=values, subject=subject)

    assert found.address_claims == found.message_claims == found.confirmations == ()


AREAS = [
    Area(name="support", addresses=["support@desk.example"], aliases=["soporte@müller.example"]),
    Area(name="billing", addresses=["billing@reply.example"], reply="domain"),
]


def test_plus_addresses_and_spellings_of_an_address_are_the_areas_own() -> None:
    desk = open_desk(Settings(area=AREAS))

    for address in ("Support@Desk.Example", "support+r.abc@desk.example", "support+x+y@desk.example"):
        assert desk.area_of(address) is desk.areas["support"]
    for address in ("soporte@müller.example", "soporte@xn--mller-kva.example", "SOPORTE@MÜLLER.example"):
        assert desk.area_of(address) is desk.areas["support"]
    for address in ("other@desk.example", "support@elsewhere.example", "", "support", "@desk.example"):
        assert desk.area_of(address) is None


def test_every_address_of_the_reply_domain_is_ours_and_an_areas_own_address_there_stays_its_own() -> None:
    other = [AREAS[0].model_copy(update={"reply": "domain", "addresses": ["help@reply.example"]}), AREAS[1]]
    desk = open_desk(Settings(server=Server(reply_domain="reply.example"), area=other))

    assert desk.area_of("anything@reply.example") is desk.areas["support"]
    assert desk.area_of("billing@reply.example") is desk.areas["billing"]


def test_a_reply_domain_that_no_area_uses_is_no_address_of_ours_and_no_error() -> None:
    desk = open_desk(Settings(server=Server(reply_domain="reply.example"), area=AREAS[:1]))

    assert desk.area_of("anything@reply.example") is None
