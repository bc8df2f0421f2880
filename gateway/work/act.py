"""What a person does to a ticket, from the command line, the web, or an agent's mail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.change import actor_for, standing_of, write_change
from gateway.apply.posting import Recipient
from gateway.apply.splitting import split_off
from gateway.apply.telling import Occasion, alert, recipient
from gateway.desk import courtesy
from gateway.desk.actions import Action, Change, Refusal, Refused, unknown_value
from gateway.desk.actions import act as decide
from gateway.desk.changing import differences
from gateway.desk.notices import Audience
from gateway.desk.people import Actor
from gateway.desk.refusals import not_together
from gateway.desk.ticket import Origin, Ticket
from gateway.desk.verbs import TOLD
from gateway.desk.words import LANGUAGES
from gateway.errors import NotFound
from gateway.store import messages, people, tickets
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
        if impolite := _impolite(office, action, text, as_it_is=given.pop("courtesy", "") == "ok"):
            return impolite
        actor = actor_for(person, kept.ticket)
        author = person.name if actor.roles else ""
        doing = Doing(action=action, actor=actor, address=by, cause=cause, now=now, author=author)
        return do(connection, office, kept, doing, text=text, parameters=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who does what, and why. `author` is the name that the requester reads under it, `origin` where it was written."""

    action: Action
    actor: Actor
    address: str
    cause: str
    now: datetime
    author: str = ""
    origin: Origin | None = None


def do(
    connection: Connection,
    office: Office,
    kept: tickets.KeptTicket,
    doing: Doing,
    *,
    text: str,
    parameters: Mapping[str, str],
) -> Ticket | Refused:
    """An action on a ticket that is locked, decided and written; the ticket afterwards, or the refusal."""
    action, actor, now = doing.action, doing.actor, doing.now
    area = office.rules.desk.areas.get(kept.ticket.area) or office.rules.desk.first()
    given = dict(parameters)
    numbered = _numbers(connection, given, area=given.get("area", kept.ticket.area))
    if isinstance(numbered, Refused):
        return numbered
    wrong = _wrong_area(office, given, kept.ticket) or _wrong_ticket(connection, action, given, kept.ticket)
    if wrong is not None:
        return wrong
    change = decide(
        kept.ticket,
        action,
        actor=actor,
        workflow=area.workflow,
        now=now,
        text=text,
        parameters=numbered,
        standing=standing_of(connection, kept.ticket),
    )
    if isinstance(change, Refused):
        return change
    if change.ticket.area != kept.ticket.area:
        change = _left_behind(connection, change, kept.ticket)
    if change.message is not None and doing.origin is not None:
        change = replace(change, message=replace(change.message, origin=doing.origin))
    occasion = Occasion(
        ticket=change.ticket,
        requester=_requester(connection, kept),
        area=office.rules.desk.areas.get(change.ticket.area, area),
        anchor=f"{action} {kept.ticket.id}.{kept.ticket.version}",
        now=now,
        said=text.strip(),
        alert="assigned" if action is Action.ASSIGN else "customer_replied",
        author=doing.author,
    )
    write_change(
        connection,
        change,
        occasion,
        office.rules,
        before=kept.ticket,
        actor=actor,
        cause=doing.cause,
        author_address=doing.address,
    )
    if change.ticket.area != kept.ticket.area:
        _tell_where_it_moved(connection, occasion, office)
    if change.split is not None:
        about = replace(occasion, ticket=change.ticket, area=area)
        split_off(connection, change.split, about, office.rules, actor=actor, cause=doing.cause)
    return tickets.get(connection, kept.ticket.id).ticket


def _left_behind(connection: Connection, change: Change, before: Ticket) -> Change:
    """A ticket that moves to an area in which its owner has no role has none there: they could do nothing with it."""
    owner = None if change.ticket.owner_id is None else people.by_id(connection, change.ticket.owner_id)
    if owner is None or owner.roles_in(change.ticket.area):
        return change
    ticket = replace(change.ticket, owner_id=None)
    first, *others = change.events
    moved = replace(first, data={**first.data, **differences(before, ticket)})
    return replace(change, ticket=ticket, events=(moved, *others))


def _tell_where_it_moved(connection: Connection, occasion: Occasion, office: Office) -> None:
    """Who hears of new tickets in an area hears of one that is moved to it."""
    said = messages.first_text(connection, occasion.ticket.id)
    for audience, _ in occasion.area.workflow.beginning.notices:
        if audience is not Audience.REQUESTER:
            alert(connection, audience, replace(occasion, alert="new_ticket", said=said, author=""), office.rules)


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


def _wrong_ticket(connection: Connection, action: Action, given: Mapping[str, str], ticket: Ticket) -> Refused | None:
    """A link goes to a ticket that there is, a merge to one of the same requester that is not closed.

    What is no number at all is for the desk's rules to refuse.
    """
    wanted = given.get("to", "").strip().removeprefix("#")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) <= 12):
        return None
    other = tickets.find(connection, int(wanted))
    if other is None or (action is Action.MERGE and other.ticket.closed_at is not None):
        return unknown_value("to", given["to"])
    if action is Action.MERGE and other.ticket.requester_id != ticket.requester_id:
        return not_together(other.ticket.id)
    return None


def _numbers(connection: Connection, given: dict[str, str], *, area: str) -> dict[str, str] | Refused:
    """Names that people write (an owner's address, an organisation) as the numbers of their rows.

    Only who has a role in the area can own its tickets.
    """
    owner = given.get("owner")
    if owner and owner != "none":
        person = people.by_address(connection, owner.casefold())
        if person is None or not person.roles_in(area):
            return unknown_value("owner", owner)
        given["owner"] = str(person.id)
    name = given.get("organisation")
    if name:
        numbers = people.organisation_numbers(connection)
        if name not in numbers:
            return unknown_value("organisation", name, known=numbers)
        given["organisation"] = str(numbers[name])
    return given
