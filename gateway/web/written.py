"""What is written in a form, as the mail that the same person would have sent: one way in, one set of rules. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gateway.inbound.arrivals import Arrival
from gateway.outbound.wording import one_line
from gateway.web.forms import Upload
from gateway.web.seal import Once

SOURCE = "web"
_TYPE = re.compile(r"([a-z]+)/([a-z0-9][a-z0-9.+-]{0,100})")


def as_mail(
    *,
    sender: str,
    to: str,
    hostname: str,
    subject: str,
    text: str,
    language: str,
    once: Once,
    uploads: Sequence[Upload] = (),
    answers: str = "",
) -> bytes:
    """The bytes of the mail. They follow from what was written and from the showing of the form alone, so that a
    button that is pressed twice sends the same mail, which is kept once. `answers` is a Message-ID of the ticket.
    """
    mail = EmailMessage(policy=SMTP.clone(utf8=not sender.isascii()))
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = one_line(subject, 300)
    mail["Date"] = format_datetime(once.shown_at)
    mail["Message-ID"] = f"<{once.key}.form@{hostname}>"
    if answers:
        mail["In-Reply-To"] = answers
        mail["References"] = answers
    mail.set_content(text + "\n", charset="utf-8")
    for upload in uploads:
        main, sub = _type(upload.type)
        mail.add_attachment(upload.content, maintype=main, subtype=sub, filename=file_name(upload.name))
    if uploads:
        mail.set_boundary(f"form-{once.key}")
    if language:
        # Last: whatever gives the mail its content takes fields of that name away.
        mail["Content-Language"] = language
    return mail.as_bytes()


def arrival(raw: bytes, *, sender: str, to: str, received_at: datetime) -> Arrival:
    """The mail at our door, from somebody who is signed in: that proves the sender as an authenticated session does.

    It has no peer: the browser's address is no mail server's.
    """
    return Arrival(
        source=SOURCE,
        raw=raw,
        envelope_from=sender,
        recipients=(to,),
        received_at=received_at,
        session_auth=sender,
        protocol="HTTP",
    )


def file_name(written: str) -> str:
    """The last part of a path, in one clean line."""
    return one_line(re.split(r"[/\\]", written)[-1], 150) or "file"


def _type(written: str) -> tuple[str, str]:
    """The browser's word for what it is, unless it is one that would make a structure of the mail."""
    found = _TYPE.fullmatch(written.partition(";")[0].strip().lower())
    if found is None or found[1] in ("multipart", "message"):
        return "application", "octet-stream"
    return found[1], found[2]
