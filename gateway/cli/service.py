"""Commands of the service itself: run it, check it, begin it, and do by hand what it does by itself."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from gateway import settings_init
from gateway.cli import welcome
from gateway.cli.common import SettingsFile, instant, loaded, now, opened, out, plain, told
from gateway.daemon import PARTS
from gateway.daemon import run as run_daemon
from gateway.errors import GatewayError
from gateway.outbound.transport import open_transport
from gateway.settings_load import load_settings
from gateway.work import checkup
from gateway.work.fsck import fsck as look_through
from gateway.work.handle import handle, pending_before
from gateway.work.office import open_office
from gateway.work.send import send_due
from gateway.work.tick import fire_due, plan_digests, purge, take_over
from gateway.worker import name_of

# sysexits.h; a service manager need not start again what has wrong settings.
WRONG_SETTINGS = 78
SOON = timedelta(seconds=5)


def run(
    only: Annotated[str, typer.Option("--only", help=f"Only these parts, of {', '.join(PARTS)}.")] = "",
    settings: SettingsFile = None,
) -> None:
    """Run the daemon in the foreground, until SIGTERM or Ctrl-C."""
    with told(WRONG_SETTINGS):
        found = loaded(settings)
    with told():
        parts = [part.strip() for part in only.split(",") if part.strip()] or list(PARTS)
        for part in parts:
            if part not in PARTS:
                raise GatewayError(f"--only {part}: there is no such part; there are: {', '.join(PARTS)}")
        if out.is_terminal:
            welcome.show(found)
        raise typer.Exit(run_daemon(found.settings, parts=parts, notes=found.notes))


def check(
    probe: Annotated[bool, typer.Option("--probe", help="Send a mail to each reply address and wait for it.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Look whether everything that the settings name can be used. Exit code 1 when something cannot."""
    with told():
        found = loaded(settings)
        wrong = 0
        for note in found.notes:
            out.print(f"[dim]·[/] {plain(note)}")
        for finding in checkup.look(found.settings, probe=probe):
            mark = {"good": "[green]✓[/]", "hint": "[yellow]·[/]", "wrong": "[red]✗[/]"}[finding.kind]
            out.print(f"{mark} {plain(finding.sentence)}", soft_wrap=True)
            wrong += finding.kind == "wrong"
        raise typer.Exit(1 if wrong else 0)


def init(folder: Annotated[Path, typer.Argument(help="Where to begin.")] = Path()) -> None:
    """Begin in a folder: settings.toml with comments, a fresh key, and the database."""
    with told():
        for sentence in settings_init.init(folder):
            out.print(sentence, markup=False)
        path = folder / settings_init.SETTINGS
        open_office(load_settings(path).settings).close()
        out.print(f"the database is made; start with: gateway run --settings {path}", markup=False)


def fsck(settings: SettingsFile = None) -> None:
    """Look whether all that is kept fits together. Exit code 1 when something does not."""
    with told(), opened(settings) as office:
        count = 0
        for sentence in look_through(office, now=now()):
            out.print(sentence, markup=False, soft_wrap=True)
            count += 1
        out.print(f"{count} to mend" if count else "all is well")
        raise typer.Exit(1 if count else 0)


def work(
    once: Annotated[bool, typer.Option("--once", help="Judge all that is pending, then end.")] = True,
    settings: SettingsFile = None,
) -> None:
    """Judge all mail that is pending, in this process."""
    with told(), opened(settings) as office:
        who, handled = name_of("work"), 0
        while True:
            claimed, verdicts = handle(office, who=who, clock=now)
            handled += len(verdicts)
            if not claimed:
                # What failed, or waits for an earlier mail, is due again in a moment.
                if not pending_before(office, now() + SOON):
                    break
                time.sleep(0.1)
        out.print(f"{handled} {'delivery' if handled == 1 else 'deliveries'} judged")


def tick(
    at: Annotated[str | None, typer.Option("--now", help="Do what is due at this time (ISO 8601).")] = None,
    settings: SettingsFile = None,
) -> None:
    """Do what is due: fire timers, take over from the dead, drop what is past its retention."""
    with told(), opened(settings) as office:
        moment = instant(at)
        taken, fired, dropped = take_over(office, now=moment), 0, purge(office, now=moment)
        while number := fire_due(office, now=moment):
            fired += number
        plan_digests(office, now=moment)
        out.print(f"{fired} fired, {taken} taken over, {dropped} dropped")


def send(
    once: Annotated[bool, typer.Option("--once", help="Send all that is due, then end.")] = True,
    settings: SettingsFile = None,
) -> None:
    """Send all letters that are due, in this process."""
    with told(), opened(settings) as office:
        transport = open_transport(office.settings.delivery, hostname=office.settings.server.hostname)
        sent = 0
        try:
            while number := send_due(office, transport, who=name_of("send"), clock=now):
                sent += number
        finally:
            transport.close()
        held = " (all outgoing mail is held)" if office.settings.delivery.hold else ""
        out.print(f"{sent} {'letter' if sent == 1 else 'letters'} tried{held}")
