"""Two persons who are one: what the one had is the other's, and events say who, when, and by which mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.store import counts, merging, people, tickets
from gateway.store.people import Person


@dataclass(frozen=True, slots=True)
class Merged:
    """What goes over with a person: their addresses, the tickets that they asked for, and those that they attend."""

    addresses: tuple[str, ...]
    tickets: tuple[int, ...]
    owned: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedBy:
    """Who says that two persons are one, and how: `cause` is a mail (m-12), the web, or the command line."""

    kind: str
    person_id: int | None
    cause: str
    now: datetime


def what_goes_over(connection: Connection, other: Person) -> Merged:
    return Merged(
        tuple(merging.addresses_of(connection, other.id)),
        tuple(merging.tickets_of(connection, other.id)),
        tuple(merging.owned_by(connection, other.id)),
    )


def merge(connection: Connection, keep: Person, other: Person, by: MergedBy, *, with_roles: bool = False) -> Merged:
    """Make one of them; whether that may be is for the caller, who has looked at both under `alone`.

    Without `with_roles` the other has none, and is no organisation agent any more: what somebody may do grows by an
    operator's word only. The organisation of the one who remains counts; who has none gets the other's.
    """
    assert with_roles or not other.roles, "roles go over only when an operator says so"
    found = what_goes_over(connection, other)
    merging.lock(connection, [keep.id, other.id])
    changes: dict[str, object] = {
        name: getattr(other, name) for name in ("name", "language", "zone") if not getattr(keep, name)
    }
    if keep.organisation_id is None and other.organisation_id is not None:
        changes |= {"organisation_id": other.organisation_id, "organisation_agent": False}
    if with_roles and other.organisation_agent and keep.organisation_id in (None, other.organisation_id):
        changes["organisation_agent"] = True
    if with_roles:
        merging.move_roles(connection, other.id, keep.id)
    merging.move(connection, other.id, keep.id)
    if changes:
        people.update(connection, keep.id, **changes)
    _tell(connection, keep, other, by, found)
    return found


def alone(connection: Connection, addresses: list[str]) -> None:
    """Until the end of the transaction no mail of these addresses is judged, and no other merging looks at them."""
    for address in sorted(set(addresses)):
        counts.alone(connection, address)


def _tell(connection: Connection, keep: Person, other: Person, by: MergedBy, found: Merged) -> None:
    def event(action: str, data: dict[str, str], *, ticket_id: int | None = None, person_id: int | None = None) -> None:
        tickets.write_event(
            connection,
            action=action,
            actor_kind=by.kind,
            actor_id=by.person_id,
            cause=by.cause,
            now=by.now,
            ticket_id=ticket_id,
            person_id=person_id,
            data=data,
        )

    roles = ", ".join(f"{role} in {area}" for area, role in other.roles)
    took = {"name": other.name, "addresses": ", ".join(found.addresses)}
    event("person merged", {"person": str(other.id), **took} | ({"roles": roles} if roles else {}), person_id=keep.id)
    # With who they were: their row has no address any more.
    event("merged into", {"person": str(keep.id), **took}, person_id=other.id)
    for column, numbers in (("requester_id", found.tickets), ("owner_id", found.owned)):
        for number in numbers:
            event("person merged", {column: str(keep.id), f"{column}_before": str(other.id)}, ticket_id=number)
