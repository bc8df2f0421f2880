"""The protocol `self-registration` of docs/workflows.md, end to end: the first mail makes the account.

Tests are numbered by the lines of the protocol that they prove. The form behind the confirmation's link is proven in
test_confirm.py and test_web_pages.py.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.desk.workflow_load import load
from gateway.settings import Completeness
from tests.desk_days import ANA, MONDAY, DeskDays, desk, mail, words
from tests.world import LUIS, NORA, reply_to

__all__ = ["desk"]

BEA = "bea@new.example"
ACCOUNT_PLEASE = "Solicitud Usuario de Tiquetes de Soporte"
COMPLETE = [
    Completeness(kind="length", least=40),
    Completeness(kind="names", words=["pantalla"], es="el nombre de la pantalla", en="the screen's name"),
    Completeness(kind="attachment", category="pagos"),
]
WHOLE = "En la pantalla de cobros, al guardar, aparece el error 500 desde esta mañana."


def refused(result: Any) -> Refused:
    assert isinstance(result, Refused), result
    return result


def done(result: Any) -> Any:
    assert not isinstance(result, Refused), result
    return result


def newest(desk: DeskDays, letter: str, to: str = ANA) -> Any:
    return desk.letters(letter, to)[-1]


def listed(letter: Any) -> list[str]:
    return [line[2:] for line in letter.text.splitlines() if line.startswith("- ")]


@pytest.fixture
def open_desk(desk: DeskDays) -> DeskDays:
    desk.opened_by("self-registration")
    return desk


def first_mail(desk: DeskDays, **changes: Any) -> Any:
    """Bea, whom nobody knows, writes: her delivery."""
    row = desk.world.receive(mail(**({"from_": f"Bea Zamora <{BEA}>", "s1": True} | changes)))
    desk.tick()
    return row


def confirms(desk: DeskDays) -> Any:
    row = desk.world.receive(reply_to(newest(desk, "receipt_new", BEA), "Sí, soy yo.", s1=True))
    desk.tick()
    return row


# 3.1 The first mail ---------------------------------------------------------------------------------------------------


def test_3_1_the_customary_subject_registers_and_needs_no_answer_from_the_desk(open_desk: DeskDays) -> None:
    number = first_mail(open_desk, subject=ACCOUNT_PLEASE, text="Buenos días, solicito mi usuario.").ticket_id

    assert open_desk.world.person(BEA).state == "pending"
    assert open_desk.world.letters(to=LUIS) == []
    assert [one.letter for one in open_desk.world.letters(to=BEA)] == ["receipt_new"]
    assert confirms(open_desk).ticket_id == number
    assert open_desk.world.person(BEA).state == "active"
    assert open_desk.state(number) == "closed"
    assert "Su cuenta está lista" in words(newest(open_desk, "account_ready", BEA))


def test_3_1_any_other_first_mail_is_a_ticket_too(open_desk: DeskDays) -> None:
    number = first_mail(open_desk, text=WHOLE).ticket_id

    assert open_desk.world.person(BEA).state == "pending"
    assert open_desk.state(number) == "new"
    assert "error 500" in newest(open_desk, "alert", LUIS).text
    assert f"número #{number}" in newest(open_desk, "receipt_new", BEA).text


# 3.2 The confirmation -------------------------------------------------------------------------------------------------


def test_3_2_the_confirmation_is_answered_by_mail_and_the_ticket_goes_on(open_desk: DeskDays) -> None:
    number = first_mail(open_desk, text=WHOLE).ticket_id
    letter = newest(open_desk, "receipt_new", BEA)
    assert "responda a este correo con cualquier texto" in words(letter)

    confirms(open_desk)

    assert open_desk.world.person(BEA).state == "active"
    assert open_desk.world.ticket(number).verified
    assert open_desk.state(number) == "new"
    done(open_desk.world.act(number, "reply", text="La estamos revisando."))
    assert "La estamos revisando." in newest(open_desk, "answer", BEA).text


def test_3_2_who_does_not_confirm_is_reminded_once(open_desk: DeskDays) -> None:
    first_mail(open_desk, text=WHOLE)

    written = open_desk.passing(days=14)

    assert [(letter, to) for _, letter, to in written if to == BEA] == [("confirm_reminder", BEA)]


# 3.3 What a ticket needs ----------------------------------------------------------------------------------------------


@pytest.fixture
def sent_back(desk: DeskDays) -> int:
    """A ticket of Monday at 9:00 that says too little."""
    desk.opened_by("self-registration", completeness=COMPLETE)
    return desk.ticket(subject="Cobros", text="No anda.")


def test_3_3_a_ticket_below_the_minimum_goes_back_with_the_list_and_waits(desk: DeskDays, sent_back: int) -> None:
    letter = newest(desk, "incomplete")

    assert f"[#{sent_back}] Nos faltan datos" in letter.subject
    assert listed(letter) == [
        "una descripción más detallada de lo que ocurre (al menos 40 caracteres)",
        "el nombre de la pantalla",
    ]
    assert "cerraremos la solicitud el miércoles, 2 de diciembre de 2026, 9:00" in words(letter)
    assert desk.state(sent_back) == "waiting"
    assert desk.letters("alert", LUIS) == []


def test_3_3_the_requester_completes_it_by_replying(desk: DeskDays, sent_back: int) -> None:
    desk.answers(WHOLE, files=[("pantalla.png", b"png")])

    assert desk.state(sent_back) == "open"
    assert "error 500" in newest(desk, "alert", LUIS).text
    assert [one.name for one in desk.world.attachments(desk.world.messages(sent_back)[-1].id)] == ["pantalla.png"]


def test_3_3_who_does_not_complete_it_is_reminded_and_then_it_is_closed(desk: DeskDays, sent_back: int) -> None:
    written = desk.passing(days=14)

    assert written == [
        ("Wed 25 09:00", "reminder", ANA),
        ("Mon 30 09:00", "reminder", ANA),
        ("Wed 02 09:00", "closed_by_time", ANA),
    ]
    first, last = desk.letters("reminder")
    assert "Recordatorio: esperamos su respuesta" in first.subject
    assert "Último aviso: esperamos su respuesta" in last.subject
    assert "la cerraremos el miércoles, 2 de diciembre de 2026, 9:00" in words(last)
    assert "Cerrada por falta de información" in newest(desk, "closed_by_time").subject
    assert desk.state(sent_back) == "closed"


def test_3_3_an_agent_sends_a_ticket_back_by_hand(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)

    done(open_desk.world.act(number, "incomplete", text="Falta la versión del programa."))

    assert "Falta la versión del programa." in newest(open_desk, "incomplete").text
    assert open_desk.state(number) == "waiting"


# 3.4 Rejection --------------------------------------------------------------------------------------------------------


def test_3_4_the_desk_rejects_with_a_reason_of_its_list_completed_with_text(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    assert refused(open_desk.world.act(number, "reject", text="No.")).parameter == "reason"
    assert refused(open_desk.world.act(number, "reject", reason="not_supported")).parameter == "text"
    unlisted = refused(open_desk.world.act(number, "reject", reason="porque sí", text="No."))
    assert unlisted.reason is Refusal.UNKNOWN_VALUE

    done(open_desk.world.act(number, "reject", reason="not_supported", text="La versión 3 terminó en 2024."))

    letter = newest(open_desk, "rejected")
    assert "No podemos atender su solicitud" in letter.subject
    assert "por este motivo: Producto o versión sin soporte" in words(letter)
    assert "La versión 3 terminó en 2024." in letter.text
    assert open_desk.state(number) == "rejected"


def test_3_4_a_rejected_ticket_can_be_contested_by_mail(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    done(open_desk.world.act(number, "reject", reason="not_ours", text="Es de otra área."))

    row = open_desk.answers("No es de otra área: la pantalla de cobros es de ustedes.")

    assert open_desk.world.links(row.ticket_id) >= {("follow_up", number)}
    assert open_desk.state(row.ticket_id) == "new"


# 3.5 Classification ---------------------------------------------------------------------------------------------------


def test_3_5_the_desk_classifies_area_category_priority_and_who_attends(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)

    done(open_desk.world.act(number, "classify", area="billing"))
    done(open_desk.world.act(number, "assign", by=NORA, owner=NORA, category="pagos", priority="1"))

    row = open_desk.world.ticket(number)
    assert (row.area, row.category, row.priority) == ("billing", "pagos", 1)
    assert row.owner_id == open_desk.world.person(NORA).id


# 3.6 Notices ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "letter", "state"),
    [("reply", "answer", "open"), ("wait", "request", "waiting"), ("incomplete", "incomplete", "waiting"),
     ("solve", "solved", "solved")],
)  # fmt: skip
def test_3_6_each_notice_is_answered_by_mail(open_desk: DeskDays, action: str, letter: str, state: str) -> None:
    number = open_desk.ticket(text=WHOLE)

    done(open_desk.world.act(number, action, text="Reinicie el programa y dígame qué versión tiene."))
    assert "Reinicie el programa" in newest(open_desk, letter).text
    assert open_desk.state(number) == state
    open_desk.answers("Es la versión 7.3.")

    assert open_desk.state(number) == "open"
    assert "Es la versión 7.3." in newest(open_desk, "alert", LUIS).text


def test_3_6_a_request_for_data_says_until_when_and_is_repeated(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    done(open_desk.world.act(number, "wait", text="¿Qué versión tiene?"))

    asked = newest(open_desk, "request")
    written = open_desk.passing(days=14)

    assert "Necesitamos su respuesta" in asked.subject
    assert "cerraremos la solicitud el miércoles, 2 de diciembre de 2026, 9:00" in words(asked)
    assert [(when, letter) for when, letter, _ in written] == [
        ("Wed 25 09:00", "reminder"),
        ("Mon 30 09:00", "reminder"),
        ("Wed 02 09:00", "closed_by_time"),
    ]
    assert open_desk.state(number) == "closed"


def test_3_6_there_are_no_copies_of_copies(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    done(open_desk.world.act(number, "reply", text="¿Qué versión tiene?"))
    letter = newest(open_desk, "answer")
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())

    open_desk.answers(f"La 7.3.\n\nEl lun, 23 nov 2026 a las 9:00, Mesa de ayuda escribió:\n{quoted}\n")

    alert = newest(open_desk, "alert", LUIS)
    assert "La 7.3." in alert.text
    assert "¿Qué versión tiene?" not in alert.text
    assert "error 500" not in letter.text
    kept = open_desk.world.messages(number)[-1]
    assert "¿Qué versión tiene?" in kept.text


# 3.7 Courtesy ---------------------------------------------------------------------------------------------------------


def test_3_7_shouting_is_shown_to_the_desk_and_hinted_at_once_in_the_receipt(open_desk: DeskDays) -> None:
    loud = "EN LA PANTALLA DE COBROS SALE EL ERROR 500 DESDE ESTA MAÑANA!!!"
    number = open_desk.ticket(subject="Cobros", text=loud)
    hinted = newest(open_desk, "receipt")
    open_desk.ticket(subject="Pagos", text=f"{loud} Y TAMBIÉN EN LA DE PAGOS!!!")

    assert open_desk.world.messages(number)[0].flags == ["texto en mayúsculas", "«!!!»"]
    assert open_desk.state(number) == "new"
    assert "mayúsculas" in words(hinted)
    assert "mayúsculas" not in words(newest(open_desk, "receipt"))


def test_3_7_what_agents_write_is_looked_at_before_it_goes_out(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)

    impolite = refused(open_desk.world.act(number, "reply", text="YA LE DIJE QUE REINICIE EL PROGRAMA!!!"))

    assert impolite.reason is Refusal.IMPOLITE
    assert open_desk.letters("answer") == []


# 3.8 Times ------------------------------------------------------------------------------------------------------------


def test_3_8_the_receipt_shows_the_times_for_attention_answer_and_closing(open_desk: DeskDays) -> None:
    open_desk.ticket(text=WHOLE)

    receipt = words(newest(open_desk, "receipt"))
    assert "Primera atención: lunes, 23 de noviembre de 2026, 15:00" in receipt
    assert "Respuesta: jueves, 26 de noviembre de 2026, 9:00" in receipt
    assert "Cierre: lunes, 7 de diciembre de 2026, 9:00" in receipt
    assert "horario de atención" not in receipt


def test_3_8_out_of_hours_the_receipt_says_when_the_desk_opens_and_times_run_from_then(desk: DeskDays) -> None:
    desk.opened_by("self-registration", now=datetime(2026, 11, 28, 15, 0, tzinfo=UTC))
    desk.ticket(text=WHOLE)

    receipt = words(newest(desk, "receipt"))
    assert "no estamos en horario de atención. Volvemos el lunes, 30 de noviembre de 2026, 8:00" in receipt
    assert "Primera atención: lunes, 30 de noviembre de 2026, 12:00" in receipt


def test_3_8_the_solution_says_until_when_it_can_be_validated(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    done(open_desk.world.act(number, "solve", text="Instale la versión 7.4."))

    written = open_desk.passing(days=10)

    assert "la cerraremos el lunes, 30 de noviembre de 2026, 9:00" in words(newest(open_desk, "solved"))
    assert written == [("Wed 25 09:00", "reminder", ANA), ("Mon 30 09:00", "closed_by_time", ANA)]
    assert "¿quedó resuelta su solicitud?" in newest(open_desk, "reminder").subject
    assert open_desk.state(number) == "closed"


def test_3_8_what_is_missed_is_told_to_the_team_beforehand_and_afterwards(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)

    written = [(when, letter) for when, letter, to in open_desk.passing(days=4) if to == LUIS]

    assert written == [
        ("Mon 23 14:00", "alert"),
        ("Mon 23 15:00", "alert"),
        ("Wed 25 09:00", "alert"),
        ("Thu 26 09:00", "alert"),
    ]
    assert open_desk.world.ticket(number).priority == 1


# Answers by mail ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Cierren el caso, gracias", "Ya pueden cerrar", "Por favor cierren el tiquete"])
def test_the_requester_closes_their_ticket_by_mail(open_desk: DeskDays, text: str) -> None:
    number = open_desk.ticket(text=WHOLE)

    row = open_desk.answers(text)

    assert row.stage == "answers_the_desk"
    assert open_desk.state(number) == "closed"
    closed = newest(open_desk, "closed")
    assert "Puede hacerlo hasta el lunes, 7 de diciembre de 2026, 9:00" in words(closed)


def test_an_unproven_wish_closes_nothing(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)

    open_desk.answers("Cierren el caso, gracias", s1=False)

    assert open_desk.state(number) == "new"


def test_a_thank_you_after_closing_does_not_reopen_and_that_can_be_undone(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    open_desk.answers("Cierren el caso, gracias")

    row = open_desk.answers("Mil gracias por la ayuda.")
    assert (row.stage, row.ticket_id) == ("after_closing", number)
    assert open_desk.state(number) == "closed"
    assert open_desk.world.messages(number)[-1].text.strip() == "Mil gracias por la ayuda."

    done(open_desk.world.act(number, "reopen"))
    assert open_desk.state(number) == "open"


def test_more_than_a_thank_you_reopens_within_the_time_for_it(open_desk: DeskDays) -> None:
    number = open_desk.ticket(text=WHOLE)
    open_desk.answers("Cierren el caso, gracias")

    open_desk.answers("Gracias, pero volvió a salir el error.")

    assert open_desk.state(number) == "open"
    assert open_desk.world.now == MONDAY


# The states -----------------------------------------------------------------------------------------------------------


def test_the_states_and_their_labels() -> None:
    assert {state.name: state.labels["es"] for state in load("self-registration").states} == {
        "new": "Nuevo",
        "open": "Abierto",
        "waiting": "Esperando respuesta del cliente",
        "solved": "Solucionado",
        "closed": "Cerrado",
        "rejected": "Rechazado",
        "cancelled": "Cancelado",
    }
