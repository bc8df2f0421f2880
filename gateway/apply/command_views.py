"""What somebody of the desk asks to read by mail: a whole ticket, a list, what can be written."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.digest import areas_of, seen_states
from gateway.apply.groups import to_attend
from gateway.apply.posting import Rules
from gateway.desk import command_sayings as say
from gateway.desk.areas import Area
from gateway.desk.command_plan import offered
from gateway.desk.command_values import view_named
from gateway.desk.command_words import groups, table
from gateway.desk.history_words import happened
from gateway.desk.people import Role
from gateway.desk.reckoning import due_of
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.ticket import Field, Nature, Origin, Ticket
from gateway.desk.words import Labels, in_language
from gateway.desk.workflow import Workflow
from gateway.outbound.wording import moment_in
from gateway.store import messages, people, tickets, views
from gateway.store.people import Person
from gateway.store.views import View

MOST_MESSAGES = 50
MOST_EVENTS = 50
MOST_TICKETS = 100

Values = dict[str, object]


def help_(language: str, workflow: Workflow) -> Values:
    """All that can be written at a desk with this workflow, by groups."""
    rows = {name: (in_language(title, language), list[tuple[str, str]]()) for name, title in groups().items()}
    for one in table():
        if not offered(one.command, workflow):
            continue
        written = f"#{in_language(one.word, language)} {in_language(one.value, language)}".strip()
        rows[one.group][1].append((written, in_language(one.says, language)))
    return {"groups": list(rows.values()), "can": ()}


def listed(
    connection: Connection, person: Person, value: str, rules: Rules, *, language: str, now: datetime
) -> Values | Refused:
    """The tickets of a view by name, or with a tag; Refused when it is neither."""
    areas = areas_of(person, rules)
    seen = views.in_states(seen_states(person, areas))
    name = view_named(value) or ("attend" if not value else "")
    if name:
        wanted = views.condition(View(name), person_id=person.id, now=now)
    else:
        wanted = views.tagged("-".join(value.lstrip("#").casefold().split()))
    own = name == View.CREATED
    first = None
    if name == View.ATTEND:
        for_them, first = to_attend(connection, person, areas)
        wanted = views.all_of(wanted, for_them)
    found = views.lines(connection, wanted if own else views.all_of(wanted, seen), most=MOST_TICKETS + 1, first=first)
    if not name and not found:
        return Refused(Refusal.UNKNOWN_VALUE, say.NO_SUCH_VIEW)
    return {
        "view": name or "tag",
        "tag": "" if name else value,
        "tickets": [
            (one.number, one.subject, _state(one.area, one.state, rules, language), one.owner, one.at)
            for one in found[:MOST_TICKETS]
        ],
        "more": len(found) > MOST_TICKETS,
    }


def whole(
    connection: Connection, number: int, person: Person, rules: Rules, *, language: str, zone: str
) -> Values | Refused:
    """A ticket with its messages and its log; Refused when they may not see it."""
    kept = tickets.find(connection, number)
    if kept is None:
        return Refused(Refusal.UNKNOWN_VALUE, say.NO_TICKET)
    ticket = kept.ticket
    area = rules.desk.areas.get(ticket.area) or rules.desk.first()
    roles = frozenset(Role(role) for role in person.roles_in(ticket.area))
    if not roles or not area.workflow.visible(ticket.state, roles):
        return Refused(Refusal.UNKNOWN_VALUE, say.NO_TICKET)
    said = list(_messages(connection, number))
    rows = _rows(connection, kept, area, language)
    return {
        "subject": ticket.subject,
        "rows": [(what, value if isinstance(value, str) else moment_in(value, language, zone)) for what, value in rows],
        "messages": said[-MOST_MESSAGES:],
        "left_out": max(0, len(said) - MOST_MESSAGES),
        "events": list(_history(connection, number, area, rules, language)),
    }


def _messages(connection: Connection, number: int) -> Iterator[tuple[datetime, str, str, str]]:
    for row, files in messages.of_ticket(connection, number):
        author = None if row["author_id"] is None else people.by_id(connection, row["author_id"])
        name = (author.name if author else "") or row["author_address"]
        text = messages.unfolded(row["text"], row["spans"] or ())
        names = ", ".join(one.name for one in files)
        yield row["at"], name, _KINDS.get(row["kind"], "note"), f"{text}\n[{names}]" if names else text


def _history(
    connection: Connection, number: int, area: Area, rules: Rules, language: str
) -> Iterator[tuple[datetime, str, str]]:
    for at, who, what, state in tickets.newest_events(connection, number, most=MOST_EVENTS):
        words = happened(what, language)
        yield (
            at,
            in_language(_NOBODY.get(who, who), language),
            f"{words} → {_state(area.name, state, rules, language)}" if state else words,
        )


def _rows(
    connection: Connection, kept: tickets.KeptTicket, area: Area, language: str
) -> Iterator[tuple[str, str | datetime]]:
    ticket = kept.ticket
    requester = people.by_id(connection, ticket.requester_id)
    owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
    organisation = people.organisation_name(connection, ticket.organisation_id) if ticket.organisation_id else ""
    named = f"{requester.name} <{kept.requester_address}>" if requester and requester.name else kept.requester_address
    facts: tuple[tuple[str, str | datetime | None], ...] = (
        ("requester", named),
        ("organisation", organisation),
        ("state", in_language(area.workflow.state(ticket.state).labels, language)),
        ("owner", owner.name or owner.address if owner else ""),
        ("area", ticket.area),
        ("category", ticket.category),
        ("nature", in_language(_NATURES[ticket.nature], language) if ticket.nature else ""),
        ("classification", ticket.classification),
        ("priority", in_language(_PRIORITIES[ticket.priority], language)),
        ("tags", ", ".join(ticket.tags)),
        ("origin", in_language(_ORIGINS[ticket.origin], language)),
        ("received", ticket.created_at),
        ("due", ticket.due_at),
        ("release", ticket.field(Field.RELEASE)),
        ("time", f"{ticket.time_spent // 3600}:{ticket.time_spent % 3600 // 60:02}" if ticket.time_spent else ""),
        *_targets(ticket, area, language),
    )
    for name, value in facts:
        if value:
            yield in_language(_NAMES[name], language) if name in _NAMES else name, value


def _targets(ticket: Ticket, area: Area, language: str) -> Sequence[tuple[str, datetime]]:
    return [
        (in_language(one.labels, language), due_of(one.rule, ticket, calendar=area.calendar).due_at)
        for one in area.workflow.targets
        if one.rule.concerns(ticket)
    ]


def _state(area: str, state: str, rules: Rules, language: str) -> str:
    workflow = (rules.desk.areas.get(area) or rules.desk.first()).workflow
    known = next((one for one in workflow.states if one.name == state), None)
    return state if known is None else in_language(known.labels, language)


# Who did it when no person did that the desk knows by name.
_DESK: Labels = {"es": "la mesa", "en": "the desk", "pt": "a central"}
_SOMEBODY: Labels = {"es": "alguien", "en": "somebody", "pt": "alguém"}
_NOBODY: dict[str, Labels] = {
    "system": _DESK,
    "clock": {"es": "el reloj", "en": "the clock", "pt": "o relógio"},
    "operator": _DESK,
    "person": _SOMEBODY,
    "requester": _SOMEBODY,
}
_PRIORITIES: dict[int, Labels] = {
    1: {"es": "alta", "en": "high", "pt": "alta"},
    2: {"es": "normal", "en": "normal", "pt": "normal"},
    3: {"es": "baja", "en": "low", "pt": "baixa"},
}
_ORIGINS: dict[Origin, Labels] = {
    Origin.MAIL: {"es": "correo", "en": "mail", "pt": "e-mail"},
    Origin.WEB: {"es": "página web", "en": "web page", "pt": "página web"},
    Origin.PHONE: {"es": "teléfono", "en": "telephone", "pt": "telefone"},
    Origin.WHATSAPP: {"es": "WhatsApp", "en": "WhatsApp", "pt": "WhatsApp"},
    Origin.INTERNAL: {"es": "interna", "en": "internal", "pt": "interno"},
}
_NATURES: dict[Nature, Labels] = {
    Nature.INCIDENT: {"es": "incidente", "en": "incident", "pt": "incidente"},
    Nature.REQUEST: {"es": "requerimiento", "en": "request", "pt": "requisição"},
    Nature.QUESTION: {"es": "consulta", "en": "question", "pt": "dúvida"},
}
_KINDS = {"mail": "mail", "reply": "reply", "record": "record"}
_NAMES: dict[str, Labels] = {
    "requester": {"es": "Solicitante", "en": "Requester", "pt": "Solicitante"},
    "organisation": {"es": "Organización", "en": "Organisation", "pt": "Organização"},
    "state": {"es": "Estado", "en": "State", "pt": "Estado"},
    "owner": {"es": "A cargo de", "en": "Owner", "pt": "A cargo de"},
    "area": {"es": "Área", "en": "Area", "pt": "Área"},
    "category": {"es": "Categoría", "en": "Category", "pt": "Categoria"},
    "nature": {"es": "Naturaleza", "en": "Nature", "pt": "Natureza"},
    "classification": {"es": "Clasificación", "en": "Classification", "pt": "Classificação"},
    "priority": {"es": "Prioridad", "en": "Priority", "pt": "Prioridade"},
    "tags": {"es": "Etiquetas", "en": "Tags", "pt": "Etiquetas"},
    "origin": {"es": "Origen", "en": "Origin", "pt": "Origem"},
    "received": {"es": "Recibida", "en": "Received", "pt": "Recebido"},
    "due": {"es": "Vence", "en": "Due", "pt": "Prazo"},
    "release": {"es": "Espera la versión", "en": "Waits for release", "pt": "Espera a versão"},
    "time": {"es": "Tiempo (horas:minutos)", "en": "Time (hours:minutes)", "pt": "Tempo (horas:minutos)"},
}
