"""A whole ticket for somebody of the desk: what it is, who reads it, all that was said, and what happened."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from gateway.apply.actors import sees
from gateway.apply.command_views import Values, state_called
from gateway.apply.company import fellows
from gateway.apply.posting import Recipient, Rules, called
from gateway.apply.telling import its_requester
from gateway.desk import command_sayings as say
from gateway.desk.account_orders import ACCOUNT_STATES
from gateway.desk.areas import Area
from gateway.desk.deadlines import deadlines
from gateway.desk.field_words import NATURES, ORIGINS, PRIORITIES
from gateway.desk.history_words import happened
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.ticket import Field, Origin, Ticket
from gateway.desk.verbs import Action
from gateway.desk.view_words import DONE, LATE, LINKS, NAMES, NOBODY, OPEN
from gateway.desk.words import in_language
from gateway.desk.workflow import Workflow
from gateway.outbound.wording import moment_in
from gateway.store import listings, messages, participants, people, tickets
from gateway.store.participants import Part, Participation
from gateway.store.people import Person

MOST_MESSAGES = 50
MOST_EVENTS = 50


def whole(
    connection: Connection, number: int, person: Person, rules: Rules, *, language: str, zone: str, now: datetime
) -> Values | Refused:
    """A ticket with its messages and its log; Refused when they may not see it."""
    kept = tickets.find(connection, number)
    if kept is None:
        return Refused(Refusal.UNKNOWN_VALUE, say.NO_TICKET)
    ticket = kept.ticket
    area = _area(ticket, rules)
    if not sees(person, ticket, area.workflow):
        return Refused(Refusal.UNKNOWN_VALUE, say.NO_TICKET)
    said = list(_messages(connection, number, language))
    for other in listings.merged_into(connection, number):
        merged = tickets.get(connection, other).ticket
        if sees(person, merged, _area(merged, rules).workflow):
            theirs = _messages(connection, other, language)
            said += [(at, f"#{other} · {who}", kind, text) for at, who, kind, text in theirs]
    said.sort(key=lambda one: one[0])
    log = tickets.newest_events(connection, number, most=MOST_EVENTS)
    facts = _facts(connection, kept, area, rules, language, zone)
    return {
        "subject": ticket.subject,
        "rows": [
            *((in_language(NAMES[name], language), value) for name, value in facts if value),
            *_checklist(connection, ticket, area.workflow, language),
            *_links(connection, number, language),
            *_due(ticket, area, language, zone, now=now),
        ],
        "messages": said[-MOST_MESSAGES:],
        "left_out": max(0, len(said) - MOST_MESSAGES),
        "events": [
            (at, in_language(NOBODY.get(who, who), language), _happened(what, data, area, rules, language))
            for at, who, what, data in log
        ],
    }


def _area(ticket: Ticket, rules: Rules) -> Area:
    return rules.desk.areas.get(ticket.area) or rules.desk.first()


def _messages(connection: Connection, number: int, language: str) -> Iterator[tuple[datetime, str, str, str]]:
    for row, files in messages.of_ticket(connection, number):
        author = None if row["author_id"] is None else people.by_id(connection, row["author_id"])
        name = (author.name if author else "") or row["author_address"]
        text = messages.unfolded(row["text"], row["spans"] or ())
        kind = _KINDS.get(row["kind"], "note")
        elsewhere = in_language(ORIGINS[Origin(row["origin"])], language) if kind == "record" else ""
        beside = (elsewhere, row["evidence"], ", ".join(one.name for one in files))
        yield row["at"], name, kind, "\n".join([text, *(f"[{one}]" for one in beside if one)])


def _happened(what: str, data: Mapping[str, Any], area: Area, rules: Rules, language: str) -> str:
    """What happened, with what it was about, and the state that it led to."""
    words = happened(what, language)
    item = next((one.labels for one in area.workflow.checklist if one.name == data.get("item")), {})
    other = str(data.get("link_to") or data.get("split_from") or data.get("split_into") or "")
    about = (
        f"#{other}" if other else "",
        in_language(item, language) if item else "",
        str(data.get("evidence") or ""),
        f"+{data['added']}" if data.get("added") else "",
        f"-{data['removed']}" if data.get("removed") else "",
        str(data.get("asked") or "") if what == "consulted" else "",
    )
    if any(about):
        words = f"{words}: {', '.join(filter(None, about))}"
    state = str(data.get("state") or "")
    if not state:
        return words
    account = ACCOUNT_STATES.get(state) if what == "person changed" else None
    return f"{words} → {in_language(account, language) if account else state_called(area.name, state, rules, language)}"


def _facts(
    connection: Connection, kept: tickets.KeptTicket, area: Area, rules: Rules, language: str, zone: str
) -> tuple[tuple[str, str], ...]:
    ticket = kept.ticket
    owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
    organisation = people.organisation_name(connection, ticket.organisation_id) if ticket.organisation_id else ""
    requester = its_requester(connection, kept)
    others = [one.reader for one in fellows(connection, ticket, rules)]
    parts = participants.ever(connection, ticket.id).values()
    asked = [one for one in parts if one.part is Part.CONSULTED and one.left_at is None]
    return (
        ("requester", called(requester)),
        ("participants", ", ".join(called(one) for one in others)),
        ("consulted", ", ".join(_named(connection, one) for one in asked)),
        ("organisation", organisation),
        ("state", in_language(area.workflow.state(ticket.state).labels, language)),
        ("owner", owner.name or owner.address if owner else ""),
        ("group", ticket.field(Field.GROUP)),
        ("area", ticket.area),
        ("category", ticket.category),
        ("nature", in_language(NATURES[ticket.nature], language) if ticket.nature else ""),
        ("classification", ticket.classification),
        ("priority", in_language(PRIORITIES[ticket.priority], language)),
        ("difficulty", "" if ticket.difficulty is None else str(ticket.difficulty)),
        ("queue", "" if ticket.queue_place is None else str(ticket.queue_place)),
        ("tags", ", ".join(ticket.tags)),
        ("origin", in_language(ORIGINS[ticket.origin], language)),
        ("received", moment_in(ticket.created_at, language, zone)),
        ("release", ticket.field(Field.RELEASE)),
        ("time", f"{ticket.time_spent // 3600}:{ticket.time_spent % 3600 // 60:02}" if ticket.time_spent else ""),
    )


def _named(connection: Connection, one: Participation) -> str:
    person = people.by_id(connection, one.person_id)
    return called(Recipient(one.person_id, one.address, person.name if person else ""))


def _checklist(connection: Connection, ticket: Ticket, workflow: Workflow, language: str) -> Iterator[tuple[str, str]]:
    """What is to be done before it is closed: each item, whether it is done, and the link that shows it."""
    if not workflow.checklist:
        return
    done = [one["data"] for one in listings.events(connection, ticket.id) if one["action"] == Action.CHECK]
    links = {one.get("item"): one.get("evidence") for one in done}
    said: list[str] = []
    for one in workflow.checklist:
        state = DONE if one.name in ticket.listed(Field.CHECKLIST) else OPEN
        link = f" ({links[one.name]})" if state is DONE and links.get(one.name) else ""
        said.append(f"{in_language(one.labels, language)}: {in_language(state, language)}{link}")
    yield in_language(NAMES["checklist"], language), "; ".join(said)


def _links(connection: Connection, number: int, language: str) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for row in listings.links(connection, number):
        words = LINKS.get((row["kind"], row["direction"]), LINKS["related", "to"])
        found.setdefault(in_language(words, language), []).append(f"#{row['ticket']}")
    yield from ((what, ", ".join(those)) for what, those in found.items())


def _due(ticket: Ticket, area: Area, language: str, zone: str, *, now: datetime) -> Iterator[tuple[str, str]]:
    for one in deadlines(ticket, workflow=area.workflow, calendar=area.calendar, now=now):
        at = moment_in(one.at, language, zone)
        said = in_language(LATE, language).format(at=at) if one.late else at
        yield in_language(one.labels or NAMES["due"], language), said


_KINDS = {"mail": "mail", "reply": "reply", "record": "record"}
