"""Organisations as an operator makes and changes them, and who comes to them by a domain that is claimed later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from gateway.desk.providers import public
from gateway.desk.words import nearest
from gateway.errors import GatewayError
from gateway.inbound.addresses import normalise
from gateway.inbound.domains import public_suffix
from gateway.store import organisations, people, tickets
from gateway.work.enrol import NO_ORGANISATION
from gateway.work.office import Office

CAUSE = "the command line"


@dataclass(frozen=True, slots=True)
class Comers:
    """Who has an address under an organisation's domains and does not belong to it.

    `moved` belong to it now, `tickets` with them; `free` could, and `elsewhere` belong to another, and stay there.
    """

    moved: tuple[str, ...]
    free: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]
    tickets: tuple[int, ...] = ()


def organise(
    office: Office,
    name: str,
    *,
    now: datetime,
    domains: Sequence[str] = (),
    released: Sequence[str] = (),
    rename: str = "",
    cause: str = CAUSE,
) -> str:
    """Make an organisation, let it claim domains and give them up, or give it another name; the name that it has then.

    Who writes from a claimed domain for the first time belongs to it. GatewayError when a domain is another's.
    """
    claimed = [_claimable(domain) for domain in domains]
    given_up = [_domain(domain) for domain in released]
    for wanted in (name, rename):
        if wanted.strip().casefold() == NO_ORGANISATION:
            raise GatewayError(f"{wanted} stands for no organisation; choose another name")
    with office.database.write() as connection:
        there = name in people.organisation_numbers(connection)
        number = _known(connection, name) if rename or released else people.organisation_named(connection, name)
        for domain in given_up:
            if organisations.holder(connection, domain) != number:
                raise GatewayError(f"{domain} is no domain of {name}; `gateway organisations` lists them")
            organisations.release_domain(connection, domain)
        for domain in claimed:
            _claim(connection, number, domain)
        if rename and rename != name:
            if rename in people.organisation_numbers(connection):
                raise GatewayError(f"there is an organisation {rename} already; choose another name")
            organisations.rename(connection, number, rename)
        said = {"name": rename or name, "claimed": ", ".join(claimed), "released": ", ".join(given_up)}
        if rename and rename != name:
            said["name_before"] = name
        tickets.write_event(
            connection,
            action="organisation changed" if there else "organisation made",
            actor_kind="operator",
            cause=cause,
            now=now,
            data={field: value for field, value in said.items() if value},
        )
    return rename or name


def comers(office: Office, name: str, *, move: bool, now: datetime, cause: str = CAUSE) -> Comers:
    """Who was there before their domain was claimed; with `move` those who belong nowhere come, with their tickets.

    Only their open tickets that have no organisation come along: what is closed stays as it was.
    """
    with office.database.write() as connection:
        number = _known(connection, name)
        found = organisations.newcomers(connection, number)
        free = tuple(one for one in found if not one.other)
        elsewhere = tuple((one.address, one.other) for one in found if one.other)
        if not move:
            return Comers((), tuple(one.address for one in free), elsewhere)
        brought: list[int] = []
        for one in free:
            theirs = organisations.give(connection, one.person_id, number)
            _tell(connection, number, one.person_id, theirs, now=now, cause=cause)
            brought += theirs
        return Comers(tuple(one.address for one in free), (), elsewhere, tuple(brought))


def listed(office: Office) -> list[dict[str, Any]]:
    with office.database.read() as connection:
        return list(organisations.listed(connection))


def _claim(connection: Connection, number: int, domain: str) -> None:
    other = organisations.holder(connection, domain)
    if other not in (None, number):
        name = people.organisation_name(connection, other or 0)
        raise GatewayError(f'{domain} is a domain of {name}; first: `gateway organisation "{name}" --release {domain}`')
    people.claim_domain(connection, number, domain)


def _known(connection: Connection, name: str) -> int:
    numbers = people.organisation_numbers(connection)
    if name not in numbers:
        near = nearest(name, numbers)
        hint = f"did you mean {near}?" if near else "`gateway organisations` lists them"
        raise GatewayError(f"there is no organisation {name}; {hint}")
    return numbers[name]


def _tell(
    connection: Connection, number: int, person_id: int, numbers: Sequence[int], *, now: datetime, cause: str
) -> None:
    changed = {"organisation_id": str(number), "organisation_id_before": ""}
    told = partial(tickets.write_event, connection, actor_kind="operator", cause=cause, now=now, data=changed)
    told(action="person changed", person_id=person_id)
    for ticket in numbers:
        told(action="organisation given", ticket_id=ticket)


def _claimable(written: str) -> str:
    """The domain as an A-label; GatewayError for one whose people do not belong together."""
    domain = _domain(written)
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


def _domain(written: str) -> str:
    domain = normalise(f"postmaster@{written.strip().lstrip('@')}").rpartition("@")[2]
    if not domain or domain.startswith("["):
        raise GatewayError(f"{written} is no domain: write it as example.org")
    return domain
