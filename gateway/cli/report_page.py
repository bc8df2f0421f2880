"""A report as one HTML file, in the reader's language: tables and plots, for the screen and for paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gateway.cli.report_cells import NONE, Reader, Words, words_of
from gateway.cli.report_plots import Series, columns, rows
from gateway.desk.event_words import how_long
from gateway.desk.reporting import Report
from gateway.desk.reporting_table import Kind, Table
from gateway.desk.reporting_times import STEPS
from gateway.files import shipped
from gateway.web.wording import when

# A page is for reading; who wants to count takes CSV or JSON.
MOST_ROWS = 50
MOST_PEOPLE = 12
_MANY_HOURS = 10
_WEEKS_FROM, _MONTHS_FROM = 63, 400
_RIGHT = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.SECONDS, Kind.TICKET})

GROUPS = {
    "now": ("work",),
    "flow": ("days",),
    "promises": ("times", "first_answers", "targets", "overdue", "escalations"),
    "time": (
        "time_by_person",
        "time_by_ticket",
        "time_by_tag",
        "time_by_organisation",
        "time_by_category",
        "without_time",
    ),
    "quality": ("survey", "survey_by_person", "survey_by_nature", "survey_comments", "subjects"),
    "people": ("assignments", "assigned", "absences"),
}


@dataclass(frozen=True, slots=True)
class _Plot:
    title: str
    picture: Markup
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    title: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    left: int


def page(report: Report, *, language: str, desk: str, filters: dict[str, str]) -> str:
    """The whole file. Whatever a mail says in it is text."""
    locale = Locale.parse(language)
    reader = Reader(
        report=report,
        language=language,
        words=words_of(language),
        day=lambda day: _unbroken(format_date(day, "medium", locale=locale)),
        moment=lambda at: _unbroken(when(at, language, report.zone)),
        number=lambda number: format_decimal(number, locale=locale),
    )
    folder = shipped("templates") / "report"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        language=language,
        t=reader.words,
        desk=desk,
        style=Markup((folder / "style.css").read_text("utf-8")),  # noqa: S704  (a file of ours)
        days=reader.words["days"]
        % tuple(map(reader.day, (report.asked.since, report.asked.until - timedelta(days=1)))),
        made=reader.words["made"] % reader.moment(report.made_at),
        zone=reader.words["zone"] % report.zone,
        filters=[reader.words[f"only_{name}"] % value for name, value in filters.items() if value],
        totals=list(_totals(reader)),
        plots=list(_plots(reader)),
        groups=[
            (reader.words["groups"][group], [_shown(reader, report.tables[name]) for name in names])
            for group, names in GROUPS.items()
        ],
    )


def _unbroken(said: str) -> str:
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def _totals(reader: Reader) -> Iterator[tuple[str, str]]:
    for name, value in reader.report.totals.items():
        shown = NONE if value is None else _roughly(int(value)) if name == "time_spent" else reader.number(value)
        yield reader.words["totals"][name], shown


def _roughly(seconds: int) -> str:
    """Of many hours nobody wants to read the minutes in large."""
    return how_long(round(seconds / 3600) * 3600 if seconds > _MANY_HOURS * 3600 else seconds)


def _shown(reader: Reader, table: Table) -> _Shown:
    # The first column is what the row is about.
    right = [column.kind in _RIGHT and place > 0 for place, column in enumerate(table.columns)]
    return _Shown(
        title=reader.title(table),
        headings=tuple(zip((reader.heading(one) for one in table.columns), right, strict=True)),
        rows=tuple(
            tuple(
                (reader.cell(cell, column), to_the_right)
                for cell, column, to_the_right in zip(row, table.columns, right, strict=True)
            )
            for row in table.rows[:MOST_ROWS]
        ),
        left=max(len(table.rows) - MOST_ROWS, 0),
    )


def _plots(reader: Reader) -> Iterator[_Plot]:
    report, words = reader.report, reader.words
    name, labels, opened, closed = _by_day(reader)
    series = [
        Series(words["totals"]["opened"], "one", opened),
        Series(words["totals"]["closed"], "two", closed),
    ]
    yield _Plot(
        words[name],
        columns(labels, series, about=_about(words, words[name], "days")),
        tuple((one.name, one.tone) for one in series),
    )
    steps = report.tables["first_answers"].rows
    labels = [f"> {how_long(STEPS[-1])}" if high is None else f"≤ {how_long(_int(high))}" for high, _ in steps]
    numbers = [_int(number) for _, number in steps]
    if any(numbers):
        title = words["plot_first_answers"]
        answers = Series("", "one", numbers)
        yield _Plot(title, columns(labels, [answers], about=_about(words, title, "first_answers"), numbered=True))
    people = report.tables["time_by_person"]
    if people.rows:
        most = people.rows[:MOST_PEOPLE]
        seconds = [_int(row[1]) for row in most]
        title = words["plot_people"]
        named = [reader.cell(row[0], people.columns[0]) for row in most]
        about = _about(words, title, "time_by_person")
        yield _Plot(title, rows(named, seconds, [how_long(one) for one in seconds], about=about))
    scores = report.tables["survey"].rows
    if scores:
        title = words["plot_survey"]
        given = Series("", "one", [_int(number) for _, number in scores])
        about = _about(words, title, "survey")
        yield _Plot(title, columns([str(score) for score, _ in scores], [given], about=about, numbered=True))


def _by_day(reader: Reader) -> tuple[str, list[str], list[int], list[int]]:
    """The days, or the weeks or months of a longer time, each with its label and its two numbers."""
    opened, closed = (reader.report.by_day[what] for what in ("opened", "closed"))
    locale = Locale.parse(reader.language)
    if len(opened) >= _MONTHS_FROM:
        name, begins = "plot_months", [day.replace(day=1) for day, _ in opened]
        form = "MMM yy"
    elif len(opened) >= _WEEKS_FROM:
        name, begins = "plot_weeks", [day - timedelta(days=day.weekday()) for day, _ in opened]
        form = "d MMM"
    else:
        name, begins, form = "plot_days", [day for day, _ in opened], "d MMM"
    labels = list(dict.fromkeys(begins))
    said = [format_date(one, form, locale=locale) for one in labels]
    return name, said, _summed(begins, opened, labels), _summed(begins, closed, labels)


def _summed(begins: Sequence[date], numbers: Sequence[tuple[date, int]], labels: Sequence[date]) -> list[int]:
    found = dict.fromkeys(labels, 0)
    for begin, (_, number) in zip(begins, numbers, strict=True):
        found[begin] += number
    return list(found.values())


def _about(words: Words, title: str, table: str) -> str:
    return str(words["plot_about"]) % (title, words["tables"][table])


def _int(cell: object) -> int:
    assert isinstance(cell, int), "it is a number of ours"
    return cell
