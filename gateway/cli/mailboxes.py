"""Commands about mailboxes: how they are doing, and what a filter took for spam."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Any

import typer

from gateway.cli.common import AsJson, SettingsFile, by_hand, now, opened, out, plain, show, told
from gateway.errors import GatewayError, NotFound
from gateway.inbound.imap_session import Session
from gateway.inbound.imap_spam import rescue as rescue_mail
from gateway.inbound.imap_spam import suspects
from gateway.inbound.imap_trouble import Trouble
from gateway.settings import Mailbox
from gateway.work import mailboxes_shown
from gateway.work.office import Office

_MAILBOXES = ("mailbox", "condition", "folder", "checked_at", "behind", "failing", "spam", "trouble")
_SPAM = ("mailbox", "uid", "received_at", "to_us", "from", "subject")


def mailboxes(
    spam: Annotated[bool, typer.Option("--spam", help="List what lies in the spam folders.")] = False,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """List the mailboxes that are read by IMAP: condition, last look, trouble, and mails that cannot be read."""
    with told(), opened(settings) as office:
        if spam:
            show(_spam(office), as_json=as_json, columns=_SPAM, empty="No spam folder has a mail.")
        else:
            rows = mailboxes_shown.overview(office, now=now())
            show(rows, as_json=as_json, columns=_MAILBOXES, empty="No [[mailbox]] is in the settings.")


def rescue(
    mailbox: Annotated[str, typer.Argument(help="The mailbox's name.")],
    uid: Annotated[int, typer.Argument(help="The mail's number, as `gateway mailboxes --spam` shows it.", min=1)],
    settings: SettingsFile = None,
) -> None:
    """Move a mail out of the spam folder to where it is read."""
    with told(), opened(settings) as office:
        found = next((one for one in office.settings.mailbox if one.name == mailbox), None)
        if found is None:
            names = ", ".join(one.name for one in office.settings.mailbox) or "none"
            raise NotFound(f"there is no [[mailbox]] {mailbox}; there are: {names}")
        if not found.spam_folder:
            raise GatewayError(f"[[mailbox]] {mailbox} has no spam_folder")
        with _session(office, found) as session:
            if not rescue_mail(session, found, uid):
                raise NotFound(f"there is no mail {uid} in {found.spam_folder}; `gateway mailboxes --spam` lists them")
        mailboxes_shown.rescued(office, found, uid, now=now(), cause=by_hand())
        out.print(f"moved to {plain(found.folder)}, where it is read as any other")


def _spam(office: Office) -> Iterator[dict[str, Any]]:
    for mailbox in office.settings.mailbox:
        if not mailbox.spam_folder:
            continue
        with _session(office, mailbox) as session:
            for one in suspects(session, mailbox, office.rules.desk, office.settings.limits):
                yield {
                    "mailbox": mailbox.name,
                    "uid": one.uid,
                    "received_at": None if one.at is None else f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
                    "to_us": one.ours,
                    "from": one.sender,
                    "subject": one.subject,
                }


@contextmanager
def _session(office: Office, mailbox: Mailbox) -> Iterator[Session]:
    try:
        session, _ = mailboxes_shown.signed_in(office.settings, mailbox, now=now())
        with closing(session):
            yield session
    except Trouble as trouble:
        raise GatewayError(f"mailbox {mailbox.name}: {trouble}") from None
