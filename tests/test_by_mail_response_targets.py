"""The protocol `response-targets` by mail only: a team that promises times, and people who are asked in order.

Nobody uses anything but a mail program. `1.x` are the numbers of the protocol's lines.
"""

from typing import Any

import pytest

from gateway.settings import Group, Level
from gateway.work.tick import plan_digests
from tests.by_mail import HABITS, done, last_about, new_mail, newest, refused, with_code, writes
from tests.desk_days import ANA, DeskDays, desk, words
from tests.world import BRUNO, EVA, LUIS, MARTA, SUPPORT, code_in, reply_to

__all__ = ["desk"]

SENIOR, MANAGER = "sara@staff.example", "gema@staff.example"


@pytest.fixture
def opened(desk: DeskDays) -> int:
    """Ana's ticket of Monday at 9:00."""
    for address, name in ((SENIOR, "Sara Vega"), (MANAGER, "Gema Soto")):
        desk.world.known(address, name=name, role="supervisor", areas=["support"], language="es")
    levels = [Level(name="senior", addresses=[SENIOR]), Level(name="manager", addresses=[MANAGER])]
    groups = [Group(name="redes", addresses=[LUIS, MARTA])]
    desk.opened_by("response-targets", level=levels, group=groups)
    return desk.ticket(
        subject="No puedo entrar al sistema",
        text="No puedo entrar al sistema.\n\nAdemás mi teclado no tiene eñe.",
    )


def inside(desk: DeskDays, number: int) -> list[str]:
    return [one.text for one in desk.world.messages(number) if not one.public]


def test_1_3_an_answer_by_mail_keeps_the_first_promise(desk: DeskDays, opened: int) -> None:
    desk.passing(minutes=5)
    done(desk, opened, "#tomar\n#tiempo 10m\n\nBuenos días, Ana. ¿Le sale algún mensaje?")

    due = [one.rule for one in desk.world.timers(opened) if one.fired_at is None]
    assert "target first_answer" not in due
    answer = newest(desk, "answer", ANA)
    assert "Buenos días, Ana. ¿Le sale algún mensaje?" in answer.text
    assert f"[#{opened}]" in answer.subject


def test_1_3_the_view_says_what_is_due_and_what_is_late(desk: DeskDays, opened: int) -> None:
    desk.passing(minutes=30)
    writes(desk, opened, "#vence 25/11/2026\n#ver")
    shown = newest(desk, "ticket_view", LUIS).text

    assert "Primera respuesta: vencido desde el lunes, 23 de noviembre de 2026, 9:10 (UTC-5)\n" in shown
    assert "Solución o escalamiento: martes, 24 de noviembre de 2026, 9:00 (UTC-5)\n" in shown
    assert "Vence: miércoles, 25 de noviembre de 2026, 23:59 (UTC-5)\n" in shown


def test_1_4_help_is_asked_of_the_next_level_and_the_words_stay_inside(desk: DeskDays, opened: int) -> None:
    receipt = done(desk, opened, "#escalar\n\nNo encuentro la causa.")

    assert "No encuentro la causa." in newest(desk, "alert", SENIOR).text
    assert "Soporte sénior" in newest(desk, "escalated", ANA).subject
    assert "No encuentro la causa." not in "".join(one.text for one in desk.world.letters(to=ANA))
    assert "se guardó como nota interna" in receipt
    done(desk, opened, "#escalar gerencia\n\nSolo usted puede.")
    assert "Solo usted puede." in newest(desk, "alert", MANAGER).text


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_of_a_level_whose_people_have_left_the_supervisors_are_asked(desk: DeskDays, opened: int, state: str) -> None:
    desk.world.known(SENIOR, state=state)
    before = len(desk.world.letters())
    done(desk, opened, "#escalar\n\nNo encuentro la causa.")

    asked = [to for letter, to in desk.world.told(before) if letter == "alert"]
    assert asked == [MARTA, MANAGER]


def test_1_4_who_is_asked_answers_by_mail(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#mencionar soporte senior\n\n¿Has visto esto antes?")
    asked = newest(desk, "alert", SENIOR)
    assert "¿Has visto esto antes?" in asked.text
    assert desk.letters("escalated") == []

    done(desk, opened, "#nota\nSí: hay que limpiar la caché.", by=SENIOR)

    assert "Sí: hay que limpiar la caché." in inside(desk, opened)[-1]
    assert desk.letters("answer") == []


def test_1_4_a_level_that_there_is_not_is_named_with_the_line(desk: DeskDays, opened: int) -> None:
    said = refused(desk, opened, "#tomar\n#escalar presidencia\n\nAyuda.")

    assert "Línea 2: #escalar presidencia" in said


def test_1_5_an_alert_of_silence_is_answered_with_an_answer(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar")
    desk.passing(hours=4)
    quiet = newest(desk, "alert", LUIS)
    assert "Sin novedades" in quiet.subject

    row = writes(desk, opened, "Seguimos en ello, Ana: mañana le contamos.", to=quiet)

    assert row.verdict == "reply"
    assert "mañana le contamos" in newest(desk, "answer", ANA).text


def test_1_7_closing_takes_the_resolution(desk: DeskDays, opened: int) -> None:
    assert "texto" in refused(desk, opened, "#cerrar")

    done(desk, opened, "#cerrar\n#tiempo 1 hora\n\nDesbloqueamos su usuario.")
    assert "Desbloqueamos su usuario." in newest(desk, "closed", ANA).text
    assert desk.state(opened) == "closed"
    done(desk, opened, "#reabrir")
    assert desk.state(opened) == "in_process"


def test_1_8_the_views_come_by_mail(desk: DeskDays, opened: int) -> None:
    mine = desk.ticket(subject="El teclado")
    done(desk, mine, "#tomar\n#etiqueta +equipos -viejo\n\nLo cambio hoy.")

    def listed(name: str) -> str:
        writes(desk, mine, f"#lista {name}")
        return words(newest(desk, "ticket_list", LUIS))

    assert "No puedo entrar" in listed("por atender")
    assert "El teclado" not in listed("atender")
    assert "El teclado" in listed("mías")
    assert "El teclado" in listed("equipos")
    assert "No hay ninguna." in listed("sin novedades")
    desk.passing(hours=4)
    assert "No puedo entrar" in listed("sin novedades")
    assert "No puedo entrar" in listed("vencidas")
    assert "No hay tal lista" in refused(desk, mine, "#lista marcianos")


def test_1_10_a_mail_with_two_requests_is_split_by_what_the_agent_writes_or_quotes(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#dividir Permiso de impresión\n\nTambién necesita imprimir en color.")
    first = desk.world.tickets()[-1]
    assert (first.subject, first.requester_id) == ("Permiso de impresión", desk.world.person(ANA).id)
    assert "imprimir en color" in desk.world.messages(first.id)[0].text
    assert ("split", opened) in desk.world.links(first.id)

    # The letter is quoted, all but the part about the keyboard taken out.
    letter = last_about(desk, opened, LUIS)
    below = "El lun, 23 nov 2026 a las 9:00, Mesa de ayuda escribió:\n> Además mi teclado no tiene eñe.\n"
    row = desk.world.receive(reply_to(letter, f"#dividir Teclado\n\n{below}", s1=True))
    second = desk.world.tickets()[-1]
    assert (row.verdict, second.subject) == ("command", "Teclado")
    assert desk.world.messages(second.id)[0].text.strip() == "Además mi teclado no tiene eñe."


def test_1_11_what_is_answered_without_time_is_asked_for_in_the_digest_and_given_by_mail(
    desk: DeskDays, opened: int
) -> None:
    done(desk, opened, "#cerrar\n\nEra la contraseña.")
    plan_digests(desk.world.office, now=desk.world.now)
    desk.passing(days=1)
    digest = newest(desk, "digest", LUIS)
    assert f"#{opened}" in digest.text

    done(desk, None, f"#solicitudes #{opened}\n#tiempo 20m", to=digest)

    assert desk.world.ticket(opened).time_spent == 1200


def test_who_is_asked_for_help_without_a_level_reads_which_there_are(desk: DeskDays, opened: int) -> None:
    said = refused(desk, opened, "#mencionar\n\n¿Has visto esto antes?")

    assert "Falta «nivel» para «#mencionar». Puede ser: Soporte sénior, " in said


def test_a_group_gets_it_and_one_of_them_takes_it(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#grupo redes\n\n¿Quién puede?")
    assert desk.world.ticket(opened).owner_id is None

    done(desk, opened, "#tomar", by=MARTA)
    assert desk.world.ticket(opened).owner_id == desk.world.person(MARTA).id


def test_a_participant_of_the_requesters_firm_comes_without_a_code_and_one_from_outside_with_it(
    desk: DeskDays, opened: int
) -> None:
    done(desk, opened, f"#participante +{BRUNO}")
    with_code(desk, opened, f"#participante +{EVA}")

    done(desk, opened, "#responder\nYa la vemos.")
    assert "Ya la vemos." in newest(desk, "relayed", BRUNO).text
    assert "Ya la vemos." in newest(desk, "relayed", EVA).text
    done(desk, opened, f"#participante -{EVA}")
    done(desk, opened, "#responder\nListo.")
    assert "Listo." not in "".join(one.text for one in desk.world.letters(to=EVA))


def test_somebody_is_asked_aside_and_the_answer_stays_inside(desk: DeskDays, opened: int) -> None:
    done(desk, opened, f"#consultar {EVA}\n\n¿Ustedes cambiaron el servidor?")

    asked = desk.world.letters(to=EVA)[-1]
    assert "¿Ustedes cambiaron el servidor?" in asked.text
    assert "No puedo entrar al sistema" not in asked.subject + asked.text
    desk.world.receive(reply_to(asked, "Sí, anoche.", s1=True))
    assert "Sí, anoche." in inside(desk, opened)[-1]
    assert desk.letters("answer") == []


def test_the_requester_is_changed_with_a_code(desk: DeskDays, opened: int) -> None:
    with_code(desk, opened, f"#solicitante {BRUNO}")

    assert desk.world.ticket(opened).requester_id == desk.world.person(BRUNO).id


def test_organisation_language_link_and_queue_are_data_too(desk: DeskDays, opened: int) -> None:
    other = desk.ticket(subject="El teclado")
    done(desk, opened, f"#idioma inglés\n#enlazar #{other}\n#puesto 2\n#dificultad 3\n#vence 01/12/2026 15:00")

    row = desk.world.ticket(opened)
    assert (row.language, row.queue_place, row.difficulty) == ("en", 2, 3)
    assert row.due_at.isoformat() == "2026-12-01T20:00:00+00:00"
    assert ("related", other) in desk.world.links(opened)
    assert "#organización" in refused(desk, opened, "#organización Nadie S.A.")


def test_words_that_may_sound_harsh_are_held_until_they_are_meant(desk: DeskDays, opened: int) -> None:
    loud = "YA LE DIJE QUE REINICIE EL EQUIPO!!!"
    said = refused(desk, opened, f"#responder\n{loud}")
    assert "Antes de enviarlo" in said
    assert "#tal-cual" in said

    done(desk, opened, f"#responder\n#tal-cual\n{loud}")
    assert loud in newest(desk, "answer", ANA).text


def test_who_is_absent_says_so_by_mail_and_says_when_they_are_back(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#ausente 30/11/2026")
    assert desk.world.person(LUIS).away(desk.world.now)

    done(desk, opened, "#presente")
    assert not desk.world.person(LUIS).away(desk.world.now)


def test_help_names_every_command_in_the_readers_language(desk: DeskDays, opened: int) -> None:
    writes(desk, opened, "#ayuda")

    letter = newest(desk, "commands_help", LUIS).text
    assert "#escalar nivel" in letter
    assert "#tiempo 15m, 1h30" in letter
    assert "#escalate" not in letter


def test_a_mail_of_ones_own_takes_no_commands_for_a_ticket(desk: DeskDays, opened: int) -> None:
    """Only an answer to a letter that the desk sent them: whoever knows the address and the number knows no token."""
    row = desk.world.receive(new_mail(f"#solicitudes #{opened}\n#cerrar\n\nListo.", subject=f"[#{opened}]"))

    assert row.verdict == "command"
    assert desk.state(opened) == "new"
    letter = desk.world.letters(to=LUIS)[-1]
    assert "Responda a este correo" in words(letter)
    done(desk, opened, "#cerrar\n\nListo.", to=letter)
    assert desk.state(opened) == "closed"


def test_an_agents_ordinary_answer_is_not_a_command(desk: DeskDays, opened: int) -> None:
    row: Any = writes(
        desk, opened, "Buenos días.\n\nEl error #500 es del servidor. Use:\n# sudo reinicie\n", habit=HABITS[MARTA]
    )

    assert (row.verdict, row.stage) == ("reply", "names_a_ticket")
    assert "El error #500 es del servidor." in newest(desk, "answer", ANA).text


def test_two_tickets_of_one_person_become_one_with_a_code_that_a_signed_mail_brings(
    desk: DeskDays, opened: int
) -> None:
    second = desk.ticket(subject="Sigo sin poder entrar")
    writes(desk, second, f"#unir #{opened}")
    letter = newest(desk, "commands_code", LUIS)

    row = desk.world.receive(reply_to(letter, code_in(letter), from_=LUIS, s1=False))
    assert row.verdict == "command"
    assert desk.state(second) == "new"
    done(desk, second, code_in(letter), to=letter)

    assert desk.state(second) == "closed"


def test_the_desks_address_is_never_told_who_commands(desk: DeskDays, opened: int) -> None:
    done(desk, opened, "#tomar\n\nYa la vemos.")

    for letter in desk.world.letters(to=ANA):
        assert LUIS not in f"{letter.text}{letter.html}{letter.headers}"
        assert dict(letter.headers)["From"].endswith(f"<{SUPPORT}>")
