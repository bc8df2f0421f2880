"""`gateway log`: every change, who did it, when, and by which mail."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from gateway.cli.common import AsJson, Newest, SettingsFile, instant, now, opened, out, plain, show, told
from gateway.desk.event_words import what, who
from gateway.store import listings
from gateway.work.event_log import Logged, events

_EMPTY = "No such event."


def log(
    ticket: Annotated[int | None, typer.Option(help="Only what happened to a ticket.")] = None,
    person: Annotated[str, typer.Option(help="Only what this person did, and what was done to them.")] = "",
    since: Annotated[str, typer.Option(help="Only from this time on: 2026-11-01, or 2026-11-01T08:00+00:00.")] = "",
    until: Annotated[str, typer.Option(help="Only until before this time.")] = "",
    newest: Newest = 0,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Show the event log: when, who, what, and by which mail. Nothing in it is ever changed or taken away.

    That somebody only read something is shown with --ticket, --person, or --json.
    """
    with told(), opened(settings) as office:
        found = events(
            office,
            ticket=ticket,
            person=person,
            since=instant(since) if since else None,
            until=instant(until) if until else None,
            newest=newest,
            reading=as_json or bool(person) or ticket is not None,
        )
        if as_json:
            show((_row(one) for one in found), as_json=True, columns=(), empty="")
            return
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), expand=out.is_terminal)
        table.add_column("when", no_wrap=True)
        if ticket is None:
            table.add_column("about", overflow="fold", max_width=22 if out.is_terminal else None)
        table.add_column("who", overflow="fold", max_width=24 if out.is_terminal else None)
        table.add_column("what", overflow="fold", ratio=1 if out.is_terminal else None)
        table.add_column("by", overflow="fold", max_width=16 if out.is_terminal else None)
        for one in found:
            about = [] if ticket is not None else [plain(_about(one))]
            table.add_row(_when(one.at), *about, plain(_who(one)), plain(_what(one)), plain(one.cause))
        if table.row_count:
            out.print(table)
        else:
            out.print(_EMPTY, style="dim")


def _row(one: Logged) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": listings.instant(one.at),
        "ticket": one.ticket,
        "person": one.person or None,
        "who": _who(one),
        "actor": one.actor or None,
        "actor_kind": one.actor_kind,
        "action": one.action,
        "what": _what(one),
        "data": one.data,
        "cause": one.cause,
    }


def _when(at: datetime) -> str:
    """To the minute, in UTC; with the year when it is not this one."""
    return f"{at:%m-%d %H:%M}" if at.year == now().year else f"{at:%Y-%m-%d %H:%M}"


def _about(one: Logged) -> str:
    return f"#{one.ticket}" if one.ticket is not None else one.person


def _who(one: Logged) -> str:
    return who(one.actor_kind, one.actor_name, one.actor)


def _what(one: Logged) -> str:
    return what(one.action, one.data, one.names)
