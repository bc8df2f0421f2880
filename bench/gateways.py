"""The gateway as it is measured: the real daemon in a process of its own, over a folder and a database of its own."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.corpus import SUPPORT, TRUSTED
from gateway.settings import Caps

FOLDER = Path(".peers")
SECONDS_TO_START = 30.0
OUT_OF_THE_WAY = 1_000_000

# The caps are out of the way, or most receipts would not be written; the senders are proven by a trusted server.
_SETTINGS = """\
[server]
hostname = "desk.example"
secret = "a secret that is only there to measure with"
[database]
url = "{url}"
[smtp]
listen = "127.0.0.1:{port}"
[lmtp]
listen = ""
[[area]]
name = "support"
addresses = ["{support}"]
language = "en"
reply = "plus"
[authentication]
trusted = ["{trusted}"]
profile = "postfix"
[caps]
{caps}
"""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the disk that the peers are on, gone afterwards."""
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=FOLDER)).absolute()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_settings(folder: Path, *, url: str = "") -> Path:
    """Settings for a gateway in this folder; without a URL on SQLite."""
    path = folder / "settings.toml"
    url = url or f"sqlite:///{folder}/gateway.db"
    caps = "\n".join(f"{name} = {OUT_OF_THE_WAY}" for name in Caps.model_fields)
    text = _SETTINGS.format(url=url, port=free_port(), support=SUPPORT, trusted=TRUSTED, caps=caps)
    path.write_text(text)
    return path


@contextmanager
def running(settings: Path, *, only: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The daemon, ready, and its SMTP port; stopped afterwards. Raises RuntimeError with its log when it fails."""
    lines = settings.read_text().splitlines()
    port = next(int(line.rpartition(":")[2].strip('"')) for line in lines if line.startswith("listen"))
    log = settings.with_name("gateway.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "run", "--settings", str(settings), *(["--only", only] if only else [])],
            stderr=out,
            stdout=out,
        )
    try:
        _wait_until_ready(process, log)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while '"event": "ready"' not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the gateway did not start:\n{log.read_text()}")
        time.sleep(0.05)
