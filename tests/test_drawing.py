"""The pictures of workflows: whole, readable, and those of the documentation current."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.desk.drawing import mermaid, svg, ways
from gateway.desk.drawing_words import WORDS, after
from gateway.desk.duration import Duration, Unit, parse
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import LANGUAGES
from gateway.desk.workflow_load import load, presets

PICTURES = Path(__file__).parents[1] / "docs" / "workflows"
IN = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", presets())
def test_the_picture_in_the_documentation_is_current(name: str) -> None:
    """`gateway workflow show NAME --as svg > docs/workflows/NAME.svg` makes it anew."""
    assert (PICTURES / f"{name}.svg").read_text("utf-8") == svg(load(name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", presets())
def test_every_way_is_in_the_picture_in_words(name: str, language: str) -> None:
    workflow = load(name)
    picture = ET.fromstring(svg(workflow, language=language))
    said = [text.text or "" for text in picture.iter(f"{IN}text")]
    rows = [text for text in said if text in {", ".join(names) for names in ways(workflow, language=language).values()}]
    arrows = len([path for path in picture.iter(f"{IN}path") if path.get("marker-end")])
    dots = len(list(picture.iter(f"{IN}circle")))

    assert dots == len(ways(workflow))
    assert len(rows) <= arrows <= dots
    assert all("_" not in text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", presets())
def test_nothing_lies_over_anything_else(name: str, language: str) -> None:
    """Each row has a height of its own, and its words end within the picture."""
    picture = ET.fromstring(svg(load(name), language=language))
    width, height = float(picture.get("width", "0")), float(picture.get("height", "0"))
    words = [one for one in picture.iter(f"{IN}text") if one.get("font-size") == "12"]
    levels = [float(one.get("y", "0")) for one in words]

    assert all(later - earlier >= 30 for earlier, later in pairwise(levels))
    assert all(float(one.get("x", "0")) + len(one.text or "") * 6 <= width for one in words)
    assert max(levels) < height


def test_mermaid_has_every_state_and_every_way() -> None:
    workflow = load("validation")
    text = mermaid(workflow, language="es")

    assert text.startswith("stateDiagram-v2\n")
    assert len(re.findall(r"^    state ", text, re.MULTILINE)) == len(workflow.states)
    assert len(re.findall(r" --> \w+: ", text)) == len(ways(workflow))
    assert 'state "En análisis" as analysis' in text or "En análisis" in text


def test_all_that_can_lead_from_state_to_state_has_words_in_each_language() -> None:
    assert set(WORDS) == {*Action, *Happening}
    assert all(set(labels) == set(LANGUAGES) and all(labels.values()) for labels in WORDS.values())


@pytest.mark.parametrize(
    ("wait", "language", "said"),
    [
        ("6 business days", "es", "tras 6 días hábiles"),
        ("1 business day", "es", "tras 1 día hábil"),
        ("1 hour", "pt", "após 1 hora"),
        ("10 business minutes", "pt", "após 10 minutos úteis"),
        ("2 weeks", "en", "after 2 weeks"),
    ],
)
def test_how_long_time_takes_is_said_in_words(wait: str, language: str, said: str) -> None:
    assert after(parse(wait), language) == said


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_has_words(unit: Unit, language: str) -> None:
    assert "2 " in after(Duration(2, unit), language)


def test_labels_of_people_are_text_and_nothing_else() -> None:
    workflow = load("default")
    hostile = '<script>alert("x")</script>'
    first = workflow.states[0]
    drawn = svg(replace(workflow, states=(replace(first, labels={"en": hostile}), *workflow.states[1:])))

    assert "<script" not in drawn
    ET.fromstring(drawn)
