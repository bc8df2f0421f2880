"""The protocol `assignment` by mail only: supervisors assign, owners work, every end has a reason.

Nobody uses anything but a mail program. `5.x` are the numbers of the protocol's lines.
"""

from typing import Any

import pytest

from tests.by_mail import ADMIN, ROSA, done, last_about, newest, refused, writes
from tests.desk_days import ANA, DeskDays, desk, mail, words
from tests.world import LUIS, MARTA, code_in

__all__ = ["desk"]


@pytest.fixture
def registered(desk: DeskDays) -> int:
    """A ticket that Ana opened on Monday at 9:00. Rosa is an agent as Luis is."""
    desk.opened_by("assignment")
    desk.world.known(ROSA, name="Rosa Gil", role="agent", areas=["support"], language="es")
    desk.world.known(ADMIN, name="Alba Mora", role="administrator", language="es")
    return desk.ticket()


@pytest.fixture
def assigned(desk: DeskDays, registered: int) -> int:
    done(desk, registered, "#asignar Luis Gómez", by=MARTA)
    return registered


@pytest.fixture
def in_process(desk: DeskDays, assigned: int) -> int:
    done(desk, assigned, "#estado En proceso")
    return assigned


@pytest.fixture
def finished(desk: DeskDays, in_process: int) -> int:
    done(desk, in_process, "#naturaleza incidente\n#resuelto\n\nCambiamos el tóner.")
    return in_process


def owner(desk: DeskDays, number: int) -> str:
    found = desk.world.ticket(number).owner_id
    return next((one for one in (LUIS, MARTA, ROSA, ADMIN) if desk.world.person(one).id == found), "")


def test_the_supervisor_gives_it_to_an_agent_by_name_by_address_or_takes_it(desk: DeskDays, registered: int) -> None:
    assert {one.to_address for one in desk.world.letters(letter="alert")} == {MARTA, ADMIN}

    done(desk, registered, "#tomar", by=MARTA)
    assert (desk.state(registered), owner(desk, registered)) == ("assigned", MARTA)
    done(desk, registered, f"#asignar {ROSA}\n\nRosa, ¿la ves hoy?", by=ADMIN)
    assert owner(desk, registered) == ROSA
    done(desk, registered, "#asignar luis gomez", by=MARTA)

    assert owner(desk, registered) == LUIS
    assert "Le atiende Luis Gómez" in newest(desk, "owner_changed", ANA).subject
    assert "Rosa, ¿la ves hoy?" in newest(desk, "alert", ROSA).text
    assert "¿la ves hoy?" not in "".join(one.text for one in desk.world.letters(to=ANA))


@pytest.mark.parametrize("somebody", ["bruno@firm.example", "nora@staff.example", "Nadie Conocido", "Gómez Gil"])
def test_only_somebody_of_the_area_can_have_it(desk: DeskDays, registered: int, somebody: str) -> None:
    said = refused(desk, registered, f"#prioridad alta\n#asignar {somebody}", by=MARTA)

    assert f"Línea 2: #asignar {somebody}" in said


def test_an_agent_neither_sees_nor_touches_what_is_registered(desk: DeskDays, registered: int) -> None:
    """Luis has a letter about a ticket of his; with it he names the other one."""
    mine = desk.ticket(subject="Otra", text="El portal de pagos no abre desde hoy.")
    done(desk, mine, "#asignar Luis Gómez", by=MARTA)

    assert "No hay tal solicitud" in refused(desk, mine, f"#ver #{registered}")
    for commands in (
        "#tomar",
        "#nota Yo la tomo.",
        "#prioridad alta",
        "#asignar yo",
        "#responder\nHola.",
        "#tiempo 5m",
        "#cuenta inactiva",
        "#consultar bruno@firm.example\n¿Qué sabe de esto?",
        "#participante +bruno@firm.example",
    ):
        refused(desk, mine, f"#solicitudes #{registered}\n{commands}")
    writes(desk, mine, "#lista")
    assert "La impresora no imprime" not in newest(desk, "ticket_list", LUIS).text
    writes(desk, mine, "#lista", by=MARTA)
    assert "La impresora no imprime" in newest(desk, "ticket_list", MARTA).text


def test_several_at_once_ask_for_a_code_and_one_that_cannot_be_stops_all(desk: DeskDays, registered: int) -> None:
    second = desk.ticket(subject="Otra", text="El portal de pagos no abre desde hoy.")
    third = desk.ticket(to="billing@desk.example", subject="Factura", text="La factura de octubre está repetida.")

    refused(desk, second, f"#solicitudes #{registered} #{second} #{third}\n#asignar Luis Gómez", by=MARTA)
    assert (owner(desk, registered), owner(desk, second)) == ("", "")

    writes(desk, second, f"#solicitudes #{registered} #{second}\n#asignar Luis Gómez", by=MARTA)
    letter = newest(desk, "commands_code", MARTA)
    done(desk, second, f"{code_in(letter)}\n\nMarta", by=MARTA, to=letter)
    assert (owner(desk, registered), owner(desk, second)) == (LUIS, LUIS)


def test_an_agent_does_not_assign_what_waits_to_be_begun(desk: DeskDays, assigned: int) -> None:
    refused(desk, assigned, f"#asignar {ROSA}")

    assert owner(desk, assigned) == LUIS


def test_it_is_given_back_to_nobody(desk: DeskDays, assigned: int) -> None:
    done(desk, assigned, "#asignar nadie", by=MARTA)

    assert desk.world.ticket(assigned).owner_id is None


def test_the_agents_log_entries_stay_inside(desk: DeskDays, assigned: int) -> None:
    done(desk, assigned, "#nota Llamé a las 9:10, no contestó.")
    done(desk, assigned, "#llamada\n#tiempo 10m\n\nHablé con Ana.")

    kinds = [(one.kind, one.public, one.origin) for one in desk.world.messages(assigned)]
    assert kinds == [("mail", True, "mail"), ("note", False, "mail"), ("record", False, "phone")]
    assert (desk.state(assigned), desk.world.ticket(assigned).time_spent) == ("assigned", 600)


def test_it_is_in_process_once_its_owner_says_so_or_answers(desk: DeskDays, assigned: int) -> None:
    writes(desk, assigned, "Ya la estamos viendo.")

    assert desk.state(assigned) == "in_process"
    assert "Ya la estamos viendo." in newest(desk, "answer", ANA).text


def test_its_owner_hands_it_to_a_colleague_and_then_has_nothing_to_say(desk: DeskDays, in_process: int) -> None:
    done(desk, in_process, f"#asignar {ROSA}\n\nRosa, es el mismo error de ayer.")

    assert (desk.state(in_process), owner(desk, in_process)) == ("in_process", ROSA)
    assert "es el mismo error de ayer" in newest(desk, "alert", ROSA).text
    for commands in ("#resuelto\nListo.", "#cancelar No procede", "#nota Algo.", "#asignar yo"):
        refused(desk, in_process, commands)
    done(desk, in_process, "#resuelto\n\nCambiamos el tóner.", by=ROSA)
    assert "Cambiamos el tóner." in newest(desk, "solved", ANA).text


def test_an_ordinary_answer_of_who_does_not_own_it_goes_to_nobody(desk: DeskDays, in_process: int) -> None:
    letter = last_about(desk, in_process, LUIS)
    done(desk, in_process, f"#asignar {ROSA}")
    before = len(desk.world.letters(to=ANA))

    writes(desk, in_process, "Ya casi está.", to=letter)

    assert len(desk.world.letters(to=ANA)) == before


def test_cancelling_takes_a_reason_and_nothing_follows(desk: DeskDays, in_process: int) -> None:
    assert "Línea 1: #cancelar" in refused(desk, in_process, "#cancelar")

    done(desk, in_process, "#cancelar La impresora se dio de baja\n\nSi necesita otra, escríbanos.")

    letter = newest(desk, "cancelled", ANA)
    assert "por este motivo: La impresora se dio de baja" in words(letter)
    assert "Si necesita otra, escríbanos." in letter.text
    for by in (LUIS, MARTA, ADMIN):
        refused(desk, in_process, "#reabrir", by=by)


def test_finishing_takes_a_resolution(desk: DeskDays, in_process: int) -> None:
    """His signature is none."""
    assert "texto" in refused(desk, in_process, "#resuelto")

    done(desk, in_process, "#resuelto\n\nCambiamos el tóner.")
    assert "Cambiamos el tóner." in newest(desk, "solved", ANA).text
    assert desk.state(in_process) == "finished"


@pytest.mark.parametrize("by", [LUIS, MARTA])
def test_its_owner_or_a_supervisor_reopens_it(desk: DeskDays, finished: int, by: str) -> None:
    done(desk, finished, "#reabrir", by=by)

    assert desk.state(finished) == "in_process"


def test_a_test_is_cancelled_where_nobody_closes(desk: DeskDays, registered: int) -> None:
    done(desk, registered, "#prueba", by=MARTA)

    assert desk.state(registered) == "cancelled"
    assert "por este motivo: Era una prueba" in words(newest(desk, "cancelled", ANA))


def test_5_1_area_category_and_problem_are_named(desk: DeskDays, registered: int) -> None:
    done(desk, registered, "#categoría impresoras\n#clasificación atasco de papel\n#prioridad alta", by=MARTA)

    row = desk.world.ticket(registered)
    assert (row.category, row.classification, row.priority) == ("impresoras", "atasco de papel", 1)
    done(desk, registered, "#área billing", by=MARTA)
    assert desk.world.ticket(registered).area == "billing"


def test_5_2_an_agent_opens_a_ticket_for_a_customer_and_sees_it_among_those_they_created(
    desk: DeskDays, assigned: int
) -> None:
    done(desk, assigned, f"#nueva {ANA} Falta tóner\n#origen teléfono\n\nPidió tóner negro para el segundo piso.")

    (new,) = (row for row in desk.world.tickets() if row.id != assigned)
    assert (new.subject, new.requester_id, new.origin) == ("Falta tóner", desk.world.person(ANA).id, "phone")
    assert "Pidió tóner negro" in desk.world.messages(new.id)[0].text
    writes(desk, assigned, "#lista creadas")
    assert "Falta tóner" in newest(desk, "ticket_list", LUIS).text


def test_5_2_a_mail_of_an_agents_own_is_their_ticket(desk: DeskDays, registered: int) -> None:
    row = desk.world.receive(mail(from_=f"Luis <{LUIS}>", subject="Falta tóner", s1=True))

    assert (row.verdict, desk.state(row.ticket_id)) == ("ticket", "registered")


def test_5_4_a_supervisor_has_their_area_and_an_administrator_all(desk: DeskDays, registered: int) -> None:
    billing = desk.ticket(to="billing@desk.example", subject="Factura", text="La factura de octubre está repetida.")

    assert "No hay tal solicitud" in refused(desk, registered, f"#ver #{billing}", by=MARTA)
    refused(desk, registered, f"#solicitudes #{billing}\n#tomar", by=MARTA)
    done(desk, billing, "#tomar", by=ADMIN)
    assert owner(desk, billing) == ADMIN


def test_5_5_the_log_names_who_commanded_what_by_which_mail(desk: DeskDays, finished: int) -> None:
    log: list[Any] = [one for one in desk.world.events(finished) if one.action == "commands"]
    marta, luis = desk.world.person(MARTA).id, desk.world.person(LUIS).id

    assert [(one.actor_id, one.data["commands"]) for one in log] == [
        (marta, "assign"),
        (luis, "state"),
        (luis, "nature, solve"),
    ]
    assert all(one.cause.startswith("m-") for one in log)
    done_by = [(one.action, one.actor_id, one.cause) for one in desk.world.events(finished) if one.action == "solve"]
    assert done_by == [("solve", luis, log[-1].cause)]
