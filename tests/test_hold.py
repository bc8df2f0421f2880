"""`[registration] policy = "hold"`: what a stranger writes waits for their word, and is never dropped."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.desk.ticket import HELD
from gateway.store.tables import ticket_tag
from gateway.work import tick
from gateway.work.confirm import confirm_by_token
from tests.world import ANA, BILLING, EVA, LUIS, MARTA, NOON, World, mail, reply_to

BEA = "bea@new.example"


@pytest.fixture
def holding(world: World) -> World:
    world.change_settings(registration={"policy": "hold"})
    return world


def first(world: World, **changes: Any) -> int:
    return int(world.receive(mail(**({"from_": f"Bea Zamora <{BEA}>", "s1": True} | changes))).ticket_id)


def tags(world: World, number: int) -> list[str]:
    return [row.tag for row in world.rows(ticket_tag, ticket_tag.c.ticket_id == number)]


@pytest.mark.parametrize("proven", [True, False])
def test_nobody_of_the_desk_hears_of_what_is_held_and_its_sender_is_asked(holding: World, proven: bool) -> None:
    number = first(holding, s1=proven)

    assert holding.told() == [("receipt_new", BEA)]
    assert tags(holding, number) == [HELD]
    assert (holding.ticket(number).state, holding.ticket(number).verified) == ("new", False)


def test_known_people_are_not_held(holding: World) -> None:
    number = holding.ticket_of(ANA)

    assert tags(holding, number) == []
    assert ("alert", LUIS) in holding.told()


@pytest.mark.parametrize("proven", [True, False])
def test_confirming_lets_it_in_as_old_as_it_is(holding: World, proven: bool) -> None:
    number = first(holding, s1=proven)
    (letter,) = holding.letters(to=BEA)
    holding.later(days=3)
    before = len(holding.letters())

    found = holding.receive(reply_to(letter, "Sí, soy yo.", s1=proven))

    kept = holding.ticket(number)
    assert (found.ticket_id, kept.created_at, kept.verified) == (number, NOON, True)
    assert tags(holding, number) == []
    assert [one.text.strip() for one in holding.messages(number)][1] == "Sí, soy yo."
    news = [one for one in holding.letters()[before:] if one.letter == "alert" and "Nueva solicitud" in one.subject]
    assert [one.to_address for one in news] == [LUIS, MARTA]
    assert "Desde ayer la impresora" in news[0].text
    assert "23 de noviembre de 2026" in news[0].text
    assert {"let in", "sender confirmed"} <= {row.action for row in holding.events(number)}


def test_the_form_on_the_page_lets_it_in_too_and_so_do_all_of_theirs_in_every_area(holding: World) -> None:
    mine = [first(holding), first(holding, text="Otra"), first(holding, to=BILLING)]
    theirs = first(holding, from_=EVA)

    confirm_by_token(holding.office, holding.person(BEA).id, by="web", now=holding.now, cause="the form")

    assert [tags(holding, number) for number in mine] == [[], [], []]
    assert tags(holding, theirs) == [HELD]
    # The desk hears of each of them.
    assert [one.ticket_id for one in holding.letters(to=LUIS, letter="alert")] == mine[:2]


def test_time_alone_neither_drops_it_nor_lets_it_in_and_a_later_mail_gets_a_new_letter(holding: World) -> None:
    number = first(holding)
    holding.later(days=300)
    tick.fire_due(holding.office, now=holding.now)
    tick.purge(holding.office, now=holding.now)

    assert tags(holding, number) == [HELD]
    assert holding.person(BEA).state == "pending"
    assert not [to for _, to in holding.told() if to != BEA]
    first(holding, text="¿Alguna novedad?")
    letter = holding.letters(to=BEA)[-1]
    assert letter.letter == "receipt_new"
    holding.receive(reply_to(letter, "Sí"))
    assert tags(holding, number) == []
    assert holding.ticket(number).created_at == NOON


def test_what_they_add_before_they_confirm_is_kept_and_nobody_hears_of_it(holding: World) -> None:
    number = first(holding, message_id="<one@new.example>")
    for proven in (True, False):
        holding.receive(mail(from_=BEA, references="<one@new.example>", text=f"Algo más {proven}", s1=proven))

    assert len(holding.messages(number)) == 3
    assert {to for _, to in holding.told()} == {BEA}
    assert tags(holding, number) == [HELD]


def test_who_only_asks_for_an_account_is_not_let_in_but_done_with(holding: World) -> None:
    number = first(holding, subject="Solicitud Usuario de Tiquetes de Soporte")
    holding.receive(reply_to(holding.letters(to=BEA)[-1], "Sí"))

    assert holding.ticket(number).state == "closed"
    assert not [to for _, to in holding.told() if to != BEA]


def test_a_machine_that_nobody_can_ask_is_kept_and_listed(holding: World) -> None:
    number = first(holding, headers={"Auto-Submitted": "auto-generated"})

    assert holding.told() == []
    assert tags(holding, number) == [HELD]
    assert holding.ticket(number).closed_at is None


def test_what_is_held_is_as_old_as_its_mail_not_as_its_judgement(holding: World) -> None:
    holding.keep(mail(from_=BEA))
    holding.later(hours=5)
    holding.work()

    (kept,) = holding.tickets()
    assert kept.created_at == NOON
    assert kept.updated_at == NOON + timedelta(hours=5)
