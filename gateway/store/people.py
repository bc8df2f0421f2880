"""People, their addresses, roles, and organisations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from gateway.desk.folding import words_of
from gateway.desk.people import PersonState
from gateway.desk.providers import public
from gateway.store.statement import Statement
from gateway.store.tables import address, membership, organisation, organisation_domain, person
from gateway.store.upsert import insert

EVERY_AREA = "*"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as judging needs them; `roles` are pairs of area ('*' for all) and role."""

    id: int
    name: str
    state: str
    language: str
    zone: str
    organisation_id: int | None
    kind: str
    confirmed: bool
    disowned: bool
    address: str
    roles: tuple[tuple[str, str], ...] = field(default=())
    # When they are back, as an automatic reply of theirs said; or as they, or an operator, declared.
    absent_until: datetime | None = None
    organisation_agent: bool = False
    absence_declared: bool = False

    @property
    def agent_for(self) -> int | None:
        """The organisation whose tickets they see; None for nobody's agent, and while their account is not active."""
        return self.organisation_id if self.organisation_agent and self.state == PersonState.ACTIVE else None

    def away(self, now: datetime) -> bool:
        return self.absent_until is not None and self.absent_until > now

    def roles_in(self, area: str) -> frozenset[str]:
        return frozenset(role for where, role in self.roles if where in (area, EVERY_AREA))


_PERSON = (
    person.c.id,
    person.c.name,
    person.c.state,
    person.c.language,
    person.c.zone,
    person.c.organisation_id,
    person.c.kind,
    person.c.confirmed_at,
    person.c.disowned_at,
    person.c.absent_until,
    person.c.organisation_agent,
    person.c.absence_declared,
)
_BY_ADDRESS = Statement(
    select(*_PERSON, address.c.address, membership.c.area, membership.c.role)
    .join(address, address.c.person_id == person.c.id)
    .outerjoin(membership, membership.c.person_id == person.c.id)
    .where(address.c.address == bindparam("wanted"))
)
_BY_ID = Statement(
    select(*_PERSON, address.c.address, membership.c.area, membership.c.role)
    .outerjoin(address, address.c.person_id == person.c.id)
    .outerjoin(membership, membership.c.person_id == person.c.id)
    .where(person.c.id == bindparam("wanted"))
    .order_by(address.c.id)
)


def by_address(connection: Connection, wanted: str) -> Person | None:
    return _person(_BY_ADDRESS.rows(connection, {"wanted": wanted}))


def by_id(connection: Connection, wanted: int) -> Person | None:
    """A person with their first address."""
    return _person(_BY_ID.rows(connection, {"wanted": wanted}))


def _person(rows: Sequence[Any]) -> Person | None:
    if not rows:
        return None
    (number, name, state, language, zone, organisation_id, kind, confirmed_at, disowned_at, absent_until, agent,
     declared, *rest) = rows[0]  # fmt: skip
    roles = tuple(dict.fromkeys((where, role) for *_, where, role in rows if role))
    return Person(
        id=number,
        name=name,
        state=state,
        language=language,
        zone=zone,
        organisation_id=organisation_id,
        kind=kind,
        confirmed=confirmed_at is not None,
        disowned=disowned_at is not None,
        address=rest[0] or "",
        roles=roles,
        absent_until=absent_until,
        organisation_agent=agent,
        absence_declared=declared,
    )


_MERGED = select(person.c.id, person.c.merged_into).where(
    person.c.id.in_(bindparam("numbers", expanding=True)), person.c.merged_into.is_not(None)
)


def merged(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Of these people those who were merged into another, and who that is."""
    if not numbers:
        return {}
    return {row.id: row.merged_into for row in connection.execute(_MERGED, {"numbers": list(numbers)})}


def remaining(connection: Connection, number: int) -> int:
    """The person who stands for this one now: themselves, or whom they were merged into."""
    return merged(connection, [number]).get(number, number)


_NEW_PERSON = Statement(person.insert().returning(person.c.id))
_NEW_ADDRESS = Statement(address.insert().inline())


def register(
    connection: Connection,
    *,
    wanted: str,
    name: str,
    state: str,
    language: str,
    organisation_id: int | None,
    now: datetime,
) -> Person:
    """Make a person with one address ('' for a placeholder without any)."""
    values = {
        "name": name,
        "state": state,
        "language": language,
        "organisation_id": organisation_id,
        "created_at": now,
    }
    number = _NEW_PERSON.scalar(connection, values)
    if wanted:
        _NEW_ADDRESS.run(connection, {"address": wanted, "person_id": number, "created_at": now})
    return Person(number, name, state, language, "", organisation_id, "customer", False, False, wanted)


def update(connection: Connection, person_id: int, **values: object) -> None:
    connection.execute(person.update().where(person.c.id == person_id).values(**values))


def give_role(connection: Connection, person_id: int, *, area: str, role: str) -> None:
    row = {"person_id": person_id, "area": area, "role": role}
    connection.execute(insert(connection, membership).on_conflict_do_nothing(), row)


def take_roles(connection: Connection, person_id: int, *, area: str) -> None:
    """Those of one area, '*' for the ones that hold everywhere."""
    connection.execute(membership.delete().where(membership.c.person_id == person_id, membership.c.area == area))


def take_every_role(connection: Connection, person_id: int) -> None:
    connection.execute(membership.delete().where(membership.c.person_id == person_id))


_DOMAINS = select(organisation_domain.c.domain, organisation_domain.c.organisation_id).where(
    organisation_domain.c.domain.in_(bindparam("domains", expanding=True))
)


def organisation_of(connection: Connection, wanted: str) -> int | None:
    """The organisation that claims the domain of an address, or the nearest domain above it; none for public mail."""
    if public(wanted.rpartition("@")[2]):
        return None
    labels = wanted.rpartition("@")[2].split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)] or labels
    found = dict(tuple(row) for row in connection.execute(_DOMAINS, {"domains": domains}))
    return next((found[domain] for domain in domains if domain in found), None)


def organisation_named(connection: Connection, name: str) -> int:
    """The number of an organisation, made when it is new."""
    connection.execute(insert(connection, organisation).on_conflict_do_nothing(), {"name": name})
    number: int = connection.execute(select(organisation.c.id).where(organisation.c.name == name)).scalar_one()
    return number


def organisation_name(connection: Connection, number: int) -> str:
    return connection.execute(select(organisation.c.name).where(organisation.c.id == number)).scalar() or ""


def organisation_numbers(connection: Connection) -> dict[str, int]:
    return {row.name: row.id for row in connection.execute(select(organisation.c.name, organisation.c.id))}


def domains_of(connection: Connection, organisation_id: int) -> list[str]:
    """The domains that an organisation claims."""
    query = select(organisation_domain.c.domain).where(organisation_domain.c.organisation_id == organisation_id)
    return list(connection.execute(query).scalars())


def claim_domain(connection: Connection, organisation_id: int, domain: str) -> None:
    statement = insert(connection, organisation_domain).on_conflict_do_update(
        index_elements=["domain"], set_={"organisation_id": organisation_id}
    )
    connection.execute(statement, {"domain": domain.lower(), "organisation_id": organisation_id})


def colleagues(connection: Connection) -> list[int]:
    """All who have a role somewhere."""
    return list(
        connection.execute(select(membership.c.person_id).distinct().order_by(membership.c.person_id)).scalars()
    )


def colleagues_named(connection: Connection, name: str, *, area: str) -> list[str]:
    """The addresses of those of an area who have all of these words in their names."""
    wanted = set(words_of(name))
    found = colleagues_in(connection, area) if wanted else []
    return [one.address for one in found if wanted.issubset(words_of(one.name))]


def colleagues_in(connection: Connection, area: str) -> list[Person]:
    """Those who have a role in an area, and an address."""
    found = (by_id(connection, number) for number in colleagues(connection))
    return [one for one in found if one is not None and one.address and one.roles_in(area)]
