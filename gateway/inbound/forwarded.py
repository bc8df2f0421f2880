"""A mail that is sent on: whose it was, as far as its text or the mail attached to it says. Pure.

Nothing of it is proven, anybody can type these lines: who sends it on answers for it.
"""

import re
from dataclasses import dataclass, replace

from gateway.desk.language import Detector, of_mail
from gateway.inbound.addresses import normalise
from gateway.inbound.classify import MailKind, Ours, asks_no_answer, classify
from gateway.inbound.mail import Headers, Mailbox, ParsedAttachment, ParsedMail, Unidentified
from gateway.inbound.parse import parse
from gateway.inbound.sealed import ENCRYPTED
from gateway.settings import Limits
from gateway.store.messages import File
from gateway.threading.forwards import forwarding, without_forwarding
from gateway.threading.quotes import Reply, read_reply
from gateway.threading.spans import Forward, Span, SpanKind

SHORT = 300
"""Characters. Who writes more of their own does not send on what is attached: it goes with their own words."""

_MARK = re.compile(r"^> ?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """The inner mail with what is new in it, and all that its forwarder wrote around it.

    `author` and `date` are as they were written. `attached`: it came as a file, whole, with files of its own (`files`,
    once they are kept); else it stands in the text, and whose a file is cannot be told. `by_machine`: its header says
    so, or asks for no answer.
    """

    mail: ParsedMail
    reply: Reply
    around: Reply
    author: str = ""
    language: str = ""
    date: str = ""
    attached: bool = False
    by_machine: bool = False
    files: tuple[File, ...] = ()


def forwarded_in(mail: ParsedMail, reply: Reply, limits: Limits, *, lingua: Detector | None = None) -> Forwarded | None:
    """The one mail that this one sends on; None for what sends on none, or several, or could not be read whole.

    A forward that names no author has an unidentified sender. Never raises; the attached mail is read within `limits`.
    """
    if mail.breaches:
        return None
    if reply.forward is not None:
        return _in_the_text(mail, reply, reply.forward, lingua)
    attached = _attached(mail, reply)
    if attached is not None:
        return _as_a_file(mail, reply, attached, limits, lingua)
    if forwarding(mail.subject) and any(span.kind is SpanKind.FORWARD for span in reply.spans):
        nobody = ParsedMail(Headers(()), Unidentified("the forwarded mail names nobody"), subject=mail.subject)
        return Forwarded(mail=nobody, reply=Reply("", ()), around=reply)
    return None


def _in_the_text(mail: ParsedMail, reply: Reply, forward: Forward, lingua: Detector | None) -> Forwarded:
    text = _unmarked(reply.text[forward.start : forward.end].strip("\n"))
    inner = read_reply(text, "plain", subject=forward.subject)
    address = normalise(forward.address)
    sender = Mailbox(address, forward.name) if address else Unidentified("the forwarded mail names no address for sure")
    return Forwarded(
        mail=ParsedMail(
            headers=Headers(()),
            sender=sender,
            subject=without_forwarding(forward.subject) or without_forwarding(mail.subject),
            text=text,
            text_format="plain",
            attachments=mail.attachments,
            flags=mail.flags,
        ),
        reply=inner,
        around=_around(reply, forward),
        author=_written(forward.name, forward.address),
        language=of_mail("", inner.new_text, lingua=lingua),
        date=forward.date,
    )


def _as_a_file(
    mail: ParsedMail, reply: Reply, file: ParsedAttachment, limits: Limits, lingua: Detector | None
) -> Forwarded:
    inner = parse(file.content, limits)
    html = inner.text_format == "html"
    read = read_reply(inner.raw_html if html else inner.text, "html" if html else "plain", subject=inner.subject)
    return Forwarded(
        # What the mail refers to stays behind: an answer to the old conversation belongs to that.
        mail=replace(
            inner,
            subject=without_forwarding(inner.subject) or without_forwarding(mail.subject),
            message_id="",
            in_reply_to=(),
            references=(),
        ),
        reply=read,
        around=reply,
        author=_written(inner.sender.name, inner.sender.address) if isinstance(inner.sender, Mailbox) else "",
        language=of_mail(inner.headers.first("Content-Language"), read.new_text, lingua=lingua),
        date=inner.headers.first("Date"),
        attached=True,
        by_machine=_by_machine(inner),
    )


def _by_machine(mail: ParsedMail) -> bool:
    kind = classify(mail, envelope_from=None, ours=Ours()).kind
    return kind is not MailKind.PERSON or asks_no_answer(mail.headers)


def _written(name: str, address: str) -> str:
    return f"{name} <{address}>" if name and address else name or address


def _attached(mail: ParsedMail, reply: Reply) -> ParsedAttachment | None:
    """The one mail among the attachments, when hardly anything is written beside it.

    An encrypted mail has itself as an attachment.
    """
    if ENCRYPTED in mail.flags or len(reply.new_text.strip()) > SHORT:
        return None
    found = [one for one in mail.attachments if one.type == "message/rfc822" or one.name.lower().endswith(".eml")]
    return found[0] if len(found) == 1 else None


def _unmarked(text: str) -> str:
    """The text without the quote marks of a program that quotes what it forwards, every line of it."""
    lines = [line for line in text.splitlines() if line.strip()]
    return _MARK.sub("", text) if lines and all(line.startswith(">") for line in lines) else text


def _around(reply: Reply, forward: Forward) -> Reply:
    """What is left of the text without the forward: the spans around it, moved together."""
    text, spans = "", []
    for span in reply.spans:
        if span.start <= forward.start and forward.end <= span.end:
            continue
        piece = reply.text[span.start : span.end]
        spans.append(Span(len(text), len(text) + len(piece), span.kind, span.reason))
        text += piece
    return Reply(text, tuple(spans))
