"""The real gateway as its operator has it: a folder with settings.toml, the daemon's processes, and the commands."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from gateway.settings_load import load_settings
from gateway.work import read
from gateway.work.office import Office, open_office
from tests.doors import Client
from tests.process_groups import members
from tests.waiting import wait_until

GATEWAY = Path(sys.executable).parent / "gateway"
SECRET = "a secret of forty characters for the tests"
AREAS = (
    {"name": "support", "addresses": ["support@gw.test"], "language": "en", "reply": "plus"},
    {"name": "sales", "addresses": ["sales@gw.test"], "language": "en", "reply": "plus"},
)
START_SECONDS = 30

Line = dict[str, Any]


class Daemon:
    """One running `gateway run`: its doors, and its log as it grows."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log_file = log
        self.doors: list[str] = []

    @property
    def smtp(self) -> tuple[str, int]:
        (door,) = [one for one in self.doors if not one.startswith("unix:")]
        host, _, port = door.rpartition(":")
        return host, int(port)

    @property
    def lmtp(self) -> Path:
        (door,) = [one for one in self.doors if one.startswith("unix:")]
        return Path(door.removeprefix("unix:"))

    def log(self, **fields: object) -> list[Line]:
        """The log lines that have these fields so."""
        text = self.log_file.read_text()
        whole = text[: text.rfind("\n") + 1].splitlines()
        lines = [json.loads(line) for line in whole if line.startswith("{")]
        return [line for line in lines if all(line.get(name) == value for name, value in fields.items())]

    def says(self, *, seconds: float = 20, times: int = 1, **fields: object) -> Line:
        """Waits for a log line with these fields; the last one of so many."""

        def found() -> list[Line]:
            lines = self.log(**fields)
            assert lines or self.process.poll() is None, f"the daemon ended:\n{self.log_file.read_text()}"
            return lines[times - 1 :]

        try:
            return wait_until(found, seconds=seconds)[0]
        except AssertionError as error:
            raise AssertionError(f"{error}: no {fields} in\n{self.log_file.read_text()[-6000:]}") from None

    def until_ready(self) -> Self:
        self.doors = self.says(event="ready", seconds=START_SECONDS)["doors"]
        return self

    def keep(self, raw: bytes, *to: str, sender: str = "ana@x.test", source: str = "") -> str:
        """Hands a mail in at the SMTP door; its id, such as 'm-1', out of the 250."""
        with Client(self.smtp, source=source) as client:
            answer = client.deliver(raw, *(to or ("support@gw.test",)), sender=sender)
        assert answer.startswith("250 2.0.0 kept as "), answer
        return answer.split()[-1]

    def judge(self, raw: bytes, *to: str, sender: str = "ana@x.test", source: str = "") -> Line:
        """Hands a mail in and waits until it is judged for each recipient; the last log line about it."""
        return self.verdict(self.keep(raw, *to, sender=sender, source=source), times=max(1, len(to)))

    def verdict(self, mail: str, *, seconds: float = 20, times: int = 1) -> Line:
        """Waits for the verdict on a mail, or on so many of its deliveries; the last log line about them."""
        return self.says(seconds=seconds, times=times, level="info", mail=mail)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """SIGKILL to the whole group: daemon, foreman and workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        wait_until(self.group_gone)

    def group_gone(self) -> bool:
        """Whether nobody of this daemon's processes lives."""
        return not members(self.process.pid)

    def processes(self) -> list[int]:
        """All that live of this daemon: itself first."""
        return members(self.process.pid)


class Installation:
    """A folder with settings.toml. Sections given replace keys of the sections that every test starts from."""

    program: Sequence[str | Path] = (GATEWAY,)

    def __init__(self, *, database: str = "", folder: Path | None = None, **sections: Any) -> None:
        # A socket's path has room for a hundred characters only, so not below pytest's own folders.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="gw-run-"))
        self.daemons: list[Daemon] = []
        self._office: Office | None = None
        begin: dict[str, Any] = {
            "server": {"hostname": "gw.test", "secret": SECRET},
            "smtp": {"listen": "127.0.0.1:0", "reserve_mib": 0},
            "area": AREAS,
            "workers": {"count": 2, "seconds": 10},
            "log": {"format": "json"},
            # Tests are in more of a hurry than customers.
            "caps": {
                "receipts_per_address": 1000,
                "letters_per_address": 1000,
                "letters_per_ticket": 1000,
                "new_senders_per_domain": 10_000,
                "new_senders": 10_000,
                "unconfirmed_per_domain": 10_000,
                "unconfirmed": 10_000,
                "tickets_per_address": 10_000,
                "notices_per_customer": 0,
                "notices_per_colleague": 0,
            },
        }
        if database:
            begin["database"] = {"url": database}
        for name, section in sections.items():
            begin[name] = {**begin.get(name, {}), **section} if isinstance(section, dict) else section
        self.settings = self.folder / "settings.toml"
        self.settings.write_text(toml(begin))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._office is not None:
            self._office.close()
        for daemon in self.daemons:
            if not daemon.group_gone():
                daemon.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *arguments: str, **environment: str) -> Daemon:
        """Starts `gateway run` in a process group of its own, and waits until it says that it is ready."""
        return self.start_without_waiting(*arguments, **environment).until_ready()

    def start_without_waiting(self, *arguments: str, **environment: str) -> Daemon:
        log = self.folder / f"log-{len(self.daemons)}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*self.program, "run", *arguments, "--settings", self.settings],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, **environment},
            )
        daemon = Daemon(process, log)
        self.daemons.append(daemon)
        return daemon

    def command(
        self, *arguments: object, input: bytes = b"", settings: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs `gateway …` to its end."""
        done = subprocess.run(
            [str(GATEWAY), *map(str, arguments), "--settings", str(settings or self.settings)],
            input=input,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def told(self, *arguments: object, input: bytes = b"") -> str:
        """What a command prints; it has to succeed."""
        done = self.command(*arguments, input=input)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def printed(self, *arguments: object) -> list[dict[str, Any]]:
        """What a command prints as --json."""
        return [json.loads(line) for line in self.told(*arguments, "--json").splitlines()]

    def mails(self) -> list[Line]:
        return list(read.mails(self.office))

    def tickets(self) -> list[Line]:
        return list(read.tickets(self.office))

    def letters(self) -> list[Line]:
        return list(read.letters(self.office))

    def ticket(self, number: int) -> Line:
        return read.ticket(self.office, number)

    @property
    def office(self) -> Office:
        """What the listings read from. A command takes a second to start; tests/test_process_commands.py shows that
        the commands print the same."""
        if self._office is None:
            self._office = open_office(load_settings(self.settings, {}).settings)
        return self._office

    def outgoing(self) -> list[EmailMessage]:
        """The letters that have left, by the folder they leave into."""
        folder = self.folder / "var" / "outgoing"
        return [_read(path) for path in sorted(folder.glob("*.eml"))]


def mail(
    subject: str = "Printer",
    text: str = "It does not print.",
    *,
    from_: str = "Ana <ana@x.test>",
    to: str = "support@gw.test",
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as people write it; `headers` come first, as servers put theirs on top."""
    lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"From: {from_}", f"To: {to}", f"Subject: {subject}", "Date: Sun, 22 Nov 2026 20:00:00 +0000"]
    if message_id:
        lines.append(f"Message-ID: {message_id}")
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", *text.split("\n"), ""]
    return "\r\n".join(lines).encode()


def until(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
    """For conditions that start a process each time they are asked: asked less often."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.2)
    return value


def toml(sections: Mapping[str, Any]) -> str:
    """Sections of plain values as TOML; a list of sections is an array of tables."""
    written = []
    for name, section in sections.items():
        for one in section if isinstance(section, list | tuple) else [section]:
            many = isinstance(section, list | tuple)
            written.append(f"[[{name}]]" if many else f"[{name}]")
            # The values of JSON are those of TOML.
            written += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in one.items()]
    return "\n".join(written) + "\n"


def _read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
