"""A newcomer's two terminals: the daemon in one, the commands of a document in the other."""

import os
import pty
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Self

from tests.documents import ROOT, Step
from tests.waiting import wait_until

BIN = Path(sys.executable).parent
DOCUMENTED_DOOR = "127.0.0.1:8025"
DOCUMENTED_FOLDER = "/srv/desk"
START_SECONDS = 30
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Shell:
    """A folder that looks like a fresh checkout, as far as the documents use it; commands run in it."""

    def __init__(self, *, settings: bool = True) -> None:
        # A socket's path has room for a hundred characters only, so not below pytest's own folders.
        self.folder = Path(tempfile.mkdtemp(prefix="gw-doc-"))
        self.door = f"127.0.0.1:{_free_port()}"
        (self.folder / ".venv").symlink_to(BIN.parent)
        (self.folder / "examples").symlink_to(ROOT / "examples")
        if settings:
            shutil.copy(ROOT / "settings.toml", self.folder)
        mine = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
        self.environment = {
            **mine,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "TERM": "xterm",
            "TZ": "UTC",
            "LANG": "C.UTF-8",
        }
        self.daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.daemon is not None:
            self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> str:
        """`gateway run` at a terminal; what it shows there until it is ready."""
        ours, theirs = pty.openpty()
        self.daemon = subprocess.Popen(
            [".venv/bin/gateway", "run"],
            cwd=self.folder,
            env={**self.environment, "GATEWAY_SMTP__LISTEN": self.door},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._terminal, shown = ours, ""
        while "] ready " not in shown:
            assert select.select([ours], [], [], START_SECONDS)[0], f"the daemon is not ready:\n{shown}"
            shown += _COLOURS.sub("", os.read(ours, 65536).decode())
        return self._as_documented(shown.replace("\r\n", "\n"))

    def stop(self) -> int:
        """Ctrl-C at the daemon's terminal; its exit code."""
        assert self.daemon is not None
        daemon, self.daemon = self.daemon, None
        os.killpg(daemon.pid, signal.SIGINT)
        try:
            return daemon.wait(60)
        finally:
            os.close(self._terminal)

    def run(self, step: Step) -> str:
        """What the command prints; when it fails, its complaint too."""
        command = step.command.replace(DOCUMENTED_DOOR, self.door)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if self.daemon is not None:
            wait_until(self._idle)
        return self._as_documented(done.stdout + (done.stderr if done.returncode else ""))

    def _idle(self) -> bool:
        """Whether the daemon has judged every mail and sent every letter."""
        with closing(sqlite3.connect(self.folder / "var" / "gateway.db")) as database:
            left = (
                "SELECT (SELECT count(*) FROM delivery WHERE status IN ('pending', 'claimed'))"
                " + (SELECT count(*) FROM outbox WHERE status IN ('pending', 'claimed'))"
            )
            return database.execute(left).fetchone() == (0,)

    def _as_documented(self, output: str) -> str:
        output = output.replace(self.door, DOCUMENTED_DOOR).replace(f"{ROOT}/examples", "examples")
        return output.replace(str(self.folder), DOCUMENTED_FOLDER)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
