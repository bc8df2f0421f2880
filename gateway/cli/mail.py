"""Commands about mail: take it in, explain it, read the reply in it, try it again."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from gateway.cli import sources
from gateway.cli.common import AsJson, SettingsFile, by_hand, err, loaded, now, number_of, opened, out, plain, told
from gateway.errors import GatewayError
from gateway.inbound.arrivals import Arrival
from gateway.inbound.parse import parse
from gateway.store.session import temporary
from gateway.threading.quotes import Reply, read_reply
from gateway.work import explain as explaining
from gateway.work import retry
from gateway.work.accept import accept
from gateway.work.office import Office
from gateway.work.promote import promote as make_tickets

NO_SUCH_RECIPIENT = 67
NOT_A_MAIL = 65
BATCH = 100


def ingest(
    paths: Annotated[
        list[str] | None, typer.Argument(help=".eml files, folders, Maildirs, mboxes; - for standard input.")
    ] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="Recipient, as in the envelope.")] = None,
    sender: Annotated[str | None, typer.Option("--from", help="Return path, as in the envelope; '' is <>.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Take mail in from files or a pipe. Exit code 0: kept; 75: try again; 67: no such recipient; 65: not a mail."""
    with told(), opened(settings) as office:
        for recipient in to or ():
            if office.rules.desk.area_of(recipient) is None:
                err.print(f"{recipient} is none of our addresses", markup=False)
                raise typer.Exit(NO_SUCH_RECIPIENT)
        found: Iterator[sources.Found] = (one for path in paths or ["-"] for one in sources.find(path))
        if sys.stderr.isatty():
            found = iter(track(found, description="taking in", console=err, transient=True))
        kept = 0
        while batch := list(islice(found, BATCH)):
            for one in batch:
                if not one.raw.strip():
                    err.print(f"{one.where}: there is nothing in it", markup=False)
                    raise typer.Exit(NOT_A_MAIL)
            kept += len(_accept(office, [_arrival(office, one, to, sender) for one in batch]))
        if paths and paths != ["-"]:
            out.print(f"{kept} {'mail' if kept == 1 else 'mails'} kept")


def _accept(office: Office, arrivals: list[Arrival]) -> list[str]:
    try:
        return accept(office, arrivals)
    except Exception as error:
        if temporary(error):
            raise GatewayError(f"the database cannot keep mail now: {error}".splitlines()[0]) from error
        raise


def _arrival(office: Office, one: sources.Found, to: list[str] | None, sender: str | None) -> Arrival:
    limits = office.settings.limits
    return Arrival(
        source="ingest",
        raw=one.raw,
        envelope_from=None if sender is None else sender.strip("<>"),
        recipients=tuple(to) if to else sources.recipients(one.raw, office.rules.desk, limits),
        received_at=sources.received_at(one.raw, limits, now=now()) if one.past else now(),
    )


def explain(
    what: Annotated[str, typer.Argument(help="A file, - for standard input, or a mail's id such as m-12.")],
    to: Annotated[list[str] | None, typer.Option("--to", help="Recipient, as in the envelope.")] = None,
    sender: Annotated[str | None, typer.Option("--from", help="Return path, as in the envelope.")] = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Say how a mail would be judged, or was: verdict, stage, reasons, facts. Writes nothing."""
    with told(), opened(settings) as office:
        if what.startswith("m-") and not Path(what).exists():
            explained = explaining.was(office, number_of(what, "m"))
            if not explained:
                raise GatewayError(f"there is no mail {what}; `gateway mails` lists them")
        else:
            explained = [
                one
                for found in sources.find(what)
                for one in explaining.would_be(office, _arrival(office, found, to, sender), now=now())
            ]
    for one in explained:
        if as_json:
            row = {"recipient": one.recipient, "verdict": one.verdict, "stage": one.stage, "reasons": one.reasons}
            spans = [{"start": s, "end": e, "kind": k, "reason": r} for s, e, k, r in one.spans]
            forward = asdict(one.forward) if one.forward else None
            trail = [{"at": at, "what": sentence} for at, sentence in one.trail]
            found = row | {"facts": one.facts, "spans": spans, "forward": forward, "trail": trail}
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            continue
        out.print(f"[bold]{plain(one.verdict)}[/]  [dim]for[/] {plain(one.recipient)}")
        out.print(f"  [dim]stage[/]   {plain(one.stage)}")
        for reason in one.reasons:
            out.print(f"  [dim]reason[/]  {plain(reason)}")
        for name, value in one.facts.items():
            if value is not None:
                out.print(f"  [dim]{name.replace('_', ' ')}[/]  {plain(value)}")
        for start, end, kind, reason in one.spans:
            out.print(f"  [dim]text[/]  {start} to {end}: {plain(kind)}, {plain(reason)}")
        if one.forward:
            written_by = " ".join(filter(None, (one.forward.name, one.forward.address)))
            out.print(f"  [dim]forwards what was written by[/]  {plain(written_by)}")
        for at, sentence in one.trail:
            out.print(f"  [dim]{at[:19]}Z[/]  {plain(sentence)}", soft_wrap=True)


def reply_text(
    files: Annotated[list[Path], typer.Argument(help="Mails (.eml), or bodies (.txt, .html).", exists=True)],
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Show the reply that a person would read in each file, without what is quoted."""
    with told():
        limits = loaded(settings).settings.limits
        for file in files:
            raw = file.read_bytes()
            if file.suffix in (".html", ".htm"):
                reply = read_reply(raw.decode("utf-8", "replace"), "html")
            elif file.suffix == ".txt":
                reply = read_reply(raw.decode("utf-8", "replace"), "plain")
            else:
                mail = parse(raw, limits)
                html = mail.text_format == "html"
                body = mail.raw_html if html else mail.text
                reply = read_reply(body, "html" if html else "plain", subject=mail.subject)
            if as_json:
                row = {"file": str(file), "text": reply.new_text, "elided": reply.elided, "whole": reply.text}
                sys.stdout.write(json.dumps(row | _reading(reply), ensure_ascii=False) + "\n")
                continue
            if len(files) > 1:
                out.print(f"── {plain(str(file))}", style="dim")
            nothing_new = "(all of it is quoted; --json shows the whole)" if reply.all_quoted else ""
            sys.stdout.write((reply.new_text or nothing_new) + "\n")


def _reading(reply: Reply) -> dict[str, Any]:
    """What was found in a text: stretches of it by their first and last characters, and who wrote what it forwards."""
    spans = [{"start": one.start, "end": one.end, "kind": one.kind.value, "reason": one.reason} for one in reply.spans]
    return {"spans": spans, "forward": asdict(reply.forward) if reply.forward else None}


def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of parked mails, such as m-12.")] = None,
    every: Annotated[bool, typer.Option("--all-parked", help="All that are parked.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Judge parked mails again, as if they had never been tried. The ticket of each goes on with it."""
    with told(), opened(settings) as office:
        if bool(ids) == every:
            raise GatewayError("name the mails, such as m-12, or say --all-parked")
        wanted = [f"m-{number}" for number in retry.parked(office)] if every else ids or []
        missing = []
        for written in wanted:
            number = retry.replay(office, number_of(written, "m"), now=now(), cause=by_hand())
            if number:
                said = "delivery" if number == 1 else "deliveries"
                out.print(f"{written}: {number} {said} pending again", markup=False)
            else:
                missing.append(written)
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            raise GatewayError(f"{', '.join(missing)} {verb} not parked; `gateway mails --parked` lists those that are")
        if not wanted:
            out.print("Nothing is parked.", style="dim")


def promote(
    ids: Annotated[list[str], typer.Argument(help="Ids of automatic mails, such as m-12.")],
    settings: SettingsFile = None,
) -> None:
    """Make a ticket of an automatic mail that made none. Its sender is not answered."""
    with told(), opened(settings) as office:
        for written in ids:
            number = make_tickets(office, number_of(written, "m"), now=now(), cause=by_hand())
            if not number:
                raise GatewayError(
                    f"{written} cannot be promoted: `gateway mails` says which are automatic, and their bytes are kept"
                    f" {office.settings.retention.automatic_days} days"
                )
            out.print(f"{written}: {number} {'delivery' if number == 1 else 'deliveries'} pending again", markup=False)
