"""The protocol `validation` by mail only: the requester validates, and only time closes.

Nobody uses anything but a mail program. `2.x` are the numbers of the protocol's lines.
"""

import pytest

from gateway.store.tables import survey
from tests.by_mail import done, last_about, newest, refused, with_code, writes
from tests.desk_days import ANA, DeskDays, desk, words
from tests.world import LUIS, MARTA, NORA, code_in, reply_to

__all__ = ["desk"]


@pytest.fixture
def opened(desk: DeskDays) -> int:
    """Ana's ticket of Monday at 9:00, seen by nobody yet."""
    desk.opened_by("validation")
    return desk.ticket(subject="No abre el cierre contable")


@pytest.fixture
def asked(desk: DeskDays, opened: int) -> int:
    """An incident of Ana's about which Luis asked for more."""
    done(
        desk,
        opened,
        "#tomar\n#naturaleza incidente\n#clasificación SW4\n#esperar\n\n¿Qué versión tiene instalada?",
    )
    return opened


@pytest.fixture
def solved(desk: DeskDays, opened: int) -> int:
    done(desk, opened, "#tomar\n#resuelto\n\nInstale la versión 7.4.")
    return opened


def test_taking_it_from_the_alert_tells_the_requester_who_has_it(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar")

    assert desk.state(opened) == "analysis"
    assert "Luis Gómez" in newest(desk, "owner_changed", ANA).subject
    assert desk.letters("answer") == []


def test_asking_for_more_waits_with_the_question_as_it_was_written(desk: DeskDays, asked: int) -> None:
    question = newest(desk, "request", ANA)

    assert "¿Qué versión tiene instalada?" in question.text
    assert "#" not in question.text.replace(f"#{asked}", "")
    assert (desk.state(asked), desk.world.ticket(asked).classification) == ("waiting_customer", "HD1")
    assert [letter for _, letter, _ in desk.passing(days=14)] == ["reminder", "reminder", "closed_by_time"]


def test_a_question_without_a_text_is_refused(desk: DeskDays, opened: int) -> None:
    said = refused(desk, opened, "#esperar")

    assert "Línea 1: #esperar" in said
    assert "texto" in said


def test_2_1_the_answer_stops_the_timers_and_the_analyst_answers_it_in_words(desk: DeskDays, asked: int) -> None:
    desk.answers("Tengo la 7.3.")
    assert desk.state(asked) == "analysis"
    assert "Tengo la 7.3." in newest(desk, "alert", LUIS).text

    row = writes(desk, asked, "Gracias, Ana. La actualizamos hoy.")
    assert row.verdict == "reply"
    assert "La actualizamos hoy." in newest(desk, "answer", ANA).text


def test_2_2_what_the_desk_classifies_meanwhile_holds_after_the_answer(desk: DeskDays, asked: int) -> None:
    done(desk, asked, "#clasificacion SW9")

    assert desk.world.ticket(asked).classification == "HD1"
    desk.answers("La 7.3.")
    assert desk.world.ticket(asked).classification == "SW9"


def test_waiting_for_the_final_fix_names_its_release(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar\n\nMientras tanto, use el informe anterior.")

    assert "#versión" in refused(desk, opened, '#estado "Esperando solución definitiva"')
    done(desk, opened, '#estado "Esperando solución definitiva"\n#version 7.4\n\nSaldrá con la 7.4.')

    assert (desk.state(opened), desk.world.ticket(opened).fields["release"]) == ("waiting_fix", "7.4")
    assert "Saldrá con la 7.4." in newest(desk, "answer", ANA).text
    assert desk.passing(days=100) == []


def test_joint_analysis_is_a_state_by_its_label_and_back_again(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar\n#estado en analisis conjunto con otras areas")
    assert desk.state(opened) == "joint"

    assert "Estado: En análisis" in done(desk, opened, "#estado En análisis")


def test_a_state_that_no_way_leads_to_is_refused_with_those_that_can_be_written(desk: DeskDays, solved: int) -> None:
    assert "Ahora es posible: En análisis, Cliente solicitó el cierre." in refused(desk, solved, "#estado Cerrado")


def test_2_3_nobody_closes_by_hand_not_even_who_is_asked_to(desk: DeskDays, solved: int) -> None:
    for by in (LUIS, MARTA):
        refused(desk, solved, "#cerrar\nCierro.", by=by)
        refused(desk, solved, "#estado Cerrado", by=by)

    done(desk, solved, "#llamada\n\nLlamó y pidió que lo cerremos.")
    done(desk, solved, "#estado Cliente solicitó el cierre")

    assert desk.state(solved) == "asked_to_close"
    assert [letter for _, letter, _ in desk.passing(days=14)][-1] == "closed_by_time"
    assert desk.state(solved) == "closed"


def test_2_4_a_release_that_is_out_asks_for_a_code_and_moves_all_that_wait(desk: DeskDays, opened: int) -> None:
    second, third = desk.ticket(subject="El informe sale vacío"), desk.ticket(subject="Otra versión")
    for number, release in ((opened, "7.4"), (second, "7.4"), (third, "8.0")):
        done(desk, number, f"#tomar\n#estado Esperando solución definitiva\n#versión {release}")

    receipt = with_code(desk, third, "#publicada 7.4")

    assert f"siguen #{opened}, #{second}" in receipt
    assert [desk.state(number) for number in (opened, second, third)] == ["validation", "validation", "waiting_fix"]
    assert [one.ticket_id for one in desk.letters("release")] == [opened, second]
    assert "Ninguna solicitud" in refused(desk, third, "#publicada 7.4")


def test_2_4_somebody_of_another_area_announces_nothing_here(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar\n#estado Esperando solución definitiva\n#versión 7.4")
    other = desk.ticket(to="billing@desk.example", subject="Factura")

    assert "No request of yours waits" in refused(desk, other, "#released 7.4", by=NORA)
    assert desk.state(opened) == "waiting_fix"


def test_2_4_the_wrong_code_does_nothing_and_the_right_one_works_once(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar\n#estado Esperando solución definitiva\n#versión 7.4")
    writes(desk, opened, "#publicada 7.4")
    letter = newest(desk, "commands_code", LUIS)
    right = code_in(letter)
    wrong = "000000" if right != "000000" else "111111"

    assert "no es el que le enviamos" in refused(desk, opened, wrong, to=letter)
    assert "no es el que le enviamos" in refused(desk, opened, f"Es el {wrong}", to=letter)
    done(desk, opened, right, to=letter)
    assert desk.state(opened) == "validation"
    assert "ya se usó" in refused(desk, opened, right, to=letter)


def test_2_5_the_survey_is_answered_by_the_requester_only(desk: DeskDays, solved: int) -> None:
    desk.answers("5\nMuy amables.")
    (kept,) = desk.world.rows(survey)

    assert (kept.score, desk.state(solved)) == (5, "validation")


def test_2_6_a_closed_ticket_takes_no_command_but_can_be_read(desk: DeskDays, solved: int) -> None:
    desk.passing(days=14)
    assert "es de hace mucho" in refused(desk, solved, "#ver")
    for commands in ("#reabrir", "#nota Algo más.", "#tomar", "#prioridad alta", "#tiempo 10m", "#resuelto\nYa."):
        assert "Línea 1: " in refused(desk, solved, commands)

    writes(desk, solved, "#ver")
    shown = words(newest(desk, "ticket_view", LUIS))
    assert "No abre el cierre contable" in shown
    assert "Instale la versión 7.4." in shown


def test_a_note_stays_inside_and_stands_in_the_view(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#nota\nYa falló en octubre; lo vio Marta.")
    writes(desk, opened, "#ver", by=MARTA)

    assert "Ya falló en octubre" not in "".join(one.text for one in desk.world.letters(to=ANA))
    assert "Ya falló en octubre; lo vio Marta." in words(newest(desk, "ticket_view", MARTA))


def test_a_whatsapp_conversation_is_taken_down_with_its_link(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#whatsapp https://wa.example/1\n#tiempo 15m\n\nExplicó el error.")

    kept = desk.world.messages(opened)[-1]
    assert (kept.kind, kept.origin, kept.evidence, kept.time_spent) == (
        "record",
        "whatsapp",
        "https://wa.example/1",
        900,
    )


def test_the_same_commands_in_english_and_portuguese(desk: DeskDays, opened: int) -> None:
    second = desk.ticket(subject="El informe sale vacío")
    done(desk, opened, "#take\n#nature incident\n#wait\n\n¿Qué versión tiene?")
    done(desk, second, "#assumir\n#natureza incidente\n#aguardar\n\n¿Qué versión tiene?")

    for number in (opened, second):
        assert desk.state(number) == "waiting_customer"
        assert desk.world.ticket(number).nature == "incident"


def test_what_is_quoted_below_is_never_a_command(desk: DeskDays, opened: int) -> None:
    """The alert that Luis answers holds Ana's words, and they look like commands."""
    desk.answers("#prioridad alta\n#asignar marta@staff.example\nPor favor.")
    alert = newest(desk, "alert", MARTA)
    assert "#prioridad alta" in alert.text

    done(desk, opened, "#tomar", by=MARTA, to=alert)

    assert desk.world.ticket(opened).priority == 2
    assert desk.letters("answer") == []


def test_a_mail_that_was_forwarded_to_a_colleague_commands_nothing_for_them(desk: DeskDays, opened: int) -> None:
    """Marta answers the alert that Luis passed on: its token is his, and so she is asked to use her own."""
    row = desk.world.receive(reply_to(last_about(desk, opened, LUIS), "#tomar", from_=MARTA, s1=True))

    assert row.verdict == "command"
    assert desk.world.ticket(opened).owner_id is None
    assert "Responda a este correo" in words(newest(desk, "commands_refused", MARTA))
    done(desk, opened, "#tomar", by=MARTA)
    assert desk.world.ticket(opened).owner_id == desk.world.person(MARTA).id
