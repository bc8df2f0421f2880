"""The date that a ticket was promised for: set, changed, and told once when it has passed."""

from datetime import timedelta

from gateway.work.tick import fire_due, purge
from tests.world import ANA, LUIS, MARTA, World

TOMORROW, DAY_AFTER = "2026-11-24T12:00:00+00:00", "2026-11-25T12:00:00+00:00"


def promised(world: World, due: str = TOMORROW) -> int:
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, "classify", due=due)
    return number


def waiting(world: World, number: int) -> list[str]:
    return [one.due_at.isoformat() for one in world.timers(number) if one.fired_at is None]


def fired(world: World) -> int:
    return fire_due(world.office, now=world.now)


def test_a_due_date_sets_a_timer_and_another_date_moves_it(world: World) -> None:
    number = promised(world)
    assert waiting(world, number) == [TOMORROW]

    world.act(number, "classify", due=DAY_AFTER)
    assert waiting(world, number) == [DAY_AFTER]

    world.act(number, "classify", due="none")
    assert waiting(world, number) == []


def test_another_field_leaves_it_alone(world: World) -> None:
    number = promised(world)
    (before,) = world.timers(number)

    world.act(number, "classify", priority="1")

    assert world.timers(number) == [before]


def test_the_owner_is_told_once_when_the_date_has_passed(world: World) -> None:
    number = promised(world)
    before = len(world.letters())

    world.later(hours=23, minutes=59)
    assert fired(world) == 0
    world.later(minutes=1)
    assert fired(world) == 1
    assert fired(world) == 0
    world.later(days=30)
    assert fired(world) == 0
    assert world.told(before) == [("alert", LUIS)]
    assert [one.action for one in world.events(number)].count("overdue") == 1
    assert [one.outcome for one in world.timers(number)] == ["alerted"]


def test_the_team_is_told_while_nobody_has_the_ticket(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "classify", due=TOMORROW)
    before = len(world.letters())
    world.later(days=1)
    fired(world)

    assert world.told(before) == [("alert", LUIS), ("alert", MARTA)]


def test_the_alert_says_in_each_language_that_the_date_has_passed(world: World) -> None:
    said = []
    for language in ("es", "en", "pt"):
        world.known(LUIS, language=language)
        number = promised(world)
        world.write_due(number, world.now + timedelta(days=1))
        world.later(days=1)
        fired(world)
        letter = world.letters(to=LUIS)[-1]
        assert letter.language == language
        said.append((letter.subject, letter.text, letter.html))

    assert len({subject.partition("]")[2] for subject, _, _ in said}) == 3
    assert all("#" in text and "#" in html for _, text, html in said)


def test_a_ticket_that_is_closed_is_late_for_nobody(world: World) -> None:
    number = promised(world)
    world.act(number, "close")
    before = len(world.letters())
    world.later(days=2)

    assert waiting(world, number) == []
    assert fired(world) == 0
    assert world.told(before) == []


def test_a_ticket_that_is_reopened_has_its_promise_again(world: World) -> None:
    number = promised(world)
    world.act(number, "close")
    world.act(number, "reopen")

    assert waiting(world, number) == [TOMORROW]


def test_a_promise_that_was_broken_before_the_reopening_is_not_told_again(world: World) -> None:
    number = promised(world)
    world.later(days=1)
    fired(world)
    world.act(number, "close")
    world.act(number, "reopen")

    assert fired(world) == 0


def test_purging_drops_the_bytes_of_old_mail_and_the_words_of_old_letters_and_no_more(world: World) -> None:
    world.ticket_of(ANA, text="Se purga.")
    world.write_sent()
    world.later(days=366)
    number = world.ticket_of(ANA, text="Se queda.", message_id="<stays@mail.example>")

    assert purge(world.office, now=world.now) > 0
    old, new = world.mails()
    assert (old.raw, old.purged_at, new.purged_at) == (None, world.now, None)
    assert b"Se queda" in new.raw
    assert [bool(one.text) for one in world.letters()] == [False] * 3 + [True] * 3
    assert "Se purga" in world.messages(number - 1)[0].text
    assert purge(world.office, now=world.now) == 0
