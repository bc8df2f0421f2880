"""The documents say what the program does: their commands are run, their tables compared, their links followed."""

import json
import re
import tomllib
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import CheckConstraint, Table

from gateway.cli.app import app
from gateway.daemon import PARTS
from gateway.desk.people import Role
from gateway.inbound.stages import STAGES
from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS, Alert, RefusalType
from gateway.outbound.template_check import problems
from gateway.outbound.wording import FILTERS
from gateway.settings import Settings
from gateway.store.checks import VERDICTS
from gateway.store.tables import delivery, outbox, person
from tests.document_shell import Shell
from tests.documents import (
    DOCUMENTS,
    ROOT,
    Step,
    blocks,
    headings,
    links,
    names,
    prose,
    rows,
    section,
    settled,
    steps,
    text,
)

README, SPANISH = ROOT / "README.md", ROOT / "README.es.md"
ARCHITECTURE, LETTERS_PAGE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "letters.md"
COMMANDS, OPERATORS = ROOT / "docs" / "command-line.md", ROOT / "docs" / "operators.md"
CONTRIBUTING, REPORTS = ROOT / "CONTRIBUTING.md", ROOT / "docs" / "reports.md"
GATEWAY = typer.main.get_command(app)
# Every command, made as it is when somebody asks for it.
CLI = {name: GATEWAY.get_command(None, name) for name in GATEWAY.list_commands(None)}
ABOUT_COMMANDS = ("The service", "Mail", "Tickets", "People", "Letters")
IDS = {"ids": lambda document: document.relative_to(ROOT).as_posix()}

# All that look at one newcomer run in one process.
AT_ONCE = pytest.mark.xdist_group("newcomer")

pytestmark = pytest.mark.timeout(300)


# --- what is typed is run ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def newcomer() -> Iterator[tuple[Shell, str, list[str]]]:
    """Somebody who does all that the README says: their folder, what the daemon showed, what each command printed."""
    with Shell() as shell:
        welcome = shell.start()
        yield shell, welcome, [shell.run(step) for step in steps(README)]
        assert shell.stop() == 0


@AT_ONCE
def test_the_readmes_commands_print_what_it_says(newcomer: tuple[Shell, str, list[str]]) -> None:
    for step, printed in zip(steps(README), newcomer[2], strict=True):
        assert settled(printed) == settled(step.output), step.command


@AT_ONCE
def test_the_daemon_welcomes_as_the_readme_says(newcomer: tuple[Shell, str, list[str]]) -> None:
    welcome = settled(newcomer[1].partition("\nticket-gateway")[2].partition("Ctrl-C")[0])
    documented = settled(blocks(README, "text")[0].removeprefix("ticket-gateway").partition("Ctrl-C")[0])

    assert welcome == documented


@AT_ONCE
def test_what_the_welcome_says_to_try_is_what_the_readme_tries(newcomer: tuple[Shell, str, list[str]]) -> None:
    tried = re.sub(r"\\\n\s*", "", newcomer[1].partition("Try,")[2].partition("Ctrl-C")[0])
    told = [" ".join(line.split()) for line in tried.splitlines()[1:] if line.strip()]
    documented = [" ".join(step.command.replace("\\\n", " ").split()) for step in steps(README)]

    assert told[-1] == "cat var/outgoing/*.eml"
    assert told[:-1] == documented[: len(told) - 1]


@AT_ONCE
def test_the_first_letter_is_the_one_that_the_readme_shows(newcomer: tuple[Shell, str, list[str]]) -> None:
    outgoing = sorted((newcomer[0].folder / "var" / "outgoing").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    letter = message_from_bytes(outgoing[0].read_bytes(), policy=policy.default)
    head, _, words = blocks(README, "text")[1].partition("\n\n")
    body = letter.get_body(("plain",))

    assert body is not None
    assert settled(words) == settled(body.get_content())
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        assert settled(str(letter[name])) == settled(value)


@AT_ONCE
def test_the_signature_is_folded_and_not_deleted(newcomer: tuple[Shell, str, list[str]]) -> None:
    (whole,) = [step for step in names(prose(README)) if step.endswith("ticket 1 --whole")]

    assert "Contabilidad" in newcomer[0].run(Step(whole, ""))


@pytest.mark.parametrize("document", [COMMANDS, OPERATORS, REPORTS], **IDS)
def test_a_pages_commands_print_what_it_says(document: Path) -> None:
    with Shell(settings=document is not COMMANDS) as shell:
        for step in steps(document):
            assert settled(shell.run(step)) == settled(step.output), step.command


def test_the_spanish_readme_has_the_same_commands_and_the_same_output() -> None:
    assert [(s.command, settled(s.output)) for s in steps(SPANISH)] == [
        (s.command, settled(s.output)) for s in steps(README)
    ]
    assert blocks(SPANISH, "text") == blocks(README, "text")
    assert len(headings(SPANISH)) == len(headings(README))
    assert sorted(set(links(SPANISH)) - {(README, "")}) == sorted(set(links(README)) - {(SPANISH, "")})


@pytest.mark.parametrize("document", DOCUMENTS, **IDS)
def test_every_command_that_is_named_exists(document: Path) -> None:
    written = [
        line for kind in ("sh", "console", "text", "") for body in blocks(document, kind) for line in body.splitlines()
    ]
    written += names(prose(document))
    for line in written:
        for name, inner, rest in re.findall(r"(?:^|[\s/])gateway ([a-z][a-z-]+)\b( [a-z]+\b)?([^|;]*)", line):
            name = name + inner if name + inner in every_command() else name
            assert name in every_command(), line
            assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= options(name) | {"--settings", "--help"}, line
        for target in re.findall(r"^(?:\$ )?make ([a-z]+)", line):
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), line


# --- what is listed is there ------------------------------------------------------------------------------------------


def options(command: str) -> set[str]:
    """The options of `tickets`, or of a command in a group, such as `people import`."""
    first, *inner = command.split()
    found = CLI[first]
    for name in inner:
        found = found.commands[name]
    return {p.opts[0] for p in found.params if p.param_type_name == "option"} - {"--settings"}


def every_command() -> list[str]:
    inner = [f"{name} {one}" for name, group in CLI.items() for one in getattr(group, "commands", ())]
    return [*CLI, *inner]


def test_every_command_and_option_is_documented() -> None:
    documented = {
        names(row[0])[0]: {name for name in names(row[1]) if name.startswith("--")}
        for title in ABOUT_COMMANDS
        for row in rows(section(COMMANDS, title))
        if row[0].startswith("`")
    }

    assert documented == {name: options(name) for name in every_command()}


def test_the_parts_and_states_that_options_take_are_documented() -> None:
    of_run = next(row[2] for row in rows(section(COMMANDS, "The service")) if row[0] == "`run`")
    of_outbox = next(row[2] for row in rows(section(COMMANDS, "Letters")) if row[0] == "`outbox`")
    of_person = next(row[2] for row in rows(section(COMMANDS, "People")) if row[0] == "`person`")

    assert set(PARTS) <= set(names(of_run))
    assert set(names(of_outbox)) - {"--status"} == statuses(outbox, "status")
    assert set(Role) <= set(names(of_person))


def test_the_json_fields_are_documented() -> None:
    fields = {names(row[0])[0]: names(row[1]) for row in rows(section(COMMANDS, "JSON"))}
    with Shell() as shell:

        def first(command: str) -> dict[str, Any]:
            row: dict[str, Any] = json.loads(shell.run(Step(f"gateway {command} --json", "")).splitlines()[0])
            return row

        for command in ("ingest examples/first-mail.eml", "work --once"):
            shell.run(Step(f"gateway {command}", ""))
        ticket = first("ticket 1")
        shown = {name: list(first(name)) for name in ("mails", "tickets", "outbox", "people", "calendars")}
        shown |= {name: list(first(f"{name} examples/first-mail.eml")) for name in ("explain", "reply-text")}

    inside = {name: list(ticket[name][0]) for name in ("messages", "events")}
    assert {name: fields[name] for name in shown} == shown
    assert {name: fields[name] for name in inside} == inside
    assert list(ticket) == [*fields["tickets"], *(name for name in fields["ticket"] if name != "tickets")]


def test_the_stages_are_documented_in_their_order() -> None:
    assert [names(row[0])[0] for row in rows(section(ARCHITECTURE, "Stages"))] == [stage.__name__ for stage in STAGES]


def statuses(table: Table, column: str) -> set[str]:
    """What a column's check lets in."""
    (check,) = [one for one in table.constraints if str(one.name).endswith(f"_{column}")]
    assert isinstance(check, CheckConstraint)
    return set(check.sqltext.right.value)  # type: ignore[attr-defined]


def test_the_states_of_rows_are_documented() -> None:
    documented = {names(row[0])[0]: set(names(row[1])) for row in rows(section(ARCHITECTURE, "Rows and their states"))}

    assert documented == {
        "delivery": statuses(delivery, "status"),
        "outbox": statuses(outbox, "status"),
        "person": statuses(person, "state"),
    }


def test_the_verdicts_are_documented() -> None:
    promise = next(line for line in re.split(r"\n(?=\d\.)", text(README)) if "Never nothing" in line)
    of_json = re.split(r"`verdict` is", section(COMMANDS, "JSON"))[1]

    assert re.sub(r"\s+", " ", promise.partition("one of:")[2].partition(".")[0]).strip().split(", ") == list(VERDICTS)
    assert set(names(of_json)) == set(VERDICTS)


def test_the_letters_are_documented_with_how_they_travel() -> None:
    documented = {names(row[0])[0]: row[3].strip("`") for row in rows(section(LETTERS_PAGE, "The letters"))}

    assert documented == {name: kind.auto_submitted or "none" for name, kind in LETTERS.items()}


def test_the_values_of_the_letters_are_documented() -> None:
    part = section(LETTERS_PAGE, "What a template gets")
    documented = {names(row[0])[0]: set(names(row[1])) for row in rows(part)}

    assert documented == {name: set(kind.variables) for name, kind in LETTERS.items()}
    assert names(part.partition("Filters:")[2].partition(".")[0]) == list(FILTERS)


def test_refusals_alerts_and_languages_are_documented() -> None:
    listed = section(LETTERS_PAGE, "Refusals").split("\n\n")[2]
    languages = Composer([ROOT / "templates" / "email"]).languages()

    assert names(listed) == list(RefusalType)
    assert [names(row[0])[0] for row in rows(section(LETTERS_PAGE, "Alerts"))] == list(Alert)
    assert sorted(names(section(LETTERS_PAGE, "Languages").partition(".")[0])) == list(languages)


@pytest.mark.parametrize("document", DOCUMENTS, **IDS)
def test_the_settings_that_are_shown_can_be_used(document: Path) -> None:
    for block in blocks(document, "toml"):
        Settings.model_validate(tomllib.loads(block))


@pytest.mark.parametrize("document", DOCUMENTS, **IDS)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    for found in re.findall(r"`\[+([a-z]+)\]+ ([a-z_]+)", text(document)):
        table = Settings.model_fields[found[0]].annotation
        fields = getattr(table, "__args__", (table,))[0].model_fields

        assert found[1] in fields, found


# --- what is pointed at is there --------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, **IDS)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target, heading in links(document):
        assert target.exists(), f"{document.name}: {target}"
        assert not heading or heading in headings(target), f"{document.name}: {target.name}#{heading}"


@pytest.mark.parametrize("document", DOCUMENTS, **IDS)
def test_every_file_that_is_named_exists(document: Path) -> None:
    for name in names(prose(document)):
        # What is in capitals stands for something else.
        if re.fullmatch(r"(?:gateway|tests|templates|docs|contrib|examples)/[a-z\d_./-]+", name):
            assert (ROOT / name).exists(), f"{document.name}: {name}"


def test_every_document_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [README]
    while waiting:
        page = waiting.pop()
        if page in DOCUMENTS and page not in reached:
            reached.add(page)
            waiting += [target for target, _ in links(page)]

    assert {page for page in DOCUMENTS if page.parent != ROOT / "bench"} <= reached


def test_the_picture_is_described_for_those_who_do_not_see_it() -> None:
    picture = (ROOT / "docs" / "flow.svg").read_text("utf-8")

    assert re.search(r"<title[^>]*>\w", picture)
    assert all(re.search(r"!\[[^\]]{80,}\]\([^)]*flow\.svg\)", text(page)) for page in (README, SPANISH, ARCHITECTURE))


@pytest.mark.parametrize("title", ["Add a rule", "Add a letter", "Add a language", "Add a workflow", "Add a setting"])
def test_a_recipe_is_a_numbered_list(title: str) -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", section(CONTRIBUTING, title), re.MULTILINE)]

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 3


def test_the_recipe_for_a_language_works_as_far_as_letters_go(tmp_path: Path) -> None:
    ours, theirs = ROOT / "templates" / "email", tmp_path / "fr"
    theirs.mkdir()
    for part in ("subject", "txt", "html"):
        (theirs / f"receipt_new.{part}").write_text("Reçu : #{{ number }}")
    composer = Composer([tmp_path, ours])
    values = dict.fromkeys(LETTERS["receipt_new"].variables, "") | {"number": 7}

    assert composer.compose("receipt_new", "fr", values).text == "Reçu : #7\n"
    assert composer.language("closed", "fr", "es") == "es"
    assert composer.language("closed", "fr") == "en"
    assert list(problems(composer)) == []


def test_the_recipe_for_a_workflow_works(tmp_path: Path) -> None:
    preset = (ROOT / "gateway" / "desk" / "presets" / "default.toml").read_text("utf-8")
    with Shell() as shell:
        (shell.folder / "my-desk.toml").write_text(preset.replace('grace = "14 days"', 'grace = "2 days"'))
        settings = (shell.folder / "settings.toml").read_text("utf-8")
        (shell.folder / "settings.toml").write_text(
            settings.replace('#workflow = "default"', 'workflow = "my-desk.toml"')
        )

        assert "workflow my-desk" in shell.run(Step("gateway check", ""))
        (shell.folder / "my-desk.toml").write_text(preset.replace('kind = "solved"', 'kind = "solvd"'))
        assert "my-desk.toml" in shell.run(Step("gateway check", ""))
