"""What docs/agents.md and docs/agents.es.md say of commands is what the program understands."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.apply.command_steps import MOST_TICKETS
from gateway.desk.command_docs import BEGIN, END, markdown
from gateway.desk.command_plan import Plan, plan, risky
from gateway.desk.command_words import Command, command_named, table, word_in
from gateway.desk.commands import LONGEST_VALUE, MOST_LINES, Commands, read
from gateway.desk.words import LANGUAGES
from gateway.store.commands import MOST_TRIES, VALID
from tests.documents import ROOT, blocks, headings, names, prose, rows, text

PAGES = {"en": ROOT / "docs" / "agents.md", "es": ROOT / "docs" / "agents.es.md"}
both = pytest.mark.parametrize(("language", "page"), PAGES.items(), ids=PAGES)


def generated(page: Path) -> str:
    return text(page).partition(f"{BEGIN}\n\n")[2].partition(f"\n{END}")[0]


@both
def test_the_tables_are_those_of_the_commands(language: str, page: Path) -> None:
    """`python -m gateway.desk.command_docs en` prints what belongs there."""
    assert generated(page) == markdown(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_command_stands_in_the_tables(language: str) -> None:
    listed = [names(f"{row[0]} {row[1]}") for row in rows(markdown(language))]
    words = [{one.split()[0].removeprefix("#") for one in row} for row in listed]

    assert words == [{*row.word.values(), *row.also} for row in table()]


@both
def test_the_examples_are_commands_that_go_together(language: str, page: Path) -> None:
    examples = blocks(page, "text")
    assert len(examples) == 2
    for example in examples:
        found = read(example)
        assert isinstance(found, Commands), found
        assert isinstance(plan(found, now=datetime(2026, 11, 23, 16, tzinfo=UTC), zone=ZoneInfo("UTC")), Plan)
        assert found.text
        assert all(line.written.split()[0].rstrip(":") == word_in(line.command, language) for line in found.lines)


@both
def test_every_command_that_is_named_is_one_in_its_readers_words(language: str, page: Path) -> None:
    written = re.sub(rf"{BEGIN}.*{END}", "", prose(page), flags=re.DOTALL)
    named = [
        one.split()[0]
        for one in names(written)
        if re.match(r"#[^\W\d]", one) and one not in ("#word value", "#palabra valor")
    ]
    assert len(named) > 30
    for word in named:
        command = command_named(word.removeprefix("#"))

        assert command is not None, word
        assert word == word_in(command, language), word


@both
def test_what_asks_for_a_code_is_named(language: str, page: Path) -> None:
    (paragraph,) = [one for one in text(page).split("\n\n") if one.startswith(("**A code.**", "**Un código.**"))]
    named = {command_named(one.removeprefix("#")) for one in names(paragraph)}
    asked = {
        one for one in Command if isinstance(found := read(f"{word_in(one, 'en')} 12 13"), Commands) and risky(found)
    }

    assert named == asked | {Command.PARTICIPANT}


@both
def test_the_numbers_are_those_of_the_program(language: str, page: Path) -> None:
    said = text(page)

    for number in (MOST_LINES, LONGEST_VALUE, MOST_TICKETS, VALID.total_seconds() // 3600):
        assert re.search(rf"\b{number:g}\b", said), number
    assert MOST_TRIES == 5


def test_the_two_pages_have_the_same_parts() -> None:
    english, spanish = (text(page).count("\n## ") for page in PAGES.values())

    assert english == spanish
    assert "commands" in headings(PAGES["en"])
    assert "comandos" in headings(PAGES["es"])
