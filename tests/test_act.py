"""What people do to a ticket: by their role, refused in words, and the letters that come of it."""

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.errors import NotFound
from tests.world import ANA, BRUNO, LUIS, MARTA, NORA, World, mail


def refusal(found: object) -> Refused:
    assert isinstance(found, Refused)
    assert set(found.words) == {"es", "en", "pt"}
    assert all(words.strip() for words in found.words.values())
    return found


@pytest.mark.parametrize(
    ("action", "parameters", "text", "state", "told"),
    [
        ("reply", {}, "Pruebe ahora.", "open", [("answer", ANA)]),
        ("note", {}, "Solo para nosotros.", "new", []),
        ("take", {}, "", "open", []),
        ("wait", {}, "", "waiting", [("state_changed", ANA)]),
        ("incomplete", {}, "¿Qué modelo es?", "waiting", [("incomplete", ANA)]),
        ("solve", {}, "", "solved", [("solved", ANA)]),
        ("close", {}, "", "closed", [("closed", ANA)]),
        ("reject", {"reason": "not_ours"}, "No es nuestro.", "rejected", [("rejected", ANA)]),
        ("cancel", {"reason": "Repetido"}, "", "cancelled", [("cancelled", ANA)]),
        ("assign", {"owner": MARTA}, "", "open", [("alert", MARTA)]),
        ("classify", {"priority": "1"}, "", "new", []),
        ("time", {"time": "1h30"}, "", "new", []),
        ("record", {"origin": "phone"}, "Llamó y se le explicó.", "new", []),
    ],
)
def test_an_agents_action_its_state_and_its_letters(
    world: World, action: str, parameters: dict[str, str], text: str, state: str, told: list[tuple[str, str]]
) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters())

    world.act(number, action, text=text, **parameters)

    assert world.ticket(number).state == state
    assert world.told(before) == told
    event = world.events(number)[-1]
    assert (event.action, event.actor_id, event.cause) == (action, world.person(LUIS).id, "a test")


def test_the_requester_may_close_their_ticket_and_nobody_elses(world: World) -> None:
    number = world.ticket_of(ANA)

    assert refusal(world.act(number, "close", by=BRUNO)).reason is Refusal.NOT_PERMITTED
    assert world.act(number, "close", by=ANA).state == "closed"  # type: ignore[union-attr]


@pytest.mark.parametrize("action", ["take", "note", "reply", "solve"])
def test_neither_the_requester_nor_an_agent_of_another_area_may_do_the_agents_work(world: World, action: str) -> None:
    number = world.ticket_of(ANA)
    before = world.ticket(number)

    for who in (ANA, NORA):
        assert refusal(world.act(number, action, by=who, text="x")).reason is Refusal.NOT_PERMITTED
    assert world.ticket(number) == before
    assert [one.action for one in world.events(number)] == ["received"]


def test_what_is_refused_writes_nothing(world: World) -> None:
    number = world.ticket_of(ANA)
    before = (world.ticket(number), len(world.letters()), len(world.events(number)), len(world.messages(number)))

    assert refusal(world.act(number, "reply")).reason is Refusal.MISSING
    assert refusal(world.act(number, "reopen")).reason is Refusal.NOT_IN_STATE
    assert refusal(world.act(number, "prepare")).reason is Refusal.NOT_OFFERED
    assert refusal(world.act(number, "classify", colour="red")).reason is Refusal.UNKNOWN_PARAMETER
    assert refusal(world.act(number, "assign", owner="nadie@staff.example")).reason is Refusal.UNKNOWN_VALUE
    assert refusal(world.act(number, "classify", organisation="Nadie")).reason is Refusal.UNKNOWN_VALUE
    assert refusal(world.act(number, "classify", area="warehouse")).reason is Refusal.UNKNOWN_VALUE
    assert (
        world.ticket(number),
        len(world.letters()),
        len(world.events(number)),
        len(world.messages(number)),
    ) == before


def test_a_ticket_or_a_person_that_there_is_not_is_said_so(world: World) -> None:
    number = world.ticket_of(ANA)

    with pytest.raises(NotFound, match="there is no ticket 99"):
        world.act(99, "take")
    with pytest.raises(NotFound, match=r"nobody@staff\.example"):
        world.act(number, "take", by="nobody@staff.example")


def test_a_supervisors_role_is_for_their_area_and_one_for_all_areas_is_for_all(world: World) -> None:
    number = world.ticket_of(ANA, to="billing@desk.example")
    world.known("chief@staff.example", role="supervisor")

    assert refusal(world.act(number, "take", by=MARTA)).reason is Refusal.NOT_PERMITTED
    assert world.act(number, "take", by="chief@staff.example").state == "open"  # type: ignore[union-attr]


def test_the_answer_goes_to_the_address_that_the_ticket_was_opened_from_in_its_language(world: World) -> None:
    number = world.ticket_of(ANA, message_id="<first@mail.example>")
    letter = world.answered(number, "Cambie el tóner.")
    fields = dict(letter.headers)

    assert (letter.to_address, letter.language, letter.ticket_id) == (ANA, "es", number)
    assert "Cambie el tóner." in letter.text
    assert f"[#{number}]" in letter.subject
    assert fields["References"].endswith("<first@mail.example>")
    assert fields["In-Reply-To"] == "<first@mail.example>"
    assert fields["From"] == "Mesa de ayuda <support@desk.example>"


def test_an_internal_note_is_in_no_letter(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "note", text="El cliente exagera.")
    world.act(number, "solve", text="Listo.")

    assert not any("exagera" in one.text for one in world.letters())
    assert [(one.kind, one.public) for one in world.messages(number)] == [
        ("mail", True),
        ("note", False),
        ("reply", True),
    ]


def test_a_ticket_moves_to_another_area_and_its_letters_come_from_there(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "classify", area="billing")
    world.act(number, "reply", by=NORA, text="Here is your invoice.")

    letter = world.letters(letter="answer")[-1]
    assert dict(letter.headers)["From"] == "Billing <billing@desk.example>"
    assert refusal(world.act(number, "take", by=LUIS)).reason is Refusal.NOT_PERMITTED


def test_every_action_raises_the_version(world: World) -> None:
    number = world.ticket_of(ANA)
    for action in ("take", "wait", "solve"):
        world.act(number, action)

    assert world.ticket(number).version == 4
    assert [one.data.get("state") for one in world.events(number)][1:] == ["open", "waiting", "solved"]


def test_two_tickets_are_linked(world: World) -> None:
    first, second = world.ticket_of(ANA), world.ticket_of(BRUNO)

    world.act(second, "link", to=f"#{first}", kind="duplicate")

    assert world.links(second) == {("duplicate", first)}


def test_a_link_to_a_ticket_that_there_is_not_is_refused_in_words(world: World) -> None:
    number = world.ticket_of(ANA)

    assert refusal(world.act(number, "link", to="#999")).parameter == "to"


def test_an_agents_mail_and_their_action_leave_the_same(world: World) -> None:
    one, other = world.ticket_of(ANA), world.ticket_of(ANA, subject="Otra")
    world.act(one, "reply", text="Listo.")
    world.receive(mail(from_=LUIS, to=world.reply_address(other, LUIS), text="Listo.", s1=True))

    def left(number: int) -> tuple[object, ...]:
        row, message = world.ticket(number), world.messages(number)[-1]
        return (
            row.state,
            row.last_agent_return_at,
            message.kind,
            message.public,
            message.text.strip(),
            message.author_id,
        )

    assert left(one) == left(other)
    assert [letter.letter for letter in world.letters(to=ANA)] == ["receipt", "receipt", "answer", "answer"]
