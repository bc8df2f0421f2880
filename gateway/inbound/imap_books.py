"""What a mailbox's door is given: where it writes down what it read, and what it hands in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.inbound.arrivals import Arrival
from gateway.store.mailboxes import Entry, Place, State


class LostLease(Exception):  # noqa: N818  (reads as an outcome)
    """Another process reads this mailbox now: nothing more is written here."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail out of a mailbox; `large` when only its header was read."""

    uid: int
    arrival: Arrival
    large: bool = False


class Books(Protocol):
    """The state and the ledger of one folder, and the lease on it. Each call is one commit.

    All but the lease's own calls raise LostLease, and write nothing, when another process holds the lease.
    """

    def lease(self, seconds: float) -> bool:
        """Take or renew the lease for so long; False while another holds it."""

    def give_back(self) -> None:
        """End the lease, so that another process need not wait until it runs out."""

    def state(self) -> State | None:
        """How far the folder was read; None when it never was."""

    def begin_at(self, state: State, *, forget: Place | None = None) -> None:
        """Remember where reading begins; the ledger of `forget` is dropped with it."""

    def ledger(self, place: Place) -> Mapping[int, Entry]:
        """What became of every mail."""

    def keep(self, place: Place, fetched: Sequence[Fetched]) -> Mapping[int, str]:
        """Keep mails with their ledger rows in one commit; the ids ('m-12') of those that were new, by their UID."""

    def pass_over(self, place: Place, uids: Sequence[int]) -> None:
        """Enter mails that are not to be read."""

    def failed(self, place: Place, uids: Sequence[int]) -> None:
        """Count a failure for mails that could not be read."""

    def finished(self, place: Place, uids: Sequence[int]) -> None:
        """Say that they are marked, moved, or deleted in the mailbox, or gone from it."""

    def forget(self, place: Place, uids: Sequence[int]) -> None:
        """Drop failures of mails that are no more there."""

    def note(self, **values: Any) -> None:
        """What an operator is to see: `checked_at`, `trouble`, `behind`, `spam`, `token_until`."""
