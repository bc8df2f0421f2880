"""Organisations as operators keep them: their list, a new name, their domains, and who comes to them by a domain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store import people
from gateway.store.tables import address, organisation, organisation_domain, person, ticket


def listed(connection: Connection) -> Iterator[dict[str, Any]]:
    """A row for each, in the names that scripts rely on: how many people and open tickets, its agents by address."""
    domains = _grouped(
        connection,
        select(organisation_domain.c.organisation_id, organisation_domain.c.domain).order_by(
            organisation_domain.c.domain
        ),
    )
    own = address.alias("own")
    first = select(sa.func.min(own.c.id)).where(own.c.person_id == person.c.id).scalar_subquery()
    agents = _grouped(
        connection,
        select(person.c.organisation_id, address.c.address)
        .select_from(person)
        .join(address, address.c.id == first)
        .where(person.c.organisation_agent, person.c.organisation_id.is_not(None), person.c.state == "active")
        .order_by(address.c.address),
    )
    members = _counted(connection, person.c.organisation_id, person.c.merged_into.is_(None))
    open_tickets = _counted(connection, ticket.c.organisation_id, ticket.c.closed_at.is_(None))
    for row in connection.execute(select(organisation).order_by(organisation.c.name)):
        yield {
            "name": row.name,
            "domains": domains.get(row.id, []),
            "people": members.get(row.id, 0),
            "open_tickets": open_tickets.get(row.id, 0),
            "agents": agents.get(row.id, []),
        }


def agents(connection: Connection, number: int) -> list[int]:
    """Those who see its tickets now, on the customer's side."""
    query = select(person.c.id).where(
        person.c.organisation_id == number, person.c.organisation_agent, person.c.state == "active"
    )
    return list(connection.execute(query.order_by(person.c.id)).scalars())


def rename(connection: Connection, number: int, name: str) -> None:
    connection.execute(organisation.update().where(organisation.c.id == number).values(name=name))


def holder(connection: Connection, domain: str) -> int | None:
    """The organisation that claims this very domain."""
    query = select(organisation_domain.c.organisation_id).where(organisation_domain.c.domain == domain)
    number: int | None = connection.execute(query).scalar()
    return number


def release_domain(connection: Connection, domain: str) -> None:
    """Who writes from there for the first time belongs to nobody from now on; who is there already stays."""
    connection.execute(organisation_domain.delete().where(organisation_domain.c.domain == domain))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with an address under a domain of an organisation, who does not belong to it.

    `other` is the organisation that they belong to instead, '' for none.
    """

    person_id: int
    address: str
    other: str


def newcomers(connection: Connection, number: int) -> list[Newcomer]:
    """Who would belong to it, did they write for the first time today; each once, with the address that says so."""
    query = (
        select(person.c.id, address.c.address, organisation.c.name)
        .join(address, address.c.person_id == person.c.id)
        .outerjoin(organisation, organisation.c.id == person.c.organisation_id)
        .where(sa.or_(person.c.organisation_id.is_(None), person.c.organisation_id != number), _under(number))
        .order_by(person.c.id, address.c.id)
    )
    found: dict[int, Newcomer] = {}
    for row in connection.execute(query).all():
        # The nearest domain counts, and another organisation may have that one.
        if row.id not in found and people.organisation_of(connection, row.address) == number:
            found[row.id] = Newcomer(row.id, row.address, row.name or "")
    return list(found.values())


def _under(number: int) -> sa.ColumnElement[bool]:
    """Addresses at a domain of the organisation, or at one below it."""
    domain = organisation_domain.c.domain
    below = sa.or_(address.c.address.endswith("@" + domain), address.c.address.endswith("." + domain))
    return sa.exists().where(organisation_domain.c.organisation_id == number, below).correlate(address)


def give(connection: Connection, person_id: int, number: int) -> list[int]:
    """Let somebody without an organisation belong to this one, with their open tickets that have none; which those are.

    What is closed stays as it was.
    """
    connection.execute(person.update().where(person.c.id == person_id).values(organisation_id=number))
    theirs = (
        ticket.update()
        .where(ticket.c.requester_id == person_id, ticket.c.organisation_id.is_(None), ticket.c.closed_at.is_(None))
        .values(organisation_id=number)
        .returning(ticket.c.id)
    )
    return sorted(connection.execute(theirs).scalars())


def _grouped(connection: Connection, query: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, value in connection.execute(query):
        found.setdefault(number, []).append(value)
    return found


def _counted(connection: Connection, column: sa.Column[Any], *conditions: Any) -> dict[int, int]:
    query = select(column, sa.func.count()).where(column.is_not(None), *conditions).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}
