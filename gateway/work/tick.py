"""What the clock does: claims of the dead are taken over, due timers fire, old bytes are dropped."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import Connection

from gateway.apply.accounts import CONFIRM, remind
from gateway.apply.clock import Fired, Later, fire
from gateway.apply.digest import DIGEST, plan_for_the_desk, write_digest
from gateway.log import get_log
from gateway.store import checks, claims, commands, counts, leases, letters, mails, timers
from gateway.store.session import temporary
from gateway.store.timers import DueTimer
from gateway.work.office import Office

# In one commit: on SQLite nobody else writes meanwhile.
MOST_TIMERS = 50
# In one pass, so that what else the clock does has its turn.
MOST_IN_A_PASS = 5_000
A_MOMENT = timedelta(seconds=1)
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

    How many were looked at, those put off among them. One that fails keeps no other waiting; it is tried again a
    little later.
    """
    count = 0
    while count < MOST_IN_A_PASS and (looked_at := _fire_some(office, now=now)):
        count += looked_at
    return count


def _fire_some(office: Office, *, now: datetime) -> int:
    """The next few that are due, in one commit; how many."""
    count = 0
    with office.database.write() as connection:
        for one in timers.due(connection, now=now, most=MOST_TIMERS):
            try:
                with connection.begin_nested():
                    match _fire(connection, one, office, now=now):
                        case Fired(outcome):
                            timers.fired(connection, one.id, now=now, outcome=outcome)
                        case Later(until, why):
                            timers.postpone(connection, one.id, until=max(until, now + A_MOMENT))
                            log.info(f"a timer waits: {why}", ticket=one.ticket_id, rule=one.rule)
            except Exception as error:
                if temporary(error):
                    raise
                log.exception("a timer could not be fired", ticket=one.ticket_id, timer=one.id, rule=one.rule)
                timers.postpone(connection, one.id, until=now + AFTER_TROUBLE)
            count += 1
    return count


def _fire(connection: Connection, one: DueTimer, office: Office, *, now: datetime) -> Fired | Later:
    if one.rule == CONFIRM and one.person_id is not None:
        done = remind(connection, one.person_id, office.rules, now=now)
        if isinstance(done, datetime):
            return Later(done, "the person is absent, or a cap has no room")
        return Fired("reminded" if done else "nothing to do")
    if one.rule == DIGEST and one.person_id is not None:
        said = write_digest(connection, one.person_id, office.rules, now=now)
        if isinstance(said, datetime):
            return Later(said, "the person is absent")
        return Fired("written" if said else "nothing to do")
    return fire(connection, one, office.rules, now=now)


def plan_digests(office: Office, *, now: datetime) -> None:
    """Give everybody of the desk the timer of their next digest."""
    if not office.settings.digest.on:
        return
    with office.database.write() as connection:
        plan_for_the_desk(connection, office.rules, now=now)


def purge(office: Office, *, now: datetime) -> int:
    """Drop what is past its retention time; how many rows. Blobs that nothing names any more go too."""
    kept = office.settings.retention
    with office.database.write() as connection:
        raw, blobs = mails.purge(connection, before=now - timedelta(days=kept.raw_days), now=now)
        before = now - timedelta(days=kept.automatic_days)
        automatic, more = mails.purge(connection, before=before, now=now, automatic=True)
        texts = letters.purge(connection, before=now - timedelta(days=kept.letters_days), now=now)
        late = commands.purge(connection, now=now)
        counted = counts.forget(connection, before=now - KEEP_COUNTS)
    # A crash between the two leaves files that nothing names; a part of all is looked through each time.
    part = int(now.timestamp() / EVERY.total_seconds()) % 256
    _drop_blobs(office, [*blobs, *more, *office.blobs.in_folder(part)], now=now)
    return raw + automatic + texts + late + counted


def _drop_blobs(office: Office, digests: list[str], *, now: datetime) -> None:
    """Remove those that no row names. A door puts a blob before it commits the row, so young ones stay."""
    if not digests:
        return
    with office.database.read() as connection:
        unnamed = checks.unnamed(connection, sorted(set(digests)))
    dropped = sum(office.blobs.drop(digest, before=now - YOUNG) for digest in unnamed)
    if dropped:
        log.info("blobs that nothing names any more are gone", number=dropped)
