"""The one reminder to confirm: only to who proved where they write from, after two business days, and only once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.store.tables import address, timer
from gateway.work import tick
from gateway.work.confirm import confirm_by_token, disown
from tests.world import ANA, World, mail, reply_to

BEA = "bea@new.example"


def first(world: World, **changes: Any) -> int:
    return int(world.receive(mail(**({"from_": f"Bea Zamora <{BEA}>", "s1": True} | changes))).ticket_id)


def reminders(world: World) -> list[Any]:
    """After the clock has fired what is due."""
    tick.fire_due(world.office, now=world.now)
    return world.letters(letter="confirm_reminder")


@pytest.mark.parametrize(
    ("written", "reminded"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 25, 12, tzinfo=UTC)),  # Monday
        (datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)),  # Thursday
        (datetime(2026, 11, 27, 23, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),  # Friday
        (datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)),  # Saturday
    ],
)
def test_it_comes_after_two_business_days_and_once(world: World, written: datetime, reminded: datetime) -> None:
    world.now = written
    number = first(world)

    world.now = reminded - timedelta(seconds=1)
    assert reminders(world) == []
    world.now = reminded
    (letter,) = reminders(world)
    assert (letter.to_address, letter.ticket_id) == (BEA, number)
    world.later(days=30)
    assert len(reminders(world)) == 1


def test_it_says_the_number_and_nothing_of_what_they_wrote(world: World) -> None:
    world.change_settings(web={"public_url": "https://desk.example"})
    number = first(world, subject="Gane dinero", text="Visite malo.example")
    world.later(days=2)

    (letter,) = reminders(world)
    whole = f"{letter.subject}\n{letter.text}\n{letter.html}\n{letter.headers}"
    assert f"#{number}" in letter.subject
    assert "https://desk.example/confirm/" in letter.text
    assert "https://desk.example/not-me/" in letter.text
    for word in ("Zamora", "dinero", "malo.example"):
        assert word not in whole


@pytest.mark.parametrize("way", ["plus", "plain"])
def test_answering_it_confirms(world: World, way: str) -> None:
    world.open_with(area=[one.model_copy(update={"reply": way}) for one in world.office.settings.area])
    number = first(world)
    world.later(days=2)
    (letter,) = reminders(world)

    found = world.receive(reply_to(letter, "Sí"))

    assert world.person(BEA).state == "active"
    assert found.ticket_id == number


def test_who_proved_nothing_is_not_reminded(world: World) -> None:
    first(world, s1=False)
    world.later(days=30)

    assert reminders(world) == []
    assert world.rows(timer) == []


def test_a_later_mail_that_proves_more_brings_it(world: World) -> None:
    first(world, s1=False)
    world.later(days=1)
    first(world, text="¿Y?")
    world.later(days=2)

    assert len(reminders(world)) == 1


def by_mail(world: World) -> None:
    world.receive(reply_to(world.letters(to=BEA)[0], "Sí"))


def by_form(world: World) -> None:
    confirm_by_token(world.office, world.person(BEA).id, by="web", now=world.now, cause="the form")


def not_them(world: World) -> None:
    letter = world.letters(to=BEA)[0]
    disown(world.office, world.person(BEA).id, letter.letter_key, now=world.now, cause="the page")


def blocked(world: World) -> None:
    world.known(BEA, state="blocked")


def rejected(world: World) -> None:
    world.act(1, "reject", text="Es publicidad.", reason="unwanted")


@pytest.mark.parametrize("meanwhile", [by_mail, by_form, not_them, blocked, rejected])
def test_it_does_not_come_when_there_is_nothing_left_to_ask(world: World, meanwhile: Any) -> None:
    first(world)
    world.later(days=1)
    meanwhile(world)
    world.later(days=1)

    assert reminders(world) == []
    assert [row.outcome for row in world.rows(timer)] == ["nothing to do"]


def test_a_mail_after_it_gets_a_new_letter_and_no_second_reminder(world: World) -> None:
    first(world)
    world.later(days=2)
    assert len(reminders(world)) == 1
    number = first(world, text="¿Hay novedades?")

    letter = world.letters(to=BEA)[-1]
    assert (letter.letter, letter.ticket_id) == ("receipt_new", number)
    world.later(days=10)
    assert len(reminders(world)) == 1


def test_a_sender_who_got_no_letter_is_not_reminded_of_it(world: World) -> None:
    first(world, headers={"Auto-Submitted": "auto-generated"})
    world.later(days=10)

    assert reminders(world) == []


def test_it_goes_to_the_address_that_wrote_and_in_the_language_that_it_wrote_in(world: World) -> None:
    first(world, text="Hola")
    other = "bea@home.example"
    world.write(address.insert().values(address=other, person_id=world.person(BEA).id, created_at=world.now))
    first(world, from_=other, text="Hello, my printer is broken and I do not know what to do with it.")
    world.later(days=2)

    (letter,) = reminders(world)
    assert (letter.to_address, letter.language) == (other, "en")


def test_known_people_are_never_asked(world: World) -> None:
    world.ticket_of(ANA)
    world.ticket_of(ANA, s1=False, text="Otra")
    world.later(days=10)

    assert reminders(world) == []
