"""Machines that answer machines for a month: the caps of RULES 5 hold at every moment, and it comes to rest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.desk.providers import public
from gateway.settings import Area, Server
from gateway.settings import Database as DatabaseSettings
from gateway.store.tables import person, ticket
from gateway.work.breaker import release
from gateway.work.enrol import enrol
from tests.machines import Post, Sent, dumb_desk, ever_new, mailing_list, vacation
from tests.world import LUIS, NOON, SUPPORT, World, mail, opened, settings_of

OTHER = "help@other.example"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# What nobody wrote by hand and goes to people outside.
ANSWERS = ("receipt", "receipt_new", "follow_up", "incomplete", "refused", "confirm_reminder", "account_ready")
RECEIPTS = ("receipt", "receipt_new", "follow_up", "incomplete")


@pytest.fixture
def other(sqlite_template: bytes, tmp_path: Path) -> Iterator[World]:
    """A second gateway, of somebody else: another name, another secret, other people."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "gateway.db").write_bytes(sqlite_template)
    settings = settings_of(folder, f"sqlite:///{folder}/gateway.db")
    found = World(
        opened(
            settings.model_copy(
                update={
                    "server": Server(hostname="gw.other.example", data=folder, secret="another secret, as long as it"),
                    "database": DatabaseSettings(url=f"sqlite:///{folder}/gateway.db"),
                    "area": [Area(name="help", addresses=[OTHER], from_name="Help", language="en", reply="plus")],
                }
            )
        )
    )
    enrol(found.office, "olga@people.example", now=NOON, name="Olga", role="agent")
    yield found
    found.close()


# --- what a cap says, looked at afterwards ---------------------------------------------------------------------------


def most_within(moments: Iterable[datetime], span: timedelta) -> int:
    """The most that ever fell into a span of this length."""
    ordered = sorted(moments)
    most = begin = 0
    for end, moment in enumerate(ordered):
        while moment - ordered[begin] >= span:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def assert_caps_hold(world: World) -> None:
    caps = world.office.settings.caps
    confirmed = {row.id: row.confirmed_at for row in world.rows(person)}
    by: dict[tuple[str, ...], list[datetime]] = defaultdict(list)
    for one in world.letters():
        if one.letter not in ANSWERS or one.status != "sent":
            continue
        by["letter", one.to_address].append(one.sent_at)
        by["ticket", str(one.ticket_id)].append(one.sent_at)
        if one.letter in RECEIPTS:
            by["receipt", one.area, one.to_address].append(one.sent_at)
        known_at = confirmed[one.person_id]
        if one.letter != "account_ready" and (known_at is None or known_at > one.sent_at):
            by["new", "*"].append(one.sent_at)
            if not public(one.domain):
                by["new", one.domain].append(one.sent_at)
    spans = {
        "letter": (DAY, caps.letters_per_address),
        "ticket": (DAY, caps.letters_per_ticket),
        "receipt": (DAY, caps.receipts_per_address),
    }
    for key, moments in by.items():
        if key[0] == "new":
            span, cap = HOUR, caps.new_senders if key[1] == "*" else caps.new_senders_per_domain
        else:
            span, cap = spans[key[0]]
        if key != ("ticket", "None"):
            assert most_within(moments, span) <= cap, key
    opened_by: dict[str, list[datetime]] = defaultdict(list)
    for row in world.rows(ticket, ticket.c.storm.is_(False)):
        opened_by[row.requester_address].append(row.created_at)
    for who, moments in opened_by.items():
        assert most_within(moments, HOUR) <= caps.tickets_per_address, who


def letters_after(world: World, moment: datetime) -> list[tuple[str, str]]:
    return [(one.letter, one.to_address) for one in world.letters() if one.created_at > moment]


# --- the month -------------------------------------------------------------------------------------------------------

VERA, VICTOR, CLARA = "vera@firm.example", "victor@old.example", "clara@challenge.example"
VENDOR, LISTED, HIDDEN = "help@vendor.example", "all@lists.example", "all@hidden.example"
ROBOTS = "robots.example"
AWAY = "I am away and read no mail."
WHO_WRITES = (VERA, VICTOR, CLARA, VENDOR, LISTED, HIDDEN, f"confirm-0@{ROBOTS}", OTHER)


def month(world: World, other: World) -> Post:
    """All of them at once; each writes first on three days, and then only answers."""
    machines = {
        VERA: vacation(AWAY, headers={"Auto-Submitted": "auto-replied"}, after=MINUTE),
        VICTOR: vacation(AWAY, headers={}, after=MINUTE),
        LUIS: vacation(AWAY, headers={"Auto-Submitted": "auto-replied"}, after=MINUTE),
        CLARA: dumb_desk("Please confirm that you are a person", "Reply, and your mail {} is delivered.", after=MINUTE),
        VENDOR: dumb_desk("[Case {}] We received your request", "Your case has the number {}.", after=MINUTE),
        LISTED: mailing_list([SUPPORT, VICTOR, OTHER], marked=True),
        HIDDEN: mailing_list([SUPPORT, OTHER], marked=False),
        ROBOTS: ever_new(lambda _: ROBOTS, after=MINUTE, to=SUPPORT),
    }
    for one in (world, other):
        one.change_settings(caps={"unconfirmed_per_domain": 40})
    post = Post({"desk.example": world, "other.example": other}, machines, NOON)
    for day in (0, 1, 9):
        for who in WHO_WRITES:
            for to in (SUPPORT, OTHER):
                if who != to:
                    first = mail(from_=who, to=to, subject=f"Hello {day}", text=f"We need help, {day}", s1=True)
                    post.put(Sent(to, first), after=day * DAY)
    for number in range(60):
        bomb = mail(from_="pest@bomb.example", subject=f"Alarm {number}", text=f"{number}", s1=True)
        post.put(Sent(SUPPORT, bomb), after=3 * DAY + number * timedelta(seconds=20))
    post.run(NOON + 12 * DAY)
    for one in (world, other):
        release(one.office, domain="", send=False, by="a test", now=post.now)
    post.run(NOON + 30 * DAY)
    return post


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_machines_that_talk_for_a_month_stay_below_the_caps_and_come_to_rest(world: World, other: World) -> None:
    """Each machine writes first on three days. After the last of these nothing goes on by itself."""
    post = month(world, other)

    for one in (world, other):
        assert_caps_hold(one)
        assert letters_after(one, NOON + 12 * DAY) == []
        # Each ticket comes from a mail of a machine, and each of those answers a letter or was the first.
        letters = [letter for letter in one.letters() if letter.letter in ANSWERS]
        assert (
            len(one.tickets()) <= len(letters) + 3 * len(WHO_WRITES) + one.office.settings.caps.tickets_per_address + 1
        )
        for who in WHO_WRITES:
            # Three receipts a day on each of three days, one reminder, one letter for the account.
            assert len([letter for letter in letters if letter.to_address == who]) <= 3 * 3 + 2
    robots = [one for one in world.letters() if one.to_address.endswith(ROBOTS)]
    assert [one.status for one in robots].count("sent") == world.office.settings.caps.unconfirmed_per_domain
    assert {one.status for one in robots} == {"sent", "given up"}
    assert len(world.letters(letter="breaker")) == 1
    assert [one.storm for one in world.tickets()].count(True) == 1
    assert max(moment for moment, _ in post.received) < NOON + 12 * DAY
