"""The report of a desk, read in one snapshot."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.desk.reporting import Report, report
from gateway.desk.reporting_life import Life, live
from gateway.desk.reporting_scope import Asked, Scope, scope_of
from gateway.errors import GatewayError, NotFound
from gateway.store import people, reports
from gateway.work.office import Office
from gateway.work.viewing import known_area

DAYS = 30


def days(office: Office, since: date | None, until: date | None, *, area: str, now: datetime) -> tuple[date, date]:
    """The days to report on, of which the last does not count: those before `until`, or today and the 29 before."""
    zone = (office.rules.desk.areas.get(area) or office.rules.desk.first()).calendar
    end = until or zone.local(now).date() + timedelta(days=1)
    begin = since or end - timedelta(days=DAYS)
    if begin >= end:
        raise GatewayError(f"--since {begin} is not before --until {end}, which is the first day that counts no more")
    return begin, end


def made(
    office: Office,
    *,
    since: date,
    until: date,
    now: datetime,
    area: str = "",
    organisation: str = "",
    person: str = "",
    tag: str = "",
) -> Report:
    """The report on these days; NotFound for an organisation or person that there is not, GatewayError for an area."""
    if area:
        known_area(office, area)
    with office.database.read() as connection:
        asked = Asked(
            since=since,
            until=until,
            area=area,
            organisation_id=_organisation(connection, organisation) if organisation else None,
            person_id=_person(connection, person) if person else None,
            tag=tag,
        )
        scope = scope_of(asked, office.rules.desk, now=now)
        away = reports.away(connection, end=scope.end)
        with _no_search_for_cycles():
            found = report(_lives(connection, scope), away, scope)
        return replace(
            found,
            names=reports.people(connection, sorted(found.people())),
            organisations=reports.organisations(connection),
        )


def _lives(connection: Connection, scope: Scope) -> Iterator[Life]:
    asked, kinds = scope.asked, scope.kind
    told = reports.told(
        connection, begin=scope.begin, end=scope.end, organisation_id=asked.organisation_id, tag=asked.tag
    )
    for ticket, events in told:
        yield live(ticket, events, kinds)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows and figures have none, and to look for them again and again takes a third of the time of a large report."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _organisation(connection: Connection, name: str) -> int:
    numbers = people.organisation_numbers(connection)
    if name not in numbers:
        raise NotFound(f"there is no organisation {name}; there are: {', '.join(sorted(numbers)) or 'none'}")
    return numbers[name]


def _person(connection: Connection, address: str) -> int:
    found = people.by_address(connection, address.casefold())
    if found is None:
        raise NotFound(f"nobody has the address {address}; `gateway people` lists them")
    return found.id
