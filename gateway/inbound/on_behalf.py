"""Whom a mail stands for, where settings say that it is not its From: contact forms and lists of our own. Pure.

RULES 3: Reply-To is never identity, with these two exceptions. Neither proves anything: who fills in a form, and whom a
list names, is anybody's word, so that the person stands at S0.
"""

from dataclasses import dataclass, replace

from mailparser.utils import get_addresses

from gateway.inbound import addresses
from gateway.inbound.authenticate import Identity, Level
from gateway.inbound.classify import Classification, MailKind
from gateway.inbound.mail import Mailbox, ParsedMail, Unidentified
from gateway.settings import ContactForm, MailingList, Settings

REPLY_TO = "reply-to"
# A form's mail is generated and often goes out with headers of bulk mail; the person behind it still is one.
_OF_A_FORM = (MailKind.GENERATED, MailKind.LIST_OR_BULK)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who counts as the sender of a mail, how sure that is, and what kind of mail it is then."""

    sender: Mailbox | Unidentified
    identity: Identity
    kind: Classification


def on_behalf(mail: ParsedMail, identity: Identity, kind: Classification, settings: Settings) -> Standing:
    """The requester of a form, the member who wrote to a list; for any other mail what was found already."""
    standing = Standing(mail.sender, identity, kind)
    if not isinstance(mail.sender, Mailbox):
        return standing
    address = mail.sender.address
    for form in settings.contact_form:
        if addresses.normalise(form.sender) == address:
            return _requester(mail, standing, form)
    for one in settings.mailing_list:
        if addresses.normalise(one.address) == address and list_id(one) in _list_ids(mail):
            return _member(mail, standing, address)
    return standing


def list_id(one: MailingList) -> str:
    """The List-Id of a list of ours: as set, else its address as Google Groups and Mailman write it."""
    return (one.list_id or addresses.normalise(one.address).replace("@", ".")).lower()


def _list_ids(mail: ParsedMail) -> set[str]:
    """RFC 2919: what stands in the angle brackets; the words before them are for people."""
    return {value.rpartition("<")[2].rstrip("> ").lower() for value in mail.headers.all("List-Id")}


def _requester(mail: ParsedMail, standing: Standing, form: ContactForm) -> Standing:
    if standing.identity.level < Level.S1:
        evidence = f"a contact form's address that is not proven; {standing.identity.evidence}"
        return replace(standing, identity=replace(standing.identity, evidence=evidence))
    found = _reply_to(mail, form.sender) if form.requester == REPLY_TO else _named(mail.text, form.requester)
    identity = Identity(Level.S0, f"whom the contact form of {addresses.normalise(form.sender)} names")
    kind = standing.kind
    if kind.kind in _OF_A_FORM:
        kind = Classification(MailKind.PERSON, "a contact form of ours")
    return Standing(found or Unidentified("the contact form names no one requester"), identity, kind)


def _member(mail: ParsedMail, standing: Standing, address: str) -> Standing:
    """The list wrote its own address into From: the author's stands in X-Original-From, else in Reply-To."""
    originals = mail.headers.all("X-Original-From")
    found = (_one(originals[0]) if len(originals) == 1 else None) if originals else _reply_to(mail, address)
    # What DMARC says of the list's own address still decides whether anybody is answered.
    identity = Identity(Level.S0, f"whom the list {address} names", standing.identity.dmarc)
    return replace(standing, sender=found or Unidentified("the list names no one author"), identity=identity)


def _reply_to(mail: ParsedMail, besides: str) -> Mailbox | None:
    """The one mailbox of Reply-To, besides the form's or the list's own."""
    own = addresses.normalise(besides)
    found = [one for one in mail.reply_to if one.address != own]
    return found[0] if len(found) == 1 else None


def _named(text: str, label: str) -> Mailbox | None:
    """What follows the label in a line of its own; several lines have to agree."""
    wanted = label.strip().casefold()
    lines = (line.strip() for line in text.splitlines())
    values = {line[len(label.strip()) :].strip() for line in lines if line.casefold().startswith(wanted)}
    found = {one for value in values if value for one in [_one(value)]}
    return next(iter(found)) if len(found) == 1 else None


def _one(value: str) -> Mailbox | None:
    """The one address of a value, read as carefully as From."""
    if len(value) > addresses.LONGEST_FROM:
        return None
    try:
        second = [address for _, address in get_addresses(value, decode_names=True) if address]
    except Exception:  # another's parser on anybody's text
        return None
    found = addresses.sender([value], second)
    return found if isinstance(found, Mailbox) else None
