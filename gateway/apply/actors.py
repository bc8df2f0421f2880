"""Who acts, and for whom: what people of the store are to a ticket, as the desk's rules ask for them."""

from sqlalchemy.engine import Connection

from gateway.desk.people import Actor, ActorKind, May, Role, Standing, may
from gateway.desk.ticket import Ticket
from gateway.desk.workflow import Workflow
from gateway.store import people


def actor_for(person: people.Person, ticket: Ticket) -> Actor:
    """What a person may be on a ticket, by their roles in its area and by whose ticket it is.

    The roles of an account that is not active rest.
    """
    mine = person.roles_in(ticket.area) if may(person.state, May.ACT) else ()
    roles = frozenset(Role(role) for role in mine)
    kind = ActorKind.REQUESTER if person.id == ticket.requester_id and not roles else ActorKind.PERSON
    return Actor(person.id, kind, roles)


def sees(person: people.Person, ticket: Ticket, workflow: Workflow) -> bool:
    """Whether somebody of the desk sees a ticket: by their roles in its area, in the state that it is in."""
    return workflow.visible(ticket.state, [Role(role) for role in person.roles_in(ticket.area)])


def standing_of(connection: Connection, ticket: Ticket) -> Standing:
    """What the desk knows of the requester; somebody without a row is nobody's customer yet."""
    person = people.by_id(connection, ticket.requester_id)
    return Standing() if person is None else Standing(person.state, person.kind)
