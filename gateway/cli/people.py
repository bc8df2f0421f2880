"""`gateway people`: the list of people, and its import; `gateway merge-people`: two of them are one."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import view
from gateway.cli.common import AsJson, SettingsFile, by_hand, err, now, opened, out, plain, show, told
from gateway.errors import GatewayError
from gateway.work import joining
from gateway.work.people_import import CAUSE, Line, Outcome, Report, import_people

people = typer.Typer(
    add_completion=False, help="List the people, a line for each address; or import them.", invoke_without_command=True
)


@people.callback()
def listed(context: typer.Context, as_json: AsJson = False, settings: SettingsFile = None) -> None:
    if context.invoked_subcommand is None:
        view.people(as_json=as_json, settings=settings)


@people.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file; its first line names the columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and write nothing.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Import the other lines when some are refused.")] = False,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Make and change people from a CSV file: all lines or none. Exit code 1 when nothing could be imported."""
    before = context.parent.params if context.parent else {}
    with told(), opened(settings or before.get("settings")) as office:
        cause = f"{CAUSE}, by {by_hand()}"
        report = import_people(office, _read(file), now=now(), dry_run=dry_run, partial=partial, cause=cause)
    if as_json or before.get("as_json"):
        for line in report.lines:
            row = asdict(line)
            sys.stdout.write(json.dumps({"line": row.pop("number"), **row}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    else:
        _show(report)
    for column in report.unread:
        err.print(f"this column is not read: {column}", style="yellow", markup=False)
    refused = report.count(Outcome.REFUSED)
    if refused and not partial:
        err.print(f"{_lines(refused)} refused, so nothing {'would be' if dry_run else 'was'} imported", style="red")
        raise typer.Exit(1)


def merge_people(
    keep: Annotated[str, typer.Argument(help="An address of the person who remains.")],
    other: Annotated[str, typer.Argument(help="An address of the one whose addresses and tickets go over.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go over, and write nothing.")] = False,
    with_roles: Annotated[bool, typer.Option("--with-roles", help="Their roles go over too.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Make one of two persons: what belongs to the other belongs to the first from then on. It cannot be undone."""
    with told(), opened(settings) as office:
        found = joining.merge_people(
            office, keep, other, now=now(), dry_run=dry_run, with_roles=with_roles, cause=by_hand()
        )
    would = "would go" if dry_run else "went"
    out.print(f"{would} over to {keep}: {', '.join(found.addresses)}", markup=False)
    for what, numbers in (("tickets that they asked for", found.tickets), ("tickets that they attend", found.owned)):
        out.print(f"{what}: {', '.join(f'#{number}' for number in numbers) or 'none'}", markup=False)


def _show(report: Report) -> None:
    rows = [_row(line) for line in report.lines if line.outcome is not Outcome.UNCHANGED]
    show(rows, as_json=False, columns=("line", "address", "outcome", "what"), empty="Nothing changes.")
    counted = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome)
    out.print(f"{counted}{'' if report.written else '; nothing written'}", style="bold", markup=False)


def _row(line: Line) -> dict[str, str]:
    changes = ", ".join(f"{name}: {value}" for name, value in line.changes.items())
    return {
        "line": str(line.number),
        "address": line.address,
        "outcome": line.outcome,
        "what": line.reason or changes,
    }


def _lines(number: int) -> str:
    return f"{number} line is" if number == 1 else f"{number} lines are"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise GatewayError(f"{plain(file)} cannot be read: {error.strerror}") from None
