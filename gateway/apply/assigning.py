"""A new ticket gets its owner: the one that a rule names, or whose turn it is, as far as its workflow assigns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.actors import standing_of
from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.change import write_change
from gateway.apply.groups import group_of, members
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Rules
from gateway.apply.telling import tell
from gateway.desk.actions import Action, Change, Refused, act
from gateway.desk.areas import Area
from gateway.desk.assigning import Assign, Group, moved_on, next_owner
from gateway.desk.notices import Alert, Audience, Letter, Notice
from gateway.desk.people import Actor, ActorKind, May, PersonState, Role, may
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field, Ticket
from gateway.outbound.leaving import Dropped
from gateway.store import people, rosters, tickets

_DESK = Actor(None, ActorKind.SYSTEM, frozenset(Role))


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, in which turn: it is theirs once it is noted with `was_given`."""

    scope: str
    person_id: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A new ticket that was assigned, as it is now; is its owner `there`, and what is its requester told of it."""

    ticket: Ticket
    there: bool
    to_requester: tuple[Notice, ...]


def hand_out(connection: Connection, ticket: Ticket, occasion: Occasion, rules: Rules, *, cause: str) -> Handed | None:
    """Assign a new ticket to the owner or the group that it came with, else to whoever's turn it is.

    None when nobody gets it: it is chosen by hand, all are away, or the workflow has no `assign` from its state, as
    where a supervisor has to prepare it first. Nobody is told by this.
    """
    area = occasion.area
    step = area.workflow.transition(Action.ASSIGN, ticket.state, frozenset(Role))
    if step is None or (ticket.owner_id is not None and ticket.state != area.workflow.first.name):
        return None
    turn = None if ticket.owner_id is not None else whose_turn(connection, ticket, area, now=occasion.now, to=step.to)
    owner = turn.person_id if turn is not None else ticket.owner_id
    group = group_of(ticket, area)
    if owner is not None:
        given = {"owner": str(owner)}
    elif group is not None:
        given = {"group": group.name}
    else:
        return None
    change = act(
        ticket,
        Action.ASSIGN,
        actor=_DESK,
        workflow=area.workflow,
        now=occasion.now,
        parameters=given,
        standing=standing_of(connection, ticket),
    )
    if isinstance(change, Refused):
        return None
    if turn is not None:
        was_given(connection, turn)
    how = "rule" if turn is None else (area.assign if group is None else group.assign).value
    events = tuple(replace(one, data={**one.data, "chosen": how}) for one in change.events)
    quiet = replace(change, events=events, notices=())
    write_change(connection, quiet, occasion, rules, before=ticket, actor=_DESK, cause=cause)
    told = tuple(one for one in change.notices if one.to is Audience.REQUESTER)
    there = turn is not None or _there(connection, owner, now=occasion.now)
    return Handed(replace(change.ticket, version=ticket.version + 1), there, told)


def _there(connection: Connection, owner: int | None, *, now: datetime) -> bool:
    """Whether the owner that a rule names reads what comes: a rule holds for who is away too."""
    person = None if owner is None else people.by_id(connection, owner)
    return person is not None and may(person.state, May.ACT) and not person.away(now)


def whose_turn(
    connection: Connection, ticket: Ticket, area: Area, *, now: datetime, to: str | None = None, group: str = ""
) -> Turn | None:
    """Who is to have this ticket: of its group, or of `group`, else of the agents of its area.

    Supervisors are asked where there is no agent. Who is away, whose account is not active, who is its requester, and
    who could not see it in the state `to`, is passed over.
    """
    its = area.groups.get(group) if group else group_of(ticket, area)
    assign = area.assign if its is None else its.assign
    if assign is Assign.HAND:
        return None
    # Held until the end of the transaction: what the one before was given is then seen here.
    rosters.alone(connection)
    scope = f"area {area.name}" if its is None else f"group {its.name}"
    present = [
        number
        for number, roles in _pool(connection, area, its, now=now).items()
        if number != ticket.requester_id
        and area.workflow.visible(to or ticket.state, frozenset(Role(role) for role in roles))
    ]
    load = rosters.load(connection, present, area=area.name) if assign is Assign.LEAST_OPEN else {}
    number = next_owner(assign, present, given=rosters.given(connection, scope), load=load)
    return None if number is None else Turn(scope, number)


def was_given(connection: Connection, turn: Turn) -> None:
    given = rosters.given(connection, turn.scope)
    rosters.keep_given(connection, turn.scope, moved_on(given, turn.person_id))


def for_the_desk(notices: Iterable[Notice], ticket: Ticket, handed: Handed | None) -> list[Notice]:
    """What people of the desk are told of a new ticket, in the place of these notices of its workflow.

    Its owner first, so that they read that it is theirs, and not that nobody has it. The team hears of it only while
    nobody who is there was given it, and no group: then that group hears.
    """
    waits = ticket.owner_id is None and bool(ticket.field(Field.GROUP))
    cared_for = waits or (handed is not None and handed.there)
    left = [one for one in notices if one.to is not Audience.REQUESTER]
    if cared_for:
        left = [one for one in left if one.to is not Audience.TEAM]
    if ticket.owner_id is not None:
        left.insert(0, Notice(Letter.ALERT, Audience.OWNER, {"kind": Alert.ASSIGNED.value}))
    elif waits:
        left.insert(0, Notice(Letter.ALERT, Audience.TEAM, {"kind": Alert.FOR_THE_TEAM.value}))
    return left


def tell_requester(
    connection: Connection, handed: Handed | None, requester: people.Person, occasion: Occasion, rules: Rules
) -> None:
    """Who attends it, where the workflow says so: a letter by itself, which needs room in the caps (RULES 5).

    Somebody who has not confirmed who they are hears of it with the next letter.
    """
    if handed is None or not handed.to_requester or requester.state == PersonState.PENDING:
        return
    asked = Asked(address=occasion.requester.address, new_sender=new_sender(requester), ticket=handed.ticket.id)
    turn = answer_turn(connection, asked, rules, now=occasion.now)
    if isinstance(turn, Dropped):
        return
    if tell(connection, handed.to_requester, replace(occasion, ticket=handed.ticket, turn=turn), rules):
        count(connection, asked, turn, now=occasion.now)


def without_team(change: Change) -> Change:
    return replace(change, notices=tuple(one for one in change.notices if one.to is not Audience.TEAM))


def hand_out_late(connection: Connection, change: Change, occasion: Occasion, rules: Rules, *, cause: str) -> None:
    """Assign a ticket that comes to the desk with this change, already written; the team was not told of it yet."""
    ticket = tickets.get(connection, change.ticket.id).ticket
    handed = hand_out(connection, ticket, occasion, rules, cause=cause)
    about = replace(occasion, ticket=ticket if handed is None else handed.ticket)
    team = [one for one in change.notices if one.to is Audience.TEAM]
    tell(connection, for_the_desk(team, about.ticket, handed), about, rules)


def comes_in_late(before: Ticket, change: Change, area: Area) -> bool:
    """Whether the requester has sent what was missing from a ticket that nobody of the desk was told of yet."""
    came = area.workflow.state(before.state).kind is StateKind.WAITING_CUSTOMER
    goes = area.workflow.state(change.ticket.state).kind is not StateKind.WAITING_CUSTOMER
    return came and goes and before.owner_id is None and before.last_agent_return_at is None


def _pool(connection: Connection, area: Area, group: Group | None, *, now: datetime) -> dict[int, frozenset[str]]:
    """Who is there, with their roles."""
    roles = rosters.with_roles(connection, area.name)
    if group is not None:
        known = rosters.active(connection, members(connection, group, area))
    else:
        known = rosters.active(connection, _having(roles, Role.AGENT))
        known = known or rosters.active(connection, _having(roles, Role.SUPERVISOR))
    return {number: roles[number] for number in rosters.there(known, now)}


def _having(roles: dict[int, frozenset[str]], wanted: Role) -> Sequence[int]:
    return [number for number, has in roles.items() if wanted in has]
