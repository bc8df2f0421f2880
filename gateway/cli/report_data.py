"""A report for programs: as one JSON object, and as CSV."""

import csv
import io
import json
from typing import Any

from gateway.cli.report_cells import plain_columns, plain_row
from gateway.desk.reporting import Report
from gateway.desk.reporting_table import Table
from gateway.store.listings import instant

# How a spreadsheet knows a formula, or a cell that only begins after one (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_json(report: Report, *, filters: dict[str, str], only: str = "") -> str:
    """One object: the days, what was asked for, the totals, and a list of rows for each table."""
    tables = [one for one in report.tables.values() if only in ("", one.name)]
    found: dict[str, Any] = {
        "since": report.asked.since.isoformat(),
        "until": report.asked.until.isoformat(),
        **{name: value or None for name, value in filters.items()},
        "made_at": instant(report.made_at),
        "zone": report.zone,
        "totals": dict(report.totals),
        "tables": {one.name: [plain_row(row, one, report) for row in one.rows] for one in tables},
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_csv(report: Report, table: Table) -> str:
    """A table with a line of headings (RFC 4180); several tickets are in one cell, with spaces between."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(plain_columns(table))
    rows.writerows([[_cell(cell) for cell in plain_row(row, table, report).values()] for row in table.rows])
    return written.getvalue()


def _cell(value: Any) -> Any:
    """What a mail says is text in a spreadsheet too, and never a formula."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value
