"""The desk of `validation` end to end by mail: the requester validates, and only time closes.

Every line and every state of the protocol is a test, in its order; `2.x` are the numbers of its lines.
"""

from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.errors import GatewayError
from gateway.store.tables import survey, ticket_link
from gateway.work.announce import announce
from tests.desk_days import ANA, DeskDays, desk, mail
from tests.world import LUIS, MARTA, reply_to

__all__ = ["desk"]

AUTOMATIC = {"Auto-Submitted": "auto-replied"}


@pytest.fixture
def opened(desk: DeskDays) -> int:
    """Ana's ticket of Monday at 9:00, seen by nobody yet."""
    desk.opened_by("validation")
    return desk.ticket(subject="No abre el cierre contable")


@pytest.fixture
def asked(desk: DeskDays, opened: int) -> int:
    """An incident of Ana's about which Luis asked for more on Monday at 9:00."""
    does(desk, opened, "take")
    does(desk, opened, "classify", nature="incident", classification="SW4")
    does(desk, opened, "wait", text="¿Qué versión tiene instalada?")
    return opened


@pytest.fixture
def solved(desk: DeskDays, opened: int) -> int:
    """Luis gave Ana a solution on Monday at 9:00."""
    does(desk, opened, "take")
    does(desk, opened, "solve", text="Instale la versión 7.4.")
    return opened


def does(desk: DeskDays, number: int, action: str, **given: Any) -> None:
    changed = desk.world.act(number, action, **given)
    assert not isinstance(changed, Refused), changed
    desk.tick()


def refused(desk: DeskDays, number: int, action: str, **given: Any) -> Refused:
    found = desk.world.act(number, action, **given)
    assert isinstance(found, Refused), found
    return found


def asks_to_close_by_telephone(desk: DeskDays, number: int) -> None:
    does(desk, number, "record", text="Llamó y pidió que lo cerremos.", origin="phone")
    does(desk, number, "move", state="asked_to_close")


def newest(desk: DeskDays, letter: str, to: str = ANA) -> Any:
    return desk.letters(letter, to)[-1]


def waiting(desk: DeskDays, number: int) -> list[str]:
    """The timers that are still to come, by their rules."""
    return [row.rule for row in desk.world.timers(number) if row.fired_at is None]


def alerts(desk: DeskDays, to: str = LUIS) -> list[str]:
    return [one.subject for one in desk.letters("alert", to)]


# --- the states ------------------------------------------------------------------------------------------------------


def test_new_has_no_analyst_and_no_timers(desk: DeskDays, opened: int) -> None:
    receipt = newest(desk, "receipt")

    assert (desk.state(opened), desk.world.ticket(opened).owner_id, waiting(desk, opened)) == ("new", None, [])
    assert desk.passing(days=60) == []
    assert f"#{opened}" in receipt.subject
    assert "No abre el cierre contable" in receipt.text
    assert receipt.language == "es"
    assert [one.to_address for one in desk.world.letters(letter="alert")] == [LUIS, MARTA]


def test_in_analysis_has_an_analyst_whom_the_requester_is_told_and_no_timers(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "assign", by=MARTA, owner=LUIS)

    told = newest(desk, "owner_changed")
    assert (desk.state(opened), desk.world.ticket(opened).owner_id) == ("analysis", desk.world.person(LUIS).id)
    assert waiting(desk, opened) == []
    assert "Luis Gómez" in told.subject
    assert "asignad" in alerts(desk)[-1]
    assert desk.passing(days=60) == []


def test_waiting_for_customer_reminds_twice_and_closes_for_lack_of_information(desk: DeskDays, asked: int) -> None:
    question = newest(desk, "request")

    assert "¿Qué versión tiene instalada?" in question.text
    assert "martes, 1 de diciembre de 2026" in question.text
    assert desk.passing(days=14) == [
        ("Wed 25 09:00", "reminder", ANA),
        ("Fri 27 09:00", "reminder", ANA),
        ("Tue 01 09:00", "closed_by_time", ANA),
    ]
    first, last = desk.letters("reminder")
    assert (first.subject[:20], "martes, 1 de diciembre de 2026, 9:00" in first.text) == ("[#1] Recordatorio: e", True)
    assert "Último aviso" in last.subject
    assert "información" in newest(desk, "closed_by_time").subject
    row = desk.world.ticket(asked)
    assert (row.state, row.classification) == ("closed", "HD1")


def test_waiting_for_customer_counts_from_the_last_agent_return(desk: DeskDays, asked: int) -> None:
    desk.passing(days=3)
    does(desk, asked, "reply", text="Basta con una foto de la pantalla.")

    assert desk.state(asked) == "waiting_customer"
    assert "viernes, 4 de diciembre de 2026, 9:00" in newest(desk, "answer").text
    assert desk.passing(days=14) == [
        ("Mon 30 09:00", "reminder", ANA),
        ("Wed 02 09:00", "reminder", ANA),
        ("Fri 04 09:00", "closed_by_time", ANA),
    ]


def test_waiting_for_final_fix_never_closes_by_itself(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    does(desk, opened, "reply", text="Mientras tanto, use el informe anterior.")
    lacking = refused(desk, opened, "move", state="waiting_fix")
    does(desk, opened, "move", state="waiting_fix", release="7.4")

    assert lacking.reason is Refusal.MISSING
    assert "Esperando solución definitiva" in newest(desk, "state_changed").subject
    assert (waiting(desk, opened), desk.passing(days=400)) == ([], [])
    assert desk.state(opened) == "waiting_fix"


def test_joint_analysis_has_no_timers_and_returns_to_analysis(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    does(desk, opened, "move", state="joint")

    assert "En análisis conjunto con otras áreas" in newest(desk, "state_changed").subject
    assert (waiting(desk, opened), desk.passing(days=60)) == ([], [])
    desk.answers("Les mando otra captura.")
    assert desk.state(opened) == "joint"
    assert "respuesta" in alerts(desk)[-1]
    does(desk, opened, "move", state="analysis")
    assert "En análisis" in newest(desk, "state_changed").subject


def test_customer_validation_notices_three_times_and_closes(desk: DeskDays, solved: int) -> None:
    letter = newest(desk, "solved")

    assert "Instale la versión 7.4." in letter.text
    assert "martes, 1 de diciembre de 2026, 9:00" in letter.text
    # The survey is open.
    assert "¿Cómo le atendimos?" in letter.text
    assert "del 1 al 5" in letter.text
    assert desk.passing(days=14) == [
        ("Mon 23 10:00", "reminder", ANA),
        ("Wed 25 09:00", "reminder", ANA),
        ("Mon 30 09:00", "reminder", ANA),
        ("Tue 01 09:00", "closed_by_time", ANA),
    ]
    reminders = desk.letters("reminder")
    assert all("martes, 1 de diciembre de 2026, 9:00" in one.text for one in reminders)
    assert [one.subject.split(":")[0] for one in reminders] == [
        "[#1] Recordatorio",
        "[#1] Segundo recordatorio",
        "[#1] Último aviso",
    ]
    assert desk.state(solved) == "closed"


def test_customer_asked_to_close_has_the_timers_of_customer_validation(desk: DeskDays, solved: int) -> None:
    desk.passing(days=1)
    desk.answers("Sí, ya funciona. Pueden cerrar el caso, gracias.")

    assert desk.state(solved) == "asked_to_close"
    assert "aprobado" in alerts(desk)[-1].casefold()
    assert desk.passing(days=14) == [
        ("Wed 25 09:00", "reminder", ANA),
        ("Mon 30 09:00", "reminder", ANA),
        ("Tue 01 09:00", "closed_by_time", ANA),
    ]
    assert desk.state(solved) == "closed"


def test_a_customer_who_asked_by_telephone_is_told_the_state_and_the_closing_date(desk: DeskDays, opened: int) -> None:
    """Also when the last answer of the desk was weeks ago: the time to object counts from here."""
    does(desk, opened, "take")
    does(desk, opened, "reply", text="Lo estamos mirando.")
    desk.passing(days=21)

    asks_to_close_by_telephone(desk, opened)

    told = newest(desk, "state_changed")
    assert "Cliente solicitó el cierre" in told.subject
    assert "martes, 22 de diciembre de 2026, 9:00" in told.text
    assert desk.letters("reminder") == []
    assert desk.passing(days=14)[-1] == ("Tue 22 09:00", "closed_by_time", ANA)


def test_closed_is_final(desk: DeskDays, solved: int) -> None:
    desk.answers("4")
    desk.passing(days=14)
    before = (desk.world.ticket(solved), desk.world.messages(solved), desk.world.events(solved))

    assert desk.state(solved) == "closed"
    for action, given in ANYTHING:
        assert refused(desk, solved, action, **given).reason in (Refusal.NOT_IN_STATE, Refusal.NOT_OFFERED)
    for action, given in (("survey", {"score": "1"}), ("approve", {}), ("refuse", {"text": "No."})):
        assert refused(desk, solved, action, by=ANA, **given).reason is Refusal.NOT_IN_STATE
    assert desk.passing(days=400) == []
    assert (desk.world.ticket(solved), desk.world.messages(solved), desk.world.events(solved)) == before
    assert [row.score for row in desk.world.rows(survey)] == [4]


ANYTHING: tuple[tuple[str, dict[str, str]], ...] = (
    ("reply", {"text": "Algo más."}),
    ("note", {"text": "Algo más."}),
    ("take", {}),
    ("assign", {"owner": LUIS}),
    ("classify", {"classification": "SW5"}),
    ("move", {"state": "analysis"}),
    ("wait", {"text": "¿Y?"}),
    ("solve", {"text": "Ya."}),
    ("reopen", {}),
    ("time", {"time": "10m"}),
    ("record", {"text": "Llamó.", "origin": "phone"}),
    ("link", {"to": "1"}),
)

# --- 2.1 a reply stops the timers and returns to analysis ------------------------------------------------------------


def test_a_reply_while_information_is_asked_for_returns_to_analysis(desk: DeskDays, asked: int) -> None:
    desk.passing(days=2)
    desk.answers("Tengo la 7.3.")

    assert (desk.state(asked), waiting(desk, asked)) == ("analysis", [])
    assert "respuesta" in alerts(desk)[-1]
    assert desk.passing(days=60) == []


def test_a_yes_to_a_question_of_the_desk_is_its_answer_and_no_approval(desk: DeskDays, asked: int) -> None:
    desk.answers("Sí, gracias.")

    assert desk.state(asked) == "analysis"


def test_who_is_asked_for_information_may_ask_to_close_instead(desk: DeskDays, asked: int) -> None:
    desk.passing(days=3)
    desk.answers("Ya está resuelto, pueden cerrar el caso. Gracias.")

    assert desk.state(asked) == "asked_to_close"
    assert desk.world.ticket(asked).classification == "SW4"
    # The reminders of the new state count from its beginning, not from the question.
    assert [letter for _, letter, _ in desk.passing(days=14)] == ["reminder"] * 3 + ["closed_by_time"]


@pytest.mark.parametrize(
    "answer", ["Sigue sin funcionar.", "No, sigue fallando: ahora da el error 500.", "¿Qué versión?"]
)
def test_a_reply_in_customer_validation_returns_to_analysis(desk: DeskDays, solved: int, answer: str) -> None:
    desk.passing(days=2)
    desk.answers(answer)

    assert (desk.state(solved), waiting(desk, solved)) == ("analysis", [])
    assert desk.passing(days=60) == []


def test_a_reply_after_the_customer_asked_to_close_returns_to_analysis(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí, gracias.")
    assert desk.state(solved) == "asked_to_close"

    desk.answers("Perdón, hoy volvió a fallar al imprimir.")

    assert (desk.state(solved), waiting(desk, solved)) == ("analysis", [])


def test_an_approval_only_moves_to_customer_asked_to_close(desk: DeskDays, solved: int) -> None:
    before = waiting(desk, solved)
    desk.answers("Sí, gracias.")

    assert desk.state(solved) == "asked_to_close"
    assert waiting(desk, solved) == before


def test_a_survey_answer_stops_no_timer(desk: DeskDays, solved: int) -> None:
    before = waiting(desk, solved)
    desk.answers("5\nMuy amables.")

    assert (desk.state(solved), waiting(desk, solved)) == ("validation", before)


@pytest.mark.parametrize("state", ["asked", "solved"])
def test_an_automatic_answer_stops_no_timer(desk: DeskDays, state: str, request: pytest.FixtureRequest) -> None:
    number = request.getfixturevalue(state)
    before, where = waiting(desk, number), desk.state(number)
    desk.answers("Estoy fuera de la oficina.", headers=AUTOMATIC)

    assert (desk.state(number), waiting(desk, number)) == (where, before)


# --- 2.2 the classification while the customer is waited for ---------------------------------------------------------


@pytest.mark.parametrize(("nature", "waits_as"), [("incident", "HD1"), ("request", "HD1"), ("question", "SW4")])
def test_while_the_customer_is_waited_for_the_classification_is_undetermined(
    desk: DeskDays, opened: int, nature: str, waits_as: str
) -> None:
    does(desk, opened, "take")
    does(desk, opened, "classify", nature=nature, classification="SW4")
    does(desk, opened, "wait", text="¿Qué versión tiene?")

    assert desk.world.ticket(opened).classification == waits_as
    desk.answers("La 7.3.")
    assert desk.world.ticket(opened).classification == "SW4"


def test_what_the_desk_classifies_meanwhile_holds_after_the_answer(desk: DeskDays, asked: int) -> None:
    does(desk, asked, "classify", classification="SW9")

    assert desk.world.ticket(asked).classification == "HD1"
    desk.answers("La 7.3.")
    assert desk.world.ticket(asked).classification == "SW9"


# --- 2.3 nobody can close by hand ------------------------------------------------------------------------------------


def test_nobody_can_close_by_hand(desk: DeskDays, solved: int) -> None:
    for who in (LUIS, MARTA, ANA):
        assert refused(desk, solved, "close", by=who, text="Cierro.").reason is Refusal.NOT_OFFERED
        assert refused(desk, solved, "move", by=who, state="closed").reason in (
            Refusal.NO_WAY,
            Refusal.NOT_PERMITTED,
        )

    desk.answers("Cierren el caso, por favor.")
    assert desk.state(solved) == "asked_to_close"
    assert refused(desk, solved, "close", by=MARTA, text="Cierro.").reason is Refusal.NOT_OFFERED


# --- 2.4 a release is announced --------------------------------------------------------------------------------------


def test_a_release_that_is_out_moves_every_ticket_that_waits_for_it(desk: DeskDays, opened: int) -> None:
    second, third = desk.ticket(subject="El informe sale vacío"), desk.ticket(subject="Otra versión")
    for number, release in ((opened, "7.4"), (second, "7.4"), (third, "8.0")):
        does(desk, number, "take")
        does(desk, number, "move", state="waiting_fix", release=release)
    desk.passing(days=30)

    moved = announce(desk.world.office, "7.4", by=LUIS, now=desk.world.now, cause="a test")
    desk.tick()

    assert moved == [opened, second]
    assert [desk.state(number) for number in (opened, second, third)] == ["validation", "validation", "waiting_fix"]
    letters = desk.letters("release")
    assert [one.ticket_id for one in letters] == [opened, second]
    assert all("7.4" in one.subject and "lunes, 4 de enero de 2027, 9:00" in one.text for one in letters)
    assert all("¿Cómo le atendimos?" in one.text for one in letters)
    assert announce(desk.world.office, "7.4", by=LUIS, now=desk.world.now, cause="a test") == []
    desk.passing(days=14)
    assert [desk.state(number) for number in (opened, second, third)] == ["closed", "closed", "waiting_fix"]


def test_who_waits_again_names_the_release_again(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    does(desk, opened, "move", state="waiting_fix", release="7.4")
    does(desk, opened, "move", state="analysis")

    again = refused(desk, opened, "move", state="waiting_fix")

    assert again.parameter == "release"


# --- 2.5 the survey, and the dispute of the classification -----------------------------------------------------------


def test_the_survey_is_answered_by_mail_and_changed_until_closed(desk: DeskDays, solved: int) -> None:
    desk.answers("3")
    desk.passing(days=2)
    desk.answers("5 - Al final todo bien")

    (kept,) = desk.world.rows(survey)
    assert (kept.score, kept.comment) == (5, "Al final todo bien")
    assert [one.data["score"] for one in desk.world.events(solved) if one.action == "survey"] == ["3", "5"]


def test_the_survey_can_still_be_answered_after_the_customer_asked_to_close(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí, gracias.")
    does(desk, solved, "survey", by=ANA, score="4", text="Rápidos.")

    (kept,) = desk.world.rows(survey)
    assert (kept.score, kept.comment, desk.state(solved)) == (4, "Rápidos.", "asked_to_close")
    assert refused(desk, solved, "survey", by=LUIS, score="5").reason is Refusal.NOT_PERMITTED
    assert refused(desk, solved, "survey", by=ANA, score="6").reason is Refusal.UNKNOWN_VALUE


@pytest.mark.parametrize("kind", ["channel", "consultant"])
def test_a_channel_or_a_consultant_can_dispute_the_classification(desk: DeskDays, solved: int, kind: str) -> None:
    desk.world.known(ANA, kind=kind)
    does(desk, solved, "dispute", by=ANA, proposed="SW4", text="Es un error del programa.")

    assert desk.state(solved) == "validation"
    assert "disputa" in alerts(desk, MARTA)[-1]
    assert "SW4" in newest(desk, "alert", MARTA).text
    assert "Es un error del programa." in newest(desk, "alert", LUIS).text
    desk.passing(days=14)
    assert refused(desk, solved, "dispute", by=ANA, proposed="SW4", text="x").reason is Refusal.NOT_IN_STATE


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "chanel"}, "there is no kind chanel; did you mean channel?"),
        ({"zone": "America/Bogotá"}, "there is no time zone America/Bogotá; did you mean America/Bogota?"),
        ({"zone": "x"}, "there is no time zone x; write it as America/Bogota"),
    ],
)
def test_a_kind_of_requester_or_a_zone_that_there_is_not_is_refused(
    desk: DeskDays, facts: dict[str, str], said: str
) -> None:
    with pytest.raises(GatewayError) as raised:
        desk.world.known(ANA, **facts)

    assert str(raised.value) == said


def test_times_are_in_the_zone_of_their_reader_where_it_is_known(desk: DeskDays) -> None:
    desk.opened_by("validation")
    desk.world.known(ANA, zone="Europe/Madrid")
    number = desk.ticket()
    does(desk, number, "take")
    does(desk, number, "solve", text="Instale la versión 7.4.")

    assert "martes, 1 de diciembre de 2026, 15:00" in newest(desk, "solved").text


def test_a_customer_cannot_dispute_the_classification(desk: DeskDays, solved: int) -> None:
    assert refused(desk, solved, "dispute", by=ANA, proposed="SW4", text="x").reason is Refusal.NOT_PERMITTED


# --- 2.6 a mail to a closed ticket -----------------------------------------------------------------------------------


def test_a_mail_to_a_closed_ticket_makes_a_follow_up_ticket(desk: DeskDays, solved: int) -> None:
    desk.passing(days=14)
    row = desk.answers("Volvió a fallar.")

    number = row.ticket_id
    told = newest(desk, "follow_up")
    assert (number != solved, desk.state(solved), desk.state(number)) == (True, "closed", "new")
    assert (f"#{number}" in told.subject, f"#{solved}" in told.subject) == (True, True)
    assert ("follow_up", solved) in desk.world.links(number)
    assert ("follow_up", number) in {
        (one.kind, one.ticket_id) for one in desk.world.rows(ticket_link, ticket_link.c.other_id == solved)
    }
    assert "Nueva solicitud" in alerts(desk)[-1]


def test_a_thank_you_to_a_closed_ticket_makes_none(desk: DeskDays, solved: int) -> None:
    desk.passing(days=14)
    desk.answers("¡Muchas gracias!")

    assert (len(desk.world.tickets()), desk.state(solved)) == (1, "closed")


# --- common to all ---------------------------------------------------------------------------------------------------


def test_automatic_notices_are_no_answers_of_the_desk_and_name_nobody(desk: DeskDays, opened: int) -> None:
    receipt = newest(desk, "receipt")

    assert desk.world.ticket(opened).last_agent_return_at is None
    assert not any(name in receipt.text for name in ("Luis", "Marta"))


def test_a_call_is_recorded_with_origin_summary_evidence_and_time(desk: DeskDays, opened: int) -> None:
    does(
        desk, opened, "record", text="Explicó el error.", origin="whatsapp", evidence="https://x.example/1", time="15m"
    )

    kept = desk.world.messages(opened)[-1]
    assert (kept.kind, kept.origin, kept.text, kept.evidence) == (
        "record",
        "whatsapp",
        "Explicó el error.",
        "https://x.example/1",
    )
    assert (kept.time_spent, desk.world.ticket(opened).time_spent) == (900, 900)
    assert desk.letters("answer") == []


def test_the_quoted_history_of_a_reply_is_folded_and_still_there(desk: DeskDays, solved: int) -> None:
    letter = newest(desk, "solved")
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    desk.world.receive(
        reply_to(letter, f"Todavía falla.\n\nEl lun., 23 nov. 2026, Mesa de ayuda escribió:\n{quoted}", s1=True)
    )

    kept = desk.world.messages(solved)[-1]
    assert "Instale la versión 7.4." in kept.text
    assert kept.spans
    assert "Instale" not in newest(desk, "alert", LUIS).text


def test_the_mail_of_somebody_unknown_opens_a_ticket_too(desk: DeskDays) -> None:
    desk.opened_by("validation")
    row = desk.world.receive(mail(from_="Eva <eva@elsewhere.example>", s1=True))

    assert (row.verdict, desk.state(row.ticket_id)) == ("ticket", "new")
