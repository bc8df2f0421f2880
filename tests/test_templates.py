"""Every letter is there in every language, whole, and says what its kind declares."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from selectolax.lexbor import LexborHTMLParser

from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS, Alert, RefusalType
from gateway.outbound.wording import FILTERS
from tests.letter_samples import LANGUAGES, TEMPLATES, VALUES, sample, samples

COMPOSER = Composer([TEMPLATES])
EVERY_LETTER = [(language, letter) for language in LANGUAGES for letter in LETTERS]


def variables_of(path: Path) -> set[str]:
    environment = Environment()
    environment.filters.update(FILTERS)
    return find_undeclared_variables(environment.parse(path.read_text()))


@pytest.mark.parametrize(("language", "letter"), EVERY_LETTER)
def test_a_letter_uses_no_value_that_its_kind_does_not_declare(language: str, letter: str) -> None:
    for part in ("subject", "txt", "html"):
        used = variables_of(TEMPLATES / language / f"{letter}.{part}")

        assert used <= LETTERS[letter].variables, part


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_declares_no_value_that_it_does_not_use(letter: str) -> None:
    used = {"desk", "number", "link", "zone"}  # of the layout and of the filters
    for language in LANGUAGES:
        for part in ("subject", "txt", "html"):
            used |= variables_of(TEMPLATES / language / f"{letter}.{part}")

    assert LETTERS[letter].variables <= used


@pytest.mark.parametrize("letter", LETTERS)
def test_the_languages_of_a_letter_use_the_same_values(letter: str) -> None:
    for part in ("subject", "txt", "html"):
        used = [variables_of(TEMPLATES / language / f"{letter}.{part}") for language in LANGUAGES]

        assert used[0] == used[1] == used[2], part


def test_no_template_stands_there_for_nothing() -> None:
    assert list(COMPOSER.problems()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_renders_with_all_its_values_and_with_the_fewest(language: str) -> None:
    for letter, values in samples():
        rendered = COMPOSER.compose(letter, language, values)

        said = f"{letter} {values.get('type') or values.get('kind') or ''} in {language}"
        assert rendered.language == language
        assert rendered.subject, said
        assert len(rendered.text) > 40, said
        assert str(values["number"] or "") in rendered.subject, said
        assert str(values["number"] or "") in rendered.html, said
        assert not re.search(r"\bNone\b|\bUndefined\b|\{\{|\{%|<p>\s*</p>|<ul>\s*</ul>", rendered.html), said
        assert not re.search(r"\bNone\b|\{\{|\{%|<\w+>|\n\n\n", rendered.text), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_text_and_html_say_the_same(language: str) -> None:
    for letter, values in samples():
        rendered = COMPOSER.compose(letter, language, values)
        page = LexborHTMLParser(rendered.html)
        page.strip_tags(["style", "title", "head"])
        html_words = set(re.findall(r"\w+", page.body.text(separator=" ")))  # type: ignore[union-attr]
        text_words = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", rendered.text)))

        assert text_words <= html_words, (letter, values.get("type") or values.get("kind"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_keep_to_lines_that_read_well(language: str) -> None:
    for letter, values in samples():
        lines = COMPOSER.compose(letter, language, {**values, "text": ""}).text.splitlines()
        ours = [line for line in lines if not line.startswith("https://")]

        assert max(map(len, ours)) <= 90, letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_refusal_and_each_alert_has_words_of_its_own(language: str) -> None:
    refusals = {COMPOSER.compose("refused", language, sample("refused", type=type_)).text for type_ in RefusalType}
    alerts = {COMPOSER.compose("alert", language, sample("alert", kind=kind)).text for kind in Alert}

    assert len(refusals) == len(RefusalType)
    assert len(alerts) == len(Alert)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_to_somebody_unconfirmed_has_only_the_number(language: str) -> None:
    rendered = COMPOSER.compose("receipt_new", language, VALUES)

    for part in (rendered.subject, rendered.text, rendered.html):
        assert "1042" in part
        assert "impresora" not in part
        assert "Ana" not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_nothing_that_a_mail_program_would_fetch(language: str) -> None:
    for letter, values in samples():
        html = COMPOSER.compose(letter, language, {**values, "text": ""}).html

        assert not re.search(r"<(?:img|link|script|iframe|form|video|audio)\b|url\(|@import|\bsrc=|background=", html)


def test_a_letter_without_a_page_has_no_button() -> None:
    with_page = COMPOSER.compose("solved", "en", sample("solved"))
    without = COMPOSER.compose("solved", "en", sample("solved", link=""))

    assert 'href="https://mesa.example.org/t/1042"' in with_page.html
    assert "See the request: https://mesa.example.org/t/1042" in with_page.text
    assert "See the request" not in without.html + without.text
