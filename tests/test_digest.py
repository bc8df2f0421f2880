"""The digest: once a day to who has something to look at, with the notices that were over somebody's budget."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.desk.calendar import Calendar
from gateway.desk.calendars import calendars_of
from gateway.desk.digest import next_digest
from gateway.settings import Calendar as Written
from gateway.settings import Settings
from gateway.store import people
from gateway.store.tables import held_notice
from gateway.work.tick import fire_due, plan_digests
from tests.world import ANA, LUIS, MARTA, NORA, World

MADRID = Written(name="madrid", zone="Europe/Madrid", hours=["mon-fri 09:00-18:00"], closed=["12-08"])
NIGHT = Written(name="night", zone="America/Bogota", hours=["mon-fri 00:00-05:00"])
EARLY = Written(name="early", zone="America/Bogota", hours=["mon-sat 06:00-20:00"])


def calendar(name: str) -> Calendar:
    return calendars_of(Settings(calendar=[MADRID, NIGHT, EARLY]))[name]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "now", "due"),
    [
        ("", "2026-11-23T06:59", "2026-11-23T07:00"),
        ("", "2026-11-23T07:00", "2026-11-24T07:00"),
        ("madrid", "2026-11-23T06:00", "2026-11-23T08:00"),
        ("madrid", "2026-11-23T08:00", "2026-11-24T08:00"),
        ("madrid", "2026-11-27T08:01", "2026-11-30T08:00"),
        ("madrid", "2026-12-07T12:00", "2026-12-09T08:00"),
        ("madrid", "2027-03-26T12:00", "2027-03-29T07:00"),
        ("early", "2026-11-23T11:30", "2026-11-23T12:00"),
        ("early", "2026-11-28T12:30", "2026-11-30T12:00"),
        ("night", "2026-11-23T12:00", "2026-11-24T05:00"),
    ],
)
def test_it_is_due_at_the_first_opening_after_its_hour(name: str, now: str, due: str) -> None:
    assert next_digest(calendar(name), 7, at(now)) == at(due)


def tick(world: World) -> int:
    """What the clock does."""
    fired = 0
    while more := fire_due(world.office, now=world.now):
        fired += more
    plan_digests(world.office, now=world.now)
    return fired


def days(world: World, number: int = 1) -> None:
    for _ in range(number * 24):
        world.later(hours=1)
        tick(world)


def digests(world: World, to: str = "") -> list[Any]:
    return world.letters(to=to, letter="digest")


def groups(letter: Any) -> list[str]:
    """The headings of a digest, as they are read."""
    return [line for line in letter.text.splitlines() if line.endswith(")") and not line.startswith(("-", " "))]


def test_who_has_something_to_look_at_gets_it_once_a_day(world: World) -> None:
    tick(world)
    number = world.ticket_of(ANA)
    days(world)
    assert [one.to_address for one in digests(world)] == [LUIS, MARTA]
    assert all(f"#{number}" in one.text for one in digests(world))
    assert groups(digests(world)[0]) == ["Sin atender (1)"]

    days(world, 2)
    assert [one.to_address for one in digests(world)] == [LUIS, MARTA] * 3


def test_nobody_gets_an_empty_one(world: World) -> None:
    tick(world)
    days(world, 3)

    assert digests(world) == []


def test_an_agent_reads_of_their_own_and_a_supervisor_of_the_areas(world: World) -> None:
    tick(world)
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.write_due(number, world.now + timedelta(hours=1))
    other = world.ticket_of(ANA, subject="Otro caso distinto")
    world.act(other, "take", by=MARTA)
    days(world)
    (luis,), (marta,) = digests(world, LUIS), digests(world, MARTA)

    assert groups(luis) == ["Con un plazo vencido (1)", "Sin novedades desde hace tiempo (1)"]
    assert f"#{other}" not in luis.text
    assert groups(marta) == ["Con un plazo vencido (1)", "Sin novedades desde hace tiempo (2)"]
    assert digests(world, NORA) == []


def test_an_agent_does_not_read_of_states_that_they_may_not_see(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "assignment"}), billing])
    tick(world)
    world.ticket_of(ANA)
    days(world)

    assert [one.to_address for one in digests(world)] == [MARTA]


def test_where_time_is_required_it_is_asked_for_once(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "response-targets"}), billing])
    tick(world)
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, "reply", text="Lo estamos mirando.")
    with_time = world.ticket_of(ANA, subject="Otro caso distinto")
    world.act(with_time, "take", by=MARTA)
    world.act(with_time, "reply", by=MARTA, text="Lo estamos mirando.", time="15m")
    days(world)

    assert "Mensajes suyos sin tiempo registrado (1)" in groups(digests(world, LUIS)[0])
    assert not any("sin tiempo" in group for group in groups(digests(world, MARTA)[0]))
    days(world)
    assert not any("sin tiempo" in group for group in groups(digests(world, LUIS)[1]))


def test_one_who_is_away_gets_it_when_they_are_back(world: World) -> None:
    tick(world)
    world.ticket_of(ANA)
    world.known(LUIS)
    with world.office.database.write() as connection:
        people.update(connection, world.person(LUIS).id, absent_until=world.now + timedelta(days=3))
    days(world, 2)
    assert digests(world, LUIS) == []

    days(world)
    assert [one.created_at for one in digests(world, LUIS)] == [world.now]


def test_after_an_outage_there_is_one(world: World) -> None:
    tick(world)
    world.ticket_of(ANA)
    world.later(days=5)
    tick(world)

    assert len(digests(world, LUIS)) == 1


def test_it_can_be_switched_off(world: World) -> None:
    world.change_settings(digest={"on": False})
    tick(world)
    world.ticket_of(ANA)
    days(world, 2)

    assert digests(world) == []


def test_two_nodes_write_one(world: World) -> None:
    tick(world)
    world.ticket_of(ANA)
    other = world.another_node()
    for _ in range(24):
        world.later(hours=1)
        for office in (world.office, other):
            plan_digests(office, now=world.now)
            fire_due(office, now=world.now)

    assert len(digests(world, LUIS)) == 1


# --- the budget of notices -------------------------------------------------------------------------------------------


def alerts(world: World, to: str = LUIS) -> int:
    return len(world.letters(to=to, letter="alert"))


def held(world: World, address: str) -> list[tuple[int, str]]:
    person = world.person(address).id
    return [(row.ticket_id, row.kind) for row in world.rows(held_notice, held_notice.c.person_id == person)]


def test_what_is_over_the_budget_of_the_day_comes_in_the_digest(world: World) -> None:
    world.change_settings(caps={"notices_per_colleague": 2, "letters_per_address": 100, "receipts_per_address": 100})
    numbers = [world.ticket_of(ANA, subject=f"Caso {n} de otra cosa {'abc'[n]}") for n in range(3)]
    assert alerts(world) == 2
    assert held(world, LUIS) == [(numbers[2], "new_ticket")]

    days(world)
    assert "Solicitudes nuevas (1)" in groups(digests(world, LUIS)[0])
    assert held(world, LUIS) == []
    world.ticket_of(ANA, subject="Al día siguiente")
    assert alerts(world) == 3


def test_no_budget_holds_nothing_back(world: World) -> None:
    world.change_settings(caps={"notices_per_colleague": 0, "letters_per_address": 100, "receipts_per_address": 100})
    for number in range(4):
        world.ticket_of(ANA, subject=f"Caso {number}")

    assert alerts(world) == 4
    assert held(world, LUIS) == []


def test_without_a_digest_nothing_is_held_back(world: World) -> None:
    world.change_settings(caps={"notices_per_colleague": 1}, digest={"on": False})
    for number in range(3):
        world.ticket_of(ANA, subject=f"Caso {number}")

    assert alerts(world) == 3


def test_answers_and_closings_always_go_out(world: World) -> None:
    world.change_settings(caps={"notices_per_customer": 1, "notices_per_colleague": 1})
    number = world.ticket_of(ANA)
    for _ in range(3):
        world.answered(number)
    world.act(number, "solve", text="Ya está.")
    world.act(number, "close")

    assert [one.letter for one in world.letters(to=ANA)] == [
        "receipt",
        "answer",
        "answer",
        "answer",
        "solved",
        "closed",
    ]
    assert held(world, ANA) == []


def test_a_customers_notices_over_the_budget_come_in_a_digest_of_theirs(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "response-targets"}), billing])
    world.change_settings(caps={"notices_per_customer": 1})
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, "assign", owner=MARTA)
    days(world)

    assert len([one for one in world.letters(to=ANA) if one.letter in ("status", "owner_changed", "escalated")]) == 1
    (digest,) = digests(world, ANA)
    assert f"#{number}" in digest.text
    assert "{" not in digest.text
    assert digest.ticket_id is None
