"""kill -9 of all processes at any moment, while senders try each mail until its 250: nothing lost, nothing twice."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from tests.daemon_process import Installation, mail
from tests.doors import Client
from tests.waiting import wait_until

SENDERS = 3
PEOPLE = 12
LARGE = "A line of a long story.\n" * 15_000
QUICK = {"count": 2, "seconds": 4, "batch": 2, "lease_seconds": 5}

pytestmark = pytest.mark.xdist_group("crash")


class Senders:
    """Threads that hand in one mail after another, each until it gets its 250, through whichever daemon runs."""

    def __init__(self, installation: Installation) -> None:
        self.sent: dict[str, tuple[str, ...]] = {}
        self.tries = 0
        self._installation = installation
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._send_on) for _ in range(SENDERS)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._enough.set()
            for thread in self._threads:
                thread.join(60)

    def _send_on(self) -> None:
        while not self._enough.is_set():
            number = next(self._numbers)
            message_id = f"<{number}@x.test>"
            to = ("support@gw.test", "sales@gw.test") if number % 5 == 0 else ("support@gw.test",)
            raw = mail(
                f"Number {number}",
                LARGE if number % 7 == 0 else f"This is number {number}.",
                from_=f"Person <p{number % PEOPLE}@x.test>",
                to=", ".join(to),
                message_id=message_id,
            )
            until = time.monotonic() + 60
            if number % 9 == 0:
                self._handed_in_without_waiting(raw, to)
            while not self._handed_in(raw, to):
                assert time.monotonic() < until, f"{message_id} was not taken for a minute"
                time.sleep(0.05)
            with self._lock:
                self.sent[message_id] = to
            # Mail is kept faster than it is judged, and this is no test of speed.
            self._enough.wait(0.2)

    def _handed_in_without_waiting(self, raw: bytes, to: tuple[str, ...]) -> None:
        """As when the line is lost before the answer comes: whoever loses it has to bring the mail again."""
        with suppress(OSError, ValueError, AssertionError), Client(self._installation.daemons[-1].smtp) as client:
            client.begin(*to)
            client.send(raw + b".\r\n")

    def _handed_in(self, raw: bytes, to: tuple[str, ...]) -> bool:
        self.tries += 1
        try:
            with Client(self._installation.daemons[-1].smtp) as client:
                return client.deliver(raw, *to).startswith("250")
        except (OSError, ValueError, AssertionError):
            # Nobody listens, or the line ended in the middle of it: what senders see of a crash.
            return False


def survives(database: str, *, kills: int) -> None:
    chance = random.Random(kills)
    with Installation(database=database, workers=QUICK, log={"level": "INFO"}) as desk:
        desk.start()
        senders = Senders(desk)
        with senders.at_work():
            for _ in range(kills):
                time.sleep(chance.uniform(0.0, 1.0))
                desk.daemons[-1].kill()
                desk.start()
        settle(desk, seconds=60 + 2 * kills)

        deliveries = [row for row in desk.mails() if row["verdict"] != "duplicate"]
        wanted = {(message_id, address) for message_id, to in senders.sent.items() for address in to}
        tickets = desk.tickets()
        letters = desk.letters()
        files = Counter(str(letter["Message-ID"]) for letter in desk.outgoing())
        assert len(senders.sent) > kills
        assert "duplicate" in {row["verdict"] for row in desk.mails()}
        assert Counter((row["message_id"], row["recipient"]) for row in deliveries) == Counter(wanted)
        assert {row["verdict"] for row in deliveries} == {"ticket"}
        assert {row["ticket"] for row in deliveries} == {row["number"] for row in tickets}
        assert len(tickets) == len(deliveries)
        assert Counter(row["ticket"] for row in letters) == Counter(row["number"] for row in tickets)
        assert {row["status"] for row in letters} == {"sent"}
        assert files == Counter(row["message_id"] for row in letters)
        assert desk.told("fsck") == "all is well\n"


def settle(desk: Installation, *, seconds: float) -> None:
    """Until all mail is judged, which waited while nobody lived long enough for it; then all that a dead sender had
    in its hands is sent, long after."""
    daemon = desk.daemons[-1]
    wait_until(lambda: not [row for row in desk.mails() if row["status"] in ("pending", "claimed")], seconds=seconds)
    assert daemon.stop() == 0
    desk.told("tick", "--now", (datetime.now(UTC) + timedelta(hours=1)).isoformat())
    desk.told("send", "--once")


@pytest.mark.timeout(300)
def test_twenty_kills_lose_nothing_and_double_nothing(any_database: str) -> None:
    survives(any_database, kills=20)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_thousand_kills_lose_nothing_and_double_nothing(any_database: str) -> None:
    survives(any_database, kills=1000)
