"""A smarthost as the way out: SMTP over one kept connection, encrypted and verified unless set otherwise."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

from gateway.errors import SettingsError
from gateway.outbound.fields import checked_address
from gateway.outbound.outcomes import Accepted, Outcome, PermanentFailure, TemporaryFailure
from gateway.settings import Delivery

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)")
_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_TOO_BIG = "5.3.4"
# Commands that the server does not know or does not want now, and missing or wrong AUTH (RFC 5321, RFC 4954): these
# say something about the two servers, nothing about the letter.
_BETWEEN_SERVERS = frozenset({500, 502, 503, 504, 530, 534, 535, 538})
_NO_SMTPUTF8 = "5.6.7"


@dataclass(frozen=True, slots=True)
class _Unsent:
    """The connection ended before the data was asked for: the letter has certainly not been taken."""

    reason: str


class SmarthostTransport:
    """Keeps its connection between letters, and connects again once when a kept one turns out to be dead.

    What goes wrong before a recipient is named is the fault of neither letter nor recipient, so it is temporary even
    where the server says 5xx: a wrong password must not make every letter fail for good.
    """

    def __init__(self, settings: Delivery, *, hostname: str) -> None:
        self._tls: Literal["starttls", "tls", "none"] = settings.tls
        self._host, self._port = host_and_port(settings.smarthost, default=_DEFAULT_PORTS[settings.tls])
        self._hostname = hostname
        self._seconds = settings.seconds
        self._username = settings.username
        self._password = _password(settings)
        self._context = _verifying_context(settings)
        self._connection: smtplib.SMTP | None = None

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        """See `Transport`. Once the last byte has left, a lost answer is a temporary failure, never a second try."""
        try:
            for address in filter(None, (envelope_from, to or "-")):
                checked_address(address)
        except ValueError as error:
            return PermanentFailure(str(error), "5.1.3")
        kept = self._connection is not None
        outcome = self._attempt(envelope_from, to, data)
        if isinstance(outcome, _Unsent) and kept:
            outcome = self._attempt(envelope_from, to, data)
        return TemporaryFailure(outcome.reason) if isinstance(outcome, _Unsent) else outcome

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def greet(self) -> Outcome:
        """See `Transport`: connected, encrypted and authenticated as for a letter."""
        try:
            self._connection = self._connection or self._connect()
            code, said = self._connection.noop()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return TemporaryFailure(f"cannot be reached: {_told(error)}")
        return Accepted(_answer(code, said)) if code == 250 else TemporaryFailure(_answer(code, said))

    def _attempt(self, envelope_from: str, to: str, data: bytes) -> Outcome | _Unsent:
        try:
            connection = self._connection or self._connect()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return TemporaryFailure(f"cannot send through {self._host}:{self._port}: {_told(error)}")
        self._connection = connection
        try:
            refusal = self._envelope(connection, envelope_from, to, data)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return _Unsent(f"connection to {self._host} lost: {_told(error)}")
        if refusal is not None:
            if isinstance(refusal, _Unsent):
                self._drop()
            else:
                self._reset()
            return refusal
        return self._data(connection, data)

    def _envelope(
        self, connection: smtplib.SMTP, envelope_from: str, to: str, data: bytes
    ) -> TemporaryFailure | PermanentFailure | _Unsent | None:
        """MAIL, RCPT and DATA; None when the server waits for the mail."""
        options = []
        if not (envelope_from + to).isascii() or not data.isascii():
            if not (connection.has_extn("smtputf8") and connection.has_extn("8bitmime")):
                return PermanentFailure("the smarthost takes no addresses beyond ASCII (SMTPUTF8)", _NO_SMTPUTF8)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        if connection.has_extn("size"):
            options.append(f"size={len(data)}")
        code, said = connection.mail(envelope_from, options)
        if code not in (250, 421, 552):
            # It is we whom the server does not want, or a return path that it does not like: too big (552) alone is
            # the letter's own fault.
            return TemporaryFailure(_answer(code, said))
        if code == 250:
            code, said = connection.rcpt(to)
            if code in (250, 251):
                code, said = connection.docmd("DATA")
                if code == 354:
                    return None
        return _Unsent(_answer(code, said)) if code == 421 else _failure(code, said)

    def _data(self, connection: smtplib.SMTP, data: bytes) -> Outcome:
        try:
            connection.send(_as_sent(data))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return TemporaryFailure(f"connection to {self._host} lost within the mail: {_told(error)}")
        try:
            code, said = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return TemporaryFailure(f"answer lost: {_told(error)}")
        if 200 <= code < 300:
            return Accepted(_answer(code, said))
        if code == 421:
            self._drop()
        return _failure(code, said)

    def _connect(self) -> smtplib.SMTP:
        where, name, seconds = (self._host, self._port), self._hostname, self._seconds
        connection: smtplib.SMTP
        if self._tls == "tls":
            connection = smtplib.SMTP_SSL(*where, local_hostname=name, timeout=seconds, context=self._context)
        else:
            connection = smtplib.SMTP(*where, local_hostname=name, timeout=seconds)
        try:
            connection.ehlo_or_helo_if_needed()
            if self._tls == "starttls":
                connection.starttls(context=self._context)
                connection.ehlo_or_helo_if_needed()
            if self._username:
                connection.login(self._username, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self) -> None:
        """Make the connection fit for the next letter, or give it up."""
        if self._connection is None:
            return
        try:
            code, _ = self._connection.rset()
        except (OSError, smtplib.SMTPException):
            code = 0
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def host_and_port(smarthost: str, *, default: int) -> tuple[str, int]:
    """`host`, `host:port`, `[::1]:port`. Raises SettingsError for anything else."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]]+))(?::(\d{1,5}))?", smarthost.strip())
    port = int(found[3] or default) if found else 0
    if found is None or not 0 < port < 65536:
        raise SettingsError(f"[delivery] smarthost = {smarthost!r}: write host:port, such as mail.example.org:587")
    return found[1] or found[2], port


def _as_sent(data: bytes) -> bytes:
    """The mail with its dots doubled and the last dot (RFC 5321, 4.5.2), every line end CRLF."""
    if not data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n"):
        # A lone CR or LF could be read as the end of the mail by one server and as text by the next.
        data = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    ended = data if data.endswith(b"\r\n") else data + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _failure(code: int, said: bytes) -> TemporaryFailure | PermanentFailure:
    """What a refusal means (RFC 5321, 4.2.1; RFC 3463). Codes that contradict each other are a doubt."""
    answer = _answer(code, said)
    found = _ENHANCED.match(said.decode("utf-8", "replace"))
    status = found[1] if found else ""
    if 500 <= code < 600 and code not in _BETWEEN_SERVERS and status[:1] in ("", "5"):
        return PermanentFailure(answer, status or (_TOO_BIG if code == 552 else ""))
    return TemporaryFailure(answer)


def _answer(code: int, said: bytes) -> str:
    words = " ".join(said.decode("utf-8", "replace").split())
    return f"{code} {words}"[:500].strip()


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _answer(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def _password(settings: Delivery) -> str:
    if settings.password_file is None:
        return settings.password.get_secret_value()
    try:
        return settings.password_file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"[delivery] password_file: cannot read {settings.password_file}: {error}") from error


def _verifying_context(settings: Delivery) -> ssl.SSLContext | None:
    if settings.tls == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.tls_ca)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"[delivery] tls_ca: cannot use {settings.tls_ca}: {error}") from error
