"""Which language each letter is in: the person's, else that of the mail when it is sure, else the area's."""

from importlib.util import find_spec
from typing import Any

import pytest

from gateway.store.tables import person
from gateway.work import tick
from gateway.work.preview import values_for_ticket
from tests.world import ANA, BILLING, LUIS, NORA, World, mail, reply_to

BEA, JO = "bea@new.example", "jo@new.example"
SPANISH = "Buenos días, la impresora del tercer piso no funciona desde ayer y no sé qué hacer. Gracias"
ENGLISH = "Hello, the printer of our office does not work since yesterday, and I do not know what to do with it."
PORTUGUESE = "Bom dia, a impressora não está funcionando desde ontem e eu não sei o que fazer. Obrigado, até mais"


def first(world: World, **changes: Any) -> int:
    """Bea's mail: its ticket. `said` is what the mail says of its own language (RFC 3282)."""
    said = changes.pop("said", "")
    raw = mail(**({"from_": BEA, "s1": True, "text": SPANISH} | changes))
    return int(world.receive((f"Content-Language: {said}\n".encode() if said else b"") + raw).ticket_id)


@pytest.mark.parametrize(("text", "language"), [(SPANISH, "es"), (ENGLISH, "en"), (PORTUGUESE, "pt")])
def test_somebody_new_is_answered_in_the_language_of_their_mail_and_it_is_kept(
    world: World, text: str, language: str
) -> None:
    number = first(world, text=text)

    (letter,) = world.letters(to=BEA)
    assert (letter.language, dict(letter.headers)["Content-Language"]) == (language, language)
    assert world.person(BEA).language == language
    assert world.ticket(number).language == language


@pytest.mark.parametrize(("to", "language"), [("support@desk.example", "es"), (BILLING, "en")])
def test_a_mail_of_few_words_is_answered_in_the_language_of_the_area(world: World, to: str, language: str) -> None:
    number = first(world, text="Ok", to=to)

    assert world.letters(to=BEA)[0].language == language
    assert world.person(BEA).language == ""
    assert world.ticket(number).language == language


@pytest.mark.parametrize(("said", "language"), [("pt-BR", "pt"), ("en-US", "en"), ("en, pt", "es"), ("fr", "es")])
def test_what_the_mail_says_of_itself_counts_where_its_words_are_too_few(
    world: World, said: str, language: str
) -> None:
    first(world, text="Ok", said=said)

    assert world.letters(to=BEA)[0].language == language


def test_the_words_of_a_mail_go_before_the_menus_of_its_program(world: World) -> None:
    first(world, said="en-US", to=BILLING)

    assert world.letters(to=BEA)[0].language == "es"


def test_a_persons_own_language_goes_before_that_of_their_mail(world: World) -> None:
    world.known(ANA, language="pt")
    number = world.ticket_of(ANA, text=ENGLISH)
    world.answered(number)

    assert [one.language for one in world.letters(to=ANA)] == ["pt", "pt"]


def test_who_has_none_is_answered_in_that_of_each_mail(world: World) -> None:
    first(world, text="Ok")
    first(world, text=ENGLISH)
    first(world, text=PORTUGUESE)

    assert [one.language for one in world.letters(to=BEA)] == ["es", "en", "pt"]


def test_the_reminder_and_the_letter_that_the_account_is_ready_are_in_the_language_of_the_mail(world: World) -> None:
    first(world, text="Ok")
    first(world, text=PORTUGUESE)
    world.later(days=2)
    tick.fire_due(world.office, now=world.now)
    world.receive(reply_to(world.letters(to=BEA)[-1], "Ok"))

    assert [(one.letter, one.language) for one in world.letters(to=BEA)[2:]] == [
        ("confirm_reminder", "pt"),
        ("account_ready", "pt"),
    ]


def test_what_was_chosen_in_the_form_holds_from_then_on(world: World) -> None:
    first(world, text=SPANISH)
    world.write(person.update().where(person.c.id == world.person(BEA).id).values(language="en"))
    world.receive(reply_to(world.letters(to=BEA)[0], "Sí"))
    first(world, text=PORTUGUESE)

    assert [one.language for one in world.letters(to=BEA)] == ["es", "en", "en"]


def test_an_agents_letters_are_in_the_agents_language_whatever_the_customers_is(world: World) -> None:
    first(world, text=ENGLISH)
    first(world, text=SPANISH, to=BILLING)

    assert [one.language for one in world.letters(to=LUIS)] == ["es"]
    assert [one.language for one in world.letters(to=NORA)] == ["en"]


def test_refusals_are_in_the_language_of_the_person(world: World) -> None:
    world.known(BEA, state="inactive")
    first(world, text=PORTUGUESE)

    (letter,) = world.letters(to=BEA)
    assert (letter.letter, letter.language) == ("refused", "pt")


@pytest.mark.skipif(find_spec("lingua") is None, reason="needs the extra `language`")
def test_lingua_tells_the_language_of_a_few_words_where_the_operator_wants_it(world: World) -> None:
    world.change_settings(registration={"language_by": "lingua"})
    first(world, text="Não imprime")

    assert world.letters(to=BEA)[0].language == "pt"


def test_what_the_desk_and_the_clock_do_is_told_in_the_language_of_the_ticket(world: World) -> None:
    """Who was imported without a language reads that of their mail in whatever comes of it."""
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "validation"}), billing])
    world.known(JO, name="Jo Doe")
    number = world.ticket_of(JO, text=ENGLISH)
    for said in ("Good morning.", "#tomar\nI am on it.", "#resuelto\nIt prints again."):
        world.receive(reply_to(world.letters(to=LUIS)[-1], said, s1=True))
    for _ in range(15):
        world.write_sent()
        world.later(days=1)
        tick.fire_due(world.office, now=world.now)

    theirs = world.letters(to=JO)
    assert {one.letter for one in theirs} >= {"receipt", "answer", "solved", "reminder", "closed_by_time"}
    assert {one.language for one in theirs} == {"en"}
    preview = values_for_ticket(world.office, "solved", number, language="", now=world.now)
    assert preview["language"] == "en"


def test_the_language_that_an_agent_gives_a_ticket_holds_from_that_mail_on(world: World) -> None:
    world.known(JO, name="Jo Doe")
    world.ticket_of(JO, text="Ok")
    world.receive(reply_to(world.letters(to=LUIS)[-1], "#idioma en\n#esperar\nWhich printer?", s1=True))

    assert [(one.letter, one.language) for one in world.letters(to=JO)] == [("receipt", "es"), ("answer", "en")]
