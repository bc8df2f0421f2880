"""The recipe "A mail was cut wrong" of CONTRIBUTING.md, followed: its files are there, and a case shows the fault."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.app import app
from tests.test_quotes_corpus import CORPUS
from tests.test_quotes_corpus import test_the_text_a_person_would_keep as check

ROOT = Path(__file__).parents[1]
MAIL = "Still broken.\n\nOn Mon, Mar 3, 2025 at 10:11 AM Desk <d@x.example> wrote:\n> Restarted?\n"


def recipe() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## A mail was cut wrong\n")[2].partition("\n## ")[0]


def test_the_files_that_the_recipe_names_are_there():
    named = re.findall(r"`([\w/.*]+\.py|tests/\w+/)`", recipe())

    assert len(named) >= 7
    for name in named:
        assert list(ROOT.glob(name)) or (ROOT / "gateway" / "threading" / name).exists(), name


def test_the_first_step_shows_what_was_folded(tmp_path: Path):
    (tmp_path / "mail.txt").write_text(MAIL)

    done = CliRunner().invoke(app, ["reply-text", "--json", str(tmp_path / "mail.txt")])

    assert '"kind": "quoted"' in done.stdout


def test_a_case_is_seen_to_fail_until_its_mail_is_read_right(tmp_path: Path):
    case = tmp_path / "case.txt"
    case.write_text(MAIL)
    case.with_name("case.expected.txt").write_text("Still broken.\n\n> Restarted?\n")

    with pytest.raises(AssertionError):
        check(case)

    case.with_name("case.expected.txt").write_text("Still broken.\n")
    check(case)


def test_the_cases_lie_where_the_recipe_says():
    assert f"tests/{CORPUS.name}/" in recipe()
