"""The words of the pages: the same ones in every language, each of them used, and read as its language is written."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.web.wording import accepted, read_words, size, when

FOLDER = Path(__file__).parents[1] / "templates" / "web"
WORDS = read_words(FOLDER)
# Those that the program names: by the reason of a refusal, or a page of few words.
SAID = re.compile(r"_(?:title|text)$|^(?:password|notice|files|name|subject|text|too_many|wrong)_")


def test_every_language_says_the_same_things_with_the_same_values() -> None:
    for language in ("en", "pt"):
        assert WORDS[language].keys() == WORDS["es"].keys()
        for name, words in WORDS[language].items():
            assert words.count("%s") == WORDS["es"][name].count("%s"), name
            assert words == words.strip() != "", name


def test_no_word_stands_there_for_nothing() -> None:
    used = set(re.findall(r"\bt\.(\w+)", "".join(page.read_text("utf-8") for page in FOLDER.glob("*.html"))))
    program = "".join(path.read_text("utf-8") for path in FOLDER.parents[1].glob("gateway/web/*.py"))
    unused = [name for name in WORDS["es"] if name not in used and f'"{name}"' not in program and not SAID.search(name)]

    assert used <= WORDS["es"].keys()
    assert unused == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("fr, en;q=0.3, es;q=0.7", "es"),
        ("en;q=0, es;q=0.1", "es"),
        ("es-419", "es"),
        ("fr-CH, de", ""),
        ("", ""),
        (";;,,q=x, es;q=y", ""),
    ],
)
def test_the_browsers_best_language_is_taken(header: str, language: str) -> None:
    assert accepted(header) == language


def test_a_time_is_in_the_readers_zone_or_in_that_of_the_desk_and_says_so() -> None:
    at = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)

    assert when(at, "es", "America/Bogota") == "23 nov 2026, 12:05"
    assert when(at, "es", "", "America/Bogota") == "23 nov 2026, 12:05 UTC-5"
    assert when(at, "es", "No/Where", "America/Bogota") == "23 nov 2026, 12:05 UTC-5"
    assert when(at, "en", "") == "Nov 23, 2026, 5:05 PM UTC"
    assert when(at, "pt", "No/Where") == "23 de nov. de 2026, 17:05 UTC"


def test_a_size_is_short() -> None:
    assert [size(octets, "es") for octets in (999, 1500, 25_400_000)] == ["999 B", "1,5 kB", "25,4 MB"]
