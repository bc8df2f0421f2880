"""The group that a ticket was given to, and who of the people is one of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.desk.areas import Area
from gateway.desk.assigning import Group
from gateway.desk.people import Actor, Role
from gateway.desk.ticket import Field, Ticket
from gateway.desk.words import in_language
from gateway.store import people, rosters, views


def group_of(ticket: Ticket, area: Area) -> Group | None:
    """None for a ticket of no group, and for one whose group the settings have no more."""
    return area.groups.get(ticket.field(Field.GROUP))


def group_called(ticket: Ticket, area: Area, language: str) -> str:
    """The group as people of the desk read who has the ticket; empty for none."""
    group = group_of(ticket, area)
    return "" if group is None else in_language(_GROUP, language).format(name=group.name)


def members(connection: Connection, group: Group, area: Area) -> list[int]:
    """Those of the group who have a role in the area: nobody else may see its tickets."""
    roles = rosters.with_roles(connection, area.name)
    return [number for number in rosters.of_addresses(connection, group.addresses) if number in roles]


def in_its_group(connection: Connection, actor: Actor, ticket: Ticket, area: Area) -> Actor:
    """The actor with the ticket's group, when they are one of it."""
    group = group_of(ticket, area)
    if group is None or actor.person_id not in members(connection, group, area):
        return actor
    return replace(actor, groups=frozenset({group.name}))


def to_attend(
    connection: Connection, person: people.Person, areas: Iterable[Area]
) -> tuple[views.Condition, views.Condition]:
    """Of what nobody has: what is for somebody to take, and of that what their own groups were given.

    What another group was given is for those who lead the area to look at, and for nobody else.
    """
    areas = list(areas)
    named = {group.name: group for area in areas for group in area.groups.values()}
    mine = [name for name, group in named.items() if person.id in rosters.of_addresses(connection, group.addresses)]
    led = [area.name for area in areas if person.roles_in(area.name) - {Role.AGENT}]
    return views.of_groups(["", *mine]) | views.in_areas(led), views.of_groups(mine)


def people_of(connection: Connection, ticket: Ticket, area: Area, *, now: datetime) -> list[int]:
    """Whom a ticket of a group concerns while nobody has it: those who are there, or while all are away, all."""
    group = group_of(ticket, area)
    known = {} if group is None else rosters.active(connection, members(connection, group, area))
    return rosters.there(known, now) or list(known)


_GROUP = {"es": "el grupo {name}", "en": "the group {name}", "pt": "o grupo {name}"}
