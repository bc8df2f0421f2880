"""What a door hands on: a mail as it arrived, with its envelope. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PAST = "past "


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A whole mail at a door, not yet kept.

    `source` is the door: 'smtp', 'lmtp', 'ingest', or 'imap NAME' for a mailbox; PAST before it stands for what was
    there before us, which nobody is answered. `raw` are the bytes to keep, our own Received line included.
    `envelope_from` is '' for the null sender and None where nobody said it, and `recipients` are the accepted ones, as
    given, each once. `received_at` is aware and UTC. `peer` is the client's IP address, '' when it came through a local
    socket or out of a mailbox. `helo` is the name the client gave, and `protocol` the word of RFC 3848 for the
    dialogue, such as 'ESMTPS'.
    """

    source: str
    raw: bytes
    envelope_from: str | None
    recipients: tuple[str, ...]
    received_at: datetime
    peer: str = ""
    session_auth: str = ""
    helo: str = ""
    protocol: str = ""


class RecipientVerdict(StrEnum):
    """What the daemon says of an address at RCPT."""

    ACCEPT = "accept"
    UNKNOWN = "unknown"
    TEMPORARY = "temporary"
