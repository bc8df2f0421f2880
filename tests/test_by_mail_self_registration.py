"""The protocol `self-registration` by mail only: the first mail makes the account, and the desk works by answering.

Nobody uses anything but a mail program. `3.x` are the numbers of the protocol's lines.
"""

from typing import Any

import pytest

from tests.by_mail import done, newest, refused, writes
from tests.desk_days import ANA, DeskDays, desk, mail, words
from tests.world import LUIS, MARTA, NORA, reply_to

__all__ = ["desk"]

BEA = "bea@new.example"
WHOLE = "En la pantalla de cobros, al guardar, aparece el error 500 desde esta mañana."


@pytest.fixture
def opened(desk: DeskDays) -> int:
    desk.opened_by("self-registration")
    return desk.ticket(text=WHOLE)


def first_mail(desk: DeskDays, **changes: Any) -> int:
    """Bea, whom nobody knows, writes: her ticket."""
    row = desk.world.receive(mail(**({"from_": f"Bea Zamora <{BEA}>", "s1": True, "text": WHOLE} | changes)))
    desk.tick()
    number: int = row.ticket_id
    return number


def test_3_1_the_first_mail_of_somebody_unknown_is_answered_as_any_other(desk: DeskDays) -> None:
    desk.opened_by("self-registration")
    number = first_mail(desk)

    done(desk, number, "#tomar\n\nBuenos días, Bea. ¿Desde qué equipo?")

    assert "¿Desde qué equipo?" in newest(desk, "answer", BEA).text
    assert desk.world.person(BEA).state == "pending"


def test_3_2_an_agent_makes_the_account_active_who_knows_that_it_is_theirs(desk: DeskDays) -> None:
    desk.opened_by("self-registration")
    number = first_mail(desk)

    done(desk, number, "#cuenta activa")

    assert desk.world.person(BEA).state == "active"
    assert desk.letters("account_ready", BEA)


def test_3_3_what_is_incomplete_goes_back_and_comes_again_by_answering(desk: DeskDays, opened: int) -> None:
    assert "texto" in refused(desk, opened, "#incompleta")

    done(desk, opened, "#incompleta la versión del programa")
    asked = newest(desk, "incomplete", ANA)
    assert "la versión del programa" in asked.text
    assert desk.state(opened) == "waiting"

    desk.answers("Es la 7.3.", files=[("pantalla.png", b"png")])
    assert desk.state(opened) == "open"
    assert "Es la 7.3." in newest(desk, "alert", LUIS).text


@pytest.mark.parametrize("reason", ["not_supported", "Producto o version sin soporte", "sin soporte"])
def test_3_4_it_is_rejected_with_a_reason_of_the_list_and_a_text(desk: DeskDays, opened: int, reason: str) -> None:
    done(desk, opened, f"#rechazar {reason}\n\nLa versión 3 terminó en 2024.")

    letter = newest(desk, "rejected", ANA)
    assert "por este motivo: Producto o versión sin soporte" in words(letter)
    assert "La versión 3 terminó en 2024." in letter.text
    assert desk.state(opened) == "rejected"


def test_3_4_a_reason_that_is_not_on_the_list_is_answered_with_the_list(desk: DeskDays, opened: int) -> None:
    said = refused(desk, opened, "#rechazar porque sí\n\nNo.")

    assert "Línea 1: #rechazar porque sí" in said
    assert "No corresponde a esta mesa de ayuda" in said
    assert "texto" in refused(desk, opened, "#rechazar not_ours")
    assert "#rechazar" in refused(desk, opened, "#rechazar\n\nNo.")


def test_3_5_area_category_priority_and_who_attends_in_one_mail(desk: DeskDays, opened: int) -> None:
    done(desk, opened, f"#area billing\n#categoria pagos\n#prioridad alta\n#asignar {NORA}", by=MARTA)

    row = desk.world.ticket(opened)
    assert (row.area, row.category, row.priority, row.owner_id) == (
        "billing",
        "pagos",
        1,
        desk.world.person(NORA).id,
    )


@pytest.mark.parametrize(
    ("commands", "letter", "state"),
    [
        ("#responder", "answer", "open"),
        ("#esperar", "request", "waiting"),
        ("#incompleta", "incomplete", "waiting"),
        ("#resuelto", "solved", "solved"),
    ],
)
def test_3_6_each_notice_is_answered_by_mail(
    desk: DeskDays, opened: int, commands: str, letter: str, state: str
) -> None:
    done(desk, opened, f"{commands}\n\nReinicie el programa y dígame qué versión tiene.")

    assert "Reinicie el programa" in newest(desk, letter, ANA).text
    assert desk.state(opened) == state
    desk.answers("Es la versión 7.3.")
    assert desk.state(opened) == "open"
    assert "Es la versión 7.3." in newest(desk, "alert", LUIS).text


def test_3_6_there_are_no_copies_of_copies_in_either_direction(desk: DeskDays, opened: int) -> None:
    writes(desk, opened, "¿Qué versión tiene?")
    answer = newest(desk, "answer", ANA)
    assert "error 500" not in answer.text

    quoted = "\n".join(f"> {line}" for line in answer.text.splitlines())
    desk.answers(f"La 7.3.\n\nEl lun, 23 nov 2026 a las 9:00, Mesa de ayuda escribió:\n{quoted}\n")
    alert = newest(desk, "alert", LUIS)
    assert "La 7.3." in alert.text
    assert "¿Qué versión tiene?" not in alert.text
    done(desk, opened, "#resuelto\n\nInstale la 7.4.")
    assert "La 7.3." not in newest(desk, "solved", ANA).text


def test_3_7_what_agents_write_is_looked_at_before_it_goes_out(desk: DeskDays, opened: int) -> None:
    assert "#tal-cual" in refused(desk, opened, "#resuelto\n\nYA LE DIJE QUE REINICIE EL PROGRAMA!!!")


def test_a_command_of_somebody_who_only_has_the_agents_name_does_nothing(desk: DeskDays, opened: int) -> None:
    alert = newest(desk, "alert", LUIS)

    forged = desk.world.receive(reply_to(alert, "#resuelto\n\nListo.", from_=f"Luis Gómez <{LUIS}>", s1=False))
    assert forged.verdict == "command"
    stranger = desk.world.receive(reply_to(alert, "#resuelto\n\nListo.", from_=f"Luis Gómez <{BEA}>", s1=True))
    assert stranger.verdict != "command"

    assert desk.state(opened) == "new"
    assert "Listo." not in "".join(one.text for one in desk.world.letters(to=ANA))


def test_an_agent_whose_account_rests_commands_nothing(desk: DeskDays, opened: int) -> None:
    alert = newest(desk, "alert", LUIS)
    desk.world.known(LUIS, state="inactive")

    row = desk.world.receive(reply_to(alert, "#resuelto\n\nListo.", s1=True))

    assert desk.state(opened) == "new"
    assert row.verdict != "ticket"
    assert "Listo." not in "".join(one.text for one in desk.world.letters(to=ANA))


def test_the_customers_own_commands_are_no_commands_of_the_desk(desk: DeskDays, opened: int) -> None:
    desk.answers("#asignar luis@staff.example\n#prioridad alta")

    row = desk.world.ticket(opened)
    assert (row.owner_id, row.priority) == (None, 2)
