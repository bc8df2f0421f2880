"""The same mail twice is one ticket, and a different mail is never dropped (RULES 2)."""

import pytest

from gateway.store.tables import delivery
from tests.world import ANA, BILLING, EVA, SUPPORT, World, mail

ALARM = {"from_": "alarm@plant.example", "message_id": "", "date": "", "subject": "Temperatura alta"}


def test_the_same_mail_again_is_a_recorded_duplicate_of_the_first(world: World) -> None:
    raw = mail()
    first = world.receive(raw)
    before = len(world.letters())

    found = world.receive(b"Received: from another.example by us; Mon, 23 Nov 2026 12:00:00 +0000\n" + raw)

    assert (found.status, found.verdict, found.duplicate_of) == ("done", "duplicate", first.id)
    assert found.ticket_id == first.ticket_id
    assert found.reasons == [f"the same mail as delivery {first.id}"]
    assert (len(world.tickets()), len(world.messages(first.ticket_id)), len(world.letters())) == (1, 1, before)


def test_two_copies_in_one_batch_are_one_ticket(world: World) -> None:
    raw = mail()
    world.keep(raw, raw, raw)

    assert world.work() == ["ticket", "duplicate", "duplicate"]


def test_two_of_an_areas_addresses_are_one_ticket(world: World) -> None:
    world.keep(mail(to=f"{SUPPORT}, soporte@desk.example"))

    assert world.work() == ["ticket", "duplicate"]


def test_a_year_later_it_is_still_the_same_mail(world: World) -> None:
    raw = mail()
    world.receive(raw)
    world.later(days=400)

    assert world.receive(raw).verdict == "duplicate"


def test_the_same_message_id_with_another_body_is_another_mail(world: World) -> None:
    first = world.receive(mail(message_id="<same@mail.example>", text="Uno"))
    second = world.receive(mail(message_id="<same@mail.example>", text="Dos"))

    assert (first.verdict, second.verdict) == ("ticket", "ticket")
    assert first.ticket_id != second.ticket_id


def test_a_mail_to_two_areas_is_a_linked_ticket_in_each(world: World) -> None:
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}"))
    world.work()
    first, second = world.deliveries(kept)

    assert [world.ticket(one.ticket_id).area for one in (first, second)] == ["support", "billing"]
    assert world.links(second.ticket_id) == {("same_mail", first.ticket_id)}


def test_or_one_ticket_for_both_where_an_area_wants_none_of_its_own(world: World) -> None:
    world.open_with(area=[one.model_copy(update={"also": one.name == "support"}) for one in world.office.settings.area])
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}"))
    world.work()
    first, second = world.deliveries(kept)

    assert (first.verdict, second.verdict) == ("ticket", "duplicate")
    assert (second.ticket_id, second.duplicate_of) == (first.ticket_id, first.id)


@pytest.mark.parametrize("also", [True, False])
def test_two_workers_with_a_mail_to_two_areas_do_as_one_would(world: World, also: bool) -> None:
    """The delivery to billing waits for the one to support, which another worker has in hand."""
    areas = [one.model_copy(update={"also": also or one.name == "support"}) for one in world.office.settings.area]
    world.open_with(area=areas)
    world.change_settings(workers={"batch": 1})
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}", from_=EVA))
    first, second = world.deliveries(kept)
    with world.claimed_by_another(1):
        world.work()
        assert world.deliveries(kept)[1].status == "pending"
    world.work_through()
    first, second = world.deliveries(kept)

    assert first.verdict == "ticket"
    if also:
        assert world.links(second.ticket_id) == {("same_mail", first.ticket_id)}
    else:
        assert (second.verdict, second.ticket_id) == ("duplicate", first.ticket_id)


def test_the_copy_of_a_reply_for_the_other_area_is_a_duplicate_in_each(world: World) -> None:
    """One mail, kept twice, for two areas: four deliveries, one of each pair counts."""
    raw = mail(to=f"{SUPPORT}, {BILLING}")
    world.keep(raw, raw)
    world.work()

    assert sorted(one.verdict for one in world.deliveries()) == ["duplicate", "duplicate", "ticket", "ticket"]
    assert len(world.tickets()) == 2


def test_an_alarm_without_date_and_id_is_the_same_within_an_hour(world: World) -> None:
    first = world.receive(mail(**ALARM))
    world.later(minutes=59, seconds=59)
    second = world.receive(mail(**ALARM))

    assert (first.verdict, second.verdict) == ("ticket", "duplicate")


@pytest.mark.parametrize("minutes_past_the_hour", [0, 1, 30, 59])
def test_and_after_an_hour_it_is_another_alarm(world: World, minutes_past_the_hour: int) -> None:
    world.later(minutes=minutes_past_the_hour)
    world.receive(mail(**ALARM))
    world.later(hours=1, seconds=1)

    assert world.receive(mail(**ALARM)).verdict == "ticket"


def test_and_never_from_another_envelope(world: World) -> None:
    world.receive(mail(**ALARM), envelope_from="one@plant.example")

    assert world.receive(mail(**ALARM), envelope_from="two@plant.example").verdict == "ticket"


def test_a_mail_with_only_a_date_is_the_same_for_ever(world: World) -> None:
    raw = mail(message_id="")
    world.receive(raw)
    world.later(days=30)

    assert world.receive(raw, envelope_from="relay@elsewhere.example").verdict == "duplicate"


def test_a_duplicate_of_what_is_rejected_is_told_once(world: World) -> None:
    raw = mail(from_=ANA, subject="", text=" ")

    assert [world.receive(raw).verdict for _ in range(2)] == ["rejected", "duplicate"]
    assert [one.letter for one in world.letters()] == ["refused"]


def test_only_the_first_of_equal_mails_has_the_key(world: World) -> None:
    raw = mail()
    world.keep(raw, raw)
    world.work()

    assert [one.once_key is None for one in world.deliveries()] == [False, True]
    assert len({one.content_key for one in world.rows(delivery)}) == 1
