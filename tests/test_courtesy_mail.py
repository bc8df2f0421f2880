"""Shouting: shown to the desk, hinted at once in a friendly way, never refused; and the desk's own words looked at."""

from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.desk.ticket import Ticket
from tests.world import ANA, EVA, LUIS, World, mail, reply_to

BEA = "bea@new.example"
LOUD = "LA IMPRESORA NO FUNCIONA DESDE AYER, NECESITO UNA SOLUCIÓN URGENTE!!!"
QUIET = "La impresora no funciona desde ayer."
RED = '<p>La impresora <span style="color:red">no funciona desde ayer y nadie contesta</span></p>'


def ticket(world: World, **changes: Any) -> int:
    return int(world.receive(mail(**({"s1": True, "text": LOUD} | changes))).ticket_id)


def html_mail(html: str, **changes: Any) -> bytes:
    plain = mail(**({"s1": True, "text": "x"} | changes)).decode()
    return plain.replace("text/plain", "text/html").replace("\n\nx\n", f"\n\n{html}\n").encode()


def answer(world: World, number: int, text: str, **changes: Any) -> Any:
    """Luis answers the notice of a ticket by mail."""
    notice = world.letters(to=LUIS)[-1]
    assert notice.ticket_id == number
    return world.receive(reply_to(notice, text, **({"s1": True} | changes)))


# Customers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "text", "flags"),
    [
        ("IMPRESORA ROTA POR FAVOR", QUIET, ["asunto en mayúsculas"]),
        ("Impresora", "LA IMPRESORA NO FUNCIONA DESDE AYER.", ["texto en mayúsculas"]),
        ("Impresora!!!", "¿¿¿Cuándo vienen???", ["«!!!»", "«???»"]),
        ("Impresora", QUIET, []),
    ],
)
def test_the_desk_is_shown_it_and_the_ticket_is_one_like_any_other(
    world: World, subject: str, text: str, flags: list[str]
) -> None:
    number = ticket(world, subject=subject, text=text)

    assert world.messages(number)[0].flags == flags
    assert world.ticket(number).state == "new"
    assert {letter for letter, _ in world.told()} == {"receipt", "alert"}


def test_red_text_is_seen_in_the_html(world: World) -> None:
    number = int(world.receive(html_mail(RED)).ticket_id)

    assert world.messages(number)[0].flags == ["texto en rojo"]
    assert "letras rojas" in world.letters(to=ANA)[0].text


def test_the_receipt_has_one_friendly_sentence_in_the_customers_language(world: World) -> None:
    ticket(world)
    (letter,) = world.letters(to=ANA)

    hint = "Un consejo amistoso: sin mayúsculas sostenidas ni «!!!» su mensaje se lee mejor; lo atendemos igual."
    assert " ".join(letter.text.split()).count(hint) == 1
    assert "Un consejo amistoso" in letter.html


def test_somebody_new_reads_it_in_the_letter_that_asks_them_to_confirm(world: World) -> None:
    ticket(world, from_=BEA)

    (letter,) = world.letters(to=BEA)
    assert (letter.letter, "consejo amistoso" in letter.text) == ("receipt_new", True)


def test_nobody_is_told_twice(world: World) -> None:
    for text in (LOUD, f"{LOUD} OTRA VEZ!!!"):
        ticket(world, text=text)
    ticket(world, from_=EVA)

    first, second = world.letters(to=ANA)
    assert "consejo amistoso" in first.text
    assert "consejo amistoso" not in second.text
    assert "consejo amistoso" in world.letters(to=EVA)[0].text


def test_who_writes_quietly_is_told_nothing_and_can_still_be_told_later(world: World) -> None:
    ticket(world, text=QUIET)
    ticket(world)

    assert ["consejo amistoso" in letter.text for letter in world.letters(to=ANA)] == [False, True]


def test_what_is_quoted_is_nobodys_shouting(world: World) -> None:
    number = ticket(world, text=f"{QUIET}\n\nEl lunes, Luis escribió:\n> {LOUD}\n")

    assert world.messages(number)[0].flags == []


def test_a_reply_that_shouts_is_shown_to_the_desk_too_and_is_kept_like_any(world: World) -> None:
    number = ticket(world, text=QUIET, subject="IMPRESORA ROTA POR FAVOR")
    found = world.receive(reply_to(world.letters(to=ANA)[0], LOUD, s1=True))
    world.receive(reply_to(world.letters(to=ANA)[0], "Gracias, ya quedó lista.", s1=True))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert [one.flags for one in world.messages(number)[1:]] == [["texto en mayúsculas", "«!!!»"], []]


def test_the_hint_can_be_switched_off_and_the_desk_still_sees(world: World) -> None:
    world.change_settings(courtesy={"hint": False})
    number = ticket(world)

    assert "consejo" not in world.letters(to=ANA)[0].text
    assert world.messages(number)[0].flags == ["texto en mayúsculas", "«!!!»"]


def test_machines_are_not_told_how_to_write(world: World) -> None:
    number = ticket(world, headers={"Auto-Submitted": "auto-generated"})

    assert world.messages(number)[0].flags == []


# The desk -------------------------------------------------------------------------------------------------------------


def test_a_shouting_answer_of_an_agent_does_not_go_out_and_its_author_is_told(world: World) -> None:
    number = ticket(world, text=QUIET)
    before = len(world.letters())

    answer(world, number, "REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!")

    note = world.messages(number)[-1]
    assert (note.kind, note.public) == ("pending note", False)
    assert world.told(before) == [("alert", LUIS)]
    (letter,) = world.letters()[before:]
    assert "Su respuesta no ha salido" in letter.subject
    assert "Antes de enviarlo: el texto se lee mejor sin mayúsculas sostenidas ni «!!!»." in " ".join(
        letter.text.split()
    )


def test_it_goes_out_when_they_answer_the_advice(world: World) -> None:
    number = ticket(world, text=QUIET)
    answer(world, number, "REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!")
    world.receive(reply_to(world.letters(to=LUIS)[-1], "Va así.", s1=True))

    (letter,) = world.letters(letter="answer")
    assert letter.to_address == ANA
    assert "REINICIE LA IMPRESORA" in letter.text
    assert "Va así" not in letter.text
    assert world.messages(number)[1].kind == "reply"


def test_they_can_write_it_anew_instead(world: World) -> None:
    number = ticket(world, text=QUIET)
    notice = world.letters(to=LUIS)[-1]
    answer(world, number, "REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!")
    world.receive(reply_to(notice, "Reiníciela, por favor.", s1=True))

    (letter,) = world.letters(letter="answer")
    assert "Reiníciela, por favor." in letter.text
    assert "REINICIE" not in letter.text


def test_a_note_that_is_to_be_confirmed_anyhow_comes_with_the_advice(world: World) -> None:
    number = ticket(world, text=QUIET)
    answer(world, number, "REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!", s1=False)

    letter = world.letters(to=LUIS)[-1]
    assert "Nota por confirmar" in letter.subject
    assert "Antes de enviarlo" in letter.text


def test_a_quiet_answer_goes_out_at_once(world: World) -> None:
    number = ticket(world, text=LOUD)
    answer(world, number, "Reiníciela, por favor.")

    assert [one.to_address for one in world.letters(letter="answer")] == [ANA]


def test_the_check_of_the_desks_words_can_be_switched_off(world: World) -> None:
    world.change_settings(courtesy={"agents": False})
    number = ticket(world, text=QUIET)
    answer(world, number, "REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!")
    done = world.act(number, "reply", text="REINICIE LA IMPRESORA DE UNA VEZ POR TODAS!!!")

    assert isinstance(done, Ticket)
    assert len(world.letters(letter="answer")) == 2


@pytest.mark.parametrize(
    ("action", "parameters"),
    [("reply", {}), ("solve", {}), ("reject", {"reason": "not_ours"}), ("incomplete", {})],
)
def test_an_action_refuses_shouting_with_words_unless_it_is_meant(
    world: World, action: str, parameters: dict[str, str]
) -> None:
    number = ticket(world, text=QUIET)
    before = len(world.letters())

    refused = world.act(number, action, text="LEA EL MANUAL ANTES DE ESCRIBIR!!!", **parameters)

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.parameter) == (Refusal.IMPOLITE, "courtesy")
    assert refused.words["es"] == (
        "Antes de enviarlo: el texto se lee mejor sin mayúsculas sostenidas ni «!!!». (o #tal-cual)"
    )
    assert set(refused.words) == {"es", "en", "pt"}
    assert (world.told(before), world.ticket(number).version) == ([], 1)
    done = world.act(number, action, text="LEA EL MANUAL ANTES DE ESCRIBIR!!!", courtesy="ok", **parameters)
    assert isinstance(done, Ticket)
    assert world.told(before)[0][1] == ANA


def test_what_stays_inside_the_desk_is_not_looked_at(world: World) -> None:
    number = ticket(world, text=QUIET)

    assert isinstance(world.act(number, "note", text="OTRA VEZ LO MISMO CON ESTA GENTE!!!"), Ticket)


def test_courtesy_ok_is_no_parameter_that_a_workflow_has_to_know(world: World) -> None:
    number = ticket(world, text=QUIET)

    assert isinstance(world.act(number, "take", courtesy="ok"), Ticket)
