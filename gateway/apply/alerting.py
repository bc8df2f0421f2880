"""What an alert shows of its ticket, so that its reader can work on it where they are: in their mail program."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from gateway.apply.actors import actor_for, standing_of
from gateway.apply.company import in_one_breath, reached
from gateway.apply.groups import in_its_group
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Recipient, Rules, called
from gateway.desk.account_orders import ACCOUNT_STATES
from gateway.desk.command_words import Command, row_of
from gateway.desk.deadlines import deadlines
from gateway.desk.hints import hints, reaches
from gateway.desk.notices import Alert
from gateway.desk.people import Actor, ActorKind, May, Standing, may
from gateway.desk.words import in_language
from gateway.settings import Settings
from gateway.settings_check_identity import sources
from gateway.store import messages, people
from gateway.store.letters import KeptFile

WITHOUT_WORDS = frozenset(
    {
        Alert.ASSIGNED,
        Alert.FOR_THE_TEAM,
        Alert.ESCALATION,
        Alert.MENTIONED,
        Alert.ABOUT_TO_BE_OVERDUE,
        Alert.OVERDUE,
        Alert.QUIET,
        Alert.ELEVATED,
    }
)
"""These tell of something else than a mail of the customer: the newest one is shown with them."""

ATTACHING = WITHOUT_WORDS | {
    Alert.NEW_TICKET,
    Alert.CUSTOMER_REPLIED,
    Alert.CONTRIBUTED,
    Alert.CLOSING_REFUSED,
    Alert.ASIDE,
}
"""What nobody is sure of, or what came in a storm, stays in the ticket: its files are listed only."""


def shown(
    connection: Connection,
    kind: Alert,
    occasion: Occasion,
    reader: Recipient,
    rules: Rules,
    *,
    target: str = "",
) -> dict[str, object]:
    """The values of the letter `alert` that the ticket and its reader give. target: the one that it warns of."""
    ticket, workflow = occasion.ticket, occasion.area.workflow
    language = reader.language or occasion.area.language
    due = deadlines(ticket, workflow=workflow, calendar=occasion.area.calendar, now=occasion.now, apart=target)
    last, files = _last_words(connection, kind, occasion)
    actor, standing = _who(connection, occasion, reader)
    handy = hints(kind, ticket, actor=actor, workflow=workflow, standing=standing) if commandable(rules) else ()
    those = reached(connection, ticket, occasion.requester, rules)
    goes = reaches(ticket, actor=actor, workflow=workflow, standing=standing)
    return {
        "requester": _requester(occasion.requester, standing, language),
        "participants": [called(one) for one in those if one.person_id != ticket.requester_id],
        "writer": occasion.writer,
        "state": in_language(workflow.state(ticket.state).labels, language),
        "priority": ticket.priority,
        "origin": ticket.origin.value,
        "deadlines": [
            ("" if one.labels is None else in_language(one.labels, language), one.at, one.late) for one in due
        ],
        "last": last,
        "files": [(one.name, one.size) for one in files],
        # Not of the template: the files themselves, for who writes the letter.
        "kept_files": files,
        "attached": False,
        "reaches": in_one_breath(those, language) if goes else "",
        "commands": [_said(one, language) for one in handy],
    }


def attached(kind: Alert, files: Sequence[KeptFile], settings: Settings) -> Sequence[KeptFile]:
    """The files that go with an alert: all that it lists, or none."""
    fits = sum(one.size for one in files) <= settings.alerts.attach_mib * 2**20
    return files if kind in ATTACHING and fits else ()


def commandable(rules: Rules) -> bool:
    """Whether an alert may say which commands there are: not where nobody's could be believed."""
    return rules.settings.commands.on and bool(sources(rules.settings))


def _requester(person: Recipient, standing: Standing, language: str) -> str:
    """Who asks; of an account that gets no answers that it is so, because whoever works on it has to know."""
    state = None if may(standing.state, May.BE_ANSWERED) else ACCOUNT_STATES.get(standing.state)
    return called(person) + ("" if state is None else f" ({_ACCOUNT[language]} {state[language]})")


def _last_words(
    connection: Connection, kind: Alert, occasion: Occasion
) -> tuple[tuple[str, object, str] | None, Sequence[KeptFile]]:
    """The customer's newest words where the alert has none of them (who, when, text), and the files to list."""
    if kind not in WITHOUT_WORDS:
        return None, occasion.came
    newest = messages.newest_of_customer(connection, occasion.ticket.id)
    if newest is None:
        return None, occasion.came
    files = tuple(dict.fromkeys((*occasion.came, *newest.files)))
    if not newest.text.strip() or newest.text.strip() == occasion.said.strip():
        return None, files
    theirs = newest.author_address == occasion.requester.address
    who = occasion.requester.name if theirs and occasion.requester.name else newest.author_address
    return (who, newest.at, newest.text), files


def _who(connection: Connection, occasion: Occasion, reader: Recipient) -> tuple[Actor, Standing]:
    person = people.by_id(connection, reader.person_id)
    nobody = Actor(None, ActorKind.PERSON)
    actor = nobody if person is None else actor_for(person, occasion.ticket)
    actor = in_its_group(connection, actor, occasion.ticket, occasion.area)
    return actor, standing_of(connection, occasion.ticket)


def _said(command: Command, language: str) -> tuple[str, str]:
    """What to write, with the first of its possible values, and what it does."""
    row = row_of(command)
    value = in_language(row.value, language).partition(",")[0]
    return f"#{in_language(row.word, language)} {value}".strip(), in_language(row.says, language)


_ACCOUNT = {"es": "cuenta", "en": "account", "pt": "conta"}
