"""`gateway suppressions`: addresses that get no letters any more, and how they are released."""

from typing import Annotated

import typer

from gateway.cli.common import AsJson, SettingsFile, by_hand, now, opened, out, show, told
from gateway.errors import GatewayError
from gateway.work import release as releasing

suppressions = typer.Typer(
    add_completion=False,
    help="List the addresses that get no letters any more, because mail to them came back; or release them.",
    invoke_without_command=True,
)


@suppressions.callback()
def listed(context: typer.Context, as_json: AsJson = False, settings: SettingsFile = None) -> None:
    if context.invoked_subcommand is not None:
        return
    with told(), opened(settings) as office:
        columns = ("address", "since", "failures", "not_sent", "reason")
        show(releasing.suppressed(office), as_json=as_json, columns=columns, empty="Letters go to every address.")


@suppressions.command()
def release(
    context: typer.Context,
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="ADDRESS…", help="Addresses that work again.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them: after a fault of our own, say.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Let letters go to these addresses again; those of the last two weeks that were not sent go now."""
    before = context.parent.params if context.parent else {}
    with told(), opened(settings or before.get("settings")) as office:
        if bool(addresses) == every:
            raise GatewayError("name the addresses, or say --all")
        wanted = [row["address"] for row in releasing.suppressed(office)] if every else addresses or []
        for address, number in releasing.release(office, wanted, now=now(), cause=by_hand()):
            out.print(
                f"{address} released; {number} {'letter goes' if number == 1 else 'letters go'} now", markup=False
            )
