"""A release is announced: every ticket that waits for it goes on, each with its notice."""

from datetime import datetime

from gateway.apply.actors import actor_for
from gateway.apply.many import happen_to
from gateway.desk.actions import Happening
from gateway.errors import GatewayError, NotFound
from gateway.store import people, tickets
from gateway.work.office import Office


def announce(office: Office, release: str, *, by: str, now: datetime, cause: str) -> list[int]:
    """The tickets that waited for it; NotFound for a person that there is not, GatewayError for one without a role."""
    with office.database.write() as connection:
        person = people.by_address(connection, by.casefold())
        if person is None:
            raise NotFound(f"nobody has the address {by}")
        waiting = tickets.waiting_for_release(connection, release)
        mine = []
        for number in waiting:
            actor = actor_for(person, tickets.get(connection, number).ticket)
            if actor.roles:
                mine.append(number)
        if waiting and not mine:
            raise GatewayError(f"{by} has no role in the areas of the tickets that wait for {release}")
        if not mine:
            return []
        return happen_to(connection, mine, Happening.RELEASE_ANNOUNCED, office.rules, actor=actor, cause=cause, now=now)
