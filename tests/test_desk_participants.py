"""Who is from outside of a ticket, and how somebody of the desk writes who shall take part."""

import pytest

from gateway.desk.participants import Bar, Wish, asked, barred, changed, outside, wishes
from gateway.desk.words import LANGUAGES


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("eva@x.org", [("eva@x.org", False)]),
        ("+eva@x.org -bob@y.org", [("eva@x.org", False), ("bob@y.org", True)]),
        ("+ eva@x.org, - bob@y.org; ann@z.org", [("eva@x.org", False), ("bob@y.org", True), ("ann@z.org", False)]),
        ("<eva@x.org>", [("eva@x.org", False)]),
        ("+eva@x.org<mailto:eva@x.org>.", [("eva@x.org", False)]),
        ("Eva", [("Eva", False)]),
        ("", []),
        ("+ -", []),
        ("+Eva Pérez<eva@x.org> -bob@y.org", [("eva@x.org", False), ("bob@y.org", True)]),
        ("+Eva -Bob Gil <bob@y.org>", [("Eva", False), ("bob@y.org", True)]),
        ("eva@x.org Bob", [("eva@x.org", False), ("Bob", False)]),
        ("Eva bob@y.org", [("Eva", False), ("bob@y.org", False)]),
    ],
)
def test_a_sign_says_who_comes_and_who_goes(value: str, wanted: list[tuple[str, bool]]) -> None:
    assert [(one.written, one.goes) for one in wishes(value)] == wanted


def test_a_name_stands_before_its_address_as_mail_programs_paste_both() -> None:
    assert wishes('Eva Pérez <eva@x.org>; "Gil, Bob" <bob@y.org>, Ríos, Ann <ann@z.org>') == (
        Wish("eva@x.org", goes=False, name="Eva Pérez"),
        Wish("bob@y.org", goes=False, name="Gil Bob"),
        Wish("ann@z.org", goes=False, name="Ríos Ann"),
    )


@pytest.mark.parametrize(
    ("address", "known", "domains", "is_outside"),
    [
        ("eva@elsewhere.example", [], ["firm.example"], True),
        ("eva@firm.example", [], ["firm.example"], False),
        ("eva@sales.firm.example", [], ["firm.example"], False),
        ("eva@notfirm.example", [], ["firm.example"], True),
        ("eva@example", [], ["firm.example"], True),
        ("eva@elsewhere.example", ["eva@elsewhere.example"], ["firm.example"], False),
        ("eva@second.example", [], ["firm.example", "second.example"], False),
        # Half the world has an address there.
        ("eva@gmail.com", [], ["gmail.com"], True),
        ("eva@firm.example", [], [""], True),
    ],
)
def test_from_outside_is_who_is_neither_known_nor_of_the_requesters_domains(
    address: str, known: list[str], domains: list[str], is_outside: bool
) -> None:
    assert outside([address], known=known, domains=domains) == ((address,) if is_outside else ())


@pytest.mark.parametrize("bar", Bar)
def test_each_reason_names_the_address_in_every_language(bar: Bar) -> None:
    refused = barred(bar, "eva@x.org\nBcc: all", most=20)

    assert set(refused.words) == set(LANGUAGES)
    for words in refused.words.values():
        assert "eva@x.org Bcc: all" in words


def test_a_receipt_says_who_came_who_went_and_who_was_there() -> None:
    both = changed(["eva@x.org"], ["bob@y.org"], [])

    assert both["es"] == "Participa desde ahora: eva@x.org. Ya no participa: bob@y.org."
    assert changed([], [], ["ann@z.org"])["en"] == "Took part already: ann@z.org."
    assert asked(["eva@x.org"])["pt"].startswith("Consulta à parte enviada a eva@x.org.")
