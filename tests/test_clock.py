"""Timers of tickets: each fires once, and none closes a ticket whose reminders have not gone out their time ago."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.desk.actions import Refused
from gateway.inbound.imap_plan import REPEATEDLY
from gateway.outbound.outcomes import TemporaryFailure
from gateway.settings import Mailbox
from gateway.store import mailboxes, merging
from gateway.store.tables import delivery, person, received_mail, timer
from gateway.work.tick import fire_due
from tests.desk_days import ANA, MONDAY, DeskDays, desk, mail
from tests.world import BRUNO, LUIS

__all__ = ["desk"]


@pytest.fixture
def solved(desk: DeskDays) -> int:
    """A ticket that was solved on Monday at 9:00, and waits for its requester to validate."""
    desk.opened_by("validation")
    number = desk.ticket()
    desk.world.act(number, "take")
    changed = desk.world.act(number, "solve", text="Instale la versión 7.4.")
    assert not isinstance(changed, Refused)
    return number


def test_reminders_go_out_by_the_calendar_and_then_the_ticket_closes(desk: DeskDays, solved: int) -> None:
    written = desk.passing(days=12)

    assert written == [
        ("Mon 23 10:00", "reminder", ANA),
        ("Wed 25 09:00", "reminder", ANA),
        ("Mon 30 09:00", "reminder", ANA),
        ("Tue 01 09:00", "closed_by_time", ANA),
    ]
    assert desk.state(solved) == "closed"
    assert [row.outcome for row in desk.world.timers(solved)] == ["done", "done", "done", "closed"]


def test_after_an_outage_one_reminder_is_made_up_and_the_closing_keeps_its_distance(
    desk: DeskDays, solved: int
) -> None:
    desk.world.later(days=30)

    desk.tick()

    assert [one.letter for one in desk.letters("reminder")] == ["reminder"]
    assert desk.state(solved) == "validation"
    assert sorted(row.outcome for row in desk.world.timers(solved) if row.outcome) == [
        "done",
        "dropped: the next one is due already",
        "dropped: the next one is due already",
    ]
    assert desk.passing(hours=23) == []
    assert [letter for _, letter, _ in desk.passing(hours=2)] == ["closed_by_time"]
    assert desk.state(solved) == "closed"


def test_a_ticket_is_not_closed_before_its_last_reminder_has_left(desk: DeskDays, solved: int) -> None:
    desk.passing(days=6, hours=23)
    desk.postman.says[ANA] = TemporaryFailure("451 try again")

    desk.passing(days=1, hours=12)

    assert desk.letters("reminder")[-1].status == "pending"
    assert desk.state(solved) == "validation"
    del desk.postman.says[ANA]
    desk.passing(days=3)
    assert desk.letters("reminder")[-1].status == "sent"
    assert desk.state(solved) == "closed"
    sent_at, closed_at = desk.letters("reminder")[-1].sent_at, desk.world.ticket(solved).closed_at
    assert closed_at - sent_at >= timedelta(days=1)


def test_a_mail_that_is_not_judged_yet_holds_the_closing_up(desk: DeskDays, solved: int) -> None:
    desk.passing(days=7, hours=23)
    desk.world.keep(mail(subject="Otra cosa", s1=True))

    desk.passing(hours=5)

    assert desk.state(solved) == "validation"
    desk.world.work_through()
    desk.passing(hours=1)
    assert desk.state(solved) == "closed"


def test_a_reply_ends_the_timers_of_the_state_and_an_automatic_one_does_not(desk: DeskDays, solved: int) -> None:
    automatic = desk.answers("Estoy de vacaciones.", headers={"Auto-Submitted": "auto-replied"})
    assert automatic.verdict == "reply"
    assert (desk.state(solved), len([row for row in desk.world.timers(solved) if not row.fired_at])) == (
        "validation",
        4,
    )

    desk.answers("Me sale otro error al imprimir.")

    assert desk.state(solved) == "analysis"
    assert desk.world.timers(solved) == []


def test_an_unproven_reply_stops_the_closing_too(desk: DeskDays, solved: int) -> None:
    desk.answers("Sí, gracias.", s1=False)

    assert desk.state(solved) == "analysis"
    assert len(desk.letters("alert", to=LUIS)) == 2


def test_a_second_answer_of_an_agent_makes_new_timers_and_ends_the_old(desk: DeskDays, solved: int) -> None:
    desk.passing(days=1)
    fired = [row.once_key for row in desk.world.timers(solved) if row.fired_at]

    desk.world.act(solved, "reply", text="¿Pudo probarlo?")

    waiting = [row for row in desk.world.timers(solved) if not row.fired_at]
    assert [row.rule for row in waiting] == [
        "ask to validate",
        "ask to validate again",
        "ask to validate a last time",
        "close validated",
    ]
    assert [row.once_key for row in desk.world.timers(solved) if row.fired_at] == fired
    assert desk.next_due() == desk.world.now + timedelta(hours=1)


def test_reminders_wait_while_the_requester_is_absent(desk: DeskDays, solved: int) -> None:
    back = desk.world.now + timedelta(days=20)
    desk.world.write(person.update().where(person.c.id == desk.world.person(ANA).id).values(absent_until=back))

    assert desk.passing(days=19) == []

    assert [letter for _, letter, _ in desk.passing(days=1)] == ["reminder"]
    assert desk.state(solved) == "validation"


def test_a_timer_of_a_rule_that_the_workflow_no_longer_has_does_nothing(desk: DeskDays, solved: int) -> None:
    desk.opened_by("default", now=desk.world.now)
    desk.world.write(timer.update().values(due_at=desk.world.now))

    assert fire_due(desk.world.office, now=desk.world.now + timedelta(days=1)) >= 0

    assert desk.letters("reminder") == []


def test_two_nodes_fire_each_timer_once(desk: DeskDays, solved: int) -> None:
    desk.world.later(hours=1)
    other = desk.world.another_node()

    fired = fire_due(desk.world.office, now=desk.world.now) + fire_due(other, now=desk.world.now)

    assert fired == 1
    assert len(desk.letters("reminder")) == 1


def test_a_clock_that_goes_back_repeats_nothing(desk: DeskDays, solved: int) -> None:
    desk.passing(hours=2)
    desk.world.now -= timedelta(hours=2)

    desk.passing(hours=2)

    assert len(desk.letters("reminder")) == 1


def test_a_mail_that_was_parked_holds_the_closing_up(desk: DeskDays, solved: int) -> None:
    desk.passing(days=7, hours=23)
    (kept,) = desk.world.keep(mail(subject="Ilegible", s1=True))
    number = int(kept.removeprefix("m-"))
    rows: Any = desk.world.rows(received_mail, received_mail.c.id == number)
    assert rows[0].from_hint == ANA

    desk.world.write(delivery.update().where(delivery.c.mail_id == number).values(status="parked"))

    desk.passing(days=3)

    assert desk.state(solved) == "validation"


@pytest.mark.parametrize("writer", ["ana@casa.example", BRUNO])
def test_so_does_one_from_any_address_of_somebody_in_it(desk: DeskDays, solved: int, writer: str) -> None:
    """Ana writes from home too, and Bruno takes part."""
    with desk.world.office.database.write() as connection:
        merging.add_address(connection, desk.world.person(ANA).id, "ana@casa.example", now=desk.world.now)
    desk.world.participant(solved, BRUNO)
    desk.passing(days=7, hours=23)
    desk.world.keep(mail(from_=writer, subject="Otra cosa", s1=True))

    desk.passing(hours=5)

    assert desk.state(solved) == "validation"
    desk.world.work_through()
    desk.passing(hours=1)
    assert desk.state(solved) == "closed"


# --- while a mailbox is not read ------------------------------------------------------------------------------------


WHEN_DUE = MONDAY + timedelta(days=8, hours=1)
"""The closing of a ticket that was solved on Monday at 9:00 is due by then."""


def mailboxes_of(desk: DeskDays, *areas: str) -> None:
    """The desk reads a mailbox for each of these areas."""
    read = [Mailbox(name=f"m{area}", area=area, host="imap.x.org", username="x", password="x") for area in areas]
    desk.world.open_with(mailbox=read)


def looked_at(desk: DeskDays, name: str, **values: Any) -> None:
    """What the mailbox's door writes down after a look at it."""
    now = desk.world.now
    with desk.world.office.database.write() as connection:
        mailboxes.note(connection, name, "INBOX", now=now, **({"checked_at": now} | values))


@pytest.mark.parametrize(
    "found",
    [
        {"behind": 1},
        {"checked_at": None},
        {"checked_at": MONDAY},
        {"checked_at": WHEN_DUE - timedelta(minutes=1), "trouble": "refused", "trouble_since": WHEN_DUE},
    ],
    ids=["mail that is not read", "never looked at", "not looked at for days", "in trouble since the last look"],
)
@pytest.mark.parametrize("area", ["", "support"])
def test_nothing_is_closed_while_a_mailbox_of_its_area_is_not_read_to_the_end(
    desk: DeskDays, solved: int, found: dict[str, Any], area: str
) -> None:
    """The requester's "no" may lie in it."""
    desk.passing(days=7, hours=23)
    mailboxes_of(desk, area)
    desk.world.now = WHEN_DUE
    looked_at(desk, f"m{area}", **found)
    desk.tick()
    assert desk.state(solved) == "validation"

    desk.world.later(days=1)
    looked_at(desk, f"m{area}", behind=0, trouble="")
    desk.tick()
    assert desk.state(solved) == "closed"


def test_what_an_operator_has_been_told_of_and_other_areas_mailboxes_hold_nothing_up(
    desk: DeskDays, solved: int
) -> None:
    """One mail cannot be read, again and again; and what was read cannot be moved."""
    desk.passing(days=7, hours=23)
    mailboxes_of(desk, "support", "billing")
    with desk.world.office.database.write() as connection:
        begun = mailboxes.State(uidvalidity=7, baseline=1, since=MONDAY)
        mailboxes.begin(connection, "msupport", "INBOX", begun, now=MONDAY)
        for _ in range(REPEATEDLY):
            mailboxes.failed(connection, mailboxes.Place("msupport", "INBOX", 7), [3], now=desk.world.now)
    desk.world.later(hours=2)
    looked_at(desk, "msupport", behind=1, trouble="it cannot be moved", trouble_since=MONDAY)
    desk.tick()

    assert desk.state(solved) == "closed"
