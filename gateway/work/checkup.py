"""Whether everything that the settings name can be used: for an operator, before and after a change."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from gateway.desk.areas import Area
from gateway.errors import GatewayError
from gateway.outbound.outcomes import Accepted
from gateway.outbound.template_check import problems
from gateway.outbound.transport import Transport, open_transport
from gateway.settings import Settings
from gateway.settings_check_identity import sources
from gateway.store import mails
from gateway.threading import match
from gateway.threading.tokens import Purpose
from gateway.work import mailboxes_shown
from gateway.work.breaker import waiting
from gateway.work.checkup_assignment import about_assignment
from gateway.work.office import Office, open_office

PROBE_SECONDS = 60.0
# Of tickets and people, as far as anybody counts.
LARGEST_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the installation; a hint is worth reading, what is wrong keeps it from working."""

    kind: Literal["good", "hint", "wrong"]
    sentence: str


def look(settings: Settings, *, probe: bool = False) -> Iterator[Finding]:
    """Try the database, the blobs, the letters, the smarthost, and say who can be believed."""
    try:
        office = open_office(settings)
    except Exception as error:
        yield Finding("wrong", f"the database cannot be used: {error}".splitlines()[0])
        return
    with closing(office):
        yield Finding("good", f"database: {office.database.url.render_as_string()}")
        yield _blobs(office)
        yield from _letters(office)
        yield from _areas(office)
        yield from (Finding(*found) for found in about_assignment(office))
        yield from _identity(settings)
        yield _commands(settings)
        yield from (Finding(*tried) for tried in mailboxes_shown.tried(settings, now=datetime.now(UTC)))
        yield from _way_out(office)
        yield from _breaker(office)
        if probe:
            yield from _probe_round(office)


def _blobs(office: Office) -> Finding:
    try:
        digest = office.blobs.put(b"gateway check\n")
        office.blobs.remove(digest)
    except OSError as error:
        return Finding("wrong", f"blobs: {office.blobs.folder} cannot be written: {error.strerror}")
    return Finding("good", f"blobs: {office.blobs.folder}")


def _letters(office: Office) -> Iterator[Finding]:
    composer = office.rules.composer
    faults = list(problems(composer))
    yield from (Finding("wrong", f"letters: {fault}") for fault in faults)
    if not faults:
        own = office.settings.letters.folder
        where = f", those of {own} before ours" if own else ""
        yield Finding("good", f"letters in {', '.join(composer.languages())}{where}")


def _areas(office: Office) -> Iterator[Finding]:
    for area in office.rules.desk.areas.values():
        yield Finding("good", f"area {area.name}: {', '.join(area.addresses)}, workflow {area.workflow.name}")
        if area.reply == "plus" and (over := _over_64(office, area)):
            yield Finding(
                "wrong",
                f"area {area.name}: its reply addresses have {over} octets before the @, and mail servers take 64: "
                'a shorter address, or reply = "domain"',
            )
        if area.reply == "plain":
            yield Finding(
                "hint",
                f"area {area.name} answers from its plain address, and finds tickets by Message-ID and subject only; "
                f"when `gateway check --probe` finds that {match.reply_address(area.address, '…')} arrives, "
                'set reply = "plus"',
            )


def _over_64(office: Office, area: Area) -> int:
    """The octets of the longest local part of a reply address, when they are more than RFC 5321, 4.5.3.1.1 allows."""
    token = office.rules.tokens.make(Purpose.REPLY, LARGEST_NUMBER, LARGEST_NUMBER)
    octets = len(match.reply_address(area.address, token).rpartition("@")[0].encode())
    return octets if octets > 64 else 0


def _identity(settings: Settings) -> Iterator[Finding]:
    if names := sources(settings):
        yield Finding("good", f"senders are believed on the word of {', '.join(names)}")
    else:
        yield Finding(
            "hint",
            "nobody's identity can be proven, and every sender counts as S0: let the server in front check DKIM and "
            "DMARC, and name it in [authentication] trusted and profile",
        )


def _commands(settings: Settings) -> Finding:
    """Whether people of the desk can give commands in their answers, and if not, what lets them (docs/agents.md)."""
    if not settings.commands.on:
        return Finding("hint", "commands by mail are off: [commands] on is false; answers by mail go on as always")
    if sources(settings):
        return Finding("good", "commands by mail are on, in mail with a DKIM signature of its sender or sent by login")
    return Finding(
        "hint",
        "commands by mail are off, because nobody can be proven; to switch them on, name the server in front in "
        "[authentication] trusted and profile, or, where mail comes here straight from outside, set own_check = true",
    )


def _way_out(office: Office) -> Iterator[Finding]:
    settings = office.settings.delivery
    if settings.hold:
        yield Finding("hint", "all outgoing mail is held: [delivery] hold is true")
    where = f"smarthost {settings.smarthost}" if settings.smarthost else f"letters' folder {settings.folder}"
    try:
        with closing(_transport(office)) as transport:
            reached = transport.greet()
    except GatewayError as error:
        yield Finding("wrong", f"{where}: {error}")
        return
    yield Finding("good" if isinstance(reached, Accepted) else "wrong", f"{where}: {reached.response}")
    if not settings.smarthost:
        yield Finding("hint", "letters stay in that folder until [delivery] smarthost is set")


def _breaker(office: Office) -> Iterator[Finding]:
    for one in waiting(office):
        whose = f" of {one.domain}" if one.domain else ""
        yield Finding(
            "hint",
            f"the breaker is on since {one.breaker.tripped_at:%Y-%m-%d %H:%M} UTC: {one.letters} letters to new senders"
            f"{whose} wait ({one.breaker.why}); `gateway breaker release` sends them, with --drop it does not",
        )


def _probe_round(office: Office) -> Iterator[Finding]:
    """A mail to each reply address through the smarthost; the running daemon has to receive it."""
    if not office.settings.delivery.smarthost:
        yield Finding("hint", "no probe without a smarthost")
        return
    with closing(_transport(office)) as transport:
        for area in office.rules.desk.areas.values():
            yield _probe(office, transport, area)


def _probe(office: Office, transport: Transport, area: Area) -> Finding:
    tokens, now = office.rules.tokens, datetime.now(UTC)
    token = tokens.make(Purpose.REPLY, 0, 0)
    to = (
        f"{token}@{office.rules.desk.reply_domain}"
        if area.reply == "domain"
        else match.reply_address(area.address, token)
    )
    key = f"probe{int(now.timestamp() * 1000)}"
    message_id = match.message_id(key, tokens.make(Purpose.MESSAGE_ID, 0, 0), office.settings.server.hostname)
    lines = (
        f"From: {area.address}",
        f"To: {to}",
        "Subject: gateway check",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        "",
        "A probe of `gateway check`: it opens no ticket.",
        "",
    )
    outcome = transport.send("", to, "\r\n".join(lines).encode("utf-8"))
    if not isinstance(outcome, Accepted):
        return Finding("wrong", f"area {area.name}: the probe from <> was not taken: {outcome.response}")
    if not _arrives(office, message_id):
        return Finding("wrong", f"area {area.name}: a mail to {to} did not come back within {PROBE_SECONDS:g} s")
    better = ': set reply = "plus"' if area.reply == "plain" else ""
    return Finding("good", f"area {area.name}: mail to a reply address arrives, from the null sender too{better}")


def _arrives(office: Office, message_id: str) -> bool:
    until = time.monotonic() + PROBE_SECONDS
    while time.monotonic() < until:
        with office.database.read() as connection:
            if mails.arrived(connection, message_id):
                return True
        time.sleep(0.5)
    return False


def _transport(office: Office) -> Transport:
    return open_transport(office.settings.delivery, hostname=office.settings.server.hostname)
