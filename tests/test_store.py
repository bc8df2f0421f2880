"""The store on both databases: the same tables, the same times, and each claim given to one."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from gateway.desk.reckoning import Timer
from gateway.errors import GatewayError
from gateway.store import claims, counts, leases, letters, listings, mails, people, rosters, tickets, timers, trails
from gateway.store.counts import Counted
from gateway.store.migrate import HEAD, migrate, version
from gateway.store.tables import lease, metadata
from tests.world import ANA, BRUNO, EVA, LUIS, NOON, World, mail

AT_ONCE = 4


def differing(connection: sa.Connection) -> list[object]:
    # Alembic cannot read the defaults of SQLite; both databases have them from the same migration.
    defaults = connection.dialect.name == "postgresql"
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": defaults})
    return list(compare_metadata(context, metadata))


def test_the_migrated_tables_are_those_that_the_program_uses(world: World) -> None:
    with world.office.database.write() as connection:
        assert differing(connection) == []
        connection.execute(sa.text("ALTER TABLE setting ADD COLUMN stray TEXT"))
        assert len(differing(connection)) == 1
        connection.rollback()


def test_migrating_again_changes_nothing_and_a_newer_database_is_refused(world: World) -> None:
    with world.office.database.write() as connection:
        assert migrate(connection) == version(connection) == HEAD
    with world.office.database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(GatewayError, match="newer than this program"):
            migrate(connection)
        connection.rollback()


@pytest.mark.parametrize(
    "instant",
    [
        NOON,
        NOON + timedelta(microseconds=1),
        NOON + timedelta(microseconds=999_999),
        datetime(2038, 1, 19, 3, 14, 8, 123_457, tzinfo=UTC),
        datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_time_comes_back_to_the_microsecond_in_utc(world: World, instant: datetime) -> None:
    with world.office.database.write() as connection:
        connection.execute(lease.insert().values(name="x", holder="y", until=instant))

    (row,) = world.rows(lease)
    assert row.until == instant
    assert row.until.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(world: World) -> None:
    naive = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="a time without a zone"), world.office.database.write() as one:
        one.execute(lease.insert().values(name="x", holder="y", until=naive))


def test_concurrent_claims_give_each_delivery_and_each_letter_to_one(world: World) -> None:
    world.keep(*(mail(from_=f"p@firm{number}.example") for number in range(40)))
    world.work()
    world.keep(*(mail(from_=f"q@firm{number}.example") for number in range(40)))
    wanted = len(world.letters())
    until = world.now + timedelta(minutes=1)
    taken: dict[str, list[int]] = {"mails": [], "letters": []}
    lock = threading.Lock()
    ready = threading.Barrier(AT_ONCE)

    def work(who: str) -> None:
        office = world.office
        ready.wait()
        misses = 0
        while misses < 5:
            with office.database.write() as connection:
                some = [one.id for one in claims.claim(connection, who=who, most=3, now=world.now, until=until)]
            with office.database.write() as connection:
                more = [one.id for one in letters.claim(connection, who=who, most=3, now=world.now, until=until)]
            assert len(some) <= 3
            assert len(more) <= 3
            misses = 0 if some or more else misses + 1
            with lock:
                taken["mails"] += some
                taken["letters"] += more

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken["mails"]), len(set(taken["mails"]))) == (40, 40)
    assert (len(taken["letters"]), len(set(taken["letters"]))) == (wanted, wanted)


def test_counting_at_once_loses_nothing(world: World) -> None:
    one = Counted("letter", ANA)

    def count() -> None:
        for _ in range(25):
            with world.office.database.write() as connection:
                counts.raise_counts(connection, [one], now=world.now)

    threads = [threading.Thread(target=count) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with world.office.database.read() as connection:
        assert counts.sums(connection, [one], now=world.now) == {one: (100, 100)}


def test_counts_are_summed_by_the_hour_and_the_day_and_forgotten(world: World) -> None:
    one, other = Counted("letter", ANA), Counted("letter", BRUNO)
    with world.office.database.write() as connection:
        counts.raise_counts(connection, [one, one], now=NOON - timedelta(hours=20))
        counts.raise_counts(connection, [one, other], now=NOON)

        assert counts.sums(connection, [one, other], now=NOON) == {one: (1, 3), other: (1, 1)}
        assert counts.forget(connection, before=NOON - timedelta(hours=1)) == 1
        assert counts.sums(connection, [one], now=NOON) == {one: (1, 1)}


def test_a_lease_is_held_by_one_renewed_given_back_and_taken_over_when_it_is_over(world: World) -> None:
    later = NOON + timedelta(minutes=1)
    with world.office.database.write() as connection:
        assert leases.take(connection, "clock", holder="a", now=NOON, until=later)
        assert not leases.take(connection, "clock", holder="b", now=NOON, until=later)
        assert leases.take(connection, "clock", holder="a", now=NOON, until=later)
        assert leases.stale(connection, now=later) == []
        assert leases.take(connection, "clock", holder="b", now=later + timedelta(seconds=1), until=later)
        leases.give_back(connection, "clock", holder="a")
        assert leases.stale(connection, now=later + timedelta(seconds=1)) == ["clock"]
        leases.give_back(connection, "clock", holder="b")
        assert leases.take(connection, "clock", holder="a", now=NOON, until=later)


def test_a_ticket_is_not_written_over_somebody_elses_change(world: World) -> None:
    number = world.ticket_of(ANA)
    with world.office.database.read() as connection:
        stale = tickets.get(connection, number).ticket
    world.act(number, "take")

    with pytest.raises(tickets.ChangedMeanwhile), world.office.database.write() as connection:
        tickets.save(connection, stale, stale, state_kind="new")


def test_a_timer_is_set_once_for_its_cause(world: World) -> None:
    number = world.ticket_of(ANA)
    with world.office.database.write() as connection:

        def put(anchor: str) -> bool:
            return timers.set_timer(
                connection, scope="state", rule="r", anchor=anchor, due_at=NOON, ticket_id=number, data={"a": 1}
            )

        assert [put("one"), put("one"), put("two")] == [True, False, True]
        due = timers.due(connection, now=NOON, most=1)
        assert [(one.rule, one.ticket_id, one.data) for one in due] == [("r", number, {"a": 1})]
        timers.fired(connection, due[0].id, now=NOON, outcome="x")
        timers.sync(connection, number, [Timer("kept", "now", NOON)])
        assert [one.rule for one in timers.due(connection, now=NOON, most=9)] == ["kept"]
        timers.sync(connection, number, [Timer("kept", "now", NOON + timedelta(days=9)), Timer("r", "one", NOON)])
        # One that is there stays as it is, and one that has fired does not come again.
        assert [one.rule for one in timers.due(connection, now=NOON, most=9)] == ["kept"]
        timers.sync(connection, number, [])
        assert timers.due(connection, now=NOON, most=9) == []


def test_people_their_roles_organisations_and_domains(world: World) -> None:
    world.known(LUIS, role="supervisor", areas=["billing"], organisation="Casa")
    with world.office.database.write() as connection:
        number = people.organisation_named(connection, "Firma")
        people.claim_domain(connection, number, "Firm.Example")

        assert people.organisation_of(connection, "x@mail.firm.example") == number
        assert people.organisation_of(connection, "x@notfirm.example") is None
        assert people.organisation_named(connection, "Firma") == number
        assert set(people.organisation_numbers(connection)) == {"Casa", "Firma"}
        luis = people.by_address(connection, LUIS)
        assert luis is not None
        assert luis.roles_in("billing") == {"supervisor"}
        assert luis.roles_in("support") == {"agent"}
        everybody = frozenset({"agent", "supervisor"})
        assert luis.id in rosters.team(connection, "billing", roles=everybody, now=NOON)
        people.update(connection, luis.id, absent_until=NOON + timedelta(days=1))
        assert luis.id not in rosters.team(connection, "billing", roles=everybody, now=NOON)
        again = people.by_id(connection, luis.id)
        assert again is not None
        assert (again.id, again.address, set(again.roles)) == (luis.id, LUIS, set(luis.roles))
        assert people.by_id(connection, 999) is None


def test_a_person_of_a_claimed_domain_belongs_to_it_from_the_first_mail(world: World) -> None:
    with world.office.database.write() as connection:
        firm = people.organisation_named(connection, "Elsewhere")
        people.claim_domain(connection, firm, "elsewhere.example")

    number = world.ticket_of(EVA)

    assert world.ticket(number).organisation_id == firm


def test_every_listing_shows_what_there_is(world: World) -> None:
    number = world.ticket_of(ANA, files=[("foto.bin", b"1234")])
    world.act(number, "classify", tags="red,azul", priority="1")
    world.participant(number, BRUNO)
    with world.office.database.read() as connection:
        (one,) = listings.mails(connection)
        assert (one["id"], one["verdict"], one["ticket"], one["recipient"]) == (
            "m-1", "ticket", number, "support@desk.example",
        )  # fmt: skip
        assert list(listings.mails(connection, status="parked")) == []
        (shown,) = listings.tickets(connection, newest=5)
        assert (shown["requester"], shown["priority"], sorted(shown["tags"])) == (ANA, 1, ["azul", "red"])
        (entry,) = listings.conversation(connection, number)
        assert [(file["name"], file["size"]) for file in entry["attachments"]] == [("foto.bin", 4)]
        assert [event["action"] for event in listings.events(connection, number)] == ["received", "classify"]
        assert [row["address"] for row in listings.participants(connection, number)] == [BRUNO]
        assert listings.timers(connection, number) == []
        assert {row["to"] for row in listings.letters(connection, status="pending")} > {ANA}
        assert [row["to"] for row in listings.letters(connection, newest=1)] == [ANA]
        (luis,) = listings.people(connection, wanted=LUIS)
        assert (luis["role"], luis["areas"]) == ("agent", ["support"])
        assert trails.judgements(connection, 1)[0]["facts"]["level"] == "S1"


def test_listings_are_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "PAGE", 2)
    world.keep(*(mail(from_=f"p@firm{number}.example") for number in range(5)))
    with world.office.database.read() as connection:
        assert [row["id"] for row in listings.mails(connection)] == [f"m-{number}" for number in range(1, 6)]
        assert [row["id"] for row in listings.mails(connection, newest=2)] == ["m-4", "m-5"]


def test_what_is_pending_is_counted(world: World) -> None:
    world.keep(mail(), mail(from_=EVA, text="x"))
    with world.office.database.read() as connection:
        assert mails.pending(connection) == 2
        assert mails.pending(connection, due_before=NOON - timedelta(seconds=1)) == 0
    world.work()
    with world.office.database.read() as connection:
        assert mails.pending(connection) == 0
        assert letters.pending(connection) == len(world.letters())


def test_the_largest_message_id_that_a_mail_can_have_is_no_trouble(world: World) -> None:
    """An index of PostgreSQL takes no more than 2,704 octets, and random ones cannot be compressed."""
    odd = "".join(chr(0x10000 + (number * 7919) % 0xF0000) for number in range(990))
    raw = mail(message_id="").replace(b"\nSubject:", f"\nMessage-ID: <{odd}>\nSubject:".encode(), 1)

    assert world.receive(raw).verdict == "ticket"
    answer = mail(from_=BRUNO, message_id="").replace(b"\nSubject:", f"\nReferences: <{odd}>\nSubject:".encode(), 1)
    assert world.receive(answer).verdict == "ticket"
