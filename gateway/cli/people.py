"""`gateway people`: the list of people, and its import."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import view
from gateway.cli.common import AsJson, SettingsFile, err, now, opened, out, plain, show, told
from gateway.errors import GatewayError
from gateway.work.people_import import Line, Outcome, Report, import_people

people = typer.Typer(help="List the people, a line for each address; or import them.", invoke_without_command=True)


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
        report = import_people(office, _read(file), now=now(), dry_run=dry_run, partial=partial)
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
