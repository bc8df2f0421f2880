"""What the desk's own rules make of a mail, should it open a ticket, or of what somebody of the desk takes down."""

from collections.abc import Iterable

from sqlalchemy.engine import Connection

from gateway.desk.areas import Desk
from gateway.desk.rules import Given, Incoming, apply
from gateway.inbound.mail import Mailbox
from gateway.inbound.prepare import Prepared
from gateway.store import people


def given_by_rules(connection: Connection, prepared: Prepared, person: people.Person | None, desk: Desk) -> Given:
    mail = prepared.mail
    return given_for(
        connection,
        person,
        desk,
        sender=mail.sender.address if isinstance(mail.sender, Mailbox) else "",
        recipient=prepared.claimed.recipient,
        subject=mail.subject,
        text=prepared.reply.new_text,
        files=(one.name for one in mail.attachments),
    )


def given_for(
    connection: Connection,
    person: people.Person | None,
    desk: Desk,
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    files: Iterable[str],
) -> Given:
    """The same for anything that somebody asks; `files` are names."""
    if not desk.rules:
        return Given()
    asked = any(rule.organisation for rule in desk.rules)
    incoming = Incoming(
        sender=sender,
        recipient=recipient,
        organisation=_organisation(connection, sender, person) if asked else "",
        subject=subject,
        text=text,
        files=tuple(files),
    )
    return apply(desk.rules, incoming, every=desk.every)


def _organisation(connection: Connection, sender: str, person: people.Person | None) -> str:
    """That of the person, or of somebody new the one that claims the domain of their address."""
    number = person.organisation_id if person is not None else people.organisation_of(connection, sender)
    return "" if number is None else people.organisation_name(connection, number)
