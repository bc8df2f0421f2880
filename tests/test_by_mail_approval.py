"""The protocol `approval` by mail only: prepared by a supervisor, worked on by its owner, closed by its requester.

Nobody uses anything but a mail program. Tests are numbered by the lines of the protocol that they walk.
"""

from typing import Any

import pytest

from tests.by_mail import done, last_about, newest, refused, with_code, writes
from tests.desk_days import ANA, DeskDays, desk, words
from tests.world import BRUNO, LUIS, MARTA, NORA, reply_to

__all__ = ["desk"]

PREPARE = "#preparar\n#asignar Luis Gómez\n#vence 27/11/2026 17:00\n#puesto 3\n#dificultad 2"
CHECKLIST = "#hecho se revisó\n#hecho llamó\n#hecho enlace https://calls.example/27"


@pytest.fixture
def created(desk: DeskDays) -> int:
    """A ticket that Ana opened on Monday at 9:00."""
    desk.opened_by("approval")
    return desk.ticket()


@pytest.fixture
def prepared(desk: DeskDays, created: int) -> int:
    """It is Luis's, for Friday."""
    done(desk, created, PREPARE, by=MARTA)
    return created


@pytest.fixture
def solved(desk: DeskDays, prepared: int) -> int:
    """Its closing waits for Ana's approval."""
    done(desk, prepared, f"{CHECKLIST}\n#resuelto\n\nCambiamos el cable de la impresora.")
    return prepared


def state(desk: DeskDays, number: int) -> tuple[str, int | None]:
    row = desk.world.ticket(number)
    return row.state, row.owner_id


def to_ana(desk: DeskDays, since: int = 0) -> list[str]:
    return [one.letter for one in desk.world.letters(to=ANA)][since:]


def test_4_2_a_supervisor_prepares_by_answering_the_alert(desk: DeskDays, created: int) -> None:
    assert [one.to_address for one in desk.world.letters(letter="alert")] == [MARTA]

    receipt = done(desk, created, PREPARE, by=MARTA)

    row, letter = desk.world.ticket(created), words(newest(desk, "prepared", ANA))
    assert state(desk, created) == ("process", desk.world.person(LUIS).id)
    assert (row.queue_place, row.difficulty) == (3, 2)
    assert "Responsable: Luis Gómez" in letter
    assert "Fecha de cierre prevista: viernes, 27 de noviembre de 2026, 17:00" in letter
    assert "Solicitud asignada" in newest(desk, "alert", LUIS).subject
    assert "#preparar" in receipt
    assert "Estado: En proceso A cargo de: Luis Gómez" in receipt
    assert "Marta Ruiz" not in letter


def test_4_2_what_the_supervisor_writes_below_goes_to_the_requester_with_it(desk: DeskDays, created: int) -> None:
    done(desk, created, f"{PREPARE}\n\nLa programamos para el viernes.", by=MARTA)

    assert "La programamos para el viernes." in newest(desk, "prepared", ANA).text
    assert "#preparar" not in newest(desk, "prepared", ANA).text


@pytest.mark.parametrize(
    ("left_out", "why"),
    [("#asignar Luis Gómez\n", "#asignar"), ("#vence 27/11/2026 17:00\n", "#vence"), ("#puesto 3\n", "#puesto")],
)
def test_4_2_preparing_takes_all_of_it_and_the_answer_says_what_is_missing(
    desk: DeskDays, created: int, left_out: str, why: str
) -> None:
    said = refused(desk, created, PREPARE.replace(left_out, ""), by=MARTA)

    assert "Línea 1: #preparar" in said
    assert f"«{why}»" in said
    assert state(desk, created) == ("created", None)


def test_4_2_nobody_processes_it_before(desk: DeskDays, created: int) -> None:
    """Luis got no letter of it; with one about something else he names it, and may do nothing."""
    other = desk.ticket(subject="Otra", text="El portal de pagos no abre desde hoy.")
    done(desk, other, PREPARE, by=MARTA)

    for commands in ("#resuelto\nYa está.", "#responder\nHola.", "#contribucion\nFalta algo.", PREPARE):
        refused(desk, other, f"#solicitudes #{created}\n{commands}")
    assert to_ana(desk) == ["receipt", "receipt", "prepared"]


def test_4_3_and_4_4_the_owner_opens_contribution_and_closes_it_again(desk: DeskDays, prepared: int) -> None:
    done(desk, prepared, "#contribución abrir\nEnvíenos una foto del error, por favor.")

    opened = newest(desk, "contribution_opened", ANA)
    assert "Envíenos una foto del error, por favor." in opened.text
    assert desk.state(prepared) == "contribution"

    desk.answers("Esta es.", files=[("foto.png", b"png")])
    assert desk.state(prepared) == "process"
    assert "Esta es." in newest(desk, "alert", LUIS).text

    done(desk, prepared, "#contribucion abrir\n¿Y el modelo?")
    assert "Ya está así." in refused(desk, prepared, "#contribucion abrir")
    done(desk, prepared, "#contribucion cerrar")
    assert desk.state(prepared) == "process"
    assert "En proceso" in newest(desk, "state_changed", ANA).subject


def test_4_4_a_bare_signature_is_no_text_for_the_requester(desk: DeskDays, prepared: int) -> None:
    """Luis's program puts his name, his post and his telephone below, without a delimiter."""
    said = done(desk, prepared, "#contribucion abrir")

    assert "555 0100" not in newest(desk, "contribution_opened", ANA).text
    assert "Lo que escribió" not in said


def test_4_5_the_checklist_is_done_line_by_line_and_then_it_is_solved(desk: DeskDays, prepared: int) -> None:
    said = refused(desk, prepared, "#resuelto\nCambiamos el cable.")
    assert "Línea 1: #resuelto" in said

    assert "Línea 3" in refused(desk, prepared, "#hecho se revisó\n#hecho llamó\n#hecho enlace")
    receipt = done(desk, prepared, f"{CHECKLIST}\n#resuelto\n\nCambiamos el cable.")

    assert "Lo que escribió se envió a Ana Pérez <ana@firm.example>." in receipt
    assert desk.state(prepared) == "approval"
    assert "Cambiamos el cable." in newest(desk, "approval", ANA).text
    evidence = [one.data["evidence"] for one in desk.world.events(prepared) if one.data.get("evidence")]
    assert evidence == ["https://calls.example/27"]


@pytest.mark.parametrize(
    "text", ["Sí, gracias", "Sí, ya funciona. Muchas gracias.\n\nAna Pérez\nFirma S. A.\nTel. 601 555"]
)
def test_4_5_the_requester_closes_it_by_answering_yes(desk: DeskDays, solved: int, text: str) -> None:
    desk.answers(text)

    assert desk.state(solved) == "closed"
    assert "Cierre aprobado" in newest(desk, "alert", LUIS).subject
    assert "Línea 1: #reabrir" in refused(desk, solved, "#reabrir")


def test_4_5_a_no_goes_back_to_its_owner_who_answers_that(desk: DeskDays, solved: int) -> None:
    desk.answers("No, sigue fallando: imprime en blanco.")

    assert "imprime en blanco" in newest(desk, "alert", LUIS).text
    done(desk, solved, "#seguimiento\n#tiempo 30m\n\nVamos mañana con un cartucho nuevo.")
    assert "Vamos mañana con un cartucho nuevo." in newest(desk, "answer", ANA).text
    assert desk.world.ticket(solved).time_spent == 1800


def test_4_6_an_account_that_is_inactive_is_said_by_the_agent_and_the_answer_waits(
    desk: DeskDays, prepared: int
) -> None:
    due = desk.world.ticket(prepared).due_at

    assert "#cuenta inactiva" in done(desk, prepared, "#cuenta inactiva", by=MARTA)
    assert desk.world.person(ANA).state == "inactive"
    receipt = done(desk, prepared, "#seguimiento\nYa la vamos a ver.")

    told = newest(desk, "account_inactive", ANA)
    assert "Su cuenta está inactiva" in told.subject
    assert "Ya la vamos a ver." not in "".join(one.text for one in desk.world.letters(to=ANA))
    assert desk.state(prepared) == "waiting_account"
    assert "se guardó como nota interna; no se envió a nadie" in receipt

    desk.passing(days=9)
    done(desk, prepared, "#cuenta activa", by=MARTA)
    assert desk.state(prepared) == "process"
    assert (desk.world.ticket(prepared).due_at - due).days == 9


def test_4_7_without_an_account_it_is_not_prepared(desk: DeskDays) -> None:
    desk.opened_by("approval")
    number = desk.world.ticket_of("eva@elsewhere.example")
    desk.tick()

    assert "no tiene una cuenta activa" in refused(desk, number, PREPARE, by=MARTA)
    done(desk, number, "#cuenta activa", by=MARTA)
    done(desk, number, PREPARE, by=MARTA)


@pytest.mark.parametrize(
    ("written", "worded"),
    [
        ("en seguimiento", "Seguimos trabajando en su caso."),
        ("disculpas", "Lamentamos no haberle respondido todavía."),
        ("«Se retoma después de un tiempo»", "Retomamos su solicitud"),
        ("wrong_kind", "otro tipo de tiquete"),
    ],
)
def test_4_8_a_standard_answer_goes_out_by_its_name(desk: DeskDays, prepared: int, written: str, worded: str) -> None:
    done(desk, prepared, f"#plantilla {written}\n#seguimiento\n\nQuedo atento a lo que necesite.")

    letter = words(newest(desk, "answer", ANA))
    assert worded in letter
    assert letter.index(worded) < letter.index("Quedo atento a lo que necesite.")


def test_4_8_a_standard_answer_alone_is_not_followed_by_a_signature(desk: DeskDays, prepared: int) -> None:
    done(desk, prepared, "#plantilla en seguimiento")

    answer = newest(desk, "answer", ANA)
    assert "Seguimos trabajando en su caso." in answer.text
    assert "555 0100" not in answer.text


def test_4_8_an_unknown_name_is_answered_with_those_that_there_are(desk: DeskDays, prepared: int) -> None:
    assert ", En seguimiento, Cuenta inactiva, " in refused(desk, prepared, "#plantilla xyz")


def test_4_9_an_answer_that_leaves_it_unsolved_is_reported(desk: DeskDays, prepared: int) -> None:
    before = len(desk.letters("alert", MARTA))
    done(desk, prepared, "#seguimiento\nLe escribo mañana.")
    assert len(desk.letters("alert", MARTA)) == before

    row = writes(desk, prepared, "Ya le contesté.")

    assert row.verdict == "reply"
    assert "No conformidad" in newest(desk, "alert", MARTA).subject


def test_4_10_a_ticket_is_moved_to_the_department_that_it_concerns(desk: DeskDays, created: int) -> None:
    olga = "olga@staff.example"
    desk.world.known(olga, name="Olga Paz", role="supervisor", areas=["billing"], language="es")

    done(desk, created, "#departamento billing\n#categoria Pagos\n#prioridad alta", by=MARTA)

    row = desk.world.ticket(created)
    assert (row.area, row.category, row.priority) == ("billing", "Pagos", 1)
    assert "Nueva solicitud" in newest(desk, "alert", olga).subject
    assert "No hay tal solicitud" in refused(desk, created, "#ver", by=MARTA)
    done(desk, created, f"#preparar\n#asignar {NORA}\n#vence 01/12/2026\n#puesto 1\n#dificultad 1", by=olga)


def test_4_11_a_duplicate_is_merged_with_a_code_and_the_requester_told_which_one_remains(
    desk: DeskDays, created: int
) -> None:
    second = desk.ticket(subject="Otra vez la impresora")

    receipt = with_code(desk, second, f"#duplicado #{created}", by=MARTA)

    assert f"#{created}" in newest(desk, "duplicate", ANA).subject
    assert (desk.state(second), desk.state(created)) == ("cancelled", "created")
    assert f"#duplicado #{created}" in receipt


def test_4_11_tickets_of_two_people_are_not_merged_and_no_code_is_asked_for(desk: DeskDays, created: int) -> None:
    other = desk.world.ticket_of(BRUNO)
    desk.tick()

    assert "es de otra persona" in refused(desk, other, f"#unir #{created}", by=MARTA)


def test_4_12_a_test_ticket_is_closed_with_its_standard_answer(desk: DeskDays, created: int) -> None:
    done(desk, created, "#prueba", by=MARTA)

    assert "Este tiquete era una prueba y queda cerrado." in words(newest(desk, "closed", ANA))
    assert desk.state(created) == "closed"


def test_a_call_is_taken_down_with_its_link_its_time_and_when_it_was(desk: DeskDays, prepared: int) -> None:
    desk.world.later(hours=2)
    done(
        desk,
        prepared,
        "#llamada https://calls.example/27\n#cuándo hoy 9:30\n#tiempo 15 minutos\n\nExplicó que la luz parpadea.",
    )

    kept = desk.world.messages(prepared)[-1]
    assert (kept.kind, kept.origin, kept.public) == ("record", "phone", False)
    assert kept.text.startswith("Explicó que la luz parpadea.")
    assert (kept.evidence, kept.time_spent) == ("https://calls.example/27", 900)
    assert to_ana(desk) == ["receipt", "prepared"]


def test_who_only_answers_without_commands_answers_the_requester(desk: DeskDays, prepared: int) -> None:
    """The signature without a delimiter stays here: it is below words of their own."""
    row = writes(desk, prepared, "Ya la estamos revisando, Ana.")

    assert (row.verdict, row.stage) == ("reply", "names_a_ticket")
    answer = newest(desk, "answer", ANA)
    assert "Ya la estamos revisando, Ana." in answer.text
    assert "arriba de esta línea" not in answer.text.partition("Ya la estamos")[2][:200]


def test_the_letters_about_it_can_be_answered_too(desk: DeskDays, prepared: int) -> None:
    """A refusal and a receipt are answered as the alert is."""
    refused(desk, prepared, "#puest 2")
    assert last_about(desk, prepared, LUIS).letter == "commands_refused"
    done(desk, prepared, "#tiempo 10m")
    assert last_about(desk, prepared, LUIS).letter == "commands_done"
    done(desk, prepared, "#tiempo 5m")

    assert desk.world.ticket(prepared).time_spent == 900


def test_a_customer_who_answers_such_a_letter_commands_nothing(desk: DeskDays, prepared: int) -> None:
    """Ana got hold of Luis's alert: she is no person of the desk."""
    alert: Any = newest(desk, "alert", LUIS)
    row = desk.world.receive(reply_to(alert, "#resuelto\nListo.", from_=ANA, s1=True))

    assert row.verdict != "command"
    assert desk.state(prepared) == "process"
