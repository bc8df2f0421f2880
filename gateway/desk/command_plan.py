"""What the commands of a mail come to: steps in their order, and which of them takes the text. Pure.

A mail has one text. A command that says what becomes of it (`#nota`, `#resuelto`) takes it; beside others that do not
it is an answer to the requester; handing over (`#asignar`, `#escalar`) takes it inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.desk.command_together import FOR_READER, TAKES_TEXT, go_apart, who_takes_it
from gateway.desk.command_values import as_parameter, numbers
from gateway.desk.command_words import Command
from gateway.desk.commands import Commands, Line, Misread
from gateway.desk.ticket import Origin
from gateway.desk.verbs import Action
from gateway.desk.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. `action` is None where the command is no action of the workflow: then `line` says all.

    `parameters` are the action's; `given_by` says which line each of them stands on. `text` is what it is done with.
    """

    line: Line
    action: Action | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    given_by: Mapping[str, Line] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps in the order in which they are done.

    `tickets` are those that they are done to, when the mail names them itself. `as_is`: the words go out as they are.
    `for_reader` are the commands that only ask for a letter.
    """

    steps: tuple[Step, ...]
    tickets: Line | None = None
    as_is: bool = False
    when: Line | None = None
    origin: Line | None = None
    for_reader: tuple[Line, ...] = ()


def plan(commands: Commands, *, now: datetime, zone: ZoneInfo) -> Plan | Misread:
    """The plan of a mail's commands; Misread when they do not go together."""
    lines = commands.lines
    apart = go_apart(commands)
    if apart is not None:
        return apart
    once = {line.command: line for line in lines}
    notes, main = who_takes_it(lines)

    if Command.ORIGIN in once:
        origin = once[Command.ORIGIN]
        once[Command.ORIGIN] = replace(origin, value=as_parameter(origin.command, origin.value, now=now, zone=zone))

    fields = {_FIELDS[line.command]: line for line in lines if line.command in _FIELDS}
    values = {name: as_parameter(line.command, line.value, now=now, zone=zone) for name, line in fields.items()}
    tags = [as_parameter(line.command, line.value, now=now, zone=zone) for line in lines if line.command is Command.TAG]
    if tags:
        values["tags"] = ",".join(tags)
    if Command.FOLLOWED in once:
        values["unsolved"], fields["unsolved"] = "yes", once[Command.FOLLOWED]

    steps: list[Step] = []
    if main is not None and main.command is Command.NEW:
        steps.append(Step(line=main, text=commands.text))
    prepares = main is not None and main.command is Command.PREPARE
    # Given to somebody of a group in one step: a second would take back the first.
    handed = {_PARAMETER[line.command]: line for line in lines if line.command in _HANDS_OVER and line.value}
    whom = {name: as_parameter(line.command, line.value, now=now, zone=zone) for name, line in handed.items()}
    along_with_it = list(handed.values())[0 if prepares else 1 :]
    small = [line for line in lines if line.command in _SMALL and line not in along_with_it]
    # Who is to have it has a role there, and who gives it to them maybe none: it moves with that, and all else before.
    moves = "area" in values and bool(handed) and not prepares
    along = set(values) if main is None and _ONLY_WITH_AN_ANSWER.isdisjoint(values) else {"area"}
    steps += [Step(line=line, action=Action.NOTE, text=line.value) for line in notes]
    left = commands.text if main is None else ""
    for line in small:
        takes = line.command in _TAKES_IT_INSIDE
        value = as_parameter(line.command, line.value, now=now, zone=zone)
        step = _small(line, value, left if takes else "")
        if line in handed.values():
            moved = {name: values.pop(name) for name in along & set(values)} if moves else {}
            lines_of = {name: fields.pop(name) for name in moved if name in fields}
            step = replace(step, parameters=whom | moved, given_by=handed | lines_of)
        steps.append(step)
        left = "" if takes else left
    if main is not None and main.command not in (Command.NEW, Command.CONSULT):
        if prepares:
            values, fields = values | whom, fields | handed
        steps.append(_main(main, commands.text, values, fields, once))
        values = {}
    elif main is not None and main.command is Command.CONSULT:
        steps.append(Step(line=main, text=commands.text))
    elif left or not _ONLY_WITH_AN_ANSWER.isdisjoint(values):
        first = next((line for line in lines if line.command in (*_FIELDS, Command.TAKE, Command.CHECK)), lines[0])
        steps.append(Step(line=first, action=Action.REPLY, parameters=values, given_by=fields, text=left))
        values = {}
    if values:
        action = Action.TIME if set(values) == {"time"} else Action.CLASSIFY
        first = next(iter(fields.values()))
        steps.append(Step(line=first, action=action, parameters=values, given_by=fields))
    return Plan(
        steps=tuple(steps),
        tickets=once.get(Command.TICKETS),
        as_is=Command.AS_IS in once,
        when=once.get(Command.WHEN),
        origin=once.get(Command.ORIGIN),
        for_reader=tuple(line for line in lines if line.command in FOR_READER),
    )


def takes_text(commands: Commands) -> bool:
    """Whether one of them asks for the text, which without them is an answer to the requester."""
    return any(line.command in TAKES_TEXT or line.command in _TAKES_IT_INSIDE for line in commands.lines)


def offered(command: Command, workflow: Workflow) -> bool:
    """Whether a desk with this workflow has any use for the command."""
    match command:
        case Command.STANDARD:
            return bool(workflow.answers)
        case Command.TEST:
            return not {Action.CLOSE, Action.CANCEL}.isdisjoint(workflow.offered)
        case Command.FOLLOWED:
            return workflow.conformity is not None
        case Command.STATE:
            return True
    action = TAKES_TEXT.get(command) or _SMALL.get(command)
    return action is None or action in workflow.offered


def risky(commands: Commands) -> bool:
    """Whether a code is asked for first: it shows words to somebody else, is there to stay, or does much at once."""
    several = (numbers(line.value) or () for line in commands.lines if line.command is Command.TICKETS)
    return any(line.command in _RISKY for line in commands.lines) or any(len(one) > 1 for one in several)


def _small(line: Line, value: str, text: str) -> Step:
    action = _SMALL[line.command]
    if action is None:
        return Step(line=line, text=text)
    name = _PARAMETER.get(line.command, "")
    parameters = {name: value} if name and value else {}
    if line.command is Command.CHECK:
        parameters = _with_evidence("item", value)
    return Step(line=line, action=action, parameters=parameters, given_by=dict.fromkeys(parameters, line), text=text)


def _main(
    main: Line,
    text: str,
    values: Mapping[str, str],
    fields: Mapping[str, Line],
    once: Mapping[Command, Line],
) -> Step:
    """The step that takes the text, with all that the other lines say of it."""
    parameters, given_by = dict(values), dict(fields)
    action = TAKES_TEXT[main.command]
    match main.command:
        case Command.REJECT | Command.CANCEL if main.value:
            parameters["reason"] = main.value
        case Command.STATE:
            parameters["state"] = main.value
        case Command.SPLIT if main.value:
            parameters["subject"] = main.value
        case Command.CALL | Command.WHATSAPP:
            parameters |= _with_evidence("", main.value)
            origin = Origin.PHONE if main.command is Command.CALL else Origin.WHATSAPP
            parameters["origin"] = origin.value
            text = "\n\n".join(filter(None, (_without_links(main.value), text)))
        case Command.CONTRIBUTION | Command.TEST | Command.PREPARE:
            pass
        case _:
            text = "\n\n".join(filter(None, (main.value, text)))
    if Command.ORIGIN in once and "origin" not in parameters:
        parameters["origin"] = once[Command.ORIGIN].value
        given_by["origin"] = once[Command.ORIGIN]
    return Step(
        line=main,
        action=action,
        parameters=parameters,
        given_by={name: given_by.get(name, main) for name in parameters},
        text=text,
    )


def _with_evidence(name: str, value: str) -> dict[str, str]:
    """A name and a link behind it: the link is the evidence."""
    links = [word for word in value.split() if "://" in word]
    said = _without_links(value)
    return ({name: said} if name and said else {}) | ({"evidence": links[0]} if links else {})


def _without_links(value: str) -> str:
    return " ".join(word for word in value.split() if "://" not in word)


_SMALL: Mapping[Command, Action | None] = {
    Command.TAKE: Action.TAKE,
    Command.ASSIGN: Action.ASSIGN,
    Command.GROUP: Action.ASSIGN,
    Command.CHECK: Action.CHECK,
    Command.ESCALATE: Action.ESCALATE,
    Command.MENTION: Action.MENTION,
    Command.LINK: Action.LINK,
    Command.MERGE: Action.MERGE,
    Command.PARTICIPANT: None,
    Command.REQUESTER: None,
    Command.ACCOUNT: None,
    Command.RELEASED: None,
    Command.ABSENT: None,
    Command.BACK: None,
}
_TAKES_IT_INSIDE = frozenset(
    {Command.ASSIGN, Command.GROUP, Command.ESCALATE, Command.MENTION, Command.LINK, Command.MERGE}
)
_HANDS_OVER = (Command.ASSIGN, Command.GROUP)
_PARAMETER: Mapping[Command, str] = {
    Command.ASSIGN: "owner",
    Command.GROUP: "group",
    Command.ESCALATE: "level",
    Command.MENTION: "level",
    Command.LINK: "to",
    Command.MERGE: "to",
}
_FIELDS: Mapping[Command, str] = {
    Command.AREA: "area",
    Command.CATEGORY: "category",
    Command.PRIORITY: "priority",
    Command.TAG: "tags",
    Command.TIME: "time",
    Command.DUE: "due",
    Command.DIFFICULTY: "difficulty",
    Command.QUEUE: "queue",
    Command.NATURE: "nature",
    Command.CLASSIFICATION: "classification",
    Command.ORGANISATION: "organisation",
    Command.LANGUAGE: "language",
    Command.RELEASE: "release",
    Command.STANDARD: "standard",
}
_RISKY = frozenset({Command.MERGE, Command.REQUESTER, Command.RELEASED})

_ONLY_WITH_AN_ANSWER = frozenset({"standard", "unsolved"})
