"""What a delivery report says: which recipients, what happened, and the returned message's headers. Pure.

The readers are an ordered tuple: the first that finds recipients speaks. Those for reports that follow no standard
are asked only when other signs say that the mail is one (`bounce_signs`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from gateway.inbound import bounce_library, bounce_text, leaves
from gateway.inbound.bounce_signs import Signs, null_return_path, why_a_report
from gateway.inbound.charsets import clean_text
from gateway.inbound.mail import DeliveryReport, Headers, Mailbox, ParsedMail, ReportedRecipient
from gateway.inbound.returned import Returned, is_message, part_text, returned_message

MOST_RECIPIENTS = 500
LONGEST_DIAGNOSTIC = 2000

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status"})
_NO_TEXT = frozenset({"image", "audio", "video"})
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BLANK_LINE = re.compile(rb"\n(?:[ \t]*\n)+")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:(.*)")


@dataclass(frozen=True, slots=True)
class ReportParts:
    """The parts of a mail that can speak of a delivery, in order, none of them from inside a returned message.

    `signs` are those that make it a report though it follows no standard, in words; empty when they do not suffice.
    """

    mail: ParsedMail
    root: Message
    all: tuple[Message, ...]
    status: tuple[Message, ...]
    returned: Returned
    signs: str

    @property
    def headers(self) -> Headers:
        return self.mail.headers


def report_parts(mail: ParsedMail, root: Message, parts: tuple[Message, ...], envelope_from: str | None) -> ReportParts:
    """Choose from the leaves of a mail; a message/* part counts as one leaf. mail: with its header and text read."""
    returned = returned_message(parts, mail.text)
    status = tuple(part for part in parts if leaves.content_type(part) in _STATUS_TYPES)
    path = null_return_path(mail.headers, envelope_from)
    known = envelope_from is not None
    signs = Signs(mail.headers, mail.sender, mail.to, mail.subject, path, known, returned)
    return ReportParts(mail, root, parts, status, returned, _BY_PART if status else why_a_report(signs))


def read_report(parts: ReportParts) -> DeliveryReport | None:
    """The report, or None when the mail is none. Original headers alone make no report."""
    nameless: tuple[ReportedRecipient, ...] = ()
    for reader, evidence in READERS:
        recipients = reader(parts)
        if any("@" in one.address for one in recipients):
            return DeliveryReport(
                recipients[:MOST_RECIPIENTS], parts.returned.headers, evidence or parts.signs or _BY_TYPE
            )
        # What a group calls a recipient can be a file, or nothing at all.
        nameless = nameless or recipients
    if not parts.signs:
        return None
    if not nameless and bounce_text.delayed(parts.mail.subject, parts.returned.words):
        nameless = (ReportedRecipient("", "delayed", ""),)
    return DeliveryReport(nameless, parts.returned.headers, parts.signs)


def status_groups(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """The recipient groups of delivery-status parts (RFC 3464, 2.3)."""
    return _recipients(group for part in parts.status for group in _groups(part_text(part)))


def groups_in_text(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """The same groups where the parts that hold them could not be told, in a mail that says it is a report."""
    said = "delivery-status" in parts.headers.first("Content-Type").lower()
    if not said and not parts.signs:
        return ()
    # Without that word a message within the mail is the returned one, and what it says is not meant.
    texts = [one for one in parts.all if one.get_content_maintype() not in _NO_TEXT and (said or not is_message(one))]
    return _recipients(group for part in texts for group in _groups(part_text(part)) if group.has("Final-Recipient"))


def failed_recipients(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """X-Failed-Recipients, by which Exim names them in a mail without a status part."""
    named = [one.strip() for value in parts.headers.all("X-Failed-Recipients") for one in value.split(",")]
    found = tuple((address, "failed") for address in named if "@" in address)
    return bounce_text.with_reasons(found, parts.returned)


def recipients_of_the_library(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """What flufl.bounce finds, which knows many servers by their words."""
    if not parts.signs:
        return ()
    own = {one.address for one in parts.mail.to}
    found = [one for one in bounce_library.failures(parts.root) if one[0].lower() not in own]
    return bounce_text.with_reasons(tuple(found), parts.returned)


def recipients_in_words(parts: ReportParts) -> tuple[ReportedRecipient, ...]:
    """Addresses by where they stand in the text; else the one that the returned message was for."""
    if not parts.signs:
        return ()
    sender = parts.mail.sender.address if isinstance(parts.mail.sender, Mailbox) else ""
    return bounce_text.recipients_in_words(parts.returned, parts.mail.subject, sender, parts.mail.to)


_BY_PART = "a delivery-status part"
_BY_TYPE = "multipart/report; report-type=delivery-status"

# A reader, and by what the mail is a report when it speaks; empty: by its signs.
READERS: tuple[tuple[Callable[[ReportParts], tuple[ReportedRecipient, ...]], str], ...] = (
    (status_groups, _BY_PART),
    (groups_in_text, ""),
    (failed_recipients, "X-Failed-Recipients"),
    (recipients_of_the_library, ""),
    (recipients_in_words, ""),
)


def _recipients(groups: Iterable[Headers]) -> tuple[ReportedRecipient, ...]:
    found = (_recipient(group) for group in groups)
    return tuple(islice((recipient for recipient in found if recipient is not None), MOST_RECIPIENTS))


def _groups(data: bytes) -> Iterator[Headers]:
    """The groups of fields that blank lines part; a space before the colon is taken, other lines continue a field."""
    for block in _BLANK_LINE.split(data.strip(b"\n")):
        fields: list[tuple[str, str]] = []
        for line in clean_text(block.decode("utf-8", "replace")).split("\n"):
            match = _FIELD.match(line)
            if match:
                fields.append((match.group(1), match.group(2).strip()))
            elif fields and line.strip():
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}"[:LONGEST_DIAGNOSTIC])
        yield Headers(tuple(fields))


def _recipient(group: Headers) -> ReportedRecipient | None:
    final, original = _typed(group.first("Final-Recipient")), _typed(group.first("Original-Recipient"))
    action, status = group.first("Action").split(), group.first("Status")
    if not (final or original or action):
        return None
    diagnostic = _typed(group.first("Diagnostic-Code"))[:LONGEST_DIAGNOSTIC]
    code = _code(status, diagnostic)
    said = action[0].lower().strip("();,") if action else ""
    return ReportedRecipient(
        address=(final if "@" in final else original if "@" in original else final or original)[:320],
        action=said or _ACTIONS.get(code[:1], ""),
        status=code,
        diagnostic=diagnostic,
    )


# Where a group does not say what happened (RFC 3464 demands it), the class of its status does.
_ACTIONS = {"2": "delivered", "4": "delayed", "5": "failed"}


def _code(status: str, diagnostic: str) -> str:
    """What the other server said, where it did: the status can be the reporting one's guess, such as 5.0.0."""
    found, said = _STATUS.search(status), _STATUS.search(diagnostic)
    code = found.group(1) if found else ""
    return said.group(1) if said and (not code or said.group(1)[0] == code[0]) else code


def _typed(value: str) -> str:
    """`rfc822; ana@example.org` without its type, and without angle brackets."""
    kind, semicolon, rest = value.partition(";")
    text = rest if semicolon and re.fullmatch(r"\s*[\w./-]+\s*", kind) else value
    return text.strip().strip("<>").strip()
