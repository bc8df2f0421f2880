"""What is a customer's own command and what somebody has to read, who may give one, and what comes of it."""

import re
from typing import Any

import pytest

from gateway.desk.own_commands import OwnCommand, Wish, of_new_mail, own_command
from gateway.desk.ticket import Field
from gateway.outbound.compose import Composer
from gateway.settings import Web
from gateway.settings_keys import signing_keys
from gateway.store.tables import person as person_table
from gateway.store.tables import ticket
from gateway.threading import links
from gateway.work.explain import was
from tests.letter_samples import LANGUAGES, TEMPLATES, sample
from tests.world import ANA, BRUNO, EVA, LUIS, World, mail, reply_to

# --- the words --------------------------------------------------------------------------------------------------------

STATE = """
Estado
estado.
¿Estado?
ESTADO
«estado»
Estado, por favor
Hola, buenas tardes. Estado por favor. Muchas gracias
Estatus
Situación
mis solicitudes
Mis tickets
mis tiquetes abiertos
ver mis casos
Lista de mis solicitudes
estado de mis solicitudes
Estado de la solicitud
estado actual del ticket
consultar estado de mi caso
Status
status please
Status of my requests
the status of this ticket
my requests
My open tickets, please
show my requests
List my tickets
ticket status
Situação
situação do chamado
andamento da solicitação
Status do meu chamado, por favor
meus chamados
Minhas solicitações abertas
""".strip().splitlines()

STOP = """
stop
Stop.
unsubscribe
no más avisos
No más avisos, gracias
sin más notificaciones
No quiero recibir más avisos de esta solicitud
ya no quiero más recordatorios
no recibir más avisos
No me envíen más notificaciones, por favor
parar avisos
Parar los avisos de este ticket
dejar de recibir avisos
no more notices
No more reminders, please
Stop the notifications
stop sending me updates
I do not want any more notices
don't send me more reminders
parar avisos
Sem mais avisos
não quero mais avisos
Não quero receber mais avisos desta solicitação
Não me enviem mais lembretes, obrigado
pare os avisos
""".strip().splitlines()

START = """
start
quiero avisos
Sí quiero avisos
Quiero recibir avisos otra vez
volver a recibir avisos
reactivar notificaciones
send me notices
Send me notices again, please
I want notices
resume reminders
quero avisos
Quero voltar a receber os avisos
""".strip().splitlines()

JOIN = """
agregar mi dirección otra@x.example
Agregar mi correo: otra@x.example
Por favor agregar mi otra dirección de correo otra@x.example. Gracias
vincular mi correo otra@x.example
añadir otra@x.example a mi cuenta
agregar mi dirección otra@x.example <mailto:otra@x.example>
add my address Otra@X.example
Please add my other email address <otra@x.example>
add otra@x.example to my account
adicionar meu endereço otra@x.example
incluir meu e-mail otra@x.example, por favor
adicionar otra@x.example à minha conta
""".strip().splitlines()

NONE = """
¿cuál es el estado de mi pedido? no me llega
estado: roto
Estado: soltero
estado 4711
#estado
el estado no cambia
el estado del equipo es malo
estado del pedido
estado de cuenta
Estado de México
mis pedidos
mis solicitudes de vacaciones no aparecen
Mis casos son los mismos de ayer
¿Me dicen el estado? Gracias, es urgente
quiero saber si mi solicitud avanza
Status 500
status: failed
status update please, it is still broken
The status of my order
My requests are timing out
my ticket was closed by mistake
Stop it now
Stop the server
¿Stop?
Stop?
stop 5
stop, sigue fallando
no
No más
no más errores, gracias
no más avisos, pero sí quiero la solución
no quiero avisos de mora en la factura
no quiero avisos, quiero que funcione
¿no más avisos?
los avisos no me llegan
no me llegan los avisos
avisos
parar
parar el servicio de avisos por correo de la tienda
cancelar
cancelar mi suscripción
quiero darme de baja
dar de baja al usuario
unsubscribe does not work
How do I stop notifications in the app?
I want more notices on the board
no more updates to Windows, please fix it
start the server
quiero avisos en la página de inicio
agregar mi dirección
agregar mi dirección Calle 5 # 10-20
agregar a eva@x.example
agregar mi dirección a@x.example y b@x.example
cambiar mi correo otra@x.example
¿agregar mi dirección otra@x.example?
add my address 5 Main Street
add eva@x.example
my address is otra@x.example
meus pedidos
situação: resolvida
Qual é a situação do meu chamado? Está parado
parar o servidor
Gracias
Hola

Sí
cerrar
""".strip("\n").splitlines()


@pytest.mark.parametrize("text", STATE)
def test_these_words_ask_for_the_state(text: str) -> None:
    asked = own_command(text)

    assert asked is not None
    assert asked.wish is Wish.STATE


@pytest.mark.parametrize("text", STOP)
def test_these_words_stop_the_notices(text: str) -> None:
    asked = own_command(text)

    assert asked is not None
    assert asked.wish is Wish.STOP


@pytest.mark.parametrize("text", START)
def test_these_words_want_the_notices_again(text: str) -> None:
    asked = own_command(text)

    assert asked is not None
    assert asked.wish is Wish.START


@pytest.mark.parametrize("text", JOIN)
def test_these_words_join_an_address(text: str) -> None:
    asked = own_command(text)

    assert asked is not None
    assert (asked.wish, asked.address) == (Wish.JOIN, "otra@x.example")


@pytest.mark.parametrize("text", NONE)
def test_these_words_are_for_somebody_to_read(text: str) -> None:
    assert own_command(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("estado", OwnCommand(Wish.STATE, "", bare=True)),
        ("mis solicitudes", OwnCommand(Wish.STATE, "es")),
        ("my requests", OwnCommand(Wish.STATE, "en")),
        ("situação", OwnCommand(Wish.STATE, "pt", bare=True)),
        ("unsubscribe", OwnCommand(Wish.STOP, "en", bare=True)),
        ("sem mais avisos", OwnCommand(Wish.STOP, "pt")),
        ("no más avisos", OwnCommand(Wish.STOP, "es")),
    ],
)
def test_one_word_is_told_from_more_and_a_language_only_where_it_is_one(text: str, expected: OwnCommand) -> None:
    assert own_command(text) == expected


def test_a_signature_or_what_a_telephone_adds_is_no_part_of_it() -> None:
    assert own_command("Estado\n\nAna Pérez") is not None
    assert own_command("estado\n-- \nAna Pérez\nFirma S. A., tel. 555 12 34") is not None
    assert own_command("my requests\n\nSent from my iPhone") is not None


def test_a_long_text_is_looked_at_no_further() -> None:
    assert own_command("estado" + " " * 400) is None
    assert own_command("gracias " * 49 + "estado") is not None
    assert own_command("a@" * 199) is None


@pytest.mark.parametrize(
    ("subject", "text", "is_one"),
    [
        ("estado", "", True),
        ("Re: estado", "", True),
        ("Estado", "Gracias", True),
        ("Estado", "Mi impresora no imprime", False),
        ("", "estado", True),
        ("Consulta", "Mis solicitudes, por favor", True),
        ("Sus solicitudes", "estado", True),
        ("Re: Sus solicitudes", "estado", True),
        ("estado", "estado", True),
        ("Estado", "Estado\nGracias,\nAna", True),
        ("Mis solicitudes", "estado", True),
        ("Agregar mi dirección", "Agregar mi dirección ana@casa.example", True),
        ("Agregar mi dirección", "Estado", False),
        ("Agregar mi dirección eva@casa.example", "Agregar mi dirección ana@casa.example", False),
        ("La impresora no imprime", "estado", False),
        ("mis solicitudes", "no más avisos", False),
        ("Estado del pedido", "", False),
        ("Hola", "", False),
        ("", "", False),
    ],
)
def test_in_a_new_mail_the_subject_and_the_text_say_nothing_else(subject: str, text: str, is_one: bool) -> None:
    assert (of_new_mail(subject, text) is not None) is is_one


# --- what the letters say to write is understood ----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("letter", "changes", "wishes"),
    [
        ("receipt", {}, [Wish.STATE, Wish.STOP]),
        ("my_tickets", {"number": None}, [Wish.STATE]),
        ("notices_stopped", {"stopped": True}, [Wish.START]),
        ("notices_stopped", {"stopped": False}, [Wish.STOP]),
    ],
)
def test_the_words_that_a_letter_proposes_are_understood(
    language: str, letter: str, changes: dict[str, Any], wishes: list[Wish]
) -> None:
    rendered = Composer([TEMPLATES]).compose(letter, language, sample(letter, language, **changes))
    proposed = [own_command(one) for one in re.findall(r"[«“]([^»”]+)[»”]", rendered.text)]

    assert [one and one.wish for one in proposed] == wishes


# --- how my requests are ----------------------------------------------------------------------------------------------

URL = "https://desk.example/help"


def asked(world: World, text: str = "estado", **changes: Any) -> Any:
    """Ana's answer to the newest letter that she got: the delivery."""
    return world.receive(reply_to(world.letters(to=ANA)[-1], text, **({"s1": True} | changes)))


def newest(world: World, to: str = ANA) -> Any:
    return world.letters(to=to)[-1]


def test_the_state_is_told_in_a_letter_and_no_ticket_and_no_message_is_made(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    before = len(world.letters())

    row = asked(world)

    assert (row.verdict, row.stage, row.ticket_id) == ("command", "asks_for_themselves", number)
    assert world.told(before) == [("my_tickets", ANA)]
    assert len(world.tickets()) == 1
    assert [one.kind for one in world.messages(number)] == ["mail"]
    assert f"#{number} La impresora no imprime" in newest(world).text
    assert "La atiende Luis Gómez" in newest(world).text
    assert "state asked for" in [one.action for one in world.events(number)]


def test_nobody_is_named_while_nobody_works_on_it(world: World) -> None:
    number = world.ticket_of(ANA)

    asked(world)

    assert f"#{number}" in newest(world).text
    assert "La atiende" not in newest(world).text


def test_the_request_that_was_answered_comes_first_then_the_open_ones_then_those_closed_lately(world: World) -> None:
    old = world.ticket_of(ANA, subject="Cerrada hace mucho")
    world.act(old, "close", by=LUIS, text="Listo.")
    world.later(days=31)
    closed = world.ticket_of(ANA, subject="Cerrada ayer")
    world.act(closed, "close", by=LUIS, text="Listo.")
    world.later(days=1)
    other = world.ticket_of(ANA, subject="La otra abierta")
    about = world.ticket_of(ANA, subject="La de la respuesta")

    asked(world)

    said = newest(world).text
    places = [said.find(f"#{one} ") for one in (about, other, closed)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert f"#{old} " not in said


def test_a_request_in_a_state_that_its_workflow_lost_is_in_it_without_one(world: World) -> None:
    number = world.ticket_of(ANA)
    world.write(ticket.update().where(ticket.c.id == number).values(state="gone"))

    row = world.receive(mail(from_=ANA, subject="estado", text="", s1=True))

    assert (row.status, row.verdict) == ("done", "command")
    assert f"#{number} La impresora no imprime" in newest(world).text
    assert "gone" not in newest(world).text + newest(world).html


def test_another_persons_requests_are_not_in_it(world: World) -> None:
    world.ticket_of(ANA)
    theirs = world.ticket_of(BRUNO, subject="Lo de Bruno")

    world.receive(mail(from_=ANA, subject="estado", text="", s1=True))

    assert f"#{theirs}" not in newest(world).text
    assert "Bruno" not in newest(world).text + newest(world).html


def test_in_a_new_mail_the_subject_alone_asks_and_the_letter_belongs_to_no_request(world: World) -> None:
    world.ticket_of(ANA)

    row = world.receive(mail(from_=ANA, subject="Estado", text="", s1=True))

    assert (row.verdict, row.ticket_id) == ("command", None)
    assert (newest(world).letter, newest(world).ticket_id) == ("my_tickets", None)
    assert len(world.tickets()) == 1
    (told,) = was(world.office, row.mail_id)
    assert told.reasons[-1].endswith("asks “state of my requests”")
    assert any(sentence.endswith(f"my_tickets to {ANA}: pending") for _, sentence in told.trail)


def test_what_has_more_to_say_becomes_a_request(world: World) -> None:
    row = world.receive(mail(from_=ANA, subject="estado", text="¿Cuál es? No me llega nada.", s1=True))

    assert row.verdict == "ticket"


def test_who_has_never_written_gets_a_request_like_everybody(world: World) -> None:
    assert world.receive(mail(from_=EVA, subject="estado", text="", s1=True)).verdict == "ticket"


def test_a_forged_mail_asks_for_nothing(world: World) -> None:
    """Without proof and without a token it is a mail like any other: nobody can make us write to Ana by her name."""
    world.ticket_of(ANA)
    before = len(world.letters(letter="my_tickets"))

    world.receive(mail(from_=ANA, subject="estado", text=""))
    world.receive(reply_to(newest(world), "estado", dmarc="fail"))

    assert len(world.letters(letter="my_tickets")) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"s1": False, "dmarc": "fail"},
        {"headers": {"Auto-Submitted": "auto-generated"}},
        {"headers": {"X-Auto-Response-Suppress": "All"}},
    ],
)
def test_what_would_not_be_answered_is_read_by_somebody(world: World, changes: dict[str, Any]) -> None:
    world.ticket_of(ANA)

    assert asked(world, **changes).verdict == "reply"
    assert world.letters(letter="my_tickets") == []


def test_with_their_own_token_alone_there_are_numbers_and_states_and_no_word_of_anybody(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)

    row = asked(world, s1=False)

    letter = newest(world)
    assert (row.verdict, letter.letter, letter.to_address) == ("command", "my_tickets", ANA)
    assert f"#{number}" in letter.text
    assert "Abierto" in letter.text
    for word in ("impresora", "Luis", "Ana"):
        assert word not in letter.text + letter.html + letter.subject + str(letter.headers)


def test_anothers_token_asks_for_nothing_without_proof(world: World) -> None:
    number = world.ticket_of(ANA)
    row = world.receive(mail(from_=BRUNO, to=world.reply_address(number, ANA), text="estado"))

    assert row.verdict == "reply"
    assert world.letters(letter="my_tickets") == []


def test_a_pending_person_gets_numbers_only(world: World) -> None:
    number = world.ticket_of(EVA, subject="No entra")

    row = world.receive(mail(from_=EVA, subject="estado", text="", s1=True))

    letter = newest(world, EVA)
    assert (row.verdict, letter.letter) == ("command", "my_tickets")
    assert f"#{number}" in letter.text
    for word in ("entra", "Nuevo"):
        assert word not in letter.text + letter.html + letter.subject


def test_a_subject_that_somebody_forged_is_not_shown_as_theirs(world: World) -> None:
    world.ticket_of(ANA, subject="La mía")
    world.ticket_of(ANA, subject="Palabras de otro", s1=False)

    world.receive(mail(from_=ANA, subject="estado", text="", s1=True))

    assert "La mía" in newest(world).text
    assert "Palabras" not in newest(world).text + newest(world).html


def test_so_many_letters_in_a_day_and_receipts_are_not_among_them(world: World) -> None:
    world.ticket_of(ANA)
    for _ in range(5):
        world.receive(mail(from_=ANA, subject="estado", text="", s1=True))

    assert len(world.letters(letter="my_tickets")) == 3
    dropped = world.deliveries()[-1]
    assert dropped.verdict == "command"
    assert dropped.reasons[-1].startswith("not answered: ")
    world.ticket_of(ANA, subject="Otra cosa")
    assert newest(world).letter == "receipt"


def test_each_request_has_its_link_which_opens_it_only_where_it_is_theirs_for_sure(world: World) -> None:
    world.open_with(web=Web(public_url=URL))
    mine = world.ticket_of(ANA)
    forged = world.ticket_of(ANA, s1=False)

    world.receive(mail(from_=ANA, subject="estado", text="", s1=True))

    words = newest(world).text.split()
    keys = signing_keys(world.office.settings)
    opened = [links.read_request(keys, one.rsplit("/", 1)[1], now=world.now) for one in words if "/request/" in one]
    assert [(one.person_id, one.number) for one in opened if one] == [(world.person(ANA).id, mine)]
    assert f"{URL}/tickets/{forged}" in words
    assert f"{URL}/tickets" in words


def test_an_agent_of_the_organisation_sees_what_their_colleagues_asked(world: World) -> None:
    world.open_with(web=Web(public_url=URL))
    for address in (ANA, BRUNO):
        world.known(address, organisation="Firma", kind="customer")
    ana, organisation = world.person(ANA).id, world.person(ANA).organisation_id
    theirs = world.ticket_of(BRUNO, subject="Lo de Bruno")
    assert world.ticket(theirs).organisation_id == organisation

    world.receive(mail(from_=ANA, subject="estado", text="", s1=True))
    assert "Lo de Bruno" not in newest(world).text
    world.write(person_table.update().where(person_table.c.id == ana).values(organisation_agent=True))
    world.receive(mail(from_=ANA, subject="estado", text="", s1=True, date="Mon, 23 Nov 2026 12:01:00 +0000"))

    assert f"#{theirs} Lo de Bruno" in newest(world).text
    assert "De Bruno Díaz" in newest(world).text
    assert f"{URL}/organisation/{theirs}" in newest(world).text.split()
    assert "/tickets/" not in newest(world).text


# --- one word in answer to a question ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Stop.", "estado", "Status", "unsubscribe"])
def test_one_word_to_what_a_person_wrote_is_the_answer_to_it(world: World, text: str) -> None:
    """“Which button did you press?” – “Stop.”"""
    number = world.ticket_of(ANA)
    world.answered(number, "¿Qué botón oprimió?")

    row = asked(world, text)

    assert (row.verdict, row.stage) == ("reply", "names_a_ticket")
    assert world.messages(number)[-1].text.strip() == text


def test_one_word_while_the_desk_waits_for_an_answer_is_read_by_somebody(world: World) -> None:
    number = world.ticket_of(ANA)
    receipt = newest(world)
    world.act(number, "take", by=LUIS)
    world.act(number, "wait", by=LUIS, text="¿Qué botón oprimió?")

    row = world.receive(reply_to(receipt, "stop", s1=True))

    assert row.verdict == "reply"


def test_more_than_a_word_is_clear_even_then(world: World) -> None:
    number = world.ticket_of(ANA)
    world.answered(number, "¿Qué botón oprimió?")

    assert asked(world, "no más avisos").verdict == "command"


def test_a_mail_with_a_file_is_read_by_somebody(world: World) -> None:
    world.ticket_of(ANA)

    assert asked(world, "estado", files=[("pantalla.png", b"x")]).verdict == "reply"


def test_what_is_written_on_the_page_is_a_message(world: World) -> None:
    """Its buttons stop the notices and close; whoever types there wants it read."""
    number = world.ticket_of(ANA)
    raw = reply_to(newest(world), "no más avisos", s1=True)

    assert world.receive(raw, source="web", session_auth=ANA).verdict == "reply"
    assert world.messages(number)[-1].text.strip() == "no más avisos"


def test_who_works_on_it_does_not_ask_for_it_like_a_customer(world: World) -> None:
    number = world.ticket_of(ANA)
    row = world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), text="estado", s1=True))

    assert row.verdict == "reply"
    assert newest(world).letter == "answer"


# --- fewer notices ----------------------------------------------------------------------------------------------------


def quiet(world: World, number: int) -> bool:
    return bool((world.ticket(number).fields or {}).get(Field.QUIET))


def test_stop_keeps_the_notices_back_and_says_so_once(world: World) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters())

    row = asked(world, "No más avisos")
    world.act(number, "take", by=LUIS)

    assert (row.verdict, row.ticket_id) == ("command", number)
    assert quiet(world, number)
    assert [one for one in world.told(before) if one[1] == ANA] == [("notices_stopped", ANA)]
    assert "«quiero avisos»" in newest(world).text


@pytest.mark.parametrize(("s1", "opens"), [(True, True), (False, False)])
def test_that_letter_opens_the_page_as_the_others_do(world: World, s1: bool, opens: bool) -> None:
    """Where their own token is all that there is, its link is for who is signed in."""
    world.open_with(web=Web(public_url=URL))
    number = world.ticket_of(ANA)
    asked(world, "No más avisos", s1=s1)

    assert newest(world).letter == "notices_stopped"
    words = newest(world).text.split()
    assert any(one.startswith(f"{URL}/request/") for one in words) == opens
    assert (f"{URL}/tickets/{number}" in words) != opens


def test_what_people_write_still_comes(world: World) -> None:
    number = world.ticket_of(ANA)
    asked(world, "stop")

    world.answered(number, "Ya quedó lista.")

    assert newest(world).letter == "answer"


def test_the_notices_come_again_by_the_words_that_the_letter_proposes(world: World) -> None:
    number = world.ticket_of(ANA)
    asked(world, "stop")

    row = asked(world, "quiero avisos")

    assert row.verdict == "command"
    assert not quiet(world, number)
    assert newest(world).letter == "notices_stopped"
    assert "Volverá a recibir avisos" in newest(world).text


def test_start_alone_means_something_only_after_stop(world: World) -> None:
    world.ticket_of(ANA)
    assert asked(world, "start").verdict == "reply"
    asked(world, "stop")

    assert asked(world, "start").verdict == "command"


def test_where_no_notices_were_stopped_the_wish_for_them_is_an_answer_to_the_question(world: World) -> None:
    """“Do you want the shop's notices by mail?” – “I want notices.”"""
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    world.act(number, "wait", by=LUIS, text="¿Quiere recibir las notificaciones de la tienda?")

    row = asked(world, "Quiero notificaciones")

    assert (row.verdict, row.ticket_id) == ("reply", number)
    assert world.messages(number)[-1].text.strip() == "Quiero notificaciones"
    assert world.ticket(number).state == "open"
    assert newest(world, LUIS).letter == "alert"


def test_their_own_token_is_enough_to_hear_less_and_anothers_is_not(world: World) -> None:
    number = world.ticket_of(ANA)
    world.receive(mail(from_=BRUNO, to=world.reply_address(number, ANA), text="no más avisos", s1=True))
    assert not quiet(world, number)

    asked(world, "no más avisos", s1=False)

    assert quiet(world, number)
    assert "impresora" not in newest(world).subject + newest(world).text


def test_a_participant_stops_nothing_for_the_requester(world: World) -> None:
    number = world.ticket_of(ANA)
    world.participant(number, BRUNO)

    world.receive(mail(from_=BRUNO, to=world.reply_address(number, BRUNO), text="no más avisos", s1=True))

    assert not quiet(world, number)


def test_stop_opens_no_closed_request_again(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "close", by=LUIS, text="Listo.")

    row = asked(world, "stop")

    assert row.verdict == "command"
    assert world.ticket(number).closed_at is not None
    assert len(world.tickets()) == 1


def test_who_wants_no_letters_has_not_confirmed_an_account(world: World) -> None:
    number = world.ticket_of(EVA, s1=False)

    row = world.receive(reply_to(newest(world, EVA), "stop"))

    assert row.verdict == "command"
    assert quiet(world, number)
    assert world.person(EVA).state == "pending"
    assert newest(world, EVA).letter == "notices_stopped"


def test_estado_in_answer_to_the_first_letter_confirms_and_tells(world: World) -> None:
    number = world.ticket_of(EVA, subject="No entra", s1=False)

    world.receive(reply_to(world.letters(to=EVA, letter="receipt_new")[-1], "estado"))

    assert world.person(EVA).state == "active"
    assert f"#{number} No entra" in world.letters(to=EVA, letter="my_tickets")[-1].text


# --- one more address -------------------------------------------------------------------------------------------------


def test_a_second_address_is_asked_and_the_first_is_told(world: World) -> None:
    before = len(world.letters())

    row = world.receive(mail(from_=ANA, subject="", text="agregar mi dirección ana@casa.example", s1=True))

    assert row.verdict == "command"
    assert sorted(world.told(before)) == [("address_asked", ANA), ("join_address", "ana@casa.example")]
    assert "ana@casa.example" in newest(world).text


def test_an_address_is_joined_by_proven_mail_only(world: World) -> None:
    world.ticket_of(ANA)

    row = asked(world, "agregar mi dirección mallory@evil.example", s1=False)

    assert row.verdict == "reply"
    assert world.letters(to="mallory@evil.example") == []


# --- close it ---------------------------------------------------------------------------------------------------------

CLOSE = ("cerrar", "Ya pueden cerrar el ticket, gracias", "close it", "Podem encerrar o chamado, obrigado")


def in_workflow(world: World, name: str) -> int:
    areas = [area.model_copy(update={"workflow": name}) for area in world.office.settings.area]
    world.open_with(area=areas)
    return world.ticket_of(ANA)


@pytest.mark.parametrize("workflow", ["default", "self-registration"])
@pytest.mark.parametrize("text", CLOSE)
def test_the_requester_closes_where_the_workflow_lets_them(world: World, workflow: str, text: str) -> None:
    number = in_workflow(world, workflow)

    assert asked(world, text).stage == "answers_the_desk"
    assert world.ticket(number).closed_at is not None


@pytest.mark.parametrize("workflow", ["default", "self-registration"])
def test_who_has_the_ticket_hears_that_its_requester_closed_it(world: World, workflow: str) -> None:
    number = in_workflow(world, workflow)
    world.act(number, "take", by=LUIS)
    before = len(world.letters())

    asked(world, "Pueden cerrar la solicitud")

    assert world.told(before) == [("closed", ANA), ("alert", LUIS)]
    assert "de acuerdo con cerrarla" in " ".join(newest(world, LUIS).text.split())


@pytest.mark.parametrize("text", CLOSE)
def test_who_asks_once_more_to_close_what_is_closed_opens_nothing(world: World, text: str) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "close", by=LUIS, text="Listo.")
    before, at = len(world.letters()), world.ticket(number)

    assert asked(world, text).stage == "after_closing"
    assert world.ticket(number) == at
    assert world.told(before) == []


SIGNED = "\n\nAna Pérez\nFirma S. A.\nTel. 601 555 0101"


@pytest.mark.parametrize("text", ["Cerrar", "Ya funciona. Pueden cerrar la solicitud, gracias"])
def test_a_signature_that_nothing_marks_takes_nothing_from_a_clear_word(world: World, text: str) -> None:
    number = world.ticket_of(ANA)

    row = world.receive(reply_to(newest(world), text + SIGNED, from_=f"Ana Pérez <{ANA}>", s1=True))

    assert row.stage == "answers_the_desk"
    assert world.ticket(number).closed_at is not None


def test_nor_from_what_a_customer_asks_for_themselves(world: World) -> None:
    number = world.ticket_of(ANA)

    for text, letter in (("No más avisos", "notices_stopped"), ("Estado", "my_tickets")):
        row = world.receive(reply_to(world.letters(ANA)[0], text + SIGNED, from_=f"Ana Pérez <{ANA}>", s1=True))

        assert (row.verdict, newest(world).letter) == ("command", letter)
    new = world.receive(mail(from_=f"Ana Pérez <{ANA}>", subject="", text=f"Estado{SIGNED}", s1=True))

    assert new.verdict == "command"
    assert [one.id for one in world.tickets()] == [number]


def test_what_stands_below_their_name_and_says_something_is_read(world: World) -> None:
    number = world.ticket_of(ANA)
    text = "Cerrar\n\nAna Pérez\nPero antes revisen la otra impresora, por favor."

    row = world.receive(reply_to(newest(world), text, from_=f"Ana Pérez <{ANA}>", s1=True))

    assert row.stage == "names_a_ticket"
    assert world.ticket(number).closed_at is None


@pytest.mark.parametrize("text", [f"Sí{SIGNED}", f"Sí, es mía.{SIGNED}"])
def test_so_is_a_yes_for_one_more_address(world: World, text: str) -> None:
    world.receive(
        mail(from_=ANA, subject="Agregar mi dirección", text="agregar mi dirección ana@casa.example", s1=True)
    )

    row = world.receive(reply_to(world.letters(letter="join_address")[-1], text, from_="Ana Pérez <ana@casa.example>"))

    assert row.stage == "joins_an_address"
    assert world.person("ana@casa.example").id == world.person(ANA).id


@pytest.mark.parametrize("workflow", ["response-targets", "assignment", "approval", "validation"])
@pytest.mark.parametrize("text", CLOSE)
def test_where_it_does_not_somebody_reads_it(world: World, workflow: str, text: str) -> None:
    number = in_workflow(world, workflow)

    row = asked(world, text)

    assert (row.verdict, row.stage) == ("reply", "names_a_ticket")
    assert world.ticket(number).closed_at is None
    assert world.messages(number)[-1].text.strip() == text


def test_in_validation_the_wish_to_close_is_a_state_of_its_own(world: World) -> None:
    number = in_workflow(world, "validation")
    world.act(number, "take", by=LUIS)
    world.act(number, "solve", by=LUIS, text="Instale la versión 7.4.")

    assert asked(world, "cerrar").stage == "answers_the_desk"
    assert world.ticket(number).state == "asked_to_close"
