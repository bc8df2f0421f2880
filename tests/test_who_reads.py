"""Who answers a letter of the desk reads in it whom their text reaches; the receipt names everybody whom it reached."""

from typing import Any

import pytest

from gateway.outbound.compose import Composer
from tests.desk_days import DeskDays, desk
from tests.letter_samples import TEMPLATES, sample
from tests.taking_part import with_eva, writes
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, World, reply_to

__all__ = ["desk"]


def says(world: World, text: str, **changes: Any) -> Any:
    world.receive(reply_to(world.letters(LUIS, "alert")[-1], text, s1=True, **changes))
    return world.letters(LUIS)[-1]


def words(letter: Any) -> str:
    return " ".join(letter.text.split())


@pytest.fixture
def shared(world: World) -> int:
    """Ana's request, in which Eva takes part."""
    world.known(EVA, name="Eva Soto")
    return with_eva(world)


def test_an_alert_names_all_who_get_what_its_reader_answers(world: World, shared: int) -> None:
    alert = world.letters(LUIS, "alert")[-1]

    for part in (words(alert), " ".join(alert.html.split()).replace("&lt;", "<").replace("&gt;", ">")):
        assert "su texto llega a Ana Pérez y Eva Soto." in part
        assert f"Eva Soto <{EVA}>" in part
    assert f"Participan: Eva Soto <{EVA}>" in alert.text
    world.receive(reply_to(alert, "Ya va un técnico.", s1=True))
    assert {to for letter, to in world.told() if letter in ("answer", "relayed")} == {ANA, EVA}


def test_who_left_is_named_no_more(world: World, shared: int) -> None:
    writes(world, shared, EVA, "salir")
    writes(world, shared, ANA, "¿Cómo va?")

    alert = world.letters(LUIS, "alert")[-1]
    assert "su texto llega a Ana Pérez." in words(alert)
    assert "Participan" not in alert.text


def test_an_alert_names_the_agents_of_the_organisation_that_are_told(world: World) -> None:
    world.change_settings(organisations={"notify_agents": True})
    world.known(ANA, organisation="Firm")
    world.known(BRUNO, name="Bruno Díaz", organisation="Firm", organisation_agent=True)
    world.ticket_of(ANA)

    assert "su texto llega a Ana Pérez y Bruno Díaz." in words(world.letters(LUIS, "alert")[-1])


@pytest.mark.parametrize(
    "text", ["#resuelto\nCambiamos el fusor.", "#responder\nYa va un técnico.", "#tomar\n#esperar\n¿Qué modelo es?"]
)
def test_the_receipt_names_everybody_whom_the_words_reached(world: World, shared: int, text: str) -> None:
    receipt = says(world, text)

    assert f"se envió a Ana Pérez <{ANA}>, Eva Soto <{EVA}>." in words(receipt)


def test_the_receipt_names_those_too_to_whom_the_mail_itself_went(world: World, shared: int) -> None:
    before = len(world.letters())
    receipt = says(world, "#responder\nYa va un técnico.", cc=EVA)

    assert "relayed" not in {letter for letter, _ in world.told(before)}
    assert f"se envió a Ana Pérez <{ANA}>, Eva Soto <{EVA}>." in words(receipt)


def test_the_receipt_names_nobody_who_did_not_get_the_words(world: World, shared: int) -> None:
    """Eva is taken out before they go, by the same mail; Bruno comes in, and reads them."""
    world.known(BRUNO, name="Bruno Díaz")
    before = len(world.letters())
    receipt = says(world, f"#participante -{EVA} +{BRUNO}\n#responder\n\nYa va un técnico.")

    assert {to for letter, to in world.told(before) if letter in ("answer", "relayed")} == {ANA, BRUNO}
    assert f"se envió a Ana Pérez <{ANA}>, Bruno Díaz <{BRUNO}>." in words(receipt)
    assert "Si responde con un texto, llega a Ana Pérez y Bruno Díaz." in words(receipt)


def test_the_receipt_does_not_name_whom_a_cap_kept_from_reading_it(world: World) -> None:
    """Eva never confirmed who she is, and the letter that it is over is one of the desk's own."""
    world.change_settings(caps={"letters_per_address": 0})
    with_eva(world)
    receipt = says(world, "#resuelto\nCambiamos el fusor.")

    assert EVA not in {one.to_address for one in world.letters()}
    assert f"se envió a Ana Pérez <{ANA}>." in words(receipt)


@pytest.mark.parametrize("command", ["#tomar", "#ver", "#ayuda"])
def test_receipts_views_and_the_help_say_whom_an_answer_reaches(world: World, shared: int, command: str) -> None:
    letter = says(world, command)

    assert "Si responde con un texto, llega a Ana Pérez y Eva Soto." in words(letter)
    assert "llega a Ana Pérez y Eva Soto." in " ".join(letter.html.split())


def test_where_nobody_can_be_written_to_they_say_so(desk: DeskDays) -> None:
    """Until a supervisor has prepared it nobody processes it."""
    desk.opened_by("approval")
    desk.ticket()
    desk.world.receive(reply_to(desk.world.letters(MARTA, "alert")[-1], "#nota Es de Luis.", s1=True))

    receipt = desk.world.letters(MARTA, "commands_done")[-1]
    assert "En este estado no se le puede escribir a quien hizo la solicitud." in words(receipt)
    assert "llega a" not in words(receipt)


def test_the_receipt_names_the_colleague_who_is_told_of_an_internal_note(world: World, shared: int) -> None:
    receipt = says(world, "#asignar Marta\nEs de las tuyas.")

    assert "Es de las tuyas." in world.letters(MARTA, "alert")[-1].text
    assert "se guardó como nota interna. Se lo avisamos a Marta Ruiz y a nadie más." in words(receipt)


def test_a_note_of_which_nobody_is_told_says_so(world: World, shared: int) -> None:
    receipt = says(world, "#nota Ojo: debe tres facturas.")

    assert "Lo que escribió se guardó como nota interna; no se envió a nadie." in words(receipt)


def test_the_answer_of_who_was_asked_aside_says_that_they_do_not_get_what_is_answered_to_it(
    world: World, shared: int
) -> None:
    says(world, f"#tomar\n#consultar {BRUNO}\n¿Hay repuesto?")
    writes(world, shared, BRUNO, "Sí, llega el lunes.")
    alert = world.letters(LUIS, "alert")[-1]

    assert "llega a Ana Pérez y Eva Soto, y no a quien contestó" in words(alert)
    assert words(alert).count("Ana Pérez y Eva Soto") == 1
    assert words(alert).index("y no a quien contestó") < words(alert).index("llega el lunes")
    assert "#consultar dirección:" in alert.text


def test_the_owner_is_told_of_a_colleagues_note_and_how_to_keep_an_answer_inside(world: World, shared: int) -> None:
    says(world, "#tomar")
    before = len(world.letters())
    world.receive(reply_to(world.letters(MARTA, "alert")[-1], "#nota La garantía vence el viernes.", s1=True))

    assert set(world.told(before)) == {("alert", LUIS), ("commands_done", MARTA)}
    alert = world.letters(LUIS, "alert")[-1]
    assert "Marta Ruiz: La garantía vence el viernes." in words(alert)
    assert "llega a Ana Pérez y Eva Soto; para que quede en el equipo, empiece con #nota." in words(alert)
    assert "Se lo avisamos a Luis Gómez y a nadie más." in words(world.letters(MARTA, "commands_done")[-1])


def test_an_own_note_is_told_to_nobody(world: World, shared: int) -> None:
    says(world, "#tomar")
    before = len(world.letters())
    says(world, "#nota La garantía vence el viernes.")

    assert world.told(before) == [("commands_done", LUIS)]


@pytest.mark.parametrize("kind", ["parked", "muted", "storm"])
def test_alerts_of_what_no_person_wrote_say_too_whom_an_answer_reaches(kind: str) -> None:
    text = Composer([TEMPLATES]).compose("alert", "es", sample("alert", "es") | {"kind": kind}).text

    assert "su texto llega a Ana Pérez, Eva Mora." in text


def test_who_is_blocked_is_not_named_among_those_who_read_it(world: World, shared: int) -> None:
    says(world, "#tomar")
    world.known(ANA, state="blocked")
    view = says(world, "#ver")

    assert "llega a Ana" not in words(view)
    assert f"Participan: Eva Soto <{EVA}>" in view.text
    assert f"Solicitante: Ana Pérez <{ANA}>" in view.text
    writes(world, shared, EVA, "¿Cómo va?")
    assert f"Participan: Eva Soto <{EVA}>" in world.letters(LUIS, "alert")[-1].text
