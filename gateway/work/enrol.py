"""People and their roles as an operator makes or changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.engine import Connection

from gateway.apply.account_state import follow
from gateway.apply.posting import Rules
from gateway.desk.people import PersonState, Role
from gateway.desk.words import nearest
from gateway.desk.workflow_file import CUSTOMER_KINDS
from gateway.errors import GatewayError
from gateway.inbound.addresses import normalise
from gateway.store import people, tickets
from gateway.store.people import EVERY_AREA, Person
from gateway.work.office import Office

CUSTOMER = "customer"
"""The role of those who have none."""

THERE = "none"
"""What is said instead of a day when somebody is not absent any more."""

NO_ORGANISATION = "none"
"""What is said instead of a name to take somebody out of their organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person is to be; None leaves it as it is. Without areas a role is for all of them."""

    address: str
    name: str | None = None
    role: str | None = None
    areas: tuple[str, ...] = ()
    state: str | None = None
    language: str | None = None
    organisation: str | None = None
    kind: str | None = None
    zone: str | None = None
    organisation_agent: bool | None = None
    # The last day of an absence, 2026-12-01, or `none`: they are there.
    absent_until: str | None = None


def enrol(
    office: Office,
    written: str,
    *,
    now: datetime,
    name: str | None = None,
    role: str | None = None,
    areas: Sequence[str] = (),
    state: str | None = None,
    language: str | None = None,
    organisation: str | None = None,
    kind: str | None = None,
    zone: str | None = None,
    organisation_agent: bool | None = None,
    absent_until: str | None = None,
    cause: str = "the command line",
) -> bool:
    """Make the person with this address, or change what is given; True when they are new.

    A person made here is active: an operator's word proves the address. With a role and no area it is for all areas;
    the role 'customer' takes the others away.
    """
    wish = checked(
        office.rules,
        Wish(
            address=written,
            name=name,
            role=role,
            areas=tuple(areas),
            state=state,
            language=language,
            organisation=organisation,
            kind=kind,
            zone=zone,
            organisation_agent=organisation_agent,
            absent_until=absent_until,
        ),
    )
    with office.database.write() as connection:
        return put(connection, wish, office.rules, now=now, cause=cause)


def checked(rules: Rules, wish: Wish) -> Wish:
    """The wish with its address as it is kept; GatewayError for the first of it that there is not."""
    address = normalise(wish.address)
    if not address:
        raise GatewayError(f"{wish.address} is no mail address: write it as name@example.org")
    for what, given, known in (
        ("state", wish.state, [one.value for one in PersonState]),
        ("language", wish.language, rules.composer.languages()),
        ("kind", wish.kind, CUSTOMER_KINDS),
        ("role", wish.role, [CUSTOMER, *(one.value for one in Role)]),
        *(("area", area, [*rules.desk.areas, EVERY_AREA]) for area in wish.areas),
    ):
        if given is not None:
            _known(what, given, known)
    if wish.zone is not None and wish.zone not in (zones := available_timezones()):
        near = nearest(wish.zone, zones)
        hint = f"did you mean {near}?" if near else "write it as America/Bogota"
        raise GatewayError(f"there is no time zone {wish.zone}; {hint}")
    if wish.absent_until not in (None, THERE):
        _day(wish.absent_until)
    return replace(wish, address=address)


def put(connection: Connection, wish: Wish, rules: Rules, *, now: datetime, cause: str) -> bool:
    """Write a checked wish within the caller's transaction; True when the person is new."""
    person = people.by_address(connection, wish.address)
    if person is not None and person.state == PersonState.PENDING and wish.state is None and wish.role in list(Role):
        # Whom an operator gives a role they vouch for.
        wish = replace(wish, state=PersonState.ACTIVE)
    check_agent(connection, wish, person)
    found = person or _made(connection, wish, now=now)
    changes = _changes(connection, wish, found, is_new=person is None, now=now)
    if changes:
        people.update(connection, found.id, **changes)
    if wish.role == CUSTOMER and not wish.areas:
        people.take_every_role(connection, found.id)
    elif wish.role is not None:
        for area in wish.areas or (EVERY_AREA,):
            people.take_roles(connection, found.id, area=area)
            if wish.role != CUSTOMER:
                people.give_role(connection, found.id, area=area, role=wish.role)
    told = partial(tickets.write_event, connection, actor_kind="operator", cause=cause, now=now, person_id=found.id)
    said = _said(person, wish, changes)
    if person is None:
        told(action="person made", data=said)
    elif said or wish.absent_until is None:
        told(action="person changed", data=said)
    if wish.absent_until is not None:
        zone = wish.zone or found.zone or rules.desk.first().calendar.zone.key
        until = _back_at(wish.absent_until, zone, now=now)
        people.update(connection, found.id, absent_until=until, absence_declared=until is not None)
        # As they say it themselves by a command: reports read it there.
        if until is not None:
            told(action="absent", data={"until": until.isoformat()})
        elif found.away(now):
            told(action="back")
    if person is not None and wish.state is not None:
        follow(connection, found.id, person.state, wish.state, rules, now=now, cause=cause)
    return person is None


def check_agent(connection: Connection, wish: Wish, person: Person | None) -> None:
    """GatewayError for an organisation agent without an organisation."""
    if not wish.organisation_agent:
        return
    belongs = person.organisation_id if person is not None else people.organisation_of(connection, wish.address)
    if wish.organisation == NO_ORGANISATION or (wish.organisation is None and belongs is None):
        raise GatewayError(
            f"{wish.address} belongs to no organisation whose tickets they could see; name it: --organisation NAME"
        )


def _made(connection: Connection, wish: Wish, *, now: datetime) -> Person:
    return people.register(
        connection,
        wanted=wish.address,
        name=wish.name or "",
        state=wish.state or PersonState.ACTIVE.value,
        language=wish.language or "",
        organisation_id=people.organisation_of(connection, wish.address),
        now=now,
    )


def _changes(connection: Connection, wish: Wish, found: Person, *, is_new: bool, now: datetime) -> dict[str, object]:
    given = {"name": wish.name, "state": wish.state, "language": wish.language, "kind": wish.kind, "zone": wish.zone}
    changes: dict[str, object] = {column: value for column, value in given.items() if value is not None}
    if wish.organisation is not None:
        none = wish.organisation == NO_ORGANISATION
        changes["organisation_id"] = None if none else people.organisation_named(connection, wish.organisation)
        if changes["organisation_id"] != found.organisation_id:
            # Who leaves an organisation sees its tickets no more, and those of the next only when that is said.
            changes["organisation_agent"] = False
    if wish.organisation_agent is not None:
        changes["organisation_agent"] = wish.organisation_agent
    if wish.state == PersonState.ACTIVE or (is_new and wish.state is None):
        changes["confirmed_at"] = now
    return changes


def _back_at(until: str, zone: str, *, now: datetime) -> datetime | None:
    """When they are there again: as the day after that begins, and None for now."""
    if until == THERE:
        return None
    back = datetime.combine(_day(until) + timedelta(days=1), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if back <= now:
        raise GatewayError(f"{until} is over: name the last day of the absence, or none when they are back")
    return back


def _day(written: str) -> date:
    try:
        # One that has a day after it, which is when they are back.
        return min(date.fromisoformat(written), date.max - timedelta(days=2))
    except ValueError:
        raise GatewayError(f"{written} is no day: write it as 2026-12-01, or none when they are back") from None


def _said(person: Person | None, wish: Wish, changes: Mapping[str, object]) -> dict[str, str]:
    """What the event says: what was given, and how it was before where it was another."""
    said = {name: str(value) for name, value in changes.items()}
    if wish.role is not None:
        said |= {"role": wish.role, "areas": ",".join(wish.areas or (EVERY_AREA,))}
    if person is None:
        return said
    said |= {
        f"{name}_before": str(before or "")
        for name, value in changes.items()
        if (before := getattr(person, name, value)) != value
    }
    if wish.role is not None and person.roles:
        said["role_before"] = ", ".join(f"{role} in {area}" for area, role in person.roles)
    return said


def _known(what: str, given: str, known: Sequence[str]) -> str:
    if given in known:
        return given
    near = nearest(given, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
    raise GatewayError(f"there is no {what} {given}; {hint}")
