"""What a person does to a ticket, from the command line or the web."""

from collections.abc import Mapping
from datetime import datetime

from gateway.apply.acting import Doing, do, impolite
from gateway.apply.actors import actor_for
from gateway.desk.actions import Action, Refused
from gateway.desk.ticket import Ticket
from gateway.errors import NotFound
from gateway.store import people, tickets
from gateway.work.office import Office


def act(
    office: Office,
    number: int,
    action: Action,
    *,
    by: str,
    cause: str,
    now: datetime,
    text: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Ticket | Refused:
    """Do an action in the name of the person with the address `by`; the ticket afterwards, or the refusal.

    Raises NotFound for a ticket or a person that there is not.
    """
    with office.database.write() as connection:
        kept = tickets.get(connection, number, lock=True)
        person = people.by_address(connection, by)
        if person is None:
            raise NotFound(f"nobody has the address {by}; `gateway person {by} --role agent --area …` makes them")
        given = dict(parameters or {})
        refused = impolite(office.rules, action, text, as_it_is=given.pop("courtesy", "") == "ok")
        if refused is not None:
            return refused
        actor = actor_for(person, kept.ticket)
        author = person.name if actor.roles else ""
        doing = Doing(action=action, actor=actor, address=by, cause=cause, now=now, author=author)
        return do(connection, office.rules, kept, doing, text=text, parameters=given)
