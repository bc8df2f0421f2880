"""A text that ends with its author's name is not signed again."""

import pytest

from gateway.desk.signed import signed_by
from tests.world import ANA, World


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("Hola, Ana:\nya va.\n\nLuis Gómez\nMesa de ayuda | Tel. 555 0100", True),
        ("Ya va.\n\nSaludos,\nLuis", True),
        ("Ya va.\n\nLUIS GOMEZ", True),
        ("Hola, Ana: ya va.", False),
        ("Le paso con Luis Gómez, que sabe más.", False),
        ("Ya va.\n\nGómez", False),
        ("", False),
    ],
)
def test_a_line_that_is_the_name_or_its_beginning_signs(text: str, signed: bool) -> None:
    assert signed_by(text, "Luis Gómez") is signed


def test_nobody_without_a_name_has_signed() -> None:
    assert not signed_by("Ya va.\n\n-", "")


def test_a_letter_names_its_author_once(world: World) -> None:
    number = world.ticket_of()
    world.act(number, "reply", text="Ya va.\n\nLuis Gómez\nMesa de ayuda")
    world.act(number, "reply", text="Ya está.")

    first, second = world.letters(to=ANA, letter="answer")
    assert (first.text.count("Luis Gómez"), second.text.count("Luis Gómez")) == (1, 1)
