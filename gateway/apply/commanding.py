"""The commands of a mail from somebody of the desk: all of them done, or none, and they read what came of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.command_letters import Reader, ask_for_the_code, misread, refuse, shown, tell
from gateway.apply.command_steps import Asked, Done, Undone, carry_out
from gateway.apply.pieces import already_have_it, cause, event, keep_mail
from gateway.apply.posting import Rules
from gateway.apply.taking_part import join_by_cc
from gateway.desk import command_sayings as say
from gateway.desk.bare_signature import Below, below
from gateway.desk.command_plan import Plan, plan, risky, takes_text
from gateway.desk.commands import Commands, Misread, read
from gateway.desk.words import Labels, in_language
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.inbound.verdicts import Command as Commanded
from gateway.inbound.verdicts import Distrust
from gateway.store import commands as waiting
from gateway.store import credentials, messages, tickets
from gateway.store.messages import File
from gateway.store.people import Person
from gateway.store.statement import savepoint
from gateway.threading.own_words import own_words

_REPEATED = re.compile("(?<=[«“])[^»”]*(?=[»”])")


class _OnlyTried(Exception):  # noqa: N818  (it takes back what was only tried)
    """All of it can be done, once its code comes: what was done to find out is taken back."""


def command(
    connection: Connection, verdict: Commanded, facts: Facts, rules: Rules, files: Sequence[File]
) -> tuple[int | None, str]:
    """Carry out what a mail commands, or say why not: the ticket that it is about, and in a reason what came of it."""
    person = facts.person
    assert person is not None, "only somebody of the desk commands"
    reader = Reader(person, facts.area, facts, rules)
    text, number, now = own_words(facts.prepared.reply, person.name), verdict.ticket_id, facts.now
    if verdict.refused is not None:
        if verdict.refused is Distrust.WRONG_CODE and facts.waiting is not None:
            waiting.tried(connection, facts.waiting.id)
        else:
            _keep_as_note(connection, verdict, facts, files)
        if not facts.past:
            refuse(connection, reader, number, None, say.DISTRUSTED[verdict.refused], text, verdict.refused)
        return number, ""
    if verdict.coded and facts.waiting is not None:
        waiting.done(connection, facts.waiting.id, now=now)
        mail = facts.waiting.mail
    elif _first_time(connection, facts, person):
        mail = _written(facts, text, files)
    else:
        return number, "a copy: the mail itself or its signature came before, and nothing is done"
    asked, text = _asked(facts, rules, number, mail), mail.commands
    commands = read(text)
    if isinstance(commands, Misread):
        misread(connection, reader, number, commands, text)
        return number, _refused(commands.number, commands.why)
    commands, left_out = _without_signature(commands, person.name)
    made = plan(commands, now=now, zone=asked.zone)
    if isinstance(made, Misread):
        misread(connection, reader, number, made, text)
        return number, _refused(made.number, made.why)
    try:
        done = _done(connection, commands, made, asked, reader, coded=verdict.coded)
    except Undone as undone:
        refuse(connection, reader, number, undone.line, undone.why, text)
        return number, _refused(undone.line.number if undone.line else 0, undone.why)
    except _OnlyTried:
        ask_for_the_code(connection, reader, commands, asked)
        return number, "nothing is done until their code comes"
    if left_out:
        done.also.append(say.ONLY_A_SIGNATURE)
    tell(connection, reader, commands, made, done, asked)
    if facts.ticket is not None and facts.ticket.ticket.id in done.told:
        cc, ticket = [Mailbox(*one) for one in mail.cc], tickets.get(connection, facts.ticket.ticket.id).ticket
        join_by_cc(connection, facts, ticket, rules, by=person, cc=cc)
    about = done.tickets[0] if done.tickets else number
    if about is not None:
        names = ", ".join(dict.fromkeys(line.command.value for line in commands.lines))
        event(connection, "commands", facts, about, actor=person.id, commands=names)
    return about, ""


def _refused(line: int, why: Labels) -> str:
    """For `explain`, which shows no text of a mail: what the letter repeats of it is left out."""
    reason = _REPEATED.sub("…", in_language(why, "en"))
    return f"nothing is done, because of {f'line {line}' if line else 'all of it'}: {reason}"


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


def _written(facts: Facts, text: str, files: Sequence[File]) -> waiting.Written:
    mail = facts.prepared.mail
    return waiting.Written(
        delivery_id=facts.prepared.claimed.id,
        address=facts.sender,
        message_id=mail.message_id,
        commands=text,
        quoted=facts.prepared.reply.elided,
        files=files,
        apart=already_have_it(facts),
        cc=[(one.address, one.name) for one in mail.cc],
    )


def _asked(facts: Facts, rules: Rules, number: int | None, mail: waiting.Written) -> Asked:
    assert facts.person is not None, "only somebody of the desk commands"
    return Asked(
        person=facts.person,
        area=facts.area,
        number=number,
        rules=rules,
        now=facts.now,
        cause=cause(facts),
        mail=mail,
    )


def _done(connection: Connection, commands: Commands, made: Plan, asked: Asked, reader: Reader, *, coded: bool) -> Done:
    """All of it, and what they read of it then: what they may not read undoes it too.

    Raises _OnlyTried, and nothing is done, where a code comes first: nobody is asked for the code of what cannot be.
    """
    with savepoint(connection):
        done = carry_out(connection, made, asked)
        done = replace(done, shown=shown(connection, reader, made, done, asked))
        if not coded and (risky(commands) or done.outside):
            raise _OnlyTried
    return done


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
