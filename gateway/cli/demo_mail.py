"""A mail of the story as a mail program sends it: answers quote in the Spanish style of Gmail. Pure."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from babel.dates import format_datetime as in_words

from gateway.cli.demo_step import Somebody, Writes
from gateway.cli.demo_story import DESK

BORDER = "mx.desk.example"
"""The server in front of the desk, which tells by a header that it has checked where a mail comes from."""

_LONGEST_LINE = 72


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the desk as its reader sees it; `reply_to` is where an answer goes."""

    message_id: str
    sent_at: datetime
    to: str
    reply_to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A mail that is ready to go, and its text in two pieces: what is new, and the quotation below it."""

    to: str
    subject: str
    new_text: str
    quoted: str
    raw: bytes


def write(mail: Writes, letter: Letter | None, *, number: int, now: datetime) -> Written:
    """The mail, in answer to the letter if there is one. The number keeps its Message-ID apart."""
    domain = mail.by.address.rpartition("@")[2]
    message = EmailMessage(policy=policy.SMTP)
    message["Authentication-Results"] = f"{BORDER}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}"
    for name, value in mail.headers.items():
        message[name] = value
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<demo-{number}@{domain}>"
    message["From"] = formataddr((mail.by.name, mail.by.address))
    subject, to, quoted = mail.subject, DESK.address, ""
    if letter is not None:
        subject = letter.subject if letter.subject.startswith("Re: ") else f"Re: {letter.subject}"
        to = letter.reply_to
        message["In-Reply-To"] = message["References"] = letter.message_id
        quoted = _history(mail, letter, now)
    message["To"] = to
    message["Subject"] = subject
    message.set_content(f"{mail.text}\n\n{quoted}".rstrip() + "\n", charset="utf-8")
    return Written(to, subject, mail.text, quoted, message.as_bytes())


def _history(mail: Writes, letter: Letter, now: datetime) -> str:
    """The letter and the mails after it, each quoted by the next."""
    history = _quotation(DESK, letter.sent_at, letter.text)
    for copy in mail.between:
        history = _quotation(copy.by, now, f"{copy.text}\n\n{history}")
    return history


def _quotation(by: Somebody, at: datetime, text: str) -> str:
    lines = [f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.strip().splitlines()]
    return "\n".join([_attribution(by, at), "", *lines])


def _attribution(by: Somebody, at: datetime) -> str:
    when = in_words(at, "EEE, d MMM y 'a las' H:mm", locale="es")
    said = f"El {when}, {by.name} (<{by.address}>)"
    between = " " if len(said) + len(" escribió:") <= _LONGEST_LINE else "\n"
    return f"{said}{between}escribió:"
