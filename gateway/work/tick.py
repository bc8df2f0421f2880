"""What the clock does: claims of the dead are taken over, due timers fire, old bytes are dropped."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from gateway.apply.accounts import CONFIRM, remind
from gateway.apply.change import DUE
from gateway.apply.posting import Recipient
from gateway.apply.telling import Occasion, alert, recipient
from gateway.desk.notices import Audience
from gateway.log import get_log
from gateway.store import claims, counts, letters, mails, people, tickets, timers
from gateway.store.session import temporary
from gateway.store.timers import DueTimer
from gateway.work.office import Office

MOST_TIMERS = 500
AFTER_TROUBLE = timedelta(minutes=5)
KEEP_COUNTS = timedelta(days=3)

log = get_log()


def take_over(office: Office, *, now: datetime) -> int:
    """Give back what processes had claimed that are no more; how many mails and letters."""
    with office.database.write() as connection:
        return claims.take_over_the_dead(connection, now=now) + letters.take_over_the_dead(connection, now=now)


def take_over_here(office: Office, node: str, *, now: datetime) -> int:
    """Give back at once what dead processes of this very machine had claimed; to be called before work begins.

    Elsewhere a process may be alive although no such number runs here; its work is then rolled back when it finds that
    its claim is gone.
    """
    with office.database.write() as connection:
        names = {*claims.claimants(connection), *letters.claimants(connection)}
        dead = [name for name in names if _died_here(name, node)]
        taken = claims.take_over_the_dead(connection, now=now, known=dead)
        return taken + letters.take_over_the_dead(connection, now=now, known=dead)


def _died_here(name: str, node: str) -> bool:
    """Whether `node/123-abcd…` names a process of this node that runs no more."""
    where, _, process = name.partition("/")
    number = process.partition("-")[0]
    return where == node and number.isdecimal() and not Path(f"/proc/{number}").exists()


def fire_due(office: Office, *, now: datetime) -> int:
    """Fire the timers that are due, each once: it is marked in the savepoint that writes what it does.

    How many fired. One that fails keeps no other waiting; it is tried again a little later.
    """
    count = 0
    with office.database.write() as connection:
        for one in timers.due(connection, now=now, most=MOST_TIMERS):
            try:
                with connection.begin_nested():
                    timers.fired(connection, one.id, now=now, outcome=_fire(connection, one, office, now=now))
            except Exception as error:
                if temporary(error):
                    raise
                log.exception("a timer could not be fired", ticket=one.ticket_id, timer=one.id, rule=one.rule)
                timers.postpone(connection, one.id, until=now + AFTER_TROUBLE)
            else:
                count += 1
    return count


def _fire(connection: Connection, one: DueTimer, office: Office, *, now: datetime) -> str:
    """What time that has passed does to a ticket; in a word, for the timer's row."""
    if one.rule == CONFIRM and one.person_id is not None:
        return "reminded" if remind(connection, one.person_id, office.rules, now=now) else "nothing to do"
    kept = tickets.find(connection, one.ticket_id, lock=True) if one.ticket_id is not None else None
    if kept is None or one.rule != DUE or kept.ticket.closed_at is not None:
        return "nothing to do"
    area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
    requester = people.by_id(connection, kept.ticket.requester_id)
    occasion = Occasion(
        ticket=kept.ticket,
        requester=recipient(requester, address=kept.requester_address) if requester else Recipient(0, ""),
        area=area,
        anchor=f"timer {one.id}",
        now=now,
        alert="overdue",
    )
    alert(connection, Audience.OWNER, occasion, office.rules)
    tickets.write_event(
        connection, action="overdue", actor_kind="clock", cause=f"timer {one.rule}", now=now, ticket_id=kept.ticket.id
    )
    log.info("a promised date has passed", ticket=kept.ticket.id)
    return "alerted"


def purge(office: Office, *, now: datetime) -> int:
    """Drop what is past its retention time; how many rows."""
    kept = office.settings.retention
    with office.database.write() as connection:
        raw = mails.purge(connection, before=now - timedelta(days=kept.raw_days), now=now)
        texts = letters.purge(connection, before=now - timedelta(days=kept.letters_days), now=now)
        return raw + texts + counts.forget(connection, before=now - KEEP_COUNTS)
