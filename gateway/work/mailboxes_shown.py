"""How each mailbox is doing, for people: from the books, and from a sign-in of our own."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, Literal

from gateway.apply.caught_up import late
from gateway.inbound import imap_session
from gateway.inbound.imap_plan import REPEATEDLY
from gateway.inbound.imap_session import Session, secure_enough
from gateway.inbound.imap_spam import count as count_spam
from gateway.inbound.imap_tokens import SignIn
from gateway.inbound.imap_trouble import Trouble
from gateway.settings import Mailbox, Settings
from gateway.store import leases, mailboxes, tickets
from gateway.store.mailboxes import Place
from gateway.work.office import Office

Row = dict[str, Any]


def overview(office: Office, *, now: datetime) -> Iterator[Row]:
    """A row for each [[mailbox]]: its condition and what stands behind it."""
    with office.database.read() as connection:
        states = {(row.account, row.folder): row for row in mailboxes.overview(connection)}
        holders = leases.current(connection, now=now)
        for mailbox in office.settings.mailbox:
            row = states.get((mailbox.name, mailbox.folder))
            holder = holders.get(f"mailbox {mailbox.name}", "")
            failing: list[int] = []
            if row is not None:
                place = Place(mailbox.name, mailbox.folder, row.uidvalidity)
                failing = mailboxes.failing(connection, place, least=REPEATEDLY)
            yield {
                "mailbox": mailbox.name,
                "condition": _condition(mailbox, row, holder, now),
                "folder": mailbox.folder,
                "checked_at": _told(row.checked_at if row is not None else None),
                "behind": row.behind if row is not None else 0,
                "failing": failing,
                "spam": row.spam if row is not None else 0,
                "reader": holder,
                "token_until": _told(row.token_until if row is not None else None),
                "trouble_since": _told(row.trouble_since if row is not None else None),
                "trouble": row.trouble if row is not None else "",
            }


def _condition(mailbox: Mailbox, row: Any, holder: str, now: datetime) -> str:
    if row is None:
        return "never read"
    if row.trouble:
        return "in trouble"
    if row.checked_at is None or not holder:
        return "not read now"
    return "read" if now - row.checked_at < late(mailbox) else "late"


def _told(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def signed_in(settings: Settings, mailbox: Mailbox, *, now: datetime) -> tuple[Session, SignIn]:
    """A session beside that of the daemon. Trouble says why there is none."""
    sign_in = SignIn(mailbox, data=settings.server.data, clock=lambda: now)
    return imap_session.connect(mailbox, sign_in), sign_in


def rescued(office: Office, mailbox: Mailbox, uid: int, *, now: datetime, cause: str) -> None:
    """Write down who moved a mail out of the spam folder."""
    said = {"mailbox": mailbox.name, "uid": uid}
    with office.database.write() as connection:
        tickets.write_event(connection, action="rescued", actor_kind="operator", cause=cause, now=now, data=said)


def tried(settings: Settings, *, now: datetime) -> Iterator[tuple[Literal["good", "hint", "wrong"], str]]:
    """Whether each mailbox can be signed in to and its folders opened; for `gateway check`."""
    for mailbox in settings.mailbox:
        where = f"mailbox {mailbox.name}"
        if not secure_enough(mailbox):
            yield "wrong", f'{where}: tls = "none" sends password and mail to {mailbox.host} readable by all on the way'
            continue
        try:
            session, sign_in = signed_in(settings, mailbox, now=now)
            with closing(session):
                yield from ((kind, f"{where}: {says}") for kind, says in _looked(session, mailbox))
                if warning := sign_in.warning(now):
                    yield "hint", f"{where}: {warning}"
        except Trouble as trouble:
            yield "wrong", f"{where}: {trouble}"


def _looked(session: Session, mailbox: Mailbox) -> Iterator[tuple[Literal["good", "hint", "wrong"], str]]:
    opened = session.open_folder(mailbox.folder, read_only=mailbox.after == "leave")
    yield "good", f"{mailbox.username} at {mailbox.host}, folder {mailbox.folder} with {opened.exists} mails"
    with session.doing() as client:
        if not client.has_capability("IDLE"):
            yield "hint", f"the server does not call (no IDLE): new mail is seen every {mailbox.poll_seconds:g} s"
        takes_away = mailbox.after == "delete" or (mailbox.after == "move" and not client.has_capability("MOVE"))
        if takes_away and not client.has_capability("UIDPLUS"):
            yield "hint", "the server cannot delete single mails (no UIDPLUS): they are only marked as deleted"
        if mailbox.move_to and not client.folder_exists(mailbox.move_to):
            yield "hint", f"the folder {mailbox.move_to} is not there yet; it is made when the first mail is moved"
    if mailbox.spam_folder:
        yield "good", f"{count_spam(session, mailbox.spam_folder)} mails in the spam folder {mailbox.spam_folder}"
