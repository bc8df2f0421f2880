"""`gateway report`: a month that was played, its figures reckoned by hand; and what each form of it must not do."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from gateway.cli import report as report_command
from gateway.cli import report_data, report_page, report_text
from gateway.cli.app import app
from gateway.cli.report_cells import plain_columns, words_of
from gateway.desk.reporting_figures import median, percentile
from gateway.desk.reporting_subjects import Group, together, words_without_numbers
from gateway.desk.words import LANGUAGES
from gateway.errors import GatewayError
from tests.desk_days import DeskDays, desk
from tests.documents import ROOT, blocks, names, section, settled
from tests.documents import rows as table_rows
from tests.report_month import END, INVOICE, NO_MAIL, PRINTER, PRINTER_AGAIN, at, does, play, report_of, rows, writes
from tests.web_desk import chromium
from tests.world import ANA, LUIS, MARTA, NORA, reply_to

__all__ = ["desk"]

MINUTE, HOUR = 60, 3600
DOCUMENT = ROOT / "docs" / "reports.md"
FILTERS = {"area": "", "organisation": "", "person": "", "tag": ""}


@pytest.fixture
def month(desk: DeskDays) -> DeskDays:
    play(desk)
    return desk


def test_the_figures_of_a_month_are_those_that_were_played(month: DeskDays) -> None:
    """One play, all tables: what each figure is made of stands in tests/report_month.py."""
    found = report_of(month)

    assert found.totals == {
        "opened": 4,
        "answered": 3,
        # Luis 1 and a closing, Marta 1 and a closing, Luis again both, Nora both: a note is none, nor is the clock.
        "answers": 8,
        "solved": 0,
        "closed": 4,
        "reopened": 1,
        "open_now": 1,
        "unanswered": 1,
        "time_spent": 3 * HOUR,
        "escalations": 8,
        "survey_answers": 0,
        "survey_mean": None,
    }
    assert rows(found, "work", "owner", "area", "state", "tickets", "oldest", "oldest_ticket") == [
        (None, "support", "new", 1, date(2026, 11, 26), PRINTER_AGAIN)
    ]
    counted = ("opened", "answered", "answers", "closed", "reopened")
    assert {(day.day, area): tuple(rest) for day, area, *rest in rows(found, "days", "day", "area", *counted)} == {
        (3, "support"): (1, 1, 1, 0, 0),
        (4, "support"): (0, 0, 1, 1, 0),
        (6, "support"): (1, 0, 0, 0, 0),
        (9, "support"): (0, 1, 2, 1, 0),
        (10, "support"): (0, 0, 2, 1, 1),
        # It was opened in support, and answered and closed in billing.
        (11, "support"): (1, 0, 0, 0, 0),
        (11, "billing"): (0, 1, 2, 1, 0),
        (26, "support"): (1, 0, 0, 0, 0),
    }
    waited = ("area", "what", "tickets", "median", "p90", "median_by_clock", "p90_by_clock")
    assert rows(found, "times", *waited) == [
        ("billing", "first_answer", 1, 8 * MINUTE, 8 * MINUTE, 8 * MINUTE, 8 * MINUTE),
        # 10:00 to 12:00 and 14:00 to 15:00.
        ("billing", "resolution", 1, 3 * HOUR, 3 * HOUR, 5 * HOUR, 5 * HOUR),
        # 8 minutes; and 5 of Friday with 20 of Monday, which by the clock are 62 h 25 min.
        ("support", "first_answer", 2, 990, 25 * MINUTE, round((8 + 62 * 60 + 25) / 2 * 60), 62 * HOUR + 25 * MINUTE),
        # 7 h and 3 h of the printer; 5 min and 2 h; and after it came back from 8:30 to 9:30.
        ("support", "resolution", 3, 2 * HOUR + 5 * MINUTE, 10 * HOUR, 26 * HOUR, 64 * HOUR + 5 * MINUTE),
    ]
    assert rows(found, "first_answers", "within", "tickets")[:3] == [
        (10 * MINUTE, 2),
        (30 * MINUTE, 1),
        (HOUR, 0),
    ]
    assert rows(found, "escalations", "ticket", "how", "level", "by", "at") == [
        (PRINTER, "escalated", "senior", None, at(4, "09:00")),
        (NO_MAIL, "escalated", "senior", None, at(7, "17:55")),
        (NO_MAIL, "escalated", "colleagues", None, at(8, "17:55")),
        (INVOICE, "escalated", "senior", NORA, at(11, "10:09")),
        (PRINTER_AGAIN, "escalated", "senior", None, at(27, "10:00")),
        (PRINTER_AGAIN, "escalated", "colleagues", None, at(28, "10:00")),
        (PRINTER_AGAIN, "escalated", "lead", None, at(29, "10:00")),
        (PRINTER_AGAIN, "escalated", "manager", None, at(30, "10:00")),
    ]
    assert rows(found, "time_by_person", "person", "seconds", "entries", "tickets") == [
        (LUIS, 130 * MINUTE, 4, 2),
        (NORA, 30 * MINUTE, 1, 1),
        (MARTA, 20 * MINUTE, 2, 1),
    ]
    assert rows(found, "time_by_ticket", "ticket", "seconds") == [
        (PRINTER, 100 * MINUTE),
        (NO_MAIL, 50 * MINUTE),
        (INVOICE, 30 * MINUTE),
    ]
    assert rows(found, "time_by_tag", "tag", "seconds") == [("printer", 100 * MINUTE), ("", 80 * MINUTE)]
    # The note about the spare part, and the closing of the invoice.
    assert rows(found, "without_time", "person", "messages", "tickets") == [
        (LUIS, 1, (PRINTER,)),
        (NORA, 1, (INVOICE,)),
    ]
    assert rows(found, "subjects", "subject", "tickets", "examples") == [
        ("Re: La impresora 8 no imprime", 2, (PRINTER, PRINTER_AGAIN))
    ]
    assert rows(found, "assigned", "at", "ticket", "from", "to", "by") == [
        (at(3, "09:05"), PRINTER, None, LUIS, LUIS),
        (at(10, "09:00"), NO_MAIL, None, LUIS, LUIS),
    ]


def test_what_was_promised_is_kept_or_missed_as_the_clock_had_it(month: DeskDays) -> None:
    found = report_of(month)
    of = {(area, target): tuple(rest) for area, target, *rest in rows(found, "targets", "area", "target", "met",
                                                                      "missed", "running")}  # fmt: skip

    # The printer in 8 minutes; the mail on Monday at 8:20, and nobody answered the second printer.
    assert of["support", "first_answer"] == (1, 2, 0)
    # It moved to billing after 3 minutes, and was answered there 5 minutes later.
    assert of["billing", "first_answer"] == (1, 0, 0)
    # Three were open for a day; only the one that came back was closed in time.
    assert of["support", "resolution"] == (1, 3, 0)
    # Escalated by hand.
    assert of["billing", "resolution"] == (1, 0, 0)
    missed = rows(found, "overdue", "ticket", "target", "due", "done")
    assert (NO_MAIL, "first_answer", at(9, "08:05"), at(9, "08:20")) in missed
    assert (PRINTER_AGAIN, "first_answer", at(26, "10:10"), None) in missed
    # The clock wrote down on the tickets what it saw; the report reckons it anew from the events, and finds the same.
    shown = {
        (row.id, name)
        for row in month.world.tickets()
        for name in (row.fields or {}).get("overdue", "").split(",")
        if name
    }
    assert {(number, target) for number, target, _, _ in missed} == shown


def test_a_report_may_be_about_one_area_person_or_tag(month: DeskDays) -> None:
    billing = report_of(month, area="billing")
    marta = report_of(month, person=MARTA)
    printer = report_of(month, tag="printer")

    assert (billing.totals["opened"], billing.totals["answered"], billing.totals["time_spent"]) == (0, 1, 30 * MINUTE)
    assert (marta.totals["answers"], marta.totals["time_spent"]) == (2, 20 * MINUTE)
    assert rows(marta, "time_by_ticket", "ticket") == [(NO_MAIL,)]
    assert (printer.totals["opened"], printer.totals["time_spent"]) == (1, 100 * MINUTE)
    for unknown in ({"area": "sales"}, {"person": "nobody@x.org"}, {"organisation": "Nobody"}):
        with pytest.raises(GatewayError):
            report_of(month, **unknown)


def test_time_is_told_by_organisation_and_a_report_may_be_about_one(desk: DeskDays) -> None:
    desk.world.known(ANA, organisation="Firma")
    desk.world.known("otra@other.example", organisation="Otra")
    play(desk)
    everybody, firm = report_of(desk), report_of(desk, organisation="Firma")
    columns = ("organisation", "seconds", "entries", "tickets")

    assert rows(everybody, "time_by_organisation", *columns) == [
        ("Firma", 130 * MINUTE, 3, 2),
        (None, 50 * MINUTE, 4, 1),
    ]
    assert rows(firm, "time_by_organisation", *columns) == [("Firma", 130 * MINUTE, 3, 2)]
    assert rows(firm, "time_by_ticket", "ticket") == [(PRINTER,), (INVOICE,)]
    assert (firm.totals["opened"], report_of(desk, organisation="Otra").totals["opened"]) == (2, 0)


def test_who_is_asked_aside_is_no_escalation(desk: DeskDays) -> None:
    number = writes(desk, at(3, "09:00"), ANA, "La red", "No hay red.")
    desk.world.receive(reply_to(desk.world.letters(LUIS, "alert")[-1], "#consultar eva@third.example\n¿Sabe?", s1=True))

    assert "consulted" in [one.action for one in desk.world.events(number)]
    assert report_of(desk).totals["escalations"] == 0


def test_a_report_is_about_its_days_only_and_these_are_of_the_areas_calendar(month: DeskDays) -> None:
    """What happens at 20:00 in Bogotá is on the next day already in UTC."""
    first_week = report_of(month, since=date(2026, 11, 3), until=date(2026, 11, 7))
    weekend = report_of(month, since=date(2026, 11, 7), until=date(2026, 11, 9))
    writes(month, at(30, "20:00"), ANA, "Tarde", "Ya es de noche aquí.")
    last_day = report_of(month, since=date(2026, 11, 30), until=END)

    assert (first_week.totals["opened"], first_week.totals["closed"], first_week.totals["answers"]) == (2, 1, 2)
    assert first_week.by_day["opened"] == [(date(2026, 11, 3 + n), count) for n, count in enumerate((1, 0, 0, 1))]
    assert (weekend.totals["opened"], weekend.totals["answers"], weekend.totals["escalations"]) == (0, 0, 2)
    assert last_day.totals["opened"] == 1


def test_what_a_ticket_looks_like_now_changes_nothing_of_what_was(desk: DeskDays) -> None:
    """An invoice is answered and closed in billing; later it is opened again, and moves on to support."""
    desk.opened_by("response-targets", now=at(11, "10:00"))
    number = desk.ticket(to="billing@desk.example")
    does(desk, at(11, "10:08"), number, "reply", NORA, "We look into it.")
    does(desk, at(11, "11:00"), number, "close", NORA, "Done.")
    before = report_of(desk, until=date(2026, 11, 12))
    does(desk, at(20, "09:00"), number, "reopen", NORA)
    does(desk, at(20, "09:05"), number, "classify", NORA, area="support")
    after = report_of(desk, until=date(2026, 11, 12))

    assert rows(after, "times", "area", "what", "tickets") == [
        ("billing", "first_answer", 1),
        ("billing", "resolution", 1),
    ]
    for table in ("times", "days", "targets"):
        assert after.tables[table] == before.tables[table]
    assert rows(after, "work", "area", "tickets") == [("support", 1)]


# --- survey, absences -------------------------------------------------------------------------------------------------


def test_the_survey_counts_the_newest_answer_of_each_ticket_for_its_owner_at_that_time(desk: DeskDays) -> None:
    desk.opened_by("validation", now=at(3, "09:00"))
    for subject, scores in (("Impresora", ("2", "5")), ("Correo", ("3",))):
        number = writes(desk, desk.world.now, ANA, subject, f"{subject} no funciona.")
        desk.world.act(number, "take", by=LUIS, nature="incident", category="hardware")
        desk.world.act(number, "solve", by=LUIS, text="Quedó bien.")
        for score in scores:
            comment = '=HYPERLINK("x") <script>alert(1)</script>' if score == "5" else ""
            desk.world.act(number, "survey", by=ANA, text=comment, score=score)
            desk.world.later(minutes=5)
        # Another owner afterwards is not who was meant.
        desk.world.act(number, "assign", by=MARTA, owner=MARTA)
    found = report_of(desk)

    assert (found.totals["survey_answers"], found.totals["survey_mean"]) == (2, 4.0)
    assert rows(found, "survey", "score", "answers") == [(1, 0), (2, 0), (3, 1), (4, 0), (5, 1)]
    assert rows(found, "survey_by_person", "owner", "answers", "mean", "lowest") == [(LUIS, 2, 4.0, 3)]
    assert rows(found, "survey_by_nature", "nature", "answers") == [("incident", 2)]
    assert rows(found, "survey_comments", "ticket", "score", "comment") == [
        (1, 5, '=HYPERLINK("x") <script>alert(1)</script>')
    ]


def test_an_absence_is_told_once_with_its_end(desk: DeskDays) -> None:
    desk.opened_by("default", now=at(3, "09:00"))
    number = desk.ticket()
    answer = {
        "from_": LUIS,
        "subject": "Respuesta automática",
        "text": "Estoy fuera de la oficina hasta el 10 de noviembre.",
        "headers": {"Auto-Submitted": "auto-replied"},
    }
    letter = desk.world.letters(to=LUIS)[-1]
    for _ in range(2):
        desk.world.receive(reply_to(letter, s1=True, **answer))
        desk.world.later(hours=3)
    desk.world.now = at(9, "08:00")
    desk.world.receive(reply_to(letter, "Ya estoy.", s1=True))

    assert number
    assert rows(report_of(desk), "absences", "person", "from", "back") == [(LUIS, at(3, "09:00"), at(9, "08:00"))]


def test_an_absence_that_began_before_the_days_is_told_while_it_lasts(desk: DeskDays) -> None:
    desk.opened_by("default", now=at(3, "09:00"))
    desk.ticket()
    letter = desk.world.letters(to=LUIS)[-1]
    desk.world.receive(reply_to(letter, "#ausente hasta el 20/11/2026", s1=True))
    columns = ("absences", "person", "from", "until", "back")

    def told(since: int, until: int) -> list[tuple[Any, ...]]:
        return rows(report_of(desk, since=date(2026, 11, since), until=date(2026, 11, until)), *columns)

    assert told(4, 5) == [(LUIS, at(3, "09:00"), at(21, "00:00"), None)]
    desk.world.now = at(9, "08:00")
    desk.world.receive(reply_to(letter, "#presente", s1=True))
    assert told(9, 11) == [(LUIS, at(3, "09:00"), at(21, "00:00"), at(9, "08:00"))]
    assert told(10, 11) == []


def test_an_absence_that_an_operator_told_of_is_told_too(desk: DeskDays) -> None:
    desk.opened_by("default", now=at(3, "09:00"))
    desk.world.known(LUIS, absent_until="2026-11-20")
    desk.world.now = at(9, "08:00")
    desk.world.known(LUIS, absent_until="none")

    assert rows(report_of(desk), "absences", "person", "from", "until", "back") == [
        (LUIS, at(3, "09:00"), at(21, "00:00"), at(9, "08:00"))
    ]


def test_who_is_away_again_later_has_two_absences(desk: DeskDays) -> None:
    """What they said first was over, though they never wrote that they were back; the second has no end."""
    desk.opened_by("default", now=at(3, "09:00"))
    desk.ticket()
    letter = desk.world.letters(to=LUIS)[-1]
    desk.world.receive(reply_to(letter, "#ausente hasta el 05/11/2026", s1=True))
    desk.world.now = at(9, "08:00")
    desk.world.receive(reply_to(letter, "#ausente", s1=True))

    assert rows(report_of(desk), "absences", "person", "from", "until", "back") == [
        (LUIS, at(3, "09:00"), at(6, "00:00"), None),
        (LUIS, at(9, "08:00"), None, None),
    ]


# --- what is written --------------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(desk: DeskDays) -> DeskDays:
    """A customer whose subjects are formulas and markup."""
    desk.opened_by("response-targets", now=at(3, "09:00"))
    for subject in ("=HYPERLINK(1)", "<script>alert(1)</script>", "+1", "-1", "@SUM(A1)", "\t=1", "Normal"):
        number = writes(desk, desk.world.now, ANA, subject, f"Asunto {subject}")
        desk.world.act(number, "take", by=LUIS)
        desk.world.act(number, "reply", by=LUIS, text="Ya.", time="10m")
    return desk


def test_no_cell_of_a_csv_file_is_a_formula(hostile: DeskDays) -> None:
    found = report_of(hostile)
    read = list(csv.reader(io.StringIO(report_data.as_csv(found, found.tables["time_by_ticket"]), newline="")))

    assert read[0] == ["ticket", "subject", "seconds", "entries"]
    written = {row[1] for row in read[1:]}
    assert {"'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(A1)", "<script>alert(1)</script>", "Normal"} <= written
    assert not [cell for row in read for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_json_is_one_object_with_every_table_in_names_of_ours(hostile: DeskDays) -> None:
    found = report_of(hostile)
    said = json.loads(report_data.as_json(found, filters=FILTERS))

    assert (said["since"], said["until"], said["zone"], said["area"]) == (
        "2026-11-01",
        "2026-12-01",
        "America/Bogota",
        None,
    )
    assert list(said["tables"]) == list(found.tables)
    assert said["tables"]["time_by_person"] == [
        {"person": LUIS, "person_name": "Luis Gómez", "seconds": 4200, "entries": 7, "tickets": 7}
    ]


_CUT_OFF = """[...document.querySelectorAll(".table")].filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.previousElementSibling.innerText)"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_file_without_script_that_fetches_nothing(
    hostile: DeskDays, language: str, tmp_path: Path
) -> None:
    page = report_page.page(report_of(hostile), language=language, desk="Mesa <b>", filters=FILTERS)
    file = tmp_path / "report.html"
    file.write_text(page, "utf-8")
    asked: list[str] = []
    errors: list[str] = []

    with chromium() as browser:
        for scheme, width in (("light", 1280), ("light", 900), ("dark", 390)):
            shown = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
            shown.on("request", lambda request: asked.append(request.url))
            shown.on("console", lambda message: errors.append(message.text))
            shown.goto(file.as_uri())
            words = words_of(language)
            assert shown.locator("h1").inner_text() == words["title"]
            assert shown.locator("svg").count() == 3
            assert shown.locator("svg rect").count() > 10
            assert shown.get_by_text("<script>alert(1)</script>").count() > 0
            assert shown.locator("script, link, img, iframe, object").count() == 0
            # What is wide scrolls by itself: the page does not.
            assert shown.evaluate("document.documentElement.scrollWidth") == width
            assert width < 900 or shown.evaluate(_CUT_OFF) == []
            shown.close()

    assert "<script" not in page
    assert "Mesa &lt;b&gt;" in page
    assert set(asked) == {file.as_uri()}
    assert errors == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_words_of_every_table(desk: DeskDays, language: str) -> None:
    words, english = words_of(language), words_of("en")
    tables = report_of(desk).tables

    assert set(words["tables"]) == set(tables)
    assert set(words["columns"]) == {column.name for table in tables.values() for column in table.columns}
    assert set(words["totals"]) == set(report_of(desk).totals)
    assert {name for names in report_page.GROUPS.values() for name in names} == set(tables)
    assert set(words) == set(english)
    for name, value in english.items():
        assert (
            set(words[name]) == set(value) if isinstance(value, dict) else words[name].count("%s") == value.count("%s")
        )


def command(desk: DeskDays, *words: str) -> Any:
    """`gateway report` as somebody types it, on the desk of the test."""
    settings = desk.world.office.settings
    folder = settings.server.data
    (folder / "settings.toml").write_text(
        f'[server]\ndata = "{folder}"\nsecret = "a secret of this test, long enough to sign"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
        '[[area]]\nname = "support"\naddresses = ["support@desk.example"]\n'
    )
    return CliRunner().invoke(app, [*words, "--settings", str(folder / "settings.toml")])


def test_a_report_is_written_into_a_new_file_or_a_folder_of_tables(hostile: DeskDays, tmp_path: Path) -> None:
    days = ("--since", "2026-11-01", "--until", "2026-12-01")
    page, tables = tmp_path / "r.html", tmp_path / "tables"
    tables.mkdir()

    assert command(hostile, "report", *days, "--format", "html", "-o", str(page)).exit_code == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    again = command(hostile, "report", *days, "--format", "html", "-o", str(page))
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    assert command(hostile, "report", *days, "--format", "csv", "-o", str(tables)).exit_code == 0
    assert {file.stem for file in tables.iterdir()} == set(report_of(hostile).tables)
    assert (tables / "work.csv").read_bytes().startswith(b"\xef\xbb\xbfowner,owner_name,")
    one = command(hostile, "report", *days, "--format", "csv", "--table", "subjects")
    assert one.output.splitlines()[0] == "subject,tickets,examples"


def test_a_report_in_a_file_is_as_wide_and_as_plain_wherever_it_was_asked_for(
    month: DeskDays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_command, "out", Console(force_terminal=True, color_system="truecolor", width=40))
    file = tmp_path / "r.txt"

    assert command(month, "report", "--since", "2026-11-01", "--until", "2026-12-01", "-o", str(file)).exit_code == 0
    written = file.read_text("utf-8")
    assert "\x1b" not in written
    assert any(len(line) > 40 for line in written.splitlines())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--since", "2026-12-01", "--until", "2026-12-01"), "is not before"),
        (("--since", "yesterday"), "is no day"),
        (("--format", "csv"), "name one with --table"),
        (("--table", "time_by_persons"), "did you mean time_by_person?"),
        (("--format", "html", "--language", "fr"), "it can be es, en, pt"),
        (("--area", "sales"), "there are support"),
        (("--person", "nobody@x.org"), "nobody has the address"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(desk: DeskDays, words: tuple[str, ...], says: str) -> None:
    said = command(desk, "report", *words)

    assert (said.exit_code, says in said.output.replace("\n", " ")) == (1, True), said.output


def test_the_terminal_shows_the_month_as_the_document_has_it_and_has_room_for_every_line(month: DeskDays) -> None:
    console = Console(width=80, record=True, file=io.StringIO(), highlight=False)
    report_text.show(report_of(month), console, filters=FILTERS)
    said = settled(console.export_text())

    assert said == settled(blocks(DOCUMENT, "text")[0])
    assert max(map(len, said.splitlines())) <= 80


def test_the_tables_and_their_columns_are_documented(desk: DeskDays) -> None:
    documented = {names(row[0])[0]: names(row[1]) for row in table_rows(section(DOCUMENT, "Tables and columns"))}
    found = report_of(desk)

    assert documented == {one.name: plain_columns(one) for one in found.tables.values()}
    assert set(found.totals) <= set(names(section(DOCUMENT, "Tables and columns")))


# --- pure pieces ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "middle", "nine_in_ten"),
    [([], None, None), ([5], 5, 5), ([1, 3], 2, 3), (list(range(1, 11)), 6, 9), ([9, 1, 5], 5, 9)],
)
def test_median_and_ninetieth_percentile(numbers: list[int], middle: int | None, nine_in_ten: int | None) -> None:
    assert (median(numbers), percentile(numbers, 90)) == (middle, nine_in_ten)


def test_subjects_recur_when_four_in_five_words_are_common() -> None:
    subjects = {
        1: "El sistema de nómina está muy lento",
        2: "Re: el sistema de nómina está lento",
        3: "Fwd: El SISTEMA de nomina está muy lento 14",
        4: "El sistema de correo está lento hoy aquí",
        5: "Factura 12",
        6: "Factura 13",
    }
    found = {frozenset(words_without_numbers(subject)): Group(subject, [number]) for number, subject in subjects.items()
             if number not in (3, 6)}  # fmt: skip
    found[frozenset(words_without_numbers(subjects[3]))].numbers.append(3)
    found[frozenset(words_without_numbers(subjects[6]))].numbers.append(6)

    assert sorted(sorted(group.numbers) for group in together(found.items())) == [[1, 2, 3], [4], [5, 6]]
