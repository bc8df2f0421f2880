"""Who people are to the desk: their roles, the state of their account, and who stands behind an action. Pure."""

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


class ActorKind(StrEnum):
    PERSON = "person"
    REQUESTER = "requester"
    PARTICIPANT = "participant"
    SYSTEM = "system"
    CLOCK = "clock"


Doer = Role | ActorKind
"""Who a workflow lets do an action: somebody with a role in the area, or the ticket's requester or participants."""

DOERS: tuple[Doer, ...] = (*Role, ActorKind.REQUESTER, ActorKind.PARTICIPANT)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts on a ticket. `roles` are those in the ticket's area; an administrator has them in every area."""

    person_id: int | None
    kind: ActorKind
    roles: frozenset[Role] = frozenset()
