"""A delivery made ready to be judged, outside any transaction: scanned, parsed, classified, read. Pure."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.desk.areas import Desk
from gateway.desk.bare_signature import without_own_signature
from gateway.desk.language import of_mail
from gateway.desk.language_lingua import detector
from gateway.inbound import trace
from gateway.inbound.addresses import normalise
from gateway.inbound.authenticate import Identity, Level, authenticate, from_outside
from gateway.inbound.classify import Classification, MailKind, Ours, classify
from gateway.inbound.content_key import anonymous, content_key
from gateway.inbound.forwarded import Forwarded, forwarded_in
from gateway.inbound.mail import Headers, Mailbox, ParsedAttachment, ParsedMail, Unidentified
from gateway.inbound.on_behalf import Standing, list_id, on_behalf
from gateway.inbound.own_check import OwnResult
from gateway.inbound.parse import parse
from gateway.settings import Settings
from gateway.store.claims import Claimed
from gateway.threading import match
from gateway.threading.desk_answers import answer_of_the_desk
from gateway.threading.quotes import Reply, read_reply
from gateway.threading.spans import SpanKind
from gateway.threading.tokens import Claim, Purpose, Tokens, letter_key, turn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that a mail itself says, without the store.

    `report_keys` are the letters that a delivery report is about, by our token or our signed Message-ID.
    `refused_files` are attachments of a kind that the desk does not take. `language` may be empty. `forwarded` is the
    mail that its sender, who is proven, sends on.
    """

    claimed: Claimed
    mail: ParsedMail
    kind: Classification
    identity: Identity
    named: match.Named
    reply: Reply
    language: str
    content_key: str
    anonymous: bool
    envelope_hash: str
    addressed: bool
    from_us: bool
    report_keys: tuple[str, ...] = ()
    # Whose turn it is among the tokens for commands; 0: there are no commands.
    turn: int = 0
    refused_files: tuple[str, ...] = ()
    forwarded: Forwarded | None = None

    def said(self, known_name: str = "") -> str:
        """What is new in it without a signature, known by its author's name alone: what a clear word is read in."""
        sender = self.mail.sender
        names = (known_name, sender.name if isinstance(sender, Mailbox) else "")
        return without_own_signature(self.reply.new_text, [name for name in names if name])


OwnCheck = Callable[..., tuple[OwnResult, ...]]


def prepare(
    claimed: Claimed,
    raw: bytes,
    *,
    settings: Settings,
    desk: Desk,
    tokens: Tokens,
    today: date,
    own_check: OwnCheck | None = None,
) -> Prepared:
    """Read a mail as far as that goes without the store. Never raises for what a mail contains.

    own_check: `own_check.own_check`, the only thing here that asks anybody (DNS); None where nobody is asked.
    """
    mail = parse(raw, settings.limits, envelope_from=claimed.envelope_from)
    addresses = [claimed.recipient, *_recipients(mail)]
    kind = classify(mail, envelope_from=claimed.envelope_from, ours=_ours(mail.headers, settings, tokens, today))
    report = kind.kind is MailKind.DELIVERY_REPORT
    identity = authenticate(
        mail.headers,
        mail.sender,
        settings=settings.authentication,
        envelope=claimed.envelope_from,
        peer=claimed.peer,
        session_auth=claimed.session_auth,
        relays=settings.smtp.trusted_relays,
        own=_own_results(claimed, raw, mail, settings, own_check),
    )
    standing = on_behalf(mail, identity, kind, settings)
    mail = replace(mail, sender=standing.sender)
    reply = reply_of(mail)
    return Prepared(
        claimed=claimed,
        mail=mail,
        kind=standing.kind,
        identity=standing.identity,
        named=match.names(
            addresses=addresses,
            in_reply_to=mail.in_reply_to,
            references=mail.references,
            subject=mail.subject,
            tokens=tokens,
            today=today,
            reply_domain=desk.reply_domain,
        ),
        reply=reply,
        language=of_mail(
            mail.headers.first("Content-Language"),
            reply.new_text,
            lingua=detector(settings.registration.language_by),
        ),
        content_key=content_key(raw),
        anonymous=anonymous(raw),
        envelope_hash=_envelope_hash(claimed.envelope_from),
        addressed=_addressed(mail, desk, settings),
        from_us=isinstance(mail.sender, Mailbox) and desk.ours(mail.sender.address),
        report_keys=tuple(_reported(mail, addresses, desk, tokens, today)) if report else (),
        turn=turn_of(today, days=settings.commands.token_days) if settings.commands.on else 0,
        refused_files=tuple(_refused_files(mail, settings.limits.attachment_types_refused)),
        forwarded=_forwarded(mail, reply, standing, settings),
    )


def reply_of(mail: ParsedMail, history: Sequence[str] = (), letters: Sequence[str] = ()) -> Reply:
    """What is new in the mail, read beside earlier texts of its ticket, and the letters that its author got."""
    html = mail.text_format == "html"
    body = mail.raw_html if html else mail.text
    return read_reply(body, "html" if html else "plain", history, letters=letters, subject=mail.subject)


def _forwarded(mail: ParsedMail, reply: Reply, standing: Standing, settings: Settings) -> Forwarded | None:
    """What a person sends on whose mail proves them; nobody else's word says whose a mail is."""
    if standing.kind.kind is not MailKind.PERSON or standing.identity.level < Level.S1 or not settings.forwarding.on:
        return None
    return forwarded_in(mail, reply, settings.limits, lingua=detector(settings.registration.language_by))


def belongs(prepared: Prepared) -> bool:
    """Whether a mail says that it answers something."""
    named = prepared.named
    return bool(named.address_claims or named.message_claims or named.message_ids)


def copies_may_hide(prepared: Prepared) -> bool:
    """Whether a mail of a ticket has nothing that is marked as quoted, so that only its history can tell what is."""
    return belongs(prepared) and not any(span.kind is SpanKind.QUOTED for span in prepared.reply.spans)


def with_history(prepared: Prepared, history: Sequence[str], letters: Sequence[str]) -> Prepared:
    return replace(prepared, reply=reply_of(prepared.mail, history, letters)) if history or letters else prepared


def answering_the_desk(prepared: Prepared, letters: Sequence[str], said: Sequence[str]) -> Prepared:
    """The same of a mail that answers what only the desk reads; `said` is what its customer wrote or got."""
    return replace(prepared, reply=answer_of_the_desk(prepared.reply, letters, said))


def prepare_unread(claimed: Claimed, raw: bytes) -> Prepared:
    """A mail that nobody may try to read again: nothing of it but the first look at the door, and the original."""
    original = ParsedAttachment("original.eml", "message/rfc822", raw)
    return Prepared(
        claimed=claimed,
        mail=ParsedMail(
            headers=Headers(()),
            sender=Unidentified("the mail could not be read"),
            message_id=claimed.message_id,
            attachments=(original,),
        ),
        kind=Classification(MailKind.PERSON, "not read"),
        identity=Identity(Level.S0, "not read"),
        named=match.Named(),
        reply=read_reply("", "plain"),
        language="",
        content_key=content_key(raw),
        anonymous=anonymous(raw),
        envelope_hash=_envelope_hash(claimed.envelope_from),
        addressed=False,
        from_us=False,
    )


def _recipients(mail: ParsedMail) -> Iterator[str]:
    """Where a token may stand beside the envelope: Delivered-To, X-Original-To, To, and Cc (RULES 4)."""
    for name in ("Delivered-To", "X-Original-To"):
        for value in mail.headers.all(name):
            yield value.strip(" <>")
    for mailbox in (*mail.to, *mail.cc):
        yield mailbox.address


def _ours(headers: Headers, settings: Settings, tokens: Tokens, today: date) -> Ours:
    return Ours(
        signed=lambda value: trace.ours(value, tokens, today=today) or match.signed_message_id(value, tokens, today),
        own_hops=trace.passes(headers.all("Received"), tokens, today=today),
        hops=settings.limits.hops,
        lists=frozenset(text for one in settings.mailing_list for text in (list_id(one), normalise(one.address))),
    )


def _own_results(
    claimed: Claimed, raw: bytes, mail: ParsedMail, settings: Settings, own_check: OwnCheck | None
) -> tuple[OwnResult, ...]:
    """What we find ourselves of a mail that a stranger brought to our SMTP door; of any other nobody is asked."""
    if own_check is None or mail.breaches or not isinstance(mail.sender, Mailbox):
        return ()
    known = [*settings.smtp.trusted_relays, *settings.authentication.submission_networks]
    if claimed.source != "smtp" or not from_outside(claimed.peer, known):
        return ()
    return own_check(
        raw,
        mail.headers,
        from_domain=mail.sender.address.rpartition("@")[2],
        envelope_from=claimed.envelope_from or "",
        client=claimed.peer,
        settings=settings.authentication,
    )


def _addressed(mail: ParsedMail, desk: Desk, settings: Settings) -> bool:
    """Whether To or Cc has an address of ours, or of a list of ours."""
    lists = {normalise(one.address) for one in settings.mailing_list}
    return any(desk.ours(mailbox.address) or mailbox.address in lists for mailbox in (*mail.to, *mail.cc))


def _reported(mail: ParsedMail, addresses: list[str], desk: Desk, tokens: Tokens, today: date) -> Iterator[str]:
    """The keys of the letters that a report names: by where it was sent to, then by the Message-IDs that it returns."""
    claims: list[Claim] = []
    for address in addresses:
        claim = tokens.read(match.token_of_address(address, reply_domain=desk.reply_domain), today=today)
        if claim is not None and claim.purpose is Purpose.REPORT:
            claims.append(claim)
    yield from (letter_key(claim.number) for claim in claims)
    returned = mail.report.original_headers.all("Message-ID") if mail.report else ()
    for value in (*returned, *mail.in_reply_to, *mail.references):
        if match.signed_message_id(value, tokens, today):
            yield match.letter_key_of(value)


def _refused_files(mail: ParsedMail, refused: list[str]) -> Iterator[str]:
    endings = tuple(f".{ending.lower().lstrip('.')}" for ending in refused)
    if endings:
        yield from (file.name for file in mail.attachments if file.name.lower().endswith(endings))


def _envelope_hash(envelope_from: str | None) -> str:
    """The same for a door that heard the sender and for a mailbox whose server wrote it down."""
    text = (envelope_from or "").strip(" <>").casefold()
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
