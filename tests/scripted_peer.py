"""An SMTP server that says what a test wants, once for each command, and can hang up at any moment."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

HANG_UP = b""
ANSWERS = {
    "greeting": b"220 peer ESMTP",
    "EHLO": b"250-peer\r\n250-SIZE 1000000\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "MAIL": b"250 2.1.0 ok",
    "RCPT": b"250 2.1.5 ok",
    "DATA": b"354 go on",
    "end": b"250 2.0.0 queued as 1",
    "RSET": b"250 2.0.0 ok",
    "QUIT": b"221 2.0.0 bye",
}


@dataclass
class Peer:
    """Answers by `script`: for a command (or 'greeting', 'end' of data) the answers in order, the usual one after them.

    HANG_UP instead of an answer closes the connection. `commands` is what each connection said, `mails` all that was
    taken in full.
    """

    script: Mapping[str, list[bytes]] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def __enter__(self) -> "Peer":
        self._answers = {command: list(answers) for command, answers in self.script.items()}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppressed():
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    @property
    def smarthost(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self.commands.append([])
            talk = threading.Thread(target=self._talk, args=(connection, self.commands[-1]), daemon=True)
            self._threads.append(talk)
            talk.start()

    def _talk(self, connection: socket.socket, said: list[str]) -> None:
        with connection, connection.makefile("rb") as lines, suppressed():
            if not self._answer(connection, "greeting"):
                return
            for line in lines:
                said.append(line.decode().strip())
                command = said[-1].split(" ")[0].upper()
                if not self._answer(connection, command) or command == "QUIT":
                    return
                if command == "DATA" and self._latest.startswith(b"354"):
                    mail = iter(lambda: next(lines), b".\r\n")
                    self.mails.append(b"".join(part.removeprefix(b".") for part in mail))
                    if not self._answer(connection, "end"):
                        return

    def _answer(self, connection: socket.socket, command: str) -> bool:
        script = self._answers.get(command, [])
        self._latest = script.pop(0) if script else ANSWERS.get(command, b"502 5.5.1 what?")
        if self._latest == HANG_UP:
            return False
        connection.sendall(self._latest + b"\r\n")
        return True


@contextmanager
def suppressed() -> Iterator[None]:
    """The other side may go at any moment: that is what these tests are about."""
    try:
        yield
    except (OSError, StopIteration, RuntimeError):
        return
