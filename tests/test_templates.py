"""Every letter is there in every language, whole, and says what its kind declares."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from selectolax.lexbor import LexborHTMLParser

from gateway.desk.clear_answers import Meaning, clear_answer
from gateway.desk.digest import MAY_WAIT
from gateway.desk.notices import Letter
from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS, Alert, RefusalType
from gateway.outbound.samples import samples_of
from gateway.outbound.template_check import problems
from gateway.outbound.wording import FILTERS, moment_in
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
    assert list(problems(COMPOSER)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_renders_with_all_its_values_and_with_the_fewest(language: str) -> None:
    for letter, values in samples():
        rendered = COMPOSER.compose(letter, language, values)

        said = f"{letter} {values.get('type') or values.get('kind') or ''} in {language}"
        assert rendered.language == language
        assert rendered.subject, said
        assert len(rendered.text) > 40, said
        assert str(values.get("number") or "") in rendered.subject, said
        assert str(values.get("number") or "") in rendered.html, said
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
def test_each_alert_says_in_its_subject_and_its_title_what_it_is(language: str) -> None:
    bare = [COMPOSER.compose("alert", language, sample("alert", kind=kind, subject="")) for kind in Alert]

    assert len({rendered.subject for rendered in bare}) == len(Alert)
    above, *_ = {rendered.text.splitlines()[0] for rendered in bare}
    assert all(rendered.text.splitlines()[:2] == [above, ""] for rendered in bare)
    assert len({rendered.text.splitlines()[2] for rendered in bare}) == len(Alert)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", [name for name, kind in LETTERS.items() if "closes_at" in kind.variables])
def test_a_letter_that_knows_the_day_of_closing_says_it(language: str, letter: str) -> None:
    for values in samples_of(letter, language):
        rendered = COMPOSER.compose(letter, language, values)
        closes_at = values["closes_at"]
        said = moment_in(closes_at, language, "America/Bogota") if isinstance(closes_at, datetime) else "17:00"

        assert (said in rendered.text) == (closes_at is not None), values
        assert (said in rendered.html) == (closes_at is not None), values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", [name for name, kind in LETTERS.items() if "best" in kind.variables])
def test_a_letter_asks_for_a_score_only_while_one_can_be_given(language: str, letter: str) -> None:
    asked = COMPOSER.compose(letter, language, sample(letter, language, best=7))
    silent = COMPOSER.compose(letter, language, sample(letter, language, best=0))

    assert re.search(r"\b1 (al|to|a) 7\b", asked.text)
    assert not re.search(r"\b1 (al|to|a) \d", silent.text + silent.html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", ["approval", "reminder"])
def test_what_a_letter_says_to_answer_is_understood(language: str, letter: str) -> None:
    rendered = COMPOSER.compose(letter, language, sample(letter, language, **_ABOUT_APPROVAL.get(letter, {})))
    yes, no = re.findall(r"[«“](\w+)[»”]", rendered.text)

    assert getattr(clear_answer(yes), "meaning", None) is Meaning.YES
    assert getattr(clear_answer(f"{no}, 1042"), "meaning", None) is Meaning.NO


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_of_a_digest_has_a_heading(language: str) -> None:
    kinds = [*Alert, *(MAY_WAIT - {Letter.ALERT}), "to_attend", "without_time"]
    for kind in kinds:
        rendered = COMPOSER.compose("digest", language, sample("digest", language, groups=[(kind, [(7, "", None)])]))

        assert f"\n{kind} (1)" not in rendered.text
        assert re.search(r"^\w.* \(1\)\n- #7$", rendered.text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ticket_without_owner_has_nobody_named_in_its_letters(language: str) -> None:
    for letter in ("status", "owner_changed", "prepared", "alert"):
        rendered = COMPOSER.compose(letter, language, sample(letter, language, owner="", author="", text=""))

        assert "Luis" not in rendered.subject + rendered.text + rendered.html


_ABOUT_APPROVAL: dict[str, dict[str, object]] = {"reminder": {"about": "approval"}}


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
