"""The forecast: what it lists is what comes when time passes and nobody does anything."""

from collections import Counter
from datetime import timedelta

import pytest

from gateway.desk.notices import Letter
from gateway.store.tables import outbox, timer
from gateway.work.forecast import Expected, forecast
from gateway.work.tick import fire_due
from tests.world import ANA, BRUNO, LUIS, MARTA, World

PRESETS = ["response-targets", "validation", "self-registration", "approval", "assignment"]


def foreseen(world: World, days: int = 7) -> list[Expected]:
    return forecast(world.office, now=world.now, until=world.now + timedelta(days=days))


def under(world: World, workflow: str) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": workflow}), billing])


def pass_time(world: World, *, days: int) -> None:
    """From due to due; every letter leaves at once."""
    until = world.now + timedelta(days=days)
    for _ in range(2000):
        waiting = [one.due_at for one in world.rows(timer, timer.c.fired_at.is_(None), timer.c.due_at <= until)]
        if not waiting:
            break
        world.now = max(world.now, min(waiting))
        fire_due(world.office, now=world.now)
        world.write(outbox.update().where(outbox.c.sent_at.is_(None)).values(status="sent", sent_at=world.now))
    world.now = until


def scene(world: World, workflow: str) -> None:
    """Tickets in several states."""
    under(world, workflow)
    for number, (address, action) in enumerate([(ANA, ""), (ANA, "wait"), (BRUNO, "solve"), (BRUNO, "take")]):
        ticket = world.ticket_of(address, subject=f"Caso {'abcd'[number]}", text=f"Texto {'abcd'[number] * 9}")
        if action:
            world.act(ticket, "prepare", by=MARTA, owner=LUIS, due=(world.now + timedelta(days=9)).isoformat())
            world.act(ticket, "assign", by=MARTA, owner=LUIS)
            world.act(ticket, "take")
            world.act(ticket, action, text="Mire esto, por favor.")
    world.write(outbox.update().values(status="sent", sent_at=world.now))


@pytest.mark.parametrize("workflow", PRESETS)
def test_what_was_forecast_is_what_comes(world: World, workflow: str) -> None:
    scene(world, workflow)
    expected = foreseen(world)
    before = len(world.letters())
    pass_time(world, days=7)
    came = [(one.created_at, one.to_address, one.letter) for one in world.letters()[before:]]

    # Kinds of alerts all stand for the letter `alert`.
    promised = [(one.at, one.to, one.letter if one.letter in list(Letter) else "alert") for one in expected]
    assert Counter(came) == Counter(promised)


def test_a_forecast_writes_nothing(world: World) -> None:
    scene(world, "validation")
    before = (len(world.letters()), [world.timers(one.id) for one in world.tickets()])
    foreseen(world)

    assert (len(world.letters()), [world.timers(one.id) for one in world.tickets()]) == before


def test_it_looks_no_further_than_it_is_asked_to(world: World) -> None:
    scene(world, "validation")
    one, many = foreseen(world, 1), foreseen(world, 30)

    assert one == [each for each in many if each.at <= world.now + timedelta(days=1)]
    assert len(many) > len(one)


def test_a_desk_without_timers_has_nothing_to_come(world: World) -> None:
    world.ticket_of(ANA)

    assert foreseen(world, 365) == []
