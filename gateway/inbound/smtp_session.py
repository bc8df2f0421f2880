"""One SMTP or LMTP session: aiosmtpd's dialogue with its gaps closed, and the limits of RULES 8 on time and volume."""

# aiosmtpd finds its commands by these names.
# ruff: noqa: N802

import asyncio
from collections import defaultdict
from functools import cache
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session, TLSSetupException, syntax

from gateway.inbound import smtp_replies as replies
from gateway.inbound.admission import peer_address
from gateway.inbound.received import protocol_word
from gateway.inbound.smtp_data import read_data
from gateway.inbound.smtp_door import SmtpDoor
from gateway.inbound.smtp_pace import Pace, Phase
from gateway.inbound.smtp_path import NULL_SENDER, path_and_parameters

log = structlog.get_logger(__name__)

_BUFFER = 1 << 16
_COMMAND_BYTES = 2048
# The session's age bounds real use. The others are for what no client does so often.
_MOST_CALLS = {"MAIL": 100_000, "RCPT": 1_000_000, "DATA": 100_000, "RSET": 100_000, "*": 100}
_LINGER_SECONDS = 5.0


class SmtpSession(SMTP):
    """The protocol object of one connection."""

    transport: asyncio.Transport | None
    session: Session
    envelope: Envelope
    _handler_coroutine: asyncio.Task[None]
    _timeout_handle: asyncio.TimerHandle

    line_length_limit = _BUFFER
    command_size_limit = _COMMAND_BYTES
    words = "ESMTP"

    def __init__(self, door: SmtpDoor) -> None:
        # aiosmtpd has one such table for all sessions, which each new session empties and each EHLO makes larger.
        self.command_size_limits: dict[str, int] = defaultdict(lambda: _COMMAND_BYTES)
        super().__init__(
            door,
            hostname=door.rules.hostname,
            ident=f"{self.words} ticket gateway",
            loop=door.loop,
            data_size_limit=door.rules.mail_bytes,
            enable_SMTPUTF8=True,
            tls_context=door.rules.tls,
            command_call_limit=_MOST_CALLS,
        )
        self.door = door
        self.peer = ""
        self._admitted = False
        now = door.loop.time()
        self._pace = Pace(
            door.rules.session_seconds, door.rules.idle_seconds, door.rules.bytes_per_second, opened=now, heard=now
        )
        self._errors = 0

    def __dir__(self) -> list[str]:
        """The commands only: aiosmtpd looks through these names twice for each session."""
        return _commands(type(self))  # type: ignore[arg-type]

    # The connection

    def connection_made(self, transport: Any) -> None:
        if self._original_transport is not None:  # STARTTLS: the same session, encrypted from here.
            super().connection_made(transport)
            return
        self.peer = peer_address(transport.get_extra_info("peername"))
        refused = replies.SHUTTING_DOWN if self.door.closing else self.door.admission.enter(self.peer)
        if refused:
            transport.write(f"{refused}\r\n".encode())
            transport.close()
            return
        self._admitted = True
        self.door.sessions.add(self)
        super().connection_made(transport)
        # When the client is gone in the middle of an answer this raises, and nobody else looks at it.
        self._handler_coroutine.add_done_callback(lambda task: task.cancelled() or task.exception())

    def connection_lost(self, error: Exception | None) -> None:
        # After a failed TLS handshake aiosmtpd calls this itself, and the transport calls it again.
        if not self._admitted:
            return
        self._admitted = False
        self.door.sessions.discard(self)
        self.door.admission.leave(self.peer)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._admitted:
            self._pace.received(len(data), self.loop.time())
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._admitted else None

    def wind_down(self) -> None:
        """Ends the session when nothing was begun; what was begun is finished first."""
        if self._pace.phase is Phase.COMMANDS:
            self.end(replies.SHUTTING_DOWN)

    def end(self, reply: str) -> None:
        """Says a last word and hangs up, without waiting for long for a client that does not read."""
        if self.transport is None or self.transport.is_closing():
            return
        self.transport.write(f"{reply}\r\n".encode())
        self.transport.close()
        self._handler_coroutine.cancel()
        self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(_LINGER_SECONDS, self.abort)

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    # Time: one timer a session, which looks at the clock when it fires, instead of one set for each command

    def _reset_timeout(self, duration: float | None = None) -> None:
        self._pace.command(self.loop.time())
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(self.door.rules.idle_seconds, self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time()
        due = self._pace.due(now)
        if self.transport is None or self.transport.is_closing():
            self.abort()
        elif now >= due:
            self.end("421 4.4.2 too slow or too long, closing")
        else:
            self._timeout_handle = self.loop.call_at(due, self._timeout_cb)

    # Replies

    async def push(self, status: str | bytes) -> None:
        reply = replies.with_enhanced_code(status if isinstance(status, str) else status.decode())
        await self._say(reply)
        if reply[:1] == "5" and self.door.rules.errors:
            self._errors += 1
            if self._errors >= self.door.rules.errors and not self.door.admission.trusts(self.peer):
                self.end("421 4.7.0 too many errors")

    async def _say(self, lines: str) -> None:
        """Writes a reply as it is; what a client made us repeat cannot fail to be written."""
        self._writer.write(f"{lines}\r\n".encode(errors="replace"))
        await self._writer.drain()

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never the sender's: 451, and its text stays in the log."""
        if not isinstance(error, TLSSetupException):
            log.error(
                "A session failed; its client was told to come again.", source=self.door.rules.source, exc_info=error
            )
        return replies.OUR_TROUBLE

    # Commands

    async def smtp_EHLO(self, hostname: str | None) -> None:
        if not hostname:
            await self.push("501 5.5.4 Syntax: EHLO hostname")
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session.extended_smtp = True
        self.session.host_name = hostname
        size = f"SIZE {self.door.rules.mail_bytes}"
        words = [self.hostname, "PIPELINING", size, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self.tls_context and not self._tls_protocol:
            words.insert(-1, "STARTTLS")
        await self._say("\r\n".join([*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}"]))

    async def smtp_HELO(self, hostname: str | None) -> None:
        if not hostname:
            await self.push("501 5.5.4 Syntax: HELO hostname")
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session.extended_smtp = False
        self.session.host_name = hostname
        await self._say(f"250 {self.hostname}")

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if self.session.ssl is not None:  # aiosmtpd would wrap the encrypted stream once more.
            await self.push("503 5.5.1 the session is encrypted already")
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str | None) -> None:
        await self.push("502 5.5.1 AUTH is not offered")

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push("252 2.0.0 send the mail and see")

    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        recipients = self.envelope.rcpt_tos
        if not recipients:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._pace.data(self.loop.time())
        try:
            reply = await self._taken()
        except Exception as fault:
            reply = await self.handle_exception(fault)
        self._pace.command(self.loop.time())
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(self.answers(reply, recipients))
        if self.door.closing:
            self.end(replies.SHUTTING_DOWN)

    def answers(self, reply: str, recipients: list[str]) -> str:
        return reply

    async def _taken(self) -> str:
        """Reads the mail and hands it on; the reply."""
        held, refused, most = 0, "", self.door.rules.mail_bytes

        def room(size: int) -> bool:
            nonlocal held, refused
            # Stuffed dots are not part of the mail; they make four octets of three at most.
            if held + size > most * 4 // 3 + 8:
                refused = replies.TOO_LARGE.format(most=most)
            elif not self.door.hold(size):
                refused = replies.NO_ROOM
            else:
                held += size
            return not refused

        try:
            raw = await read_data(self._reader, room=room)
            if raw is not None:
                refused = self.door.refusal(raw)
            if raw is None or refused:
                return refused
            self._pace.keeping()
            return await self.door.keep(
                raw,
                mail_from=self.envelope.mail_from or NULL_SENDER,
                recipients=self.envelope.rcpt_tos,
                peer=self.peer,
                helo=self.session.host_name or "",
                protocol=protocol_word(
                    self.words if self.session.extended_smtp else "SMTP",
                    utf8=self.envelope.smtp_utf8,
                    tls=self.session.ssl is not None,
                ),
            )
        finally:
            self.door.release(held)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        return path_and_parameters(arg)


@cache
def _commands(session: type[SmtpSession]) -> list[str]:
    return [name for name in dir(session) if name.startswith("smtp_")]
