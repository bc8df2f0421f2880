"""Who people are to the desk: their roles, the state of their account, and who stands behind an action. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class PersonState(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    INACTIVE = "inactive"
    BLOCKED = "blocked"


class May(StrEnum):
    """What an account allows, or does not."""

    WRITE = "write tickets"
    BE_ANSWERED = "get answers"
    CONFIRM = "confirm"
    SIGN_IN = "sign in"
    ACT = "act as agent"


def may(state: str, what: May) -> bool:
    """Whether an account in this state may do it; docs/people.md has a sentence for each.

    A state that is none, such as the placeholder of a sender whom nobody could identify, may only write.
    """
    return what in _MAY.get(state, frozenset({May.WRITE}))


_MAY: Mapping[str, frozenset[May]] = {
    PersonState.PENDING: frozenset({May.WRITE, May.BE_ANSWERED, May.CONFIRM}),
    PersonState.ACTIVE: frozenset(May),
    # Their tickets wait, and the standard answer for inactive accounts says so.
    PersonState.INACTIVE: frozenset({May.WRITE}),
    # Their mail is kept and recorded as rejected.
    PersonState.BLOCKED: frozenset(),
}


class ActorKind(StrEnum):
    """What somebody is when they act. OWNER is only what a workflow lets somebody do; an owner acts as a PERSON."""

    PERSON = "person"
    REQUESTER = "requester"
    PARTICIPANT = "participant"
    OWNER = "owner"
    SYSTEM = "system"
    CLOCK = "clock"


Doer = Role | ActorKind
"""Who a workflow lets do an action: somebody with a role in the area, the ticket's owner, requester or participants."""

DOERS: tuple[Doer, ...] = (*Role, ActorKind.OWNER, ActorKind.REQUESTER, ActorKind.PARTICIPANT)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the desk knows of a ticket's requester: the state of their account, and what kind of requester they are."""

    state: str = PersonState.ACTIVE
    kind: str = "customer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a ticket. `roles` are those in the ticket's area; an administrator has them in every area.

    `groups` has the ticket's group when they are one of it.
    """

    person_id: int | None
    kind: ActorKind
    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
