"""Commands about letters: list, show, check, preview."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.common import AsJson, SettingsFile, instant, loaded, now, opened, out, plain, show, told
from gateway.desk.areas import open_desk
from gateway.desk.words import nearest
from gateway.errors import GatewayError
from gateway.files import template_folders
from gateway.outbound.compose import PARTS, Composer
from gateway.outbound.letters import LETTERS
from gateway.outbound.samples import sample
from gateway.outbound.template_check import hints, problems
from gateway.settings import Settings
from gateway.work.preview import values_for_ticket

letters = typer.Typer(
    add_completion=False, help="Letters: which there are, what is wrong with their templates, what they look like."
)

Name = Annotated[str, typer.Argument(help="A letter, as `gateway letters list` names it.")]
Language = Annotated[str, typer.Option(help="es, en, pt, or one of your own; without it that of the reader or area.")]


@letters.command("list")
def listed(as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the letters: in which languages each is there, and which of its files are yours."""
    with told():
        composer = _composer(loaded(settings).settings)
        rows = [
            {
                "letter": name,
                "auto_submitted": kind.auto_submitted or "",
                "languages": [one for one in composer.languages() if composer.language(name, one) == one],
                "yours": [
                    f"{one}/{name}.{part}"
                    for one in composer.languages()
                    for part in PARTS
                    if _file(composer, one, name, part) not in (None, composer.folders[-1])
                ],
                "values": sorted(kind.variables),
            }
            for name, kind in LETTERS.items()
        ]
    columns = ("letter", "auto_submitted", "languages", "yours")
    show(rows, as_json=as_json, columns=columns, empty="No letters.")


@letters.command("show")
def shown(name: Name, language: Language = "", settings: SettingsFile = None) -> None:
    """Show a letter's templates, where each is, and the values that they get."""
    with told():
        found = loaded(settings).settings
        composer = _composer(found)
        chosen = _chosen(composer, name, language or _language(found))
        out.print(f"values: {', '.join(sorted(LETTERS[name].variables))}", markup=False)
        for part in PARTS:
            folder = _file(composer, chosen, name, part)
            assert folder is not None, "the language was chosen because all parts are there"
            path = folder / chosen / f"{name}.{part}"
            out.print(f"\n[bold]{plain(path)}[/]", soft_wrap=True)
            sys.stdout.write(path.read_text("utf-8"))
            sys.stdout.flush()


@letters.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Your templates; without it [letters] folder.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Say what is wrong with templates: faults, unknown values, missing parts; and what they may have forgotten.

    Exit code 1 when something is wrong.
    """
    with told():
        own = folder.absolute() if folder is not None else loaded(settings).settings.letters.folder
        composer = Composer(template_folders(own))
        faults = list(problems(composer))
        for fault in faults:
            out.print(f"[red]✗[/] {plain(fault)}", soft_wrap=True)
        for hint in hints(composer):
            out.print(f"[yellow]·[/] {plain(hint)}", soft_wrap=True)
        if not faults:
            where = f" of {own}" if own else ""
            out.print(f"nothing is wrong with the templates{where}", markup=False, soft_wrap=True)
        raise typer.Exit(1 if faults else 0)


@letters.command()
def preview(
    name: Name,
    language: Language = "",
    html: Annotated[str, typer.Option(help="Write it as HTML into this file; - for standard output.")] = "",
    ticket: Annotated[int, typer.Option(help="The number of a ticket, for real values; else believable ones.")] = 0,
    values: Annotated[list[str] | None, typer.Option("--set", help="A value: kind=overdue, call=last, best=0.")] = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
) -> None:
    """Show what a letter looks like, as subject and plain text, or as HTML."""
    with told():
        found = loaded(settings).settings
        composer = _composer(found)
        _known(name)
        if ticket:
            with opened(settings) as office:
                given = values_for_ticket(office, name, ticket, language=language, now=now())
            language = str(given["language"])
        else:
            language = language or _language(found)
            given = sample(name, language) | {"desk": open_desk(found).first().from_name}
        chosen = _chosen(composer, name, language)
        rendered = composer.render(name, chosen, given | _changes(name, values or ()))
        if html == "-":
            sys.stdout.write(rendered.html)
        elif html:
            try:
                Path(html).write_text(rendered.html, "utf-8")
            except OSError as error:
                raise GatewayError(f"--html {html}: {error.strerror}") from error
            out.print(f"written to {html}: {rendered.subject}", markup=False, soft_wrap=True)
        elif as_json:
            row = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html, "language": chosen}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"Subject: {rendered.subject}\n\n{rendered.text}")


def _composer(settings: Settings) -> Composer:
    return Composer(template_folders(settings.letters.folder))


def _language(settings: Settings) -> str:
    return open_desk(settings).first().language


def _known(name: str) -> None:
    if name not in LETTERS:
        near = nearest(name, LETTERS)
        raise GatewayError(
            f"there is no letter {name}" + (f"; {near}?" if near else f"; there are: {', '.join(LETTERS)}")
        )


def _chosen(composer: Composer, name: str, language: str) -> str:
    """The language's own templates or an error: what is shown is never another language's."""
    _known(name)
    chosen = composer.language(name, language)
    if chosen.casefold() != language.casefold() and not language.casefold().startswith(f"{chosen.casefold()}-"):
        there = [one for one in composer.languages() if composer.language(name, one) == one]
        raise GatewayError(f"the letter {name} is not there in {language}; it is in: {', '.join(there)}")
    return chosen


def _file(composer: Composer, language: str, name: str, part: str) -> Path | None:
    """The folder whose file wins."""
    return next((one for one in composer.folders if (one / language / f"{name}.{part}").is_file()), None)


def _changes(letter: str, written: list[str] | tuple[str, ...]) -> dict[str, object]:
    """What was given by --set, each as what its value is."""
    changes: dict[str, object] = {}
    known = sample(letter)
    for one in written:
        name, equals, value = one.partition("=")
        if not equals or name not in known:
            raise GatewayError(f"--set {one}: write it as NAME=VALUE; {letter} has {', '.join(sorted(known))}")
        changes[name] = _as(known[name], value, one)
    return changes


def _as(like: object, value: str, written: str) -> object:
    match like:
        case bool():
            return value.casefold() in ("yes", "true", "1")
        case int() if value.isdecimal():
            return int(value)
        case datetime():
            return instant(value) if value else None
        case str():
            return value
        case tuple():
            return tuple(filter(None, value.split(","))) if not isinstance(next(iter(like), ""), tuple) else ()
    raise GatewayError(f"--set {written}: it has to be a number")
