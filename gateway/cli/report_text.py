"""A report in the terminal, in tables that fit 80 columns."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table as Shown

from gateway.cli.common import plain
from gateway.cli.report_cells import NONE, Reader, words_of
from gateway.desk.event_words import how_long
from gateway.desk.reporting import Report
from gateway.desk.reporting_table import Kind, Table

# The rest of a long table is for `--table` and for files.
MOST = 20
_MOST_DAYS = 70
# What another table says in a smaller room.
_LEFT_OUT = frozenset({"assigned", "first_answers"})
_RIGHT = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.SECONDS, Kind.TICKET})
_WHOLE = frozenset({*_RIGHT, Kind.DAY, Kind.MOMENT})
_LONG = frozenset({Kind.PERSON, Kind.ACTOR, Kind.LABEL, Kind.DURATION})
_NARROW, _WIDE, _MANY = 16, 120, 6


def show(report: Report, console: Console, *, filters: dict[str, str], only: str = "") -> None:
    """All tables that have a row, or only one."""
    zone = ZoneInfo(report.zone)
    reader = Reader(
        report=report,
        language="en",
        words=words_of("en"),
        day=lambda day: day.isoformat(),
        moment=lambda at: f"{at.astimezone(zone):%m-%d %H:%M}",
        number=lambda number: f"{number:,}",
    )
    if only:
        _show(report.tables[only], reader, console, most=0)
        return
    last = report.asked.until - timedelta(days=1)
    console.print(f"[bold]{report.asked.since} to {last}[/]  [dim]{plain(report.zone)}[/]")
    for name, value in filters.items():
        if value:
            console.print(f"[dim]{name}[/] {plain(value)}")
    for line in _totals(report, reader):
        console.print(line)
    for table in report.tables.values():
        if table.rows and table.name not in _LEFT_OUT:
            console.print(f"\n[bold]{plain(reader.title(table))}[/]")
            _show(table, reader, console, most=_MOST_DAYS if table.name == "days" else MOST)


def _totals(report: Report, reader: Reader) -> Iterator[str]:
    said = []
    for name, value in report.totals.items():
        shown = NONE if value is None else how_long(int(value)) if name == "time_spent" else reader.number(value)
        said.append(f"{reader.words['totals'][name]} {shown}")
    for begin in range(0, len(said), 3):
        yield " · ".join(said[begin : begin + 3])


def _show(table: Table, reader: Reader, console: Console, *, most: int) -> None:
    rows = table.rows[:most] if most else table.rows
    if not rows:
        console.print(str(reader.words["nothing"]), style="dim")
        return
    cells = [[plain(reader.cell(cell, one)) for cell, one in zip(row, table.columns, strict=True)] for row in rows]
    apart = 1 if console.width < _WIDE and len(table.columns) > _MANY else 2
    shown = Shown(box=None, pad_edge=False, header_style="dim", padding=(0, apart, 0, 0))
    for place, column in enumerate(table.columns):
        shown.add_column(
            reader.heading(column),
            justify="right" if column.kind in _RIGHT else "left",
            overflow="fold",
            # Figures and times stay whole, their headings may not.
            min_width=max(len(row[place]) for row in cells) if column.kind in _WHOLE else None,
            max_width=_NARROW if console.width < _WIDE and column.kind in _LONG else None,
        )
    for row in cells:
        shown.add_row(*row)
    console.print(shown)
    if len(rows) < len(table.rows):
        left = reader.words["more"] % (len(table.rows) - len(rows))
        console.print(f"[dim]{left}: --table {table.name}[/]")
