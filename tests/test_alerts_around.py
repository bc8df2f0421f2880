"""An agent who answers below an alert, or between its lines: the customer reads their words, and nothing of it."""

from typing import Any

import pytest

from tests.agent_mails import BARE, MOBILE, SIGNATURE
from tests.agent_mails import answer as answer_of
from tests.agent_mails_around import AROUND, Around, Written, gmail, outlook, thunderbird
from tests.world import ANA, LUIS, MARTA, World, reply_to

LANGUAGES = ("es", "en", "pt")
SECRET = "Ojo: este cliente debe tres facturas y la impresora es alquilada."
ASKED = "Buenos días.\n\n¿Ya cambiaron el fusor de la impresora?\n\n¿Y el tóner?\n\nAna Pérez\nContabilidad"
WORDS = ("Buenos días, Ana:", "", "Ya cambiamos el fusor. ¿Puede probar otra vez?")
FIRST, SECOND = "Sí, ayer por la tarde quedó.", "El lunes llega uno nuevo."
BELOW: Written = [("", WORDS)]
BETWEEN: Written = [("¿Ya cambiaron el fusor de la impresora?", [FIRST]), ("¿Y el tóner?", [SECOND])]
SAID = "\n".join(WORDS)
SAID_BETWEEN = f"> Buenos días.\n>\n> ¿Ya cambiaron el fusor de la impresora?\n\n{FIRST}\n\n> ¿Y el tóner?\n\n{SECOND}"
OF_THE_ALERT = (
    *("facturas", "alquilada", "Marta", "Solicitante", "Requester", "A cargo", "In charge", "Responsável", "Estado"),
    *("State:", "Recib", "Received", "Recebida", "#ayuda", "#help", "#ajuda", "Arriba de", "very top", "No início"),
    *("su texto llega", "your text goes", "seu texto chega", "Lo último", "The last", "O último", "asignaron"),
    *("assigned", "atribuída", "arriba de", "above", "acima", "escribió", "wrote", "escreveu", "staff.example", MOBILE),
)


def answer(letter: Any, language: str, program: Around, written: Written, form: str = "plain", **changes: Any) -> bytes:
    plain, html = program(letter, language, written)
    parts = {"plain": (plain, ""), "both": (plain, html), "html": ("", html)}[form]
    return answer_of(letter, lambda *_: parts, (), **changes)


def asked(world: World, language: str = "es") -> tuple[int, Any]:
    """Ana's request, given to Luis with words that are none of Ana's business, and the alert that he answers."""
    world.known(LUIS, language=language)
    number = world.ticket_of(ANA, text=ASKED)
    world.act(number, "assign", by=MARTA, owner=LUIS, text=SECRET)
    alert = world.letters(LUIS, "alert")[-1]
    assert SECRET in alert.text
    return number, alert


def read_by_ana(world: World, number: int) -> str:
    """What the desk wrote to Ana last, and that nothing of the alert stands in it."""
    letter = [one for one in world.letters(ANA, "answer") if one.ticket_id == number][-1]
    for part in (letter.text, letter.html):
        assert [told for told in OF_THE_ALERT if told in part] == []
    return str(world.messages(number)[-1].text)


@pytest.mark.parametrize("form", ["plain", "both", "html"])
@pytest.mark.parametrize("program", AROUND)
def test_below_the_alert_only_the_words_go_out(world: World, program: Around, form: str) -> None:
    for language in LANGUAGES:
        number, alert = asked(world, language)

        world.receive(answer(alert, language, program, BELOW, form))

        assert read_by_ana(world, number) == SAID


@pytest.mark.parametrize("form", ["plain", "both", "html"])
@pytest.mark.parametrize("program", AROUND)
def test_between_its_lines_what_the_customer_wrote_stays_at_most(world: World, program: Around, form: str) -> None:
    """Outlook marks nothing: there the words alone go out."""
    for language in LANGUAGES:
        number, alert = asked(world, language)

        world.receive(answer(alert, language, program, BETWEEN, form))

        assert read_by_ana(world, number) == (f"{FIRST}\n\n{SECOND}" if program is outlook else SAID_BETWEEN)


@pytest.mark.parametrize("program", AROUND)
def test_what_a_colleague_wrote_is_not_quoted_to_the_customer(world: World, program: Around) -> None:
    number, alert = asked(world)

    world.receive(answer(alert, "es", program, [(SECRET, [FIRST]), ("¿Y el tóner?", [SECOND])]))

    assert FIRST in (said := read_by_ana(world, number))
    assert SECOND in said


@pytest.mark.parametrize("program", AROUND)
@pytest.mark.parametrize("written", [BELOW, BETWEEN], ids=["below", "between"])
def test_a_note_that_is_confirmed_sends_no_more(world: World, program: Around, written: Written) -> None:
    number, alert = asked(world)
    world.receive(answer(alert, "es", program, written, s1=False))
    assert world.letters(ANA, "answer") == []

    world.receive(reply_to(world.letters(LUIS, "alert")[-1], "Sí, es mío.", s1=True))
    (letter,) = world.letters(ANA, "answer")

    assert written[0][1][-1] in letter.text
    assert [told for told in OF_THE_ALERT if told in letter.text + letter.html] == []
    assert world.messages(number)[-1].kind != "reply"


@pytest.mark.parametrize("form", ["plain", "html"])
def test_above_and_between_both_go_out(world: World, form: str) -> None:
    number, alert = asked(world)
    plain, html = outlook(alert, "es", BETWEEN)
    parts = (f"Le respondo abajo.\n\n{plain}", "") if form == "plain" else ("", f"<p>Le respondo abajo.</p>{html}")

    world.receive(answer_of(alert, lambda *_: parts, ()))

    assert read_by_ana(world, number) == f"Le respondo abajo.\n\n{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize("signature", [["-- ", *SIGNATURE], ["Saludos,", *SIGNATURE]], ids=["marked", "closing"])
def test_a_signature_below_unmarked_words_stays_behind(world: World, signature: list[str]) -> None:
    number, alert = asked(world)

    world.receive(answer(alert, "es", outlook, [("", [*WORDS, "", *signature])]))

    assert read_by_ana(world, number).removesuffix("\n\nSaludos,") == SAID


def test_a_signature_alone_below_an_unmarked_alert_is_no_answer(world: World) -> None:
    _, alert = asked(world)

    world.receive(answer(alert, "es", outlook, [("", ["-- ", *SIGNATURE])]))

    assert world.letters(ANA, "answer") == []


def test_an_unmarked_alert_with_another_banner_and_wrapped_elsewhere_is_no_answer(world: World) -> None:
    """What a server of theirs put above the letter, and what was wrapped or linked on its way, are nobody's words."""
    _, alert = asked(world)
    plain, _ = outlook(alert, "es", [])
    plain = plain.replace("Escriba su", "ATENCIÓN: este correo viene de fuera de la empresa.\n\nEscriba su", 1)
    plain = plain.replace("<ana@firm.example>", "<ana@firm.example<mailto:ana@firm.example>>").replace(" la ", " la\n")

    world.receive(answer_of(alert, lambda *_: (plain, ""), ()))

    assert world.letters(ANA, "answer") == []


@pytest.mark.parametrize("program", [thunderbird, gmail])
def test_a_command_below_the_quotation_is_done(world: World, program: Around) -> None:
    world.ticket_of(ANA, text=ASKED)
    alert = world.letters(LUIS, "alert")[-1]

    world.receive(answer(alert, "es", program, [("", ["#tomar"])]))

    assert world.ticket(alert.ticket_id).owner_id == world.person(LUIS).id


@pytest.mark.parametrize("client", BARE[:2])
def test_an_unmarked_alert_above_the_words_stays_behind_too(world: World, client: Any) -> None:
    number, alert = asked(world)
    plain, html = client(alert, ())
    parts = (
        ("\n".join([plain, "", *WORDS]), "") if plain else ("", html.replace("</body>", f"<p>{WORDS[-1]}</p></body>"))
    )

    world.receive(answer_of(alert, lambda *_: parts, ()))

    assert read_by_ana(world, number).endswith(WORDS[-1])


def test_what_a_customer_quotes_of_our_letter_stays(world: World) -> None:
    """They answer it point by point, and the desk reads to what."""
    number, _ = asked(world)
    letter = world.answered(number, "¿Tiene luz verde?\n\n¿Suena al encender?")
    between = "> ¿Tiene luz verde?\n\nSí.\n\n> ¿Suena al encender?\n\nNo, nada.\n"

    world.receive(reply_to(letter, f"El 23/11/26 a las 9:15, Mesa de ayuda escribió:\n{between}", s1=True))

    assert between.strip() in world.letters(LUIS, "alert")[-1].text
