"""What somebody on the customer's side looks at on the pages, each read in one snapshot.

Their own tickets; and those of their colleagues, for who is an agent of their organisation.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.actors import standing_of
from gateway.desk.outlook import Outlook, outlook
from gateway.desk.people import May, may
from gateway.store import own_tickets, people, seen_tickets, surveys, tickets
from gateway.store.own_tickets import OwnFile, OwnTicket, PublicMessage
from gateway.store.people import Person
from gateway.store.seen_tickets import ColleaguesTicket
from gateway.store.surveys import KeptAnswer
from gateway.store.trails import judgements
from gateway.work.office import Office

__all__ = ["Conversation", "OwnFile", "OwnTicket", "PublicMessage", "conversation", "file", "outcome", "tickets_of"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A ticket with what its requester may read. `ended`: a reply opens a new ticket that is linked to it.

    `answered` is what they said in the survey, `classification` what the desk calls it.
    """

    ticket: OwnTicket
    messages: tuple[PublicMessage, ...]
    ended: bool
    outlook: Outlook
    answered: KeptAnswer | None
    classification: str
    # Whose ticket it is, where that is not the reader.
    requester: str = ""


def holder(office: Office, person_id: int) -> Person | None:
    """The person of a letter's link; None for one whose account does not let them in."""
    with office.database.read() as connection:
        person = people.by_id(connection, people.remaining(connection, person_id))
        return person if person is not None and may(person.state, May.SIGN_IN) else None


def tickets_of(office: Office, person_id: int) -> list[OwnTicket]:
    with office.database.read() as connection:
        return own_tickets.of_person(connection, person_id)


def conversation(office: Office, person_id: int, number: int, *, now: datetime) -> Conversation | None:
    """None for another's ticket as for one that there is not."""
    with office.database.read() as connection:
        found = own_tickets.one(connection, person_id, number)
        return None if found is None else _conversation(connection, found, office, now=now)


def file(office: Office, person_id: int, number: int, file_id: int) -> OwnFile | None:
    with office.database.read() as connection:
        if own_tickets.one(connection, person_id, number) is None:
            return None
        return own_tickets.file(connection, number, file_id)


def of_colleagues(office: Office, person_id: int) -> list[ColleaguesTicket] | None:
    """None for who is no agent of an organisation now."""
    with office.database.read() as connection:
        if not seen_tickets.is_agent(connection, person_id):
            return None
        return seen_tickets.of_colleagues(connection, person_id)


def colleagues_conversation(office: Office, person_id: int, number: int, *, now: datetime) -> Conversation | None:
    """A ticket of their organisation; None for one that they do not see, as for one that there is not."""
    with office.database.read() as connection:
        found = seen_tickets.one_of_colleagues(connection, person_id, number)
        if found is None:
            return None
        whole = _conversation(connection, found.ticket, office, now=now)
        return replace(whole, messages=_proven(whole.messages), requester=found.requester)


def colleagues_file(office: Office, person_id: int, number: int, file_id: int) -> OwnFile | None:
    with office.database.read() as connection:
        if seen_tickets.one_of_colleagues(connection, person_id, number) is None:
            return None
        seen = _proven(tuple(own_tickets.conversation(connection, number)))
        return next((one for message in seen for one in message.files if one.id == file_id), None)


def _proven(messages: tuple[PublicMessage, ...]) -> tuple[PublicMessage, ...]:
    """Not what somebody added who may not be who they say. The first message was proven with the ticket."""
    return messages[:1] + tuple(one for one in messages[1:] if one.verified)


def _conversation(connection: Connection, found: OwnTicket, office: Office, *, now: datetime) -> Conversation:
    number = found.number
    kept = tickets.get(connection, number)
    area = office.rules.desk.areas.get(found.area) or office.rules.desk.first()
    return Conversation(
        ticket=found,
        messages=tuple(own_tickets.conversation(connection, number)),
        ended=area.workflow.follows_up(kept.ticket, now=now),
        outlook=outlook(
            kept.ticket,
            workflow=area.workflow,
            calendar=area.calendar,
            standing=standing_of(connection, kept.ticket),
            now=now,
        ),
        answered=surveys.of_ticket(connection, number),
        classification=kept.ticket.classification,
    )


def outcome(office: Office, mail_id: str) -> tuple[bool, int | None]:
    """Whether a mail ('m-12') is judged already, and the ticket that it went to."""
    with office.database.read() as connection:
        for one in judgements(connection, int(mail_id.removeprefix("m-"))):
            return one["status"] in ("done", "parked"), one["facts"]["ticket"]
    return False, None
