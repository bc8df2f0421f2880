"""The letters about somebody's commands: what was done, why nothing was, the code, what they asked to read."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from gateway.apply import command_views as reading
from gateway.apply.actors import actor_for, sees, standing_of
from gateway.apply.command_steps import Asked, Done, Undone
from gateway.apply.company import in_one_breath, reached
from gateway.apply.groups import group_called, in_its_group
from gateway.apply.pieces import anchor
from gateway.apply.posting import Draft, Rules, post
from gateway.apply.telling import its_requester, recipient
from gateway.apply.ticket_view import whole
from gateway.desk import command_sayings as say
from gateway.desk.areas import Area
from gateway.desk.command_plan import Plan
from gateway.desk.command_values import numbers
from gateway.desk.command_words import Command, how_it_is_written, what_it_does
from gateway.desk.commands import Commands, Line, Misread, as_seen
from gateway.desk.hints import reaches
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels, in_language
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Distrust
from gateway.outbound.wording import together
from gateway.store import commands as waiting
from gateway.store import people, tickets
from gateway.store.people import Person

_OF_TICKETS = frozenset({Command.TICKETS, Command.MERGE, Command.LINK})


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


def ask_for_the_code(connection: Connection, reader: Reader, commands: Commands, asked: Asked) -> None:
    code = "".join(secrets.choice("0123456789") for _ in range(waiting.CODE_DIGITS))
    person, now = asked.person.id, asked.now
    number = waiting.wait(connection, asked.mail, person_id=person, ticket_id=asked.number, code=code, now=now)
    values = {
        "lines": [line.written for line in commands.lines],
        "text": commands.text,
        "tickets": list(_named(connection, reader, commands, asked)),
        "code": code,
        "until": asked.now + waiting.VALID,
    }
    post(connection, replace(_draft("commands_code", reader, asked.number, values), code=number), reader.rules)


def _named(connection: Connection, reader: Reader, commands: Commands, asked: Asked) -> Iterable[tuple[int, str, str]]:
    """The tickets that it is about, by number, subject and requester: numbers alone are easily mistaken."""
    lines = [line.value for line in commands.lines if line.command in _OF_TICKETS]
    own = (
        [] if asked.number is None or any(one.command is Command.TICKETS for one in commands.lines) else [asked.number]
    )
    for number in dict.fromkeys((*own, *(one for value in lines for one in numbers(value) or ()))):
        kept = tickets.find(connection, number)
        area = None if kept is None else reader.rules.desk.areas.get(kept.ticket.area, reader.area)
        if kept is None or area is None or not sees(reader.person, kept.ticket, area.workflow):
            continue
        person = people.by_id(connection, kept.ticket.requester_id)
        yield number, kept.ticket.subject, (person.name if person else "") or kept.requester_address


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

    Of signed mail they hear for each ticket that it names, and of a wrong code each time: so many tries there are.
    """
    known = distrust is None
    values = {
        "line": line.number if line else 0,
        "command": line.written if line else "",
        "why": [in_language(why, reader.language), *_usage(line, reader.language)],
        "lines": _lines(text) if known or reader.facts.prepared.identity.signed else (),
        "distrust": distrust or "",
    }
    draft = _draft("commands_refused", reader, number, values)
    asked = reader.facts.waiting
    if asked is not None and distrust in (Distrust.WRONG_CODE, Distrust.NOT_SIGNED):
        # Whoever answers this letter too has their code in mind.
        draft = replace(draft, code=asked.id)
    theirs = reader.facts.prepared.identity.signed and asked is not None
    if not (known or theirs):
        # Anybody names as many tickets as they like in mail that nobody signed.
        about = f" {number or 0}" if reader.facts.prepared.identity.signed else ""
        draft = replace(draft, anchor=f"{distrust}{about}/{reader.facts.now:%Y-%m-%d}")
    post(connection, draft, reader.rules)


def _usage(line: Line | None, language: str) -> Iterable[str]:
    """How the command is written, for a line with a value; what nobody knows has no number of its own."""
    if line is not None and line.number and line.value:
        yield how_it_is_written(line.command, language)


def _lines(text: str) -> list[str]:
    return [seen for line in text.splitlines() if (seen := as_seen(line)).startswith("#")][:40]


def tell(connection: Connection, reader: Reader, commands: Commands, made: Plan, done: Done, asked: Asked) -> None:
    """The receipt, and what was asked to be read; who only asks to read gets no receipt.

    That of several tickets is about none: an answer to it would go to one of their requesters.
    """
    language, number = reader.language, done.tickets[0] if len(done.tickets) == 1 else None
    if made.steps:
        kept = None if number is None else tickets.get(connection, number)
        area = asked.area if kept is None else reader.rules.desk.areas.get(kept.ticket.area, asked.area)
        owner = None if kept is None or kept.ticket.owner_id is None else people.by_id(connection, kept.ticket.owner_id)
        values: dict[str, object] = {
            "subject": kept.ticket.subject if kept else "",
            "done": list(_sentences(commands, done, language)),
            "state": in_language(area.workflow.state(kept.ticket.state).labels, language) if kept else "",
            "owner": owner.name or owner.address
            if owner
            else group_called(kept.ticket, area, language)
            if kept
            else "",
            "to": ", ".join(dict.fromkeys(done.reached)),
            "kept": done.kept,
            "alerted": together(list(dict.fromkeys(done.alerted)), language),
        }
        draft = _draft("commands_done", reader, number, values | _reaches(connection, reader, number))
        post(connection, draft, reader.rules)
    elif not made.for_reader:
        refuse(connection, reader, number, None, say.NOTHING_TO_DO, "\n".join(one.written for one in commands.lines))
    for draft in done.shown:
        post(connection, draft, reader.rules)


def _sentences(commands: Commands, done: Done, language: str) -> Iterable[str]:
    for line in commands.lines:
        said = done.said.get(line.number) or (None if line.value else what_it_does(line.command))
        yield line.written if said is None else f"{line.written}: {in_language(said, language)}"
    yield from (in_language(said, language) for said in done.also)


def shown(connection: Connection, reader: Reader, made: Plan, done: Done, asked: Asked) -> list[Draft]:
    """What they asked to read, as it is now. Raises Undone for a line with what is not there for them."""
    number = done.tickets[0] if done.tickets else asked.number
    return [_shown(connection, reader, line, number) for line in made.for_reader]


def _shown(connection: Connection, reader: Reader, line: Line, number: int | None) -> Draft:
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
            found = whole(connection, about or 0, person, rules, language=language, zone=zone, now=now)
        case _:
            letter, about, found = "commands_help", number, reading.help_(language, reader.area.workflow)
    if isinstance(found, Refused):
        raise Undone(line, found.words)
    draft = _draft(letter, reader, about, found | _reaches(connection, reader, about))
    return replace(draft, anchor=f"{draft.anchor} line {line.number}")


def _reaches(connection: Connection, reader: Reader, number: int | None) -> reading.Values:
    """Whom the text reaches with which they answer a letter about this ticket."""
    kept = None if number is None else tickets.find(connection, number)
    if kept is None:
        return {"reaches": ""}
    ticket = kept.ticket
    area = reader.rules.desk.areas.get(ticket.area) or reader.rules.desk.first()
    actor, standing = (
        in_its_group(connection, actor_for(reader.person, ticket), ticket, area),
        standing_of(connection, ticket),
    )
    goes = reaches(ticket, actor=actor, workflow=area.workflow, standing=standing)
    those = reached(connection, ticket, its_requester(connection, kept), reader.rules) if goes else []
    return {"reaches": in_one_breath(those, reader.language)}


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
