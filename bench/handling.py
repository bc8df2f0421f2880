"""Our side of mail to ticket: files in a folder become tickets with their receipts in the outbox, by two workers.

Counted is all that our processes use: taking the files in, the workers, their foreman, and the daemon.
"""

import json
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bench import gateways
from bench.corpus import SUPPORT, Sample
from bench.machine import cpu_seconds
from bench.rounds import Measured
from gateway.settings_load import load_settings
from gateway.store import people
from gateway.work.office import Office, open_office

SECONDS = 300.0


def handled(
    mails: Sequence[Sample], *, known: bool, url: str = "", prepare: Callable[[Path], None] = lambda _: None
) -> Measured:
    """From the first file read to the last verdict committed. `prepare` is given the empty folder."""
    with gateways.scratch() as folder:
        prepare(folder)
        settings = gateways.write_settings(folder, url=url)
        (folder / "in").mkdir()
        for number, mail in enumerate(mails):
            (folder / "in" / f"{number:05}.eml").write_bytes(mail.raw)
        with closing(open_office(load_settings(settings).settings)) as office:
            if known:
                register(office, mails)
            letters = _count(office, "outbox")
            with gateways.running(settings, only="smtp,work") as (process, port):
                one = _run(office, settings, process.pid, port, len(mails))
            written = _count(office, "outbox") - letters
    expected = sum(not mail.is_reply for mail in mails)
    if written < expected:
        raise RuntimeError(f"{written} letters for {expected} new tickets: the measurement is not what it says")
    return Measured(one.rate, one.cpu_ms, f"{written} receipts")


def _run(office: Office, settings: Path, daemon: int, port: int, count: int) -> Measured:
    command = [sys.executable, "-m", "bench.feed", str(settings), str(settings.with_name("in"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as feeder:
        time.sleep(2)  # Both have started, and the workers have nothing to do: what follows is the mails'.
        before, began = cpu_seconds(daemon), time.perf_counter()
        said, _ = feeder.communicate("begin\n")
    _wake(port)
    until = time.monotonic() + SECONDS
    while _count(office, "delivery WHERE status = 'pending' OR status = 'claimed'"):
        if time.monotonic() > until:
            raise RuntimeError("the mails were not judged in time")
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    cpu = json.loads(said)["cpu"] + cpu_seconds(daemon) - before
    return Measured(count / seconds, cpu / count * 1000)


def _wake(port: int) -> None:
    """One more mail, through the door, wakes the workers: they look by themselves only once a second."""
    with smtplib.SMTP("127.0.0.1", port) as door:
        door.sendmail("last@example.net", [SUPPORT], "From: last@example.net\r\nSubject: last\r\n\r\nThe last one.\r\n")


def register(office: Office, mails: Sequence[Sample]) -> None:
    """Make the senders people who have confirmed who they are."""
    now = datetime.now(UTC)
    with office.database.write() as connection:
        for address, name in {mail.sender: mail.name for mail in mails}.items():
            person = people.register(
                connection, wanted=address, name=name, state="active", language="", organisation_id=None, now=now
            )
            people.update(connection, person.id, confirmed_at=now)


def _count(office: Office, of: str) -> int:
    with office.database.read() as connection:
        number: int = connection.execute(sa.text(f"SELECT count(*) FROM {of}")).scalar_one()
        return number
