"""Whether who is to get tickets can get them: groups without people, and assigning that a workflow does not know."""

from collections.abc import Iterator
from typing import Literal

from sqlalchemy.engine import Connection

from gateway.apply.groups import members
from gateway.desk.areas import Area
from gateway.desk.assigning import Assign, Group
from gateway.desk.people import Role
from gateway.desk.verbs import Action
from gateway.store import people, rosters
from gateway.work.office import Office

Found = tuple[Literal["good", "hint", "wrong"], str]


def about_assignment(office: Office) -> Iterator[Found]:
    areas = office.rules.desk.areas.values()
    for area in areas:
        first = area.workflow.first.name
        by_itself = area.assign is not Assign.HAND
        if by_itself and area.workflow.transition(Action.ASSIGN, first, frozenset(Role)) is None:
            yield (
                "hint",
                f'area {area.name}: assign = "{area.assign}" does nothing: workflow {area.workflow.name} assigns no '
                f'ticket in its first state, "{first}"',
            )
    groups = {group.name: group for area in areas for group in area.groups.values()}
    with office.database.read() as connection:
        for group in groups.values():
            yield from _group(connection, group, [area for area in areas if group.name in area.groups])


def _group(connection: Connection, group: Group, areas: list[Area]) -> Iterator[Found]:
    """Who of a group has a role in none of its areas, or rests."""
    able = {number for area in areas for number in rosters.active(connection, members(connection, group, area))}
    known = {one: people.by_address(connection, one) for one in group.addresses}
    missing = [address for address, person in known.items() if person is None or person.id not in able]
    if missing:
        where = areas[0].name
        yield (
            "hint",
            f"group {group.name}: {', '.join(missing)} can attend none of its tickets: "
            f"`gateway person ADDR --role agent --area {where}`",
        )
