"""What a requester looks at on the pages: their own tickets and nobody else's, each read in one snapshot."""

from dataclasses import dataclass
from datetime import datetime

from gateway.apply.change import standing_of
from gateway.desk.outlook import Outlook, outlook
from gateway.desk.people import May, may
from gateway.store import own_tickets, people, surveys, tickets
from gateway.store.own_tickets import OwnFile, OwnTicket, PublicMessage
from gateway.store.people import Person
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


def holder(office: Office, person_id: int) -> Person | None:
    """The person of a letter's link; None for one whose account does not let them in."""
    with office.database.read() as connection:
        person = people.by_id(connection, person_id)
        return person if person is not None and may(person.state, May.SIGN_IN) else None


def tickets_of(office: Office, person_id: int) -> list[OwnTicket]:
    with office.database.read() as connection:
        return own_tickets.of_person(connection, person_id)


def conversation(office: Office, person_id: int, number: int, *, now: datetime) -> Conversation | None:
    """None for another's ticket as for one that there is not."""
    with office.database.read() as connection:
        found = own_tickets.one(connection, person_id, number)
        if found is None:
            return None
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


def file(office: Office, person_id: int, number: int, file_id: int) -> OwnFile | None:
    with office.database.read() as connection:
        if own_tickets.one(connection, person_id, number) is None:
            return None
        return own_tickets.file(connection, number, file_id)


def outcome(office: Office, mail_id: str) -> tuple[bool, int | None]:
    """Whether a mail ('m-12') is judged already, and the ticket that it went to."""
    with office.database.read() as connection:
        for one in judgements(connection, int(mail_id.removeprefix("m-"))):
            return one["status"] in ("done", "parked"), one["facts"]["ticket"]
    return False, None
