"""Which tickets somebody asks to see, as conditions on their rows."""

from datetime import datetime

from gateway.apply.digest import areas_of, seen_states
from gateway.apply.groups import to_attend
from gateway.desk.words import nearest
from gateway.errors import GatewayError, NotFound
from gateway.store import people, views
from gateway.store.views import Condition, View
from gateway.work.office import Office


def chosen(office: Office, *, view: str, by: str, tag: str, area: str, now: datetime) -> list[Condition]:
    """The conditions; none for all tickets. Raises GatewayError for a view, area or person that there is not.

    With `by` they are only those in states that this person's roles may see; what they created they may see anyway.
    """
    where: list[Condition] = []
    if area:
        where.append(views.in_areas([known_area(office, area)]))
    if tag:
        where.append(views.tagged(tag))
    named = _view(view) if view else None
    person = _person(office, by) if by else None
    if named is not None:
        if named in views.OF_SOMEBODY and person is None:
            raise GatewayError(f"--view {named}: whose? Add --by and their address")
        where.append(views.condition(named, person_id=person.id if person else None, now=now))
    if person is not None and named is not View.CREATED:
        areas = areas_of(person, office.rules)
        where.append(views.in_states(seen_states(person, areas)))
        if named is View.ATTEND:
            with office.database.read() as connection:
                where.append(to_attend(connection, person, areas)[0])
    return where


def _view(name: str) -> View:
    if name in list(View):
        return View(name)
    near = nearest(name, list(View))
    raise GatewayError(f"--view {name}: " + (f"did you mean {near}?" if near else f"it can be {', '.join(View)}"))


def known_area(office: Office, name: str) -> str:
    """The name itself; GatewayError for one that is no area's."""
    if name not in office.rules.desk.areas:
        raise GatewayError(f"--area {name}: there are {', '.join(office.rules.desk.areas)}")
    return name


def _person(office: Office, address: str) -> people.Person:
    with office.database.read() as connection:
        found = people.by_address(connection, address.casefold())
    if found is None:
        raise NotFound(f"nobody has the address {address}; `gateway people` lists them")
    return found
