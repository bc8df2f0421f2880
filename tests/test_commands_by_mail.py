"""Commands by mail: what people of the desk write at the top of an answer to its letter, and what comes of it."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gateway.apply.command_orders import ORDERS
from gateway.desk.command_words import Command
from gateway.inbound.arrivals import PAST
from gateway.store import people
from gateway.store.tables import waiting_command
from gateway.threading.tokens import Purpose
from gateway.work.explain import was
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NORA, SUPPORT, World, code_in, mail, reply_to


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
    "text",
    [
        "#nota Llamé dos veces\n#nota No contesta\n\nEste cliente siempre miente.",
        "*#nota*\nEste cliente siempre miente.",
        "_#nota_ Llamé dos veces.\n\nEste cliente siempre miente.",
    ],
)
def test_what_stands_below_notes_stays_inside_however_they_are_written(world: World, text: str) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    says(world, number, text)

    assert len(world.letters(to=ANA)) == before
    assert "Este cliente siempre miente." in world.messages(number)[-1].text
    assert not any(one.public for one in world.messages(number)[1:])


@pytest.mark.parametrize(
    "text",
    [
        "#ayuda\n\nNo entiendo cómo cerrar a este pesado.",
        "#ausente 30/11/2026\n\nEstoy con gripe, Marta cubre.",
        "#lista mías\n\nEl lunes lo veo.",
        "* #nota\nEste cliente siempre miente.",
        "#tomar le llamo mañana",
    ],
)
def test_words_that_are_for_nobody_yet_go_to_nobody_and_are_asked_about(world: World, text: str) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    says(world, number, text)

    assert len(world.letters(to=ANA)) == before
    assert (world.ticket(number).version, world.person(LUIS).absent_until) == (1, None)
    assert world.told()[-1] == ("commands_refused", LUIS)


def test_who_means_it_says_so(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#ausente 30/11/2026\n#responder\n\nMarta la llama el lunes.")

    assert "Marta la llama el lunes." in world.letters(to=ANA, letter="answer")[-1].text
    assert world.person(LUIS).absent_until is not None


def test_a_refusal_shows_the_lines_in_bold_too(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "*#tomar*\n#priorida alta\nHola")

    assert "#tomar" in words(world.letters(to=LUIS, letter="commands_refused")[-1])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#tomar\n#priorida alta\nHola", "#prioridad"),
        ("#tomar\n#prioridad altísima\nHola", "altísima"),
        ("#tomar\n#asignar nadie@nowhere.example\nHola", "nadie@nowhere.example"),
        ("#tomar\n#asignar Pedro\nHola", "Puede ser: Luis Gómez, Marta Ruiz."),
        ("#tomar\n#nota\n#resuelto\nListo.", "dos correos"),
        ("#tomar\n#tomar\nHola", "una sola vez"),
        ("#tomar\n＃nota\nHola", "signo"),
        ("Hola, Ana.\n#nota esto no", "al comienzo"),
        ("#tomar\n#estado Inexistente\nHola", "Inexistente"),
        ("#tomar\n#dificultad mucha", "mucha"),
        ("#tomar\n#vence 31/12/9999", "01/03/2027 15:00, ninguna"),
        ("#tomar\n#ausente 31/12/9999", "3 días"),
        (f"#solicitudes {' '.join(map(str, range(1, 52)))}\n#tomar", "«1 2 3 4"),
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
    assert row.reasons[-1].startswith("nothing is done, because of ")


def test_the_refusal_names_the_line_and_says_what_was_asked(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#tomar\n#categoria Impresoras\n#prioridad 9\nHola")

    said = words(world.letters(to=LUIS, letter="commands_refused")[-1])
    assert "Línea 3: #prioridad 9" in said
    assert "#categoria Impresoras" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#rechazar\nNo podemos.", "Falta «motivo» para «#rechazar». Puede ser: No corresponde a esta mesa de ayuda, "),
        ("#rechazar porque no\nNo podemos.", "«porque no» no es un valor de «motivo»"),
        ("#unir 99", "No hay ninguna solicitud #99, o usted no puede verla."),
        ("#unir 1234567890123", "No hay ninguna solicitud #1234567890123, "),
        ("#vincular 12345678901234567890", "No hay ninguna solicitud #12345678901234567890, "),
        ("#prioridad 9", "Puede ser: alta, normal, baja."),
        ("#naturaleza rara", "Puede ser: incidente, requerimiento, consulta, ninguna."),
        ("#dificultad mucha", "Por ejemplo: 3, ninguna."),
        ("#cuenta rota", "Puede ser: activa, inactiva, bloqueada."),
        ("# asignar Marta", "# asignar Marta No se entiende: escriba el signo # al comienzo de la línea, la palabra"),
        (
            "Hola.\n#tomar",
            "pidió #tomar Los comandos van al comienzo del correo, antes del texto y de lo que usted cita",
        ),
        ("#plantilla cierre", "Esta área no tiene respuestas estándar."),
        ("#consultar eva@elsewhere.example", "Falta el texto para «#consultar»."),
        ("#nueva mailto:eva\nNo entra.", "«mailto:eva» no es un valor de «#nueva»"),
        ("#nueva eva@elsewhere.example\n#origen fax\n\nNo entra.", "Línea 2: #origen fax «fax» no es un valor"),
        ("#nueva eva@elsewhere.example\n#cuándo 01/01/2026\n\nNo entra.", "Línea 2: #cuándo 01/01/2026 La hora"),
        ("#nueva eva@elsewhere.example\n#cuándo 01/12/2026\n\nNo entra.", "2026 Esa hora todavía no ha llegado."),
        ("#llamada\n#cuándo 01/12/2026\n\nNo entra.", "Línea 2: #cuándo 01/12/2026 Esa hora todavía no ha llegado."),
        ("#solicitudes #1 #999\n#prioridad baja", "Línea 1: #solicitudes #1 #999 #999: No hay tal solicitud"),
        ("#solicitudes #1\n#rechazar\nNo.", "#1: Falta «motivo»"),
    ],
)
def test_a_refusal_shows_what_can_be_written_in_the_language_of_its_reader(world: World, text: str, why: str) -> None:
    number = world.ticket_of()
    says(world, number, text)

    assert why in words(world.letters(to=LUIS, letter="commands_refused")[-1])


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
    assert row.reasons[-1] == "a copy: the mail itself or its signature came before, and nothing is done"


def test_explain_says_why_nothing_was_done_without_the_words_of_the_mail(world: World) -> None:
    number = world.ticket_of()
    row = says(world, number, "#tomar\n#asignar Pedro\nHola")

    (told,) = was(world.office, row.mail_id)
    assert told.reasons[-1].startswith("nothing is done, because of line 2: “…” is not a value of “…”")
    assert any(sentence.endswith(f"commands_refused to {LUIS}: pending") for _, sentence in told.trail)


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
    code = code_in(letter)
    about = f"#{second}: Otra vez la impresora (Ana Pérez) #{first}: La impresora no imprime (Ana Pérez)"
    assert about in words(letter)

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


def test_nothing_is_merged_into_a_ticket_that_is_closed(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    world.act(first, "close", text="Listo.")
    says(world, second, f"#unir #{first}")

    assert f"La solicitud #{first} está cerrada: ya no se le une otra." in words(world.letters(to=LUIS)[-1])
    assert world.ticket(second).closed_at is None


def test_a_code_counts_for_nothing_once_the_desk_does_without_commands(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    says(world, second, f"#unir #{first}")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.change_settings(commands={"on": False})
    row = world.receive(reply_to(letter, code_in(letter), s1=True))

    assert (row.verdict, world.ticket(second).closed_at) == ("command", None)
    assert world.letters(to=LUIS, letter="commands_refused")


def test_commands_that_lost_a_race_are_done_at_the_second_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's first mail makes them a person in the moment in which an agent opens a ticket for them."""
    number, before = world.ticket_of(), people.register

    def lost(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(people, "register", before)
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr(people, "register", lost)
    row = says(world, number, "#nueva nuevo@customer.example\nLlamó: no puede entrar a la nómina.")

    assert (row.status, world.ticket(row.ticket_id).requester_address) == ("done", "nuevo@customer.example")
    assert world.letters(to=LUIS, letter="commands_done")


def test_a_fault_of_ours_within_a_command_undoes_those_before_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.ticket_of()

    def broken(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setitem(ORDERS, Command.ACCOUNT, (broken, True))
        row = says(world, number, "#tomar\n#cuenta inactiva")
    assert (row.status, world.ticket(number).version, world.letters(letter="commands_done")) == ("pending", 1, [])

    world.later(hours=1)
    world.work_through()
    assert (world.ticket(number).owner_id, world.person(ANA).state) == (world.person(LUIS).id, "inactive")


def test_what_cannot_be_done_asks_for_no_code(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#unir #999")

    assert not world.letters(letter="commands_code")
    assert world.letters(to=LUIS, letter="commands_refused")


def test_help_lists_and_the_whole_ticket_come_by_mail(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#ayuda\n#lista\n#ver")

    assert "#asignar" in world.letters(to=LUIS, letter="commands_help")[-1].text
    listed = words(world.letters(to=LUIS, letter="ticket_list")[-1])
    assert "La impresora no imprime" in listed
    assert f"#solicitudes #{number} y los comandos" in listed
    assert "Desde ayer la impresora" in words(world.letters(to=LUIS, letter="ticket_view")[-1])
    assert not world.letters(letter="commands_done")


def test_the_view_tells_of_an_account_in_the_language_of_its_reader(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#cuenta inactiva")
    says(world, number, "#ver")

    assert "Luis Gómez: cambió la cuenta → inactiva" in words(world.letters(to=LUIS, letter="ticket_view")[-1])


def test_a_state_is_reached_without_a_text_where_something_leads_there_without_one(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#estado Abierto")
    assert (state_of(world, number), world.ticket(number).owner_id) == ("open", world.person(LUIS).id)

    other = world.ticket_of()
    says(world, other, "#asignar Marta")
    says(world, other, "#estado Abierto")
    assert "Línea 1: #estado Abierto Ya está así." in words(world.letters(to=LUIS)[-1])
    assert world.ticket(other).owner_id == world.person(MARTA).id


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("#tomar\n#ver #999\n\nHola, Ana: ya va.", "Línea 2: #ver #999"),
        ("#lista impresoras-viejas\n#tomar", "Línea 1: #lista impresoras-viejas"),
        ("#ver\n#ver #998", "Línea 2: #ver #998"),
        ("#participante +eva@elsewhere.example\n#ver #999", "Línea 2: #ver #999"),
    ],
)
def test_what_cannot_be_shown_undoes_the_rest_too(world: World, text: str, line: str) -> None:
    number = world.ticket_of()
    before = len(world.letters())
    says(world, number, text)

    assert world.told(before) == [("commands_refused", LUIS)]
    assert line in words(world.letters(to=LUIS)[-1])
    assert (world.ticket(number).owner_id, world.ticket(number).version) == (None, 1)


def test_the_receipt_of_several_tickets_names_all_who_were_told_and_is_about_none(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(BRUNO, subject="La red")
    says(world, second, f"#solicitudes #{first} #{second}\n#tomar\n#responder\nMañana no hay servicio.")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_in(letter), s1=True))

    done = world.letters(to=LUIS, letter="commands_done")[-1]
    assert f"se envió a Ana Pérez <{ANA}>, Bruno Díaz <{BRUNO}>." in words(done)
    assert (done.ticket_id, done.subject) == (None, "Listo")
    world.receive(reply_to(done, "¿Y a qué hora?", s1=True))
    assert "¿Y a qué hora?" not in "".join(one.text for to in (ANA, BRUNO) for one in world.letters(to=to))


@pytest.mark.parametrize(
    ("text", "letter"), [("#tomar", "commands_done"), ("#ver", "ticket_view"), ("#ayuda", "commands_help")]
)
def test_a_letter_whose_answer_goes_to_the_requester_says_so(world: World, text: str, letter: str) -> None:
    number = world.ticket_of()
    says(world, number, text)
    answered = world.letters(to=LUIS, letter=letter)[-1]
    world.receive(reply_to(answered, "Ya va un técnico.", s1=True))

    assert "Si responde con un texto, llega a Ana Pérez." in words(answered)
    assert "Ya va un técnico." in world.letters(to=ANA, letter="answer")[-1].text


def test_a_list_can_be_answered_with_commands_for_another_ticket(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra cosa")
    says(world, first, "#lista")
    letter = world.letters(to=LUIS, letter="ticket_list")[-1]
    world.receive(reply_to(letter, f"#solicitudes #{first} #{second}\n#tomar", s1=True))
    code_letter = world.letters(to=LUIS, letter="commands_code")[-1]
    code = code_in(code_letter)
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
    assert "no se dan comandos por correo" in words(world.letters(to=LUIS, letter="commands_refused")[-1])


def test_commands_that_lay_in_the_mailbox_before_it_was_read_are_kept_inside(world: World) -> None:
    """What they were for is long over; and to mail of the past nobody is answered."""
    number = world.ticket_of()
    before = len(world.letters())
    row = world.receive(reply_to(alert(world, number), "#tomar\n\nHola, Ana.", s1=True), source=f"{PAST}support")

    assert (row.verdict, world.ticket(number).owner_id, world.told(before)) == ("command", None, [])
    assert (world.messages(number)[-1].kind, world.messages(number)[-1].public) == ("pending note", False)


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


@pytest.mark.parametrize(
    "whom", ["Marta", "a marta", "@marta", f"Marta Ruiz <{MARTA}>", f"<{MARTA.upper()}>", f"{MARTA}<mailto:{MARTA}>"]
)
def test_an_agent_assigns_by_name(world: World, whom: str) -> None:
    number = world.ticket_of()
    says(world, number, f"#asignar {whom}\nEs de las tuyas.")

    assert world.ticket(number).owner_id == world.person(MARTA).id
    assert not world.messages(number)[-1].public


def test_a_participant_from_outside_wants_a_code_and_one_of_the_company_none(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#participante +bruno@firm.example")
    assert not world.letters(letter="commands_code")
    says(world, number, "#participante +eva@elsewhere.example")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_in(letter), s1=True))

    says(world, number, "Hola, Ana: va un técnico.")
    told = {one.to_address for one in world.letters() if "va un técnico" in one.text}
    assert told == {ANA, "bruno@firm.example", "eva@elsewhere.example"}


def test_a_release_that_moves_nothing_is_announced_to_nobody(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#versión 7.4")
    says(world, number, "#publicada 7.4")

    assert world.told()[-1] == ("commands_refused", LUIS)
    assert f"escriba usted a quien la espera (#{number})" in words(world.letters(to=LUIS)[-1])


def test_somebody_is_asked_aside(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#consultar eva@elsewhere.example\n¿Hay repuesto del tambor?")

    assert "¿Hay repuesto del tambor?" in world.letters(to="eva@elsewhere.example", letter="consultation")[-1].text
    assert "repuesto" not in "".join(one.text for one in world.letters(to=ANA))


def test_names_may_stand_before_addresses_and_say_who_is_new_here(world: World) -> None:
    number = world.ticket_of()
    says(world, number, f'#consultar Eva Ruiz <{EVA}>, "Gil, Ana" <gil@elsewhere.example>\n¿Hay repuesto?')
    says(world, number, "#participante +Clara Díaz <clara@firm.example>")

    assert [one.to_address for one in world.letters(letter="consultation")] == [EVA, "gil@elsewhere.example"]
    assert [world.person(one).name for one in (EVA, "gil@elsewhere.example", "clara@firm.example")] == [
        "Eva Ruiz",
        "Gil Ana",
        "Clara Díaz",
    ]


def test_who_was_named_by_an_address_alone_is_called_as_their_own_proven_mail_calls_them(world: World) -> None:
    number = world.ticket_of()
    says(world, number, f"#consultar {EVA} gil@elsewhere.example\n¿Hay repuesto?")
    for who, name, s1 in ((EVA, "Eva Ruiz", True), ("gil@elsewhere.example", "Ana Gil", False)):
        letter = world.letters(to=who, letter="consultation")[-1]
        world.receive(reply_to(letter, "Sí, dos.", from_=f"{name} <{who}>", s1=s1))

    assert [world.person(one).name for one in (EVA, "gil@elsewhere.example")] == ["Eva Ruiz", ""]
    assert f"Eva Ruiz <{EVA}>" in "".join(one.text for one in world.letters(to=LUIS, letter="alert"))


def test_areas_and_organisations_are_named_in_any_case(world: World) -> None:
    with world.office.database.write() as connection:
        people.organisation_named(connection, "Compañía Eléctrica S.A.")
    number = world.ticket_of()
    says(world, number, "#organizacion COMPAÑIA electrica s.a.\n#area Billing\n#asignar Nora")

    ticket = world.ticket(number)
    assert (ticket.area, ticket.owner_id) == ("billing", world.person(NORA).id)
    assert ticket.organisation_id


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


def test_of_a_new_ticket_the_team_hears_with_all_that_was_done_to_it(world: World) -> None:
    number = world.ticket_of()
    before = len(world.letters())
    says(world, number, "#nueva bruno@firm.example No puede entrar\n#prioridad alta\n#tomar\n\nLlamó a las nueve.")

    made = world.tickets()[-1].id
    assert world.told(before) == [("receipt", BRUNO), ("alert", MARTA), ("commands_done", LUIS)]
    assert "A cargo de: Luis Gómez Prioridad: alta" in words(alert(world, made, MARTA))
    assert "Nadie la atiende" not in words(alert(world, made, MARTA))


def test_who_is_given_a_new_ticket_by_another_line_hears_of_it_once(world: World) -> None:
    number = world.ticket_of()
    before = len(world.letters())
    says(world, number, "#nueva bruno@firm.example No puede entrar\n#asignar Marta\n\nLlamó a las nueve.")

    assert [one for one in world.told(before) if one[1] == MARTA] == [("alert", MARTA)]
    assert "Le asignaron una solicitud" in words(alert(world, world.tickets()[-1].id, MARTA))


def test_the_requester_is_changed_after_a_code(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#solicitante bruno@firm.example")
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_in(letter), s1=True))

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
    asked = words(alert(world, number))
    assert "responde a la carta que dice por qué no se hizo lo que pidió" in asked
    assert ("Perdón, era #prioridad." in asked, "no es seguro" in asked) == (True, False)
    assert "Perdón" not in "".join(one.text for one in world.letters(to=ANA))

    says(world, number, "Sí, envíelo.")
    assert "Perdón" in world.letters(to=ANA, letter="answer")[-1].text


def test_who_answers_a_colleagues_letter_is_asked_with_the_reason_and_the_words(world: World) -> None:
    number = world.ticket_of()
    letter = alert(world, number)
    world.receive(reply_to(letter, "Hola, Ana: ya va un técnico.", from_=MARTA, s1=True))
    asked = world.letters(to=MARTA)[-1]
    assert "Motivo: responde a un correo que era para otra persona" in words(asked)
    assert ("ya va un técnico" in words(asked), "no es seguro" in words(asked)) == (True, False)
    assert "Para enviarla tal como está a quien hizo la solicitud, responda a este correo." in words(asked)

    world.receive(reply_to(asked, "Sí, envíela."))
    assert "ya va un técnico" in world.letters(to=ANA, letter="answer")[-1].text


def test_who_is_not_proven_is_told_and_sent_nothing_of_what_came_in_their_name(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "Hola, Ana: ya va un técnico.", s1=False)

    asked = words(alert(world, number))
    assert ("ya va un técnico" in asked, "no es seguro que lo haya escrito usted" in asked) == (False, True)
    assert "para confirmarlo y enviarlo a quien hizo la solicitud" in asked


def test_a_command_about_a_merged_ticket_is_for_the_one_that_remains(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    letter = alert(world, second)
    world.act(second, "merge", to=str(first))
    world.receive(reply_to(letter, "#tomar", s1=True))

    assert world.ticket(first).owner_id == world.person(LUIS).id
