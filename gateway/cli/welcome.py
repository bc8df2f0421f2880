"""What somebody who starts the daemon at a terminal is told: where it listens, and what to try next."""

from gateway.cli.common import out, plain
from gateway.settings_load import Loaded


def show(found: Loaded) -> None:
    settings = found.settings
    area = settings.area[0]
    address = area.addresses[0]
    out.print(f"\n[bold]ticket-gateway[/]  [dim]{plain(str(found.path or 'embedded defaults'))}[/]\n")
    if settings.smtp.listen:
        out.print(f"  mail in    [cyan]{plain(settings.smtp.listen)}[/] (SMTP), for {plain(address)}")
    if settings.lmtp.listen:
        out.print(f"             {plain(settings.lmtp.listen)} (LMTP)")
    if settings.delivery.smarthost:
        out.print(f"  mail out   {plain(settings.delivery.smarthost)}")
    else:
        out.print(f"  mail out   {plain(str(settings.delivery.folder))}/*.eml  [dim]until a smarthost is set[/]")
    out.print("\n  [bold]Try, in another terminal:[/]\n")
    host, _, port = settings.smtp.listen.rpartition(":")
    if port.isdecimal():
        out.print(
            f"    curl -s smtp://{host}:{port} --mail-from ana@example.org --mail-rcpt {address} \\\n"
            f"      --upload-file examples/first-mail.eml",
            markup=False,
        )
    command = ".venv/bin/gateway" if found.path is None or found.path.name == "settings.toml" else "gateway"
    out.print(f"    {command} tickets\n    {command} ticket 1\n    {command} outbox\n", markup=False)
    out.print("  Ctrl-C ends it; what was begun is finished.\n", style="dim")
