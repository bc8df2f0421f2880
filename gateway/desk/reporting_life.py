"""The life of a ticket, told again from its events: what it was before and after each of them. Pure.

What a report counts, it counts from here, and not from what a ticket looks like now: one that moved to another area, or
was reopened, is reckoned as it was at that time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.desk.change import MessageKind
from gateway.desk.changing import turned
from gateway.desk.people import ActorKind
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field, Ticket
from gateway.desk.verbs import Happening

Kinds = Callable[[str, str], StateKind]
"""The kind of an area's state. It knows a kind for a state that its workflow does not have any more, too."""


# Not frozen: a report makes one for each change of each ticket, and freezing would take most of its time.
@dataclass(slots=True)
class Past:
    """A ticket as it was for some time, as far as reports and targets look at it. Nobody changes it."""

    created_at: datetime
    state: str
    kind: StateKind
    area: str
    category: str
    nature: str
    owner_id: int | None
    state_since: datetime
    last_agent_return_at: datetime | None
    last_customer_at: datetime | None
    fields: Mapping[str, str]

    def field(self, name: Field) -> str:
        return self.fields.get(name, "")


@dataclass(slots=True)
class Happened:
    """An event as it is kept. `data` has each field that changed (`state`, `state_before`), and what else is known.

    `answers` says whether a person of the desk wrote to the requester: what the desk writes by itself is no answer.
    """

    at: datetime
    action: str
    actor_id: int | None
    actor_kind: str
    data: Mapping[str, Any]
    answers: bool = field(init=False)

    def __post_init__(self) -> None:
        self.answers = self.data.get("message") == _REPLY and self.actor_kind == _PERSON


@dataclass(slots=True)
class Step:
    """One event, with the ticket as it was before it and as it was from then on: the same where nothing changed."""

    event: Happened
    before: Past
    after: Past


@dataclass(slots=True)
class Life:
    """A ticket as it is now, as it was when it began, and what happened to it, the oldest first.

    `moves` are the steps that led to another state, `first_answer` is the step of the desk's first answer.
    """

    now: Ticket
    begun: Past
    steps: Sequence[Step]
    moves: Sequence[Step]
    first_answer: Step | None

    @property
    def last(self) -> Past:
        return self.steps[-1].after if self.steps else self.begun


def live(now: Ticket, events: Sequence[Happened], kinds: Kinds) -> Life:
    """Tell the life of the ticket that is `now` so."""
    begun = ticket = _begun(now, events, kinds)
    steps: list[Step] = []
    moves: list[Step] = []
    first_answer = None
    for event in events:
        after = _after(ticket, event, kinds)
        step = Step(event, ticket, after)
        steps.append(step)
        if after.state != ticket.state:
            moves.append(step)
        if event.answers and first_answer is None:
            first_answer = step
        ticket = after
    return Life(now, begun, steps, moves, first_answer)


def _begun(now: Ticket, events: Sequence[Happened], kinds: Kinds) -> Past:
    """The ticket before all of its events, each of which says how it was before it."""
    first: dict[str, Any] = {}
    for event in reversed(events):
        for name in event.data:
            if name.endswith("_before"):
                first[name] = event.data[name]
    state, area = first.get("state_before", now.state), first.get("area_before", now.area)
    return Past(
        created_at=now.created_at,
        state=state,
        kind=kinds(area, state),
        area=area,
        category=first.get("category_before", now.category),
        nature=first.get("nature_before", now.nature.value if now.nature else ""),
        owner_id=_number(first["owner_id_before"]) if "owner_id_before" in first else now.owner_id,
        state_since=now.created_at,
        last_agent_return_at=None,
        last_customer_at=now.created_at,
        fields={},
    )


def _after(ticket: Past, event: Happened, kinds: Kinds) -> Past:
    data, at = event.data, event.at
    returned = event.answers or event.action == _RELEASED
    heard = not returned and (event.action == _REPLIED or event.actor_kind == _REQUESTER)
    if not (returned or heard or not _FOLLOWED.isdisjoint(data)):
        return ticket
    state, area = data.get("state", ticket.state), data.get("area", ticket.area)
    kind, fields = ticket.kind, ticket.fields
    if "level" in data:
        fields = {**fields, Field.LEVEL: data["level"], Field.LEVEL_SINCE: at.isoformat() if data["level"] else ""}
    if "state" in data or "area" in data:
        kind = kinds(area, state)
    if "state" in data:
        fields = {**fields, **turned(ticket.kind, kind, now=at)}
    return Past(
        created_at=ticket.created_at,
        state=state,
        kind=kind,
        area=area,
        category=data.get("category", ticket.category),
        nature=data.get("nature", ticket.nature),
        owner_id=_number(data["owner_id"]) if "owner_id" in data else ticket.owner_id,
        state_since=at if "state" in data else ticket.state_since,
        last_agent_return_at=at if returned else ticket.last_agent_return_at,
        last_customer_at=at if heard else ticket.last_customer_at,
        fields=fields,
    )


def _number(written: Any) -> int | None:
    return int(written) if written else None


_FOLLOWED = frozenset({"state", "area", "category", "nature", "owner_id", "level"})
# As they are in the rows: to compare with a member of an enumeration takes three times as long.
_REPLY, _PERSON, _REQUESTER = MessageKind.REPLY.value, ActorKind.PERSON.value, ActorKind.REQUESTER.value
_RELEASED, _REPLIED = Happening.RELEASE_ANNOUNCED.value, Happening.CUSTOMER_REPLIED.value
