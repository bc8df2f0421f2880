"""The SMTP and LMTP doors: opened from the settings, and closed after what was begun is finished."""

import asyncio
import logging
import shutil
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import structlog

from gateway.errors import SettingsError
from gateway.inbound.admission import Admission, networks
from gateway.inbound.arrivals import Arrival, RecipientVerdict
from gateway.inbound.listen import Address, listen_address, open_socket, remove_socket
from gateway.inbound.lmtp_session import LmtpSession
from gateway.inbound.received import received_line
from gateway.inbound.smtp_door import Callables, DoorRules, SmtpDoor
from gateway.inbound.smtp_session import SmtpSession
from gateway.settings import Settings

log = structlog.get_logger(__name__)

_MIB = 1 << 20
_LINE_BYTES = 65536
_BACKLOG = 512
_ERRORS = 50
# LMTP takes a mail over the limit, so that it is parked and not bounced to a forged sender; but not any mail.
_LMTP_MOST = 4


class Doors:
    """The open doors. `smtp` and `lmtp` are the addresses really bound, None for a closed door."""

    def __init__(self) -> None:
        self.smtp: Address | None = None
        self.lmtp: Address | None = None
        self._doors: list[SmtpDoor] = []
        self._servers: list[asyncio.Server] = []
        self._inode = 0

    async def close(self, grace: float) -> None:
        """Lets nobody in, lets mails that are under way be kept and answered for `grace` seconds, then hangs up."""
        for server in self._servers:
            server.close()
        for door in self._doors:
            door.closing = True
            for session in tuple(door.sessions):
                session.wind_down()
        await self._until_quiet(grace)
        for door in self._doors:
            if door.sessions or door.keeping:
                log.warning(
                    "The door closed on what was not finished in time; its senders will come again.",
                    source=door.rules.source,
                    sessions=len(door.sessions),
                    mails=len(door.keeping),
                )
            for session in tuple(door.sessions):
                session.abort()
        await self._until_quiet(1.0, sessions_only=True)
        for server in self._servers:
            await server.wait_closed()
        if isinstance(self.lmtp, Path):
            remove_socket(self.lmtp, inode=self._inode)

    async def _until_quiet(self, seconds: float, *, sessions_only: bool = False) -> None:
        until = time.monotonic() + seconds
        while any(door.sessions or (door.keeping and not sessions_only) for door in self._doors):
            if time.monotonic() >= until:
                return
            await asyncio.sleep(0.01)

    async def _open(self, door: SmtpDoor, session: type[SmtpSession], *, listen: str, key: str) -> Address:
        address = listen_address(listen, key=key)
        bound = open_socket(address, key=key)
        self._doors.append(door)
        if isinstance(address, Path):
            self._inode = address.lstat().st_ino
            server = await door.loop.create_unix_server(lambda: session(door), sock=bound, backlog=_BACKLOG)
        else:
            server = await door.loop.create_server(lambda: session(door), sock=bound, backlog=_BACKLOG)
            host, port = bound.getsockname()[:2]
            address = (host, port)
        self._servers.append(server)
        return address


async def open_doors(
    settings: Settings,
    *,
    accept: Callable[[Arrival], Awaitable[str]],
    recipient: Callable[[str], RecipientVerdict],
    stamp: Callable[[Arrival], bytes] | None = None,
    strip_foreign: Callable[[bytes, str], bytes] = lambda raw, _hostname: raw,
    free_bytes: Callable[[], int] | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> Doors:
    """Opens the doors that the settings name. SettingsError says which setting cannot be used.

    `accept` returns the mail's id after it is committed, and is the only thing that makes a 250. What it raises is a
    451. `recipient` is asked at each RCPT; what it raises is a 451 too. `stamp` gives the Received line to put on top,
    `strip_foreign` removes what only our own servers may say from the mail of a peer that is no trusted relay.
    """
    # aiosmtpd writes every line of DATA there at DEBUG, and every command at INFO.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    hostname, data = settings.server.hostname, settings.server.data
    callables = Callables(
        accept=accept,
        recipient=recipient,
        stamp=stamp or (lambda arrival: received_line(arrival, hostname=hostname)),
        strip_foreign=strip_foreign,
        free_bytes=free_bytes or (lambda: shutil.disk_usage(data).free),
    )
    loop = loop or asyncio.get_running_loop()
    doors = Doors()
    try:
        if settings.smtp.listen:
            smtp = SmtpDoor(_smtp_rules(settings), admission=_admission(settings), callables=callables, loop=loop)
            doors.smtp = await doors._open(smtp, SmtpSession, listen=settings.smtp.listen, key="[smtp] listen")
        if settings.lmtp.listen:
            everybody = Admission(sessions=settings.smtp.sessions, per_address=0, trusted=None)
            lmtp = SmtpDoor(_lmtp_rules(settings), admission=everybody, callables=callables, loop=loop)
            doors.lmtp = await doors._open(lmtp, LmtpSession, listen=settings.lmtp.listen, key="[lmtp] listen")
    except BaseException:
        await doors.close(0)
        raise
    return doors


def _smtp_rules(settings: Settings) -> DoorRules:
    mail_bytes = int(settings.limits.mail_mib * _MIB)
    return DoorRules(
        source="smtp",
        hostname=settings.server.hostname,
        mail_bytes=mail_bytes,
        held_bytes=max(256 * _MIB, 8 * mail_bytes),
        line_bytes=_LINE_BYTES,
        hops=settings.limits.hops,
        recipients=settings.smtp.recipients,
        session_seconds=settings.smtp.session_seconds,
        idle_seconds=settings.smtp.idle_seconds,
        bytes_per_second=settings.smtp.bytes_per_second,
        errors=_ERRORS,
        reserve_bytes=max(settings.smtp.reserve_mib * _MIB, mail_bytes * 3 // 2),
        tls=_tls(settings),
    )


def _lmtp_rules(settings: Settings) -> DoorRules:
    """What a server in front hands on is taken, because its refusal would be a bounce: long lines and loops too."""
    return replace(
        _smtp_rules(settings),
        source="lmtp",
        mail_bytes=int(settings.limits.mail_mib * _MIB) * _LMTP_MOST,
        line_bytes=0,
        hops=0,
        errors=0,
        tls=None,
    )


def _admission(settings: Settings) -> Admission:
    try:
        trusted = networks(settings.smtp.trusted_relays)
    except ValueError as fault:
        raise SettingsError(f"[smtp] trusted_relays: {fault}; write networks such as 192.0.2.0/24.") from fault
    return Admission(sessions=settings.smtp.sessions, per_address=settings.smtp.sessions_per_address, trusted=trusted)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    certificate, key = settings.smtp.tls_certificate, settings.smtp.tls_key
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as fault:  # ssl.SSLError is one.
        raise SettingsError(f"[smtp] tls_certificate: {certificate} cannot be used: {fault}.") from fault
    return context
