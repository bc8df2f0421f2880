"""The alert to the desk has what the customer wrote, and says so when they wrote nothing new; `explain` shows it."""

import pytest

from gateway.work import explain
from tests.world import LUIS, World, reply_to

QUOTED = "El lun, 3 mar 2025 a las 10:11, Soporte (<soporte@ayuda.example>) escribió:\n\n> ¿La ha reiniciado?\n"


@pytest.fixture
def answered(world: World):
    number = world.ticket_of()
    return world.answered(number)


def alert_after(world: World, answered, text: str):
    before = len(world.letters(LUIS, "alert"))
    world.receive(reply_to(answered, text))
    (letter,) = world.letters(LUIS, "alert")[before:]
    return letter


def test_an_alert_has_the_new_text_without_what_is_quoted(world: World, answered):
    letter = alert_after(world, answered, f"Sigue igual.\n\n{QUOTED}")

    assert "Sigue igual." in letter.text
    assert "reiniciado" not in letter.text
    assert "nada nuevo" not in letter.text


def test_an_alert_about_a_mail_that_is_all_quoted_says_so(world: World, answered):
    letter = alert_after(world, answered, QUOTED)

    assert "Este correo no dice nada nuevo" in letter.text
    assert "Este correo no dice nada nuevo" in letter.html


def test_an_empty_mail_is_not_called_quoted(world: World, answered):
    letter = alert_after(world, answered, "\n")

    assert "nada nuevo" not in letter.text


def test_explain_shows_how_the_text_of_a_kept_mail_was_read(world: World, answered):
    delivery = world.receive(reply_to(answered, f"Sigue igual.\n\n{QUOTED}"))

    (was,) = explain.was(world.office, delivery.mail_id)

    assert [kind for _, _, kind, _ in was.spans] == ["new", "attribution", "quoted"]
