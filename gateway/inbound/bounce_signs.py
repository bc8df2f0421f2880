"""Whether a mail that follows no standard is a delivery report: structure first, words last. Pure; linear.

One sign alone never decides. What people write about mail that did not arrive is not to be taken for it: it would be
written down and read by nobody.
"""

import re
from dataclasses import dataclass

from gateway.inbound.absences import absence_subject
from gateway.inbound.bounce_words import says_not_delivered, subject_of_report
from gateway.inbound.mail import Headers, Mailbox, Unidentified
from gateway.inbound.returned import Returned

MOST_WORDS = 8000

_DAEMON = re.compile(
    r"(?:^|[\s\"<])(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|double-bounce"
    r"|mail[-_. ]deliver\w*[-_. ](?:sub)?system|mail[-_. ]delivery[-_. ]service"
    r"|bounce-?(?:back|daemon|handler)|ndr)(?:$|[@\s\">])",
    re.IGNORECASE,
)
# A mail system's own names; those of the second kind stand for other machines and for people too.
_OFFICE = re.compile(
    r"(?:^|[\s\"<])(?:post[-_.]?master|system[-_. ]administrator|mail[-_.]?(?:system|service|server|gateway)|smtp\w*"
    r"|microsoft exchange|\S{0,40}(?:gateway|daemon|_service)s?)(?:$|[@\s\">\\])",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:^|[\s\"<])(?:no[-_.]?reply|(?:mail[-_.]?|sys)?admin(?:istrator)?|root|uucp)(?:$|[@\s\">\\])", re.IGNORECASE
)
_ANSWER = re.compile(
    r"\s*(?:re|r|fwd?|fw|aw|wg|sv|vs|antw|tr|rv|rif|i|enc|res|回复|答复|转发|返信)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
# An enhanced status, or a reply of SMTP where one stands: at the start, after a bracket, a colon, or "said".
_SMTP_REPLY = re.compile(
    r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])"
    r"|(?:^|[\[(:<>#\"'=]|said|error|code|response|status)\s{0,3}[45][0-5]\d(?=[\s\-,;)\]\"':])",
    re.IGNORECASE | re.MULTILINE,
)
_DIALOGUE = re.compile(
    r"^[\s>]{0,9}(?:(?:sent|out|in)\s{0,3}:?\s{0,3})?[<>]{0,3}\s{0,3}rcpt to\s?:", re.IGNORECASE | re.MULTILINE
)
# Fields that only servers put on a report.
_REPORT_FIELDS = ("X-MS-Exchange-Message-Is-Ndr", "X-Postfix-Queue-ID", "X-Nonspam-Bounce")


_SUBJECT, _REPLY, _RETURNED = "its subject", "a reply of SMTP", "a returned message"
_TRANSCRIPT, _FIELDS = "a dialogue of SMTP", "its fields"
_FORMS_OF_SERVERS = frozenset({_RETURNED, _TRANSCRIPT, _FIELDS})
_BY_FORM = _FORMS_OF_SERVERS | {_REPLY}


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a mail that may be a delivery report.

    null_return_path: of its envelope, or where nobody said that (envelope_known is False) as a field says.
    """

    headers: Headers
    sender: Mailbox | Unidentified
    recipients: tuple[Mailbox, ...]
    subject: str
    null_return_path: bool
    envelope_known: bool
    returned: Returned

    @property
    def words(self) -> str:
        return self.returned.words[:MOST_WORDS]


def why_a_report(signs: Signs) -> str:
    """The signs that make a mail a delivery report, in words; empty when they do not suffice.

    Words alone, in the subject and in the text, are only enough from where nobody writes by hand: shops and carriers
    send notices that something could not be delivered too.
    """
    if not _can_be(signs):
        return ""
    said = _said(signs)
    by_form = bool(set(said) & _BY_FORM)
    daemon, office, nobody = _daemon(signs), _office(signs), _by_nobody(signs)
    if _answer(signs.subject) or (_in_a_conversation(signs.headers) and not (daemon or nobody)):
        # What looks like a person's answer is one, unless nearly all signs are there.
        return _list("an answer by a mail system", said) if (office or nobody) and len(said) >= 3 and by_form else ""
    if daemon and (nobody or len(said) >= (1 if _daemon_address(signs) else 2)):
        return _list("a daemon's mail", said)
    if office and said and (nobody or (len(said) >= 2 and not signs.envelope_known)):
        return _list("a mail system's", said)
    back = _back_to_its_author(signs)
    if nobody and ((len(said) >= 2 and by_form) or (back and said)):
        return _list("a null return path", said)
    if (office or _MACHINE.search(_from(signs))) and _SUBJECT in said and set(said) & _FORMS_OF_SERVERS:
        return _list("a machine's mail", said)
    if back and signs.returned.as_part and len(said) >= 2:
        return _list("a message given back to its author", said)
    return ""


def null_return_path(headers: Headers, envelope_from: str | None) -> bool:
    """Whether a mail has the null return path (RFC 5321, 4.5.5): by its envelope, else by a field that says so."""
    if envelope_from is not None:
        return envelope_from.strip() in ("", "<>")
    return any(re.sub(r"\([^()]*\)", "", one).strip() == "<>" for one in headers.all("Return-Path")[:20])


def _can_be(signs: Signs) -> bool:
    """Not what says itself that it is something else: an absence, a read receipt, a complaint, a list's own mail."""
    type_ = signs.headers.first("Content-Type").lower()
    if "report-type" in type_ and "delivery-status" not in type_:
        return False
    return not absence_subject(signs.subject)


def _said(signs: Signs) -> list[str]:
    found = (
        (_SUBJECT, subject_of_report(signs.subject)),
        (_REPLY, bool(_SMTP_REPLY.search(signs.words))),
        ("its text", says_not_delivered(signs.words)),
        (_RETURNED, signs.returned.found),
        (_TRANSCRIPT, bool(_DIALOGUE.search(signs.words))),
        (_FIELDS, any(signs.headers.has(name) for name in _REPORT_FIELDS)),
    )
    return [name for name, there in found if there]


def _by_nobody(signs: Signs) -> bool:
    """Whether an answer would reach nobody: the null return path, or one of a daemon, or a From without an address."""
    paths = [path for path in signs.headers.all("Return-Path")[:5] if _DAEMON.search(path)]
    return signs.null_return_path or bool(paths) or "<>" in _from(signs)


def _daemon(signs: Signs) -> bool:
    return bool(_DAEMON.search(_from(signs)))


def _daemon_address(signs: Signs) -> bool:
    return isinstance(signs.sender, Mailbox) and bool(_DAEMON.search(signs.sender.address))


def _office(signs: Signs) -> bool:
    return bool(_OFFICE.search(_from(signs)))


def _from(signs: Signs) -> str:
    """All that From says; of several, and of what is no address, as it stands."""
    return " ".join(signs.headers.all("From"))[:400]


def _answer(subject: str) -> bool:
    return bool(_ANSWER.match(subject))


def _in_a_conversation(headers: Headers) -> bool:
    return headers.has("In-Reply-To") or headers.has("References")


def _back_to_its_author(signs: Signs) -> bool:
    """Whether the message that is returned was written by whom the report goes to."""
    author = signs.returned.headers.first("Return-Path") + signs.returned.headers.first("From")
    return any(one.address and _plain(one.address) in _plain(author) for one in signs.recipients)


def _plain(text: str) -> str:
    return re.sub(r"\+[^@\s<>]{0,64}@", "@", text.lower())


def _list(first: str, said: list[str]) -> str:
    return ", ".join([first, *said])
