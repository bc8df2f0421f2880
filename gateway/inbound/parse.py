"""A mail read into plain values: never raises, never follows a link, whatever the bytes are. Pure."""

from dataclasses import replace
from datetime import datetime
from email.message import Message
from email.parser import BytesParser

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from gateway.inbound import addresses
from gateway.inbound.bodies import read_bodies
from gateway.inbound.headers import lenient_date, message_id, message_ids, raw_text, read_headers, unfold
from gateway.inbound.html_safe import sanitise
from gateway.inbound.limits import Breach, Scan, scan
from gateway.inbound.mail import Headers, Mailbox, ParsedAttachment, ParsedMail, Unidentified
from gateway.inbound.reports import read_report, report_parts
from gateway.inbound.sealed import ENCRYPTED
from gateway.inbound.tree import read_tree
from gateway.settings import Limits

LONGEST_SUBJECT = 2000
UNREADABLE = "unreadable"


def parse(raw: bytes, limits: Limits, *, envelope_from: str | None = None) -> ParsedMail:
    """Read a mail. Over a limit, or beyond reading, it comes back with `breaches` and itself as its last attachment.
    So does an encrypted one, without a breach: who has the key opens it whole.

    envelope_from: "" or "<>" is the null return path, by which a delivery report is known; None when nobody said it.
    """
    found = scan(raw, limits)
    try:
        mail = _read(found, limits, envelope_from)
    except Exception:
        mail = _headers_only(found)
    if not mail.breaches and ENCRYPTED not in mail.flags:
        return mail
    original = ParsedAttachment("original.eml", "message/rfc822", raw)
    return replace(mail, attachments=(*mail.attachments, original))


def _read(found: Scan, limits: Limits, envelope_from: str | None) -> ParsedMail:
    tree = read_tree(found, limits)
    mail = _read_header(tree)
    bodies = read_bodies(
        tree,
        raw_size=len(found.readable),
        newline="\r\n" if b"\r\n" in found.readable[:1000] else "\n",
        limits=limits,
    )
    read = replace(
        mail,
        text=bodies.text,
        text_format=bodies.text_format,
        raw_html=bodies.raw_html,
        html=sanitise(bodies.raw_html, bodies.text) if bodies.raw_html else "",
        attachments=bodies.attachments,
        breaches=(*found.breaches, *bodies.breaches),
        flags=bodies.flags,
    )
    return replace(read, report=read_report(report_parts(read, tree, bodies.leaves, envelope_from)))


def _headers_only(found: Scan) -> ParsedMail:
    breaches = (*found.breaches, str(Breach.UNREADABLE))
    try:
        header = _read_header(BytesParser().parsebytes(found.safe_headers, headersonly=True))
    except Exception:
        header = ParsedMail(Headers(()), Unidentified(UNREADABLE))
    return replace(header, breaches=breaches)


def _read_header(block: Message) -> ParsedMail:
    """What the header block says. The standard library has split it once; mail-parser reads who and when from that."""
    headers = read_headers(block)
    raw: dict[str, list[tuple[str, bool]]] = {"from": [], "to": [], "cc": [], "reply-to": [], "date": []}
    for name, value in block.raw_items():
        if name.lower() in raw:
            text, known = raw_text(value)
            raw[name.lower()].append((unfold(text), known))
    sender, date = _who_and_when(raw["from"], raw["date"])
    return ParsedMail(
        headers=headers,
        sender=sender,
        to=_mailboxes(raw["to"]),
        cc=_mailboxes(raw["cc"]),
        reply_to=_mailboxes(raw["reply-to"]),
        subject=" ".join(headers.first("Subject").split())[:LONGEST_SUBJECT],
        message_id=message_id(headers),
        in_reply_to=message_ids(headers.all("In-Reply-To")),
        references=message_ids(headers.all("References")),
        date=date,
    )


def _mailboxes(fields: list[tuple[str, bool]]) -> tuple[Mailbox, ...]:
    return addresses.mailboxes([value for value, _ in fields])


def _who_and_when(
    from_: list[tuple[str, bool]], dates: list[tuple[str, bool]]
) -> tuple[Mailbox | Unidentified, datetime | None]:
    """Sender and date; mail-parser is asked for these two fields only, and is not trusted alone."""
    try:
        second_opinion = [address for _, address in get_addresses(_short(from_), decode_names=True) if address]
        date = parse_mail_date(dates[0][0][:200]).value if dates else None
    except Exception:
        second_opinion, date = [], None
    known = all(charset for _, charset in from_)
    sender = addresses.sender([value for value, _ in from_], second_opinion, known_charset=known)
    return sender, date or (lenient_date(dates[0][0]) if dates else None)


def _short(from_: list[tuple[str, bool]]) -> str | None:
    """The first From, unless it is too long for anybody's address."""
    return from_[0][0] if from_ and len(from_[0][0]) <= addresses.LONGEST_FROM else None
