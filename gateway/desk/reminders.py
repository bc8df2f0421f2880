"""When a ticket may close after reminders that were promised before it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Reminder:
    """One that was promised for `due_at`; `sent_at` is None as long as it waits for its reader or for room in a cap."""

    due_at: datetime
    sent_at: datetime | None


def closes_at(reminders: Sequence[Reminder], planned: datetime) -> datetime | None:
    """When the closing that was planned may come; None while a reminder before it has not left.

    Each reminder that left late moves the closing by as much: the last one leaves its reader the gap that it promised.
    A cap never drops a reminder: then the closing waits (RULES 5).
    """
    before = [one for one in reminders if one.due_at <= planned]
    late = timedelta()
    for one in before:
        if one.sent_at is None:
            return None
        late = max(late, one.sent_at - one.due_at)
    return planned + late
