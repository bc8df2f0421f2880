"""A sender keeps what it has claimed no longer than its claim holds, so that no letter leaves twice."""

from datetime import UTC, datetime, timedelta

from gateway.outbound.outcomes import Accepted, Outcome
from gateway.work.send import send_due
from gateway.work.tick import take_over
from tests.daemon_process import Installation, mail


class SlowSmarthost:
    """Takes every letter, and two minutes for each."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(seconds=10)
        self.sent: list[str] = []

    def clock(self) -> datetime:
        return self.now

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        self.now += timedelta(minutes=2)
        self.sent.append(to)
        return Accepted("250 taken")

    def close(self) -> None:
        """Nothing is kept open."""


def test_a_slow_smarthost_gets_each_letter_once() -> None:
    with Installation() as desk:
        for number in range(6):
            (desk.folder / f"{number}.eml").write_bytes(mail(from_=f"Person <p{number}@x.test>"))
        desk.told("ingest", desk.folder)
        desk.told("work", "--once")
        slow = SlowSmarthost()
        began = slow.now
        send_due(desk.office, slow, who="a/1-a", clock=slow.clock)
        first = len(slow.sent)
        assert take_over(desk.office, now=slow.now) == 0
        while send_due(desk.office, slow, who="a/1-a", clock=slow.clock):
            pass

        assert first == 3
        assert slow.now - began == timedelta(minutes=12)
        assert sorted(slow.sent) == [f"p{number}@x.test" for number in range(6)]
