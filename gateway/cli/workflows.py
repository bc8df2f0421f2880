"""Commands about workflows: list, check, show, simulate."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from gateway.cli.common import AsJson, SettingsFile, loaded, now, out, plain, show, told
from gateway.desk.areas import open_desk
from gateway.desk.calendars import calendars_of
from gateway.desk.drawing import mermaid, svg
from gateway.desk.duration import parse
from gateway.desk.simulation import Given, simulate
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import nearest
from gateway.desk.workflow_load import load, presets
from gateway.errors import GatewayError

workflow = typer.Typer(
    add_completion=False, help="Workflows: which there are, what is wrong with one, what it does over time."
)

Name = Annotated[str, typer.Argument(help="A preset, or the path of a workflow file.")]
SHOWN = ("table", "mermaid", "svg")


@workflow.command("list")
def listed(as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the presets, and the workflows of the areas."""
    with told():
        areas = open_desk(loaded(settings).settings).areas.values()
        names = dict.fromkeys((*presets(), *(area.workflow.name for area in areas)))
        rows = [
            {"name": name, "preset": name in presets(), "areas": [a.name for a in areas if a.workflow.name == name]}
            for name in names
        ]
    show(rows, as_json=as_json, columns=("name", "preset", "areas"), empty="None.")


@workflow.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(help="Presets, or paths of workflow files; without them those of the areas.")
    ] = None,
    settings: SettingsFile = None,
) -> None:
    """Say what is wrong with workflows, with file and line. Exit code 1 when something is."""
    with told():
        for name in names or dict.fromkeys(area.workflow for area in loaded(settings).settings.area):
            found = load(name)
            counts = f"{len(found.states)} states, {len(found.transitions)} transitions, {len(found.timers)} timers"
            out.print(f"{name}: {counts}; nothing is wrong with it", markup=False)


@workflow.command("show")
def shown(
    name: Annotated[
        str, typer.Argument(help="A preset, or the path of a workflow file; without it that of the first area.")
    ] = "",
    form: Annotated[str, typer.Option("--as", help="table, mermaid, or svg.")] = "table",
    language: Annotated[str, typer.Option(help="es, en, pt.")] = "en",
    settings: SettingsFile = None,
) -> None:
    """Show a workflow: its states with what leads from each, or its picture."""
    with told():
        found = load(name or loaded(settings).settings.area[0].workflow)
        if form not in SHOWN:
            raise GatewayError(f"--as {form}: it can be {', '.join(SHOWN)}")
        if form != "table":
            sys.stdout.write(mermaid(found, language=language) if form == "mermaid" else svg(found, language=language))
            return
        table = Table(box=None, pad_edge=False)
        for column in ("state", "kind", "label", "what is done in it", "time"):
            table.add_column(column, overflow="fold")
        for state in found.states:
            steps = [
                f"{row.action}{f' → {row.to}' if row.to else ''}"
                for row in found.transitions
                if state.name in row.from_states
            ]
            clock = [
                f"{rule.after}: {rule.name}{f' → {rule.to}' if rule.to else ''}"
                for rule in found.timers
                if state.name in rule.states and rule.ahead is None
            ]
            table.add_row(
                state.name,
                state.kind.value,
                plain(state.labels.get(language, state.labels["en"])),
                "\n".join(steps) or "–",
                plain("\n".join(clock)) if not clock else "\n".join(plain(one) for one in clock),
                end_section=True,
            )
        out.print(table)


@workflow.command("simulate")
def simulated(
    name: Name,
    then: Annotated[
        list[str] | None,
        typer.Option("--then", help='What happens, and how long after the one before: "1 hour: solve".'),
    ] = None,
    calendar: Annotated[str, typer.Option(help="A [[calendar]] of the settings; empty: always open.")] = "",
    start: Annotated[datetime | None, typer.Option(help="When the ticket comes in (UTC); without it: now.")] = None,
    nature: Annotated[str, typer.Option(help="incident, request, question.")] = "",
    category: Annotated[str, typer.Option(help="Its category.")] = "",
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Show what happens to a ticket over time: its states and letters, if nobody answers or as given."""
    with told():
        found = load(name)
        calendars = calendars_of(loaded(settings).settings)
        if calendar not in calendars:
            raise GatewayError(f"--calendar {calendar}: there is no [[calendar]] of this name in the settings")
        begin = start.replace(tzinfo=UTC) if start is not None else now()
        moments = simulate(
            found,
            calendars[calendar],
            start=begin,
            given=[_given(one) for one in then or ()],
            nature=nature or None,
            category=category,
        )
    zone = calendars[calendar].zone
    for one in moments:
        local = one.at.astimezone(zone)
        if as_json:
            row = {"at": one.at.isoformat(), "what": one.what, "state": one.state, "priority": one.priority}
            letters = [{"to": to, "letter": letter} for to, letter in one.letters]
            sys.stdout.write(json.dumps({**row, "letters": letters, "refused": one.refused}) + "\n")
            continue
        letters_said = ", ".join(f"{letter} → {to}" for to, letter in one.letters)
        out.print(
            f"[dim]{local:%Y-%m-%d %a %H:%M}[/]  {plain(one.what):<34} [cyan]{plain(one.state):<18}[/] {letters_said}"
        )
        if one.refused:
            out.print(f"{'':18}[yellow]{plain(one.refused)}[/]")


def _given(written: str) -> Given:
    wait, colon, rest = written.partition(":")
    words = rest.split()
    if not colon or not words:
        raise GatewayError(f'--then {written}: write it as "2 business days: solve" or "1 hour: move state=joint"')
    names: list[Action | Happening] = [*Action, *(one for one in Happening if one is not Happening.RECEIVED)]
    action = next((one for one in names if one == words[0]), None)
    if action is None:
        near = nearest(words[0], names)
        raise GatewayError(f"--then {written}: nothing is called {words[0]}" + (f"; {near}?" if near else ""))
    try:
        after = parse(wait.strip())
    except ValueError as error:
        raise GatewayError(f"--then {written}: {error}") from error
    parameters = dict(pair.split("=", 1) for pair in words[1:] if "=" in pair)
    return Given(after, action, parameters)
