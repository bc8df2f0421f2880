"""What somebody who starts the daemon at a terminal is told: where it listens, and what to try next."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from gateway.cli.common import out, plain
from gateway.files import first_mail
from gateway.settings import Settings
from gateway.settings_load import Loaded

# Whom examples/first-mail.eml is written to; to a desk without this address it would be a stranger's mail.
EXAMPLE_ADDRESS = "support@localhost"


def show(found: Loaded) -> None:
    """Print it; nothing but what works as it stands is shown."""
    settings = found.settings
    out.print(f"\n[bold]ticket-gateway[/]  [dim]{plain(_near(found.path) if found.path else 'embedded defaults')}[/]\n")
    for name, value, hint in _doors(settings):
        out.print(f"  {name:<9}  [cyan]{plain(value)}[/]  [dim]{plain(hint)}[/]", soft_wrap=True)
    out.print("\n  [bold]Try, in another terminal, in this folder:[/]\n")
    for line in tries(found):
        out.print(f"    {line}", markup=False, soft_wrap=True)
    out.print("\n  Ctrl-C ends it; what was begun is finished.\n", style="dim")


def tries(found: Loaded) -> Iterator[str]:
    """The lines to type, each a command or the continuation of one."""
    command, area = _command(found), found.settings.area[0]
    if EXAMPLE_ADDRESS not in (*area.addresses, *area.aliases):
        yield from (f"{command} check", f"{command} mails", f"{command} tickets", f"{command} outbox")
        return
    yield from _first_mail(found.settings, command)
    yield from (f"{command} tickets", f"{command} ticket 1", f"{command} explain m-1", f"{command} outbox")
    if not found.settings.delivery.smarthost:
        yield f"cat {shlex.quote(_near(found.settings.delivery.folder))}/*.eml"


def _doors(settings: Settings) -> Iterator[tuple[str, str, str]]:
    addresses = ", ".join(area.addresses[0] for area in settings.area)
    if settings.smtp.listen:
        yield "mail in", settings.smtp.listen, f"SMTP, for {addresses}"
    if settings.lmtp.listen:
        socket = settings.lmtp.listen.removeprefix("unix:")
        yield "mail in", _near(Path(socket)) if socket.startswith("/") else socket, "LMTP"
    if settings.delivery.smarthost:
        yield "mail out", settings.delivery.smarthost, "smarthost"
    else:
        yield "mail out", f"{_near(settings.delivery.folder)}/*.eml", "until a smarthost is set"


def _first_mail(settings: Settings, command: str) -> Iterator[str]:
    """Through the SMTP door as a mail server does it, or by our own command where there is no curl."""
    mail, listen = shlex.quote(_near(first_mail())), settings.smtp.listen
    if listen and not listen.endswith(":0") and shutil.which("curl"):
        yield f"curl -s smtp://{listen} --mail-from ana@example.org --mail-rcpt {EXAMPLE_ADDRESS} \\"
        yield f"  --upload-file {mail}"
    else:
        yield f"{command} ingest {mail}"


def _command(found: Loaded) -> str:
    """`gateway` as this process was started, with the settings when another terminal would not find them."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        command = f"{_near(Path(sys.executable))} -m gateway"
    else:
        command = program.name if shutil.which(program.name) == str(program) else _near(program)
    if found.path is None or found.path == Path.cwd() / "settings.toml":
        return command
    return f"{command} --settings {shlex.quote(_near(found.path))}"


def _near(path: Path) -> str:
    """A path as one would type it: from the current folder when it is inside."""
    whole = path.absolute()
    return str(whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole)
