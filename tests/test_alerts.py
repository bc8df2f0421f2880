"""Who lives in their mail program: alerts show the ticket, and an answer to one gives the customer the words alone."""

import re
from typing import Any

import pytest

from gateway.desk.command_words import command_named
from gateway.outbound.compose import Composer
from gateway.settings import Alerts, Authentication, Commands, Rule
from gateway.work.preview import values_for_ticket
from tests.agent_mails import BARE, MOBILE, NAME, PROGRAMS, Client, answer, apple_mail, bare_html, outlook_classic
from tests.desk_days import DeskDays, desk
from tests.letter_samples import LANGUAGES, TEMPLATES, sample
from tests.test_inline_pictures import LOGO, with_pictures
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, World, mail, reply_to

__all__ = ["desk"]

WORDS = ("Buenos días, Ana:", "", "Ya cambiamos el fusor. ¿Puede probar otra vez?")
SAID = "\n".join(WORDS)
SECRET = "Ojo: este cliente debe tres facturas y la impresora es alquilada."
PAGE = ("pantalla.png", b"x" * 2000)


@pytest.fixture
def asked(world: World) -> int:
    """Ana's request, which Marta gives to Luis with words that are none of Ana's business."""
    number = world.ticket_of(ANA, files=[PAGE])
    world.act(number, "assign", by=MARTA, owner=LUIS, text=SECRET)
    return number


def alert_to(world: World, address: str = LUIS) -> Any:
    return world.letters(address, "alert")[-1]


def answers(world: World) -> list[Any]:
    """What went to Ana as the desk's words."""
    return world.letters(ANA, "answer")


def names(world: World, letter: Any) -> list[str]:
    return [one.name for one in world.files_of(letter)]


def hinted(letter: Any) -> list[str]:
    """The commands that an alert proposes."""
    return [line.split(":")[0].strip() for line in letter.text.splitlines() if line.startswith("  #")]


# --- what an agent answers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", [*PROGRAMS, *BARE])
def test_the_customer_reads_the_agents_own_words_and_nothing_of_the_alert(
    world: World, asked: int, client: Client
) -> None:
    alert = alert_to(world)
    assert SECRET in alert.text

    world.receive(answer(alert, client, WORDS))
    (letter,) = answers(world)
    message = world.messages(asked)[-1]

    assert (message.kind, message.text.removesuffix("\n\nSaludos,")) == ("reply", SAID)
    for part in (letter.text, letter.html):
        assert "Ya cambiamos el fusor" in part
        for told in ("facturas", "alquilada", "A cargo de", "Solicitante", "#ayuda", "su texto llega", "arriba de"):
            assert told not in part, told
        for own in (MOBILE, "Analista de soporte", "Enviado desde", "Outlook para"):
            assert own not in part, own
        assert part.count(NAME) == 1


@pytest.mark.parametrize("client", [*PROGRAMS, *BARE])
def test_an_answer_without_a_word_sends_nothing_to_anybody(world: World, asked: int, client: Client) -> None:
    before = world.told()

    world.receive(answer(alert_to(world), client, ()))

    assert world.told() == before
    assert world.messages(asked)[-1].kind == "note"


@pytest.mark.parametrize("client", [*PROGRAMS, *BARE])
def test_a_note_that_is_confirmed_sends_the_own_words_alone(world: World, asked: int, client: Client) -> None:
    """Nobody is sure that Luis wrote it; when he says so, it goes out, and still without the alert."""
    world.receive(answer(alert_to(world), client, WORDS, s1=False))
    assert answers(world) == []

    world.receive(reply_to(alert_to(world), "Sí, es mío.", s1=True))
    (letter,) = answers(world)

    assert "Ya cambiamos el fusor" in letter.text
    for told in ("facturas", "Solicitante", "#ayuda", MOBILE):
        assert told not in letter.text, told


def test_an_alert_of_long_ago_is_known_too_when_it_is_answered(world: World, asked: int) -> None:
    """Ten letters later it is none of the newest texts: that it is answered is how it is found."""
    old = alert_to(world)
    for number in range(10):
        world.receive(mail(to=world.reply_address(asked, ANA), text=f"Otra cosa, la número {number}.", s1=True))

    world.receive(answer(old, BARE[3], WORDS))
    (letter,) = answers(world)

    assert "facturas" not in letter.text
    assert world.messages(asked)[-1].text == SAID


def test_who_answers_between_the_lines_of_the_customer_keeps_what_is_answered(world: World) -> None:
    number = world.ticket_of(ANA, text="¿Ya cambiaron el fusor?\n\n¿Y el tóner?")
    attribution = "El 23 nov 2026, a las 9:15, Mesa de ayuda escribió:"
    between = "> ¿Ya cambiaron el fusor?\nSí, ayer.\n> ¿Y el tóner?\nEl lunes.\n"

    world.receive(reply_to(alert_to(world), f"{attribution}\n\n{between}", s1=True))

    assert "Sí, ayer." in world.messages(number)[-1].text
    assert "El lunes." in world.messages(number)[-1].text


def test_thanks_alone_are_an_answer(world: World, asked: int) -> None:
    world.receive(answer(alert_to(world), outlook_classic, ("Muchas gracias, Ana.",)))

    assert "Muchas gracias, Ana." in answers(world)[-1].text


def test_what_an_agent_attaches_goes_along(world: World, asked: int) -> None:
    world.receive(answer(alert_to(world), apple_mail, WORDS, files=[("guía.pdf", b"%PDF")]))

    assert names(world, answers(world)[-1]) == ["guía.pdf"]


def test_what_is_attached_goes_along_with_the_solution_too(world: World, asked: int) -> None:
    command = reply_to(alert_to(world), "#resuelto\n\nLa guía va adjunta.", s1=True, files=[("guía.pdf", b"%PDF")])
    world.receive(command)
    (solved,) = world.letters(ANA, "solved")

    assert "La guía va adjunta." in solved.text
    assert names(world, solved) == ["guía.pdf"]


def test_the_picture_in_a_signature_goes_out_once_at_most(world: World) -> None:
    for _ in range(2):
        number = world.ticket_of(ANA)
        alert = alert_to(world)
        to = dict(alert.headers)["Reply-To"]
        world.receive(with_pictures(LOGO, from_=LUIS, to=to, subject=f"Re: {alert.subject}", text=f"Va la {number}."))

    assert [len(world.files_of(one)) for one in answers(world)] == [1, 0]


# --- the signature of the area ----------------------------------------------------------------------------------------


def signed(world: World, signature: str) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"signature": signature}), billing])


def test_the_area_signs_below_the_name_of_who_wrote(world: World, asked: int) -> None:
    signed(world, "Lunes a viernes, de 8 a 18\nTel. 601 555 0100")

    world.receive(answer(alert_to(world), bare_html, WORDS))
    letter = answers(world)[-1]

    assert f"otra vez?\n\n{NAME}\nLunes a viernes, de 8 a 18\nTel. 601 555 0100\n\nPuede responder" in letter.text
    assert "<p>Lunes a viernes, de 8 a 18<br>\nTel. 601 555 0100</p>" in letter.html


def test_without_a_signature_nothing_stands_below_the_name(world: World, asked: int) -> None:
    world.receive(answer(alert_to(world), bare_html, WORDS))

    assert f"otra vez?\n\n{NAME}\n\nPuede responder" in answers(world)[-1].text


@pytest.mark.parametrize(
    ("action", "letter", "given"),
    [
        ("solve", "solved", {}),
        ("reject", "rejected", {"reason": "not_ours"}),
        ("incomplete", "incomplete", {}),
        ("cancel", "cancelled", {"reason": "Ya no hace falta."}),
    ],
)
def test_every_letter_with_an_agents_words_has_it_and_no_other(
    world: World, asked: int, action: str, letter: str, given: dict[str, str]
) -> None:
    signed(world, "Tel. 601 555 0100")

    world.act(asked, action, by=LUIS, text="Le contamos cómo va.", **given)
    (written,) = world.letters(ANA, letter)

    assert "Le contamos cómo va." in written.text
    assert "Tel. 601 555 0100" in written.text
    assert "Tel. 601 555 0100" in written.html
    assert all("601 555" not in one.text for one in world.letters() if one.letter in ("receipt", "alert", "status"))


# --- what an alert shows ----------------------------------------------------------------------------------------------


def test_an_alert_shows_the_ticket(desk: DeskDays) -> None:
    desk.opened_by("response-targets")
    number = desk.ticket()
    world = desk.world
    world.act(number, "classify", priority="1", due="2026-11-25")
    world.later(minutes=30)
    world.act(number, "assign", by=MARTA, owner=LUIS)
    text = alert_to(world).text

    assert "Solicitante: Ana Pérez <ana@firm.example>\n" in text
    assert "Estado: " in text
    assert "A cargo de: Luis Gómez\n" in text
    assert "Prioridad: alta\n" in text
    assert "Primera respuesta: vencido desde el 23 nov 2026, 9:10\n" in text
    assert "Solución o escalamiento: hasta el 24 nov 2026, 9:00\n" in text
    assert "Fecha prometida: hasta el 25 nov 2026" in text


def test_what_is_normal_takes_no_line(world: World) -> None:
    world.ticket_of(ANA)
    text = alert_to(world).text

    assert "Prioridad" not in text
    assert "Origen" not in text
    assert "A cargo de: nadie todavía" in text


def test_who_gets_a_ticket_reads_what_its_customer_wrote(world: World, asked: int) -> None:
    text = alert_to(world).text

    assert f"Marta Ruiz:\n\n{SECRET}" in text
    assert "Lo último que escribió Ana Pérez, 23 nov 2026, 12:00:\n\nDesde ayer la impresora" in text
    assert text.count("Desde ayer la impresora") == 1


def test_the_first_mail_is_not_shown_twice_to_whom_a_rule_gives_it(world: World) -> None:
    world.open_with(rule=[Rule(name="printers", words=["impresora"], owner=LUIS)])
    world.ticket_of(ANA)

    assert alert_to(world).text.count("Desde ayer la impresora") == 1


def test_an_alert_says_who_wrote_when_it_was_not_the_requester(world: World, asked: int) -> None:
    world.participant(asked, BRUNO)
    world.receive(mail(from_=BRUNO, to=world.reply_address(asked, BRUNO), text="A mí también me pasa.", s1=True))
    text = alert_to(world).text

    assert f"Bruno Díaz <{BRUNO}>:\n\nA mí también me pasa." in text
    assert f"Solicitante: Ana Pérez <{ANA}>" in text


def test_why_an_answer_stays_inside_is_said_in_the_language_of_each_reader(world: World) -> None:
    number = world.ticket_of(ANA)
    world.known(MARTA, language="en")
    world.receive(mail(from_=EVA, to=world.reply_address(number, LUIS), text="Yo sé algo.", s1=True))
    to_luis, to_marta = alert_to(world), alert_to(world, MARTA)
    world.receive(mail(from_=ANA, to=world.reply_address(number, LUIS), text="¿Y bien?"))

    assert "Motivo: quien escribe no participa en la solicitud; responde a un correo que era para otra" in to_luis.text
    assert "Reason: whoever writes takes no part in the request; it answers a mail that was meant" in to_marta.text
    assert "Motivo: nada comprueba que el correo venga de esa dirección" in alert_to(world).text


def test_a_mail_that_only_repeats_says_so_and_shows_no_quotation(world: World, asked: int) -> None:
    world.answered(asked, "Pruebe a reiniciarla, por favor.")
    quoted = "El 23 nov 2026, a las 9:15, Mesa de ayuda escribió:\n\n> Pruebe a reiniciarla, por favor.\n"
    world.receive(reply_to(answers(world)[-1], f"No sirvió.\n\n{quoted}", s1=True))
    text = alert_to(world).text

    assert "No sirvió." in text
    assert "reiniciarla" not in text


def test_a_preview_shows_what_an_alert_would_say_of_a_ticket(world: World, asked: int) -> None:
    values = values_for_ticket(world.office, "alert", asked, language="es", now=world.now)
    text = Composer([TEMPLATES]).render("alert", "es", values).text

    assert f"Solicitante: Ana Pérez <{ANA}>" in text
    assert "A cargo de: Luis Gómez" in text


# --- the files of the customer ----------------------------------------------------------------------------------------


def test_the_files_of_the_customers_mail_are_listed_and_attached(world: World) -> None:
    world.ticket_of(ANA, files=[PAGE])
    alert = alert_to(world)

    assert "- pantalla.png (2 KB)\nVan adjuntos a este correo." in alert.text
    assert names(world, alert) == ["pantalla.png"]


def test_who_gets_the_ticket_gets_its_newest_files(world: World, asked: int) -> None:
    assert names(world, alert_to(world)) == ["pantalla.png"]


def test_files_over_the_limit_are_only_listed(world: World) -> None:
    world.open_with(alerts=Alerts(attach_mib=3000 / 2**20))
    world.ticket_of(ANA, files=[PAGE, ("registro.txt", b"y" * 2000)])
    alert = alert_to(world)

    assert "- pantalla.png (2 KB)\n- registro.txt (2 KB)\nNo van adjuntos" in alert.text
    assert names(world, alert) == []


def test_no_file_is_attached_where_the_limit_is_nothing(world: World) -> None:
    world.open_with(alerts=Alerts(attach_mib=0))
    world.ticket_of(ANA, files=[PAGE])

    assert names(world, alert_to(world)) == []


def test_the_files_of_an_unproven_answer_stay_in_the_ticket(world: World, asked: int) -> None:
    world.receive(mail(to=world.reply_address(asked, ANA), text="Ábralo, por favor.", files=[("factura.zip", b"PK")]))
    alert = alert_to(world)

    assert "Respuesta sin verificar" in alert.subject
    assert "- factura.zip (1 KB)\nNo van adjuntos" in alert.text
    assert names(world, alert) == []


def test_the_customer_gets_none_of_their_own_files_back(world: World, asked: int) -> None:
    world.receive(mail(to=world.reply_address(asked, ANA), text="Otra más.", files=[PAGE], s1=True))

    assert all(names(world, letter) == [] for letter in world.letters(ANA))


# --- what one can answer ----------------------------------------------------------------------------------------------


def test_a_new_ticket_can_be_taken_given_or_answered(world: World) -> None:
    world.ticket_of(ANA)
    alert = alert_to(world)

    assert hinted(alert) == ["#tomar", "#asignar dirección o nombre", "#nota texto", "#ayuda"]
    assert "Responda a este correo y su texto llega a Ana Pérez." in alert.text


def test_who_has_it_is_not_told_to_take_it(world: World, asked: int) -> None:
    assert hinted(alert_to(world)) == ["#resuelto", "#asignar dirección o nombre", "#nota texto", "#ayuda"]


def test_hints_are_in_the_language_of_the_reader(world: World) -> None:
    world.known(LUIS, language="pt")
    world.ticket_of(ANA)

    assert hinted(alert_to(world))[0] == "#assumir"
    assert hinted(alert_to(world))[-1] == "#ajuda"


def test_an_alert_proposes_only_what_its_reader_may_do_now(desk: DeskDays) -> None:
    """Until a supervisor has prepared it nobody processes it."""
    desk.opened_by("approval")
    desk.ticket()
    alert = alert_to(desk.world, MARTA)

    assert hinted(alert) == ["#preparar", "#nota texto", "#ayuda"]
    assert "En este estado no se le puede escribir a quien hizo la solicitud." in alert.text
    assert "su texto llega" not in alert.text


def test_a_note_that_waits_to_be_confirmed_proposes_no_command(world: World, asked: int) -> None:
    world.receive(reply_to(alert_to(world), "Ya quedó."))
    alert = alert_to(world)

    assert "Nota por confirmar" in alert.subject
    assert hinted(alert) == []


@pytest.mark.parametrize(
    "changed", [{"commands": Commands(on=False)}, {"authentication": Authentication()}], ids=["off", "nobody proven"]
)
def test_where_commands_count_for_nothing_none_is_proposed(world: World, changed: dict[str, Any]) -> None:
    world.open_with(**changed)
    world.ticket_of(ANA)

    assert hinted(alert_to(world)) == []
    assert "Arriba de todo" not in alert_to(world).text


def test_what_is_proposed_is_done_when_it_is_answered(world: World) -> None:
    number = world.ticket_of(ANA)

    world.receive(reply_to(alert_to(world), f"{hinted(alert_to(world))[0]}\n", s1=True))

    assert world.ticket(number).owner_id == world.person(LUIS).id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_a_letter_names_is_one(language: str) -> None:
    composer = Composer([TEMPLATES])
    for letter in ("digest", "commands_done", "commands_refused", "commands_help", "ticket_view", "ticket_list"):
        *_, how, _ = composer.compose(letter, language, sample(letter, language)).text.split("\n\n")

        assert all(command_named(word) for word in re.findall(r"#([^\W\d]+)", how)), how


# --- who asks is not sure ---------------------------------------------------------------------------------------------


def test_the_desk_reads_what_somebody_unproven_wrote_and_they_do_not(world: World) -> None:
    world.receive(mail(from_=f"Eva Mora <{EVA}>", text="Compre ya en pastillas punto example.", files=[PAGE]))
    alert = alert_to(world)

    assert "pastillas" in alert.text
    assert f"Eva Mora <{EVA}>" in alert.text
    for letter in world.letters(EVA):
        assert "pastillas" not in letter.subject + letter.text + letter.html
        assert "Eva" not in letter.subject + letter.text + letter.html
        assert names(world, letter) == []
