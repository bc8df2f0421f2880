"""No command is only written down: each has somebody who carries it out, and a journey by mail in which it is given."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.apply.command_orders import ORDERS
from gateway.desk.command_plan import Plan, plan
from gateway.desk.command_words import Command, command_named, word_in
from gateway.desk.commands import Commands, read

HERE = Path(__file__).parent
JOURNEYS = [*sorted(HERE.glob("test_by_mail_*.py")), HERE / "test_commands_by_mail.py"]


def given_in(journey: Path) -> Iterator[Command]:
    """The commands that a journey gives: the lines of its texts that begin with the word of one."""
    for node in ast.walk(ast.parse(journey.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for line in node.value.splitlines():
                word = line.removeprefix("#").partition(" ")[0]
                if line.startswith("#") and (found := command_named(word)) is not None:
                    yield found


@pytest.mark.parametrize("command", list(Command))
def test_each_command_is_given_in_a_journey(command: Command) -> None:
    assert command in {found for journey in JOURNEYS for found in given_in(journey)}


@pytest.mark.parametrize("command", list(Command))
def test_what_is_no_action_of_a_workflow_has_somebody_who_carries_it_out(command: Command) -> None:
    written = read(f"{word_in(command, 'es')} 1")
    assert isinstance(written, Commands)
    found = plan(written, now=datetime(2026, 11, 23, tzinfo=UTC), zone=ZoneInfo("UTC"))
    steps = found.steps if isinstance(found, Plan) else ()

    assert {one.line.command for one in steps if one.action is None} - {Command.NEW} <= set(ORDERS)
