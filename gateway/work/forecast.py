"""Who will get which letter when, if nothing else happens: the timers of all open tickets, let pass on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.occasions import Occasion
from gateway.apply.telling import its_requester, readers
from gateway.desk.notices import Audience
from gateway.desk.simulation import foresee
from gateway.desk.ticket import Field
from gateway.store import tickets, timers
from gateway.store.tickets import KeptTicket
from gateway.work.office import Office

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Expected:
    """A letter that goes out if nothing else happens. `state` is the ticket's by then."""

    at: datetime
    to: str
    letter: str
    ticket: int
    state: str
    why: str


def forecast(office: Office, *, now: datetime, until: datetime) -> list[Expected]:
    """What is due from now on, by its time. Nothing is written."""
    found: list[Expected] = []
    with office.database.read() as connection:
        last = 0
        while numbers := tickets.with_open_timers(connection, after=last, until=until, most=CHUNK):
            for number in numbers:
                found += _of(connection, tickets.get(connection, number), office, now=now, until=until)
            last = numbers[-1]
    return sorted(found, key=lambda one: (one.at, one.ticket))


def _of(
    connection: Connection, kept: KeptTicket, office: Office, *, now: datetime, until: datetime
) -> Iterator[Expected]:
    area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
    fired = timers.fired_of(connection, kept.ticket.id)
    occasion = Occasion(
        ticket=kept.ticket,
        requester=its_requester(connection, kept),
        area=area,
        anchor="forecast",
        now=now,
    )
    for moment in foresee(kept.ticket, area.workflow, area.calendar, fired=fired, until=until):
        for audience, letter in moment.letters:
            if audience == Audience.REQUESTER and kept.ticket.field(Field.QUIET):
                # They want no letters that nobody wrote by hand.
                continue
            for reader in readers(connection, Audience(audience), occasion, level=moment.level):
                # What is overdue already goes out at the next tick.
                yield Expected(max(now, moment.at), reader.address, letter, kept.ticket.id, moment.state, moment.what)
