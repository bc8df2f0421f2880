"""Commands about the breaker: what it holds, and its release."""

from typing import Annotated

import typer

from gateway.cli.common import AsJson, SettingsFile, by_hand, now, opened, out, show, told
from gateway.errors import GatewayError
from gateway.work import breaker as breaking

breaker = typer.Typer(
    add_completion=False, help="Letters to new senders that wait for a decision.", invoke_without_command=True
)


@breaker.callback()
def shown(context: typer.Context, as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """Say whether letters to new senders wait, since when, and why."""
    if context.invoked_subcommand is not None:
        return
    with told(), opened(settings) as office:
        rows = [
            {
                "domain": one.domain or None,
                "letters": one.letters,
                "tripped_at": one.breaker.tripped_at.isoformat().replace("+00:00", "Z"),
                "why": one.breaker.why,
            }
            for one in breaking.waiting(office)
        ]
        columns = ("tripped_at", "letters", "domain", "why")
        show(rows, as_json=as_json, columns=columns, empty="The breaker is off: no letter waits for a decision.")


@breaker.command()
def release(
    domain: Annotated[str, typer.Argument(help="Only the breaker of this domain; without it all that are on.")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="Do not send what waits: machines wrote.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Answer new senders again, and send what waits, little by little."""
    with told(), opened(settings) as office:
        count, letters = breaking.release(office, domain=domain.casefold(), send=not drop, by=by_hand(), now=now())
        if not count:
            raise GatewayError(f"no breaker is on{f' for {domain}' if domain else ''}; `gateway breaker` lists them")
        done = "dropped" if drop else "let go, at half the pace of [caps] new_senders"
        out.print(f"released; {letters} {'letter' if letters == 1 else 'letters'} {done}", markup=False)
