"""`#ver` sends the whole ticket: what it is, who reads it, what was said in the order of time, and what happened."""

from typing import Any

from gateway.settings import Group
from tests.desk_days import DeskDays, desk
from tests.taking_part import with_eva
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, World, reply_to

__all__ = ["desk"]


def viewed(world: World, number: int, *, by: str = LUIS) -> str:
    """The text of the view that they ask for."""
    letter = [one for one in world.letters(by) if one.ticket_id == number][-1]
    world.receive(reply_to(letter, "#ver", s1=True))
    found: Any = world.letters(by, "ticket_view")[-1]
    return str(found.text)


def in_order(text: str, *pieces: str) -> bool:
    return sorted(pieces, key=text.index) == list(pieces)


def test_it_shows_who_takes_part_and_who_was_asked_aside(world: World) -> None:
    world.known(EVA, name="Eva Soto")
    number = with_eva(world)
    world.receive(reply_to(world.letters(LUIS)[-1], f"#consultar {BRUNO}\n¿Hay repuesto?", s1=True))
    text = viewed(world, number)

    assert f"Participan: Eva Soto <{EVA}>" in text
    assert f"Se consultó aparte a: Bruno Díaz <{BRUNO}>" in text
    assert f"consultó a otra persona: {BRUNO}" in text


def test_it_shows_where_it_stands_in_the_work(world: World) -> None:
    number = world.ticket_of(ANA)
    other = world.ticket_of(BRUNO)
    world.act(number, "classify", difficulty="4", queue="2")
    world.act(number, "link", to=str(other))
    text = viewed(world, number)

    for row in ("Dificultad: 4", "Puesto en la fila: 2", f"Enlazada con: #{other}", f"la enlazó con otra: #{other}"):
        assert row in text, row
    assert f"Enlazada con: #{number}" in viewed(world, other)


def test_it_shows_the_group(world: World) -> None:
    world.open_with(group=[Group(name="Redes", area="support", addresses=[MARTA, LUIS])])
    number = world.ticket_of(ANA)
    world.act(number, "assign", group="Redes")

    assert "Grupo: Redes" in viewed(world, number)


def test_it_shows_the_checklist_with_the_link_that_proves_it(desk: DeskDays) -> None:
    desk.opened_by("approval")
    number = desk.ticket()
    desk.world.act(number, "prepare", by=MARTA, owner=LUIS, due="2026-11-27T15:00:00+00:00", difficulty="3", queue="2")
    desk.world.act(number, "check", item="evidence", evidence="https://calls.example/27")
    text = viewed(desk.world, number)

    assert "Se revisó la respuesta estándar: falta" in text
    assert "hecho (https://calls.example/27)" in text
    assert "marcó un punto de la lista: " in text
    assert text.count("https://calls.example/27") == 2


def test_it_shows_what_was_said_elsewhere_when_it_was_said_and_where(world: World) -> None:
    number = world.ticket_of(ANA, text="Desde ayer no imprime.")
    world.later(hours=3)
    world.answered(number, "Cambie el tóner.")
    commands = "#llamada https://calls.example/49\n#cuándo 23/11/2026 13:00\nLlamó: error 49."
    world.receive(reply_to(world.letters(LUIS)[-1], commands, s1=True))
    text = viewed(world, number)

    assert in_order(text, "Desde ayer no imprime.", "Llamó: error 49.", "Cambie el tóner.")
    assert "[teléfono]\n[https://calls.example/49]" in text


def test_it_shows_the_messages_of_a_ticket_that_was_merged_into_it(world: World) -> None:
    number = world.ticket_of(ANA, text="La primera.")
    world.later(hours=1)
    other = world.ticket_of(ANA, text="La segunda.")
    world.later(hours=1)
    world.answered(number, "La tercera.")
    world.act(other, "merge", to=str(number))
    text = viewed(world, number)

    assert in_order(text, "La primera.", f"#{other} · Ana Pérez", "La segunda.", "La tercera.")
    assert f"Se le unió: #{other}" in text


def test_its_history_does_not_tell_of_the_mail_and_of_its_commands_twice(world: World) -> None:
    number = world.ticket_of(ANA)
    world.receive(reply_to(world.letters(LUIS)[-1], "#tomar", s1=True))
    text = viewed(world, number)

    assert "la tomó" in text
    assert "dio comandos" not in text
