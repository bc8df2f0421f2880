"""The commands of a mail carried out, one step after the other; what stops one undoes them all."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from gateway.apply.acting import Doing, do, impolite
from gateway.apply.actors import actor_for, sees
from gateway.apply.command_orders import ORDERS
from gateway.apply.company import reached, unread
from gateway.apply.duty import nobody_there
from gateway.apply.groups import in_its_group
from gateway.apply.new_for import open_new
from gateway.apply.orders import Order
from gateway.apply.participants import from_outside
from gateway.apply.posting import Draft, Rules, called
from gateway.apply.splitting import words_of_requester
from gateway.apply.telling import its_requester
from gateway.desk import command_sayings as say
from gateway.desk.actions import Action, Refused
from gateway.desk.areas import Area
from gateway.desk.change import LinkKind
from gateway.desk.command_plan import Plan, Step
from gateway.desk.command_values import moment, numbers, yes_or_no
from gateway.desk.command_words import Command
from gateway.desk.commands import Line
from gateway.desk.folding import as_named
from gateway.desk.guards import doers_of
from gateway.desk.labelled import named
from gateway.desk.made_for import named as named_by_address
from gateway.desk.made_for import opened
from gateway.desk.notices import Letter
from gateway.desk.refusals import BLOCKED_REQUESTER, unknown_value
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import TOLD
from gateway.desk.ways import way_to
from gateway.desk.words import Labels, in_language
from gateway.store import letters, people, tickets
from gateway.store.commands import Written
from gateway.store.messages import File
from gateway.store.people import Person

MOST_TICKETS = 50
_TO = re.compile(r"^(?:a|al|para|to|ao|à)\s+", re.IGNORECASE)
TEST_ANSWER = "test_ticket"
"""The standard answer for test tickets, where a workflow has one."""


class Undone(Exception):  # noqa: N818  (it undoes what was done; nobody reads its name)
    """A line that cannot be carried out: the savepoint around all of them goes back. Number 0: the whole mail."""

    def __init__(self, line: Line | None, why: Labels) -> None:
        super().__init__()
        self.line, self.why = line, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks by which mail. `number` is the ticket that the letter was about, or None; `files` of the mail are those
    that go with a step."""

    person: Person
    area: Area
    number: int | None
    rules: Rules
    now: datetime
    cause: str
    mail: Written
    files: Sequence[File] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone) if self.person.zone else self.area.calendar.zone


@dataclass(slots=True)
class Done:
    """What became of it: the tickets it was done to, what was said beyond a line, and those whose requester was told.

    `reached` is everybody who has the words, `alerted` who of the desk was told of those that stay inside (`kept`).
    `also` is what the receipt says below the lines, `shown` are the letters with what they asked to read. `outside`:
    it lets in somebody whom the desk does not know. `later` is done when all else is: the desk hears of a new ticket.
    """

    tickets: list[int] = field(default_factory=list)
    said: dict[int, Labels] = field(default_factory=dict)
    told: list[int] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    kept: bool = False
    alerted: list[str] = field(default_factory=list)
    outside: bool = False
    also: list[Labels] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)
    shown: Sequence[Draft] = ()


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
        files = asked.mail.files
        try:
            number = _steps(connection, plan, replace(asked, number=target), done)
        except Undone as undone:
            if plan.tickets is None or target is None:
                raise
            raise Undone(undone.line, say.about(target, undone.why)) from None
        if files and plan.steps and _taker(plan) is None and number is not None:
            _keep_files(connection, plan, replace(asked, number=number, files=_worth_keeping(files)), done)
        if number is not None and number not in done.tickets:
            done.tickets.append(number)
    for tell in done.later:
        tell()
    return done


def _steps(connection: Connection, plan: Plan, asked: Asked, done: Done) -> int | None:
    """Do them to one ticket; its number, which is that of the ticket that they opened."""
    number = asked.number
    if plan.tickets is not None:
        _seen(_ticket(connection, plan.tickets, asked).ticket, plan.tickets, asked)
    for step in plan.steps:
        one = replace(asked, number=number, files=asked.mail.files if step is _taker(plan) else ())
        if step.line.command is Command.NEW:
            number = _new(connection, plan, step, one, done)
        elif step.action is None:
            _special(connection, step, one, done)
        else:
            _action(connection, plan, step, one, done)
    return number


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
    text = step.text
    if action is Action.SPLIT and not text:
        text = words_of_requester(connection, kept.ticket, asked.mail.quoted)
    refused, newest = impolite(asked.rules, action, text, as_it_is=plan.as_is), letters.newest(connection)
    result = refused or do(
        connection,
        asked.rules,
        kept,
        Doing(
            action=action,
            actor=actor,
            address=asked.mail.address,
            cause=asked.cause,
            now=asked.now,
            author=asked.person.name,
            files=asked.files,
            delivery_id=asked.mail.delivery_id,
            apart=asked.mail.apart,
        ),
        text=text,
        parameters=parameters,
    )
    if isinstance(result, Refused):
        raise Undone(step.given_by.get(result.parameter, step.line), result.words)
    if action is Action.SPLIT:
        new = tickets.newest_linked_to(connection, kept.ticket.id, kind=LinkKind.SPLIT.value)
        done.said[step.line.number] = opened(new or 0, kept.requester_address)
    if text or asked.files:
        tickets.know_message_ids(connection, kept.ticket.id, (asked.mail.message_id,))
        requester = its_requester(connection, kept)
        told = action in TOLD and not _held_up(result, area)
        done.told += [kept.ticket.id] if told else []
        written = letters.written_since(connection, kept.ticket.id, newest)
        if told:
            who = reached(connection, result, requester, asked.rules)
            addresses = asked.mail.apart.union(address for _, address, _ in written)
            done.reached += [called(one) for one in who if not unread(connection, [one], addresses)]
        else:
            done.alerted += [name or address for letter, address, name in written if letter == Letter.ALERT]
        done.kept = (not told or requester.blocked) and action is not Action.SPLIT
        done.also += [BLOCKED_REQUESTER] if told and requester.blocked else []
    if not {"owner", "group"}.isdisjoint(parameters):
        away = nobody_there(connection, result, area, now=asked.now)
        done.also += [away] if away is not None and away not in done.also else []


def _held_up(ticket: Ticket, area: Area) -> bool:
    """Whether what was written waits inside, because the requester's account is inactive."""
    return area.workflow.account is not None and ticket.state == area.workflow.account.to


def _as_the_desk_says(
    connection: Connection, plan: Plan, step: Step, ticket: Ticket, area: Area, asked: Asked
) -> tuple[Action, Mapping[str, str]]:
    """The action that a command is on this ticket in this workflow, and its parameters."""
    action, given, line = step.action, dict(step.parameters), step.line
    assert action is not None, "only actions of the workflow come here"
    doers = doers_of(ticket, in_its_group(connection, actor_for(asked.person, ticket), ticket, area))
    if "owner" in given:
        where = as_named(given.get("area", ticket.area), asked.rules.desk.areas)
        given["owner"] = _colleague(connection, given["owner"], where, asked)
    if plan.when is not None and action in (Action.RECORD, Action.NOTE):
        given["when"] = _when(plan.when, asked)
    match line.command:
        case Command.STATE:
            state = named(line.value, area.workflow.states)
            if state is None:
                raise Undone(line, say.states(area.workflow))
            if state.name == ticket.state and Action.MOVE not in area.workflow.offered:
                raise Undone(line, say.SO_ALREADY)
            action = way_to(state, ticket, workflow=area.workflow, doers=doers, has_text=bool(step.text))
            if action is not Action.MOVE:
                del given["state"]
        case Command.CONTRIBUTION:
            opens = yes_or_no(line.value)
            way = area.workflow.transition(Action.CONTRIBUTE, ticket.state, doers)
            if opens is None:
                raise Undone(line, unknown_value("contribution", line.value, example=say.OPEN_OR_SHUT).words)
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
    if kept is not None and command is Command.PARTICIPANT:
        done.outside = done.outside or bool(from_outside(connection, kept, step.line.value))
    result = carried(connection, _order(step, asked, kept))
    if isinstance(result, Refused):
        raise Undone(step.line, result.words)
    done.said[step.line.number] = result


def _new(connection: Connection, plan: Plan, step: Step, asked: Asked, done: Done) -> int:
    """A ticket for somebody else; what the other lines say is done to it."""
    at = None if plan.when is None else datetime.fromisoformat(_when(plan.when, asked))
    origin = "" if plan.origin is None else plan.origin.value
    result = open_new(connection, _order(step, asked, None), origin=origin, at=at, later=done.later)
    if isinstance(result, Refused):
        given = {"origin": plan.origin, "when": plan.when}
        raise Undone(given.get(result.parameter) or step.line, result.words)
    number, said = result
    done.said[step.line.number] = said
    tickets.know_message_ids(connection, number, (asked.mail.message_id,))
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
        address=asked.mail.address,
        area=area,
        kept=kept,
        value=step.line.value,
        text=step.text,
        files=asked.files,
        rules=asked.rules,
        now=asked.now,
        cause=asked.cause,
        delivery_id=asked.mail.delivery_id,
    )


def _ticket(connection: Connection, line: Line, asked: Asked) -> tickets.KeptTicket:
    kept = None if asked.number is None else tickets.find(connection, asked.number, lock=True)
    if kept is None:
        raise Undone(line, say.NO_TICKET)
    return kept


def _seen(ticket: Ticket, line: Line, asked: Asked) -> None:
    """Only who sees a ticket does anything to it."""
    area = asked.rules.desk.areas.get(ticket.area) or asked.rules.desk.first()
    if not sees(asked.person, ticket, area.workflow):
        raise Undone(line, say.NO_TICKET)


def _colleague(connection: Connection, value: str, area: str, asked: Asked) -> str:
    """The address of somebody of the area, as who writes names them: by it, by their name, or as themselves."""
    value = _TO.sub("", value)
    if value.casefold() in say.MYSELF:
        return asked.person.address
    if value == "none":
        return value
    whom = named_by_address(value)
    if whom is not None:
        return whom.address.casefold()
    found = people.colleagues_named(connection, value, area=area)
    return found[0] if len(found) == 1 else value


def _when(line: Line, asked: Asked) -> str:
    at = moment(line.value, now=asked.now, zone=asked.zone)
    if at is None:
        raise Undone(line, unknown_value("when", line.value, example="23/11/2026 10:30").words)
    if datetime.fromisoformat(at) > asked.now:
        raise Undone(line, say.NOT_YET)
    return at
