"""An action on a ticket that is locked: names looked up, decided by the desk's rules, written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.actors import sees, standing_of
from gateway.apply.assigning import Turn, was_given, whose_turn
from gateway.apply.change import write_change
from gateway.apply.groups import in_its_group
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import kept_files, to_send
from gateway.apply.posting import Rules
from gateway.apply.splitting import split_off
from gateway.apply.telling import alert, its_requester
from gateway.desk import courtesy
from gateway.desk.actions import Action, Change, Refusal, Refused, unknown_value
from gateway.desk.actions import act as decide
from gateway.desk.changing import differences
from gateway.desk.folding import as_named
from gateway.desk.notices import Alert, Audience
from gateway.desk.people import Actor, May, may
from gateway.desk.refusals import closed_for_good, no_such_ticket, not_together
from gateway.desk.ticket import Field, Origin, Ticket, with_fields
from gateway.desk.verbs import TOLD
from gateway.desk.words import LANGUAGES
from gateway.store import messages, people, tickets
from gateway.store.messages import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who does what, and why. `author` is the name that the requester reads under it, `origin` where it was written.

    What was done by a mail has its delivery and its files; `apart` are addresses that have that mail already.
    """

    action: Action
    actor: Actor
    address: str
    cause: str
    now: datetime
    author: str = ""
    origin: Origin | None = None
    files: Sequence[File] = ()
    delivery_id: int | None = None
    apart: frozenset[str] = frozenset()


def do(
    connection: Connection,
    rules: Rules,
    kept: tickets.KeptTicket,
    doing: Doing,
    *,
    text: str,
    parameters: Mapping[str, str],
) -> Ticket | Refused:
    """An action on a ticket that is locked, decided and written; the ticket afterwards, or the refusal."""
    action, now = doing.action, doing.now
    area = rules.desk.areas.get(kept.ticket.area) or rules.desk.first()
    actor = in_its_group(connection, doing.actor, kept.ticket, area)
    given = dict(parameters)
    if "area" in given:
        given["area"] = as_named(given["area"], rules.desk.areas)
    numbered = _numbers(connection, given, area=given.get("area", kept.ticket.area))
    if isinstance(numbered, Refused):
        return numbered
    wrong = _wrong_area(rules, given, kept.ticket) or _wrong_group(rules, given, kept.ticket)
    wrong = wrong or _wrong_ticket(connection, rules, doing, given, kept.ticket)
    if wrong is not None:
        return wrong
    turn = _turn_in_group(connection, rules, given, kept.ticket, now=now)
    if turn is not None:
        given["owner"] = str(turn.person_id)
    change = decide(
        kept.ticket,
        action,
        actor=actor,
        workflow=area.workflow,
        now=now,
        text=text,
        parameters=numbered,
        attachments=len(doing.files),
        standing=standing_of(connection, kept.ticket),
    )
    if isinstance(change, Refused):
        return change
    if turn is not None:
        was_given(connection, turn)
    if change.ticket.area != kept.ticket.area:
        change = _left_behind(connection, change, kept.ticket, rules)
    if change.message is not None and doing.origin is not None:
        change = replace(change, message=replace(change.message, origin=doing.origin))
    occasion = Occasion(
        ticket=change.ticket,
        requester=its_requester(connection, replace(kept, ticket=change.ticket)),
        area=rules.desk.areas.get(change.ticket.area, area),
        anchor=f"{action} {kept.ticket.id}.{kept.ticket.version}",
        now=now,
        said=text.strip(),
        alert=_kind(action, change.ticket),
        author=doing.author,
        files=kept_files(to_send(connection, kept.ticket.id, doing.files, author=actor.person_id)),
        came=kept_files(doing.files),
        # Who gives it to their own group knows that it has it.
        apart=doing.apart | ({doing.address} if action is Action.ASSIGN else set()),
    )
    if change.split is not None:
        about = replace(occasion, area=area)
        split = split_off(connection, change.split, about, rules, actor=actor, cause=doing.cause)
        first, *others = change.events
        change = replace(change, events=(replace(first, data={**first.data, "split_to": str(split)}), *others))
    write_change(
        connection,
        change,
        occasion,
        rules,
        before=kept.ticket,
        actor=actor,
        cause=doing.cause,
        author_address=doing.address,
        files=doing.files,
        delivery_id=doing.delivery_id,
    )
    if change.ticket.area != kept.ticket.area:
        _tell_where_it_moved(connection, occasion, rules)
    if action is Action.NOTE and occasion.said and change.ticket.owner_id not in (None, actor.person_id):
        alert(connection, Audience.OWNER, replace(occasion, alert=Alert.NOTED.value), rules)
    return tickets.get(connection, kept.ticket.id).ticket


def _kind(action: Action, ticket: Ticket) -> str:
    if action is not Action.ASSIGN:
        return Alert.CUSTOMER_REPLIED.value
    return (Alert.FOR_THE_TEAM if ticket.owner_id is None else Alert.ASSIGNED).value


def _turn_in_group(
    connection: Connection, rules: Rules, given: Mapping[str, str], ticket: Ticket, *, now: datetime
) -> Turn | None:
    """Who gets a ticket that is given to a group, and to nobody of it, where that goes by turn."""
    group, area = given.get("group", ""), rules.desk.areas.get(given.get("area", ticket.area))
    if area is None or group not in area.groups or given.get("owner"):
        return None
    return whose_turn(connection, ticket, area, now=now, group=group)


def _left_behind(connection: Connection, change: Change, before: Ticket, rules: Rules) -> Change:
    """A ticket that moves to an area in which its owner has no role has none there: they could do nothing with it.

    Nor has it a group that attends no tickets there.
    """
    ticket, area = change.ticket, rules.desk.areas.get(change.ticket.area)
    owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
    if owner is not None and not owner.roles_in(ticket.area):
        ticket = replace(ticket, owner_id=None)
    if area is not None and ticket.field(Field.GROUP) not in area.groups:
        ticket = with_fields(ticket, **{Field.GROUP: ""})
    if ticket == change.ticket:
        return change
    first, *others = change.events
    moved = replace(first, data={**first.data, **differences(before, ticket)})
    return replace(change, ticket=ticket, events=(moved, *others))


def _tell_where_it_moved(connection: Connection, occasion: Occasion, rules: Rules) -> None:
    """Who hears of new tickets in an area hears of one that is moved to it."""
    said = messages.first_text(connection, occasion.ticket.id)
    for audience, _ in occasion.area.workflow.beginning.notices:
        if audience is not Audience.REQUESTER:
            alert(connection, audience, replace(occasion, alert="new_ticket", said=said, author=""), rules)


def impolite(rules: Rules, action: Action, text: str, *, as_it_is: bool) -> Refused | None:
    """What the desk writes to a customer is looked at before it goes out; whoever means it says courtesy=ok."""
    if as_it_is or action not in TOLD or not rules.settings.courtesy.agents:
        return None
    found = courtesy.breaches("", text)
    if not found:
        return None
    words = {one: f"{courtesy.advice(found, one)} ({_AS_IT_IS[one]})" for one in LANGUAGES}
    return Refused(Refusal.IMPOLITE, words, "courtesy")


def _wrong_area(rules: Rules, given: Mapping[str, str], ticket: Ticket) -> Refused | None:
    """A ticket moves only to an area that there is, and whose workflow has the state that it is in."""
    wanted = given.get("area")
    if wanted is None:
        return None
    possible = [
        area.name
        for area in rules.desk.areas.values()
        if any(state.name == ticket.state for state in area.workflow.states)
    ]
    return None if wanted in possible else unknown_value("area", wanted, known=possible)


def _wrong_group(rules: Rules, given: dict[str, str], ticket: Ticket) -> Refused | None:
    """A ticket is given to a group of the area that it is in, or goes to."""
    wanted, area = given.get("group"), rules.desk.areas.get(given.get("area", ticket.area))
    if not wanted or wanted == "none" or area is None:
        return None
    given["group"] = as_named(wanted, area.groups)
    return None if given["group"] in area.groups else unknown_value("group", wanted, known=area.groups)


def _wrong_ticket(
    connection: Connection, rules: Rules, doing: Doing, given: Mapping[str, str], ticket: Ticket
) -> Refused | None:
    """A link goes to a ticket that who makes it sees, a merge to one of the same requester that is not closed.

    What is no number at all is for the desk's rules to refuse.
    """
    wanted, merges = given.get("to", "").strip().removeprefix("#"), doing.action is Action.MERGE
    if not (wanted.isascii() and wanted.isdecimal()):
        return None
    # A number of more digits is none of a ticket, and the database would not take it.
    other = tickets.find(connection, int(wanted)) if len(wanted) <= 12 else None
    if other is None or not _sees(connection, rules, doing.actor, other.ticket):
        return no_such_ticket(given["to"])
    if merges and other.ticket.closed_at is not None:
        return closed_for_good(other.ticket.id)
    if merges and other.ticket.requester_id != ticket.requester_id:
        return not_together(other.ticket.id)
    return None


def _sees(connection: Connection, rules: Rules, actor: Actor, ticket: Ticket) -> bool:
    person = None if actor.person_id is None else people.by_id(connection, actor.person_id)
    area = rules.desk.areas.get(ticket.area) or rules.desk.first()
    return person is not None and sees(person, ticket, area.workflow)


def _numbers(connection: Connection, given: dict[str, str], *, area: str) -> dict[str, str] | Refused:
    """Names that people write (an owner's address, an organisation) as the numbers of their rows.

    Only who has a role in the area, and may act in it, can own its tickets.
    """
    owner = given.get("owner")
    if owner and owner != "none":
        person = people.by_address(connection, owner.casefold())
        if person is None or not person.roles_in(area) or not may(person.state, May.ACT):
            return unknown_value("owner", owner, known=_can_own(connection, area))
        given["owner"] = str(person.id)
    name = given.get("organisation")
    if name and name != "none":
        numbers = people.organisation_numbers(connection)
        name = as_named(name, numbers)
        if name not in numbers:
            return unknown_value("organisation", name, known=numbers)
        given["organisation"] = str(numbers[name])
    return given


def _can_own(connection: Connection, area: str) -> list[str]:
    """Those of the area by their names; by their addresses where they have none, or share it."""
    found = [one for one in people.colleagues_in(connection, area) if may(one.state, May.ACT)]
    names = Counter(one.name for one in found)
    return [one.name if one.name and names[one.name] == 1 else one.address for one in found]


_AS_IT_IS = {"es": "o #tal-cual", "en": "or courtesy=ok; by mail #as-is", "pt": "ou #assim"}
