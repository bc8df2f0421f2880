"""docs/workflows.md says what the code does."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from gateway.desk.notices import Alert, Audience, Letter
from gateway.desk.people import DOERS
from gateway.desk.states import StateKind
from gateway.desk.ticket import Origin
from gateway.desk.verbs import FIELDS, PARAMETERS, Action
from gateway.desk.workflow_load import load, presets

TEXT = (Path(__file__).parents[1] / "docs" / "workflows.md").read_text("utf-8")
DEFAULT = load("default")
ALL_STATES = [state.name for state in DEFAULT.states]


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.split(f"## {title}\n", 1)[1], flags=re.MULTILINE)[0]


def rows(title: str, *, table: int = 0) -> list[list[str]]:
    tables = re.findall(r"(?:^\|.*\n)+", section(title), flags=re.MULTILINE)
    lines = tables[table].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_states_of_default_are_documented() -> None:
    documented = [(*names(name), *names(kind), label) for name, kind, label in rows("The states of `default`")]

    assert documented == [(state.name, state.kind.value, state.labels["en"]) for state in DEFAULT.states]


def test_every_action_that_default_offers_is_documented() -> None:
    assert {names(row[0])[0] for row in rows("Actions")} == set(DEFAULT.offered)


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


def test_what_other_presets_offer_beside_is_documented() -> None:
    documented = {name for row in rows("Actions", table=1) for name in names(row[0])}

    assert documented == set(Action) - set(DEFAULT.offered)
    assert documented == {action for name in presets() for action in load(name).offered} - set(DEFAULT.offered)


def test_every_parameter_is_documented_with_its_actions() -> None:
    documented = {name: row for row in rows("Parameters") for name in names(row[0])}

    assert set(documented) == {name for taken in PARAMETERS.values() for name in taken}
    for name in (set(documented) - set(FIELDS)) - {"time"}:
        assert set(names(documented[name][2])) == {action for action, taken in PARAMETERS.items() if name in taken}
    assert set(names(documented["origin"][1])) == set(Origin)
    assert {reason.name for reason in DEFAULT.reasons} <= set(names(documented["reason"][1]))


def test_every_kind_role_audience_and_letter_is_documented() -> None:
    keys = {name: row[1] for row in rows("The file") for name in names(row[0])}
    after = section("The file").split("\n\n")[-1]

    assert set(names(keys["state.kind"])) >= set(StateKind)
    assert names(keys["transition.by"]) == list(DOERS)
    assert set(names(after)) == {*Audience, *Letter, *Alert}


def test_every_key_of_the_presets_is_documented() -> None:
    keys: set[str] = set()
    for preset in presets():
        data = tomllib.loads((resources.files("gateway.desk") / "presets" / f"{preset}.toml").read_text("utf-8"))
        for name, value in data.items():
            rows_of_it = value if isinstance(value, list) else [value]
            keys |= {f"{name}.{key}" for row in rows_of_it if isinstance(row, dict) for key in row}
            keys |= {name} if isinstance(value, bool) else set()
    documented = {name for row in rows("The file") for name in names(row[0])}

    assert documented - keys == {"timer.raises", "timer.unanswered", "timer.categories", "timer.stale"}
    assert keys <= documented
