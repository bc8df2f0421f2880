"""A timer of a ticket whose time has come: whether it still holds, whether it may close now, and what it does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy.engine import Connection

from gateway.apply.caps import Asked, count, new_sender, reminder_turn
from gateway.apply.caught_up import unread
from gateway.apply.change import write_change
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Rules, dedupe_key
from gateway.apply.telling import alert, its_requester
from gateway.desk.actions import Change, climb, elapse
from gateway.desk.areas import Area
from gateway.desk.business_time import due
from gateway.desk.clocks import TimerRule
from gateway.desk.notices import Alert, Audience, Letter
from gateway.desk.people import Actor, ActorKind
from gateway.desk.reckoning import DUE, LADDER, due_of, reminder_before, timers
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field, Ticket
from gateway.outbound.leaving import Goes
from gateway.store import judgements, letters, participants, people, tickets
from gateway.store import timers as timer_rows
from gateway.store.tickets import KeptTicket
from gateway.store.timers import DueTimer

# A mail may be on its way through the doors and the workers; closing can wait for it.
FOR_PENDING_MAIL = timedelta(minutes=10)
# A reminder that has not gone out yet is looked at again after so long.
FOR_UNSENT_REMINDER = timedelta(hours=1)
CLOCK = Actor(None, ActorKind.CLOCK)


@dataclass(frozen=True, slots=True)
class Fired:
    """What the timer did, in a word for its row."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Later:
    """The timer is not for now; at `until` it is looked at again."""

    until: datetime
    why: str


DONE = "done"
NOTHING = Fired("nothing to do")


def fire(connection: Connection, one: DueTimer, rules: Rules, *, now: datetime) -> Fired | Later:
    """What time that has passed does to a ticket, read and written under its lock."""
    kept = None if one.ticket_id is None else tickets.find(connection, one.ticket_id, lock=True)
    if kept is None:
        return NOTHING
    area = rules.desk.areas.get(kept.ticket.area) or rules.desk.first()
    # What the ticket has by its workflow now: the file may have changed since the timer was set.
    wanted = timers(kept.ticket, workflow=area.workflow, calendar=area.calendar)
    timer_rows.sync(connection, kept.ticket.id, wanted)
    if one.once_key not in {timer_rows.key_of(kept.ticket.id, timer) for timer in wanted}:
        return NOTHING
    firing = _Firing(connection, one, kept, area, rules, now)
    if kept.muted_until is not None and kept.muted_until > now:
        return Later(kept.muted_until, "the ticket is muted")
    if one.rule == DUE:
        return firing.promised()
    if one.rule.startswith(LADDER):
        return firing.write(climb(kept.ticket, workflow=area.workflow, now=now), "escalated")
    rule = area.workflow.rule(one.rule)
    assert rule is not None, "it is one of the timers that were just reckoned"
    return firing.by(rule)


@dataclass(frozen=True, slots=True)
class _Firing:
    """One timer in hand."""

    connection: Connection
    one: DueTimer
    kept: KeptTicket
    area: Area
    rules: Rules
    now: datetime

    @property
    def ticket(self) -> Ticket:
        return self.kept.ticket

    def by(self, rule: TimerRule) -> Fired | Later:
        if rule.stale is not None and self.now > due(self.area.calendar, self.one.due_at, rule.stale):
            return Fired("dropped: it came too late")
        if rule.ahead is not None and self._missed(rule):
            return Fired("dropped: its time is over already")
        if rule.call:
            turn = self._turn()
            if turn > self.now:
                return Later(turn, "the requester is absent, or a cap has no room")
        if rule.call and self._overtaken(rule):
            return Fired("dropped: the next one is due already")
        if self._closes(rule):
            waiting = self._waits_to_close(rule)
            if waiting is not None:
                return waiting
        change = elapse(self.ticket, rule, workflow=self.area.workflow, now=self.now)
        if rule.call:
            self._count()
        return self.write(change, "closed" if self._closes(rule) else DONE)

    def promised(self) -> Fired:
        """The date that the ticket was promised for has passed."""
        alert(self.connection, Audience.OWNER, self._occasion(Alert.OVERDUE), self.rules)
        tickets.write_event(
            self.connection,
            action="overdue",
            actor_kind="clock",
            cause=f"timer {self.one.rule}",
            now=self.now,
            ticket_id=self.ticket.id,
        )
        return Fired("alerted")

    def write(self, change: Change, outcome: str) -> Fired:
        # Marked first: a timer that has fired stays when the ticket's timers are set anew.
        timer_rows.fired(self.connection, self.one.id, now=self.now, outcome=outcome)
        write_change(
            self.connection,
            change,
            self._occasion(),
            self.rules,
            before=self.ticket,
            actor=CLOCK,
            cause=f"timer {self.one.rule}",
        )
        return Fired(outcome)

    def _closes(self, rule: TimerRule) -> bool:
        return rule.to is not None and self.area.workflow.state(rule.to).kind is StateKind.FINAL

    def _missed(self, rule: TimerRule) -> bool:
        """Whether what is warned of has happened while the clock stood still."""
        return due_of(replace(rule, ahead=None), self.ticket, calendar=self.area.calendar).due_at <= self.now

    def _overtaken(self, rule: TimerRule) -> bool:
        """Whether a later reminder of the same row is due too: of those that had to wait only the newest goes out."""
        mine = due_of(rule, self.ticket, calendar=self.area.calendar).due_at
        return any(
            other.call and other.name != rule.name and other.since == rule.since and other.concerns(self.ticket)
            and mine < due_of(other, self.ticket, calendar=self.area.calendar).due_at <= self.now
            for other in self.area.workflow.timers
        )  # fmt: skip

    def _turn(self) -> datetime:
        """When a reminder may go out: it waits for its reader and for room in the caps, and is never dropped."""
        person = people.by_id(self.connection, self.ticket.requester_id)
        if person is None or not self.kept.requester_address:
            return self.now
        return reminder_turn(self.connection, person, self._asked(person), self.rules, now=self.now)

    def _count(self) -> None:
        person = people.by_id(self.connection, self.ticket.requester_id)
        if person is not None and self.kept.requester_address:
            count(self.connection, self._asked(person), Goes(self.now), now=self.now)

    def _asked(self, person: people.Person) -> Asked:
        return Asked(
            address=self.kept.requester_address,
            new_sender=new_sender(person),
            ticket=self.ticket.id,
            muted_until=self.kept.muted_until,
        )

    def _waits_to_close(self, rule: TimerRule) -> Fired | Later | None:
        """Why the ticket may not be closed now (RULES 4); None when it may."""
        unread_in = unread(self.connection, self.rules.settings.mailbox, self.ticket.area, now=self.now)
        if unread_in:
            return Later(self.now + FOR_PENDING_MAIL, f"there may be unread mail in the mailbox {unread_in}")
        if judgements.unjudged_of(self.connection, self._writers()):
            return Later(self.now + FOR_PENDING_MAIL, "a mail of somebody who takes part is not judged yet")
        if self.ticket.field(Field.QUIET):
            # Who wants no reminders is not waited for until they had them.
            return None
        workflow, calendar = self.area.workflow, self.area.calendar
        reminder = reminder_before(rule, self.ticket, workflow=workflow, calendar=calendar)
        if reminder is None or not self.kept.requester_address:
            return None
        last = due_of(reminder, self.ticket, calendar=calendar)
        gap = due_of(rule, self.ticket, calendar=calendar).due_at - last.due_at
        row = timer_rows.of_key(self.connection, timer_rows.key_of(self.ticket.id, last))
        if row.outcome != DONE:
            turn = self._turn()
            if turn > self.now:
                return Later(turn, "its last reminder has to wait")
            # It was dropped, or the clock stood still: it is made up now, and the closing keeps its distance.
            self._count()
            reminded = elapse(self.ticket, reminder, workflow=self.area.workflow, now=self.now)
            occasion = replace(self._occasion(), closes_at=self.now + gap)
            write_change(
                self.connection,
                reminded,
                occasion,
                self.rules,
                before=self.ticket,
                actor=CLOCK,
                cause=f"timer {reminder.name}",
            )
            timer_rows.made_up(self.connection, row.id, by=self.one.id, now=self.now)
            return Later(self.now + gap, "its last reminder goes out now")
        key = dedupe_key(Letter.REMINDER.value, self.kept.requester_address, f"timer {row.made_up_by or row.id}")
        sent = letters.by_dedupe_key(self.connection, key)
        if sent is None:
            return None
        if sent.sent_at is not None:
            early = sent.sent_at + gap > self.now
            return Later(sent.sent_at + gap, "its last reminder is too young") if early else None
        if sent.waits:
            return Later(self.now + FOR_UNSENT_REMINDER, "its last reminder has not gone out yet")
        # Its owner has been told that it did not arrive, and closes it by hand, or not.
        return Fired("not closed: the last reminder could not be sent")

    def _writers(self) -> set[str]:
        """Every address of the requester, and of all others who take part."""
        persons = {self.ticket.requester_id, *participants.parts(self.connection, self.ticket.id)}
        theirs = participants.addresses_of(self.connection, persons).values()
        return {self.kept.requester_address, *chain.from_iterable(theirs)} - {""}

    def _occasion(self, kind: Alert = Alert.OVERDUE) -> Occasion:
        return Occasion(
            ticket=self.ticket,
            requester=its_requester(self.connection, self.kept),
            area=self.area,
            anchor=f"timer {self.one.id}",
            now=self.now,
            alert=kind,
        )
