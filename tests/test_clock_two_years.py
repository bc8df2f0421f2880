"""Two years of timers in four zones: each fires exactly once, at its time, through crashes, two nodes and clock steps.

What has to happen is reckoned beforehand without a database (`gateway/desk/simulation.py`) and compared with what did.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.apply.change import set_timers
from gateway.desk.simulation import foresee
from gateway.desk.ticket import Ticket
from gateway.settings import Area, Calendar
from gateway.store import people, tickets
from gateway.store.session import Database
from gateway.store.tables import event, outbox, timer
from gateway.work.office import Office
from gateway.work.tick import fire_due
from tests.world import World

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
END = START + timedelta(days=731)
# Not a whole number of weeks or of days, so that tickets come at all hours, on holidays, and around changes of clocks.
BETWEEN = timedelta(days=15, hours=5, minutes=17)
ZONES = (
    Calendar(name="bogota", zone="America/Bogota", hours=["mon-fri 08:00-12:00, 14:00-18:00"], country="CO"),
    Calendar(name="madrid", zone="Europe/Madrid", hours=["mon-fri 09:00-18:00"], country="ES", region="MD"),
    Calendar(name="tokyo", zone="Asia/Tokyo", hours=["mon-sat 09:00-17:30"], country="JP"),
    Calendar(name="angeles", zone="America/Los_Angeles", hours=["fri-sat 22:00-24:00", "sat-sun 00:00-06:00"]),
)
BEGINS_IN = {"validation": "validation", "response-targets": "in_process"}


History = defaultdict[int, list[tuple[datetime, str]]]
"""What happened when, by ticket."""


class Crash(BaseException):
    """The process is gone, with the transaction that it had open."""


@pytest.fixture
def four_zones(world: World) -> World:
    world.open_with(
        calendar=list(ZONES),
        area=[
            Area(
                name=f"{zone.name}-{workflow}",
                addresses=[f"{zone.name}-{workflow}@desk.example"],
                workflow=workflow,
                calendar=zone.name,
            )
            for zone in ZONES
            for workflow in BEGINS_IN
        ],
    )
    world.known("chief@staff.example", role="supervisor", language="es")
    return world


def opened(world: World, area: str, *, now: datetime) -> Ticket:
    """A ticket about which an agent has just written to its requester, and nobody will ever again."""
    rules = world.office.rules.desk.areas[area]
    address = f"{area}@firm.example"
    world.known(address, language="es")
    with world.office.database.write() as connection:
        person = people.by_address(connection, address)
        assert person is not None
        ticket = Ticket(
            id=0,
            subject="Dos años",
            state=BEGINS_IN[rules.workflow.name],
            area=area,
            requester_id=person.id,
            created_at=now,
            updated_at=now,
            state_since=now,
            verified=True,
            last_agent_return_at=now,
        )
        kind = rules.workflow.state(ticket.state).kind.value
        number = tickets.create(connection, ticket, state_kind=kind, requester_address=address)
        kept = tickets.get(connection, number).ticket
        set_timers(connection, kept, rules)
    return kept


def arrivals(world: World) -> Iterator[tuple[datetime, str]]:
    """When a ticket comes, and into which area: each zone in turn, its two workflows by turns."""
    areas = list(world.office.rules.desk.areas)
    moment = START
    for number in count():
        if moment > END - timedelta(days=30):
            return
        yield moment, areas[2 * (number % 4) + number // 4 % 2]
        moment += BETWEEN


def next_due(world: World) -> datetime | None:
    query = sa.select(sa.func.min(timer.c.due_at)).where(timer.c.fired_at.is_(None))
    with world.office.database.read() as connection:
        return connection.execute(query).scalar()


def left(world: World, *, now: datetime) -> None:
    """All letters leave at once."""
    world.write(outbox.update().where(outbox.c.sent_at.is_(None)).values(status="sent", sent_at=now))


def crashed(office: Office, *, now: datetime) -> None:
    """A tick that dies when all is done but the commit."""
    real = Database.write

    @contextmanager
    def write(self: Database) -> Iterator[Any]:
        with real(self) as connection:
            yield connection
            raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", write)
        with pytest.raises(Crash):
            fire_due(office, now=now)


def lived(world: World, following: Callable[[datetime], datetime]) -> list[Ticket]:
    """Two years: at each moment what is due fires, on one node, on another, or first on one that crashes."""
    nodes = (world.office, world.another_node())
    coming = list(arrivals(world))
    begun: list[Ticket] = []
    now, ticks = START, 0
    while now <= END:
        while coming and coming[0][0] <= now:
            begun.append(opened(world, coming.pop(0)[1], now=now))
        due = next_due(world)
        if due is not None and due <= now:
            ticks += 1
            if ticks % 5 == 0:
                crashed(nodes[ticks % 2], now=now)
            fire_due(nodes[ticks % 2], now=now)
            left(world, now=now)
            if ticks % 7 == 0:
                # A clock that goes back, and a second node that comes late.
                fire_due(nodes[0], now=now - timedelta(hours=1))
                fire_due(nodes[1], now=now)
                left(world, now=now)
        now = min([following(now), *(moment for moment, _ in coming[:1])])
    return begun


def as_it_was(world: World) -> tuple[History, History]:
    """What time did to each ticket: its timers that fired, and the letters to its requester."""
    fired, letters, events = History(list), History(list), History(list)
    for row in world.rows(timer, timer.c.fired_at.is_not(None)):
        assert row.outcome in ("done", "closed", "escalated")
        fired[row.ticket_id].append((row.fired_at, row.rule))
        events[row.ticket_id].append((row.fired_at, "time_passed"))
    for one in world.letters():
        if one.to_address.endswith("@firm.example"):
            letters[one.ticket_id].append((one.created_at, one.letter))
    for one in world.rows(event):
        if one.ticket_id is not None:
            events[one.ticket_id].remove((one.at, one.action))
    assert not any(events.values()), "each timer that fired is one event"
    return fired, letters


def as_it_should_be(world: World, ticket: Ticket) -> tuple[list[tuple[datetime, str]], list[tuple[datetime, str]]]:
    area = world.office.rules.desk.areas[ticket.area]
    moments = foresee(ticket, area.workflow, area.calendar, fired=(), until=END)
    letters = [(one.at, letter) for one in moments for audience, letter in one.letters if audience == "requester"]
    return sorted((one.at, one.what) for one in moments), sorted(letters)


def compared(world: World, begun: list[Ticket]) -> None:
    fired, letters = as_it_was(world)

    assert len({ticket.area for ticket in begun}) == 8
    assert sum(map(len, fired.values())) > 5 * len(begun) > 200
    for ticket in begun:
        found = (sorted(fired[ticket.id]), sorted(letters[ticket.id]))
        assert found == as_it_should_be(world, ticket), f"#{ticket.id} of {ticket.area}"


def test_two_years_in_four_zones_from_due_to_due_each_timer_once(four_zones: World) -> None:
    def following(now: datetime) -> datetime:
        due = next_due(four_zones)
        return END + timedelta(days=1) if due is None else max(due, now + timedelta(microseconds=1))

    compared(four_zones, lived(four_zones, following))


@pytest.mark.soak
def test_two_years_in_four_zones_a_tick_a_minute_each_timer_once(four_zones: World) -> None:
    compared(four_zones, lived(four_zones, lambda now: now + timedelta(minutes=1)))
