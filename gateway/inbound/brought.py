"""A customer's mail that somebody of the desk forwards, as if its author had written it; or why it is none.

Who forges such a mail, or what stands in it, makes a ticket in the name of an address: its author is never proven, so
that all they can get is a receipt with a number (RULES 5).
"""

from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from gateway.desk.areas import Desk
from gateway.desk.forwarding import Unclear
from gateway.desk.people import May, PersonState, may
from gateway.inbound.answers import no_reply
from gateway.inbound.authenticate import Identity, Level
from gateway.inbound.forwarded import Forwarded
from gateway.inbound.mail import Mailbox
from gateway.inbound.prepare import Prepared
from gateway.store import people
from gateway.store.people import Person


@dataclass(frozen=True, slots=True)
class Brought:
    """`theirs` is the mail as its author's, at S0; `author` is who that is, where the desk knows them.

    With `unclear` the ticket stays with `by`, who forwarded it.
    """

    by: Person
    mail: Prepared
    theirs: Prepared
    author: Person | None
    unclear: Unclear | None

    @property
    def asked(self) -> tuple[Prepared, Person | None]:
        """The mail that the ticket is about, and who it is from."""
        return (self.mail, self.by) if self.unclear else (self.theirs, self.author)


def brought(connection: Connection, prepared: Prepared, person: Person | None, area: str, desk: Desk) -> Brought | None:
    """None for what is no forward by somebody with a role in the area."""
    forwarded = prepared.forwarded
    if forwarded is None or person is None or not (may(person.state, May.ACT) and person.roles_in(area)):
        return None
    sender = forwarded.mail.sender
    author = people.by_address(connection, sender.address) if isinstance(sender, Mailbox) else None
    unclear = _unclear(forwarded, person, author, area, desk)
    return Brought(person, prepared, _theirs(prepared, forwarded), author, unclear)


def _unclear(forwarded: Forwarded, by: Person, author: Person | None, area: str, desk: Desk) -> Unclear | None:
    sender = forwarded.mail.sender
    if not isinstance(sender, Mailbox):
        return Unclear.UNREADABLE
    if desk.ours(sender.address):
        return Unclear.OURS
    if no_reply(sender.address):
        return Unclear.NO_REPLY
    if author is None:
        return None
    if author.id == by.id:
        return Unclear.YOURSELF
    if author.state == PersonState.BLOCKED:
        return Unclear.BLOCKED
    return Unclear.COLLEAGUE if author.roles_in(area) else None


def _theirs(prepared: Prepared, forwarded: Forwarded) -> Prepared:
    """The inner mail at S0. To and Cc stay those of the forward: they have it already, as has who forwarded it."""
    outer = prepared.mail
    cc = (*outer.cc, *([outer.sender] if isinstance(outer.sender, Mailbox) else []))
    return replace(
        prepared,
        mail=replace(forwarded.mail, to=outer.to, cc=cc),
        identity=Identity(Level.S0, "whom somebody of the desk names"),
        reply=forwarded.reply,
        language=forwarded.language,
    )
