"""What a ticket lacks, by the rules of the settings, in the reader's words."""

from pathlib import Path
from typing import Any

import pytest

from gateway.desk.completeness import Rule, missing, rules_of
from gateway.errors import SettingsError
from gateway.settings import Completeness
from gateway.settings_load import load_settings

AREA = '[[area]]\nname = "erp"\naddresses = ["erp@example.org"]\n'
RULES = """
[[completeness]]
kind = "length"
least = 20

[[completeness]]
area = "erp"
category = "Error"
kind = "names"
words = ["pantalla", "screen", "tela principal"]
es = "el nombre de la pantalla"
en = "the name of the screen"

[[completeness]]
area = "erp"
category = "error"
kind = "attachment"

[[completeness]]
area = "web"
kind = "words"
least = 3
"""
LONG = "Al guardar la orden el programa se cierra."


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    file.write_text(AREA + AREA.replace("erp", "web") + RULES, "utf-8")
    return rules_of(load_settings(file, {}).settings.completeness)


def lacking(rules: tuple[Rule, ...], **ticket: Any) -> tuple[str, ...]:
    given: dict[str, Any] = {"area": "erp", "category": "", "subject": "", "text": "", "attachments": 0}
    return missing(rules, **({"language": "es"} | given | ticket))


@pytest.mark.parametrize(
    ("ticket", "lacks"),
    [
        ({"text": LONG}, ()),
        ({"text": ""}, ("una descripción más detallada de lo que ocurre (al menos 20 caracteres)",)),
        ({"text": "No\n\n\n               \t         va"},
         ("una descripción más detallada de lo que ocurre (al menos 20 caracteres)",)),
        ({"text": "x" * 20}, ()),
        ({"text": "x" * 19, "language": "en"},
         ("a more detailed description of what happens (at least 20 characters)",)),
        ({"text": LONG, "category": "Error"},
         ("el nombre de la pantalla", "un archivo adjunto, por ejemplo una captura de pantalla")),
        ({"text": LONG, "category": "ERROR", "attachments": 1}, ("el nombre de la pantalla",)),
        ({"text": LONG + " Pantallas: PEDIDOS", "category": "error", "attachments": 1}, ()),
        ({"text": LONG, "subject": "The SCREEN of orders", "category": "error", "attachments": 1}, ()),
        ({"text": LONG + " A TELA\n  Principal", "category": "error", "attachments": 2}, ()),
        ({"text": LONG + " telefone, minipantalla", "category": "error", "attachments": 2},
         ("el nombre de la pantalla",)),
        ({"text": LONG, "category": "error", "attachments": 1, "language": "pt"},
         ("a menção de pelo menos um destes dados: pantalla, screen, tela principal",)),
        ({"text": LONG, "category": "question"}, ()),
        ({"text": "Un_texto_de_una_palabra", "area": "web"},
         ("una descripción más detallada de lo que ocurre (al menos 3 palabras)",)),
        ({"text": LONG, "area": "web", "category": "error"}, ()),
        ({"text": "", "area": "web", "language": "fr"},
         ("a more detailed description of what happens (at least 20 characters)",
          "a more detailed description of what happens (at least 3 words)")),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_in_the_readers_words(
    rules: tuple[Rule, ...], ticket: dict[str, Any], lacks: tuple[str, ...]
) -> None:
    assert lacking(rules, **ticket) == lacks


def test_without_rules_every_ticket_is_complete() -> None:
    assert lacking(()) == ()


def test_what_two_rules_say_alike_is_said_once() -> None:
    both = rules_of([Completeness(kind="length"), Completeness(kind="words")])

    assert lacking(both) == ("una descripción de lo que ocurre",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "lenght"', '5: [[completeness]] number 1, kind: must be "length", "words", "names" or "attachment"'),
        ("least = 20", "4: [[completeness]] number 1: kind is missing"),
        ('kind = "length"\nleast = 0', "6: [[completeness]] number 1, least: must be greater than or equal to 1"),
        ('kind = "length"\narea = "erq"',
         '6: [[completeness]] number 1, area: there is no [[area]] "erq"; did you mean erp?'),
        ('kind = "names"',
         '4: [[completeness]] number 1: kind = "names" needs words, such as words = ["pantalla", "screen", "tela"]'),
        ('kind = "names"\nwords = ["pantalla", " "]', "6: [[completeness]] number 1, words, number 2: is no word"),
        ('kind = "names"\nwords = ["pantalla"]\nleast = 2',
         "7: [[completeness]] number 1, least: is more than there are words: 1"),
        ('kind = "length"\nwords = ["pantalla"]',
         '6: [[completeness]] number 1, words: are for kind = "names"; kind = "length" does not look at them'),
        ('kind = "length"\nminimum = 3',
         "6: [[completeness]] number 1, minimum: there is no such setting; there are kind, least, area, category, "
         "words, es, en, pt"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"{AREA}[[completeness]]\n{text}\n", "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(file, {})

    assert str(error.value) == f"{file}:{told}"
