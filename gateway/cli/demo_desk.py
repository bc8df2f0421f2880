"""A desk of the demo's own: a folder with settings, the daemon that runs on them, mail handed in, letters read."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import gateway
from gateway import log
from gateway.cli.demo_mail import BORDER, Letter
from gateway.cli.demo_story import DESK, MARTA
from gateway.desk.words import Labels
from gateway.errors import GatewayError
from gateway.outbound.transport import open_transport
from gateway.settings_load import load_settings
from gateway.work import read
from gateway.work.enrol import enrol
from gateway.work.office import Office, open_office
from gateway.work.read import Row
from gateway.work.send import send_due
from gateway.work.tick import fire_due

T = TypeVar("T")

PATIENCE = 30.0
_POLL_SECONDS = 0.02
_STOP_SECONDS = 10.0
_LOG_LINES = 5

# Free ports, letters into a folder: nothing of this reaches anybody.
SETTINGS = f"""\
[server]
hostname = "desk.example"

[smtp]
listen = "127.0.0.1:0"
reserve_mib = 0

[lmtp]
listen = ""

[[area]]
name = "support"
addresses = ["{DESK.address}"]
from_name = "{DESK.name}"
language = "es"
reply = "plus"

[web]
public_url = "https://desk.example"

[workers]
count = 1

[authentication]
trusted = ["{BORDER}"]
profile = "postfix"

[log]
format = "json"
"""


@dataclass(frozen=True, slots=True)
class DemoDesk:
    """A running daemon, and the office that its rows are read from."""

    office: Office
    folder: Path
    process: subprocess.Popen[bytes]
    door: tuple[str, int]

    def hand_in(self, raw: bytes, *, sender: str, to: str) -> Row:
        """Give a mail to the SMTP door and wait until it is judged; its row in the listing of mails."""
        with smtplib.SMTP(*self.door, local_hostname=BORDER, timeout=PATIENCE) as client:
            client.ehlo()
            client.mail(sender, ["BODY=8BITMIME"])
            client.rcpt(to)
            code, said = client.data(raw)
        words = said.decode("utf-8", "replace")
        if code != 250:
            raise GatewayError(f"the door did not take a mail of the story: {code} {words}")
        return self._until(lambda: self._judged(words.split()[-1]), "a mail is not judged")

    def letters(self) -> list[Row]:
        """The rows of the outbox, once nothing in it waits to be sent."""
        return self._until(self._left, "a letter has not left")

    def read_letter(self, message_id: str) -> Letter:
        """A letter out of the folder that it left into."""
        for path in (self.folder / "var" / "outgoing").glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["Message-ID"] == message_id:
                return _as_read(message)
        raise GatewayError(f"the letter {message_id} is said to be sent, and is not in var/outgoing")

    def move_clock(self, moment: datetime) -> int:
        """Do what is due at that time, and send the letters of it; how many timers fired."""
        fired = fire_due(self.office, now=moment)
        transport = open_transport(self.office.settings.delivery, hostname=self.office.settings.server.hostname)
        try:
            while send_due(self.office, transport, who="demo", clock=lambda: moment):
                pass
        finally:
            transport.close()
        return fired

    def label(self, state: str) -> Labels:
        """A ticket's state as people read it."""
        return self.office.rules.desk.first().workflow.state(state).labels

    def _judged(self, mail: str) -> Row | None:
        return next((row for row in read.mails(self.office) if row["id"] == mail and row["verdict"]), None)

    def _left(self) -> list[Row] | None:
        rows = list(read.letters(self.office))
        return None if any(row["status"] in ("pending", "claimed") for row in rows) else rows

    def _until(self, condition: Callable[[], T | None], otherwise: str) -> T:
        return _until(condition, otherwise, self.process, self.folder)


@contextmanager
def running_desk(folder: Path, *, now: datetime) -> Iterator[DemoDesk]:
    """Begin a desk in an empty folder, with Marta as its agent, and run its daemon until the end of the block."""
    path = folder / "settings.toml"
    path.write_text(SETTINGS, "utf-8")
    with (folder / "demo.log").open("w", encoding="utf-8") as own_log, _daemon(path, folder) as process:
        log.configure("json", "INFO", own_log)
        door = _until(lambda: _door(folder), "the daemon is not ready", process, folder)
        # Neither a variable nor another file of the operator has a say in this.
        office = open_office(load_settings(path, {}).settings)
        try:
            enrol(office, MARTA.address, now=now, name=MARTA.name, role="agent", language="es")
            yield DemoDesk(office, folder, process, door)
        finally:
            office.close()


@contextmanager
def _daemon(settings: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`gateway run` in a process group of its own, so that Ctrl-C comes to us alone and we end it in order."""
    package = str(Path(gateway.__file__).parents[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    environment["PYTHONPATH"] = os.pathsep.join(one for one in (package, environment.get("PYTHONPATH")) if one)
    with (folder / "daemon.log").open("wb") as out:
        # -P: started inside gateway/, that folder would hide the standard library's `threading`.
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-P", "-m", "gateway", "run", "--settings", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, as a service manager does it; a second Ctrl-C leaves nothing behind either."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        if process.returncode != 0:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _until(condition: Callable[[], T | None], otherwise: str, process: subprocess.Popen[bytes], folder: Path) -> T:
    """The condition's first value; GatewayError with the end of the daemon's log when none comes."""
    end = time.monotonic() + PATIENCE
    while (value := condition()) is None:
        ended = process.poll() is not None
        if ended or time.monotonic() > end:
            why = "its daemon ended" if ended else f"{otherwise} after {PATIENCE:.0f} s"
            last = (folder / "daemon.log").read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
            raise GatewayError("\n".join((f"the demo cannot go on: {why}; the last lines of its log:", *last)))
        time.sleep(_POLL_SECONDS)
    return value


def _door(folder: Path) -> tuple[str, int] | None:
    """Where the daemon listens, by the line in which it says that it is ready."""
    whole, _, _ = (folder / "daemon.log").read_text("utf-8", "replace").rpartition("\n")
    for line in whole.splitlines():
        if '"ready"' in line:
            host, _, port = json.loads(line)["doors"][0].rpartition(":")
            return host, int(port)
    return None


def _as_read(message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    assert body is not None, "every letter has a text"
    return Letter(
        message_id=message["Message-ID"],
        sent_at=parsedate_to_datetime(message["Date"]),
        to=parseaddr(message["To"])[1],
        reply_to=parseaddr(message["Reply-To"] or message["From"])[1],
        subject=message["Subject"],
        text="\n".join(body.get_content().splitlines()),
    )
