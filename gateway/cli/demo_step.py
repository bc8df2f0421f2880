"""What the demo's story is made of: a step, what is done in it, and what has to come of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.desk.words import Labels


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail between the letter and its answer, which our door never saw: it comes as a quotation."""

    by: Somebody
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """A mail. With `answers`, the name of a letter, it replies to the newest of those that `by` got, and quotes it
    below `between`, the oldest first."""

    by: Somebody
    text: str
    subject: str = ""
    answers: str = ""
    between: tuple[Copy, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waits:
    """The clock goes forward by so many business days, and after that by a week."""

    business_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comes:
    """What has to come of a step: of its mail, its ticket, the account of a person; and the letters with their readers.

    `reads` is the new text that the desk reads, when the mail has more than that.
    """

    verdict: str = ""
    ticket: int | None = None
    state: str = ""
    account: tuple[Somebody, str] | None = None
    reads: str = ""
    letters: tuple[tuple[str, Somebody], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    heading: Labels
    told: Labels
    does: Writes | Waits
    comes: Comes
