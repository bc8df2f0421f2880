"""Machines that answer mail, and the post between them and our gateways: the clock jumps from one event to the next."""

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from gateway.outbound.outcomes import Accepted, Outcome
from gateway.store.tables import delivery, outbox, timer
from gateway.work import tick
from tests.world import World, mail


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail on its way."""

    to: str
    raw: bytes
    envelope_from: str = "auto"


# What a machine does with a mail that reached it: what it sends, each after a while.
Machine = Callable[[str, Message], Iterator[tuple[timedelta, Sent]]]


@dataclass
class Post:
    """Carries mail between worlds and machines. A domain is a world's or a machine's; mail to others is lost."""

    worlds: dict[str, World]
    machines: dict[str, Machine]
    now: datetime
    carried: int = 0
    # When each machine's mail came in at a world, for looking at afterwards.
    received: list[tuple[datetime, str]] = field(default_factory=list)
    _events: list[tuple[datetime, int, Sent | World]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def put(self, sent: Sent, *, after: timedelta = timedelta()) -> None:
        self._push(self.now + after, sent)

    def run(self, until: datetime) -> None:
        """Everything that happens until then."""
        for world in self.worlds.values():
            self._push(self.now, world)
        while self._events and self._events[0][0] <= until:
            self.now, _, event = heapq.heappop(self._events)
            for world in self.worlds.values():
                world.now = self.now
            if isinstance(event, World):
                tick.fire_due(event.office, now=self.now)
                self._work(event)
            else:
                self._deliver(event)
        self.now = until

    def _deliver(self, sent: Sent) -> None:
        domain = sent.to.rpartition("@")[2].lower()
        world = self.worlds.get(domain)
        if world is not None:
            self.received.append((self.now, parseaddr(message_from_bytes(sent.raw)["From"])[1]))
            world.keep(sent.raw, to=[sent.to], envelope_from=sent.envelope_from)
            self._work(world)
            return
        for known, machine in self.machines.items():
            if sent.to == known or domain == known or domain.endswith(f".{known}"):
                for after, answer in machine(sent.to, message_from_bytes(sent.raw, policy=compat32)):
                    self.put(answer, after=after)

    def _work(self, world: World) -> None:
        world.work()
        while world.send(_Door(self)):
            """Until nothing is due."""
        due = _next_due(world)
        if due is not None:
            self._push(max(due, self.now + timedelta(seconds=1)), world)

    def _push(self, moment: datetime, event: Sent | World) -> None:
        if not any(one == moment and other is event for one, _, other in self._events if isinstance(event, World)):
            heapq.heappush(self._events, (moment, next(self._numbers), event))


class _Door:
    """The way out of a world, into the post."""

    def __init__(self, post: Post) -> None:
        self.post = post

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        self.post.carried += 1
        self.post.put(Sent(to, data, envelope_from), after=timedelta(seconds=5))
        return Accepted("250 taken")

    def close(self) -> None:
        """Nothing is kept open."""


def _next_due(world: World) -> datetime | None:
    with world.office.database.read() as connection:
        moments = [
            connection.execute(select(sa.func.min(table.c.due_at)).where(condition)).scalar()
            for table, condition in (
                (delivery, delivery.c.status == "pending"),
                (outbox, outbox.c.status == "pending"),
                (timer, timer.c.fired_at.is_(None)),
            )
        ]
    return min((one for one in moments if one is not None), default=None)


# --- machines ------------------------------------------------------------------------------------------------------


def one_line(value: object) -> str:
    return " ".join(str(value).split())


def vacation(text: str, *, headers: dict[str, str], after: timedelta, s1: bool = True) -> Machine:
    """Answers each mail where it says that answers go, as if somebody pressed Reply."""

    def machine(me: str, came: Message) -> Iterator[tuple[timedelta, Sent]]:
        to = parseaddr(str(came["Reply-To"] or came["From"]))[1]
        answer = mail(
            from_=me,
            to=to,
            subject=f"Re: {one_line(came['Subject'])}",
            in_reply_to=one_line(came["Message-ID"]),
            text=text,
            headers=headers,
            s1=s1,
            date="",
        )
        yield after, Sent(to, answer)

    return machine


def dumb_desk(subject: str, text: str, *, after: timedelta) -> Machine:
    """A ticket system without manners: it answers From, under a subject of its own, and says nowhere what it is."""
    cases = itertools.count(4711)

    def machine(me: str, came: Message) -> Iterator[tuple[timedelta, Sent]]:
        to = parseaddr(str(came["From"]))[1]
        number = next(cases)
        answer = mail(from_=me, to=to, subject=subject.format(number), text=text.format(number), s1=True, date="")
        yield after, Sent(to, answer)

    return machine


def ever_new(domain: Callable[[int], str], *, after: timedelta, to: str) -> Machine:
    """Answers each mail from an address that nobody saw before."""
    numbers = itertools.count(1)

    def machine(_me: str, _came: Message) -> Iterator[tuple[timedelta, Sent]]:
        number = next(numbers)
        from_ = f"confirm-{number}@{domain(number)}"
        yield after, Sent(to, mail(from_=from_, to=to, subject="Please confirm", text=f"Ticket {number}", s1=True))

    return machine


def mailing_list(members: Sequence[str], *, marked: bool) -> Machine:
    """Sends each mail to all members but its author, as its own; without marks it does not say that it is a list."""

    def machine(me: str, came: Message) -> Iterator[tuple[timedelta, Sent]]:
        author = parseaddr(str(came["From"]))[1]
        text: Any = came.get_payload(0) if came.is_multipart() else came
        body = text.get_payload(decode=True).decode("utf-8", "replace")
        headers = {"List-Id": f"<{me.replace('@', '.')}>", "Precedence": "list"} if marked else {}
        for member in members:
            if member != author:
                again = mail(
                    from_=f"{author.replace('@', ' at ')} via list <{me}>",
                    to=me if marked else member,
                    subject=f"[list] {one_line(came['Subject'])}",
                    text=body,
                    headers=headers,
                    s1=True,
                    date="",
                )
                yield timedelta(minutes=1), Sent(member, again, me)

    return machine
