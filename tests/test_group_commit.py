"""Group commit: one commit for what waits, an answer for each, and a bad mail alone."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.inbound import group as group_module
from gateway.inbound.arrivals import Arrival
from gateway.inbound.group import GroupCommit, Stopped, TooManyWaiting
from tests.doors import Shelf
from tests.waiting import wait_until

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def arrival(raw: bytes = b"Subject: a\r\n\r\n") -> Arrival:
    return Arrival(source="test", raw=raw, envelope_from="a@x.test", recipients=("b@y.test",), received_at=NOW)


class Gate:
    """An `accept_many` that waits at a gate, so that others come together behind it, and remembers its calls."""

    def __init__(self) -> None:
        self.calls: list[list[bytes]] = []
        self.let = threading.Event()
        self.at_the_gate = threading.Event()

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[str | Exception]:
        self.at_the_gate.set()
        assert self.let.wait(10)
        self.calls.append([mail.raw for mail in arrivals])
        if any(mail.raw == b"bad" for mail in arrivals):
            raise ValueError("a bad row")
        return [ValueError("this one only") if mail.raw == b"odd" else mail.raw.decode() for mail in arrivals]


def together(gate: Gate, group: GroupCommit, raws: list[bytes]) -> list[str | BaseException]:
    """The answers to mails that arrive while the writer is busy with another one."""

    gate.let.clear()
    gate.at_the_gate.clear()

    async def main() -> list[str | BaseException]:
        first = asyncio.ensure_future(group.put(arrival(b"first")))
        await asyncio.to_thread(gate.at_the_gate.wait, 10)
        others = [asyncio.ensure_future(group.put(arrival(raw))) for raw in raws]
        await asyncio.sleep(0)
        gate.let.set()
        await first
        return await asyncio.gather(*others, return_exceptions=True)

    return asyncio.run(main())


def test_what_waits_is_committed_at_once_and_answered_in_order() -> None:
    gate = Gate()
    group = GroupCommit(gate.accept_many)

    assert together(gate, group, [b"1", b"2", b"3"]) == ["1", "2", "3"]
    assert gate.calls == [[b"first"], [b"1", b"2", b"3"]]


def test_no_more_than_so_many_are_committed_at_once() -> None:
    gate = Gate()
    group = GroupCommit(gate.accept_many, 2)
    together(gate, group, [b"1", b"2", b"3"])

    assert gate.calls == [[b"first"], [b"1", b"2"], [b"3"]]


def test_a_bad_mail_does_not_fail_its_companions() -> None:
    gate = Gate()
    answers = together(gate, GroupCommit(gate.accept_many), [b"1", b"bad", b"3"])

    assert [answer for answer in answers if isinstance(answer, str)] == ["1", "3"]
    assert repr(answers[1]) == "ValueError('a bad row')"
    assert gate.calls == [[b"first"], [b"1", b"bad", b"3"], [b"1"], [b"bad"], [b"3"]]


def test_a_mail_can_be_refused_without_failing_the_call() -> None:
    gate = Gate()
    answers = together(gate, GroupCommit(gate.accept_many), [b"1", b"odd"])

    assert answers[0] == "1"
    assert repr(answers[1]) == "ValueError('this one only')"
    assert len(gate.calls) == 2


def test_a_database_that_does_not_answer_is_not_asked_for_each_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_module, "_PATIENCE_SECONDS", -1.0)
    gate = Gate()
    answers = together(gate, GroupCommit(gate.accept_many), [b"bad", b"2", b"3"])

    assert [type(answer) for answer in answers] == [ValueError, TooManyWaiting, TooManyWaiting]


def test_an_accept_that_miscounts_fails_its_mails_and_nothing_else() -> None:
    group = GroupCommit(lambda arrivals: ["m-1"] * 2 if arrivals[0].raw == b"odd" else ["m-1"])

    with pytest.raises(RuntimeError, match="1 mails got 2 answers"):
        group.put_sync(arrival(b"odd"), seconds=10)
    assert group.put_sync(arrival(), seconds=10) == "m-1"


def test_a_thread_is_answered_too() -> None:
    gate = Gate()
    gate.let.set()
    group = GroupCommit(gate.accept_many)

    assert group.put_sync(arrival(b"1"), seconds=10) == "1"
    with pytest.raises(ValueError, match="a bad row"):
        group.put_sync(arrival(b"bad"), seconds=10)


@pytest.mark.parametrize("bound", [{"most_waiting": 2}, {"most_waiting_bytes": 10}])
def test_more_than_there_is_room_for_is_put_off_and_not_kept_in_memory(bound: dict[str, int]) -> None:
    gate = Gate()
    group = GroupCommit(gate.accept_many, **bound)
    for _ in range(2):
        answers = together(gate, group, [b"12345", b"12345", b"12345"])

        assert [type(answer) for answer in answers] == [str, TooManyWaiting, TooManyWaiting]


def test_a_mail_larger_than_all_the_room_passes_alone() -> None:
    gate = Gate()
    gate.let.set()
    group = GroupCommit(gate.accept_many, most_waiting_bytes=10)

    assert group.put_sync(arrival(b"x" * 100), seconds=10) == "x" * 100


def test_closing_finishes_what_was_taken_and_takes_nothing_more() -> None:
    gate = Gate()
    group = GroupCommit(gate.accept_many)
    answers: list[str] = []
    putting = [threading.Thread(target=lambda: answers.append(group.put_sync(arrival(b"1")))) for _ in range(3)]
    for thread in putting:
        thread.start()
    wait_until(lambda: group._mails == 3)
    assert group.close(0.01) is False
    with pytest.raises(Stopped):
        group.put_sync(arrival())
    gate.let.set()

    assert group.close(10) is True
    for thread in putting:
        thread.join()
    assert answers == ["1"] * 3


def test_a_caller_that_is_cancelled_takes_nothing_back_and_hinders_nobody() -> None:
    gate = Gate()
    group = GroupCommit(gate.accept_many)

    async def main() -> str:
        first = asyncio.ensure_future(group.put(arrival(b"first")))
        await asyncio.to_thread(gate.at_the_gate.wait, 10)
        cancelled, companion = (asyncio.ensure_future(group.put(arrival(raw))) for raw in (b"1", b"2"))
        await asyncio.sleep(0)
        cancelled.cancel()
        gate.let.set()
        await first
        return await asyncio.wait_for(companion, 5)

    assert asyncio.run(main()) == "2"
    assert gate.calls == [[b"first"], [b"1", b"2"]]


def test_concurrent_mails_share_commits_and_none_is_lost(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf.db")
    group = GroupCommit(shelf.accept_many)
    raws = [b"Received: x\r\nSubject: %d\r\n\r\n" % n for n in range(300)]

    async def main() -> list[str]:
        return await asyncio.gather(*(group.put(arrival(raw)) for raw in raws))

    answers = asyncio.run(main())
    group.close(10)

    assert sorted(answers) == sorted(f"m-{n}" for n in range(1, 301))
    assert [row["received"] + row["raw"] for row in shelf.rows()] == raws
    assert shelf.commits < 100
    shelf.close()
