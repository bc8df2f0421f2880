"""People, roles and organisations as an operator makes or changes them."""

from collections.abc import Sequence
from datetime import datetime

from gateway.desk.people import PersonState, Role
from gateway.desk.words import nearest
from gateway.errors import GatewayError
from gateway.inbound.addresses import normalise
from gateway.store import people, tickets
from gateway.store.people import EVERY_AREA
from gateway.work.office import Office


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
) -> bool:
    """Make the person with this address, or change what is given; True when they are new.

    A person made here is active: an operator's word proves the address. With a role and no area it is for all areas;
    the role 'customer' takes the others away.
    """
    address = _address(written)
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = name
    if state is not None:
        changes["state"] = _known("state", state, [one.value for one in PersonState])
    if language is not None:
        changes["language"] = _known("language", language, office.rules.composer.languages())
    wanted = None if role is None else _known("role", role, ["customer", *(one.value for one in Role)])
    where = [_known("area", area, list(office.rules.desk.areas)) for area in areas] or [EVERY_AREA]
    with office.database.write() as connection:
        person = people.by_address(connection, address)
        is_new = person is None
        if person is None:
            person = people.register(
                connection,
                wanted=address,
                name=name or "",
                state=state or PersonState.ACTIVE.value,
                language=language or "",
                organisation_id=people.organisation_of(connection, address),
                now=now,
            )
        if organisation is not None:
            changes["organisation_id"] = people.organisation_named(connection, organisation)
        if changes.get("state") == PersonState.ACTIVE.value or (is_new and state is None):
            changes["confirmed_at"] = now
        if changes:
            people.update(connection, person.id, **changes)
        if wanted is not None:
            for area in where:
                people.take_roles(connection, person.id, area=area)
                if wanted != "customer":
                    people.give_role(connection, person.id, area=area, role=wanted)
        tickets.write_event(
            connection,
            action="person made" if is_new else "person changed",
            actor_kind="operator",
            cause="the command line",
            now=now,
            person_id=person.id,
            data={key: str(value) for key, value in changes.items()} | ({"role": wanted} if wanted else {}),
        )
    return is_new


def organise(office: Office, name: str, *, domains: Sequence[str]) -> None:
    """Make an organisation, and let it claim domains: who writes from there for the first time belongs to it."""
    with office.database.write() as connection:
        number = people.organisation_named(connection, name)
        for domain in domains:
            people.claim_domain(connection, number, domain.strip().lstrip("@"))


def _address(written: str) -> str:
    address = normalise(written)
    if not address:
        raise GatewayError(f"{written} is no mail address: write it as name@example.org")
    return address


def _known(what: str, given: str, known: Sequence[str]) -> str:
    if given in known:
        return given
    near = nearest(given, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
    raise GatewayError(f"there is no {what} {given}; {hint}")
