"""Somebody's digest, once a day: what they have to look at, and the notices that were kept for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.alerting import commandable
from gateway.apply.groups import to_attend
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.desk.areas import Area
from gateway.desk.digest import next_digest
from gateway.desk.people import May, PersonState, Role, may
from gateway.store import held, people, timers, views
from gateway.store.tables import ticket
from gateway.store.views import Brief, View
from gateway.threading.links import ticket_page

DIGEST = "digest"
MOST = 50
Groups = list[tuple[str, list[tuple[int, str, datetime | None]]]]


def plan(connection: Connection, person_id: int, area: Area, rules: Rules, *, now: datetime) -> None:
    """Set the timer of their next digest, unless one is waiting."""
    if timers.waits_for(connection, person_id, DIGEST):
        return
    at = next_digest(area.calendar, rules.settings.digest.hour, now)
    day = area.calendar.local(at).date().isoformat()
    timers.set_timer(connection, scope="person", rule=DIGEST, anchor=day, due_at=at, person_id=person_id)


def plan_for_the_desk(connection: Connection, rules: Rules, *, now: datetime) -> None:
    """Set those of all who have a role."""
    for number in people.colleagues(connection):
        person = people.by_id(connection, number)
        areas = [] if person is None else areas_of(person, rules)
        if areas:
            plan(connection, number, areas[0], rules, now=now)


def write_digest(connection: Connection, person_id: int, rules: Rules, *, now: datetime) -> bool | datetime:
    """Write it; False when there is nothing to say. While they are away, it is when to ask again."""
    person = people.by_id(connection, person_id)
    if person is None or not person.address or not rules.settings.digest.on:
        return False
    if not may(person.state, May.BE_ANSWERED) or person.state == PersonState.PENDING:
        return False
    if person.absent_until is not None and person.absent_until > now:
        # They may be back sooner than they said.
        return min(person.absent_until, now + timedelta(days=1))
    kept = held.held_for(connection, person_id)
    areas = areas_of(person, rules)
    area = areas[0] if areas else rules.desk.areas.get(kept[-1].area if kept else "", rules.desk.first())
    since = timers.last_fired(connection, person_id, DIGEST) or now - timedelta(days=1)
    groups = [group for group in _due(connection, person, areas, since=since, now=now) if group[1]]
    groups = _with_kept(groups, kept)
    if not groups:
        return False
    zone = person.zone or area.calendar.zone.key
    draft = Draft(
        letter=DIGEST,
        to=Recipient(person.id, person.address, person.name, person.language, zone),
        area=area,
        ticket_id=None,
        anchor=f"day {area.calendar.local(now).date()}",
        variables={
            "groups": groups,
            "day": area.calendar.local(now).date(),
            "link": ticket_page(rules.settings.web.public_url),
            "commands": commandable(rules),
        },
        now=now,
    )
    written = post(connection, draft, rules) is not None
    held.forget(connection, person_id)
    return written


def areas_of(person: people.Person, rules: Rules) -> list[Area]:
    """Those in which somebody has a role; the roles of an account that is not active rest."""
    if not may(person.state, May.ACT):
        return []
    return [area for area in rules.desk.areas.values() if person.roles_in(area.name)]


def _due(
    connection: Connection, person: people.Person, areas: list[Area], *, since: datetime, now: datetime
) -> Iterator[tuple[str, list[tuple[int, str, datetime | None]]]]:
    """What an agent has to look at among their own tickets, a supervisor in their areas; both what nobody has."""
    if not areas:
        return
    led = [area.name for area in areas if person.roles_in(area.name) - {Role.AGENT}]
    mine = views.of_owner(person.id) | views.in_areas(led)
    seen = views.in_states(seen_states(person, areas))

    def found(view: View, *more: views.Condition) -> views.Condition:
        return views.all_of(views.condition(view, person_id=person.id, now=now), seen, *more)

    late = views.brief(connection, found(View.OVERDUE, mine), since=ticket.c.due_at, most=MOST)
    yield "overdue", list(late)
    for_them, first = to_attend(connection, person, areas)
    free = found(View.ATTEND, for_them)
    yield "to_attend", list(views.brief(connection, free, since=ticket.c.created_at, most=MOST, first=first))
    quiet = views.condition(View.QUIET, person_id=person.id, now=now)
    owned = views.all_of(quiet, seen, mine, ticket.c.owner_id.is_not(None))
    yield "quiet", list(views.brief(connection, owned, since=views.HEARD_AT, most=MOST))
    counted = [area.name for area in areas if area.workflow.time_required]
    silent: list[Brief] = views.without_time(connection, person.id, areas=counted, since=since, most=MOST)
    yield "without_time", list(silent)


def seen_states(person: people.Person, areas: list[Area]) -> dict[str, list[str]]:
    """The states that somebody's roles may see, by area."""
    return {
        area.name: [
            state.name
            for state in area.workflow.states
            if area.workflow.visible(state.name, frozenset(Role(role) for role in person.roles_in(area.name)))
        ]
        for area in areas
    }


def _with_kept(groups: Groups, kept: list[held.HeldNotice]) -> Groups:
    """Each ticket once in a group; a subject that was never proven to be its requester's own is left out."""
    together = {kind: {one[0]: one for one in tickets} for kind, tickets in groups}
    for one in kept:
        of_kind = together.setdefault(one.kind, {})
        if len(of_kind) < MOST:
            of_kind.setdefault(one.ticket, (one.ticket, one.subject if one.verified else "", one.at))
    return [(kind, list(tickets.values())) for kind, tickets in together.items()]
