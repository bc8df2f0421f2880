"""The rules for new tickets: which hold for a mail, and what they give."""

from pathlib import Path
from typing import Any

import pytest

from gateway.desk.rules import Given, Incoming, apply, rules_of
from gateway.errors import SettingsError
from gateway.settings import Rule
from gateway.settings_load import load_settings
from tests.world import ANA, BILLING, SUPPORT

MAIL = Incoming(
    sender=ANA,
    recipient=SUPPORT,
    organisation="La Firma",
    subject="Factura atrasada",
    text="La impresión de la factura 2026-17 no sale.\nGracias",
    files=("Factura.PDF", "nota.txt"),
)


def given(*written: dict[str, Any], every: bool = False, mail: Incoming = MAIL) -> Given:
    rows = [Rule(**({"name": f"rule {place}", "tags": ["held"]} | one)) for place, one in enumerate(written)]
    return apply(rules_of(rows), mail, every=every)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"sender": [ANA]}, True),
        ({"sender": [ANA.upper()]}, True),
        ({"sender": ["*@firm.example"]}, True),
        ({"sender": ["*@other.example", "ana@*"]}, True),
        ({"sender": ["firm.example"]}, False),
        ({"sender": ["*@irm.example"]}, False),
        ({"recipient": [SUPPORT]}, True),
        ({"recipient": [BILLING]}, False),
        ({"recipient": ["support*"]}, True),
        ({"organisation": ["la firma"]}, True),
        ({"organisation": ["Firma"]}, False),
        ({"subject": ["factura"]}, True),
        ({"subject": ["fáctura ATRASADA"]}, True),
        ({"subject": ["fact"]}, False),
        ({"subject": ["gracias"]}, False),
        ({"words": ["gracias"]}, True),
        ({"words": ["atrasada"]}, True),
        ({"words": ["no sale", "no existe"]}, True),
        ({"words": ["sale no"]}, False),
        ({"words": ["impresion"]}, True),
        ({"files": ["pdf"]}, True),
        ({"files": [".PDF"]}, True),
        ({"files": ["df"]}, False),
        ({"files": ["exe", "txt"]}, True),
        ({"sender": [ANA], "subject": ["factura"]}, True),
        ({"sender": [ANA], "subject": ["pedido"]}, False),
    ],
)
def test_a_rule_holds_when_all_its_conditions_hold(condition: dict[str, Any], holds: bool) -> None:
    assert bool(given(condition).rules) is holds


def test_the_first_rule_that_holds_is_the_only_one() -> None:
    found = given(
        {"sender": ["*@other.example"], "category": "never"},
        {"sender": [ANA], "category": "printers", "tags": ["a"]},
        {"subject": ["factura"], "category": "bills", "priority": 1, "tags": ["b"]},
    )

    assert found == Given({"category": "printers"}, ("a",), ("rule 1",))


def test_of_all_that_hold_the_earlier_ones_word_stands_and_tags_add_up() -> None:
    found = given(
        {"sender": [ANA], "category": "printers", "tags": ["a", "b"]},
        {"subject": ["pedido"], "language": "pt"},
        {"subject": ["factura"], "category": "bills", "priority": 1, "owner": "luis@staff.example", "tags": ["b", "c"]},
        every=True,
    )

    assert found.fields == {"category": "printers", "priority": "1", "owner": "luis@staff.example"}
    assert found.tags == ("a", "b", "c")
    assert found.rules == ("rule 0", "rule 2")


def test_no_rule_gives_nothing() -> None:
    assert given() == Given()
    assert given({"sender": ["nobody@nowhere.example"]}, every=True) == Given()


def test_a_mail_of_which_nothing_is_known_fits_no_condition() -> None:
    nothing = Incoming(sender="", recipient="")

    for name in ("sender", "recipient", "organisation", "subject", "words", "files"):
        assert given({name: ["x"]}, mail=nothing) == Given()


def test_what_was_given_is_said_in_one_line_each() -> None:
    found = given({"sender": [ANA], "area": "billing", "nature": "incident", "tags": ["a", "b"]})

    assert found.said() == ["area=billing", "nature=incident", "tags=a,b"]


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        ('name = "a"\nwords = ["x"]\narea = "suport"', 4, "did you mean support?"),
        ('name = "a"\nwords = ["x"]\nowner = "luis"', 4, '"luis" is no mail address'),
        ('name = "a"\ntags = ["x"]', 1, "has no condition"),
        ('name = "a"\nwords = ["x"]', 1, "does nothing"),
        ('name = " "\nwords = ["x"]\ntags = ["x"]', 2, "is empty"),
        ('name = "a"\nwords = ["!"]\ntags = ["x"]', 3, "has no words"),
        ('name = "a"\nsender = ["firm.example"]\ntags = ["x"]', 3, "is no address"),
        ('name = "a"\nwords = ["x"]\ntags = ["x,y"]', 4, "is no tag"),
        ('name = "a"\nwords = ["x"]\ntags = ["x"]\n[[rule]]\nname = "A"\nwords = ["y"]\ntags = ["y"]', 6, "another"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_told_with_file_and_line(
    tmp_path: Path, table: str, line: int, says: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[[rule]]\n{table}\n")
    with pytest.raises(SettingsError) as told:
        load_settings(file, {})

    assert str(told.value).startswith(f"{file}:{line}: [[rule]]")
    assert says in str(told.value)
