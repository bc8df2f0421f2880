"""The help desks beside which we are measured: installed into `.peers/`, and run over a folder of our mails."""

import json
import mailbox
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench import gateways
from bench.corpus import Sample
from bench.rounds import Measured

HERE = Path(__file__).parent


def helpdesk(mails: Sequence[Sample]) -> Measured:
    """django-helpdesk's get_email over a local folder, on SQLite, its letters rendered and thrown away."""
    python = installed("helpdesk")
    with gateways.scratch() as folder:
        (folder / "in").mkdir()
        for number, mail in enumerate(mails):
            (folder / "in" / f"{number:05}.eml").write_bytes(mail.raw)
        environment = {
            **os.environ,
            "PEER_FOLDER": str(folder),
            "PYTHONPATH": str(HERE),
            "DJANGO_SETTINGS_MODULE": "peer_helpdesk_settings",
        }
        command = [str(python), str(HERE / "peer_helpdesk.py")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    if said["left"] or not said["tickets"]:
        raise RuntimeError(f"django-helpdesk did not take all mails: {said}")
    note = f"{said['tickets']} tickets"
    return Measured(len(mails) / said["seconds"], said["cpu"] / len(mails) * 1000, note)


def roundup(mails: Sequence[Sample], *, known: bool) -> Measured:
    """Roundup's mail gateway over an mbox, on SQLite, its letters written to /dev/null; start-up is taken off.

    A new sender is registered with a hashed password; known ones were registered by the same mails before.
    """
    programs = installed("roundup").parent
    with gateways.scratch() as folder:
        tracker = folder / "tracker"
        _make_tracker(programs, tracker)
        fetch = [str(programs / "roundup-mailgw"), str(tracker), "mailbox", str(folder / "mbox")]
        if known:
            _fill(folder / "mbox", mails)
            _timed(fetch)
        _fill(folder / "mbox", ())
        empty_wall, empty_cpu = _timed(fetch)
        _fill(folder / "mbox", mails)
        wall, cpu = _timed(fetch)
    return Measured(len(mails) / (wall - empty_wall), (cpu - empty_cpu) / len(mails) * 1000)


def installed(name: str) -> Path:
    """The Python of a peer's environment, made when it is not there."""
    environment = (gateways.FOLDER / name).absolute()
    python = environment / "bin" / "python"
    if not (environment / ".installed").exists():
        print(f"  installing {name} into {gateways.FOLDER} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        requirements = HERE / f"requirements-{name}.txt"
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(requirements)], check=True)
        (environment / ".installed").touch()
    return python


def _make_tracker(programs: Path, tracker: Path) -> None:
    """Roundup's classic tracker, which lets anybody open an issue by mail and sends nothing."""
    admin = str(programs / "roundup-admin")
    said = subprocess.DEVNULL
    subprocess.run([admin, "-i", str(tracker), "install", "classic", "sqlite"], check=True, stdout=said)
    config = tracker / "config.ini"
    given = {"web": "http://127.0.0.1/", "domain": "desk.example", "host": "127.0.0.1", "email": "support"}
    lines, section = [], ""
    for line in config.read_text().splitlines():
        section = line.strip("[]") if line.startswith("[") else section
        name = line.lstrip("#").partition("=")[0].strip()
        if name in {"tracker": ("web", "email"), "mail": ("domain", "host")}.get(section, ()):
            line = f"{name} = {given[name]}"
        elif section == "mail" and name == "debug":
            line = "debug = /dev/null"
        lines.append(line)
    config.write_text("\n".join(lines) + "\n")
    schema = tracker / "schema.py"
    anybody = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
    schema.write_text(schema.read_text().replace(f"#{anybody}", anybody).replace(f"# {anybody}", anybody))
    subprocess.run([admin, "-i", str(tracker), "initialise", "only for measuring"], check=True, stdout=said)


def _fill(path: Path, mails: Sequence[Sample]) -> None:
    path.unlink(missing_ok=True)
    box = mailbox.mbox(path)
    for mail in mails:
        box.add(mail.raw.replace(b"\r\n", b"\n"))
    box.close()
    path.touch()


def _timed(command: list[str]) -> tuple[float, float]:
    """Seconds of wall time and of CPU."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {said.decode()[-2000:]}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime
