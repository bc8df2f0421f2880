"""Which recipients a report in free words is about, by where an address stands in it. Pure; linear."""

import re
from collections.abc import Callable, Iterator

from gateway.inbound.bounce_words import DELAYS
from gateway.inbound.mail import Headers, Mailbox, ReportedRecipient
from gateway.inbound.returned import Returned

MOST_LINES = 600
LONGEST_LINE = 1000
MOST_RECIPIENTS = 50
# The reason stands on the lines below the address.
REASON_LINES = 8

_AT = r"[^\s<>()\[\]:;,\"'@|*`]{1,64}@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}(?![a-z0-9@-])"
_ADDRESS = re.compile(_AT, re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:(?:final|original|failed|intended)?[- ]?recipients?(?: address)?|rcpt to|failed (?:to|address)|to|para|an|à"
    rf"|destinataire|destinatario|empf[aä]nger|宛先|收件人|送信先)\s{{0,5}}[:=：]\s{{0,9}}(?:rfc822\s{{0,3}};\s{{0,3}})?[\"<]{{0,2}}({_AT})",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"[\s>*•·-]{{0,12}}(?:\"[^\"]{{0,80}}\"\s{{0,3}})?(?:<?mailto:|smtp:)?[<(\[\"']{{0,2}}({_AT})", re.IGNORECASE
)
_AFTER_A_WORD = re.compile(
    rf"(?:to|for|recipient|user|address|mailbox|by|an|a|para|für|à)\s{{0,3}}:?\s{{0,3}}[<(\"']{{1,2}}({_AT})",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?=[\s\-,;)\]])")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_LOST = re.compile(
    r"[\s(\[:]5\d\d[\s-]|(?<![\d.])5\.\d{1,3}\.\d|permanent|giv(?:ing|en) up|unknown|fatal"
    r"|(?:has|have) failed",
    re.IGNORECASE,
)
# Lines that name who wrote, or whom to ask.
_OTHERS = re.compile(
    r"from\b|\bmail from|sender\b|reply-to|envelope-from|return-path|message-id|contact|assistance|help"
    r"|postmaster|questions?|\bde\s*:|von\s*:|差出人",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(r"(?:mailer-?daemon|post-?master|abuse|support|help|admin|hostmaster)@", re.IGNORECASE)


def recipients_in_words(
    returned: Returned, subject: str, sender: str, to: tuple[Mailbox, ...]
) -> tuple[ReportedRecipient, ...]:
    """The recipients that the words name; else the one whom the returned message was for; with what became of them."""
    lines = [line[:LONGEST_LINE] for line in returned.words.split("\n")[:MOST_LINES]]
    apart = {sender.lower(), *(one.address.lower() for one in to)} - {""}
    meant = _meant(returned.headers)
    action = "delayed" if delayed(subject, returned.words) else "failed"
    for way in WAYS:
        found: dict[str, int] = {}
        for index, address in way(lines):
            own = address in apart and address not in meant
            if address not in found and not own and not _of_others(lines[index], address, meant):
                found[address] = index
        known = {address: index for address, index in found.items() if address in meant}
        if found:
            chosen = list((known or found).items())[:MOST_RECIPIENTS]
            return tuple(_recipient(one, action, lines[at : at + REASON_LINES], lines) for one, at in chosen)
    return tuple(_recipient(address, action, [], lines) for address in meant[:1])


def addresses(text: str) -> tuple[str, ...]:
    """Every address in a text, in order, each once."""
    return tuple(dict.fromkeys(_clean(match.group()) for match in _ADDRESS.finditer(text)))


def with_reasons(found: tuple[tuple[str, str], ...], returned: Returned) -> tuple[ReportedRecipient, ...]:
    """Recipients that somebody else found in these words, each with the status and reason that stand by it."""
    lines = [line[:LONGEST_LINE] for line in returned.words.split("\n")[:MOST_LINES]]
    said = []
    for address, action in found[:MOST_RECIPIENTS]:
        index = next((i for i, line in enumerate(lines) if address.lower() in line.lower()), len(lines))
        said.append(_recipient(address, action, lines[index : index + REASON_LINES], lines))
    return tuple(said)


def _recipient(address: str, action: str, near: list[str], lines: list[str]) -> ReportedRecipient:
    """What stands by the address says why; else the first such thing in the words."""
    reason = _reason(near) or _reason(lines)
    status = _STATUS.search(reason)
    return ReportedRecipient(address, action, status.group(1) if status else "", reason)


def _reason(lines: list[str]) -> str:
    for wanted in (_STATUS, _REPLY):
        for line in lines:
            if wanted.search(line):
                return " ".join(line.split())[:300]
    return ""


def delayed(subject: str, words: str) -> bool:
    """Whether it is said that the mail is late, and nothing that it is lost."""
    opening = f"{subject[:300]}\n{words[:1500]}"
    return bool(DELAYS.search(opening)) and not _LOST.search(opening)


def _meant(headers: Headers) -> tuple[str, ...]:
    """Whom the returned message was for."""
    for names in (("X-Envelope-To", "X-Rcpt-To", "Envelope-To"), ("To",), ("Delivered-To", "X-Original-To")):
        found = addresses(" ".join(value for name in names for value in headers.all(name))[:4000])
        if found:
            return found
    return ()


def _after_a_name(lines: list[str]) -> Iterator[tuple[int, str]]:
    """`Recipient: <ana@x.org>`, `RCPT TO:<ana@x.org>`."""
    for index, line in enumerate(lines):
        for match in _NAMED.finditer(line):
            yield index, _clean(match.group(1))


def _first_on_its_line(lines: list[str]) -> Iterator[tuple[int, str]]:
    """`<ana@x.org>:`, `ana@x.org` alone, or before the reason."""
    for index, line in enumerate(lines):
        match = _FIRST.match(line)
        if match:
            yield index, _clean(match.group(1))


def _after_a_word(lines: list[str]) -> Iterator[tuple[int, str]]:
    """`delivering your mail to <ana@x.org>`."""
    for index, line in enumerate(lines):
        for match in _AFTER_A_WORD.finditer(line):
            yield index, _clean(match.group(1))


def _with_replies(lines: list[str]) -> Iterator[tuple[int, str]]:
    for index, line in enumerate(lines):
        if _STATUS.search(line) or _REPLY.search(line):
            for address in addresses(line)[:1]:
                yield index, address


def _anywhere(lines: list[str]) -> Iterator[tuple[int, str]]:
    for index, line in enumerate(lines):
        for address in addresses(line)[:1]:
            yield index, address


WAYS: tuple[Callable[[list[str]], Iterator[tuple[int, str]]], ...] = (
    _after_a_name,
    _first_on_its_line,
    _after_a_word,
    _with_replies,
    _anywhere,
)


def _of_others(line: str, address: str, meant: tuple[str, ...]) -> bool:
    """Whether the line names the author of the message, or whom to ask about it."""
    if address in meant:
        return False
    return bool(_POSTMASTER.match(address) or _OTHERS.search(line.lower().partition(address)[0][-60:]))


def _clean(address: str) -> str:
    return address.lower().rstrip(".-")
