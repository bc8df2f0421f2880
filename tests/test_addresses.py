"""Identity is the one address of the one From field, or there is none (RULES 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.addresses import mailboxes, normalise
from gateway.inbound.mail import Mailbox, Unidentified
from gateway.inbound.parse import parse
from gateway.settings import Limits


def sender_of(*fields: bytes) -> Mailbox | Unidentified:
    return parse(b"".join(b"From: " + field + b"\r\n" for field in fields) + b"\r\nhola\r\n", Limits()).sender


@pytest.mark.parametrize(
    ("field", "address", "name"),
    [
        (b"ana@example.org", "ana@example.org", ""),
        (b"<ana@example.org>", "ana@example.org", ""),
        (b"Ana Ruiz <Ana.Ruiz@Example.ORG>", "ana.ruiz@example.org", "Ana Ruiz"),
        ("Pérez, Ana <ana@x>".encode(), "ana@x", "Pérez, Ana"),
        (b"Perez, Ana, Dr. <ana@x.org>", "ana@x.org", "Perez, Ana, Dr."),
        (b'"Perez, Ana" <ana@x.org>', "ana@x.org", "Perez, Ana"),
        (b"ana@x.org (Ana Ruiz)", "ana@x.org", "Ana Ruiz"),
        (b"=?utf-8?q?Ana_P=C3=A9rez?= <ana@x.org>", "ana@x.org", "Ana Pérez"),
        (b"=?iso-8859-1?q?Ana?= =?iso-8859-1?q?_P=E9rez?= <ana@x.org>", "ana@x.org", "Ana Pérez"),
        (b"ana@x.org <ana@x.org>", "ana@x.org", "ana@x.org"),
        (b'"jefe@desk.example" <ana@x.org>', "ana@x.org", "jefe@desk.example"),
        (b"Jos\xe9 <jose@x.org>", "jose@x.org", "José"),
        ("José <jose@ejemplo.españa>".encode(), "jose@ejemplo.xn--espaa-rta", "José"),
        (b"Ana\r\n <ana@x.org>", "ana@x.org", "Ana"),
        (b'"a b"@x.org', '"a b"@x.org', ""),
    ],
)
def test_one_person_is_recognised(field: bytes, address: str, name: str) -> None:
    assert sender_of(field) == Mailbox(address, name)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (b"", "empty From"),
        (b"Ana Ruiz", "no address in From"),
        (b"<>", "no valid address in From"),
        (b"a@victim.example <b@evil.example>", "another address hidden in a name or comment"),
        (b"b@evil.example (a@victim.example)", "another address hidden in a name or comment"),
        (b"(a@victim.example) <b@evil.example>", "another address hidden in a name or comment"),
        (b"a@x.org, b@y.org", "several mailboxes in From"),
        (b"<a@x.org> <b@y.org>", "no valid address in From"),
        (b"Equipo: a@x.org, b@y.org;", "a group in From"),
        (b"undisclosed-recipients:;", "a group in From"),
        (b"a\x00b@x.org", "control characters in From"),
        (b"Ana\x1b[2J <a@x.org>", "control characters in From"),
        ("Ana \u202e <a@x.org>".encode(), "control characters in From"),
        (b"=?utf-8?q?a=40x.org?=", "encoded words in an address"),
        (b"<=?utf-8?q?a?=@x.org>", "encoded words in an address"),
        (b"=?utf-8?q?Ana_=3Ca=40x.org=3E?=", "encoded words in an address"),
        (b"(" * 800 + b"a@x.org", "comments nested too deeply"),
        (b'"Ana <a@x.org>', "a bracket or quote is not closed in From"),
        (b"a@x.org <b@y.org", "a bracket or quote is not closed in From"),
        (b"jos\xe9@x.org", "an address in an unknown charset"),
        (b"a@x..org", "no valid address in From"),
        (b"a@b@c.org", "no valid address in From"),
        (b"A" * 5000 + b" <a@x.org>", "From too long"),
    ],
)
def test_a_from_that_is_not_sure_is_unidentified(field: bytes, reason: str) -> None:
    assert sender_of(field) == Unidentified(reason)


def test_two_from_fields_or_none_are_unidentified() -> None:
    assert sender_of(b"a@x.org", b"a@x.org") == Unidentified("several From fields")
    assert sender_of() == Unidentified("no From field")


def test_parsers_that_disagree_make_the_sender_unidentified() -> None:
    from gateway.inbound.addresses import sender

    assert sender(["Ana <ana@x.org>"], ["eva@x.org"]) == Unidentified("parsers disagree about From")
    assert sender(["Ana <ana@x.org>"], []) == Unidentified("parsers disagree about From")
    assert sender(["Ana <ana@x.org>"], ["ANA@X.org"]) == Mailbox("ana@x.org", "Ana")


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        ("ana+etiqueta@x.org", "ana+etiqueta@x.org"),
        ("a.n.a@gmail.com", "a.n.a@gmail.com"),
        ("ana@straße.de", "ana@xn--strae-oqa.de"),
        ("ana", ""),
        ("ana@", ""),
        ("a na@x.org", ""),
        ("ana@x.org\r\nBcc: b@y.org", ""),
        ("ana@" + "x" * 400, ""),
    ],
)
def test_addresses_are_case_folded_with_an_a_label_and_nothing_else_is_merged(address: str, normal: str) -> None:
    assert normalise(address) == normal


def test_every_recipient_of_every_field_is_read_once() -> None:
    found = mailboxes(['"Ruiz, Ana" <ana@x.org>, Equipo: b@x.org, c@x.org;', "ANA@x.org; d@x.org", "undisclosed:;"])

    assert [box.address for box in found] == ["ana@x.org", "b@x.org", "c@x.org", "d@x.org"]


@given(st.text(alphabet='ab@.,<>()":;\\ =?\x00é', max_size=60))
def test_any_from_is_a_person_or_unidentified(field: str) -> None:
    found = sender_of(field.encode())

    assert isinstance(found, Unidentified) or found.address == normalise(found.address)
