"""What a person does to a ticket, from the command line, the web, or an agent's mail."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.change import actor_for, write_change
from gateway.apply.posting import Recipient
from gateway.apply.telling import Occasion, recipient
from gateway.desk import courtesy
from gateway.desk.actions import Action, Refusal, Refused, unknown_value
from gateway.desk.actions import act as decide
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import TOLD
from gateway.desk.words import LANGUAGES
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
        area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
        given = dict(parameters or {})
        if impolite := _impolite(office, action, text, as_it_is=given.pop("courtesy", "") == "ok"):
            return impolite
        numbered = _numbers(connection, given)
        if isinstance(numbered, Refused):
            return numbered
        wrong = _wrong_area(office, given, kept.ticket) or _wrong_ticket(connection, given)
        if wrong is not None:
            return wrong
        actor = actor_for(person, kept.ticket)
        change = decide(
            kept.ticket, action, actor=actor, workflow=area.workflow, now=now, text=text, parameters=numbered
        )
        if isinstance(change, Refused):
            return change
        occasion = Occasion(
            ticket=change.ticket,
            requester=_requester(connection, kept),
            area=office.rules.desk.areas.get(change.ticket.area, area),
            anchor=f"{action} {kept.ticket.id}.{kept.ticket.version}",
            now=now,
            said=text.strip(),
            alert="assigned" if action is Action.ASSIGN else "customer_replied",
            author=person.name if actor.roles else "",
        )
        write_change(
            connection,
            change,
            occasion,
            office.rules,
            before=kept.ticket,
            actor=actor,
            cause=cause,
            author_address=by,
        )
        return tickets.get(connection, number).ticket


def _impolite(office: Office, action: Action, text: str, *, as_it_is: bool) -> Refused | None:
    """What the desk writes to a customer is looked at before it goes out; whoever means it says courtesy=ok."""
    if as_it_is or action not in TOLD or not office.settings.courtesy.agents:
        return None
    found = courtesy.breaches("", text)
    if not found:
        return None
    words = {one: f"{courtesy.advice(found, one)} (courtesy=ok)" for one in LANGUAGES}
    return Refused(Refusal.IMPOLITE, words, "courtesy")


def _requester(connection: Connection, kept: tickets.KeptTicket) -> Recipient:
    person = people.by_id(connection, kept.ticket.requester_id)
    if person is None:
        return Recipient(kept.ticket.requester_id, kept.requester_address, language=kept.ticket.language)
    return recipient(person, address=kept.requester_address)


def _wrong_area(office: Office, given: Mapping[str, str], ticket: Ticket) -> Refused | None:
    """A ticket moves only to an area that there is, and whose workflow has the state that it is in."""
    wanted = given.get("area")
    if wanted is None:
        return None
    possible = [
        area.name
        for area in office.rules.desk.areas.values()
        if any(state.name == ticket.state for state in area.workflow.states)
    ]
    return None if wanted in possible else unknown_value("area", wanted, known=possible)


def _wrong_ticket(connection: Connection, given: Mapping[str, str]) -> Refused | None:
    """A link goes to a ticket that there is; what is no number at all is for the desk's rules to refuse."""
    wanted = given.get("to", "").strip().removeprefix("#")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= 12):
        return None
    return None if tickets.find(connection, int(wanted)) else unknown_value("to", given["to"])


def _numbers(connection: Connection, given: dict[str, str]) -> dict[str, str] | Refused:
    """Names that people write (an owner's address, an organisation) as the numbers of their rows."""
    owner = given.get("owner")
    if owner:
        person = people.by_address(connection, owner.casefold())
        if person is None:
            return unknown_value("owner", owner)
        given["owner"] = str(person.id)
    name = given.get("organisation")
    if name:
        numbers = people.organisation_numbers(connection)
        if name not in numbers:
            return unknown_value("organisation", name, known=numbers)
        given["organisation"] = str(numbers[name])
    return given
