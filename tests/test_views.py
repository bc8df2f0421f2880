"""Views: which tickets somebody has to look at, and which they may see."""

from datetime import timedelta

import pytest

from gateway.errors import GatewayError, NotFound
from gateway.settings import Rule
from gateway.work import read, viewing
from gateway.work.tick import fire_due
from tests.world import ANA, BRUNO, LUIS, MARTA, NORA, World


def seen(world: World, view: str = "", *, by: str = "", tag: str = "", area: str = "") -> list[int]:
    where = viewing.chosen(world.office, view=view, by=by, tag=tag, area=area, now=world.now)
    return [row["number"] for row in read.tickets(world.office, where=where)]


def test_to_attend_is_what_is_new_or_open_and_nobodys(world: World) -> None:
    new, taken, waiting, given_back, closed = (world.ticket_of(ANA, subject=f"Caso {n}") for n in range(5))
    world.act(taken, "take")
    world.act(waiting, "wait", text="¿Qué modelo es?")
    world.act(given_back, "take")
    world.act(given_back, "assign", owner="none")
    world.act(closed, "close")

    assert seen(world, "attend") == [new, given_back]


def test_what_waits_for_its_sender_to_confirm_is_not_to_attend(world: World) -> None:
    world.change_settings(registration={"policy": "hold"})
    world.ticket_of("eva@elsewhere.example")

    assert seen(world, "attend") == []


def test_quiet_is_what_is_in_work_and_had_no_message_to_the_requester_for_four_hours(world: World) -> None:
    answered, silent, waiting = (world.ticket_of(ANA, subject=f"Caso {n}") for n in range(3))
    for number in (answered, silent, waiting):
        world.act(number, "take")
    world.act(waiting, "wait", text="¿Qué modelo es?")
    world.later(hours=3)
    world.answered(answered)
    world.later(minutes=59)
    assert seen(world, "quiet") == []

    world.later(minutes=1)
    assert seen(world, "quiet") == [silent]
    world.later(hours=3)
    assert seen(world, "quiet") == [answered, silent]


def test_an_internal_note_is_no_message_to_the_requester(world: World) -> None:
    number = world.ticket_of(ANA)
    world.later(hours=4)
    world.act(number, "note", text="Lo miro.")

    assert seen(world, "quiet") == [number]


def test_overdue_is_what_was_promised_for_a_time_that_has_passed(world: World) -> None:
    first, second, closed = (world.ticket_of(ANA, subject=f"Caso {n}") for n in range(3))
    for number in (first, closed):
        world.write_due(number, world.now + timedelta(days=1))
    world.write_due(second, world.now + timedelta(days=3))
    world.later(days=1)
    world.act(closed, "close")

    assert seen(world, "overdue") == [first]


def test_overdue_is_what_missed_a_target_too_and_the_listing_says_which(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "response-targets"}), billing])
    number = world.ticket_of(ANA)
    world.later(minutes=11)
    fire_due(world.office, now=world.now)

    assert seen(world, "overdue") == [number]
    (row,) = read.tickets(world.office)
    assert row["overdue"] == ["first_answer"]
    assert row["level"] == ""


def test_mine_is_what_i_own_and_created_what_i_asked_for(world: World) -> None:
    """Those of an agent who is a requester too are two lists."""
    own, asked, other = world.ticket_of(ANA), world.ticket_of(LUIS), world.ticket_of(BRUNO)
    world.act(own, "take")
    world.act(other, "take", by=MARTA)
    world.act(asked, "take", by=MARTA)
    world.act(asked, "close", by=MARTA)

    assert seen(world, "mine", by=LUIS) == [own]
    assert seen(world, "created", by=LUIS) == [asked]
    assert seen(world, "mine", by=MARTA) == [other]


def test_a_tag_and_an_area_choose_too(world: World) -> None:
    world.open_with(rule=[Rule(name="bills", subject=["factura"], area="billing", tags=["money"])])
    bill, printer = world.ticket_of(ANA, subject="Factura"), world.ticket_of(ANA)

    assert seen(world, tag="money") == [bill]
    assert seen(world, area="support") == [printer]
    assert seen(world, "attend", area="billing", tag="money") == [bill]
    assert seen(world, area="support", tag="money") == []


def test_who_looks_sees_only_their_areas_and_the_states_of_their_role(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "assignment"}), billing])
    registered, assigned = world.ticket_of(ANA, subject="Caso 1"), world.ticket_of(ANA, subject="Caso 2")
    world.act(assigned, "assign", by=MARTA, owner=LUIS)

    assert seen(world, by=LUIS) == [assigned]
    assert seen(world, by=MARTA) == [registered, assigned]
    assert seen(world, by=NORA) == []
    assert seen(world, by=ANA) == []
    assert seen(world, "attend", by=LUIS) == []
    assert seen(world, "attend", by=MARTA) == [registered]
    assert seen(world) == [registered, assigned]


def test_the_roles_of_an_account_that_is_not_active_show_nothing(world: World) -> None:
    world.ticket_of(ANA)
    world.known(LUIS, state="inactive")

    assert seen(world, by=LUIS) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"view": "atend"}, "did you mean attend?"),
        ({"view": "xyz"}, "it can be attend, quiet, overdue, mine, created"),
        ({"view": "mine"}, "Add --by"),
        ({"area": "suport"}, "there are support, billing"),
    ],
)
def test_what_there_is_not_is_told(world: World, asked: dict[str, str], says: str) -> None:
    with pytest.raises(GatewayError, match=says):
        seen(world, asked.get("view", ""), area=asked.get("area", ""))


def test_a_stranger_sees_nothing_and_is_told_so(world: World) -> None:
    with pytest.raises(NotFound, match="nobody has the address"):
        seen(world, by="nobody@nowhere.example")
