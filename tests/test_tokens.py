"""What a token proves, and all that proves nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.settings_keys import SigningKey
from gateway.threading.match import reply_address
from gateway.threading.tokens import Claim, Purpose, Tokens, letter_key, letter_number

TODAY = date(2026, 11, 23)
OLD = SigningKey("old", b"an old secret that is long enough to sign with", date(2026, 11, 30))
NEW = SigningKey("new", b"a new secret that is long enough to sign with it")
TOKENS = Tokens([NEW])

numbers = st.integers(min_value=0, max_value=2**63 - 1)
purposes = st.sampled_from(list(Purpose))
made = st.builds(TOKENS.make, purposes, numbers, numbers)


@given(purpose=purposes, number=numbers, person=numbers)
def test_what_was_given_out_comes_back(purpose: Purpose, number: int, person: int) -> None:
    token = TOKENS.make(purpose, number, person)

    assert TOKENS.read(token, today=TODAY) == Claim(purpose, number, person)


@given(token=made, data=st.data())
def test_one_other_character_anywhere_proves_nothing(token: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567").filter(lambda sign: sign != token[place]))

    assert TOKENS.read(token[:place] + other + token[place + 1 :], today=TODAY) is None


@given(token=made)
def test_no_token_can_be_written_in_two_ways(token: str) -> None:
    """The last character of base32 has bits that mean nothing: what is used once is remembered by its letters."""
    others = set("abcdefghijklmnopqrstuvwxyz234567") - {token[-1]}

    assert [last for last in others if TOKENS.read(token[:-1] + last, today=TODAY) is not None] == []


@given(token=made, data=st.data())
def test_a_token_that_was_cut_or_added_to_proves_nothing(token: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(token) - 1))
    more = data.draw(st.text("abcdefghijklmnopqrstuvwxyz234567=", min_size=1, max_size=8))

    assert TOKENS.read(token[:cut], today=TODAY) is None
    assert TOKENS.read(token[cut + 1 :], today=TODAY) is None
    assert TOKENS.read(token + more, today=TODAY) is None
    assert TOKENS.read(token.upper(), today=TODAY) is None


@given(text=st.text())
def test_whatever_somebody_writes_is_read_without_an_error(text: str) -> None:
    assert TOKENS.read(text, today=TODAY) is None


def test_a_token_of_one_purpose_is_none_for_another() -> None:
    tokens = {TOKENS.make(purpose, 7, 3) for purpose in Purpose}

    assert len(tokens) == len(Purpose)
    assert {TOKENS.read(token, today=TODAY).purpose for token in tokens} == set(Purpose)  # type: ignore[union-attr]


def test_the_numbers_cannot_be_moved_into_each_other() -> None:
    """Ticket 1 of person 23 is not ticket 12 of person 3."""
    assert TOKENS.make(Purpose.REPLY, 1, 23) != TOKENS.make(Purpose.REPLY, 12, 3)


def test_the_first_key_signs_and_all_others_are_still_believed() -> None:
    rotated = Tokens([NEW, OLD])
    before = Tokens([OLD]).make(Purpose.REPLY, 7, 3)

    assert rotated.read(before, today=TODAY) == Claim(Purpose.REPLY, 7, 3)
    assert rotated.make(Purpose.REPLY, 7, 3) == TOKENS.make(Purpose.REPLY, 7, 3) != before
    assert TOKENS.read(before, today=TODAY) is None


@pytest.mark.parametrize(("day", "believed"), [(date(2026, 11, 30), True), (date(2026, 12, 1), False)])
def test_a_key_is_believed_up_to_its_last_day(day: date, believed: bool) -> None:
    rotated = Tokens([NEW, OLD])
    token, proof = Tokens([OLD]).make(Purpose.REPLY, 7, 3), Tokens([OLD]).seal("loop")

    assert (rotated.read(token, today=day) is not None) is believed
    assert rotated.sealed("loop", proof, today=day) is believed


def test_another_key_of_the_same_name_proves_nothing() -> None:
    forger = Tokens([SigningKey("new", b"not the secret, however long it may be, at all")])

    assert TOKENS.read(forger.make(Purpose.REPLY, 7, 3), today=TODAY) is None
    assert not TOKENS.sealed("loop", forger.seal("loop"), today=TODAY)


def test_the_same_secret_under_another_name_is_another_key() -> None:
    renamed = Tokens([SigningKey("x", NEW.secret)])

    assert TOKENS.read(renamed.make(Purpose.REPLY, 7, 3), today=TODAY) is None


@given(text=st.text(), other=st.text(), proof=st.text())
def test_a_seal_is_of_one_text_only(text: str, other: str, proof: str) -> None:
    text, other = (one.encode("utf-8", "replace").decode() for one in (text, other))
    seal = TOKENS.seal(text)

    assert TOKENS.sealed(text, seal, today=TODAY)
    assert TOKENS.sealed(other, seal, today=TODAY) == (other == text)
    assert not TOKENS.sealed(text, "", today=TODAY)
    assert TOKENS.sealed(text, proof, today=TODAY) == (proof == seal)


@given(number=st.integers(0, 2**48 - 1))
def test_a_letters_key_travels_as_a_number(number: int) -> None:
    assert letter_number(letter_key(number)) == number


def test_a_reply_address_keeps_to_the_64_octets_of_a_local_part() -> None:
    """Ticket and person number a million million, the longest key name, and a long mailbox (RFC 5321, 4.5.3.1.1)."""
    longest = Tokens([SigningKey("abcd", NEW.secret)]).make(Purpose.REPLY, 10**9, 10**9)
    local = reply_address("mesa-de-ayuda@x.example", longest).partition("@")[0]

    assert len(local) <= 64
    assert len(TOKENS.make(Purpose.REPORT, 2**48 - 1, 10**6)) <= 40


def test_no_token_is_made_of_a_negative_number() -> None:
    with pytest.raises(ValueError, match="negative"):
        TOKENS.make(Purpose.REPLY, -1, 3)
