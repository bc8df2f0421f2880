"""What really happens to mailboxes and the lines to them: mail is picked up when it heals, none lost, none twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.daemon_process import Daemon
from tests.fault_proxy import Fault, Kind, Way
from tests.read_mailbox import USER, Desk, desk_reading, letter
from tests.real_dovecot import PASSWORD, Dovecot
from tests.waiting import wait_until

PLACES = (0, 1, 30, 300, 700, 1_100, 1_500, 3_000, 8_000, 19_000, 20_500, 21_000)

pytestmark = pytest.mark.timeout(150)


def seldom(*values: object) -> list[Any]:
    """Parameters for `make soak` only: what they do differs little from the others."""
    return [pytest.param(value, marks=pytest.mark.soak) for value in values]


def idling(desk: Desk) -> None:
    """Until its one line stands and nothing is left to be read: the door waits for the server."""
    desk.has()
    wait_until(lambda: desk.mailboxes[0].line.open >= 1, seconds=desk.seconds)


# The line


@pytest.mark.parametrize("kind", [Kind.BYE, Kind.SWALLOW, *seldom(Kind.CUT, Kind.RESET, Kind.HALF_CLOSE)])
def test_a_line_that_fails_while_nothing_happens_is_replaced(dovecot: Dovecot, kind: Kind) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        mailbox.arrives(2)
        idling(desk)
        mailbox.line.strike(kind)
        mailbox.arrives(3)
        desk.has()

        assert [fault.kind for fault in mailbox.line.happened] == [kind]
        assert mailbox.line.connections == 2
        desk.settled()


def test_a_line_that_only_the_server_sees_the_end_of_is_replaced(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.plan(Fault(Kind.HALF_CLOSE, 60, Way.UP))
        mailbox.line.strike(Kind.CUT)
        mailbox.arrives(3)
        desk.has()

        assert len(mailbox.line.happened) == 2
        assert mailbox.line.connections == 3
        desk.settled()


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.SWALLOW, *seldom(Kind.RESET, Kind.HALF_CLOSE)])
def test_a_line_that_breaks_at_any_byte_loses_and_doubles_nothing(dovecot: Dovecot, kind: Kind) -> None:
    """In the greeting, in the sign-in, in SELECT, in the middle of a mail's bytes, and behind them."""
    places = (1, 300, 1_500, 8_000, 21_000) if kind == Kind.SWALLOW else PLACES
    with desk_reading(dovecot, after="move", move_to="Done") as (desk, mailbox):
        idling(desk)
        mailbox.fails(*(Fault(kind, place) for place in places), size=20_000)
        mailbox.arrives(2)
        desk.has()
        wait_until(lambda: not mailbox.mails(), seconds=desk.seconds)

        assert {kept.subject for kept in dovecot.mails(USER, "Done")} == set(mailbox.arrived)
        desk.settled()


def test_what_the_door_says_can_be_cut_at_any_byte(dovecot: Dovecot) -> None:
    with desk_reading(dovecot, after="seen") as (desk, mailbox):
        idling(desk)
        mailbox.fails(*(Fault(Kind.CUT, place, Way.UP) for place in range(1, 300, 23)))
        desk.has()
        wait_until(lambda: all("\\Seen" in kept.flags for kept in dovecot.mails(USER)), seconds=desk.seconds)

        desk.settled()


def test_a_server_that_says_bye_instead_of_answering_is_asked_again(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.fails(*(Fault(Kind.BYE, place, Way.UP) for place in range(0, 300, 31)))
        desk.has()

        assert dovecot.refused_sign_ins(USER) == 0
        desk.settled()


def test_a_line_that_drips_brings_its_mail(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.plan(Fault(Kind.DRIP, 0))
        mailbox.line.strike(Kind.RESET)
        mailbox.arrives(3, size=5_000)
        desk.has()

        assert mailbox.line.connections == 2
        desk.settled()


def test_a_line_that_is_slow_brings_its_mail(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.plan(Fault(Kind.DELAY, 0, seconds=0.3))
        mailbox.line.strike(Kind.RESET)
        mailbox.arrives(3)
        desk.has()

        assert mailbox.line.connections == 2
        desk.settled()


def test_mail_that_was_unlucky_again_and_again_comes_when_the_line_is_well(dovecot: Dovecot) -> None:
    """The line breaks eight times in the middle of this very mail: that says nothing about the mail."""
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.plan(*(Fault(Kind.CUT, 4_000) for _ in range(8)))
        mailbox.line.strike(Kind.CUT)
        mailbox.arrives(1, size=20_000)
        wait_until(lambda: len(mailbox.line.happened) == 9, seconds=desk.seconds)
        desk.has()
        desk.settled()


# The server


def test_sessions_that_an_administrator_ends_are_begun_anew(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        mailbox.arrives(2)
        idling(desk)
        dovecot.kick(USER)
        mailbox.arrives(3)
        desk.has()

        assert desk.troubles() == []
        desk.settled()


@pytest.mark.parametrize("crash", [False, *seldom(True)])
def test_mail_that_came_while_the_server_was_away_is_read_when_it_is_back(dovecot: Dovecot, crash: bool) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        mailbox.arrives(2)
        idling(desk)
        dovecot.crash() if crash else dovecot.stop()
        mailbox.arrives(3)
        wait_until(desk.troubles, seconds=desk.seconds)
        dovecot.start()
        desk.has()
        desk.daemon.says(event="this mailbox is read", times=2)

        assert len(desk.troubles()) == 1
        desk.settled()


def test_a_server_that_refuses_connections_for_a_while_is_told_of_once(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.refuse()
        mailbox.line.strike(Kind.RESET)
        mailbox.arrives(3)
        wait_until(desk.troubles, seconds=desk.seconds)
        mailbox.line.listen()
        desk.has()
        desk.daemon.says(event="this mailbox is read", times=2)

        assert len(desk.troubles()) == 1
        desk.settled()


def test_a_server_that_lets_only_so_many_in_is_waited_for() -> None:
    """The line was forgotten by a NAT, and the server holds its end for half an hour: nobody else may come in."""
    server = Dovecot(connections=1)
    try:
        with desk_reading(server.start()) as (desk, mailbox):
            idling(desk)
            mailbox.line.strike(Kind.SWALLOW)
            mailbox.arrives(2)
            trouble = wait_until(desk.troubles, seconds=desk.seconds)[0]
            server.kick(USER)
            desk.has()

            assert "Maximum number of connections" in trouble
            assert server.refused_sign_ins(USER) == 0
            desk.settled()
    finally:
        server.remove()


def test_a_wrong_password_is_tried_seldom_and_the_right_one_then_found(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        dovecot.password(USER, "another one")
        dovecot.kick(USER)
        mailbox.arrives(2)
        trouble = wait_until(desk.troubles, seconds=desk.seconds)[0]
        wait_until(lambda: dovecot.refused_sign_ins(USER) >= 2, seconds=desk.seconds)
        refused = dovecot.refused_sign_ins(USER)
        dovecot.password(USER, PASSWORD)
        desk.has()

        assert "Authentication failed" in trouble
        assert PASSWORD not in desk.daemon.log_file.read_text()
        assert refused == 2
        assert len(desk.troubles()) == 1
        desk.settled()


def test_a_server_that_cannot_ask_for_passwords_now_is_asked_again_soon(dovecot: Dovecot) -> None:
    """Nobody's password is wrong: its list of users cannot be read."""
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        dovecot.stop()
        passwords = dovecot.base / "etc" / "passwords"
        passwords.chmod(0)
        dovecot.start()
        mailbox.arrives(2)
        trouble = wait_until(lambda: [said for said in desk.troubles() if "sign" in said], seconds=desk.seconds)[0]
        passwords.chmod(0o640)
        desk.has()

        assert "UNAVAILABLE" in trouble
        assert dovecot.refused_sign_ins(USER) == 0
        desk.settled()


# The folder


def test_a_folder_that_is_renamed_is_missed_and_read_on_when_it_is_back(dovecot: Dovecot) -> None:
    with desk_reading(dovecot, folder="Desk") as (desk, mailbox):
        mailbox.arrives(2)
        idling(desk)
        dovecot.rename(USER, "Desk", "Elsewhere")
        mailbox.arrives(2, folder="Elsewhere")
        trouble = wait_until(desk.troubles, seconds=desk.seconds)[0]
        dovecot.rename(USER, "Elsewhere", "Desk")
        mailbox.arrives(2)
        desk.has()

        assert "Desk" in trouble
        desk.settled()


def test_another_folder_of_the_same_name_is_read_and_then_the_first_again(dovecot: Dovecot) -> None:
    with desk_reading(dovecot, folder="Desk", before=3) as (desk, mailbox):
        mailbox.arrives(2)
        idling(desk)
        dovecot.rename(USER, "Desk", "First")
        dovecot.create(USER, "Desk")
        mailbox.arrives(2)
        desk.has()
        dovecot.rename(USER, "Desk", "Second")
        mailbox.arrives(1, folder="First")
        dovecot.rename(USER, "First", "Desk")
        mailbox.arrives(2)
        desk.has()

        assert set(desk.tickets()) == set(mailbox.arrived)
        desk.settled()


@pytest.mark.parametrize("before", [5, *seldom(0)])
def test_new_numbers_for_all_mails_double_nothing_and_bring_no_old_mail(dovecot: Dovecot, before: int) -> None:
    with desk_reading(dovecot, before=before) as (desk, mailbox):
        mailbox.arrives(3)
        idling(desk)
        dovecot.renumber(USER)
        mailbox.arrives(3)
        desk.has()
        dovecot.renumber(USER)
        mailbox.arrives(1)
        desk.has()

        assert set(desk.tickets()) == set(mailbox.arrived)
        desk.settled()


def test_new_numbers_while_the_daemon_was_away_lose_nothing(dovecot: Dovecot) -> None:
    with desk_reading(dovecot, before=4) as (desk, mailbox):
        mailbox.arrives(3)
        desk.has()
        desk.daemon.stop()
        mailbox.arrives(3)
        dovecot.renumber(USER)
        mailbox.arrives(2)
        desk.start()
        desk.has()

        assert set(desk.tickets()) == set(mailbox.arrived)
        desk.settled()


@pytest.mark.parametrize("running", [True, False])
def test_after_a_restored_backup_new_mail_under_old_numbers_is_read(dovecot: Dovecot, running: bool) -> None:
    """The server gives the same UIDs, under the same UIDVALIDITY, to other mails."""
    with desk_reading(dovecot, before=2) as (desk, mailbox):
        mailbox.arrives(2)
        desk.has()
        copy = dovecot.back_up(USER)
        mailbox.arrives(4)
        desk.has()
        if not running:
            desk.daemon.stop()
        dovecot.restore(USER, copy)
        mailbox.arrives(2)
        if not running:
            desk.start()
        desk.has()
        mailbox.arrives(3)
        desk.has()

        assert set(desk.tickets()) == set(mailbox.arrived)
        desk.settled()


def test_a_folder_that_is_emptied_and_filled_again_is_read(dovecot: Dovecot) -> None:
    with desk_reading(dovecot, before=2) as (desk, mailbox):
        mailbox.arrives(3)
        desk.has()
        dovecot.expunge(USER)
        mailbox.arrives(3)
        desk.has()

        desk.settled()


# Its mail


def test_mail_that_is_expunged_in_the_middle_is_nobodys_fault(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.plan(Fault(Kind.DELAY, 0, seconds=0.2))
        mailbox.line.strike(Kind.CUT)
        gone = set(mailbox.arrives(20))
        for uid in sorted(mailbox.mails().values()):
            dovecot.expunge(USER, [uid])
        kept = mailbox.arrives(5)
        desk.has(kept)

        assert not [line for line in desk.daemon.log(level="warning") if "uids" in line]
        assert desk.doubled() == {}
        assert set(desk.tickets()) <= gone | set(kept)
        desk.settled()


def test_mail_that_people_move_away_and_back_is_one_ticket_each(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        dovecot.create(USER, "Archive")
        mailbox.arrives(4)
        desk.has()
        uids = sorted(mailbox.mails().values())
        dovecot.move(USER, uids[:3], "Archive")
        mailbox.arrives(2)
        desk.has()
        dovecot.move(USER, [], "INBOX", folder="Archive")
        dovecot.flag(USER, [], "\\Seen")
        mailbox.arrives(1)
        desk.has()

        assert not [line for line in desk.daemon.log(level="warning") if "uids" in line]
        desk.settled()


def test_old_mail_that_people_move_into_the_folder_is_read(dovecot: Dovecot) -> None:
    """It is new there, and has never been read; nothing older than three days gets an answer by itself."""
    with desk_reading(dovecot) as (desk, _):
        dovecot.create(USER, "Archive")
        raw = letter("of long ago")
        dovecot.deliver(USER, raw, folder="Archive", received=datetime.now(UTC) - timedelta(days=30))
        dovecot.move(USER, [], "INBOX", folder="Archive")
        desk.has(["of long ago"])

        assert desk.installation.letters() == []
        desk.settled()


def test_a_mail_that_cannot_be_read_is_named_and_stops_nobody(dovecot: Dovecot) -> None:
    """Dovecot ends the connection over such a mail, whatever else was asked for with it."""
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.refuse()
        mailbox.line.strike(Kind.CUT)
        first, broken, *others = mailbox.arrives(6)
        uid = mailbox.mails()[broken]
        dovecot.break_mail(USER, uid)
        mailbox.line.listen()
        desk.has([first, *others])
        warning = wait_until(lambda: named(desk.daemon), seconds=desk.seconds)
        later = mailbox.arrives(2)
        desk.has(later)
        before = set(desk.tickets())
        dovecot.heal_mail(USER, uid)
        desk.has()

        assert warning == [str(uid)]
        assert broken not in before
        desk.settled()


def test_a_mail_that_breaks_after_its_size_was_asked_for_stops_nobody(dovecot: Dovecot) -> None:
    with desk_reading(dovecot) as (desk, mailbox):
        idling(desk)
        mailbox.line.refuse()
        mailbox.line.strike(Kind.CUT)
        first, broken, *others = mailbox.arrives(6)
        uid = mailbox.mails()[broken]
        # Now the server has their sizes in its cache.
        dovecot.doveadm("fetch", "-u", USER, "size.virtual size.physical", "mailbox", "INBOX", "all")
        dovecot.break_mail(USER, uid)
        mailbox.line.listen()
        desk.has([first, *others])
        warning = wait_until(lambda: named(desk.daemon), seconds=desk.seconds)
        dovecot.heal_mail(USER, uid)
        desk.has()

        assert warning == [str(uid)]
        desk.settled()


def named(daemon: Daemon) -> list[str]:
    """The UIDs in warnings about mails that cannot be read."""
    return [line["uids"] for line in daemon.log(level="warning") if "uids" in line]


# Ourselves


@pytest.mark.parametrize("after", ["move", *seldom("leave", "seen", "delete")])
def test_a_daemon_that_is_killed_reads_on(dovecot: Dovecot, after: str) -> None:
    with desk_reading(dovecot, after=after, **({"move_to": "Done"} if after == "move" else {})) as (desk, mailbox):
        for _ in range(3):
            mailbox.arrives(12)
            wait_until(lambda: len(desk.tickets()) > len(mailbox.arrived) - 12, seconds=desk.seconds)
            desk.daemon.kill()
            mailbox.arrives(3)
            desk.start()
        desk.has()

        assert set(desk.tickets()) == set(mailbox.arrived)
        if after in ("move", "delete"):
            wait_until(lambda: not mailbox.mails(), seconds=desk.seconds)
        desk.settled()


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [Kind.SWALLOW, Kind.HALF_CLOSE, Kind.BYE])
def test_with_its_own_waits_it_is_picked_up_within_a_minute(dovecot: Dovecot, kind: Kind) -> None:
    """As installed: a mailbox that is asked every thirty seconds, on a line of which nothing is heard any more."""
    with desk_reading(dovecot, hurried=False, poll_seconds=30) as (desk, mailbox):
        idling(desk)
        mailbox.line.strike(kind)
        mailbox.arrives(3)
        desk.has()
        desk.settled()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_with_its_own_waits_a_server_is_found_again_within_a_minute(dovecot: Dovecot) -> None:
    """It was away for five minutes, so that the waits have become as long as they ever are."""
    with desk_reading(dovecot, hurried=False, poll_seconds=30) as (desk, mailbox):
        idling(desk)
        dovecot.stop()
        wait_until(lambda: mailbox.line.connections > 12, seconds=400)
        dovecot.start()
        mailbox.arrives(3)
        desk.has()
        desk.settled()
