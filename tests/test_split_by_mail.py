"""A part of a ticket that an agent quotes becomes a ticket of its own: the words of its requester, nobody else's."""

import textwrap

from gateway.desk.event_words import what
from tests.test_commands_by_mail import alert, says, words
from tests.world import ANA, BRUNO, LUIS, MARTA, World, reply_to

TWO_THINGS = (
    "Hola:\n\nDesde ayer la impresora no imprime nada, y ya la reiniciamos dos veces sin ningún resultado.\n\n"
    "Otra cosa: la factura de octubre no llegó.\n\nAna"
)
ABOVE = "El lun, 23 nov 2026 a las 9:00, Mesa de ayuda escribió:"


def quoted(text: str, width: int = 200) -> str:
    """As a mail program quotes a letter; with a width it breaks the lines."""
    lines = [piece for line in text.splitlines() for piece in textwrap.wrap(line, width) or [""]]
    return "\n".join([ABOVE, *(f"> {line}".rstrip() for line in lines)])


def said_in_the_last(world: World) -> str:
    return str(world.messages(world.tickets()[-1].id)[0].text)


def test_of_a_whole_alert_only_the_requesters_words_become_the_ticket(world: World) -> None:
    number = world.ticket_of(text=TWO_THINGS)
    says(world, number, "#asignar Marta\nEste cliente es insoportable, ten paciencia.")
    letter = alert(world, number, MARTA)
    assert "insoportable" in letter.text
    world.receive(reply_to(letter, f"#dividir La factura\n\n{quoted(letter.text)}", s1=True))

    assert world.tickets()[-1].subject == "La factura"
    assert said_in_the_last(world) == TWO_THINGS
    assert "insoportable" not in "".join(one.text for one in world.letters(to=ANA))


def test_all_who_read_of_it_read_which_ticket_it_was_a_part_of(world: World) -> None:
    number = world.ticket_of(text=TWO_THINGS)
    says(world, number, "#dividir La factura\n\nLa factura de octubre no llegó.")

    new = world.tickets()[-1].id
    done = words(world.letters(to=LUIS, letter="commands_done")[-1])
    assert f"Se abrió la solicitud #{new} a nombre de {ANA}." in done
    receipt = [one for one in world.letters(to=ANA, letter="receipt") if one.ticket_id == new][-1]
    assert all(f"La separamos de su solicitud #{number}." in part for part in (receipt.text, receipt.html))
    assert f"Motivo: separada de la #{number}" in alert(world, new, MARTA).text
    (split,) = [one for one in world.events(number) if one.action == "split"]
    assert what("split", split.data, {}) == f"split a part off; as #{new}"


def test_a_quotation_whose_lines_a_mail_program_broke_is_still_theirs(world: World) -> None:
    number = world.ticket_of(text=TWO_THINGS)
    letter = alert(world, number)
    world.receive(reply_to(letter, f"#dividir La factura\n\n{quoted(letter.text, width=40)}", s1=True))

    assert said_in_the_last(world).split() == TWO_THINGS.split()


def test_what_only_the_team_wrote_is_no_text_for_a_ticket(world: World) -> None:
    number = world.ticket_of()
    says(world, number, "#nota\nLa cuenta de este cliente no se paga desde mayo.")
    says(world, number, f"#dividir Pagos\n\n{quoted('La cuenta de este cliente no se paga desde mayo.')}")

    assert [one.id for one in world.tickets()] == [number]
    assert "Falta el texto" in words(world.letters(to=LUIS, letter="commands_refused")[-1])


def test_a_participants_words_are_not_the_requesters(world: World) -> None:
    number = world.ticket_of()
    world.participant(number, BRUNO)
    address = world.reply_address(number, BRUNO)
    world.receive(reply_to(alert(world, number), "A mí tampoco me abre.", from_=BRUNO, to=address, s1=True))
    says(world, number, f"#dividir Otra\n\n{quoted('A mí tampoco me abre.')}")

    assert [one.id for one in world.tickets()] == [number]


def test_what_the_desk_wrote_down_for_them_is_theirs_too(world: World) -> None:
    number = world.ticket_of()
    says(world, number, f"#nueva {BRUNO} No puede entrar\n\nLlamó: no entra a la nómina.\nY pide un teclado.")
    made = world.tickets()[-1].id
    says(world, made, f"#dividir Teclado\n\n{quoted('Y pide un teclado.')}")

    assert (world.tickets()[-1].subject, said_in_the_last(world)) == ("Teclado", "Y pide un teclado.")
