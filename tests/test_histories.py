"""Copies that nothing marks as quoted are known by what their ticket already holds."""

from tests.world import ANA, World, reply_to

QUESTION = """Buenos días, Ana:

Para revisar el caso necesitamos la versión exacta del programa y una captura de la pantalla del error.
También díganos, por favor, si otras personas de su oficina ven el mismo mensaje al imprimir la nómina.
"""


def test_an_unmarked_copy_of_our_letter_is_folded(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.answered(number, QUESTION)
    answer = f"La versión es la 7.3 y solo me pasa a mí.\n\n{QUESTION}"

    world.receive(reply_to(letter, answer, s1=True))

    kept = world.messages(number)[-1]
    folded = [kept.text[start:end] for start, end, kind, _ in kept.spans if kind == "quoted"]
    assert "La versión es la 7.3" in kept.text
    assert any("captura de la pantalla" in text for text in folded)
    assert all("7.3" not in text for text in folded)


def test_a_text_that_the_ticket_does_not_hold_stays(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.answered(number, "¿Qué versión usa?")

    world.receive(reply_to(letter, f"Esto me escribió el proveedor:\n\n{QUESTION}", s1=True))

    kept = world.messages(number)[-1]
    assert [kind for _, _, kind, _ in kept.spans] == ["new"]
