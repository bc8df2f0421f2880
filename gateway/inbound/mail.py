"""A mail as the rest of the program sees it: read once, in plain values, safe to store. Pure."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox of an address header. `address` is normalised: local part case-folded, domain an A-label."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unidentified:
    """A From that names no one sender for sure; `reason` says what is wrong with it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields of a mail in order, names as written, values unfolded and decoded to clean text."""

    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in order; names compare without regard to case (RFC 5322, 1.2.2)."""
        wanted = name.lower()
        return tuple(value for key, value in self.fields if key.lower() == wanted)

    def first(self, name: str) -> str:
        """The topmost value of a field, or the empty string."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), "")

    def has(self, name: str) -> bool:
        wanted = name.lower()
        return any(key.lower() == wanted for key, _ in self.fields)


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """One leaf of the mail that is not its body, decoded. `name` is safe to show and to offer as a file name."""

    name: str
    type: str
    content: bytes
    cid: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """One recipient group of a delivery-status part (RFC 3464, 2.3), or what a bounce says in its own words."""

    address: str
    action: str
    status: str
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery report's content. `original_headers` are those of the returned message, where it came along.

    `evidence` says by what the mail is a report.
    """

    recipients: tuple[ReportedRecipient, ...] = ()
    original_headers: Headers = field(default_factory=lambda: Headers(()))
    evidence: str = ""

    @property
    def unread(self) -> bool:
        """Whether it says of nobody what became of the mail to them."""
        return not any(one.action for one in self.recipients)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """All that judging and keeping a mail need. Every string is free of NUL and lone surrogates.

    `text` is what a person reads: the plain part, or the HTML part as text; `text_format` says which ('plain', 'html',
    or 'none' when there is neither). `raw_html` is the HTML body as it came (for reading quotes by structure),
    `html` the same made safe to show. `breaches` names the limits of RULES 1 that the mail is over; then `text` may be
    short and the original has to be attached. `flags` are facts for the reader, such as 'characters replaced'.
    """

    headers: Headers
    sender: Mailbox | Unidentified
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    text_format: str = "none"
    html: str = ""
    raw_html: str = ""
    attachments: tuple[ParsedAttachment, ...] = ()
    report: DeliveryReport | None = None
    breaches: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
