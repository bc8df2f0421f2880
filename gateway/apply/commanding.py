"""The commands of a mail from somebody of the desk: all of them done, or none, and they read what came of it."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.command_letters import Reader, ask_for_the_code, misread, refuse, tell
from gateway.apply.command_steps import Asked, Done, Undone, carry_out
from gateway.apply.participants import from_outside
from gateway.apply.pieces import cause, event, keep_mail
from gateway.apply.posting import Rules
from gateway.apply.taking_part import join_by_cc
from gateway.desk import command_sayings as say
from gateway.desk.bare_signature import Below, below
from gateway.desk.command_plan import Plan, plan, risky, takes_text
from gateway.desk.command_words import Command
from gateway.desk.commands import Commands, Misread, read
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Command as Commanded
from gateway.inbound.verdicts import Distrust
from gateway.store import commands as waiting
from gateway.store import credentials, messages, tickets
from gateway.store.messages import File
from gateway.store.people import Person
from gateway.store.statement import savepoint
from gateway.threading.own_words import own_words


class _OnlyTried(Exception):  # noqa: N818  (it takes back what was only tried)
    """All of it can be done: what was done to find out is taken back."""


def command(
    connection: Connection, verdict: Commanded, facts: Facts, rules: Rules, files: Sequence[File]
) -> int | None:
    """Carry out what a mail commands, or say why not; the ticket that it is about."""
    person = facts.person
    assert person is not None, "only somebody of the desk commands"
    reader = Reader(person, facts.area, facts, rules)
    text, number, now = own_words(facts.prepared.reply, person.name), verdict.ticket_id, facts.now
    delivery_id = facts.prepared.claimed.id
    if verdict.refused is not None:
        if verdict.refused is Distrust.WRONG_CODE and facts.waiting is not None:
            waiting.tried(connection, facts.waiting.id)
        else:
            _keep_as_note(connection, verdict, facts, files)
        refuse(connection, reader, number, None, say.DISTRUSTED[verdict.refused], text, verdict.refused)
        return number
    if verdict.coded and facts.waiting is not None:
        waiting.done(connection, facts.waiting.id, now=now)
        text, files, delivery_id = facts.waiting.commands, facts.waiting.files, facts.waiting.delivery_id
    elif not _first_time(connection, facts, person):
        return number
    asked = _asked(facts, rules, number, files, delivery_id)
    commands = read(text)
    if isinstance(commands, Misread):
        misread(connection, reader, number, commands, text)
        return number
    commands, left_out = _without_signature(commands, person.name)
    made = plan(commands, now=now, zone=asked.zone)
    if isinstance(made, Misread):
        misread(connection, reader, number, made, text)
        return number
    try:
        asks = not verdict.coded and _wants_a_code(connection, commands, asked)
        done = _tried(connection, made, asked) if asks else _done(connection, made, asked)
    except Undone as undone:
        refuse(connection, reader, number, undone.line, undone.why, text)
        return number
    if asks:
        ask_for_the_code(connection, reader, commands, asked, text)
        return number
    if left_out:
        done.also.append(say.ONLY_A_SIGNATURE)
    tell(connection, reader, commands, made, done, asked)
    if done.told is not None and facts.ticket is not None and done.told == facts.ticket.ticket.id:
        join_by_cc(connection, facts, tickets.get(connection, done.told).ticket, rules, by=person)
    about = done.tickets[0] if done.tickets else number
    if about is not None:
        names = ", ".join(dict.fromkeys(line.command.value for line in commands.lines))
        event(connection, "commands", facts, about, actor=person.id, commands=names)
    return about


def _without_signature(commands: Commands, name: str) -> tuple[Commands, bool]:
    """Without a text that is only a signature, and whether that was no more than a guess."""
    found = below(commands.text, name)
    if found is Below.TEXT or (found is Below.DOUBT and takes_text(commands)):
        return commands, False
    return replace(commands, text=""), found is Below.DOUBT


def _first_time(connection: Connection, facts: Facts, person: Person) -> bool:
    """Whether neither this mail nor one with its signature was carried out: a copy of a signed mail stays signed."""
    signatures = facts.prepared.mail.headers.all("DKIM-Signature")
    first = True
    for one in (facts.prepared.content_key, *map(_signature, signatures)):
        token = f"cmd {waiting.digest(one)}"[:64]
        new = credentials.use_token(connection, token, purpose="command", person_id=person.id, now=facts.now)
        first = first and new
    return first


def _signature(header: str) -> str:
    """The signature itself: what a copy with other unsigned lines still has."""
    tags = (part.partition("=") for part in header.split(";"))
    return next(("".join(value.split()) for name, _, value in tags if name.strip() == "b"), header)


def _asked(facts: Facts, rules: Rules, number: int | None, files: Sequence[File], delivery_id: int) -> Asked:
    assert facts.person is not None, "only somebody of the desk commands"
    return Asked(
        person=facts.person,
        address=facts.sender,
        area=facts.area,
        number=number,
        rules=rules,
        now=facts.now,
        cause=cause(facts),
        delivery_id=delivery_id,
        message_id=facts.prepared.mail.message_id,
        files=files,
        quoted=facts.prepared.reply.elided,
        apart=frozenset(one.address for one in (*facts.prepared.mail.to, *facts.prepared.mail.cc)),
    )


def _done(connection: Connection, made: Plan, asked: Asked) -> Done:
    with savepoint(connection):
        return carry_out(connection, made, asked)


def _tried(connection: Connection, made: Plan, asked: Asked) -> Done:
    """Whether all of it could be done: nothing is, and nobody is asked for the code of what cannot be."""
    found = Done()
    try:
        with savepoint(connection):
            found = carry_out(connection, made, asked)
            raise _OnlyTried
    except _OnlyTried:
        return found


def _wants_a_code(connection: Connection, commands: Commands, asked: Asked) -> bool:
    """Whether something in it wants a code: it cannot be taken back, or shows a ticket to somebody from outside."""
    if risky(commands):
        return True
    kept = None if asked.number is None else tickets.find(connection, asked.number)
    shown = [line.value for line in commands.lines if line.command is Command.PARTICIPANT]
    return kept is not None and any(from_outside(connection, kept, value) for value in shown)


def _keep_as_note(connection: Connection, verdict: Commanded, facts: Facts, files: Sequence[File]) -> None:
    """What is not believed stays in its ticket, inside; nothing makes anything else of it."""
    if verdict.ticket_id is None or verdict.coded:
        return
    keep_mail(
        connection,
        verdict.ticket_id,
        facts,
        files,
        kind=messages.PENDING_NOTE,
        public=False,
        author=facts.person.id if facts.person else None,
        flag=f"commands that do not count: {verdict.refused}",
    )
