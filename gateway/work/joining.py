"""Two addresses that are one person's: answered on the page of a letter's link, or said by an operator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.joining import answer_wish, tell_both
from gateway.apply.merging_people import Merged, MergedBy, alone, merge, what_goes_over
from gateway.desk.people import May, PersonState, may
from gateway.errors import GatewayError
from gateway.inbound.addresses import normalise
from gateway.store import address_wishes, people
from gateway.store.people import Person
from gateway.threading.links import JOIN_FOR, Link
from gateway.work.office import Office

CAUSE = "the command line"


@dataclass(frozen=True, slots=True)
class Wished:
    """Who asks for which address; `language` is that of who reads mail there, '' when nobody knows."""

    asker: str
    address: str
    language: str


def wished(office: Office, link: Link, *, now: datetime) -> Wished | None:
    """What a letter's link asks; None when it has been answered, or is too old. Writes nothing."""
    with office.database.read() as connection:
        wish = _wish(connection, link, now=now)
        asker = None if wish is None else people.by_id(connection, wish.person_id)
        if wish is None or asker is None:
            return None
        holder = people.by_address(connection, wish.address)
        return Wished(asker.address, wish.address, holder.language if holder else "")


def answer(office: Office, link: Link, *, yes: bool, now: datetime, cause: str) -> bool | None:
    """Whether the address is theirs who asked from now on; None when the link is good for nothing any more."""
    with office.database.write() as connection:
        wish = _wish(connection, link, now=now)
        if wish is None:
            return None
        return answer_wish(connection, wish.id, office.rules, yes=yes, by="web", cause=cause, now=now) is not None


def merge_people(
    office: Office,
    keep: str,
    other: str,
    *,
    now: datetime,
    dry_run: bool = False,
    with_roles: bool = False,
    cause: str = CAUSE,
) -> Merged:
    """Make one of two persons, each named by an address of theirs: what goes over. GatewayError when it may not be."""
    named = [_address(one) for one in (keep, other)]
    with office.database.write() as connection:
        alone(connection, named)
        remains, goes = (_person(connection, one) for one in named)
        if remains.id == goes.id:
            raise GatewayError(f"{keep} and {other} are one person already")
        if remains.state != PersonState.ACTIVE and goes.state == PersonState.ACTIVE:
            raise GatewayError(
                f"{keep} is {remains.state}, and {other}, who is active, would be so too: name {other} first,"
                f" or before it: gateway person {keep} --state active"
            )
        if goes.roles and not with_roles:
            roles = ", ".join(f"{role} in {area}" for area, role in goes.roles)
            raise GatewayError(
                f"{other} is {roles}; with --with-roles that goes over to {keep},"
                f" and `gateway person {other} --role customer` ends it before"
            )
        if dry_run:
            return what_goes_over(connection, goes)
        by = MergedBy(kind="operator", person_id=None, cause=cause, now=now)
        found = merge(connection, remains, goes, by, with_roles=with_roles)
        if remains.address and goes.address and may(remains.state, May.BE_ANSWERED):
            both, anchor = (remains.address, goes.address), f"merged {goes.id}"
            tell_both(connection, remains, both, office.rules, anchor=anchor, now=now, by_desk=True)
        return found


def _wish(connection: Connection, link: Link, *, now: datetime) -> address_wishes.AddressWish | None:
    if not (link.letter_key.isascii() and link.letter_key.isdecimal()):
        return None
    found = address_wishes.unanswered(connection, int(link.letter_key), since=now - JOIN_FOR)
    asker = people.remaining(connection, link.person_id)
    return found if found is not None and found.person_id == asker else None


def _address(written: str) -> str:
    address = normalise(written)
    if not address:
        raise GatewayError(f"{written} is no mail address: write it as name@example.org")
    return address


def _person(connection: Connection, address: str) -> Person:
    person = people.by_address(connection, address)
    if person is None:
        raise GatewayError(f"nobody has the address {address}; `gateway people` lists them")
    return person
