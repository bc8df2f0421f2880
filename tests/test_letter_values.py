"""What the desk puts into the letters that time and people cause: who, until when, and nobody's words to themselves."""

import pytest

from tests.desk_days import ANA, DeskDays, desk
from tests.world import LUIS, MARTA

__all__ = ["desk"]


@pytest.fixture
def promised(desk: DeskDays) -> int:
    """A ticket of Monday 9:00 in Bogotá at a desk that promises times."""
    desk.opened_by("response-targets")
    return desk.ticket()


def test_an_alert_about_a_target_says_which_and_until_when(desk: DeskDays, promised: int) -> None:
    desk.passing(minutes=11)
    warned, missed = (one for one in desk.letters("alert", to=LUIS) if "Plazo: Primera respuesta" in one.text)

    assert warned.subject.startswith(f"[#{promised}] Plazo por vencer")
    assert missed.subject.startswith(f"[#{promised}] Plazo vencido")
    for one in (warned, missed):
        assert "Plazo: Primera respuesta\nVence: lunes, 23 de noviembre de 2026, 9:10 (UTC-5)\n" in one.text
        assert "Nadie la atiende todavía." in one.text


def test_a_status_notice_names_who_works_on_it_only_when_somebody_does(desk: DeskDays, promised: int) -> None:
    desk.passing(hours=4, minutes=1)
    nobody = desk.letters("status")[-1].text
    desk.world.act(promised, "take")
    desk.world.answered(promised)
    desk.passing(hours=4, minutes=1)
    somebody = desk.letters("status")[-1].text
    name = desk.world.person(LUIS).name

    assert name not in nobody
    assert "Todavía no está asignada" in nobody
    assert f"La atiende {name}." in somebody


def test_a_letter_promises_only_what_is_still_to_come(desk: DeskDays, promised: int) -> None:
    desk.passing(hours=4, minutes=1)
    status = desk.letters("status")[-1].text

    assert "Primera respuesta" not in status
    assert "Solución o escalamiento:\n  martes, 24 de noviembre de 2026, 9:00 (UTC-5)" in status


def test_what_the_requester_wrote_does_not_come_back_to_them(desk: DeskDays) -> None:
    """A refusal by mail changes the state, which they are told; the reason goes to the owner, and is not repeated."""
    desk.opened_by("approval")
    number = desk.ticket()
    desk.world.act(number, "prepare", by=MARTA, owner=LUIS, due="2026-12-04", queue="1", difficulty="2")
    for item, more in (("answer_reviewed", {}), ("called", {}), ("evidence", {"evidence": "https://chat.example/1"})):
        desk.world.act(number, "check", item=item, **more)
    desk.world.act(number, "solve", text="Cambiamos el fusor.")
    desk.answers("No, sigue fallando con la bandeja dos.")

    assert desk.state(number) == "process"
    assert "bandeja dos" in desk.letters("alert", to=LUIS)[-1].text
    assert all("bandeja dos" not in one.text + one.html for one in desk.world.letters(to=ANA))


def test_until_its_sender_is_proven_a_letter_by_itself_has_the_number_only(desk: DeskDays) -> None:
    desk.opened_by("response-targets")
    number = desk.world.ticket_of("stranger@far.example", s1=False, subject="Clave olvidada")
    desk.passing(hours=4, minutes=1)
    (status,) = desk.letters("status", to="stranger@far.example")

    assert status.subject == f"[#{number}] Cómo va su solicitud"
    assert "Clave olvidada" not in status.text + status.html
