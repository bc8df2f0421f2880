"""One connection to a mailbox's server: verified, signed in, and never waited for without end."""

import contextlib
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from gateway.inbound import imap_trouble as trouble
from gateway.inbound.imap_trouble import Kind, Trouble
from gateway.settings import Mailbox

CONNECT_SECONDS = 10.0
# The longest silence within an answer. With an IDLE before it, a dead line is noticed well within a minute.
ANSWER_SECONDS = 15.0
# The longest answer in all, however slowly it drips.
COMMAND_SECONDS = 60.0
IDLE_SECONDS = 60.0
# How soon a stop is noticed while nothing happens.
SLICE_SECONDS = 1.0
# An empty answer that comes so early was none: the connection has ended.
_TOO_QUICK = 0.5

# It prints what servers and mails say, below WARNING; and about closed connections at INFO.
logging.getLogger("imapclient").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it was opened: how its server numbers it, the next number (0 when it does not say), and how many."""

    uidvalidity: int
    uidnext: int
    exists: int


class Session:
    """A signed-in connection. Every call can raise Trouble, and after that the session is of no use but to `close`."""

    def __init__(self, client: IMAPClient) -> None:
        self.client = client
        self._cut = False

    def open_folder(self, folder: str, *, read_only: bool) -> Opened:
        """Select it (again): what others did since, and under which numbers, is known after that."""
        try:
            with self.within(COMMAND_SECONDS):
                said = self.client.select_folder(folder, readonly=read_only)
        except (IMAPClientError, OSError) as error:
            raise trouble.of_folder(error, folder) from error
        uidvalidity = said.get(b"UIDVALIDITY")
        if not uidvalidity:
            raise Trouble(Kind.SETTING, f"the server gives no UIDVALIDITY for {folder}: it cannot be read safely")
        return Opened(int(uidvalidity), int(said.get(b"UIDNEXT", 0)), int(said.get(b"EXISTS", 0)))

    def wait(self, seconds: float, *, until: Callable[[], bool]) -> None:
        """Until the server says that something happened, or so long; `until` is asked every second.

        IDLE (RFC 2177) is ended here in any case. What arrived is not asked for: an EXISTS can be missed, so the
        caller searches always.
        """
        if not self.client.has_capability("IDLE"):
            end = time.monotonic() + seconds
            while time.monotonic() < end and not until():
                time.sleep(min(SLICE_SECONDS, max(0.0, end - time.monotonic())))
            return
        with self.doing(ANSWER_SECONDS):
            # What happened since the folder was opened; only what falls between the two commands waits for the poll.
            _, said = self.client.noop()
        if _news(said):
            return
        try:
            with self.doing(ANSWER_SECONDS):
                self.client.idle()
        except Trouble as trouble:
            # News instead of "+ idling" leave IMAPClient out of step with the server: a new connection is the cure.
            raise Trouble(Kind.UNREACHABLE, trouble.sentence) from None
        end = time.monotonic() + min(seconds, IDLE_SECONDS)
        while (left := end - time.monotonic()) > 0 and not until():
            if self._heard(min(SLICE_SECONDS, left)):
                break
        with self.doing(ANSWER_SECONDS):
            self.client.idle_done()

    def _heard(self, seconds: float) -> bool:
        began = time.monotonic()
        with self.doing(seconds + ANSWER_SECONDS):
            said = self.client.idle_check(timeout=seconds)
        # After the end of the connection IMAPClient says nothing, at once, for ever.
        if not said and time.monotonic() - began < seconds * _TOO_QUICK:
            raise Trouble(Kind.UNREACHABLE, "the connection was lost")
        if any(one[:1] == (b"BYE",) for one in said):
            raise Trouble(Kind.UNREACHABLE, "the server ended the connection")
        # Servers send "* OK Still here" so that the line is not taken for dead.
        return _news(said)

    @contextmanager
    def doing(self, seconds: float = COMMAND_SECONDS) -> Iterator[IMAPClient]:
        """The client, for commands that take no longer than this together; faults come out as Trouble."""
        try:
            with self.within(seconds):
                yield self.client
        except Trouble:
            raise
        except Exception as error:
            raise trouble.of(error) from error

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Ends the connection when it takes longer: a server that sends a byte now and then never times out."""
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (IMAPClientAbortError, OSError, ssl.SSLError):
            if self._cut:
                raise Trouble(Kind.UNREACHABLE, f"the server took longer than {seconds:g} s") from None
            raise
        finally:
            timer.cancel()

    def cut(self) -> None:
        """End the connection now, from any thread: whoever waits for the server stops waiting."""
        self._cut = True
        with contextlib.suppress(OSError):
            # The socket's own: that of an encrypted one would take its state away from a thread that reads.
            socket.socket.shutdown(self.client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        """Sign out where that is still possible, and let go of the socket in any case."""
        if not self._cut:
            with contextlib.suppress(Exception), self.within(2.0):
                self.client.logout()
        with contextlib.suppress(Exception):
            self.client.shutdown()


def connect(mailbox: Mailbox, sign_in: Callable[[IMAPClient], Any]) -> Session:
    """A session on the mailbox's server, encrypted and verified as set; Trouble when there is none to be had."""
    context = _context(mailbox) if mailbox.tls != "none" else None
    try:
        client = IMAPClient(
            mailbox.host,
            port=mailbox.port or (993 if mailbox.tls == "tls" else 143),
            ssl=mailbox.tls == "tls",
            ssl_context=context,
            timeout=SocketTimeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
        )
    except Exception as error:
        raise trouble.of(error) from error
    client.normalise_times = False
    session = Session(client)
    try:
        with session.within(COMMAND_SECONDS):
            if mailbox.tls == "starttls":
                client.starttls(context)
        with session.within(COMMAND_SECONDS):
            try:
                sign_in(client)
            except Trouble:
                raise
            except Exception as error:
                raise trouble.of_sign_in(error) from error
        return session
    except Exception as error:
        session.close()
        raise trouble.of(error) from error


def secure_enough(mailbox: Mailbox) -> bool:
    """Whether nobody on the way can read what is sent: encrypted, or not leaving this machine."""
    if mailbox.tls != "none" or mailbox.host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(mailbox.host).is_loopback
    return False


def uids(session: Session, criteria: Sequence[Any]) -> list[int]:
    """The UIDs that a search of ours finds; criteria are numbers and dates, never words of a mail."""
    with session.doing() as client:
        return [int(uid) for uid in client.search(list(criteria))]


def _news(said: Sequence[tuple[Any, ...]]) -> bool:
    return any(len(one) > 1 and one[1] in (b"EXISTS", b"EXPUNGE", b"RECENT") for one in said)


def _context(mailbox: Mailbox) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(mailbox.tls_ca) if mailbox.tls_ca else None)
    except (OSError, ssl.SSLError) as error:
        says = f"[[mailbox]] tls_ca: {mailbox.tls_ca} cannot be used: {trouble.words(error)}"
        raise Trouble(Kind.SETTING, says) from None
