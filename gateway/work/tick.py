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
from gateway.store import checks, claims, counts, leases, letters, mails, people, tickets, timers
from gateway.store.session import temporary
from gateway.store.timers import DueTimer
from gateway.work.office import Office

MOST_TIMERS = 500
AFTER_TROUBLE = timedelta(minutes=5)
# How often the daemon purges.
EVERY = timedelta(minutes=10)
# A mail that is taken in has its row within minutes of its blob.
YOUNG = timedelta(days=1)
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
        names = {*claims.claimants(connection), *letters.claimants(connection), *leases.holders(connection)}
        dead = [name for name in names if _died_here(name, node)]
        taken = claims.take_over_the_dead(connection, now=now, known=dead)
        leases.give_back_all(connection, dead)
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
                    outcome = _fire(connection, one, office, now=now)
                    if isinstance(outcome, datetime):
                        timers.postpone(connection, one.id, until=outcome)
                        continue
                    timers.fired(connection, one.id, now=now, outcome=outcome)
            except Exception as error:
                if temporary(error):
                    raise
                log.exception("a timer could not be fired", ticket=one.ticket_id, timer=one.id, rule=one.rule)
                timers.postpone(connection, one.id, until=now + AFTER_TROUBLE)
            else:
                count += 1
    return count


def _fire(connection: Connection, one: DueTimer, office: Office, *, now: datetime) -> str | datetime:
    """What time that has passed does to a ticket; in a word, for the timer's row. Or when to ask again."""
    if one.rule == CONFIRM and one.person_id is not None:
        done = remind(connection, one.person_id, office.rules, now=now)
        if isinstance(done, datetime):
            return done
        return "reminded" if done else "nothing to do"
    kept = tickets.find(connection, one.ticket_id, lock=True) if one.ticket_id is not None else None
    if kept is None or one.rule != DUE or kept.ticket.closed_at is not None:
        return "nothing to do"
    if kept.muted_until is not None and kept.muted_until > now:
        return kept.muted_until
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
    """Drop what is past its retention time; how many rows. Blobs that nothing names any more go too."""
    kept = office.settings.retention
    with office.database.write() as connection:
        raw, blobs = mails.purge(connection, before=now - timedelta(days=kept.raw_days), now=now)
        before = now - timedelta(days=kept.automatic_days)
        automatic, more = mails.purge(connection, before=before, now=now, automatic=True)
        texts = letters.purge(connection, before=now - timedelta(days=kept.letters_days), now=now)
        counted = counts.forget(connection, before=now - KEEP_COUNTS)
    # A crash between the two leaves files that nothing names; a part of all is looked through each time.
    part = int(now.timestamp() / EVERY.total_seconds()) % 256
    _drop_blobs(office, [*blobs, *more, *office.blobs.in_folder(part)], now=now)
    return raw + automatic + texts + counted


def _drop_blobs(office: Office, digests: list[str], *, now: datetime) -> None:
    """Remove those that no row names. A door puts a blob before it commits the row, so young ones stay."""
    if not digests:
        return
    with office.database.read() as connection:
        unnamed = checks.unnamed(connection, sorted(set(digests)))
    dropped = sum(office.blobs.drop(digest, before=now - YOUNG) for digest in unnamed)
    if dropped:
        log.info("blobs that nothing names any more are gone", number=dropped)
