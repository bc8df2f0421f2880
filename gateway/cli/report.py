"""`gateway report`: what a desk did in some days, for the terminal, for programs, and as a page."""

import io
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gateway.cli import report_data, report_page, report_text
from gateway.cli.common import UNCUT, SettingsFile, now, opened, out, told
from gateway.desk.reporting import Report
from gateway.desk.words import LANGUAGES, nearest
from gateway.errors import GatewayError
from gateway.work import report as reporting


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def report(
    since: Annotated[str, typer.Option(help="The first day: 2026-11-01. Without it 30 days before --until.")] = "",
    until: Annotated[str, typer.Option(help="The first day that counts no more. Without it tomorrow.")] = "",
    area: Annotated[str, typer.Option(help="Only of an area.")] = "",
    organisation: Annotated[str, typer.Option(help="Only the tickets of an organisation.")] = "",
    person: Annotated[str, typer.Option(help="Only the work of somebody of the desk, by their address.")] = "",
    tag: Annotated[str, typer.Option(help="Only the tickets with a tag.")] = "",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.TEXT,
    table: Annotated[str, typer.Option(help="Only this table: days, targets, time_by_person, …")] = "",
    language: Annotated[str, typer.Option(help="es, en or pt, for HTML; without it that of the area.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file; for CSV a folder has a file for each table.")
    ] = None,
    settings: SettingsFile = None,
) -> None:
    """Report what the desk did: who works on what, times kept and missed, time spent, escalations, survey."""
    with told(), opened(settings) as office:
        moment = now()
        begin, end = reporting.days(office, _day("--since", since), _day("--until", until), area=area, now=moment)
        found = reporting.made(
            office, since=begin, until=end, now=moment, area=area, organisation=organisation, person=person, tag=tag
        )
        if table and table not in found.tables:
            near = nearest(table, found.tables)
            hint = f"did you mean {near}?" if near else f"there are: {', '.join(found.tables)}"
            raise GatewayError(f"--table {table}: {hint}")
        filters = {"area": area, "organisation": organisation, "person": person, "tag": tag}
        at = office.rules.desk.areas.get(area) or office.rules.desk.first()
        match form:
            case Format.TEXT:
                _text(found, output, filters=filters, table=table)
            case Format.JSON:
                _write(report_data.as_json(found, filters=filters, only=table), output)
            case Format.CSV:
                _csv(found, output, table=table)
            case Format.HTML:
                if table:
                    raise GatewayError("--table is for text, json and csv: a page has all of them")
                page = report_page.page(found, language=_language(language, at.language), desk=at.from_name,
                                        filters=filters)  # fmt: skip
                _write(page, output)


def _text(found: Report, output: Path | None, *, filters: dict[str, str], table: str) -> None:
    if output is None:
        report_text.show(found, out, filters=filters, only=table)
        return
    # Not what the terminal would show: a file has no colours, and no edge.
    page = io.StringIO()
    report_text.show(
        found, Console(file=page, color_system=None, width=UNCUT, highlight=False), filters=filters, only=table
    )
    _write(page.getvalue(), output)


def _csv(found: Report, output: Path | None, *, table: str) -> None:
    if table:
        _write(report_data.as_csv(found, found.tables[table]), output, spreadsheet=True)
        return
    if output is None or not output.is_dir():
        raise GatewayError(
            f"--format csv: name one with --table ({', '.join(found.tables)}), or a folder with --output"
        )
    for one in found.tables.values():
        _write(report_data.as_csv(found, one), output / f"{one.name}.csv", spreadsheet=True)


def _write(text: str, output: Path | None, *, spreadsheet: bool = False) -> None:
    """To standard output, or into a new file; spreadsheets know UTF-8 by the mark before it."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        with output.open("x", encoding="utf-8-sig" if spreadsheet else "utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        advice = "; name another file, or remove it" if isinstance(error, FileExistsError) else ""
        raise GatewayError(f"--output {output}: {error.strerror}{advice}") from error


def _day(option: str, written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise GatewayError(f"{option} {written} is no day: write it as 2026-11-01") from None


def _language(wanted: str, of_the_area: str) -> str:
    """What was asked for, else the area's language; English where the area has one of its own."""
    if wanted and wanted not in LANGUAGES:
        raise GatewayError(f"--language {wanted}: it can be {', '.join(LANGUAGES)}")
    return wanted or (of_the_area if of_the_area in LANGUAGES else "en")
