"""How much we answer by ourselves (RULES 5): each cap, at its number and one above it."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from gateway.apply.caps import Asked, answer_turn, count, notice_turn, reminder_turn
from gateway.outbound.leaving import Dropped, Goes
from gateway.outbound.pace import paced
from gateway.store import counts
from gateway.store.counts import Counted
from gateway.store.tables import person
from gateway.work import tick
from tests.world import ANA, LUIS, NOON, World, mail

BEA = "bea@new.example"


def asked(**changes: Any) -> Asked:
    return Asked(**({"address": ANA, "new_sender": False} | changes))


def answered(world: World, asked: Asked, times: int) -> list[object]:
    """What becomes of so many answers, each counted."""
    turns: list[object] = []
    with world.office.database.write() as connection:
        for _ in range(times):
            turn = answer_turn(connection, asked, world.office.rules, now=world.now)
            turns.append(turn)
            if not isinstance(turn, Dropped):
                count(connection, asked, turn, now=world.now)
    return turns


@pytest.mark.parametrize(
    ("one", "cap"),
    [
        ({"receipt_in": "support"}, 3),
        ({}, 10),
        # Each answer about the ticket to another participant.
        ({"ticket": 7}, 10),
    ],
)
def test_an_answer_over_the_cap_of_an_address_is_dropped(world: World, one: dict[str, Any], cap: int) -> None:
    found = answered(world, asked(**one), cap + 1)

    assert [type(turn) for turn in found] == [Goes] * cap + [Dropped]


def test_a_ticket_has_20_letters_a_day_whoever_they_go_to(world: World) -> None:
    found = [answered(world, asked(address=f"p{number}@firm.example", ticket=7), 1)[0] for number in range(21)]

    assert [type(turn) for turn in found] == [Goes] * 20 + [Dropped]
    assert answered(world, asked(ticket=8), 1) == [Goes(NOON)]


def test_the_days_caps_hold_in_every_24_hours(world: World) -> None:
    """Ten before noon, and none before noon of the day after, wherever within its hour the day begins."""
    world.later(minutes=59)
    answered(world, asked(), 10)

    for hours in (1, 12, 23, 23.9):
        world.now = NOON + timedelta(minutes=59, hours=hours)
        assert isinstance(answered(world, asked(), 1)[0], Dropped)
    world.now = NOON + timedelta(hours=25)
    assert isinstance(answered(world, asked(), 1)[0], Goes)


def test_letters_to_agents_count_for_nobody(world: World) -> None:
    world.change_settings(caps={"letters_per_address": 1, "letters_per_ticket": 1})
    number = world.ticket_of(ANA)
    for text in ("uno", "dos", "tres"):
        world.receive(mail(from_=ANA, to=world.reply_address(number, ANA), text=text, s1=True))

    assert [one.letter for one in world.letters(to=LUIS)] == ["alert"] * 4


def test_an_agent_who_answers_by_mail_more_than_20_times_a_day_is_asked_to_confirm(world: World) -> None:
    """A machine in an agent's name and one in a customer's would write to each other for ever."""
    world.change_settings(caps={"letters_per_ticket": 3})
    number = world.ticket_of(ANA)
    for text in ("uno", "dos", "tres"):
        world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), text=text, s1=True))

    assert [one.kind for one in world.messages(number)] == ["mail", "reply", "reply", "pending note"]
    assert len(world.letters(letter="answer")) == 2


# --- new senders -----------------------------------------------------------------------------------------------------


def test_new_senders_of_a_domain_have_30_letters_in_any_hour_and_the_rest_wait(world: World) -> None:
    world.later(minutes=58)
    found = [answered(world, asked(address=f"p{n}@firm.example", new_sender=True), 1)[0] for n in range(61)]

    at = [turn.at for turn in found if isinstance(turn, Goes)]
    assert at[:30] == [world.now] * 30
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(at, at[30:], strict=False))
    assert at[60] - at[0] < timedelta(hours=2, minutes=15)


def test_those_of_a_public_provider_do_not_wait_for_each_other(world: World) -> None:
    found = [answered(world, asked(address=f"p{n}@gmail.com", new_sender=True), 1)[0] for n in range(40)]

    assert found == [Goes(NOON)] * 40


def test_the_refusal_of_a_new_senders_mail_counts_as_a_letter_to_one(world: World) -> None:
    world.change_settings(caps={"new_senders_per_domain": 1})
    for name in ("p", "q"):
        world.receive(mail(from_=f"{name}@firm.example", subject="", text=" "))

    first, second = world.letters(letter="refused")
    assert (first.due_at, second.due_at - first.due_at) == (NOON, timedelta(minutes=65))


def test_a_letter_that_was_not_written_counts_for_nothing(world: World) -> None:
    """The second refusal of a day is the first one again."""
    for _ in range(12):
        world.receive(mail(from_=ANA, subject="", text=" ", s1=True))

    with world.office.database.read() as connection:
        letter = Counted("letter", ANA)
        assert counts.sums(connection, [letter], now=world.now)[letter][1] == 1


# --- what waits ------------------------------------------------------------------------------------------------------


def turn_of_reminder(world: World, one: Asked, address: str = ANA) -> object:
    with world.office.database.write() as connection:
        return reminder_turn(connection, world.person(address), one, world.office.rules, now=world.now)


def test_a_reminder_is_never_dropped_by_a_cap_and_waits_for_room(world: World) -> None:
    assert turn_of_reminder(world, asked()) == NOON
    answered(world, asked(), 10)

    later = turn_of_reminder(world, asked())
    assert later == NOON + timedelta(hours=25)
    world.now = later
    assert turn_of_reminder(world, asked()) == later


def test_a_reminder_waits_until_its_reader_is_back_and_the_ticket_is_not_muted(world: World) -> None:
    back, loud = NOON + timedelta(days=9), NOON + timedelta(days=1)
    world.write(person.update().where(person.c.id == world.person(ANA).id).values(absent_until=back))

    assert turn_of_reminder(world, asked(muted_until=loud)) == back
    world.now = back
    assert turn_of_reminder(world, asked(muted_until=loud)) == back


def test_the_letter_of_an_account_waits_for_room_too(world: World) -> None:
    answered(world, asked(), 10)
    with world.office.database.write() as connection:
        assert notice_turn(connection, asked(), world.office.rules, now=NOON) == Goes(NOON + timedelta(hours=25))


def test_the_reminder_to_confirm_is_asked_for_again_when_there_is_room(world: World) -> None:
    world.receive(mail(from_=BEA, s1=True))
    world.later(days=2)
    answered(world, asked(address=BEA), 10)
    tick.fire_due(world.office, now=world.now)
    assert world.letters(letter="confirm_reminder") == []

    world.later(hours=25)
    tick.fire_due(world.office, now=world.now)
    assert len(world.letters(letter="confirm_reminder")) == 1


# --- words of strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["solve", "close", "reject", "cancel", "wait"])
def test_no_letter_by_itself_to_somebody_unproven_has_a_word_of_their_mail(world: World, action: str) -> None:
    raw = mail(from_=f"Compre Barato <{BEA}>", subject="compre ya", text="compre en malo.example")
    number = world.receive(raw).ticket_id
    reason = {"reject": "unwanted", "cancel": "Duplicada"}.get(action, "")
    world.act(number, action, text="" if action == "wait" else "Gracias.", **({"reason": reason} if reason else {}))

    letter = world.letters(to=BEA)[-1]
    assert letter.letter != "receipt_new"
    assert "compre" not in repr((letter.subject, letter.text, letter.html, letter.headers)).lower()
    assert f"#{number}" in letter.subject


def test_what_waited_leaves_evenly_and_fairly() -> None:
    """Two domains and a public provider, at 6 an hour and 3 for each domain."""
    domains = ["a.example"] * 5 + ["b.example", "gmail.com", "gmail.com"]
    turns = paced(domains, per_hour=6, per_hour_and_domain=3, begin=NOON)

    ten = timedelta(minutes=10)
    assert sorted(turn - NOON for turn in turns)[:6] == [ten * n for n in range(6)]
    of_a = sorted(turn for turn, domain in zip(turns, domains, strict=True) if domain == "a.example")
    assert all(later - earlier >= 2 * ten for earlier, later in itertools.pairwise(of_a))
    assert turns[0] == NOON
