"""Somebody is away, as their automatic reply says, until when; or is back, because they write themselves (RULES 5)."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from gateway.apply.pieces import event
from gateway.inbound.absence_dates import return_day
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts, Relation
from gateway.store import people
from gateway.threading.match import Evidence


def note_absence(connection: Connection, facts: Facts, number: int) -> None:
    """Write down when a person of this ticket is back. Their reminders wait until then, and an agent gets no alerts."""
    person = facts.person
    if person is None or not _theirs(facts):
        return
    if person.absence_declared and person.away(facts.now):
        # They said how long themselves: what they write, or their program, does not change it.
        return
    if facts.prepared.kind.kind is MailKind.PERSON and person.absent_until is not None:
        people.update(connection, person.id, absent_until=None, absence_declared=False)
        event(connection, "back", facts, number, actor=person.id)
    if facts.prepared.kind.kind is not MailKind.AUTOMATIC_REPLY:
        return
    said = f"{facts.prepared.mail.subject}\n{facts.prepared.reply.new_text}"
    day = return_day(said, today=facts.prepared.claimed.received_at.date())
    if day is None:
        return
    zone = ZoneInfo(person.zone) if person.zone else UTC
    until = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    people.update(connection, person.id, absent_until=until, absence_declared=False)
    event(connection, "absent", facts, number, actor=person.id, until=until.isoformat())


def _theirs(facts: Facts) -> bool:
    """Whether the mail is this person's: proven, or an answer to a letter that went to them and to nobody else.

    Who forges an absence could else silence an agent's alerts; a customer's has only reminders to lose.
    """
    if facts.verified or facts.evidence is Evidence.OWN_TOKEN:
        return True
    return facts.evidence is Evidence.MESSAGE_ID and facts.relation in (Relation.REQUESTER, Relation.PARTICIPANT)
