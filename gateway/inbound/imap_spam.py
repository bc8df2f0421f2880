"""What a filter took for spam: counted, listed for a person, and moved back when they say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.areas import Desk
from gateway.inbound.delivered import Delivered
from gateway.inbound.imap_fetch import measure
from gateway.inbound.imap_finish import move
from gateway.inbound.imap_session import Session, uids
from gateway.inbound.parse import parse
from gateway.settings import Limits, Mailbox

# The newest of them; nobody reads more.
MOST = 200
_HEADER = "BODY.PEEK[HEADER]<0.65536>"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A mail in the spam folder. What it says of itself is text of a stranger, to be shown as such."""

    uid: int
    at: datetime | None
    sender: str
    subject: str
    ours: bool


def count(session: Session, folder: str) -> int:
    """How many mails are in it, without opening it."""
    with session.doing() as client:
        return int(client.folder_status(folder, ["MESSAGES"]).get(b"MESSAGES", 0))


def suspects(session: Session, mailbox: Mailbox, desk: Desk, limits: Limits) -> Iterator[Suspect]:
    """The newest mails there, newest first; `ours` when one of our addresses is named in it."""
    session.open_folder(mailbox.spam_folder, read_only=True)
    newest = sorted(uids(session, ["ALL"]), reverse=True)[:MOST]
    dates = measure(session, newest)
    with session.doing() as client:
        answers = client.fetch(newest, [_HEADER])
    for uid in newest:
        header = next((value for name, value in answers.get(uid, {}).items() if name.startswith(b"BODY[HEADER]")), None)
        if header is not None:
            mail = parse(header, limits)
            named = Delivered(header, limits).named(desk)
            at = dates[uid].date if uid in dates else None
            yield Suspect(uid, at, mail.headers.first("From"), mail.subject, bool(named))


def rescue(session: Session, mailbox: Mailbox, uid: int) -> bool:
    """Move a mail from the spam folder to the one that is read; False when it is not there."""
    session.open_folder(mailbox.spam_folder, read_only=False)
    if uid not in uids(session, ["UID", str(uid)]):
        return False
    move(session, [uid], mailbox.folder)
    return True
