"""When a letter that nobody wrote by hand may go out: now, at its turn, after a release, or not at all (RULES 5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.breaker import held_back
from gateway.apply.posting import Rules
from gateway.desk.away import OPEN_END
from gateway.desk.people import PersonState
from gateway.desk.providers import public
from gateway.outbound.leaving import Dropped, Goes, Held, Turn
from gateway.settings import Caps
from gateway.store import counts, people, turns
from gateway.store.counts import Counted

ALL = Counted("new sender", "*")
# A reminder for which nobody can say when there is room is looked at again after so long.
LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A letter that is to go out by itself. `receipt_in` is the area of a receipt; a new sender never confirmed."""

    address: str
    new_sender: bool
    ticket: int | None = None
    receipt_in: str = ""
    muted_until: datetime | None = None


def new_sender(person: people.Person) -> bool:
    return person.state == PersonState.PENDING


def answer_turn(connection: Connection, asked: Asked, rules: Rules, *, now: datetime) -> Turn:
    """For an answer to a mail. One over a cap is dropped; one to somebody who never confirmed waits for its turn."""
    if asked.muted_until is not None and asked.muted_until > now:
        return Dropped("the ticket is muted")
    counts.alone(connection, asked.address)
    caps = _daily(asked, rules.settings.caps)
    sums = counts.sums(connection, list(caps), now=now)
    full = next((one for one, cap in caps.items() if sums[one][1] >= cap), None)
    if full is not None:
        return Dropped(f"the day's letters are used up: {full.scope.partition(' ')[0]}")
    return _turn_of_new_sender(connection, asked, rules, now=now) if asked.new_sender else Goes(now)


def notice_turn(connection: Connection, asked: Asked, rules: Rules, *, now: datetime) -> Goes | Dropped:
    """For a letter that goes out once in an account's life: over a cap it waits until there is room."""
    counts.alone(connection, asked.address)
    turn = turns.first_turn(connection, _daily(asked, rules.settings.caps), now=now, window=turns.DAY)
    return Dropped("no room for two days") if turn is None else Goes(turn)


def reminder_turn(
    connection: Connection, person: people.Person, asked: Asked, rules: Rules, *, now: datetime
) -> datetime:
    """When a reminder to this person may go out: now, or when to ask again. A reminder is never dropped by a cap.

    It waits while they are absent, while the ticket is muted, and for room in the caps. A closing that was announced
    with it waits as long: see `gateway.apply.clock`.
    """
    waits = max((one for one in (person.absent_until, asked.muted_until) if one is not None), default=now)
    if waits > now:
        # Who is away without saying how long may be back tomorrow.
        return now + LOOK_AGAIN if waits == OPEN_END else waits
    counts.alone(connection, asked.address)
    turn = turns.first_turn(connection, _daily(asked, rules.settings.caps), now=now, window=turns.DAY)
    if turn is None:
        return now + LOOK_AGAIN
    if turn == now and asked.new_sender:
        match _turn_of_new_sender(connection, asked, rules, now=now):
            case Goes(at):
                return at
            case _:
                return now + LOOK_AGAIN
    return turn


def count(connection: Connection, asked: Asked, turn: Goes | Held, *, now: datetime) -> None:
    """Count a letter that was written. One that is held counts as one to a new sender when it is let go."""
    at = turn.at if isinstance(turn, Goes) else now
    counts.raise_counts(connection, list(_daily(asked, Caps())), now=at)
    if asked.new_sender and isinstance(turn, Goes):
        turns.take(connection, list(of_new_senders(asked.address.rpartition("@")[2], Caps())), at=at)


def ticket_has_room(connection: Connection, number: int, rules: Rules, *, now: datetime) -> bool:
    """Whether one more letter that follows from a mail may go out about this ticket; the caller locks its row."""
    counted = Counted("ticket letter", str(number))
    return counts.sums(connection, [counted], now=now)[counted][1] < rules.settings.caps.letters_per_ticket


def count_relayed(connection: Connection, number: int, rules: Rules, *, now: datetime) -> bool:
    """Count a mail that goes on to the others of a ticket, however many; False when there were too many in a day.

    Two machines that answer each other through us stop by this; what the desk's own people write is counted apart.
    """
    counted = Counted("relayed", str(number))
    if counts.sums(connection, [counted], now=now)[counted][1] >= rules.settings.caps.letters_per_ticket:
        return False
    counts.raise_counts(connection, [counted], now=now)
    return True


def count_for_ticket(connection: Connection, number: int, rules: Rules, *, now: datetime) -> bool:
    """Count a letter to or from an agent against its ticket only; False when there is no room for it."""
    if not ticket_has_room(connection, number, rules, now=now):
        return False
    counts.raise_counts(connection, [Counted("ticket letter", str(number))], now=now)
    return True


def of_new_senders(domain: str, caps: Caps) -> dict[Counted, int]:
    """What a letter to somebody of this domain who never confirmed counts as, each with its cap in an hour."""
    counted = {ALL: caps.new_senders}
    if not public(domain):
        counted[Counted(ALL.scope, domain)] = caps.new_senders_per_domain
    return counted


def _daily(asked: Asked, caps: Caps) -> dict[Counted, int]:
    counted = {Counted("letter", asked.address): caps.letters_per_address}
    if asked.receipt_in:
        counted[receipt(asked.receipt_in, asked.address)] = caps.receipts_per_address
    if asked.ticket is not None:
        counted[Counted("ticket letter", str(asked.ticket))] = caps.letters_per_ticket
    return counted


def receipt(area: str, address: str) -> Counted:
    return Counted(f"receipt {area}"[:40], address)


def _turn_of_new_sender(connection: Connection, asked: Asked, rules: Rules, *, now: datetime) -> Turn:
    caps = rules.settings.caps
    if not caps.new_senders:
        return Dropped("letters to new senders are switched off")
    domain = asked.address.rpartition("@")[2]
    counts.alone(connection, ALL.scope)
    if held_back(connection, domain, rules, now=now):
        return Held()
    turn = turns.first_turn(connection, of_new_senders(domain, caps), now=now)
    return Dropped("no room for two days among letters to new senders") if turn is None else Goes(turn)
