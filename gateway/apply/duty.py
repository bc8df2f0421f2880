"""Who of the desk a ticket concerns now: its owner, who stands in for them, its group, the team of its area."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from gateway.apply.groups import group_of, members, people_of
from gateway.desk.areas import Area
from gateway.desk.away import all_away, away_words
from gateway.desk.people import May, may
from gateway.desk.ticket import Ticket
from gateway.desk.words import Labels, in_language
from gateway.outbound.wording import long_day
from gateway.store import people, rosters

TEAM = frozenset({"agent", "supervisor"})


def team_of(connection: Connection, ticket: Ticket, area: Area, *, now: datetime) -> list[int]:
    """The group that the ticket was given to, else agents and supervisors of the area."""
    mine = people_of(connection, ticket, area, now=now)
    return mine or rosters.team(connection, area.name, roles=TEAM, now=now)


def owner_of(connection: Connection, ticket: Ticket, area: Area, *, now: datetime) -> list[int]:
    """The owner; while they are away the others of the team too, because somebody must see it.

    An owner whose account is not active any more sees nothing: the team does in their place.
    """
    owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
    if owner is None or not may(owner.state, May.ACT):
        return team_of(connection, ticket, area, now=now)
    if not owner.away(now):
        return [owner.id]
    others = [one for one in people_of(connection, ticket, area, now=now) if one != owner.id]
    return list(dict.fromkeys([owner.id, *(others or rosters.team(connection, area.name, roles=TEAM, now=now))]))


def why_told(connection: Connection, ticket: Ticket, area: Area, *, reader: int, language: str, now: datetime) -> str:
    """What somebody reads who is told in an owner's place; empty for the owner, and where there is none."""
    owner = None if ticket.owner_id in (None, reader) else people.by_id(connection, ticket.owner_id or 0)
    said = None if owner is None else _away(owner, area, now=now)
    return "" if said is None else in_language(said, language)


def nobody_there(connection: Connection, ticket: Ticket, area: Area, *, now: datetime) -> Labels | None:
    """What somebody reads who gave the ticket to an owner, or to a group, of whom nobody is there; None when one is."""
    if ticket.owner_id is not None:
        owner = people.by_id(connection, ticket.owner_id)
        return None if owner is None else _away(owner, area, now=now)
    group = group_of(ticket, area)
    known = {} if group is None else rosters.active(connection, members(connection, group, area))
    return None if group is None or rosters.there(known, now) else all_away(group.name)


def _away(owner: people.Person, area: Area, *, now: datetime) -> Labels | None:
    if not owner.away(now) or owner.absent_until is None:
        return None
    zone = ZoneInfo(owner.zone) if owner.zone else area.calendar.zone
    back = owner.absent_until.astimezone(zone).date()
    words = away_words(owner.name or owner.address, back)
    return {language: said.format(day=long_day(back, language)) for language, said in words.items()}
