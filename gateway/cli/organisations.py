"""Commands about organisations: make and change one, list them."""

from typing import Annotated

import typer

from gateway.cli.common import AsJson, SettingsFile, by_hand, now, opened, out, plain, show, told
from gateway.work import organisations as organising
from gateway.work.organisations import Comers


def organisation(
    name: Annotated[str, typer.Argument(help="Its name.")],
    domain: Annotated[list[str] | None, typer.Option(help="A domain whose people belong to it.")] = None,
    release: Annotated[list[str] | None, typer.Option(help="A domain of it that is its no more.")] = None,
    rename: Annotated[str, typer.Option(help="Its name from now on.")] = "",
    people: Annotated[
        bool, typer.Option("--people", help="Say who has an address under its domains and does not belong to it.")
    ] = False,
    move: Annotated[bool, typer.Option("--move", help="Let those of them who belong nowhere belong to it.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Make an organisation or change one: its domains, its name, its people."""
    with told(), opened(settings) as office:
        # To look at its people changes nothing, and so makes no organisation that was not there.
        if domain or release or rename or not (people or move):
            name = organising.organise(
                office, name, now=now(), domains=domain or (), released=release or (), rename=rename, cause=by_hand()
            )
            row = next(one for one in organising.listed(office) if one["name"] == name)
            out.print(f"{name}: {', '.join(row['domains']) or 'no domain'}", markup=False)
        if people or move:
            _show(organising.comers(office, name, move=move, now=now(), cause=by_hand()))


def organisations(as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the organisations with their domains, how many people and open tickets they have, and their agents."""
    with told(), opened(settings) as office:
        columns = ("name", "people", "open_tickets", "domains", "agents")
        show(organising.listed(office), as_json=as_json, columns=columns, empty="No organisations yet.")


def _show(found: Comers) -> None:
    for address in found.moved:
        out.print(f"{plain(address)} belongs to it now")
    for address in found.free:
        out.print(f"{plain(address)} belongs to no organisation; --move lets them belong to it")
    for address, other in found.elsewhere:
        out.print(f"{plain(address)} belongs to {plain(other)}, and stays there")
    if found.tickets:
        out.print(f"open tickets that came along: {', '.join(f'#{number}' for number in found.tickets)}", markup=False)
    if not (found.moved or found.free or found.elsewhere):
        out.print("Nobody else has an address under its domains.", style="dim")
