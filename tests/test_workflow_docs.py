"""docs/workflows.md says what the code does."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from gateway.desk.notices import Audience, Letter
from gateway.desk.people import DOERS
from gateway.desk.states import StateKind
from gateway.desk.ticket import Origin
from gateway.desk.verbs import OFFERABLE, PARAMETERS, Action
from gateway.desk.workflow import load

TEXT = (Path(__file__).parents[1] / "docs" / "workflows.md").read_text("utf-8")
DEFAULT = load("default")
ALL_STATES = [state.name for state in DEFAULT.states]


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.split(f"## {title}\n", 1)[1], flags=re.MULTILINE)[0]


def rows(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_states_of_default_are_documented() -> None:
    documented = [(*names(name), *names(kind), label) for name, kind, label in rows("The states of `default`")]

    assert documented == [(state.name, state.kind.value, state.labels["en"]) for state in DEFAULT.states]


def test_every_action_that_default_offers_is_documented() -> None:
    assert {names(row[0])[0] for row in rows("Actions")} == set(DEFAULT.offered) == OFFERABLE


@pytest.mark.parametrize("row", rows("Actions"), ids=lambda row: row[0].strip("`"))
def test_an_actions_states_and_needs_are_documented(row: list[str]) -> None:
    action = Action(names(row[0])[0])
    steps = [step for step in DEFAULT.transitions if step.action is action]
    states = ALL_STATES if row[1] == "any" else names(row[1])
    to, *only_from = names(row[2]) or [None]
    required = {name for step in steps for name in step.requires}

    assert states == [state for state in ALL_STATES if any(state in step.from_states for step in steps)]
    assert {step.to for step in steps} - {None} == {to} - {None}
    for step in steps:
        if only_from and step.to is None:
            assert not set(only_from) & set(step.from_states)
    assert required == (required & {*names(row[3]), *(["text"] if "text" in row[3] else [])})
    assert set(names(row[3])) <= set(PARAMETERS[action])


def test_the_actions_that_no_workflow_can_offer_are_named() -> None:
    paragraph = section("Actions").split("The canonical names")[1]

    assert set(names(paragraph)) == set(Action) - OFFERABLE


def test_every_parameter_is_documented_with_its_actions() -> None:
    documented = {name: row for row in rows("Parameters") for name in names(row[0])}

    assert set(documented) == {name for taken in PARAMETERS.values() for name in taken}
    for name in ("owner", "wait", "reason", "origin", "evidence", "to", "kind"):
        assert set(names(documented[name][2])) == {action for action, taken in PARAMETERS.items() if name in taken}
    assert set(names(documented["origin"][1])) == set(Origin)
    assert {reason.name for reason in DEFAULT.reasons} <= set(names(documented["reason"][1]))


def test_every_kind_role_audience_and_letter_is_documented() -> None:
    keys = {name: row[1] for row in rows("The file") for name in names(row[0])}
    after = section("The file").split("\n\n")[-1]

    assert set(names(keys["state.kind"])) >= set(StateKind)
    assert names(keys["transition.by"]) == list(DOERS)
    assert set(names(after)) == {*Audience, *Letter}


def test_every_key_of_default_is_documented() -> None:

    data = tomllib.loads((resources.files("gateway.desk") / "presets" / "default.toml").read_text("utf-8"))
    keys = {f"follow_up.{key}" for key in data["follow_up"]}
    keys |= {f"{table}.{key}" for table in ("state", "transition", "reason") for row in data[table] for key in row}
    documented = {name for row in rows("The file") for name in names(row[0])}

    assert documented - keys == {"state.visible_to"}
    assert keys <= documented
