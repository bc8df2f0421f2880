"""The commands of a mail carried out, one step after the other; what stops one undoes them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from gateway.apply.acting import Doing, do, impolite
from gateway.apply.change import actor_for
from gateway.apply.command_orders import ORDERS
from gateway.apply.new_for import open_new
from gateway.apply.orders import Order
from gateway.apply.posting import Rules
from gateway.desk import command_sayings as say
from gateway.desk.actions import Action, Refused
from gateway.desk.areas import Area
from gateway.desk.command_plan import Plan, Step
from gateway.desk.command_values import moment, numbers, yes_or_no
from gateway.desk.command_words import Command
from gateway.desk.commands import Line
from gateway.desk.guards import doers_of
from gateway.desk.people import Role
from gateway.desk.refusals import unknown_value
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import TOLD
from gateway.desk.ways import state_named, way_to
from gateway.desk.words import Labels, in_language
from gateway.store import people, tickets
from gateway.store.messages import File
from gateway.store.people import Person

MOST_TICKETS = 50
TEST_ANSWER = "test_ticket"
"""The standard answer for test tickets, where a workflow has one."""


class Undone(Exception):  # noqa: N818  (it undoes what was done; nobody reads its name)
    """A line that cannot be carried out: the savepoint around all of them goes back. Number 0: the whole mail."""

    def __init__(self, line: Line | None, why: Labels) -> None:
        super().__init__()
        self.line, self.why = line, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks by which mail, and what came with it. `number` is the ticket that the letter was about, or None.

    `quoted` is what the mail quotes: nothing is read in it, but a part of it can become a ticket.
    """

    person: Person
    address: str
    area: Area
    number: int | None
    rules: Rules
    now: datetime
    cause: str
    delivery_id: int
    message_id: str
    files: Sequence[File] = ()
    quoted: str = ""
    apart: frozenset[str] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone) if self.person.zone else self.area.calendar.zone


@dataclass(slots=True)
class Done:
    """What became of it: the tickets it was done to, what was said beyond a line, and whom the text went to.

    `also` is what the receipt says below the lines.
    """

    tickets: list[int] = field(default_factory=list)
    said: dict[int, Labels] = field(default_factory=dict)
    told: int | None = None
    kept: bool = False
    also: list[Labels] = field(default_factory=list)


def carry_out(connection: Connection, plan: Plan, asked: Asked) -> Done:
    """Do all of the plan. Raises Undone for the first line that cannot be; the caller's savepoint undoes the rest."""
    targets: list[int | None] = [asked.number]
    if plan.tickets is not None:
        named = numbers(plan.tickets.value)
        if named is None or len(named) > MOST_TICKETS:
            raise Undone(plan.tickets, unknown_value("tickets", plan.tickets.value, example="#12 #13").words)
        targets = list(named)
    done = Done()
    for target in targets:
        number, files = target, asked.files
        for step in plan.steps:
            takes = step is _taker(plan)
            one = replace(asked, number=number, files=files if takes else ())
            if step.line.command is Command.NEW:
                number = _new(connection, plan, step, one, done)
            elif step.action is None:
                _special(connection, step, one, done)
            else:
                _action(connection, plan, step, one, done)
        if files and plan.steps and _taker(plan) is None and number is not None:
            _keep_files(connection, plan, replace(asked, number=number, files=_worth_keeping(files)), done)
        if number is not None and number not in done.tickets:
            done.tickets.append(number)
    return done


def _taker(plan: Plan) -> Step | None:
    """The step that takes the text, and the files with it."""
    with_text = [step for step in plan.steps if step.text]
    told = [step for step in plan.steps if step.action in TOLD or step.line.command in (Command.NEW, Command.CONSULT)]
    found = with_text or told
    return found[-1] if found else None


def _action(connection: Connection, plan: Plan, step: Step, asked: Asked, done: Done) -> None:
    kept = _ticket(connection, step.line, asked)
    actor = actor_for(asked.person, kept.ticket)
    area = asked.rules.desk.areas.get(kept.ticket.area) or asked.rules.desk.first()
    action, parameters = _as_the_desk_says(connection, plan, step, kept.ticket, area, asked)
    text = step.text or (_unquoted(asked.quoted) if action is Action.SPLIT else "")
    refused = impolite(asked.rules, action, text, as_it_is=plan.as_is)
    result = refused or do(
        connection,
        asked.rules,
        kept,
        Doing(
            action=action,
            actor=actor,
            address=asked.address,
            cause=asked.cause,
            now=asked.now,
            author=asked.person.name,
            files=asked.files,
            delivery_id=asked.delivery_id,
            apart=asked.apart,
        ),
        text=text,
        parameters=parameters,
    )
    if isinstance(result, Refused):
        raise Undone(step.given_by.get(result.parameter, step.line), result.words)
    if text or asked.files:
        tickets.know_message_ids(connection, kept.ticket.id, (asked.message_id,))
        told = action in TOLD and not _held_up(result, area)
        done.told, done.kept = (kept.ticket.id, False) if told else (done.told, action is not Action.SPLIT)


def _held_up(ticket: Ticket, area: Area) -> bool:
    """Whether what was written waits inside, because the requester's account is inactive."""
    return area.workflow.account is not None and ticket.state == area.workflow.account.to


def _as_the_desk_says(
    connection: Connection, plan: Plan, step: Step, ticket: Ticket, area: Area, asked: Asked
) -> tuple[Action, Mapping[str, str]]:
    """The action that a command is on this ticket in this workflow, and its parameters."""
    action, given, line = step.action, dict(step.parameters), step.line
    assert action is not None, "only actions of the workflow come here"
    doers = doers_of(ticket, actor_for(asked.person, ticket))
    if "owner" in given:
        given["owner"] = _colleague(connection, given["owner"], given.get("area", ticket.area), asked)
    if plan.when is not None and action in (Action.RECORD, Action.NOTE):
        given["when"] = _when(plan.when, asked)
    match line.command:
        case Command.STATE:
            state = state_named(line.value, area.workflow)
            if state is None:
                raise Undone(line, say.states(area.workflow))
            action = way_to(state, ticket, workflow=area.workflow, doers=doers)
            if action is not Action.MOVE:
                del given["state"]
        case Command.CONTRIBUTION:
            opens = yes_or_no(line.value)
            way = area.workflow.transition(Action.CONTRIBUTE, ticket.state, doers)
            if opens is None:
                raise Undone(line, unknown_value("contribution", line.value, example="abrir, cerrar").words)
            if way is not None and way.to and opens is not (_kind(way.to, area) is StateKind.WAITING_CUSTOMER):
                raise Undone(line, say.SO_ALREADY)
        case Command.TEST:
            if area.workflow.transition(Action.CLOSE, ticket.state, doers) is None:
                action = Action.CANCEL
                given.setdefault("reason", in_language(say.A_TEST, ticket.language))
            elif any(one.name == TEST_ANSWER for one in area.workflow.answers):
                given["standard"] = TEST_ANSWER
    return action, given


def _kind(state: str, area: Area) -> StateKind:
    return area.workflow.state(state).kind


def _special(connection: Connection, step: Step, asked: Asked, done: Done) -> None:
    """What is more than an action of the workflow."""
    command = step.line.command
    carried, needs_ticket = ORDERS[command]
    kept = None
    if needs_ticket or asked.number is not None:
        kept = _ticket(connection, step.line, asked)
        if needs_ticket:
            _seen(kept.ticket, step.line, asked)
    result = carried(connection, _order(step, asked, kept))
    if isinstance(result, Refused):
        raise Undone(step.line, result.words)
    done.said[step.line.number] = result


def _new(connection: Connection, plan: Plan, step: Step, asked: Asked, done: Done) -> int:
    """A ticket for somebody else; what the other lines say is done to it."""
    at = None if plan.when is None else datetime.fromisoformat(_when(plan.when, asked))
    origin = "" if plan.origin is None else plan.origin.value
    result = open_new(connection, _order(step, asked, None), origin=origin, at=at)
    if isinstance(result, Refused):
        raise Undone(step.line, result.words)
    number, said = result
    done.said[step.line.number] = said
    tickets.know_message_ids(connection, number, (asked.message_id,))
    return number


def _keep_files(connection: Connection, plan: Plan, asked: Asked, done: Done) -> None:
    """Files that no command takes stay in the ticket, with a note."""
    if asked.files:
        _action(connection, plan, Step(line=plan.steps[0].line, action=Action.NOTE), asked, done)


def _worth_keeping(files: Sequence[File]) -> Sequence[File]:
    """Without what stands in every signature."""
    return tuple(one for one in files if not one.inline)


def _order(step: Step, asked: Asked, kept: tickets.KeptTicket | None) -> Order:
    area = asked.area if kept is None else asked.rules.desk.areas.get(kept.ticket.area, asked.area)
    return Order(
        person=asked.person,
        address=asked.address,
        area=area,
        kept=kept,
        value=step.line.value,
        text=step.text,
        files=asked.files,
        rules=asked.rules,
        now=asked.now,
        cause=asked.cause,
        delivery_id=asked.delivery_id,
    )


def _ticket(connection: Connection, line: Line, asked: Asked) -> tickets.KeptTicket:
    kept = None if asked.number is None else tickets.find(connection, asked.number, lock=True)
    if kept is None:
        raise Undone(line, say.NO_TICKET)
    return kept


def _seen(ticket: Ticket, line: Line, asked: Asked) -> None:
    """Only who sees a ticket does anything to it."""
    roles = frozenset(Role(role) for role in asked.person.roles_in(ticket.area))
    area = asked.rules.desk.areas.get(ticket.area) or asked.rules.desk.first()
    if not roles or not area.workflow.visible(ticket.state, roles):
        raise Undone(line, say.NO_TICKET)


def _colleague(connection: Connection, value: str, area: str, asked: Asked) -> str:
    """The address of somebody of the area, as who writes names them: by it, by their name, or as themselves."""
    if value.casefold() in say.MYSELF:
        return asked.person.address
    if "@" in value or value == "none":
        return value.strip("<>").casefold()
    found = people.colleagues_named(connection, value, area=area)
    return found[0] if len(found) == 1 else value


def _when(line: Line, asked: Asked) -> str:
    at = moment(line.value, now=asked.now, zone=asked.zone)
    if at is None or datetime.fromisoformat(at) > asked.now:
        raise Undone(line, unknown_value("when", line.value, example="23/11/2026 10:30").words)
    return at


def _unquoted(text: str) -> str:
    """What is quoted with marks, without them."""
    marked = [line.lstrip("> ").rstrip() for line in text.splitlines() if line.lstrip().startswith(">")]
    return "\n".join(marked).strip()
