"""What becomes of mails in the mailbox once they are kept here: marked as seen, moved, or deleted."""

from collections.abc import Sequence

from imapclient import DELETED, SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from gateway.inbound.imap_session import Session
from gateway.inbound.imap_trouble import code_of, words
from gateway.settings import Mailbox

# A command's line is not to grow without end.
MOST = 200


def finish(session: Session, mailbox: Mailbox, uids: Sequence[int]) -> list[int]:
    """Do with these mails what the settings say, and return them; done twice it does no harm but a second copy.

    A mail that is gone already is no fault. With a server that cannot delete single mails (no UIDPLUS, RFC 4315) they
    are marked as deleted: a plain EXPUNGE would take other people's with them.
    """
    some = list(uids[:MOST])
    with session.doing() as client:
        match mailbox.after:
            case "seen":
                client.add_flags(some, [SEEN], silent=True)
            case "move":
                _move(client, some, mailbox.move_to)
            case "delete":
                _delete(client, some)
            case "leave":
                pass  # It was otherwise when they were kept.
    return some


def move(session: Session, uids: Sequence[int], folder: str) -> None:
    """Move mails of the open folder into another one, which is made when it is missing."""
    with session.doing() as client:
        _move(client, list(uids), folder)


def _move(client: IMAPClient, uids: list[int], folder: str) -> None:
    transfer = client.move if client.has_capability("MOVE") else client.copy
    try:
        transfer(uids, folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        # RFC 3501, 6.4.7; not every server gives a reason.
        if code_of(words(error)) not in ("TRYCREATE", "NONEXISTENT", ""):
            raise
        client.create_folder(folder)
        transfer(uids, folder)
    if transfer == client.copy:
        _delete(client, uids)


def _delete(client: IMAPClient, uids: list[int]) -> None:
    client.add_flags(uids, [DELETED], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)
