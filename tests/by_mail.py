"""People of the desk who work by mail only: they answer the letters that they got, as their mail programs do it."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from html import escape
from typing import Any

from tests.desk_days import DeskDays, words
from tests.world import LUIS, MARTA, SUPPORT, code_in, mail, reply_to

ROSA, ADMIN = "rosa@staff.example", "alba@staff.example"


class Program(StrEnum):
    """How a program puts the letter below what is written."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    PHONE = "phone"


@dataclass(frozen=True)
class Habit:
    """Somebody's program, and the signature that it puts below what they write."""

    program: Program
    signature: str


HABITS = {
    LUIS: Habit(Program.GMAIL, "Luis Gómez\nSoporte, Mesa de ayuda\nTel. 555 0100"),
    MARTA: Habit(Program.OUTLOOK, "-- \nMarta Ruiz\nCoordinadora de soporte\nTel. 555 0101"),
    ROSA: Habit(Program.PHONE, "Enviado desde mi iPhone"),
    ADMIN: Habit(Program.THUNDERBIRD, "-- \nAlba Mora"),
}
NO_HABIT = Habit(Program.APPLE, "")


def newest(desk: DeskDays, letter: str, to: str) -> Any:
    return desk.letters(letter, to)[-1]


def last_about(desk: DeskDays, number: int, to: str) -> Any:
    """The newest letter that somebody got about a ticket."""
    return [one for one in desk.world.letters(to=to) if one.ticket_id == number][-1]


def written(letter: Any, text: str, habit: Habit) -> tuple[str, str]:
    """What somebody's program makes of an answer: its plain text, and its HTML ('' where it makes none)."""
    body = f"{text}\n\n{habit.signature}\n" if habit.signature else f"{text}\n"
    desk, quoted = f"Mesa de ayuda <{SUPPORT}>", "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    match habit.program:
        case Program.GMAIL:
            above = f"El lun, 23 nov 2026 a las 9:00, {desk} escribió:"
            inner = f'<div dir="ltr">{_html(body)}</div><div class="gmail_quote"><div>{escape(above)}</div>'
            return f"{body}\n{above}\n\n{quoted}\n", f"{inner}<blockquote>{_html(letter.text)}</blockquote></div>"
        case Program.OUTLOOK:
            header = f"De: {desk}\nEnviado: lunes, 23 de noviembre de 2026 9:00\nPara: {letter.to_address}"
            whole = f"{body}\n________________________________\n{header}\nAsunto: {letter.subject}\n\n{letter.text}"
            return whole, f'<div class="WordSection1">{_html(whole)}</div>'
        case Program.APPLE:
            return f"{body}\n> El 23 nov 2026, a las 9:00, {desk} escribió:\n> \n{quoted}\n", ""
        case Program.THUNDERBIRD:
            return f"{body}\nEl 23/11/2026 a las 9:00, Mesa de ayuda escribió:\n{quoted}\n", ""
        case Program.PHONE:
            return f"{body}\n> El 23 nov 2026, a la(s) 9:00, {desk} escribió:\n> \n{quoted}\n", ""


def writes(
    desk: DeskDays,
    number: int | None,
    text: str,
    *,
    by: str = LUIS,
    to: Any = None,
    habit: Habit | None = None,
    **changes: Any,
) -> Any:
    """Somebody answers the newest letter that they got about a ticket, or `to` this letter; the delivery's row."""
    letter = to if to is not None else last_about(desk, number or 0, by)
    plain, html = written(letter, text, habit or HABITS.get(by, NO_HABIT))
    raw = reply_to(letter, plain, **({"s1": True, "from_": by} | changes))
    row = desk.world.receive(_with_html(raw, html) if html else raw)
    desk.tick()
    return row


def done(desk: DeskDays, number: int | None, text: str, *, by: str = LUIS, **changes: Any) -> str:
    """What the receipt says on one line, of commands that are carried out."""
    before = len(desk.letters("commands_done", by))
    row = writes(desk, number, text, by=by, **changes)
    letters = desk.letters("commands_done", by)

    assert row.verdict == "command", row
    assert len(letters) == before + 1, [words(one) for one in desk.letters("commands_refused", by)][-1:]
    return words(letters[-1])


def refused(desk: DeskDays, number: int | None, text: str, *, by: str = LUIS, **changes: Any) -> str:
    """What the letter says on one line, of commands that are not; nothing is changed and nobody else hears of it."""
    before, letters = _all_of(desk), len(desk.world.letters())
    row = writes(desk, number, text, by=by, **changes)
    told = desk.world.letters()[letters:]

    assert row.verdict == "command", row
    assert [(one.letter, one.to_address) for one in told] == [("commands_refused", by)]
    assert _all_of(desk) == before
    return words(told[0])


def with_code(desk: DeskDays, number: int | None, text: str, *, by: str = LUIS) -> str:
    """Commands that ask for a code, and the code in answer to the letter that has it: what the receipt says."""
    before = _all_of(desk)
    writes(desk, number, text, by=by)
    asked = newest(desk, "commands_code", by)

    assert _all_of(desk) == before
    return done(desk, number, code_in(asked), by=by, to=asked)


def new_mail(text: str, **changes: Any) -> bytes:
    """A mail of one's own, in answer to nothing."""
    return mail(text=text, **({"from_": f"Luis Gómez <{LUIS}>", "s1": True} | changes))


def _all_of(desk: DeskDays) -> list[Any]:
    """All that tickets are, without what is kept of mails as they come."""
    return [(row.id, row.version, row.state, row.owner_id, row.time_spent, row.fields) for row in desk.world.tickets()]


def _html(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())


def _with_html(raw: bytes, html: str) -> bytes:
    built = message_from_bytes(raw, policy=default)
    assert isinstance(built, EmailMessage)
    if built.is_multipart():
        return raw
    built.add_alternative(html, subtype="html")
    return built.as_bytes()
