"""Doors that are really open, in a thread, with a SQLite file behind them; and a client that says anything."""

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from gateway.inbound.arrivals import Arrival, RecipientVerdict
from gateway.inbound.group import GroupCommit
from gateway.inbound.smtp import Doors, open_doors
from gateway.inbound.smtp_door import SmtpDoor
from gateway.settings import Settings

KNOWN = ("support@gw.test", "sales@gw.test")


# Those that a test leaves open are closed with the doors.
_clients: list["Client"] = []


def known_recipient(address: str) -> RecipientVerdict:
    local, _, domain = address.casefold().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return RecipientVerdict.ACCEPT if plain in KNOWN else RecipientVerdict.UNKNOWN


class Shelf:
    """Where accepted mails are kept: a SQLite file with real commits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commits = 0
        self._writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._writer.execute("pragma journal_mode=wal")
        self._writer.execute("pragma synchronous=full")
        self._writer.execute(
            "create table mail(id integer primary key, source, sender, recipients, peer, helo, protocol, raw blob)"
        )

    def accept_many(self, arrivals: Sequence[Arrival]) -> list[str | Exception]:
        ids: list[str | Exception] = []
        self._writer.execute("begin immediate")
        try:
            for mail in arrivals:
                row = (mail.source, mail.envelope_from, " ".join(mail.recipients), mail.peer, mail.helo, mail.protocol)
                sql = "insert into mail(source, sender, recipients, peer, helo, protocol, raw) values (?,?,?,?,?,?,?)"
                ids.append(f"m-{self._writer.execute(sql, (*row, mail.raw)).lastrowid}")
            self._writer.execute("commit")
        except BaseException:
            self._writer.execute("rollback")
            raise
        self.commits += 1
        return ids

    def rows(self) -> list[dict[str, Any]]:
        """The kept mails in their order, `raw` without our Received line, which stands in `received`."""
        reader = sqlite3.connect(self.path)
        reader.row_factory = sqlite3.Row
        rows = [dict(row) for row in reader.execute("select * from mail order by id")]
        reader.close()
        for row in rows:
            received, row["raw"] = _without_received(row["raw"])
            row["received"] = received
        return rows

    def close(self) -> None:
        self._writer.close()


@dataclass
class OpenDoors:
    doors: Doors
    shelf: Shelf
    loop: asyncio.AbstractEventLoop

    @property
    def smtp(self) -> tuple[str, int]:
        assert isinstance(self.doors.smtp, tuple)
        return self.doors.smtp

    @property
    def lmtp(self) -> Path:
        assert isinstance(self.doors.lmtp, Path)
        return self.doors.lmtp

    def close(self, grace: float = 5) -> None:
        asyncio.run_coroutine_threadsafe(self.doors.close(grace), self.loop).result(20)

    def door(self, source: str) -> SmtpDoor:
        """The inside of a door, for tests that have to see when a session is gone."""
        (door,) = [door for door in self.doors._doors if door.rules.source == source]
        return door


@contextmanager
def open_for_test(
    folder: Path,
    *,
    accept: Callable[[Arrival], Awaitable[str]] | None = None,
    recipient: Callable[[str], RecipientVerdict] = known_recipient,
    smtp: dict[str, Any] | None = None,
    limits: dict[str, Any] | None = None,
    **given: Any,
) -> Iterator[OpenDoors]:
    """Both doors, on a free port and a socket in `folder`; at the end they are closed and the loop is stopped."""
    shelf = Shelf(folder / "shelf.db")
    group = GroupCommit(shelf.accept_many)
    settings = Settings.model_validate(
        {
            "server": {"hostname": "gw.test", "data": folder},
            "smtp": {"listen": "127.0.0.1:0", "trusted_relays": [], "reserve_mib": 0, **(smtp or {})},
            "lmtp": {"listen": f"unix:{folder}/lmtp.sock"},
            "limits": limits or {},
        }
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(20)

    try:
        doors = run(open_doors(settings, accept=accept or group.put, recipient=recipient, **given))
        try:
            yield OpenDoors(doors, shelf, loop)
        finally:
            run(doors.close(2))
    finally:
        while _clients:
            _clients.pop().close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        group.close(10)
        shelf.close()


class Client:
    """One connection that says what it is told, byte for byte."""

    def __init__(self, address: tuple[str, int] | Path, *, source: str = "", greet: bool = True) -> None:
        if isinstance(address, Path):
            self.socket: socket.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(20)
            self.socket.connect(str(address))
        else:
            self.socket = socket.create_connection(address, 20, source_address=(source, 0) if source else None)
        _clients.append(self)
        self._hello = "LHLO" if isinstance(address, Path) else "EHLO"
        self._lines = self.socket.makefile("rb")
        self.greeting = self.reply()
        if greet:
            self.capabilities = self.say(f"{self._hello} client.test").splitlines()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def say(self, command: str) -> str:
        self.send(f"{command}\r\n".encode())
        return self.reply()

    def reply(self) -> str:
        """The next reply, its lines joined by line ends; '' when the server has hung up."""
        lines = []
        while line := self._line():
            lines.append(line)
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    def _line(self) -> str:
        try:
            return self._lines.readline().decode().rstrip("\r\n")
        except ConnectionResetError:
            return ""

    def begin(self, *recipients: str, sender: str = "ana@x.test") -> None:
        """The envelope, and DATA up to its 354."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250")
        for recipient in recipients or KNOWN[:1]:
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250")
        assert self.say("DATA").startswith("354")

    def deliver(self, mail: bytes, *recipients: str, sender: str = "ana@x.test") -> str:
        """One mail; the first reply to its end."""
        self.begin(*recipients, sender=sender)
        stuffed = (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:]
        self.send(stuffed + (b"" if mail.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        return self.reply()

    def tls(self, context: Any, name: str) -> None:
        """STARTTLS; from here everything is encrypted."""
        assert self.say("STARTTLS").startswith("220")
        self._lines.close()
        self.socket = context.wrap_socket(self.socket, server_hostname=name)
        self._lines = self.socket.makefile("rb")

    def close(self) -> None:
        self._lines.close()
        self.socket.close()


def mail(subject: str = "Impresora", body: str = "No imprime.", *, headers: str = "") -> bytes:
    text = f"From: Ana <ana@x.test>\nTo: support@gw.test\nSubject: {subject}\n{headers}\n{body}\n"
    return text.replace("\n", "\r\n").encode()


def _without_received(raw: bytes) -> tuple[bytes, bytes]:
    """Our line with its folds, and the rest."""
    end = raw.index(b"\r\n")
    while raw[end + 2 : end + 3] in (b"\t", b" "):
        end = raw.index(b"\r\n", end + 2)
    return raw[: end + 2], raw[end + 2 :]
