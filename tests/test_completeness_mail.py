"""A mail that says too little goes back with the list of what is missing, and waits; the reply completes it."""

from pathlib import Path
from typing import Any

import pytest

from gateway import desk
from gateway.settings import Completeness
from gateway.work.confirm import disown
from tests.world import ANA, EVA, LUIS, MARTA, World, mail, reply_to

BEA = "bea@new.example"
LENGTH = Completeness(kind="length", least=40)
SCREEN = Completeness(kind="names", words=["pantalla", "screen"], es="el nombre de la pantalla", en="the screen's name")
FILE = Completeness(kind="attachment", area="billing")
DEFAULT = Path(desk.__file__).parent / "presets" / "default.toml"
WHOLE = "En la pantalla de pagos, al guardar, aparece el error 500 desde esta mañana."


@pytest.fixture
def strict(world: World) -> World:
    world.open_with(completeness=[LENGTH, SCREEN, FILE])
    return world


def short(world: World, **changes: Any) -> int:
    return int(world.receive(mail(**({"text": "No anda.", "s1": True} | changes))).ticket_id)


def listed(letter: Any) -> list[str]:
    return [line[2:] for line in letter.text.splitlines() if line.startswith("- ")]


def test_it_waits_and_the_list_is_in_the_one_letter_and_the_team_is_not_told(strict: World) -> None:
    number = short(strict)

    assert strict.told() == [("incomplete", ANA)]
    assert listed(strict.letters()[0]) == [
        "una descripción más detallada de lo que ocurre (al menos 40 caracteres)",
        "el nombre de la pantalla",
    ]
    kept = strict.ticket(number)
    assert (kept.state, kept.verified) == ("waiting", True)
    # What the desk writes by itself is no answer of it.
    assert kept.last_agent_return_at is None


def test_the_reply_completes_it_and_then_the_team_hears_of_it(strict: World) -> None:
    number = short(strict)
    strict.receive(reply_to(strict.letters()[0], WHOLE, s1=True))

    assert strict.ticket(number).state == "open"
    assert strict.told()[1:] == [("alert", LUIS), ("alert", MARTA)]
    assert "error 500" in strict.letters(to=LUIS)[0].text


def test_a_whole_one_is_not_sent_back(strict: World) -> None:
    number = short(strict, text=WHOLE)

    assert strict.ticket(number).state == "new"
    assert set(strict.told()) == {("receipt", ANA), ("alert", LUIS), ("alert", MARTA)}


def test_quoted_text_and_other_areas_rules_do_not_count(strict: World) -> None:
    number = short(strict, text=f"No anda.\n\nEl lunes, Luis escribió:\n> {WHOLE}\n> {WHOLE}\n")
    other = short(strict, text=WHOLE, to="billing@desk.example")

    assert [strict.ticket(one).state for one in (number, other)] == ["waiting", "waiting"]
    assert listed(strict.letters(to=ANA)[-1]) == ["un archivo adjunto, por ejemplo una captura de pantalla"]
    with_file = short(strict, text=f"{WHOLE} Va.", to="billing@desk.example", files=[("a.png", b"png")])
    assert strict.ticket(with_file).state == "new"


@pytest.mark.parametrize("proven", [True, False])
def test_somebody_new_gets_the_list_in_the_letter_that_asks_them_to_confirm(strict: World, proven: bool) -> None:
    number = short(strict, from_=BEA, s1=proven)

    (letter,) = strict.letters()
    assert (letter.letter, letter.to_address) == ("receipt_new", BEA)
    assert listed(letter)[1] == "el nombre de la pantalla"
    assert "confirmarlo" in letter.text
    assert strict.ticket(number).state == "waiting"
    strict.receive(reply_to(letter, WHOLE, s1=proven))
    assert (strict.ticket(number).state, strict.person(BEA).state) == ("open", "active")
    assert strict.told()[1:] == [("account_ready", BEA), ("alert", LUIS), ("alert", MARTA)]


def test_a_known_person_who_proves_nothing_gets_the_list_and_no_word_of_theirs(strict: World) -> None:
    short(strict, s1=False, subject="Impresora rota")

    (letter,) = strict.letters()
    assert (letter.letter, len(listed(letter))) == ("receipt_new", 2)
    assert "rota" not in letter.subject + letter.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Please help me with this, it does not work and I am late.", "the screen's name"),
        ("Por favor, ayúdeme con esto, que no anda y estoy muy atrasada.", "el nombre de la pantalla"),
    ],
)
def test_the_list_is_in_the_language_of_the_mail(strict: World, text: str, words: str) -> None:
    short(strict, from_=EVA, text=text)

    assert listed(strict.letters(to=EVA)[0]) == [words]


NOBODY_IS_TOLD_WHAT_IS_MISSING = {
    "an agent": {"from_": LUIS},
    "a machine": {"headers": {"Auto-Submitted": "auto-generated"}},
    "a list": {"headers": {"List-Id": "<x.example>"}},
    "somebody who wants no answer": {"headers": {"X-Auto-Response-Suppress": "All"}},
    "a no-reply address": {"from_": "no-reply@firm.example"},
    "a forged sender": {"s1": False, "dmarc": "fail"},
}


@pytest.mark.parametrize("case", NOBODY_IS_TOLD_WHAT_IS_MISSING)
def test_nothing_waits_for_an_answer_of(strict: World, case: str) -> None:
    number = short(strict, **NOBODY_IS_TOLD_WHAT_IS_MISSING[case])

    assert strict.ticket(number).state == "new"
    assert "alert" in {letter for letter, _ in strict.told()}
    assert not [one for one in strict.letters() if listed(one)]


def test_over_the_cap_nothing_waits_for_an_answer_that_nobody_was_asked_for(strict: World) -> None:
    numbers = [short(strict, text=f"No anda {number}") for number in range(4)]

    assert [strict.ticket(number).state for number in numbers] == ["waiting"] * 3 + ["new"]
    assert len(strict.letters(to=ANA)) == 3
    assert ("alert", LUIS) in strict.told()


def test_who_said_that_it_was_not_them_is_asked_for_nothing(strict: World) -> None:
    short(strict, from_=BEA)
    disown(strict.office, strict.person(BEA).id, strict.letters()[0].letter_key, now=strict.now, cause="the page")

    number = short(strict, from_=BEA, text="Sigue.")

    assert strict.ticket(number).state == "new"
    assert strict.told()[1:] == [("alert", LUIS), ("alert", MARTA)]


def test_an_inactive_account_is_asked_for_nothing(strict: World) -> None:
    strict.known(ANA, state="inactive")
    number = short(strict)

    assert strict.ticket(number).state == "new"
    assert [one.letter for one in strict.letters(to=ANA)] == ["refused"]


def test_a_request_for_an_account_needs_no_description(strict: World) -> None:
    number = short(strict, from_=BEA, subject="Solicitud Usuario de Tiquetes de Soporte")

    assert strict.ticket(number).state == "new"
    assert listed(strict.letters()[0]) == []


def test_where_the_workflow_knows_no_way_back_the_team_is_told_and_the_list_goes_out_all_the_same(
    strict: World, tmp_path: Path
) -> None:
    head, *parts = DEFAULT.read_text().split("[[transition]]\n")
    kept = [part for part in parts if not part.startswith('action = "incomplete"')]
    assert len(kept) == len(parts) - 1
    file = tmp_path / "one-way.toml"
    file.write_text("[[transition]]\n".join([head, *kept]))
    strict.open_with(area=[one.model_copy(update={"workflow": str(file)}) for one in strict.office.settings.area])

    number = short(strict)

    assert strict.ticket(number).state == "new"
    assert strict.told() == [("alert", LUIS), ("alert", MARTA), ("incomplete", ANA)]
