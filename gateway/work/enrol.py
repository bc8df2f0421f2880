"""People, roles and organisations as an operator makes or changes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.engine import Connection

from gateway.apply.accounts import account_confirmed
from gateway.apply.many import happen_to
from gateway.apply.posting import Rules
from gateway.desk.actions import Happening
from gateway.desk.people import Actor, ActorKind, PersonState, Role
from gateway.desk.providers import public
from gateway.desk.words import nearest
from gateway.desk.workflow_file import CUSTOMER_KINDS
from gateway.errors import GatewayError
from gateway.inbound.addresses import normalise
from gateway.inbound.domains import public_suffix
from gateway.store import people, tickets
from gateway.store.people import EVERY_AREA, Person
from gateway.work.office import Office

CUSTOMER = "customer"
"""The role of those who have none."""


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
        ),
    )
    with office.database.write() as connection:
        return put(connection, wish, office.rules, now=now, cause="the command line")


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
    return replace(wish, address=address)


def put(connection: Connection, wish: Wish, rules: Rules, *, now: datetime, cause: str) -> bool:
    """Write a checked wish within the caller's transaction; True when the person is new."""
    person = people.by_address(connection, wish.address)
    if person is not None and person.state == PersonState.PENDING and wish.state is None and wish.role in list(Role):
        # Whom an operator gives a role they vouch for.
        wish = replace(wish, state=PersonState.ACTIVE)
    found = person or _made(connection, wish, now=now)
    changes = _changes(connection, wish, is_new=person is None, now=now)
    if changes:
        people.update(connection, found.id, **changes)
    if wish.role == CUSTOMER and not wish.areas:
        people.take_every_role(connection, found.id)
    elif wish.role is not None:
        for area in wish.areas or (EVERY_AREA,):
            people.take_roles(connection, found.id, area=area)
            if wish.role != CUSTOMER:
                people.give_role(connection, found.id, area=area, role=wish.role)
    if person is not None and person.state != PersonState.ACTIVE and wish.state == PersonState.ACTIVE:
        waiting = tickets.open_of(connection, found.id)
        clock = Actor(None, ActorKind.SYSTEM)
        happen_to(connection, waiting, Happening.ACCOUNT_ACTIVE, rules, actor=clock, cause=cause, now=now)
    tickets.write_event(
        connection,
        action="person made" if person is None else "person changed",
        actor_kind="operator",
        cause=cause,
        now=now,
        person_id=found.id,
        data={key: str(value) for key, value in changes.items()} | ({"role": wish.role} if wish.role else {}),
    )
    if person is not None and person.state == PersonState.PENDING and wish.state == PersonState.ACTIVE:
        _confirmed(connection, found.id, rules, now=now)
    return person is None


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


def _changes(connection: Connection, wish: Wish, *, is_new: bool, now: datetime) -> dict[str, object]:
    given = {"name": wish.name, "state": wish.state, "language": wish.language, "kind": wish.kind, "zone": wish.zone}
    changes: dict[str, object] = {column: value for column, value in given.items() if value is not None}
    if wish.organisation is not None:
        changes["organisation_id"] = people.organisation_named(connection, wish.organisation)
    if wish.state == PersonState.ACTIVE or (is_new and wish.state is None):
        changes["confirmed_at"] = now
    return changes


def _confirmed(connection: Connection, person_id: int, rules: Rules, *, now: datetime) -> None:
    """What follows when the desk confirms somebody who had not done so."""
    people.update(connection, person_id, disowned_at=None)
    person = people.by_id(connection, person_id)
    assert person is not None, "a person who was just changed is there"
    account_confirmed(connection, person, rules, now)


def organise(office: Office, name: str, *, domains: Sequence[str]) -> None:
    """Make an organisation, and let it claim domains: who writes from there for the first time belongs to it."""
    claimed = [_claimable(domain) for domain in domains]
    with office.database.write() as connection:
        number = people.organisation_named(connection, name)
        for domain in claimed:
            people.claim_domain(connection, number, domain)


def _claimable(written: str) -> str:
    """The domain as an A-label; GatewayError for one whose people do not belong together."""
    domain = normalise(f"postmaster@{written.strip().lstrip('@')}").rpartition("@")[2]
    if not domain or domain.startswith("["):
        raise GatewayError(f"{written} is no domain: write it as example.org")
    if public(domain):
        raise GatewayError(
            f"{domain} is a public mail provider: anybody gets an address there, so it does not tell who belongs to"
            " whom; name the organisation of each person instead: `gateway person ADDR --organisation NAME`"
        )
    if public_suffix(domain):
        raise GatewayError(
            f"under {domain} strangers have domains of their own: claim those of the organisation itself"
        )
    return domain


def _known(what: str, given: str, known: Sequence[str]) -> str:
    if given in known:
        return given
    near = nearest(given, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
    raise GatewayError(f"there is no {what} {given}; {hint}")
