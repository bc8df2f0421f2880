"""The letters about somebody's commands: what was done, why nothing was, the code, what they asked to read."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from gateway.apply import command_views as reading
from gateway.apply.command_steps import Asked, Done
from gateway.apply.pieces import anchor
from gateway.apply.posting import Draft, Rules, post
from gateway.apply.telling import recipient
from gateway.desk import command_sayings as say
from gateway.desk.areas import Area
from gateway.desk.command_plan import Plan
from gateway.desk.command_words import Command, how_it_is_written, what_it_does
from gateway.desk.commands import Commands, Line, Misread
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels, in_language
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Distrust
from gateway.store import commands as waiting
from gateway.store import people, tickets
from gateway.store.people import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the letters about it go to, and for which mail."""

    person: Person
    area: Area
    facts: Facts
    rules: Rules

    @property
    def language(self) -> str:
        return self.person.language or self.area.language


def ask_for_the_code(connection: Connection, reader: Reader, commands: Commands, asked: Asked, text: str) -> None:
    code = "".join(secrets.choice("0123456789") for _ in range(waiting.CODE_DIGITS))
    number = waiting.wait(
        connection,
        person_id=asked.person.id,
        ticket_id=asked.number,
        delivery_id=asked.delivery_id,
        address=asked.address,
        commands=text,
        files=asked.files,
        code=code,
        now=asked.now,
    )
    values = {
        "lines": [line.written for line in commands.lines],
        "text": commands.text,
        "code": code,
        "until": asked.now + waiting.VALID,
    }
    post(connection, replace(_draft("commands_code", reader, asked.number, values), code=number), reader.rules)


def misread(connection: Connection, reader: Reader, number: int | None, misread: Misread, text: str) -> None:
    line = Line(misread.number, misread.written, Command.HELP, "") if misread.written else None
    refuse(connection, reader, number, line, misread.why, text)


def refuse(
    connection: Connection,
    reader: Reader,
    number: int | None,
    line: Line | None,
    why: Labels,
    text: str,
    distrust: Distrust | None = None,
) -> None:
    """The letter that says which line, and why; of mail that may not be theirs one a day and reason.

    Who brings a wrong code by a signed mail hears of each: so many tries there are.
    """
    known = distrust is None
    values = {
        "line": line.number if line else 0,
        "command": line.written if line else "",
        "why": [in_language(why, reader.language), *_usage(line, reader.language)],
        "lines": _lines(text) if known or reader.facts.prepared.identity.signed else (),
    }
    draft = _draft("commands_refused", reader, number, values)
    theirs = reader.facts.prepared.identity.signed and reader.facts.waiting is not None
    if not (known or theirs):
        draft = replace(draft, anchor=f"{distrust} {number or 0}/{reader.facts.now:%Y-%m-%d}")
    post(connection, draft, reader.rules)


def _usage(line: Line | None, language: str) -> Iterable[str]:
    """How the command is written, for a line with a value; what nobody knows has no number of its own."""
    if line is not None and line.number and line.value:
        yield how_it_is_written(line.command, language)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")][:40]


def tell(connection: Connection, reader: Reader, commands: Commands, made: Plan, done: Done, asked: Asked) -> None:
    """The receipt, and what was asked to be read; who only asks to read gets no receipt."""
    language, number = reader.language, done.tickets[0] if done.tickets else None
    if made.steps:
        kept = None if number is None else tickets.get(connection, number)
        area = asked.area if kept is None else reader.rules.desk.areas.get(kept.ticket.area, asked.area)
        owner = None if kept is None or kept.ticket.owner_id is None else people.by_id(connection, kept.ticket.owner_id)
        values: dict[str, object] = {
            "subject": kept.ticket.subject if kept else "",
            "done": list(_sentences(commands, done, language)),
            "state": in_language(area.workflow.state(kept.ticket.state).labels, language) if kept else "",
            "owner": (owner.name or owner.address) if owner else "",
            "to": "" if done.told is None else tickets.get(connection, done.told).requester_address,
            "kept": done.kept,
        }
        post(connection, _draft("commands_done", reader, number, values), reader.rules)
    elif not made.for_reader:
        refuse(connection, reader, number, None, say.NOTHING_TO_DO, "\n".join(one.written for one in commands.lines))
    for line in made.for_reader:
        _show(connection, reader, line, number if number is not None else asked.number)


def _sentences(commands: Commands, done: Done, language: str) -> Iterable[str]:
    for line in commands.lines:
        said = done.said.get(line.number) or (None if line.value else what_it_does(line.command))
        yield line.written if said is None else f"{line.written}: {in_language(said, language)}"
    yield from (in_language(said, language) for said in done.also)


def _show(connection: Connection, reader: Reader, line: Line, number: int | None) -> None:
    person, rules, now, language = reader.person, reader.rules, reader.facts.now, reader.language
    zone = person.zone or reader.area.calendar.zone.key
    found: reading.Values | Refused
    match line.command:
        case Command.LIST:
            letter, about = "ticket_list", None
            found = reading.listed(connection, person, line.value, rules, language=language, now=now)
        case Command.VIEW:
            wanted = line.value.lstrip("# ")
            about = int(wanted) if wanted.isdecimal() and len(wanted) < 13 else None if wanted else number
            letter = "ticket_view"
            found = reading.whole(connection, about or 0, person, rules, language=language, zone=zone)
        case _:
            letter, about, found = "commands_help", number, reading.help_(language, reader.area.workflow)
    if isinstance(found, Refused):
        refuse(connection, reader, number, line, found.words, line.written)
        return
    draft = _draft(letter, reader, about, found)
    post(connection, replace(draft, anchor=f"{draft.anchor} line {line.number}"), rules)


def _draft(letter: str, reader: Reader, number: int | None, values: reading.Values) -> Draft:
    facts = reader.facts
    return Draft(
        letter=letter,
        to=recipient(reader.person),
        area=reader.area,
        ticket_id=number,
        anchor=anchor(facts),
        variables=values,
        now=facts.now,
        in_reply_to=facts.prepared.mail.message_id,
    )
