"""Two tickets of one requester about the same thing are shown as suspects, and merged only when somebody says so."""

from datetime import timedelta

import pytest

from gateway.desk.nearness import sketch
from gateway.desk.suspects import Resembling, suspects, suspicion
from gateway.work import read
from tests.world import ANA, BRUNO, LUIS, MARTA, NOON, World

TEXT = "La impresora del tercer piso no imprime desde ayer por la tarde, y ya la hemos reiniciado dos veces."


def one(number: int = 1, *, subject: str = "", text: str = "", days: float = 0) -> Resembling:
    return Resembling(number, subject, sketch(text), NOON + timedelta(days=days))


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ({"text": TEXT}, {"text": TEXT}, True),
        ({"text": TEXT}, {"text": TEXT + " Gracias."}, True),
        ({"text": TEXT}, {"text": TEXT, "days": 6.9}, True),
        ({"text": TEXT}, {"text": TEXT, "days": 7.1}, False),
        ({"text": TEXT}, {"text": "Necesito una cuenta nueva para una compañera que empieza el lunes."}, False),
        ({"text": "Gracias"}, {"text": "gracias"}, False),
        ({}, {}, False),
        ({"subject": "La impresora no imprime"}, {"subject": "RE: la impresora no imprime!"}, True),
        ({"subject": "La impresora no imprime"}, {"subject": "No imprime la impresora"}, True),
        ({"subject": "Ayuda"}, {"subject": "Ayuda"}, False),
        ({"subject": "Pedido 4711 no llegó"}, {"subject": "Pedido 4712 no llegó"}, False),
        ({"subject": "Pedido 4711 no llegó"}, {"subject": "Fwd: Pedido 4711 no llegó"}, True),
        ({"subject": "La impresora no imprime"}, {"subject": "El correo no sale"}, False),
    ],
)
def test_near_text_or_subject_and_near_time_make_a_suspect(
    first: dict[str, str], second: dict[str, str], near: bool
) -> None:
    assert suspects(one(2, **second), [one(1, **first)]) == ((1,) if near else ())


def test_the_newest_three_are_named_and_never_the_ticket_itself() -> None:
    others = [one(number, text=TEXT, days=number / 10) for number in range(1, 6)]

    assert suspects(others[4], others) == (4, 3, 2)
    assert suspicion((4, 3), "es") == "posible duplicado de #4, #3"
    assert suspicion((), "es") == ""


def suspected(world: World, number: int) -> set[int]:
    return {other for kind, other in world.links(number) if kind == "suspect"}


def test_a_second_ticket_about_the_same_is_linked_and_the_desk_is_told(world: World) -> None:
    first = world.ticket_of(ANA, text=TEXT)
    world.later(minutes=20)
    second = world.ticket_of(ANA, text=TEXT, subject="Otra vez")
    before, after = (world.letters(to=LUIS)[place].text for place in (0, 1))

    assert suspected(world, second) == {first}
    assert f"posible duplicado de #{first}" in after
    assert "duplicado" not in before
    assert all("duplicad" not in letter.text for letter in world.letters(to=ANA))


def test_what_is_closed_is_no_suspect_nor_what_somebody_else_wrote(world: World) -> None:
    first = world.ticket_of(ANA, text=TEXT)
    bruno = world.ticket_of(BRUNO, text=TEXT)
    assert suspected(world, bruno) == set()

    world.act(first, "close", by=MARTA)
    second = world.ticket_of(ANA, text=TEXT)
    assert suspected(world, second) == set()


def test_the_ticket_shows_its_suspects_from_both_sides(world: World) -> None:
    first = world.ticket_of(ANA, text=TEXT)
    second = world.ticket_of(ANA, text=TEXT)

    assert read.ticket(world.office, second)["links"] == [{"ticket": first, "kind": "suspect", "direction": "to"}]
    assert read.ticket(world.office, first)["links"] == [{"ticket": second, "kind": "suspect", "direction": "from"}]


def test_a_suspect_is_merged_when_somebody_says_so_and_the_requester_reads_which_one_remains(world: World) -> None:
    first = world.ticket_of(ANA, text=TEXT)
    second = world.ticket_of(ANA, text=TEXT)
    assert world.ticket(second).closed_at is None

    world.act(second, "merge", by=LUIS, to=str(first))
    told = world.letters(to=ANA)[-1]
    assert world.ticket(second).closed_at is not None
    assert world.ticket(first).closed_at is None
    assert (told.letter, f"#{first}" in told.text) == ("duplicate", True)
    assert ("duplicate", first) in world.links(second)
