"""What the clock does to tickets: rules of timers, promised times, and the ladder of escalation. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gateway.desk.duration import Duration
from gateway.desk.notices import Wanted
from gateway.desk.ticket import Field
from gateway.desk.words import Labels


class Since(StrEnum):
    """The event that a timer counts from."""

    CREATED = "created"
    ENTERED = "entered"
    LAST_AGENT_RETURN = "last_agent_return"
    LAST_UPDATE = "last_update"
    LAST_CUSTOMER = "last_customer"


class Call(StrEnum):
    """Which of several reminders one is."""

    FIRST = "first"
    SECOND = "second"
    LAST = "last"


class Timed(Protocol):
    """What a timer looks at: a ticket as it is, or as it was."""

    @property
    def state(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def state_since(self) -> datetime: ...
    @property
    def last_agent_return_at(self) -> datetime | None: ...
    @property
    def last_customer_at(self) -> datetime | None: ...
    def field(self, name: Field) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRule:
    """What happens to a ticket that is in one of `states` when so much time has passed since an event.

    `ahead` fires it so long before. `unanswered` is for tickets that nobody of the desk has answered yet, `unescalated`
    for those at no level of the ladder. `categories` and `stale` are empty and None for all tickets and any delay: a
    timer that comes later than `stale` is dropped. `call` makes it a reminder, and `to` leads to another state.
    `classification` is set; `raises` lifts the priority one step; `escalates` moves the ticket to the next level of the
    ladder; `target` marks it as having missed that, and the priority rises once for it.
    """

    name: str
    states: tuple[str, ...]
    after: Duration
    since: Since
    ahead: Duration | None = None
    unanswered: bool = False
    unescalated: bool = False
    categories: frozenset[str] = frozenset()
    stale: Duration | None = None
    call: Call | None = None
    to: str | None = None
    classification: str = ""
    raises: bool = False
    escalates: bool = False
    target: str = ""
    notices: tuple[Wanted, ...] = ()

    def concerns(self, ticket: Timed) -> bool:
        """Whether a ticket as it is now has this timer."""
        return (
            ticket.state in self.states
            and (not self.unanswered or ticket.last_agent_return_at is None)
            and (not self.unescalated or not ticket.field(Field.LEVEL))
            and (not self.categories or ticket.category.casefold() in self.categories)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A time that the desk promises, as its requesters read it; `rule` is the timer of its being missed."""

    name: str
    labels: Labels
    rule: TimerRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of the escalation ladder, and how long a ticket stays there before it goes on to the next."""

    name: str
    labels: Labels
    wait: Duration | None = None
