"""Commands that show: mails, tickets, one ticket, letters, people."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from gateway.cli.common import AsJson, Newest, SettingsFile, instant, now, number_of, opened, out, plain, show, told
from gateway.desk.away import open_ended
from gateway.errors import GatewayError
from gateway.work import forecast as forecasting
from gateway.work import read, viewing


def mails(
    parked: Annotated[bool, typer.Option("--parked", help="Only those that a human has to look at.")] = False,
    verdict: Annotated[str, typer.Option(help="Only those: ticket, reply, delivery report, automatic, …")] = "",
    sender: Annotated[str, typer.Option(help="Only those of an address, or of a domain: @example.org.")] = "",
    ticket: Annotated[int | None, typer.Option(help="Only those of a ticket.")] = None,
    export: Annotated[str, typer.Option("--export", help="Write this mail as it came, such as m-12.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file for --export; without it: standard output.")
    ] = None,
    newest: Newest = 0,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """List the mails, a line for each delivery, with what became of it; or write one as it came."""
    with told(), opened(settings) as office:
        if export:
            _write(read.original(office, number_of(export, "m")), output)
            return
        if output is not None:
            raise GatewayError("--output is for --export: name the mail, such as --export m-12")
        status = "parked" if parked else ""
        rows = read.mails(office, status=status, verdict=verdict, sender=sender, ticket=ticket, newest=newest)
        columns = ("id", "received_at", "status", "verdict", "ticket", "recipient", "reasons")
        empty = "No such mail." if parked or verdict or sender or ticket is not None else "No mail yet."
        show(rows, as_json=as_json, columns=columns, empty=empty)


def tickets(
    view: Annotated[str, typer.Option(help="Only those: attend, quiet, overdue, mine, created.")] = "",
    by: Annotated[str, typer.Option("--by", help="As this person of the desk sees them.")] = "",
    tag: Annotated[str, typer.Option(help="Only those with a tag.")] = "",
    area: Annotated[str, typer.Option(help="Only those of an area.")] = "",
    newest: Newest = 0,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """List the tickets; `--view` those that somebody has to look at."""
    with told(), opened(settings) as office:
        where = viewing.chosen(office, view=view, by=by, tag=tag, area=area, now=now())
        columns = ("number", "updated_at", "state", "priority", "area", "requester", "owner", "subject")
        empty = "No such ticket." if where else "No tickets yet."
        rows = read.tickets(office, newest=newest, where=where)
        show(rows if as_json else map(_with_group, rows), as_json=as_json, columns=columns, empty=empty)


def _with_group(row: dict[str, Any]) -> dict[str, Any]:
    """While nobody of it has it, a group stands in the place of the owner."""
    return row | {"owner": row["owner"] or (row["group"] and f"group {row['group']}")}


def outbox(
    status: Annotated[str, typer.Option(help="Only those: pending, sent, refused, given up, returned.")] = "",
    newest: Newest = 0,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """List the letters with what became of them."""
    with told(), opened(settings) as office:
        if office.settings.delivery.hold and not as_json:
            out.print("All outgoing mail is held: [delivery] hold is true.", style="yellow", markup=False)
        columns = ("id", "status", "ticket", "letter", "to", "subject")
        show(read.letters(office, status=status, newest=newest), as_json=as_json, columns=columns, empty="No letters.")


def forecast(
    days: Annotated[int, typer.Option(help="How far to look.", min=1, max=365)] = 7,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """List who will get which letter when, if nothing else happens."""
    with told(), opened(settings) as office:
        begin = now()
        rows = [
            {
                "at": one.at.isoformat(timespec="seconds"),
                "to": one.to,
                "letter": one.letter,
                "ticket": one.ticket,
                "state": one.state,
                "why": one.why,
            }
            for one in forecasting.forecast(office, now=begin, until=begin + timedelta(days=days))
        ]
    columns = ("at", "to", "letter", "ticket", "state", "why")
    show(rows, as_json=as_json, columns=columns, empty=f"Nothing in the next {days} days.")


def people(as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the people, a line for each address."""
    with told(), opened(settings) as office:
        columns = ("address", "name", "state", "role", "areas", "away", "language", "organisation")
        rows = read.people(office)
        show(rows if as_json else map(_with_away, rows), as_json=as_json, columns=columns, empty="Nobody yet.")


def _with_away(row: dict[str, Any]) -> dict[str, Any]:
    """With until when somebody is away, in UTC as all times of a list; an absence that is over is none."""
    until = None if row["absent_until"] is None else datetime.fromisoformat(row["absent_until"])
    if until is None or until <= now():
        return row | {"away": ""}
    return row | {"away": "yes" if open_ended(until.date()) else f"until {until:%Y-%m-%d %H:%M}"}


def ticket(
    number: Annotated[int, typer.Argument(help="The ticket's number.")],
    whole: Annotated[
        bool, typer.Option("--whole", help="With the quoted text, signatures, and pictures shown before.")
    ] = False,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Show one ticket: its conversation with quotes folded, its events and timers."""
    with told(), opened(settings) as office:
        row = read.ticket(office, number)
    if as_json:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    out.print(f"[bold]#{row['number']}  {plain(row['subject'])}[/]")
    facts = (
        *("state", "area", "category", "nature", "priority", "requester", "organisation"),
        *("owner", "group", "tags", "due_at"),
    )
    out.print("  ".join(f"[dim]{name}[/] {plain(row[name])}" for name in facts if row[name]))
    if not row["verified"]:
        out.print("sender not confirmed", style="yellow")
    if row["storm"]:
        mails = f"{len(row['messages'])} mails of an address that sent too many"
        out.print(f"a storm: this ticket keeps {mails}", style="yellow")
    if row["muted_until"] and instant(row["muted_until"]) > now():
        out.print(f"muted until {row['muted_until']}: nearly equal mails kept coming", style="yellow")
    for link in row["links"]:
        out.print(f"[dim]{_LINKS.get((link['kind'], link['direction']), plain(link['kind']))}[/] #{link['ticket']}")
    for one in row["participants"]:
        part = "asked aside" if one["role"] == "consulted" else "participant"
        out.print(f"[dim]{part}[/] {plain(one['name'])} {plain(one['address'])}".replace("  ", " "))
    for message in row["messages"]:
        marks = [message["kind"], *([] if message["public"] else ["internal"]), *message["flags"]]
        out.print(f"\n[cyan]{plain(message['author'])}[/]  [dim]{message['at']}  {plain(marks)}[/]")
        out.print(_shown(message["text"]) or "[dim](nothing new)[/]")
        if message["elided"]:
            folded = escape(_shown(message["elided"])) if whole else f"… {len(message['elided'])} characters folded"
            out.print(folded, style="dim")
        for file in (one for one in message["attachments"] if whole or not one["repeated"]):
            out.print(f"  [dim]attached:[/] {plain(file['name'])}  {plain(file['type'])}, {file['size']} bytes")
    out.print()
    for event in row["events"]:
        data = "  ".join(f"{name}={plain(value)}" for name, value in event["data"].items())
        out.print(f"[dim]{event['at']}[/]  {plain(event['action'])}  {plain(event['actor'])}  [dim]{data}[/]")
    if row["overdue"]:
        out.print(f"overdue: {plain(row['overdue'])}", style="yellow")
    for timer in row["timers"]:
        out.print(f"[dim]{timer['due_at']}[/]  due: {plain(timer['rule'])}")


_LINKS = {
    ("suspect", "to"): "possible duplicate of",
    ("suspect", "from"): "has a possible duplicate:",
    ("duplicate", "to"): "duplicate of",
    ("duplicate", "from"): "has a duplicate:",
    ("follow_up", "to"): "follows",
    ("follow_up", "from"): "followed by",
    ("split", "to"): "split from",
    ("split", "from"): "split into",
    ("same_mail", "to"): "from the same mail as",
    ("same_mail", "from"): "from the same mail as",
    ("related", "to"): "related to",
    ("related", "from"): "related to",
    ("hint", "to"): "perhaps about",
    ("hint", "from"): "perhaps meant by",
}


def _shown(text: str) -> str:
    """Mail text on a terminal: line breaks stay, control characters and markup do not."""
    return "\n".join(plain(line.expandtabs()) for line in text.splitlines())


def _write(raw: bytes, output: Path | None) -> None:
    """The bytes as they are; an old file is not written over."""
    if output is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
        return
    try:
        with output.open("xb") as file:
            file.write(raw)
    except FileExistsError:
        raise GatewayError(f"{plain(output)} is there already; name another file") from None
    except OSError as error:
        raise GatewayError(f"{plain(output)} cannot be written: {error.strerror}") from None
