"""What the commands share: the settings option, how the office is opened, and how rows and errors are shown."""

import json
import os
import pwd
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gateway import log
from gateway.errors import GatewayError
from gateway.settings_load import Loaded, load_settings
from gateway.work.office import Office, open_office

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="settings.toml to use (or GATEWAY_SETTINGS).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")]
Newest = Annotated[int, typer.Option("--last", min=0, help="Only the newest so many; 0 for all.")]

# Into a pipe or a file nothing is cut off.
UNCUT = 400
out = Console(highlight=False, width=None if sys.stdout.isatty() else UNCUT)
err = Console(stderr=True, highlight=False)


def now() -> datetime:
    return datetime.now(UTC)


def by_hand() -> str:
    """The cause that events of a command have: that it was one, and of which account of this machine."""
    number = os.getuid()
    try:
        account = pwd.getpwuid(number).pw_name
    except KeyError:
        # A container may run as a number that no account has.
        account = str(number)
    behind = os.environ.get("SUDO_USER", "")
    return f"the command line: {behind} as {account}" if behind else f"the command line: {account}"


def loaded(path: Path | None) -> Loaded:
    found = load_settings(path)
    log.configure(found.settings.log.format, found.settings.log.level)
    return found


@contextmanager
def opened(path: Path | None) -> Iterator[Office]:
    """The office for one command, closed after it."""
    office = open_office(loaded(path).settings)
    try:
        yield office
    finally:
        office.close()


@contextmanager
def told(code: int = 1) -> Iterator[None]:
    """An error for a person instead of a traceback: what is wrong, where, and what to do; and this exit code."""
    try:
        yield
    except GatewayError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(code) from None
    except BrokenPipeError:
        # `gateway mails | head` is no fault.
        sys.stderr.close()
        raise typer.Exit(0) from None


def show(rows: Iterable[dict[str, Any]], *, as_json: bool, columns: Sequence[str], empty: str) -> None:
    """Rows as JSON lines, or as a table of some of their columns."""
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), expand=out.is_terminal)
    for name in columns:
        # The last column is words of any length; the others are looked for, and so are whole where there is room.
        last = name == columns[-1]
        # Widths are of the cells, not of the headings, which may be cut.
        table.add_column(name.removesuffix("_at"), no_wrap=True, overflow="ellipsis", ratio=1 if last else None)
    for row in rows:
        table.add_row(*(_cell(name, row.get(name)) for name in columns))
    if table.row_count:
        out.print(table)
    else:
        out.print(empty, style="dim")


def _cell(name: str, value: object) -> str:
    """A time to the minute, an address without its token; everything else as it is."""
    if name.endswith("_at") and value:
        return str(value)[5:16].replace("T", " ")
    if name == "recipient":
        return re.sub(r"\+r\.[^@]*", "+r.…", plain(value))
    return plain(value)


def plain(value: object) -> str:
    """A value as a cell of a table: what a mail says moves no terminal and is no markup."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    text = str(value)
    return "".join(one if one.isprintable() else " " for one in text).replace("[", r"\[")


def number_of(written: str, letter: str) -> int:
    """12 of `m-12` or of `12`."""
    digits = written.removeprefix(f"{letter}-")
    if not digits.isdecimal():
        raise GatewayError(f"{written} is no id: it looks like {letter}-12")
    return int(digits)


def instant(written: str | None, otherwise: Callable[[], datetime] = now) -> datetime:
    """An ISO 8601 time; one without a zone is in UTC."""
    if written is None:
        return otherwise()
    try:
        value = datetime.fromisoformat(written)
    except ValueError:
        raise GatewayError(f"{written} is no time: write it as 2026-11-22T17:59:00+00:00") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
