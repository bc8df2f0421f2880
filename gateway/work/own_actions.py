"""What a requester does to their own ticket by a button of its page."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from gateway.apply.acting import Doing, do
from gateway.apply.quiet import set_quiet
from gateway.desk.outlook import offers
from gateway.desk.people import Actor, ActorKind, May, Standing, may
from gateway.desk.refusals import Refused
from gateway.desk.ticket import Origin, Ticket
from gateway.desk.verbs import Action
from gateway.store import counts, people, tickets
from gateway.store.counts import Counted
from gateway.store.people import Person
from gateway.store.tickets import KeptTicket
from gateway.work.office import Office

PRESSES_PER_HOUR = 30


class NotNow(StrEnum):
    """Why a button does nothing, by the name of the words that say so."""

    NOT_THEIRS = "not_found"
    TOO_MANY = "too_many_presses"
    NOT_OFFERED = "cannot_now"


def press(
    office: Office,
    person_id: int,
    number: int,
    action: Action,
    *,
    cause: str,
    now: datetime,
    text: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Ticket | Refused | NotNow:
    """Do what the page offers the requester now, in their name and with no other role of theirs.

    So many presses an hour for each person and ticket: a button that leaves the state can tell somebody each time.
    """
    with office.database.write() as connection:
        found = _theirs(connection, person_id, number, now=now)
        if isinstance(found, NotNow):
            return found
        kept, person = found
        area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
        standing = Standing(person.state, person.kind)
        if action not in offers(kept.ticket, workflow=area.workflow, standing=standing):
            return NotNow.NOT_OFFERED
        doing = Doing(
            action=action,
            actor=Actor(person.id, ActorKind.REQUESTER),
            address=kept.requester_address or person.address,
            cause=cause,
            now=now,
            origin=Origin.WEB,
        )
        return do(connection, office.rules, kept, doing, text=text, parameters=parameters or {})


def stop_notices(
    office: Office, person_id: int, number: int, *, stop: bool, cause: str, now: datetime
) -> bool | NotNow:
    """Whether the requester gets letters about this ticket that nobody wrote by hand; False: it was so already."""
    with office.database.write() as connection:
        found = _theirs(connection, person_id, number, now=now)
        if isinstance(found, NotNow):
            return found
        kept, person = found
        return set_quiet(connection, kept, office.rules, stop=stop, person_id=person.id, cause=cause, now=now)


def _theirs(
    connection: Connection, person_id: int, number: int, *, now: datetime
) -> tuple[KeptTicket, Person] | NotNow:
    kept = tickets.find(connection, number, lock=True)
    person = people.by_id(connection, person_id)
    if kept is None or person is None or kept.ticket.requester_id != person_id:
        return NotNow.NOT_THEIRS
    if not may(person.state, May.SIGN_IN):
        return NotNow.NOT_THEIRS
    pressed = Counted("page", f"{person_id} {number}")
    if counts.sums(connection, [pressed], now=now)[pressed][0] >= PRESSES_PER_HOUR:
        return NotNow.TOO_MANY
    counts.raise_counts(connection, [pressed], now=now)
    return kept, person
