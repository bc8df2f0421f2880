"""Commands by mail: what people of the desk write at the top of an answer to its letter, and what comes of it."""

from typing import Any

import pytest

from gateway.store.tables import waiting_command
from gateway.threading.tokens import Purpose
from tests.world import ANA, LUIS, MARTA, NORA, SUPPORT, World, mail, reply_to


def alert(world: World, number: int, to: str = LUIS) -> Any:
    """The newest letter of the desk to somebody about a ticket."""
    return [one for one in world.letters(to=to) if one.ticket_id == number][-1]


def says(world: World, number: int, text: str, *, by: str = LUIS, **changes: Any) -> Any:
    """Somebody answers the desk's newest letter about the ticket; the delivery's row."""
    return world.receive(reply_to(alert(world, number, by), text, **({"s1": True} | changes)))


def words(letter: Any) -> str:
    return " ".join(letter.text.split())


def state_of(world: World, number: int) -> str:
    return str(world.ticket(number).state)


def test_commands_at_the_top_are_done_and_the_text_below_goes_to_the_requester(world: World) -> None:
    number = world.ticket_of()
    row = says(world, number, "#tomar\n#prioridad alta\n#tiempo 15m\n\nHola, Ana. Ya la estoy revisando.")

    assert (row.verdict, row.stage, row.ticket_id) == ("command", "commands", number)
    ticket = world.ticket(number)
    assert (ticket.owner_id, ticket.priority, ticket.time_spent) == (world.person(LUIS).id, 1, 900)
    answer = world.letters(to=ANA, letter="answer")[-1]
    assert "Ya la estoy revisando." in answer.text
    assert "#tomar" not in answer.text + answer.html
    done = world.letters(to=LUIS, letter="commands_done")[-1]
    assert "#prioridad alta" in words(done)
    assert ANA in words(done)


def test_a_note_goes_to_nobody(world: World) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    says(world, number, "#nota\nEl cliente suena molesto; mejor llamarlo.")

    assert world.messages(number)[-1].kind == "note"
    assert not world.messages(number)[-1].public
    assert len(world.letters(to=ANA)) == before
    assert "nota interna" in words(world.letters(to=LUIS, letter="commands_done")[-1])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#tomar\n#priorida alta\nHola", "#prioridad"),
        ("#tomar\n#prioridad altísima\nHola", "altísima"),
        ("#tomar\n#asignar nadie@nowhere.example\nHola", "nadie@nowhere.example"),
        ("#tomar\n#nota\n#resuelto\nListo.", "dos correos"),
        ("#tomar\n#tomar\nHola", "una sola vez"),
        ("#tomar\n＃nota\nHola", "signo"),
        ("Hola, Ana.\n#nota esto no", "al comienzo"),
        ("#tomar\n#estado Inexistente\nHola", "Inexistente"),
        ("#tomar\n#dificultad mucha", "mucha"),
    ],
)
def test_one_line_that_cannot_be_done_undoes_them_all(world: World, text: str, why: str) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    row = says(world, number, text)

    assert row.verdict == "command"
    assert world.ticket(number).owner_id is None
    assert world.ticket(number).version == 1
    assert len(world.letters(to=ANA)) == before
    refused = world.letters(to=LUIS, letter="commands_refused")[-1]
    assert why in words(refused)


def test_the_refusal_names_the_line_and_says_what_was_asked(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#tomar\n#categoria Impresoras\n#prioridad 9\nHola")

    said = words(world.letters(to=LUIS, letter="commands_refused")[-1])
    assert "Línea 3: #prioridad 9" in said
    assert "#categoria Impresoras" in said


def test_the_same_mail_a_second_time_does_nothing(world: World) -> None:
    number = world.ticket_of()
    raw = reply_to(alert(world, number), "#tiempo 15m", s1=True)
    world.receive(raw)
    again = world.receive(raw)

    assert again.verdict == "duplicate"
    assert world.ticket(number).time_spent == 900


def test_a_copy_with_the_same_signature_and_other_unsigned_lines_does_nothing(world: World) -> None:
    number = world.ticket_of()
    signed = {"DKIM-Signature": "v=1; a=rsa-sha256; d=staff.example; s=k; h=from:date; b=abc DEF; bh=xyz"}
    letter = alert(world, number)
    world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=signed))
    row = world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=signed, message_id="<other@staff.example>"))

    assert row.verdict == "command"
    assert world.ticket(number).time_spent == 900


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"s1": False}, "DKIM"),
        ({"s1": True, "signed": False}, "DKIM"),
        ({"dmarc": "fail", "s1": False}, "DKIM"),
        (
            {"to": SUPPORT, "in_reply_to": "", "references": "", "subject": "[#1] Re: La impresora"},
            "Responda a este correo",
        ),
    ],
)
def test_commands_that_do_not_count_are_kept_inside_and_their_person_is_told(
    world: World, changes: dict[str, Any], why: str
) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    row = says(world, number, "#tomar\nHola, Ana.", **changes)

    assert row.verdict == "command"
    assert world.ticket(number).owner_id is None
    assert len(world.letters(to=ANA)) == before
    assert (world.messages(number)[-1].kind, world.messages(number)[-1].public) == ("pending note", False)
    assert why in words(world.letters(to=LUIS, letter="commands_refused")[-1])


def test_answering_that_letter_does_not_confirm_them(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#tomar\nHola, Ana.", s1=False)
    says(world, number, "Sí, fui yo.")

    assert world.ticket(number).owner_id is None
    assert "Hola, Ana." not in "".join(one.text for one in world.letters(to=ANA))


def test_the_token_of_a_colleague_does_not_count(world: World) -> None:
    number = world.ticket_of()
    row = world.receive(reply_to(alert(world, number, MARTA), "#tomar", from_=LUIS, s1=True))

    assert row.verdict == "command"
    assert world.ticket(number).owner_id is None


def test_tokens_rotate_and_the_old_ones_still_bring_answers(world: World) -> None:
    number = world.ticket_of()
    letter = alert(world, number)
    world.later(days=15)
    world.receive(reply_to(letter, "#tomar", s1=True, date="Tue, 08 Dec 2026 12:00:00 +0000"))
    assert world.ticket(number).owner_id is None
    assert "es de hace mucho" in words(world.letters(to=LUIS, letter="commands_refused")[-1])

    world.receive(reply_to(letter, "Hola, Ana: ya va.", s1=True))
    assert "Hola, Ana: ya va." in world.letters(to=ANA, letter="answer")[-1].text


def test_a_customers_hash_is_text(world: World) -> None:
    number = world.ticket_of()
    row = world.receive(reply_to(world.letters(to=ANA)[-1], "#prioridad alta\nGracias", s1=True))

    assert (row.verdict, row.ticket_id) == ("reply", number)
    assert world.ticket(number).priority == 2
    assert "#prioridad alta" in world.messages(number)[-1].text


def test_who_has_no_role_in_the_area_can_do_nothing(world: World) -> None:
    number = world.ticket_of()
    token = world.office.rules.tokens.make(
        Purpose.COMMAND, number, world.person(NORA).id, turn=world.now.date().toordinal() // 7
    )
    row = world.receive(mail(from_=NORA, to=f"support+r.{token}@desk.example", text="#take", s1=True, subject="Re: x"))

    assert row.verdict == "command"
    assert world.ticket(number).owner_id is None
    assert world.letters(to=NORA, letter="commands_refused")


def test_merging_asks_for_a_code_first(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    says(world, second, f"#unir #{first}")
    assert world.ticket(second).closed_at is None
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    code = next(word for word in letter.text.split() if word.isdigit() and len(word) == 6)

    row = world.receive(reply_to(letter, "000000" if code != "000000" else "111111", s1=True))
    assert (row.verdict, world.ticket(second).closed_at) == ("command", None)

    row = world.receive(reply_to(letter, code, s1=True))
    assert row.verdict == "command"
    assert world.ticket(second).closed_at is not None
    assert world.rows(waiting_command)[0].done_at is not None
    assert f"#unir #{first}" in words(world.letters(to=LUIS, letter="commands_done")[-1])

    again = world.receive(reply_to(letter, f"{code} ", s1=True))
    assert "ya se usó" in words(world.letters(to=LUIS, letter="commands_refused")[-1])
    assert again.verdict == "command"


def test_what_cannot_be_done_asks_for_no_code(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#unir #999")

    assert not world.letters(letter="commands_code")
    assert world.letters(to=LUIS, letter="commands_refused")


def test_help_lists_and_the_whole_ticket_come_by_mail(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#ayuda\n#lista\n#ver")

    assert "#asignar" in world.letters(to=LUIS, letter="commands_help")[-1].text
    assert "La impresora no imprime" in world.letters(to=LUIS, letter="ticket_list")[-1].text
    assert "Desde ayer la impresora" in words(world.letters(to=LUIS, letter="ticket_view")[-1])
    assert not world.letters(letter="commands_done")


def test_a_list_can_be_answered_with_commands_for_another_ticket(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra cosa")
    says(world, first, "#lista")
    letter = world.letters(to=LUIS, letter="ticket_list")[-1]
    world.receive(reply_to(letter, f"#solicitudes #{first} #{second}\n#tomar", s1=True))
    code_letter = world.letters(to=LUIS, letter="commands_code")[-1]
    code = next(word for word in code_letter.text.split() if word.isdigit() and len(word) == 6)
    world.receive(reply_to(code_letter, f"{code}\n\nLuis", s1=True))

    assert {world.ticket(one).owner_id for one in (first, second)} == {world.person(LUIS).id}


def test_solving_by_a_command_tells_the_requester_how(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#resuelto\nCambiamos el tóner.")

    assert "Cambiamos el tóner." in world.letters(to=ANA, letter="solved")[-1].text


def test_a_mail_in_html_only_is_not_read_for_commands(world: World) -> None:
    number = world.ticket_of()
    raw = reply_to(alert(world, number), "#tomar", s1=True).replace(b"text/plain", b"text/html")
    world.receive(raw)

    assert world.ticket(number).owner_id is None
    assert "HTML" in words(world.letters(to=LUIS, letter="commands_refused")[-1])


def test_without_reply_addresses_the_token_stands_in_the_message_ids(world: World) -> None:
    areas = [one.model_copy(update={"reply": "plain"}) for one in world.office.settings.area]
    world.open_with(area=areas)
    number = world.ticket_of()
    says(world, number, "#tomar", to=SUPPORT)

    assert world.ticket(number).owner_id == world.person(LUIS).id


def test_a_desk_can_do_without_commands(world: World) -> None:
    world.change_settings(commands={"on": False})
    number = world.ticket_of()
    row = says(world, number, "#tomar\nHola, Ana.")

    assert (row.verdict, world.ticket(number).owner_id) == ("command", None)
    assert "Hola, Ana." not in "".join(one.text for one in world.letters(to=ANA))


def test_a_stranger_whose_mail_looks_like_commands_is_a_customer(world: World) -> None:
    row = world.receive(mail(from_="eva@elsewhere.example", text="#tomar\n#cerrar", s1=True))

    assert row.verdict == "ticket"


def test_what_a_mail_quotes_is_not_read(world: World) -> None:
    number = world.ticket_of()
    quoted = "Gracias, Ana, quedamos atentos.\n\nEl lun, 23 nov 2026 a las 9:00, Mesa escribió:\n> #resuelto\n> Listo"
    row = says(world, number, quoted)

    assert row.verdict == "reply"
    assert world.ticket(number).closed_at is None


def test_a_command_in_the_subject_is_none(world: World) -> None:
    number = world.ticket_of()
    row = says(world, number, "Hola, Ana: ya va.", subject="#resuelto")

    assert row.verdict == "reply"


def test_an_automatic_reply_that_looks_like_commands_does_nothing(world: World) -> None:
    number = world.ticket_of()
    row = says(world, number, "#tomar", headers={"Auto-Submitted": "auto-replied"})

    assert row.verdict == "reply"
    assert world.ticket(number).owner_id is None


def test_a_state_is_reached_by_its_label(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#estado solucionado\nCambiamos el tóner.")

    assert world.ticket(number).state == "solved"


def test_an_agent_assigns_by_name(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#asignar Marta\nEs de las tuyas.")

    assert world.ticket(number).owner_id == world.person(MARTA).id
    assert not world.messages(number)[-1].public


def code_of(letter: Any) -> str:
    return next(word for word in letter.text.split() if word.isdigit() and len(word) == 6)


def test_a_participant_from_outside_wants_a_code_and_one_of_the_company_none(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#participante +bruno@firm.example")
    assert not world.letters(letter="commands_code")
    says(world, number, "#participante +eva@elsewhere.example")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_of(letter), s1=True))

    says(world, number, "Hola, Ana: va un técnico.")
    told = {one.to_address for one in world.letters() if "va un técnico" in one.text}
    assert told == {ANA, "bruno@firm.example", "eva@elsewhere.example"}


def test_somebody_is_asked_aside(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#consultar eva@elsewhere.example\n¿Hay repuesto del tambor?")

    assert "¿Hay repuesto del tambor?" in world.letters(to="eva@elsewhere.example", letter="consultation")[-1].text
    assert "repuesto" not in "".join(one.text for one in world.letters(to=ANA))


def test_a_ticket_is_opened_for_somebody_on_the_telephone(world: World) -> None:
    number = world.ticket_of()
    says(
        world,
        number,
        "#nueva bruno@firm.example No puede entrar\n#origen teléfono\n#prioridad alta\n#tomar\n\nLlamó a las nueve.",
    )

    made = world.tickets()[-1]
    assert (made.subject, made.requester_id) == ("No puede entrar", world.person("bruno@firm.example").id)
    assert (made.origin, made.priority, made.owner_id) == ("phone", 1, world.person(LUIS).id)
    assert made.created_by == world.person(LUIS).id
    assert world.ticket(number).owner_id is None
    assert f"#{made.id}" in words(world.letters(to=LUIS, letter="commands_done")[-1])


def test_the_requester_is_changed_after_a_code(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#solicitante bruno@firm.example")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_of(letter), s1=True))

    assert world.ticket(number).requester_id == world.person("bruno@firm.example").id


def test_an_account_becomes_inactive(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#cuenta inactiva")

    assert world.person(ANA).state == "inactive"


def test_an_answer_to_a_list_names_its_tickets_and_nothing_else_does(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra cosa")
    says(world, first, "#lista")
    letter = world.letters(to=LUIS, letter="ticket_list")[-1]
    world.receive(reply_to(letter, "#tomar", s1=True, subject=f"Re: [#{second}] Lista"))
    assert world.ticket(second).owner_id is None

    world.receive(reply_to(letter, f"#solicitudes {second}\n#tomar", s1=True))
    assert (world.ticket(first).owner_id, world.ticket(second).owner_id) == (None, world.person(LUIS).id)


def test_who_says_that_they_are_away_is_passed_over_until_they_are_back(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#ausente 01/12/2026")
    assert world.person(LUIS).absent_until is not None
    before = len(world.letters(to=LUIS))
    world.ticket_of(subject="Otra cosa")
    assert len(world.letters(to=LUIS)) == before

    says(world, number, "#presente")
    assert world.person(LUIS).absent_until is None


def test_an_answer_in_prose_to_a_refusal_waits_to_be_confirmed(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#priorida alta")
    row = says(world, number, "Perdón, era #prioridad.")
    assert (row.verdict, world.messages(number)[-1].kind) == ("reply", "pending note")
    assert "Perdón" not in "".join(one.text for one in world.letters(to=ANA))

    says(world, number, "Sí, envíelo.")
    assert "Perdón" in world.letters(to=ANA, letter="answer")[-1].text


def test_a_command_about_a_merged_ticket_is_for_the_one_that_remains(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    letter = alert(world, second)
    world.act(second, "merge", to=str(first))
    world.receive(reply_to(letter, "#tomar", s1=True))

    assert world.ticket(first).owner_id == world.person(LUIS).id
