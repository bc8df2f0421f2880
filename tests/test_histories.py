"""Copies that nothing marks as quoted are known by the letters that are answered; what people say again is theirs."""

from typing import Any

import pytest

from gateway.inbound.arrivals import Arrival
from gateway.store.messages import unfolded
from gateway.work.explain import was, would_be
from tests.agent_mails import BARE, Client, answer, gmail, outlook_classic, outlook_plain
from tests.agent_mails_around import gmail as gmail_below
from tests.agent_mails_around import outlook as outlook_below
from tests.agent_mails_around import thunderbird as thunderbird_below
from tests.world import ANA, LUIS, SUPPORT, World, reply_to

QUESTION = """Buenos días, Ana:

Para revisar el caso necesitamos la versión exacta del programa y una captura de la pantalla del error.
También díganos, por favor, si otras personas de su oficina ven el mismo mensaje al imprimir la nómina.
"""


def test_an_unmarked_copy_of_our_letter_is_folded(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.answered(number, QUESTION)
    answer = f"La versión es la 7.3 y solo me pasa a mí.\n\n{letter.text}"

    world.receive(reply_to(letter, answer, s1=True))

    kept = world.messages(number)[-1]
    folded = [kept.text[start:end] for start, end, kind, _ in kept.spans if kind == "quoted"]
    assert "La versión es la 7.3" in kept.text
    assert any("captura de la pantalla" in text for text in folded)
    assert all("7.3" not in text for text in folded)


def test_explain_reads_a_mail_beside_its_ticket_too(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.answered(number, QUESTION)
    raw = reply_to(letter, f"La versión es la 7.3 y solo me pasa a mí.\n\n{letter.text}", s1=True)

    arrival = Arrival(source="ingest", raw=raw, envelope_from=None, recipients=(SUPPORT,), received_at=world.now)
    (would,) = would_be(world.office, arrival, now=world.now)
    row = world.receive(raw)

    assert "quoted" in {kind for _, _, kind, _ in would.spans}
    assert [one.spans for one in was(world.office, row.mail_id)] == [would.spans]


@pytest.mark.parametrize("text", ["Ana, ¿qué versión usa?", "#nota ya la llamé", "#nada"])
def test_explain_says_what_was_read_in_an_agents_mail(world: World, text: str) -> None:
    number = world.ticket_of(ANA)
    letter = next(one for one in world.letters(to=LUIS) if one.ticket_id == number)
    row = world.receive(reply_to(letter, f"{text}\n\n> ¿Qué le pasa?\n> No imprime.\n", s1=True))

    (told,) = was(world.office, row.mail_id)
    assert [kind for _, _, kind, _ in told.spans] == ["new", "quoted"]
    assert "spans" not in told.facts


def test_a_text_that_the_ticket_does_not_hold_stays(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.answered(number, "¿Qué versión usa?")

    world.receive(reply_to(letter, f"Esto me escribió el proveedor:\n\n{QUESTION}", s1=True))

    kept = world.messages(number)[-1]
    assert [kind for _, _, kind, _ in kept.spans] == ["new"]


TWICE = """Buenos días:

Seguimos trabajando en su solicitud con el proveedor de la impresora.
Le avisaremos apenas tengamos alguna novedad."""
REFUSED = """#etiqueta +impresora +segundo-piso +urgente
#vence 25/11/2026 15:00
#prioridad altísima
"""


def alone(_letter: Any, words: Any) -> tuple[str, str]:
    return "\n".join(words), ""


def below(program: Any) -> Client:
    return lambda letter, words: program(letter, "es", [("", words)])


WAYS = {
    "alone": alone,
    "gmail": gmail,
    "outlook": outlook_classic,
    "outlook plain": outlook_plain,
    **{client.__name__: client for client in BARE if "html" not in client.__name__},
    "gmail, below": below(gmail_below),
    "thunderbird, below": below(thunderbird_below),
    "outlook, below": below(outlook_below),
}
HTML = {client.__name__: client for client in BARE if "html" in client.__name__}
"""Where no commands are read."""


@pytest.mark.parametrize("way", WAYS)
def test_commands_that_were_refused_are_all_done_when_they_are_sent_again(world: World, way: str) -> None:
    """The refusal asks for that, and shows them itself."""
    world.ticket_of(ANA)
    for _ in range(2):
        world.receive(reply_to(world.letters(LUIS)[-1], f"{REFUSED}\n{TWICE}", s1=True))
    refusal = world.letters(LUIS, "commands_refused")[-1]
    again = f"{REFUSED}\n{TWICE}".replace("altísima", "alta").splitlines()

    world.receive(answer(refusal, WAYS[way], again))

    done = world.letters(LUIS, "commands_done")[-1].text.splitlines()
    assert [line for line in done if line.startswith("- #")] == [f"- {line}" for line in again[:3]]
    assert TWICE in world.letters(ANA, "answer")[-1].text


@pytest.mark.parametrize("way", WAYS | HTML)
def test_the_same_answer_twice_goes_out_twice(world: World, way: str) -> None:
    world.ticket_of(ANA)
    alert = world.letters(LUIS)[-1]
    world.receive(answer(alert, alone, TWICE.splitlines()))
    world.later(hours=1)

    world.receive(answer(alert, (WAYS | HTML)[way], TWICE.splitlines()))

    assert [one.text.startswith(TWICE) for one in world.letters(ANA, "answer")] == [True, True]


@pytest.mark.parametrize("way", WAYS | HTML)
def test_what_a_customer_says_again_is_read_again(world: World, way: str) -> None:
    number = world.ticket_of(ANA, text=TWICE)
    letter = world.answered(number, QUESTION)
    world.receive(reply_to(letter, TWICE, s1=True))
    world.later(hours=1)

    world.receive(answer(letter, (WAYS | HTML)[way], TWICE.splitlines()))

    kept = world.messages(number)[-1]
    assert TWICE in unfolded(kept.text, kept.spans)


def test_what_an_agent_pastes_of_the_customers_words_is_the_text_of_their_command(world: World) -> None:
    pasted = TWICE.partition("\n\n")[2]
    number = world.ticket_of(ANA, text=f"El ratón no funciona.\n\n{pasted}\n\nAna")
    words = ["#dividir La impresora", "", *pasted.splitlines()]

    world.receive(answer(world.letters(LUIS)[-1], outlook_plain, words))

    assert world.letters(LUIS, "commands_refused") == []
    (other,) = (one.id for one in world.tickets() if one.id != number)
    assert pasted in world.messages(other)[0].text
