"""What a workflow is made of: states, transitions, and reasons. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.notices import Wanted
from gateway.desk.people import Doer, Role
from gateway.desk.ticket import Nature
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import Labels


class StateKind(StrEnum):
    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_OTHERS = "waiting_others"
    SOLVED = "solved"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A classification that a ticket of one of these natures has while it is in a state, in place of its own."""

    classification: str
    natures: frozenset[Nature]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of a ticket. People who have none of the roles of `visible_to` see no ticket that is in it."""

    name: str
    kind: StateKind
    labels: Labels
    visible_to: frozenset[Role] = frozenset(Role)
    hold: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What an action or a happening does in some states, who may do it, what it requires, and who is told.

    `to` is None where the state stays. `roles` is empty for a happening. `kinds` are the kinds of requester who may do
    it, all when empty.
    """

    action: Action | Happening
    from_states: tuple[str, ...]
    to: str | None = None
    roles: frozenset[Doer] = frozenset()
    kinds: frozenset[str] = frozenset()
    requires: tuple[str, ...] = ()
    notices: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason on the desk's list, for the actions that take one from it."""

    name: str
    actions: frozenset[Action]
    labels: Labels
