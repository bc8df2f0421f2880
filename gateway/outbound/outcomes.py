"""What became of one attempt to send a letter. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has taken the letter over; `response` is its answer, or the path of the file."""

    response: str


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """It may work later. Every doubt is one of these."""

    response: str


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """This letter to this recipient was refused for good. `status` is the enhanced code (RFC 3463), or empty."""

    response: str
    status: str = ""


Outcome = Accepted | TemporaryFailure | PermanentFailure
