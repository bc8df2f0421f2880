"""When a letter that nobody wrote by hand may leave. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Goes:
    """It may leave then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """It is written, and waits until an operator releases the breaker."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """It is not written, and why."""

    why: str


Turn = Goes | Held | Dropped
