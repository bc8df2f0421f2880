"""kill -9 of all processes while timers fire: each timer does what it does exactly once."""

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gateway.store.tables import event, outbox, timer
from gateway.work.enrol import enrol
from tests.daemon_process import AREAS, Installation, mail
from tests.waiting import wait_until

PEOPLE = 12
RULES = {
    "target first_answer ahead",
    "target first_answer",
    "target resolution ahead",
    "target resolution",
    "target update ahead",
    "target update",
    "a day open",
}
"""What falls due for a ticket that nobody answers. The team hears of each, the requester of two."""

pytestmark = pytest.mark.xdist_group("crash")


def opened(desk: Installation) -> None:
    """Tickets that nobody answers, and somebody of the desk who is told so."""
    daemon = desk.start("--only", "smtp,work")
    for address, role in (("eva@gw.test", "supervisor"), *((f"p{number}@x.test", None) for number in range(PEOPLE))):
        enrol(desk.office, address, now=datetime.now(UTC), role=role)
    for number in range(PEOPLE):
        daemon.keep(mail(f"Number {number}", from_=f"p{number}@x.test"), sender=f"p{number}@x.test")
    wait_until(lambda: len(desk.tickets()) == PEOPLE, seconds=60)
    assert daemon.stop() == 0


def due_in(desk: Installation, *, seconds: float) -> None:
    """All timers fall due one after another in the next so many seconds, those of a ticket in their order."""
    start = datetime.now(UTC)
    with desk.office.database.write() as connection:
        rows = connection.execute(sa.select(timer.c.id).order_by(timer.c.id)).scalars().all()
        assert len(rows) == PEOPLE * len(RULES)
        for place, number in enumerate(rows):
            at = start + timedelta(seconds=seconds * place / len(rows))
            connection.execute(timer.update().where(timer.c.id == number).values(due_at=at))


def unfired(desk: Installation) -> int:
    query = sa.select(sa.func.count()).where(timer.c.rule.in_(RULES), timer.c.fired_at.is_(None))
    with desk.office.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def fires_once(database: str, *, kills: int) -> None:
    chance = random.Random(kills)
    areas = [{**AREAS[0], "workflow": "response-targets"}]
    with Installation(database=database, area=areas, workers={"count": 1}, digest={"on": False}) as desk:
        opened(desk)
        due_in(desk, seconds=5 * kills)
        desk.start("--only", "clock,send")
        left = [PEOPLE * len(RULES)]
        for _ in range(kills):
            wait_until(lambda: unfired(desk) < max(1, left[-1]), seconds=60)
            time.sleep(chance.uniform(0.0, 1.0))
            desk.daemons[-1].kill()
            left.append(unfired(desk))
            desk.start("--only", "clock,send")
        wait_until(lambda: unfired(desk) == 0, seconds=120)
        wait_until(lambda: {letter["status"] for letter in desk.letters()} == {"sent"}, seconds=60)
        assert desk.daemons[-1].stop() == 0

        assert len(set(left)) > 2, "the kills came in the middle of it"
        with desk.office.database.read() as connection:
            fired = connection.execute(sa.select(timer).where(timer.c.fired_at.is_not(None))).all()
            passed = connection.execute(sa.select(event).where(event.c.action == "time_passed")).all()
            letters = connection.execute(sa.select(outbox)).all()
        expected = {(number, rule): 1 for number in range(1, PEOPLE + 1) for rule in RULES}
        assert Counter((row.ticket_id, row.rule) for row in fired) == expected
        assert Counter((row.ticket_id, row.cause.removeprefix("timer ")) for row in passed) == expected
        written = Counter(row.dedupe_key.rpartition("/timer ")[2] for row in letters if "/timer " in row.dedupe_key)
        assert written == {str(row.id): 1 + (row.rule in ("target update", "a day open")) for row in fired}
        files = Counter(str(letter["Message-ID"]) for letter in desk.outgoing())
        assert files == Counter(row.message_id for row in letters)
        assert desk.told("fsck") == "all is well\n"


@pytest.mark.timeout(300)
def test_three_kills_while_timers_fire_repeat_none_and_lose_none(any_database: str) -> None:
    fires_once(any_database, kills=3)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_kills_while_timers_fire_repeat_none_and_lose_none(any_database: str) -> None:
    fires_once(any_database, kills=200)
