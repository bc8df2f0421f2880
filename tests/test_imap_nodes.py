"""Several nodes share a mailbox: one reads at a time, the next takes over, and nothing is kept twice."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.inbound.arrivals import Arrival
from gateway.inbound.imap_books import Fetched, LostLease
from gateway.store.mailboxes import Place
from gateway.store.tables import lease, mailbox_uid
from gateway.work.mailboxes import LEASE_SECONDS, MailboxBooks
from tests.mailbox_doors import a_mailbox, reading
from tests.real_dovecot import Dovecot
from tests.waiting import wait_until
from tests.world import NOON, SUPPORT, World, mail

_numbers = itertools.count(1)
PLACE = Place("support", "INBOX", 7)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user(f"desk{next(_numbers)}")


def books(world: World, holder: str) -> MailboxBooks:
    from gateway.settings import Mailbox

    mailbox = Mailbox(name="support", host="imap.example.org", username="desk", password="x")
    return MailboxBooks(world.another_node(), mailbox, holder=holder, clock=lambda: world.now)


def fetched(uid: int, raw: bytes) -> Fetched:
    return Fetched(
        uid, Arrival(source="imap support", raw=raw, envelope_from=None, recipients=(SUPPORT,), received_at=NOON)
    )


def test_one_process_has_the_lease_and_the_next_follows_when_it_runs_out(world: World) -> None:
    one, two = books(world, "one"), books(world, "two")

    assert one.lease(LEASE_SECONDS)
    assert not two.lease(LEASE_SECONDS)
    world.later(seconds=LEASE_SECONDS / 2)
    assert one.lease(LEASE_SECONDS)
    world.later(seconds=LEASE_SECONDS + 1)
    assert two.lease(LEASE_SECONDS)
    assert not one.lease(LEASE_SECONDS)
    two.give_back()
    assert one.lease(LEASE_SECONDS)


def test_who_lost_the_lease_writes_nothing(world: World) -> None:
    one, two = books(world, "one"), books(world, "two")
    one.lease(LEASE_SECONDS)
    world.later(seconds=LEASE_SECONDS + 1)
    two.lease(LEASE_SECONDS)

    for write in (
        lambda: one.keep(PLACE, [fetched(1, mail())]),
        lambda: one.failed(PLACE, [2]),
        lambda: one.pass_over(PLACE, [3]),
        lambda: one.note(trouble="x"),
    ):
        with pytest.raises(LostLease):
            write()
    assert world.mails() == []
    assert world.rows(mailbox_uid) == []


def test_a_mail_that_another_process_entered_is_not_kept_again(world: World) -> None:
    one, two = books(world, "one"), books(world, "two")

    assert set(one.keep(PLACE, [fetched(1, mail()), fetched(2, mail())])) == {1, 2}
    world.later(seconds=LEASE_SECONDS + 1)
    assert set(two.keep(PLACE, [fetched(2, mail()), fetched(3, mail())])) == {3}
    assert len(world.mails()) == 3
    assert [row.mail_id for row in world.rows(mailbox_uid)] == [1, 2, 3]


def test_mail_and_ledger_are_one_commit(world: World) -> None:
    one = books(world, "one")
    broken = Arrival(
        source="imap support",
        raw=b"x",
        envelope_from="\0",
        recipients=(SUPPORT,),
        received_at=datetime(2026, 1, 1),  # noqa: DTZ001
    )
    with pytest.raises(Exception, match=r"without a zone|NUL"):
        one.keep(PLACE, [fetched(1, mail()), Fetched(2, broken)])

    assert world.mails() == []
    assert world.rows(mailbox_uid) == []


def test_a_failure_that_heals_leaves_no_trace(world: World) -> None:
    one = books(world, "one")
    one.failed(PLACE, [1, 2])
    one.failed(PLACE, [1])

    assert {uid: entry.failures for uid, entry in one.ledger(PLACE).items()} == {1: 2, 2: 1}
    one.keep(PLACE, [fetched(1, mail())])
    one.forget(PLACE, [1, 2])
    assert {uid: entry.outcome for uid, entry in one.ledger(PLACE).items()} == {1: "kept"}
    one.failed(PLACE, [1])
    assert one.ledger(PLACE)[1].outcome == "kept"


def test_two_doors_on_one_mailbox_keep_each_mail_once(world: World, dovecot: Dovecot, user: str) -> None:
    mailbox = a_mailbox(dovecot, user, import_="all", after="seen")
    for number in range(60):
        dovecot.deliver(user, mail(subject=f"{number}"))
    with (
        reading(world, mailbox, holder="one/1") as one,
        reading(world, mailbox, office=world.another_node(), holder="two/1") as two,
    ):
        one.until_kept(60)
        for number in range(5):
            dovecot.deliver(user, mail(subject=f"später {number}"))
        one.until_kept(65)
        first, second = (one, two) if one.kept else (two, one)
        first.stop()
        dovecot.deliver(user, mail(subject="nach der Übernahme"))
        # It gave its lease back, so nobody waits until it runs out.
        second.until_kept(66, seconds=LEASE_SECONDS - 5)
        assert (first.kept, second.kept) == (65, 1)

    assert len(world.mails()) == 66
    assert len({row.uid for row in world.rows(mailbox_uid)}) == 66


def test_the_mailbox_of_a_process_that_died_is_read_by_another(world: World, dovecot: Dovecot, user: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=4)
    world.write(lease.insert().values(name="mailbox support", holder="dead/1", until=until))
    dovecot.deliver(user, mail())
    with reading(world, a_mailbox(dovecot, user, import_="all")) as box:
        box.until_kept(1, seconds=20)

    assert datetime.now(UTC) > until


def test_a_lease_that_is_taken_away_ends_the_reading(world: World, dovecot: Dovecot, user: str) -> None:
    with reading(world, a_mailbox(dovecot, user, poll_seconds=1)) as box:
        box.until_read()
        until = datetime.now(UTC) + timedelta(minutes=5)
        world.write(lease.update().values(holder="other/1", until=until))
        wait_until(lambda: dovecot.sessions(user) == 0, seconds=20)
        dovecot.deliver(user, mail())
        with pytest.raises(AssertionError):
            box.until_kept(1, seconds=4)
