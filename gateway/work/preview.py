"""What a letter would say about a ticket as it is now. Nothing is written."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.occasions import Occasion
from gateway.apply.posting import Recipient
from gateway.apply.saying import variables_of
from gateway.apply.telling import its_requester, readers
from gateway.desk.notices import Audience, Letter, Notice, Variable
from gateway.desk.ticket import Field
from gateway.outbound.letters import LETTERS
from gateway.outbound.samples import sample
from gateway.store import tickets
from gateway.threading import links
from gateway.work.office import Office

# What comes with the change that a letter tells of, and not from the ticket, stays believable.
_OF_THE_CHANGE = frozenset({"text", "author", "reason", "missing", "call", "about", "kind", "release", "target"})


def values_for_ticket(office: Office, letter: str, number: int, *, language: str, now: datetime) -> dict[str, object]:
    """The values of a letter with all that the ticket and its people know, in `language` or that of its reader.

    Raises NotFound when there is no such ticket.
    """
    with office.database.read() as connection:
        kept = tickets.get(connection, number)
        area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
        occasion = Occasion(
            ticket=kept.ticket, requester=its_requester(connection, kept), area=area, anchor="preview", now=now
        )
        reader = _reader(connection, letter, occasion)
        said = language or reader.language or area.language
        values = sample(letter, said) | {"language": said}
        values |= {"desk": area.from_name, "number": number, "zone": reader.zone or area.calendar.zone.key}
        values["link"] = "" if letter == Letter.ALERT else links.ticket_page(office.settings.web.public_url, number)
        if letter in list(Letter):
            to = Audience.TEAM if letter == Letter.ALERT else Audience.REQUESTER
            notice = Notice(Letter(letter), to, _labels(occasion))
            spoken = Recipient(reader.person_id, reader.address, reader.name, said, reader.zone)
            known = variables_of(connection, notice, occasion, spoken, office.rules)
            values |= {name: value for name, value in known.items() if name not in _OF_THE_CHANGE}
        return {name: value for name, value in values.items() if name in LETTERS[letter].variables | {"language"}}


def _labels(occasion: Occasion) -> Mapping[str, Variable]:
    workflow, ticket = occasion.area.workflow, occasion.ticket
    level = workflow.level(ticket.field(Field.LEVEL))
    said: dict[str, Variable] = {"state": workflow.state(ticket.state).labels}
    return said if level is None else said | {"level": level.labels}


def _reader(connection: Connection, letter: str, occasion: Occasion) -> Recipient:
    """The requester; of an alert the first of the team."""
    team = readers(connection, Audience.OWNER, occasion) if letter == Letter.ALERT else []
    return team[0] if team else occasion.requester
