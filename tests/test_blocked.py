"""To somebody whose account is blocked nothing is sent, and who writes to them all the same is told so."""

import pytest

from gateway.desk.refusals import Refusal, Refused
from gateway.work.tick import fire_due
from tests.test_commands_by_mail import alert, says, words
from tests.world import ANA, BRUNO, LUIS, MARTA, World, reply_to

WHY = "La cuenta de quien hizo la solicitud está bloqueada: no se le envía nada."


@pytest.fixture
def number(world: World) -> int:
    """Ana's ticket, whose account was blocked afterwards; Luis has it."""
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.known(ANA, state="blocked")
    return number


def to_ana(world: World) -> int:
    return len(world.letters(to=ANA))


def test_an_answer_stays_inside_and_its_author_reads_why(world: World, number: int) -> None:
    before = to_ana(world)

    says(world, number, "Ya quedó el puerto.")

    told = world.letters(LUIS, "alert")[-1]
    assert to_ana(world) == before
    assert world.messages(number)[-1].kind == "pending note"
    assert "no se envió a nadie: el motivo está abajo" in words(told)
    assert f"Motivo: {WHY}" in words(told)
    assert "no es seguro" not in words(told)


def test_what_ends_the_ticket_is_done_and_the_receipt_says_that_they_do_not_hear_of_it(
    world: World, number: int
) -> None:
    before = to_ana(world)

    says(world, number, "#resuelto\nYa quedó el puerto.")

    receipt = words(world.letters(LUIS, "commands_done")[-1])
    assert world.ticket(number).state == "solved"
    assert to_ana(world) == before
    assert WHY in receipt
    assert "no se envió a nadie" in receipt


def test_who_takes_part_still_reads_it_and_the_receipt_names_them_alone(world: World, number: int) -> None:
    world.participant(number, BRUNO)

    says(world, number, "#resuelto\nYa quedó el puerto.")

    receipt = words(world.letters(LUIS, "commands_done")[-1])
    assert [one.letter for one in world.letters(to=BRUNO)] == ["finished"]
    assert f"se envió a Bruno Díaz <{BRUNO}>." in receipt


def test_an_answer_from_the_command_line_is_refused(world: World, number: int) -> None:
    refused = world.act(number, "reply", text="Ya quedó el puerto.")

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.words["es"]) == (Refusal.NO_ACCOUNT, WHY)


def test_no_alert_promises_that_an_answer_reaches_them(world: World, number: int) -> None:
    world.act(number, "assign", by=LUIS, owner=MARTA)

    assert "su texto llega a" not in words(alert(world, number, MARTA))


def test_the_clock_writes_them_nothing_and_goes_on(world: World) -> None:
    areas = [one.model_copy(update={"workflow": "validation"}) for one in world.office.settings.area]
    world.open_with(area=areas)
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, "solve", text="Instale la versión 7.4.")
    world.known(ANA, state="blocked")
    before = to_ana(world)

    for _ in range(60):
        world.later(days=1)
        fire_due(world.office, now=world.now)

    assert to_ana(world) == before
    assert world.ticket(number).closed_at is not None


def test_unblocked_they_read_the_next_answer(world: World, number: int) -> None:
    world.known(ANA, state="active")
    letter = alert(world, number)

    world.receive(reply_to(letter, "Ya quedó el puerto.", s1=True))

    assert world.letters(to=ANA)[-1].letter == "answer"
