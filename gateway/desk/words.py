"""Words for people: the languages that ship, values that exist in each of them, and the nearest right word. Pure."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

LANGUAGES = ("es", "en", "pt")

Labels = Mapping[str, str]
"""One thing said in each language: language code → words."""


def in_language(words: str | Labels, language: str) -> str:
    """`words` as the reader of `language` reads them; English where that language has none."""
    if isinstance(words, str):
        return words
    return words.get(language) or words["en"]


def choices(named: Mapping[Any, Labels]) -> list[Labels]:
    """Values to choose from, by their words; in English by their names, for who reads it may be at the command line."""
    return [{**labels, "en": str(name)} for name, labels in named.items()]


def nearest(word: str, known: Collection[str]) -> str | None:
    """The word of `known` that was probably meant, or None when none is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(word[:_COMPARED].casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


_COMPARED = 60
"""Comparing takes the square of the length: nobody means a word of more characters."""
