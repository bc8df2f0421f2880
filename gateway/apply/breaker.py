"""The breaker: when too many letters would go to people who never confirmed, the rest wait for an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.duty import TEAM
from gateway.apply.posting import Draft, Rules, post
from gateway.apply.telling import SUPERVISORS, recipient
from gateway.desk.areas import Area
from gateway.desk.providers import public
from gateway.log import get_log
from gateway.outbound.pace import paced
from gateway.store import breakers, counts, people, rosters, tickets, turns
from gateway.store.breakers import EVERYBODY, Breaker
from gateway.store.counts import Counted

NEW_SENDER = "new sender"
CONFIRMED = "confirmed"
DAY = timedelta(hours=24)
# So long after the last of the letters before a release none of them counts within the hour any more.
AFTERWARDS = timedelta(minutes=65)

log = get_log()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a breaker trips: so many letters in so many hours."""

    letters: int
    hours: int

    def __str__(self) -> str:
        letters = f"{self.letters} {'letter' if self.letters == 1 else 'letters'}"
        if self.hours == 1:
            return f"{letters} in an hour to people who never confirmed"
        return f"{letters} in {self.hours} hours to people who never confirmed, and nobody confirmed"


def held_back(connection: Connection, domain: str, rules: Rules, *, now: datetime) -> bool:
    """Whether a letter to a never-confirmed sender of this domain has to wait for an operator; trips what is due."""
    if breakers.is_on(connection, domain):
        return True
    caps = rules.settings.caps
    if reason := _too_many_now(connection, caps.new_senders, now=now):
        trip(connection, EVERYBODY, reason, rules, now=now)
        return True
    for scope, most in ((EVERYBODY, caps.unconfirmed), (domain, caps.unconfirmed_per_domain)):
        if (scope == EVERYBODY or not public(scope)) and (reason := _unconfirmed(connection, scope, most, now=now)):
            trip(connection, scope, reason, rules, now=now)
            return True
    return False


def trip(connection: Connection, scope: str, reason: Reason, rules: Rules, *, now: datetime) -> bool:
    """Hold what waits for its turn too, and tell those who can release it, once; False when it is on already."""
    number = breakers.trip(connection, scope, why=str(reason), now=now)
    if number is None:
        return False
    breakers.hold(connection, scope, after=now)
    turns.give_back(connection, NEW_SENDER, subject=scope, after=now)
    tickets.write_event(
        connection,
        action="breaker on",
        actor_kind="system",
        cause="a cap",
        now=now,
        data={"scope": scope, "why": str(reason)},
    )
    log.error("the breaker is on: letters to new senders wait for `gateway breaker release`", reason=str(reason))
    for person, area in _who_can_release(connection, rules, now=now):
        draft = Draft(
            letter="breaker",
            to=recipient(person),
            area=area,
            ticket_id=None,
            anchor=f"breaker {number}",
            variables={
                "domain": "" if scope == EVERYBODY else scope,
                "letters": reason.letters,
                "hours": reason.hours,
                "tripped_at": now,
            },
            now=now,
        )
        post(connection, draft, rules)
    return True


def release(connection: Connection, one: Breaker, rules: Rules, *, by: str, send: bool, now: datetime) -> int:
    """Switch it off, and let what it held go at half the pace of the caps, or drop it; how many letters.

    At half the pace, so that those who write for the first time meanwhile are answered too.
    """
    if not breakers.release(connection, one.id, by=by, now=now):
        return 0
    tickets.write_event(
        connection,
        action="breaker released",
        actor_kind="operator",
        cause=by,
        now=now,
        data={"scope": one.scope, "held": "sent" if send else "dropped"},
    )
    still_on = [other.scope for other in breakers.on(connection)]
    if EVERYBODY in still_on:
        return 0
    only = "" if one.scope == EVERYBODY else one.scope
    held = breakers.held(connection, excepted=still_on, only=only)
    going = [letter for letter in held if send and letter.wanted]
    dropped = [letter.id for letter in held if not (send and letter.wanted)]
    breakers.drop(connection, dropped, why="not sent when the breaker was released")
    caps = rules.settings.caps
    last = turns.last(connection, Counted(NEW_SENDER, EVERYBODY))
    begin = now if last is None else max(now, last + AFTERWARDS)
    due = paced(
        [letter.domain for letter in going],
        per_hour=caps.new_senders // 2,
        per_hour_and_domain=caps.new_senders_per_domain // 2,
        begin=begin,
    )
    breakers.let_go(connection, [(letter.id, at) for letter, at in zip(going, due, strict=True)])
    for letter, at in zip(going, due, strict=True):
        scopes = (EVERYBODY,) if public(letter.domain) else (EVERYBODY, letter.domain)
        turns.take(connection, [Counted(NEW_SENDER, scope) for scope in scopes], at=at)
    return len(held)


def confirmed(connection: Connection, address: str, *, now: datetime) -> None:
    """Somebody confirmed: that people answer is what tells a busy day from machines that talk to each other."""
    scopes = (EVERYBODY, address.rpartition("@")[2])
    counts.raise_counts(connection, [Counted(CONFIRMED, scope) for scope in scopes], now=now)


def _too_many_now(connection: Connection, most: int, *, now: datetime) -> Reason | None:
    released = breakers.released_at(connection, EVERYBODY)
    if released is not None and now - released < AFTERWARDS:
        return None
    turn = turns.first_turn(connection, {Counted(NEW_SENDER, EVERYBODY): most}, now=now)
    return None if turn == now else Reason(most, 1)


def _unconfirmed(connection: Connection, scope: str, most: int, *, now: datetime) -> Reason | None:
    """A day's letters of whom nobody confirmed: people do, machines do not, however slowly they write."""
    released = breakers.released_at(connection, scope)
    since = now - DAY if released is None else max(now - DAY, released)
    sent, answered = Counted(NEW_SENDER, scope), Counted(CONFIRMED, scope)
    found = turns.sums_between(connection, [sent], after=since, until=now)
    if found[sent] < most:
        return None
    return None if counts.sums(connection, [answered], now=now)[answered][1] else Reason(found[sent], 24)


def _who_can_release(connection: Connection, rules: Rules, *, now: datetime) -> list[tuple[people.Person, Area]]:
    """Supervisors and administrators, each with an area of theirs; where there are none, the agents."""
    for roles in (SUPERVISORS, TEAM):
        found = {
            number: area
            for area in reversed(list(rules.desk.areas.values()))
            for number in rosters.team(connection, area.name, roles=roles, now=now)
        }
        persons = ((people.by_id(connection, number), area) for number, area in sorted(found.items(), key=_first))
        told = [(person, area) for person, area in persons if person is not None and person.address]
        if told:
            return told
    return []


def _first(pair: tuple[int, Area]) -> int:
    return pair[0]
