"""What all sessions of one door share: its rules, who may enter, and how a whole mail is handed on and answered."""

# aiosmtpd finds its hooks by these names.
# ruff: noqa: N802

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ssl import SSLContext
from typing import TYPE_CHECKING, Any

import structlog

from gateway.inbound import smtp_replies as replies
from gateway.inbound.admission import Admission
from gateway.inbound.arrivals import Arrival, RecipientVerdict
from gateway.inbound.group import TooManyWaiting
from gateway.inbound.smtp_data import hops, line_longer_than
from gateway.inbound.smtp_path import NULL_SENDER

if TYPE_CHECKING:
    from gateway.inbound.smtp_session import SmtpSession

log = structlog.get_logger(__name__)

# A client waits 10 minutes for the answer to its mail (RFC 5321, 4.5.3.2.6). One that is kept only after we said 451
# comes again, and is a duplicate then.
_KEEP_SECONDS = 120.0
_DISK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRules:
    """The limits of a door; 0 for `line_bytes`, `hops`, `bytes_per_second` or `errors` means none."""

    source: str
    hostname: str
    mail_bytes: int
    held_bytes: int
    line_bytes: int
    hops: int
    recipients: int
    session_seconds: float
    idle_seconds: float
    bytes_per_second: int
    errors: int
    reserve_bytes: int
    tls: SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callables:
    """What the daemon gives to its doors."""

    accept: Callable[[Arrival], Awaitable[str]]
    recipient: Callable[[str], RecipientVerdict]
    stamp: Callable[[Arrival], bytes]
    strip_foreign: Callable[[bytes, str], bytes]
    free_bytes: Callable[[], int]


class SmtpDoor:
    """The handler in aiosmtpd's sense: it finds the `handle_` hooks by their names. A hook replaces the default."""

    def __init__(
        self, rules: DoorRules, *, admission: Admission, callables: Callables, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.rules = rules
        self.admission = admission
        self.loop = loop
        self.sessions: set[SmtpSession] = set()
        self.keeping: set[asyncio.Task[str]] = set()
        self.closing = False
        self._call = callables
        self._held = 0
        self._disk_until = 0.0
        self._disk_full = False

    def __dir__(self) -> list[str]:
        """aiosmtpd looks through all names of its handler and of itself for each session; these are all it can find."""
        return ["handle_MAIL", "handle_RCPT"]

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self._disk_nearly_full():
            return replies.DISK_NEARLY_FULL
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender noted"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        if len(envelope.rcpt_tos) >= self.rules.recipients:
            return replies.TOO_MANY_RECIPIENTS
        if address == NULL_SENDER:
            return replies.UNKNOWN_RECIPIENT
        match self._call.recipient(address):
            case RecipientVerdict.ACCEPT:
                envelope.rcpt_tos.append(address)
                return "250 2.1.5 recipient noted"
            case RecipientVerdict.UNKNOWN:
                return replies.UNKNOWN_RECIPIENT
            case RecipientVerdict.TEMPORARY:
                return replies.RECIPIENT_LATER

    def hold(self, size: int) -> bool:
        """Whether `size` more bytes of unfinished mails fit into memory, over all sessions; then they are counted."""
        if self._held + size > self.rules.held_bytes:
            return False
        self._held += size
        return True

    def release(self, size: int) -> None:
        self._held -= size

    def refusal(self, raw: bytes) -> str:
        """The reply that refuses a whole mail for what stands in it, or ''."""
        rules = self.rules
        if len(raw) > rules.mail_bytes:
            return replies.TOO_LARGE.format(most=rules.mail_bytes)
        if rules.line_bytes and line_longer_than(rules.line_bytes, raw):
            return replies.LINE_TOO_LONG.format(most=rules.line_bytes)
        if rules.hops and hops(raw) > rules.hops:
            return replies.LOOPING.format(most=rules.hops)
        return ""

    async def keep(
        self, raw: bytes, *, mail_from: str, recipients: list[str], peer: str, helo: str, protocol: str
    ) -> str:
        """Hands the mail on and waits until it is kept; the reply, which is a 250 only then.

        Whoever waits here may be cancelled, the mail is still kept: it runs as a task of the door.
        """
        if not self.admission.trusts(peer):
            raw = self._call.strip_foreign(raw, self.rules.hostname)
        arrival = Arrival(
            source=self.rules.source,
            raw=raw,
            envelope_from="" if mail_from == NULL_SENDER else mail_from,
            recipients=tuple(dict.fromkeys(recipients)),
            received_at=datetime.now(UTC),
            peer=peer,
            helo=helo,
            protocol=protocol,
        )
        arrival = replace(arrival, raw=self._call.stamp(arrival) + raw)
        task = self.loop.create_task(self._accepted(arrival))
        self.keeping.add(task)
        task.add_done_callback(self.keeping.discard)
        # Neither the time-out nor a cancellation of asyncio.wait reaches what it waits for.
        await asyncio.wait({task}, timeout=_KEEP_SECONDS)
        return task.result() if task.done() else replies.OUR_TROUBLE

    async def _accepted(self, arrival: Arrival) -> str:
        try:
            return f"250 2.0.0 kept as {await self._call.accept(arrival)}"
        except TooManyWaiting:
            return replies.TOO_MANY_WAITING
        except Exception:
            log.exception("A mail could not be kept; the sender was told to come again.", source=arrival.source)
            return replies.OUR_TROUBLE

    def _disk_nearly_full(self) -> bool:
        """Asked at each mail, looked up once a second. OSError when the folder cannot be looked at."""
        now = time.monotonic()
        if now >= self._disk_until:
            self._disk_full = self._call.free_bytes() < self.rules.reserve_bytes
            self._disk_until = now + _DISK_SECONDS
        return self._disk_full
