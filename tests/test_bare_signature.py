"""A mail of commands with nothing below but a signature is no answer to the customer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.bare_signature import Below, below, without_own_signature
from gateway.threading.own_words import without_signature
from tests.world import ANA, LUIS, World, reply_to

NAME = "Luis Gómez"


@pytest.mark.parametrize(
    "text",
    [
        "Luis Gómez\nSoporte, Mesa de ayuda\nTel. 555 0100",
        "Luis Gómez\n\nSoporte, Mesa de ayuda\n\nTel. 555 0100\n",
        "Saludos,\nLuis",
        "Saludos cordiales,\n\nLuis Gómez",
        "Muchas gracias.\nAtentamente,\nLuis Gómez",
        "Quedo atento,\n\nLuis Gómez\nluis@staff.example",
        "Luis Gómez",
        "LUIS GÓMEZ",
        "luis gomez",
        "Gómez",
        "L. Gómez",
        "Luis Alberto Gómez",
        "Ing. Luis Gómez, Soporte técnico\nAcme S.A.S.\nluis@staff.example | +57 300 555 0100",
        "Luis Gómez | Soporte\nwww.acme.example",
        "Luis Gómez\nAnalista de soporte nivel 2 - Acme Ltda.\nCalle 5 # 12-34, Bogotá\nCel: +57 300 555 0100 ext. 12",
        "Regards,\nLuis Gómez\nHelp Desk Technician\nPhone: (555) 010-0100",
        "Atenciosamente,\nLuis Gómez\nAnalista de suporte\nTelefone: 11 5555-0100",
        "Luis Gómez\nEnviado desde mi iPhone",
        "-- \nLuis Gómez\nAcme",
        "",
        "\n \n",
    ],
)
def test_a_closing_the_own_name_posts_and_telephones_are_a_signature(text: str) -> None:
    assert below(text, NAME) is Below.SIGNATURE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Saludos cordiales", NAME),
        ("Gracias.", NAME),
        ("Luis Gómez\nAcme Bogotá", NAME),
        ("Luis\nReinicie Windows", NAME),
        ("Lucho Pérez\nTel. 555 0100", NAME),
        ("Luis Gómez\nTel. 555 0100", ""),
    ],
)
def test_what_could_be_either_is_in_doubt(text: str, name: str) -> None:
    assert below(text, name) is Below.DOUBT


@pytest.mark.parametrize(
    "text",
    [
        "Hola, Ana.",
        "Ya quedó.",
        "Listo",
        "Reinicie Windows",
        "Hola, Ana:\nya quedó.\n\nSaludos,\nLuis Gómez\nTel. 555 0100",
        "Gracias, Ana.",
        "Gracias por escribir",
        "Luis, ya quedó",
        "Luis Gómez: llame ya",
        "Llame a Luis Gómez\nTel. 555 0100",
        "Luis Gómez\nle llamará hoy.",
        "Luis Gómez\n¿Le sirve mañana?",
        "Luis Gómez\nSoporte le llamará hoy a las cuatro de la tarde",
        "Soporte",
        "Tel. 555 0100",
        "https://descargas.example/7.4",
        "Rosa Gil",
        "Luis Gómez\n" + "Soporte\n" * 10,
        "Luis Gómez\n" + "Soporte " * 20,
    ],
)
def test_words_for_somebody_are_text(text: str) -> None:
    assert below(text, NAME) is Below.TEXT


@given(st.text(), st.text(max_size=30))
def test_no_text_breaks_it(text: str, name: str) -> None:
    assert below(text, name) in Below


@pytest.mark.parametrize("unit", ["a", " ", "1", "(", "a@", "Luis ", "|", "x.", "\n", "Saludos\n", "Tel. ", "- "])
def test_it_takes_linear_time(unit: str) -> None:
    begin = time.process_time()
    below(unit * 100_000, NAME)
    below(f"{NAME}\n{unit * 50}", NAME)

    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    "signature",
    [
        "Saludos,\nLuis Gómez",
        "Muchas gracias, Ana.\nLuis Gómez\nCel. 310 555 0143",
        "Luis Gómez\nTel. 555 0100",
        "Ing. Luis Gómez Paz\nTel. 555 0100",
        "Atte. Ing. Luis Gómez",
        "Saludos cordiales, Luis Gómez",
        "Luis Gómez, soporte técnico\nluis@staff.example",
        "LUIS GÓMEZ | MESA\nwww.acme.example",
    ],
)
def test_the_own_name_below_an_answer_is_a_signature(signature: str) -> None:
    assert "Luis" not in without_signature(f"Ya quedó.\n\n{signature}", NAME)
    assert "Ya quedó." in without_signature(f"Ya quedó.\n\n{signature}", NAME)


@pytest.mark.parametrize(
    "text",
    [
        "Lo atiende Luis Gómez",
        "Hola, Ana:\n\nPregunte por Luis Gómez\nTel. 555 0100, de lunes a viernes",
        "Hola, Ana. El contacto es:\n\nLuis Gómez\nTel. 555 0100",
        "Ya quedó.\n\nLuis Gómez lo llama\nTel. 555 0100",
        "Ya quedó.\n\nA Luis Gómez",
        "Ya quedó.\n---\nLuis Gómez\nlo llamará",
        "#prioridad alta\n\n#asignar Luis Gómez",
    ],
)
def test_a_sentence_with_the_own_name_is_none(text: str) -> None:
    assert without_signature(text, NAME) == text


@pytest.mark.parametrize(
    ("signature", "goes"),
    [
        ("Luis Gómez\nTel. 555 0100", True),
        ("Luis\nSocio S. A.", True),
        ("Ing. Luis Gómez Paz | Analista\nFirma Grande", True),
        ("Saludos,\n\nLuis Gómez\nFirma S. A.\nCalle 10 # 5-20\nwww.firma.example", True),
        ("Luis Gómez\n¿Y la otra?", False),
        ("Luis Gómez\nFalta todavía la otra impresora.", False),
        ("Pedro Ruiz\nTel. 555 0100", False),
        ("Luis Gómez lo revisa", False),
    ],
)
def test_a_clear_word_is_read_without_what_stands_below_the_name(signature: str, goes: bool) -> None:
    left = without_own_signature(f"Sí, gracias.\n\n{signature}", ["", "Luis Gómez"])

    assert left.removesuffix("\n\nSaludos,") == ("Sí, gracias." if goes else f"Sí, gracias.\n\n{signature}")
    assert without_own_signature(signature, ["Luis Gómez"]).startswith(signature[:5])


# --- with the desk ----------------------------------------------------------------------------------------------------

SIGNED = f"\n\n{NAME}\nSoporte, Mesa de ayuda\nTel. 555 0100"


def commands(world: World, number: int, text: str) -> None:
    letter = [one for one in world.letters(to=LUIS) if one.ticket_id == number][-1]
    world.receive(reply_to(letter, text, s1=True))


def told(world: World) -> str:
    return " ".join(world.letters(to=LUIS)[-1].text.split())


@pytest.mark.parametrize("signature", [SIGNED, "\n\nSaludos,\nLuis", "\n\nGracias", "\n\nLuis Gómez\nAcme Bogotá"])
def test_below_commands_that_want_no_text_a_signature_goes_to_nobody(world: World, signature: str) -> None:
    number = world.ticket_of()
    before = len(world.letters(to=ANA))
    commands(world, number, f"#tomar\n#prioridad alta{signature}")

    assert world.ticket(number).priority == 1
    assert len(world.letters(to=ANA)) == before
    assert [one.kind for one in world.messages(number)] == ["mail"]
    assert "se envió a ana" not in told(world)


def test_what_was_only_taken_for_one_is_said_in_the_receipt(world: World) -> None:
    number = world.ticket_of()
    commands(world, number, f"#tomar{SIGNED}")
    assert "solo una firma" not in told(world)

    commands(world, number, "#tiempo 5m\n\nLuis Gómez\nAcme Bogotá")
    assert "Debajo había solo una firma: no se envió a nadie." in told(world)


def test_a_command_that_asks_for_the_text_gets_it_when_in_doubt(world: World) -> None:
    number = world.ticket_of()
    commands(world, number, "#resuelto\n\nLuis\nReinicie Windows")

    assert "Reinicie Windows" in world.letters(to=ANA, letter="solved")[-1].text


def test_a_command_that_asks_for_the_text_does_not_get_a_sure_signature(world: World) -> None:
    number = world.ticket_of()
    commands(world, number, f"#nota{SIGNED}")

    assert world.letters(to=LUIS, letter="commands_refused")
    assert [one.kind for one in world.messages(number)] == ["mail"]


# In English and Portuguese these begin as a closing does; the others say who attends.
ANSWERS = ("Attach the invoice, please.", "Attached.", "Best restart the printer", "Lo atiende Luis Gómez.", "Quedó.")


@pytest.mark.parametrize("text", ANSWERS)
@pytest.mark.parametrize("commanded", ["", "#tomar\n\n"])
def test_an_answer_that_only_begins_or_ends_as_a_signature_reaches_the_customer(
    world: World, text: str, commanded: str
) -> None:
    number = world.ticket_of()
    commands(world, number, commanded + text)

    assert text in world.letters(to=ANA, letter="answer")[-1].text
    assert world.messages(number)[-1].public


def test_words_above_a_file_go_out_with_it(world: World) -> None:
    number = world.ticket_of()
    alert = world.letters(to=LUIS)[-1]
    world.receive(reply_to(alert, "Attached is the invoice", s1=True, files=[("factura.pdf", b"%PDF")]))

    assert "Attached is the invoice" in world.messages(number)[-1].text
    assert "Attached is the invoice" in world.letters(to=ANA, letter="answer")[-1].text


def test_a_command_with_the_writers_own_name_is_done(world: World) -> None:
    number = world.ticket_of()
    commands(world, number, "#prioridad alta\n\n#asignar Luis Gómez")

    assert (world.ticket(number).priority, world.ticket(number).owner_id) == (1, world.person(LUIS).id)
