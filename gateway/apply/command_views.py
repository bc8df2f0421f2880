"""What somebody of the desk asks to read by mail: a whole ticket, a list, what can be written."""

from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.digest import areas_of, seen_states
from gateway.apply.groups import to_attend
from gateway.apply.posting import Rules
from gateway.desk import command_sayings as say
from gateway.desk.command_plan import offered
from gateway.desk.command_values import view_named
from gateway.desk.command_words import groups, table
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import in_language
from gateway.desk.workflow import Workflow
from gateway.store import views
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
    return {"groups": list(rows.values())}


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
            (one.number, one.subject, state_called(one.area, one.state, rules, language), one.owner, one.at)
            for one in found[:MOST_TICKETS]
        ],
        "more": len(found) > MOST_TICKETS,
    }


def state_called(area: str, state: str, rules: Rules, language: str) -> str:
    workflow = (rules.desk.areas.get(area) or rules.desk.first()).workflow
    known = next((one for one in workflow.states if one.name == state), None)
    return state if known is None else in_language(known.labels, language)
