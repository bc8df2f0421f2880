"""When a letter is tried again, and when it is not. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from gateway.outbound.outcomes import Accepted, Outcome, PermanentFailure, TemporaryFailure
from gateway.settings import Delivery


@dataclass(frozen=True, slots=True)
class Sent:
    response: str


@dataclass(frozen=True, slots=True)
class Later:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    reason: str


def next_attempt(
    attempts: int, *, now: datetime, first_tried_at: datetime, outcome: Outcome, settings: Delivery
) -> Sent | Later | Refused | GivenUp:
    """What follows from the outcome of attempt number `attempts` (the first is 1).

    `first_tried_at` is when it was first sent: what waits for its turn, or is held, does not use up its time. The waits
    grow as `retry_minutes` says, and the last of them repeats. The last attempt is made when the time is up.
    """
    match outcome:
        case Accepted(response):
            return Sent(response)
        case PermanentFailure(response, status):
            return Refused(response, status)
        case TemporaryFailure(response):
            deadline = first_tried_at + timedelta(hours=settings.give_up_hours)
            if now >= deadline:
                return GivenUp(response)
            waits = settings.retry_minutes
            wait = timedelta(minutes=waits[min(max(attempts, 1), len(waits)) - 1])
            return Later(min(now + wait, deadline), response)
        case _:
            assert_never(outcome)
