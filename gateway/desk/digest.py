"""When somebody's digest is due, and which notices may wait for it. Pure."""

from datetime import datetime, time, timedelta

from gateway.desk.business_time import next_opening
from gateway.desk.calendar import Calendar, instant_of
from gateway.desk.notices import Alert, Letter

MAY_WAIT = frozenset({Letter.ALERT, Letter.STATUS, Letter.OWNER_CHANGED, Letter.STATE_CHANGED, Letter.ESCALATED})
"""Letters that tell what can be seen on the ticket too.

All others are what people wrote, what was promised (receipts, reminders, closings), or what somebody has to answer.
"""

NEVER_WAIT = frozenset({Alert.PENDING_NOTE, Alert.DISCOURTEOUS})
"""Alerts that somebody has to answer for what they wrote to go out."""

MOST_DAYS = 370


def next_digest(calendar: Calendar, hour: int, now: datetime) -> datetime:
    """The first opening after this hour of a day, by the calendar's clock, that is later than now."""
    today = calendar.local(now).date()
    for later in range(MOST_DAYS):
        day = today + timedelta(days=later)
        opening = next_opening(calendar, instant_of(datetime.combine(day, time(hour)), calendar.zone))
        if opening > now and calendar.local(opening).date() == day:
            return opening
    # It is open only before this hour, on every day.
    return next_opening(calendar, instant_of(datetime.combine(today + timedelta(days=1), time()), calendar.zone))
