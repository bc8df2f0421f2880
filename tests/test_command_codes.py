"""Commands that wait for a code: when it comes they are those of the mail that had them, with all that came along."""

from typing import Any

import pytest

from gateway.store import participants
from gateway.store.tables import waiting_command
from gateway.work.tick import purge
from tests.test_commands_by_mail import alert, says, words
from tests.test_split_by_mail import quoted
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, World, code_in, mail, reply_to

FABIO = "fabio@elsewhere.example"
WAITS = f"#participante +{EVA}\n#responder\nVa un técnico."


def bring_the_code(world: World, text: str = "", **changes: Any) -> Any:
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    return world.receive(reply_to(letter, f"{code_in(letter)}\n\n{text}", **({"s1": True} | changes)))


def told(world: World, text: str) -> list[str]:
    return [one.to_address for one in world.letters() if text in one.text and one.letter in ("answer", "relayed")]


def test_what_becomes_a_ticket_is_quoted_in_the_first_mail_and_not_in_the_one_with_the_code(world: World) -> None:
    number = world.ticket_of(text="No imprime.\n\nOtra cosa: la factura de octubre no llegó.")
    asked = quoted("Otra cosa: la factura de octubre no llegó.")
    says(world, number, f"#dividir La factura\n#participante +{EVA}\n\n{asked}")
    bring_the_code(world, quoted(world.letters(to=LUIS, letter="commands_code")[-1].text))

    made = world.tickets()[-1]
    assert (made.subject, world.messages(made.id)[0].text) == (
        "La factura",
        "Otra cosa: la factura de octubre no llegó.",
    )


def test_who_had_the_mail_with_the_commands_gets_its_words_no_second_time(world: World) -> None:
    number = world.ticket_of()
    world.participant(number, BRUNO)
    says(world, number, WAITS, cc=f"{BRUNO}, {ANA}")
    bring_the_code(world)

    assert told(world, "Va un técnico.") == [EVA]


def test_who_stands_in_cc_takes_part_by_the_mail_with_the_commands(world: World) -> None:
    number = world.ticket_of()
    says(world, number, WAITS, cc=f"Bruno Díaz <{BRUNO}>")
    bring_the_code(world, cc=FABIO)
    world.answered(number, "Ya quedó.")

    assert set(told(world, "Ya quedó.")) == {ANA, BRUNO, EVA}


def test_an_answer_to_all_of_the_mail_with_the_commands_finds_its_ticket(world: World) -> None:
    number = world.ticket_of()
    says(world, number, WAITS, cc=BRUNO, message_id="<commands@staff.example>")
    bring_the_code(world)
    row = world.receive(mail(from_=BRUNO, text="Gracias.", in_reply_to="<commands@staff.example>", s1=True))

    assert (row.verdict, row.ticket_id) == ("reply", number)


def test_when_its_time_is_over_nothing_is_left_of_the_mail_and_the_code_is_late(world: World) -> None:
    number = world.ticket_of()
    says(world, number, f"{WAITS}\n\n{quoted('No imprime.')}", files=[("tóner.txt", b"caro")], cc=BRUNO)
    kept = world.rows(waiting_command)[0]
    assert ("Va un técnico." in kept.commands, kept.quoted, len(kept.files)) == (True, quoted("No imprime."), 1)

    purge(world.office, now=world.later(hours=23))
    assert world.rows(waiting_command)[0].commands
    assert purge(world.office, now=world.later(hours=2)) > 0
    assert purge(world.office, now=world.now) == 0

    kept = world.rows(waiting_command)[0]
    assert [kept.commands, kept.quoted, kept.files, kept.apart, kept.cc] == ["", "", [], [], []]
    bring_the_code(world)
    assert "El código venció" in words(world.letters(to=LUIS, letter="commands_refused")[-1])
    assert told(world, "Va un técnico.") == []


def test_the_code_counts_for_a_day(world: World) -> None:
    letter = alert(world, world.ticket_of())
    for _ in range(2):
        world.receive(reply_to(letter, WAITS, s1=True))
    first, second = world.letters(to=LUIS, letter="commands_code")
    world.later(hours=23, minutes=59)
    world.receive(reply_to(first, code_in(first), s1=True))
    assert told(world, "Va un técnico.") == [ANA, EVA]

    world.later(minutes=1)
    world.receive(reply_to(second, code_in(second), s1=True))
    assert "El código venció" in words(world.letters(to=LUIS, letter="commands_refused")[-1])
    assert told(world, "Va un técnico.") == [ANA, EVA]


@pytest.mark.parametrize(("wrong", "counts"), [(4, True), (5, False)])
def test_five_wrong_codes_end_it(world: World, wrong: int, counts: bool) -> None:
    number = world.ticket_of()
    says(world, number, WAITS)
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    for _ in range(wrong):
        world.receive(reply_to(letter, "000000" if code_in(letter) != "000000" else "111111", s1=True))
    bring_the_code(world)

    assert bool(told(world, "Va un técnico.")) is counts


def test_a_participant_from_outside_wants_a_code_for_whatever_ticket_it_is(world: World) -> None:
    """Not for that of the letter alone: the mail itself can name the ticket, or open it."""
    answered, other = world.ticket_of(), world.ticket_of("gil@shop.example", subject="La caja no abre")
    first = alert(world, answered)
    says(world, answered, "#lista atender")
    listed = world.letters(to=LUIS, letter="ticket_list")[-1]
    world.receive(reply_to(listed, f"#solicitudes {other}\n#participante +{EVA}", s1=True))
    assert (len(world.letters(letter="commands_code")), world.told()[-1][0]) == (1, "commands_code")
    world.receive(reply_to(first, f"#solicitudes {other}\n#participante +bob@firm.example", s1=True))
    assert (len(world.letters(letter="commands_code")), world.told()[-1][0]) == (2, "commands_code")
    text = "#nueva gil@shop.example La caja\n#participante +bob@firm.example\n\nNo abre."
    world.receive(reply_to(first, text, s1=True))

    assert (len(world.letters(letter="commands_code")), len(world.tickets())) == (3, 2)
    with world.office.database.read() as connection:
        assert participants.parts(connection, other) == {}
    bring_the_code(world)
    assert world.tickets()[-1].subject == "La caja"
    with world.office.database.read() as connection:
        assert set(participants.parts(connection, world.tickets()[-1].id)) == {world.person("bob@firm.example").id}


@pytest.mark.parametrize(("s1", "why"), [(True, "El código no es el que le enviamos"), (False, "llegó sin la firma")])
def test_the_letter_about_a_code_that_does_not_count_can_be_answered_with_the_right_one(
    world: World, s1: bool, why: str
) -> None:
    number = world.ticket_of()
    says(world, number, WAITS)
    asked = world.letters(to=LUIS, letter="commands_code")[-1]
    wrong = "000000" if code_in(asked) != "000000" else "111111"
    world.receive(reply_to(asked, wrong if s1 else code_in(asked), s1=s1))
    refused = world.letters(to=LUIS, letter="commands_refused")[-1]
    assert (why in words(refused), "todos los comandos" in words(refused)) == (True, False)

    world.receive(reply_to(refused, code_in(asked), s1=True))
    assert told(world, "Va un técnico.") == [ANA, EVA]
    assert not any(code_in(asked) in one.text for one in world.messages(number))


def test_a_colleague_who_brings_the_code_hears_that_it_is_not_theirs(world: World) -> None:
    number = world.ticket_of()
    says(world, number, WAITS)
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    world.receive(reply_to(letter, code_in(letter), from_=MARTA, s1=True))

    assert "que la mesa le envió a usted" in words(world.letters(to=MARTA, letter="commands_refused")[-1])
    assert not any(code_in(letter) in one.text for one in world.messages(number))
    assert told(world, "Va un técnico.") == []
    bring_the_code(world)
    assert told(world, "Va un técnico.") == [ANA, EVA]
