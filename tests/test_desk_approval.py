"""The protocol `approval` of docs/workflows.md, end to end: prepared by a supervisor, closed by the requester.

Tests are numbered by the lines of the protocol that they prove.
"""

from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.desk.workflow_load import load
from gateway.work import read
from tests.desk_days import ANA, DeskDays, desk, local, mail, words
from tests.world import BRUNO, EVA, LUIS, MARTA, NORA, reply_to

__all__ = ["desk"]

CHECKLIST = ("answer_reviewed", "called", "evidence")
FRIDAY = "2026-11-27T17:00-05:00"


def preset(name: str) -> str:
    return (files("gateway.desk") / "presets" / f"{name}.toml").read_text(encoding="utf-8")


def refused(result: Any) -> Refused:
    assert isinstance(result, Refused), result
    return result


def done(result: Any) -> Any:
    assert not isinstance(result, Refused), result
    return result


def newest(desk: DeskDays, letter: str, to: str = ANA) -> Any:
    return desk.letters(letter, to)[-1]


def prepare(desk: DeskDays, number: int, **changes: str) -> Any:
    given = {"owner": LUIS, "due": FRIDAY, "queue": "3", "difficulty": "2"} | changes
    return desk.world.act(number, "prepare", by=MARTA, **given)


@pytest.fixture
def created(desk: DeskDays) -> int:
    """A ticket that Ana opened on Monday at 9:00."""
    desk.opened_by("approval")
    return desk.ticket()


@pytest.fixture
def prepared(desk: DeskDays, created: int) -> int:
    """It is Luis's, for Friday."""
    done(prepare(desk, created))
    desk.tick()
    return created


@pytest.fixture
def solved(desk: DeskDays, prepared: int) -> int:
    """Its closing waits for Ana's approval since Monday at 9:00."""
    check_all(desk, prepared)
    done(desk.world.act(prepared, "solve", text="Cambiamos el cable de la impresora."))
    desk.tick()
    return prepared


def check_all(desk: DeskDays, number: int) -> None:
    for item in CHECKLIST:
        more = {"evidence": "https://calls.example/27"} if item == "evidence" else {}
        done(desk.world.act(number, "check", item=item, **more))


# 4.1 Created ----------------------------------------------------------------------------------------------------------


def test_4_1_the_requester_gets_the_tickets_data_by_mail(desk: DeskDays, created: int) -> None:
    receipt = newest(desk, "receipt")

    assert receipt.subject == f"[#{created}] Recibimos su solicitud: La impresora no imprime"
    assert f"número #{created}" in words(receipt)
    assert "Asunto: La impresora no imprime" in words(receipt)
    assert "Recibida: lunes, 23 de noviembre de 2026, 9:00" in words(receipt)
    assert desk.state(created) == "created"
    assert [one.to_address for one in desk.world.letters(letter="alert")] == [MARTA]


# 4.2 Prepare ----------------------------------------------------------------------------------------------------------


def test_4_2_a_supervisor_prepares_and_the_requester_is_told(desk: DeskDays, prepared: int) -> None:
    letter = newest(desk, "prepared")
    row = desk.world.ticket(prepared)

    assert "ya está programada" in letter.subject
    assert "Responsable: Luis Gómez" in words(letter)
    assert "Fecha de cierre prevista: viernes, 27 de noviembre de 2026, 17:00" in words(letter)
    assert "Lugar en la cola: 3" in words(letter)
    assert "Dificultad: 2" in words(letter)
    assert desk.state(prepared) == "process"
    assert (row.owner_id, row.queue_place, row.difficulty) == (desk.world.person(LUIS).id, 3, 2)
    assert "Solicitud asignada" in newest(desk, "alert", LUIS).subject


def test_4_2_nobody_processes_a_ticket_before_it_is_prepared(desk: DeskDays, created: int) -> None:
    for action in ("reply", "solve", "contribute", "check"):
        for by in (LUIS, MARTA):
            given = {"item": "called"} if action == "check" else {}
            refused(desk.world.act(created, action, by=by, text="Ya está.", **given))
    refused(desk.world.act(created, "prepare", by=LUIS, owner=LUIS, due=FRIDAY, queue="1", difficulty="1"))

    assert desk.state(created) == "created"
    assert [one.letter for one in desk.world.letters(to=ANA)] == ["receipt"]


@pytest.mark.parametrize("lacking", ["owner", "due", "queue", "difficulty"])
def test_4_2_preparing_takes_owner_date_place_and_difficulty(desk: DeskDays, created: int, lacking: str) -> None:
    given = {"owner": LUIS, "due": FRIDAY, "queue": "3", "difficulty": "2"}
    del given[lacking]

    result = refused(desk.world.act(created, "prepare", by=MARTA, **given))

    assert (result.reason, result.parameter) == (Refusal.MISSING, lacking)


def test_4_2_only_somebody_of_the_desk_can_be_the_owner(desk: DeskDays, created: int) -> None:
    for somebody in (BRUNO, NORA):
        assert refused(prepare(desk, created, owner=somebody)).parameter == "owner"


# 4.3 and 4.4 Process and user contribution ----------------------------------------------------------------------------


def test_4_3_the_owner_works_and_opens_user_contribution(desk: DeskDays, prepared: int) -> None:
    done(desk.world.act(prepared, "reply", text="La revisamos hoy.", unsolved="yes"))
    done(desk.world.act(prepared, "contribute", text="Envíenos una foto del error."))

    answer, opened = newest(desk, "answer"), newest(desk, "contribution_opened")
    assert "La revisamos hoy." in answer.text
    assert "Envíenos una foto del error." in opened.text
    assert "Puede completar su solicitud" in opened.subject
    assert desk.state(prepared) == "contribution"


def test_4_4_what_the_requester_adds_by_mail_brings_it_back_to_process_as_often_as_it_is_opened(
    desk: DeskDays, prepared: int
) -> None:
    for number in (1, 2):
        done(desk.world.act(prepared, "contribute", text=f"Falta el dato {number}."))
        assert desk.state(prepared) == "contribution"

        desk.answers(f"Este es el dato {number}.", files=[(f"foto{number}.png", b"png" * number)])

        assert desk.state(prepared) == "process"
        message = desk.world.messages(prepared)[-1]
        assert (message.kind, message.public) == ("mail", True)
        assert [one.name for one in desk.world.attachments(message.id)] == [f"foto{number}.png"]
        assert f"Este es el dato {number}." in newest(desk, "alert", LUIS).text


def test_4_4_the_owner_closes_user_contribution(desk: DeskDays, prepared: int) -> None:
    done(desk.world.act(prepared, "contribute", text="Cuéntenos más."))
    done(desk.world.act(prepared, "contribute"))

    assert desk.state(prepared) == "process"
    assert "En proceso" in newest(desk, "state_changed").subject


def test_4_4_a_mail_while_contribution_is_closed_is_kept_shown_and_explained(desk: DeskDays, prepared: int) -> None:
    desk.answers("¿Cómo va lo mío?")

    told = newest(desk, "contribution_closed")
    assert desk.state(prepared) == "process"
    assert desk.world.messages(prepared)[-1].text.strip() == "¿Cómo va lo mío?"
    assert "Mensaje con la contribución cerrada" in newest(desk, "alert", LUIS).subject
    assert "¿Cómo va lo mío?" in newest(desk, "alert", LUIS).text
    assert f"Su mensaje quedó en la solicitud #{prepared}" in words(told)
    assert "su estado es: En proceso" in words(told)


# 4.5 Approval of closing ----------------------------------------------------------------------------------------------


def test_4_5_the_requester_is_invited_to_approve(desk: DeskDays, solved: int) -> None:
    letter = newest(desk, "approval")

    assert "Falta su aprobación para cerrar" in letter.subject
    assert "Cambiamos el cable de la impresora." in letter.text
    assert "la cerraremos el martes, 1 de diciembre de 2026, 9:00" in words(letter)
    assert desk.state(solved) == "approval"


@pytest.mark.parametrize("yes", ["Sí, gracias", "Apruebo el cierre", "Pueden cerrar el caso", "De acuerdo."])
def test_4_5_a_clear_yes_by_mail_closes(desk: DeskDays, solved: int, yes: str) -> None:
    row = desk.answers(yes)

    assert (row.verdict, row.stage) == ("reply", "answers_the_desk")
    assert desk.state(solved) == "closed"
    assert "Cierre aprobado" in newest(desk, "alert", LUIS).subject
    assert "Cerrada" in newest(desk, "closed").subject
    assert desk.world.messages(solved)[-1].text.strip() == yes
    assert desk.world.timers(solved) == []


def test_4_5_a_clear_no_by_mail_goes_back_to_process_with_its_reason(desk: DeskDays, solved: int) -> None:
    desk.answers("No, sigue fallando: imprime en blanco.")

    assert desk.state(solved) == "process"
    assert "Cierre rechazado" in newest(desk, "alert", LUIS).subject
    assert "imprime en blanco" in newest(desk, "alert", LUIS).text
    assert "En proceso" in newest(desk, "state_changed").subject
    assert [event.action for event in desk.world.events(solved)][-1] == "refuse"


def test_4_5_a_mail_has_the_effect_of_the_action(desk: DeskDays, solved: int) -> None:
    second = desk.ticket(subject="Otra impresora", text="La del segundo piso tampoco imprime desde ayer.")
    done(prepare(desk, second))
    check_all(desk, second)
    done(desk.world.act(second, "solve", text="Listo."))
    desk.answers("Sí, gracias")
    done(desk.world.act(solved, "approve", by=ANA))

    def left(number: int) -> Any:
        row = desk.world.ticket(number)
        mine = [one for one in desk.world.letters() if one.ticket_id == number]
        return (
            row.state,
            row.closed_at,
            [(one.letter, one.to_address) for one in mine][-2:],
            [event.action for event in desk.world.events(number) if event.action != "mail"][-1],
        )

    assert left(second) == left(solved)
    assert left(solved)[0] == "closed"


def test_4_5_whatever_may_mean_more_is_read_by_somebody(desk: DeskDays, solved: int) -> None:
    row = desk.answers("Sí, pero falta el segundo piso.")

    assert row.stage == "names_a_ticket"
    assert desk.state(solved) == "process"
    assert "Nueva respuesta" in newest(desk, "alert", LUIS).subject


def test_4_5_an_unproven_yes_approves_nothing(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí, gracias", s1=False)

    assert desk.state(solved) == "process"
    assert "Respuesta sin verificar" in newest(desk, "alert", LUIS).subject
    assert desk.letters("closed") == []


def test_4_5_somebody_elses_yes_approves_nothing(desk: DeskDays, solved: int) -> None:
    letter = newest(desk, "approval")
    desk.world.participant(solved, BRUNO)

    for row in (
        desk.world.receive(reply_to(letter, "Sí, gracias", from_=EVA, s1=True)),
        desk.world.receive(reply_to(letter, "Sí, gracias", from_=BRUNO, s1=True)),
        desk.world.receive(mail(from_=BRUNO, subject=f"Re: [#{solved}] Falta su aprobación", text="Sí", s1=True)),
    ):
        assert row.stage == "names_a_ticket"
    assert desk.letters("closed") == []
    assert desk.state(solved) != "closed"


def test_4_5_a_machines_yes_approves_nothing(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí", headers={"Auto-Submitted": "auto-replied"})

    assert desk.state(solved) == "approval"


def test_4_5_a_yes_to_an_earlier_question_approves_nothing(desk: DeskDays, prepared: int) -> None:
    done(desk.world.act(prepared, "reply", text="¿Ya la reinició?", unsolved="yes"))
    asked = newest(desk, "answer")
    desk.world.later(hours=1)
    check_all(desk, prepared)
    done(desk.world.act(prepared, "solve", text="Cambiamos el cable."))

    desk.world.receive(reply_to(asked, "Sí", s1=True))

    assert desk.state(prepared) == "process"


def test_4_5_without_an_answer_reminders_go_out_and_then_it_is_closed_as_the_calendar_says(
    desk: DeskDays, solved: int
) -> None:
    written = desk.passing(days=12)

    assert [one for one in written if one[2] == ANA] == [
        ("Wed 25 09:00", "reminder", ANA),
        ("Fri 27 09:00", "reminder", ANA),
        ("Tue 01 09:00", "closed_by_time", ANA),
    ]
    first, last = desk.letters("reminder")
    assert "Recordatorio: falta su aprobación para cerrar" in first.subject
    assert "Último aviso" in last.subject
    for one in (first, last):
        assert "la cerraremos el martes, 1 de diciembre de 2026, 9:00" in words(one)
    assert "Cerrada sin su respuesta" in newest(desk, "closed_by_time").subject
    assert desk.state(solved) == "closed"


def test_4_5_a_reminder_can_be_answered_with_a_yes(desk: DeskDays, solved: int) -> None:
    desk.passing(days=3)
    assert desk.world.letters(to=ANA)[-1].letter == "reminder"

    desk.answers("Sí")

    assert desk.state(solved) == "closed"
    assert desk.passing(days=20) == []


def test_4_5_thanks_after_closing_reopen_nothing_and_a_question_makes_a_follow_up(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí, gracias")
    before = len(desk.world.letters())

    thanked = desk.answers("Muchas gracias por todo.")
    assert (thanked.stage, thanked.ticket_id) == ("after_closing", solved)
    assert (desk.state(solved), len(desk.world.tickets())) == ("closed", 1)
    assert len(desk.world.letters()) == before

    asked = desk.answers("Ahora no imprime la del segundo piso, ¿la pueden ver?")
    assert asked.verdict == "ticket"
    assert desk.world.links(asked.ticket_id) >= {("follow_up", solved)}
    assert f"relacionada con la #{solved}" in newest(desk, "follow_up").subject


# 4.6 Account status ---------------------------------------------------------------------------------------------------


def test_4_6_an_inactive_account_gets_the_standard_answer_and_the_ticket_waits(desk: DeskDays, prepared: int) -> None:
    desk.world.known(ANA, state="inactive")

    done(desk.world.act(prepared, "reply", text="Ya la vamos a ver.", unsolved="yes"))

    told = newest(desk, "account_inactive")
    assert "Su cuenta está inactiva" in told.subject
    assert "Ya la vamos a ver." not in told.text
    assert desk.letters("answer") == []
    assert desk.state(prepared) == "waiting_account"
    note = desk.world.messages(prepared)[-1]
    assert (note.text, note.public) == ("Ya la vamos a ver.", False)


@pytest.mark.parametrize(("action", "given"), [("solve", {}), ("contribute", {})])
def test_4_6_it_is_checked_before_any_answer(desk: DeskDays, prepared: int, action: str, given: dict[str, str]) -> None:
    check_all(desk, prepared)
    desk.world.known(ANA, state="inactive")

    done(desk.world.act(prepared, action, text="Ya está.", **given))

    assert desk.state(prepared) == "waiting_account"
    assert desk.world.told()[-1] == ("account_inactive", ANA)


def test_4_6_an_agents_answer_by_mail_is_held_up_too(desk: DeskDays, prepared: int) -> None:
    desk.world.known(ANA, state="inactive")

    desk.world.receive(reply_to(newest(desk, "alert", LUIS), "Ya la vamos a ver.", s1=True))

    assert desk.letters("answer") == []
    assert desk.state(prepared) == "waiting_account"
    assert len(desk.letters("account_inactive")) == 1


def test_4_6_the_date_moves_by_as_much_as_the_account_was_inactive(desk: DeskDays, prepared: int) -> None:
    due = desk.world.ticket(prepared).due_at
    desk.world.known(ANA, state="inactive")
    done(desk.world.act(prepared, "reply", text="Ya vamos.", unsolved="yes"))
    overdue = desk.passing(days=9)

    desk.world.known(ANA, state="active")

    assert overdue == []
    assert desk.state(prepared) == "process"
    assert desk.world.ticket(prepared).due_at == due + timedelta(days=9)
    assert "En proceso" in newest(desk, "state_changed").subject
    assert desk.world.letters(to=LUIS)[-1].letter == "alert"
    assert [local(one.due_at) for one in desk.world.timers(prepared) if one.rule == "due"] == ["Sun 06 17:00"]


def test_4_6_a_first_mail_of_an_inactive_account_is_told_so(desk: DeskDays) -> None:
    desk.opened_by("approval")
    desk.world.known(ANA, state="inactive")

    number = desk.ticket()

    assert [one.letter for one in desk.world.letters(to=ANA)] == ["refused"]
    assert "inactiva" in words(desk.world.letters(to=ANA)[-1])
    assert refused(prepare(desk, number)).reason is Refusal.NO_ACCOUNT
    assert desk.state(number) == "created"


# 4.7 No account -------------------------------------------------------------------------------------------------------


def test_4_7_a_ticket_cannot_advance_until_its_requester_has_an_account(desk: DeskDays) -> None:
    desk.opened_by("approval")
    number = desk.world.ticket_of(EVA)
    assert desk.world.person(EVA).state == "pending"
    assert refused(prepare(desk, number)).reason is Refusal.NO_ACCOUNT

    desk.world.receive(reply_to(desk.letters("receipt_new", EVA)[-1], "Sí, soy yo.", from_=EVA, s1=True))

    assert desk.world.person(EVA).state == "active"
    done(prepare(desk, number))
    assert desk.state(number) == "process"


# 4.8 and 4.12 Standard answers ----------------------------------------------------------------------------------------

ANSWERS = {
    "solved_at_once": "Su solicitud quedó resuelta.",
    "not_solvable": "según los términos y condiciones",
    "in_follow_up": "Seguimos trabajando en su caso.",
    "inactive_account": "Su cuenta está inactiva",
    "apology": "Lamentamos no haberle respondido todavía.",
    "taken_up_again": "Retomamos su solicitud",
    "wrong_kind": "otro tipo de tiquete",
    "duplicate": "otro tiquete suyo",
    "test_ticket": "era una prueba",
    "closing": "Damos por terminada su solicitud.",
}


def test_4_8_there_is_a_standard_answer_for_each_case_in_each_language() -> None:
    answers = load("approval").answers

    assert [one.name for one in answers] == list(ANSWERS)
    assert all(set(one.text) == {"es", "en", "pt"} for one in answers)


@pytest.mark.parametrize("name", ANSWERS)
def test_4_8_a_standard_answer_goes_out_with_what_is_written_after_it(desk: DeskDays, prepared: int, name: str) -> None:
    done(desk.world.act(prepared, "reply", standard=name, text="Saludos, Luis."))

    letter = words(newest(desk, "answer"))
    assert ANSWERS[name] in letter
    assert letter.index(ANSWERS[name]) < letter.index("Saludos, Luis.")
    assert desk.world.events(prepared)[-1].data["standard"] == name


def test_4_8_it_is_worded_in_the_requesters_language(desk: DeskDays) -> None:
    desk.opened_by("approval")
    desk.world.known(ANA, language="en")
    number = desk.ticket()
    done(prepare(desk, number))

    done(desk.world.act(number, "reply", standard="in_follow_up"))

    assert "We are still working on your case." in newest(desk, "answer").text


def test_4_8_an_operator_edits_them_in_a_copy_of_the_file(desk: DeskDays, tmp_path: Any) -> None:
    text = preset("approval").replace("Seguimos trabajando en su caso.", "Ya casi lo tenemos.")
    own = tmp_path / "approval.toml"
    own.write_text(text, encoding="utf-8")
    desk.opened_by(str(own))
    number = desk.ticket()
    done(prepare(desk, number))

    done(desk.world.act(number, "reply", standard="in_follow_up"))

    assert "Ya casi lo tenemos." in newest(desk, "answer").text


def test_4_12_a_test_ticket_is_closed_with_its_standard_answer(desk: DeskDays, created: int) -> None:
    done(desk.world.act(created, "close", by=MARTA, standard="test_ticket"))

    letter = newest(desk, "closed")
    assert "Este tiquete era una prueba y queda cerrado." in words(letter)
    assert desk.state(created) == "closed"


# 4.9 Time limits and non-conformity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "warned", "late", "named"),
    [
        ("plataforma", "Fri 27 09:00", "Sat 28 09:00", "Problemas de la plataforma"),
        ("administrativo", "Sun 20 09:00", "Wed 23 09:00", "Trámites administrativos"),
    ],
)
def test_4_9_what_is_not_done_within_its_categorys_time_goes_to_elevated_support(
    desk: DeskDays, created: int, category: str, warned: str, late: str, named: str
) -> None:
    done(desk.world.act(created, "classify", by=MARTA, category=category))
    done(prepare(desk, created, due="2027-03-01"))
    desk.tick()

    written = desk.passing(days=31)

    assert written == [
        (warned, "alert", LUIS),
        (late, "alert", MARTA),
        (late, "alert", LUIS),
    ]
    elevated = newest(desk, "alert", MARTA)
    assert "Soporte elevado" in elevated.subject
    assert f"Plazo: {named}" in words(elevated)
    assert "Plazo vencido" in newest(desk, "alert", LUIS).subject
    assert desk.world.ticket(created).fields["overdue"]


def test_4_9_what_is_closed_in_time_is_not_elevated(desk: DeskDays, created: int) -> None:
    done(desk.world.act(created, "classify", by=MARTA, category="Plataforma"))
    done(prepare(desk, created))
    check_all(desk, created)
    done(desk.world.act(created, "solve", text="Listo."))
    desk.answers("Sí")

    assert desk.passing(days=40) == []


def test_4_9_first_come_first_served(desk: DeskDays, created: int) -> None:
    """The place in the queue is the supervisor's to give; who came first is late first."""
    desk.world.later(hours=3)
    second = desk.ticket(subject="El portal no abre", text="El portal de pagos no abre desde hoy.")
    for number in (second, created):
        done(desk.world.act(number, "classify", by=MARTA, category="plataforma"))

    desk.passing(days=6)

    elevated = [one.ticket_id for one in desk.letters("alert", MARTA) if "Soporte elevado" in one.subject]
    assert elevated == [created, second]


def test_4_9_an_answer_that_leaves_the_case_unsolved_is_reported_against_its_author(
    desk: DeskDays, prepared: int
) -> None:
    done(desk.world.act(prepared, "reply", text="Ya le contesté."))

    report = newest(desk, "alert", MARTA)
    assert "Ya le contesté." in newest(desk, "answer").text
    assert "No conformidad" in report.subject
    assert "Respuesta de: Luis Gómez" in words(report)
    assert "Ya le contesté." in report.text
    assert desk.world.events(prepared)[-1].data["nonconformity"] == "yes"


@pytest.mark.parametrize("marked", [{"unsolved": "yes"}, {"standard": "in_follow_up"}])
def test_4_9_an_answer_that_is_marked_as_follow_up_is_not_reported(
    desk: DeskDays, prepared: int, marked: dict[str, str]
) -> None:
    alerts = len(desk.letters("alert", MARTA))

    done(desk.world.act(prepared, "reply", text="Le escribo mañana.", **marked))

    assert len(desk.letters("alert", MARTA)) == alerts
    assert "nonconformity" not in desk.world.events(prepared)[-1].data


def test_4_9_a_solution_is_not_reported(desk: DeskDays, solved: int) -> None:
    assert not [one for one in desk.letters("alert", MARTA) if "No conformidad" in one.subject]


def test_4_9_holding_such_an_answer_back_is_a_setting(desk: DeskDays, tmp_path: Any) -> None:
    own = tmp_path / "approval.toml"
    own.write_text(preset("approval").replace("hold = false", "hold = true"), encoding="utf-8")
    desk.opened_by(str(own))
    number = desk.ticket()
    done(prepare(desk, number))

    held = refused(desk.world.act(number, "reply", text="Ya le contesté."))

    assert held.reason is Refusal.NOT_CONFORMING
    assert "unsolved=yes" in held.words["en"]
    assert "«#seguimiento»" in held.words["es"]
    assert desk.letters("answer") == []
    done(desk.world.act(number, "reply", text="Ya le contesté.", unsolved="yes"))
    assert len(desk.letters("answer")) == 1


# 4.10 Departments -----------------------------------------------------------------------------------------------------


def test_4_10_a_ticket_belongs_to_a_department_and_can_be_moved(desk: DeskDays, created: int) -> None:
    desk.world.known("olga@staff.example", name="Olga", role="supervisor", areas=["billing"], language="es")
    assert desk.world.ticket(created).area == "support"

    done(desk.world.act(created, "classify", by=MARTA, area="billing"))

    assert desk.world.ticket(created).area == "billing"
    told = desk.letters("alert", "olga@staff.example")[-1]
    assert "Nueva solicitud" in told.subject
    assert "la impresora del tercer piso" in told.text
    refused(prepare(desk, created))
    done(desk.world.act(created, "prepare", by="olga@staff.example", owner=NORA, due=FRIDAY, queue="1", difficulty="1"))


def test_4_10_an_owner_without_a_role_in_the_other_department_stays_behind(desk: DeskDays, prepared: int) -> None:
    done(desk.world.act(prepared, "classify", by=MARTA, area="billing"))

    assert desk.world.ticket(prepared).owner_id is None
    assert desk.world.events(prepared)[-1].data["owner_id_before"] == str(desk.world.person(LUIS).id)


# 4.11 Duplicates ------------------------------------------------------------------------------------------------------


@pytest.fixture
def twice(desk: DeskDays, created: int) -> tuple[int, int]:
    """Ana asks the same again ten minutes later, with a picture."""
    desk.world.later(minutes=10)
    return created, desk.ticket(files=[("foto.png", b"png")])


def test_4_11_consecutive_tickets_of_the_same_person_are_shown_as_suspects(
    desk: DeskDays, twice: tuple[int, int]
) -> None:
    first, second = twice

    assert desk.world.links(second) == {("suspect", first)}
    assert f"#{first}" in newest(desk, "alert", MARTA).text


def test_4_11_one_is_kept_the_other_cancelled_and_the_requester_told_the_number(
    desk: DeskDays, twice: tuple[int, int]
) -> None:
    first, second = twice

    done(desk.world.act(second, "merge", by=MARTA, to=f"#{first}"))

    letter = newest(desk, "duplicate")
    assert letter.subject.startswith(f"[#{second}] Seguimos en la solicitud #{first}")
    assert f"seguimos con la otra. En la #{first} está todo" in words(letter)
    assert (desk.state(second), desk.state(first)) == ("cancelled", "created")
    assert ("duplicate", first) in desk.world.links(second)


def test_4_11_nothing_is_lost_messages_and_attachments_are_reached_from_the_one_that_remains(
    desk: DeskDays, twice: tuple[int, int]
) -> None:
    first, second = twice
    done(desk.world.act(second, "merge", by=MARTA, to=str(first)))

    shown = read.ticket(desk.world.office, first)

    assert [one["flags"] for one in shown["messages"]] == [[], [f"from #{second}"]]
    assert [file["name"] for one in shown["messages"] for file in one["attachments"]] == ["foto.png"]
    assert {"ticket": second, "kind": "duplicate", "direction": "from"} in shown["links"]


def test_4_11_what_is_answered_to_the_one_that_was_merged_goes_to_the_one_that_remains(
    desk: DeskDays, twice: tuple[int, int]
) -> None:
    first, second = twice
    third = desk.ticket(subject="Impresora otra vez", text="Otra vez escribo por la impresora del tercer piso.")
    done(desk.world.act(third, "merge", by=MARTA, to=str(second)))
    done(desk.world.act(second, "merge", by=MARTA, to=str(first)))

    row = desk.world.receive(reply_to(desk.letters("duplicate")[0], "Además huele a quemado.", s1=True))

    assert (row.verdict, row.ticket_id) == ("reply", first)
    assert desk.world.messages(first)[-1].text.strip() == "Además huele a quemado."
    assert len(desk.world.tickets()) == 3
    shown = read.ticket(desk.world.office, first)
    assert {flag for one in shown["messages"] for flag in one["flags"]} == {f"from #{second}", f"from #{third}"}


def test_4_11_tickets_of_two_people_are_not_merged(desk: DeskDays, created: int) -> None:
    other = desk.world.ticket_of(BRUNO)

    refused(desk.world.act(other, "merge", by=MARTA, to=str(created)))

    assert desk.state(other) == "created"


# 4.13 Checklist -------------------------------------------------------------------------------------------------------


def test_4_13_a_ticket_is_solved_when_its_checklist_is_done(desk: DeskDays, prepared: int) -> None:
    for item in CHECKLIST:
        lacking = refused(desk.world.act(prepared, "solve", text="Listo."))
        assert (lacking.reason, lacking.parameter) == (Refusal.MISSING, "item")
        more = {"evidence": "https://calls.example/27"} if item == "evidence" else {}
        done(desk.world.act(prepared, "check", item=item, **more))

    done(desk.world.act(prepared, "solve", text="Listo."))
    assert desk.state(prepared) == "approval"


def test_4_13_the_evidence_is_a_link_and_is_kept(desk: DeskDays, prepared: int) -> None:
    assert refused(desk.world.act(prepared, "check", item="evidence")).parameter == "evidence"

    done(desk.world.act(prepared, "check", item="evidence", evidence="https://calls.example/27"))

    assert desk.world.events(prepared)[-1].data["evidence"] == "https://calls.example/27"


# States ---------------------------------------------------------------------------------------------------------------


def test_each_state_is_one_that_a_ticket_passes_through() -> None:
    labels = {state.name: state.labels["es"] for state in load("approval").states}

    assert labels == {
        "created": "Creado",
        "process": "En proceso",
        "contribution": "Contribución del usuario",
        "approval": "Aprobación del cierre",
        "waiting_account": "Esperando la activación de la cuenta",
        "closed": "Cerrado",
        "cancelled": "Cancelado",
    }


def test_what_is_closed_or_cancelled_stays_so(desk: DeskDays, created: int) -> None:
    done(desk.world.act(created, "cancel", by=MARTA, reason="Ya no hace falta"))

    assert "por este motivo: Ya no hace falta" in words(newest(desk, "cancelled"))
    for action in ("reply", "prepare", "solve", "note", "reopen", "contribute", "close"):
        refused(desk.world.act(created, action, by=MARTA, text="Otra vez."))
    assert desk.state(created) == "cancelled"
