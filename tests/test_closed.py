"""Mail to a ticket that is closed: reopened within its grace time, followed up after it, and thanks do neither."""

from pathlib import Path

import pytest

from tests.world import ANA, LUIS, World, mail, reply_to

THANKS = "Muchas gracias, ya funciona.\n\nSaludos,\nAna Pérez\n"


def closed(world: World, *, by: str = "close", **parameters: str) -> int:
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, by, **parameters)
    return number


def last_letter(world: World) -> bytes:
    return reply_to(world.letters(to=ANA)[-1], "Volvió a fallar.", s1=True)


@pytest.mark.parametrize(("days", "seconds"), [(0, 1), (13, 0), (14, 0)])
def test_a_reply_within_the_grace_time_reopens_the_ticket(world: World, days: int, seconds: int) -> None:
    number = closed(world)
    world.later(days=days, seconds=seconds)
    before = len(world.letters())

    found = world.receive(last_letter(world))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert (world.ticket(number).state, world.ticket(number).closed_at) == ("open", None)
    assert world.told(before) == [("alert", LUIS)]


def test_a_reply_after_it_makes_a_ticket_that_follows_the_closed_one(world: World) -> None:
    number = closed(world)
    world.later(days=14, seconds=1)

    found = world.receive(last_letter(world))

    assert (found.verdict, found.stage) == ("ticket", "after_closing")
    assert world.links(found.ticket_id) == {("follow_up", number)}
    assert world.ticket(number).state == "closed"
    assert world.ticket(found.ticket_id).state == "new"
    assert f"Motivo: continúa la #{number}" in world.letters(LUIS, "alert")[-1].text


def test_the_next_reply_in_that_thread_goes_to_the_follow_up(world: World) -> None:
    closed(world)
    world.later(days=15)
    follow_up = world.receive(last_letter(world)).ticket_id

    found = world.receive(last_letter(world))

    assert found.ticket_id == follow_up


@pytest.mark.parametrize("by", ["reject", "cancel"])
def test_what_was_rejected_or_cancelled_is_followed_up_at_once(world: World, by: str) -> None:
    parameters = {"reason": "not_ours", "text": "No es nuestro."} if by == "reject" else {"reason": "Ya no hace falta."}
    number = closed(world, by=by, **parameters)

    found = world.receive(last_letter(world))

    assert found.verdict == "ticket"
    assert world.links(found.ticket_id) == {("follow_up", number)}


def test_a_workflow_without_grace_always_follows_up(world: World, tmp_path: Path) -> None:
    preset = Path(__file__).parents[1] / "gateway" / "desk" / "presets" / "default.toml"
    strict = tmp_path / "strict.toml"
    strict.write_text(preset.read_text("utf-8").replace('grace = "14 days"', 'grace = "none"'), "utf-8")
    world.open_with(area=[one.model_copy(update={"workflow": str(strict)}) for one in world.office.settings.area])
    number = closed(world)

    found = world.receive(last_letter(world))

    assert world.links(found.ticket_id) == {("follow_up", number)}


@pytest.mark.parametrize("days", [1, 30])
def test_a_plain_thank_you_stays_with_the_closed_ticket_and_does_neither(world: World, days: int) -> None:
    number = closed(world)
    world.later(days=days)
    before, at = len(world.letters()), world.ticket(number)

    found = world.receive(reply_to(world.letters(to=ANA)[-1], THANKS, s1=True))

    assert (found.verdict, found.stage, found.ticket_id) == ("reply", "after_closing", number)
    assert world.ticket(number) == at
    assert world.told(before) == []
    message = world.messages(number)[-1]
    assert (message.public, message.flags) == (False, ["after closing"])
    assert "Muchas gracias" in message.text


def test_thanks_with_a_question_are_no_plain_thanks(world: World) -> None:
    number = closed(world)

    world.receive(reply_to(world.letters(to=ANA)[-1], "Gracias. ¿Y la otra impresora?", s1=True))

    assert world.ticket(number).state == "open"


def test_thanks_to_a_solved_ticket_are_a_reply_like_any_other(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "solve")

    world.receive(reply_to(world.letters(to=ANA)[-1], THANKS, s1=True))

    assert world.ticket(number).state == "open"


def test_an_unproven_reply_reopens_as_well_and_says_that_it_is_unproven(world: World) -> None:
    number = closed(world)

    world.receive(reply_to(world.letters(to=ANA)[-1], "Volvió a fallar."))

    assert world.ticket(number).state == "open"
    assert world.messages(number)[-1].flags == ["unverified"]


def test_an_agents_answer_to_a_closed_ticket_goes_out_and_leaves_it_closed(world: World) -> None:
    number = closed(world)

    world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), text="Se me olvidó la guía.", s1=True))

    assert world.letters(to=ANA)[-1].letter == "answer"
    assert world.ticket(number).state == "closed"


def test_a_strangers_mail_to_a_closed_ticket_does_not_reopen_it(world: World) -> None:
    number = closed(world)

    found = world.receive(mail(from_="eva@elsewhere.example", subject=f"Re: [#{number}]", s1=True))

    assert found.verdict == "ticket"
    assert world.ticket(number).state == "closed"
