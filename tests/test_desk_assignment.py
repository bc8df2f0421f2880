"""The protocol `assignment` of docs/workflows.md, end to end: supervisors assign, owners work, every end has a reason.

Tests are numbered by the lines of the protocol that they prove; those of its states are named after them.
"""

from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.desk.workflow_load import load
from gateway.store import surveys
from gateway.work import read
from gateway.work.viewing import chosen
from tests.desk_days import ANA, DeskDays, desk, words
from tests.world import BRUNO, LUIS, MARTA, NORA, SUPPORT, mail, reply_to

__all__ = ["desk"]

ROSA, ADMIN = "rosa@staff.example", "admin@staff.example"


def refused(result: Any) -> Refused:
    assert isinstance(result, Refused), result
    return result


def done(result: Any) -> Any:
    assert not isinstance(result, Refused), result
    return result


def newest(desk: DeskDays, letter: str, to: str = ANA) -> Any:
    return desk.letters(letter, to)[-1]


def owner(desk: DeskDays, number: int) -> str:
    found = desk.world.ticket(number).owner_id
    return next((one for one in (LUIS, MARTA, ROSA, ADMIN) if desk.world.person(one).id == found), "")


def seen(desk: DeskDays, by: str, view: str = "") -> list[int]:
    """The tickets that somebody sees, all of them or those of a view."""
    where = chosen(desk.world.office, view=view, by=by, tag="", area="", now=desk.world.now)
    return [row["number"] for row in read.tickets(desk.world.office, where=where)]


@pytest.fixture
def registered(desk: DeskDays) -> int:
    """A ticket that Ana opened on Monday at 9:00. Rosa is an agent as Luis is."""
    desk.opened_by("assignment")
    desk.world.known(ROSA, name="Rosa Gil", role="agent", areas=["support"], language="es")
    desk.world.known(ADMIN, name="Alba Mora", role="administrator", language="es")
    return desk.ticket()


@pytest.fixture
def assigned(desk: DeskDays, registered: int) -> int:
    done(desk.world.act(registered, "assign", by=MARTA, owner=LUIS))
    return registered


@pytest.fixture
def in_process(desk: DeskDays, assigned: int) -> int:
    done(desk.world.act(assigned, "move", state="En proceso"))
    return assigned


@pytest.fixture
def finished(desk: DeskDays, in_process: int) -> int:
    done(desk.world.act(in_process, "classify", nature="incident"))
    done(desk.world.act(in_process, "solve", text="Cambiamos el tóner."))
    desk.tick()
    return in_process


# The states -----------------------------------------------------------------------------------------------------------


def test_the_states_and_their_labels() -> None:
    assert {state.name: state.labels["es"] for state in load("assignment").states} == {
        "registered": "Registrado",
        "assigned": "Asignado",
        "in_process": "En proceso",
        "cancelled": "Cancelado",
        "finished": "Finalizado",
    }


def test_registered_is_the_first_state_and_its_supervisor_hears_of_it(desk: DeskDays, registered: int) -> None:
    assert desk.state(registered) == "registered"
    assert "Recibimos su solicitud" in newest(desk, "receipt").subject
    assert {one.to_address for one in desk.world.letters(letter="alert")} == {MARTA, ADMIN}


def test_registered_is_not_seen_by_an_agent(desk: DeskDays, registered: int) -> None:
    for action in ("take", "note", "reply", "classify", "cancel", "assign"):
        given = {"priority": "1"} if action == "classify" else {"owner": LUIS} if action == "assign" else {}
        result = refused(desk.world.act(registered, action, text="Yo la tomo.", **given))
        assert result.reason is Refusal.NOT_PERMITTED

    desk.answers("¿Ya la vieron?")

    assert desk.letters("alert", LUIS) == []
    assert desk.state(registered) == "registered"
    assert (seen(desk, LUIS), seen(desk, MARTA), seen(desk, ADMIN)) == ([], [registered], [registered])


def test_registered_nothing_else_tells_an_agent_of_it(desk: DeskDays, registered: int) -> None:
    """What is unproven, of a third party, or unreadable concerns the owner or the team: here its supervisors."""
    desk.answers("¿Ya la vieron?", s1=False)
    desk.world.receive(reply_to(newest(desk, "receipt"), "Yo también.", from_=BRUNO, s1=True))
    assert "Respuesta sin verificar" in newest(desk, "alert", MARTA).subject

    desk.world.change_settings(limits={"mail_mib": 0.001})
    desk.world.receive(mail(from_=BRUNO, subject="Grande", text="x" * 2000))

    assert "Correo que no se pudo leer" in newest(desk, "alert", MARTA).subject
    assert desk.letters("alert", LUIS) == []
    assert desk.letters("alert", ROSA) == []


def test_registered_is_taken_by_a_supervisor_or_given_to_an_agent(desk: DeskDays, registered: int) -> None:
    done(desk.world.act(registered, "take", by=MARTA))
    assert (desk.state(registered), owner(desk, registered)) == ("assigned", MARTA)
    assert "Le atiende Marta Ruiz" in newest(desk, "owner_changed").subject

    done(desk.world.act(registered, "assign", by=MARTA, owner=LUIS))
    assert (desk.state(registered), owner(desk, registered)) == ("assigned", LUIS)
    assert "Le atiende Luis Gómez" in newest(desk, "owner_changed").subject
    assert "Solicitud asignada" in newest(desk, "alert", LUIS).subject


def test_registered_is_assigned_to_somebody_of_the_area_only(desk: DeskDays, registered: int) -> None:
    for somebody in (BRUNO, NORA, "nadie@staff.example"):
        result = refused(desk.world.act(registered, "assign", by=MARTA, owner=somebody))
        assert (result.reason, result.parameter) == (Refusal.UNKNOWN_VALUE, "owner")

    assert desk.state(registered) == "registered"


def test_registered_cannot_be_returned_to() -> None:
    rows = load("assignment").transitions

    assert [row.action for row in rows if row.to == "registered"] == ["received"]


def test_assigned_is_set_by_supervisor_or_administrator(desk: DeskDays, assigned: int) -> None:
    refused(desk.world.act(assigned, "assign", owner=ROSA))
    refused(desk.world.act(assigned, "take", by=ROSA))
    assert owner(desk, assigned) == LUIS

    done(desk.world.act(assigned, "assign", by=ADMIN, owner=ROSA))
    assert owner(desk, assigned) == ROSA


def test_assigned_can_be_given_back_to_nobody_in_particular(desk: DeskDays, assigned: int) -> None:
    done(desk.world.act(assigned, "assign", by=MARTA, owner="none"))

    assert desk.world.ticket(assigned).owner_id is None
    assert "espera un nuevo responsable" in newest(desk, "owner_changed").subject


def test_assigned_its_agent_adds_log_entries_and_others_do_not(desk: DeskDays, assigned: int) -> None:
    done(desk.world.act(assigned, "note", text="Llamé a las 9:10, no contestó."))
    done(desk.world.act(assigned, "record", text="Hablé con Ana.", origin="phone", time="10m"))
    refused(desk.world.act(assigned, "note", by=ROSA, text="Yo también llamé."))

    kinds = [(one.kind, one.public, one.origin) for one in desk.world.messages(assigned)]
    assert kinds == [("mail", True, "mail"), ("note", False, "mail"), ("record", False, "phone")]
    assert desk.state(assigned) == "assigned"
    assert desk.world.ticket(assigned).time_spent == 600


def test_in_process_begins_when_its_owner_says_so_or_answers(desk: DeskDays, assigned: int) -> None:
    refused(desk.world.act(assigned, "move", by=ROSA, state="in_process"))

    done(desk.world.act(assigned, "reply", text="Ya la estamos viendo."))

    assert desk.state(assigned) == "in_process"
    assert "Ya la estamos viendo." in newest(desk, "answer").text


def test_in_process_is_told_to_the_requester(desk: DeskDays, in_process: int) -> None:
    assert "En proceso" in newest(desk, "state_changed").subject


@pytest.mark.parametrize("by", [ROSA, MARTA])
@pytest.mark.parametrize(
    ("action", "given"),
    [("reply", {"text": "Hola."}), ("solve", {"text": "Listo."}), ("cancel", {"reason": "No procede"})],
)
def test_in_process_only_the_owner_answers_cancels_and_finishes(
    desk: DeskDays, in_process: int, by: str, action: str, given: dict[str, str]
) -> None:
    result = refused(desk.world.act(in_process, action, by=by, **given))

    assert result.reason is Refusal.NOT_PERMITTED
    assert desk.state(in_process) == "in_process"


def test_in_process_the_owner_reassigns_to_another_agent(desk: DeskDays, in_process: int) -> None:
    done(desk.world.act(in_process, "assign", owner=ROSA))

    assert (desk.state(in_process), owner(desk, in_process)) == ("in_process", ROSA)
    assert "Le atiende Rosa Gil" in newest(desk, "owner_changed").subject
    assert "Solicitud asignada" in newest(desk, "alert", ROSA).subject
    refused(desk.world.act(in_process, "solve", text="Listo."))
    done(desk.world.act(in_process, "solve", by=ROSA, text="Listo."))


def test_in_process_the_requesters_mail_goes_to_the_owner(desk: DeskDays, in_process: int) -> None:
    desk.answers("Ahora sale el error 27.")

    assert "Ahora sale el error 27." in newest(desk, "alert", LUIS).text
    assert desk.state(in_process) == "in_process"


def test_in_process_the_owner_answers_by_mail_and_another_agent_does_not(desk: DeskDays, in_process: int) -> None:
    desk.answers("Ahora sale el error 27.")
    alert = newest(desk, "alert", LUIS)
    desk.world.receive(reply_to(alert, "Vamos para allá.", s1=True))
    assert "Vamos para allá." in newest(desk, "answer").text

    desk.world.receive(reply_to(alert, "Yo también voy.", from_=ROSA, s1=True))

    assert len(desk.letters("answer")) == 1
    assert desk.world.messages(in_process)[-1].public is False


def test_cancelled_takes_a_reason_which_the_requester_is_told(desk: DeskDays, in_process: int) -> None:
    assert refused(desk.world.act(in_process, "cancel")).parameter == "reason"

    done(desk.world.act(in_process, "cancel", reason="La impresora se dio de baja"))

    assert "por este motivo: La impresora se dio de baja" in words(newest(desk, "cancelled"))
    assert desk.state(in_process) == "cancelled"


def test_cancelled_is_final_and_nobody_acts_on_it(desk: DeskDays, in_process: int) -> None:
    done(desk.world.act(in_process, "cancel", reason="Se dio de baja"))

    workflow = load("assignment")
    for by in (LUIS, MARTA, ADMIN, ANA):
        for action in workflow.offered:
            given = {"text": "Otra vez.", "owner": LUIS, "state": "in_process", "priority": "1", "score": "5"}
            known = {"assign": ("owner",), "move": ("state",), "classify": ("priority",), "survey": ("score",)}
            chosen = {name: given[name] for name in known.get(action, ())}
            refused(desk.world.act(in_process, action, by=by, text="Otra vez.", **chosen))
    assert desk.state(in_process) == "cancelled"


def test_cancelled_a_mail_to_it_makes_a_follow_up_ticket(desk: DeskDays, in_process: int) -> None:
    done(desk.world.act(in_process, "cancel", reason="Se dio de baja"))

    row = desk.answers("No es así: la seguimos usando y no imprime.")

    assert row.ticket_id != in_process
    assert desk.state(row.ticket_id) == "registered"
    assert f"relacionada con la #{in_process}" in newest(desk, "follow_up").subject


def test_finished_takes_a_resolution_which_the_requester_is_told(desk: DeskDays, in_process: int) -> None:
    assert refused(desk.world.act(in_process, "solve")).parameter == "text"

    done(desk.world.act(in_process, "solve", text="Cambiamos el tóner."))

    assert "Resuelta" in newest(desk, "solved").subject
    assert "Cambiamos el tóner." in newest(desk, "solved").text
    assert desk.state(in_process) == "finished"


@pytest.mark.parametrize("by", [LUIS, MARTA])
def test_finished_is_reopened_by_its_owner_or_a_supervisor(desk: DeskDays, finished: int, by: str) -> None:
    for somebody in (ROSA, ANA):
        refused(desk.world.act(finished, "reopen", by=somebody))

    done(desk.world.act(finished, "reopen", by=by))

    assert desk.state(finished) == "in_process"
    assert desk.world.ticket(finished).closed_at is None
    assert "En proceso" in newest(desk, "state_changed").subject


def test_nothing_closes_by_time(desk: DeskDays, in_process: int) -> None:
    assert desk.passing(days=60) == []
    assert desk.state(in_process) == "in_process"


# 5.1 Areas and categories ---------------------------------------------------------------------------------------------


def test_5_1_a_ticket_names_its_area_then_its_category_then_its_problem_with_attachments(desk: DeskDays) -> None:
    desk.opened_by("assignment")
    number = desk.ticket(to=SUPPORT, files=[("pantalla.png", b"png")])

    done(desk.world.act(number, "classify", by=MARTA, category="impresoras", classification="atasco de papel"))

    row = desk.world.ticket(number)
    assert (row.area, row.category, row.classification) == ("support", "impresoras", "atasco de papel")
    assert [one.name for one in desk.world.attachments(desk.world.messages(number)[0].id)] == ["pantalla.png"]


def test_5_1_a_ticket_of_the_wrong_area_is_moved(desk: DeskDays, registered: int) -> None:
    done(desk.world.act(registered, "classify", by=MARTA, area="billing"))

    assert desk.world.ticket(registered).area == "billing"
    refused(desk.world.act(registered, "take", by=MARTA))


# 5.2 Agents create tickets too ----------------------------------------------------------------------------------------


def test_5_2_an_agent_creates_a_ticket_and_sees_it_apart_from_those_they_attend(desk: DeskDays, assigned: int) -> None:
    mine = desk.world.receive(mail(from_=f"Luis <{LUIS}>", subject="Falta tóner", s1=True)).ticket_id

    assert desk.state(mine) == "registered"
    assert "Recibimos su solicitud" in newest(desk, "receipt", LUIS).subject
    assert (seen(desk, LUIS, "created"), seen(desk, LUIS, "mine")) == ([mine], [assigned])


def test_5_2_as_its_requester_an_agent_may_write_to_it_but_not_process_it(desk: DeskDays, registered: int) -> None:
    mine = desk.world.receive(mail(from_=f"Luis <{LUIS}>", subject="Falta tóner", s1=True)).ticket_id

    row = desk.world.receive(reply_to(newest(desk, "receipt", LUIS), "Es el negro.", s1=True))

    assert (row.verdict, row.ticket_id) == ("reply", mine)
    assert desk.world.messages(mine)[-1].text.strip() == "Es el negro."
    assert "Es el negro." in newest(desk, "alert", MARTA).text
    refused(desk.world.act(mine, "take"))
    refused(desk.world.act(mine, "assign", owner=LUIS))


# 5.3 Surveys ----------------------------------------------------------------------------------------------------------


def test_5_3_the_survey_of_its_kind_is_offered_when_a_ticket_is_finished(desk: DeskDays, finished: int) -> None:
    assert "¿Quedó resuelto el problema?" in newest(desk, "solved").text
    assert "del 1 al 5" in words(newest(desk, "solved"))

    other = desk.ticket(subject="Una consulta", text="¿Cómo se cambia la contraseña del portal de pagos?")
    done(desk.world.act(other, "assign", by=MARTA, owner=LUIS))
    done(desk.world.act(other, "classify", nature="question"))
    done(desk.world.act(other, "move", state="in_process"))
    done(desk.world.act(other, "solve", text="En el menú Perfil."))

    assert "¿Cómo le atendimos?" in newest(desk, "solved").text


def test_5_3_it_is_answered_by_mail_with_a_digit_and_a_comment(desk: DeskDays, finished: int) -> None:
    row = desk.answers("4\n\nTardaron un poco, pero quedó bien.")

    assert (row.verdict, row.stage, row.ticket_id) == ("reply", "answers_the_desk", finished)
    assert answer_of(desk, finished) == (4, "Tardaron un poco, pero quedó bien.", {})
    assert desk.state(finished) == "finished"
    assert len(desk.world.tickets()) == 1
    assert "Tardaron un poco" in newest(desk, "alert", LUIS).text


def test_5_3_a_later_answer_takes_the_place_of_the_first(desk: DeskDays, finished: int) -> None:
    desk.answers("4")
    desk.answers("2 - volvió a fallar")

    assert answer_of(desk, finished) == (2, "volvió a fallar", {})


def test_5_3_each_kind_has_its_own_questions(desk: DeskDays, finished: int) -> None:
    refused(desk.world.act(finished, "survey", by=ANA, score="5", clarity="Sí"))

    done(desk.world.act(finished, "survey", by=ANA, score="5", text="Todo bien.", speed="Sí", again="No"))

    assert answer_of(desk, finished) == (5, "Todo bien.", {"speed": "Sí", "again": "No"})


def test_5_3_a_mail_has_the_effect_of_the_action(desk: DeskDays, finished: int) -> None:
    done(desk.world.act(finished, "survey", by=ANA, score="4", text="Bien."))
    by_act = (answer_of(desk, finished), desk.world.events(finished)[-1].data, desk.world.told()[-1])
    desk.answers("4 - Bien.")

    assert (answer_of(desk, finished), desk.world.events(finished)[-1].data, desk.world.told()[-1]) == by_act


@pytest.mark.parametrize("text", ["5 impresoras siguen fallando", "9", "1. Falla la primera"])
def test_5_3_a_number_that_may_mean_more_is_no_score(desk: DeskDays, finished: int, text: str) -> None:
    row = desk.answers(text)

    assert answer_of(desk, finished) is None
    assert row.verdict == "ticket"


def test_5_3_nobody_else_answers_it(desk: DeskDays, finished: int) -> None:
    desk.answers("5", s1=False)
    desk.world.receive(reply_to(newest(desk, "solved"), "5", from_=BRUNO, s1=True))
    refused(desk.world.act(finished, "survey", by=MARTA, score="5"))

    assert answer_of(desk, finished) is None


def answer_of(desk: DeskDays, number: int) -> Any:
    with desk.world.office.database.read() as connection:
        kept = surveys.of_ticket(connection, number)
    return None if kept is None else (kept.score, kept.comment, kept.answers)


# 5.4 Roles ------------------------------------------------------------------------------------------------------------


def test_5_4_an_agent_has_their_own_tickets_a_supervisor_their_area_an_administrator_all(
    desk: DeskDays, registered: int
) -> None:
    billing = desk.ticket(to="billing@desk.example", subject="Factura", text="La factura de octubre está repetida.")

    refused(desk.world.act(billing, "take", by=MARTA))
    done(desk.world.act(billing, "take", by=ADMIN))
    done(desk.world.act(registered, "assign", by=ADMIN, owner=LUIS))
    refused(desk.world.act(registered, "reply", by=ROSA, text="Hola."))
    done(desk.world.act(registered, "reply", text="Hola."))

    assert (owner(desk, billing), owner(desk, registered)) == (ADMIN, LUIS)


# 5.5 The log ----------------------------------------------------------------------------------------------------------


def test_5_5_the_log_says_who_did_what_and_when_for_every_change(desk: DeskDays, registered: int) -> None:
    begin = desk.world.now
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        (MARTA, "classify", {"category": "impresoras", "priority": "1"}),
        (MARTA, "assign", {"owner": LUIS}),
        (LUIS, "note", {"text": "Reviso."}),
        (LUIS, "move", {"state": "in_process"}),
        (LUIS, "assign", {"owner": ROSA}),
        (ROSA, "solve", {"text": "Cambiamos el tóner."}),
        (MARTA, "reopen", {}),
        (ROSA, "cancel", {"reason": "Se dio de baja"}),
    )
    for by, action, given in steps:
        desk.world.later(minutes=10)
        done(desk.world.act(registered, action, by=by, **given))

    log = [one for one in desk.world.events(registered) if one.action != "received"]
    assert [(one.action, one.actor_id) for one in log] == [(what, desk.world.person(by).id) for by, what, _ in steps]
    assert [(one.at - begin).total_seconds() / 60 for one in log] == [10.0 * n for n in range(1, len(steps) + 1)]
    changes = [(one.data.get("state_before"), one.data.get("state")) for one in log if "state" in one.data]
    assert changes == [
        ("registered", "assigned"),
        ("assigned", "in_process"),
        ("in_process", "finished"),
        ("finished", "in_process"),
        ("in_process", "cancelled"),
    ]
    assert (log[0].data["category"], log[0].data["priority_before"], log[0].data["priority"]) == (
        "impresoras",
        "2",
        "1",
    )
    assert log[-1].data["reason"] == "Se dio de baja"
