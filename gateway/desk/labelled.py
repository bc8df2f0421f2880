"""What a workflow names for the program and for people, such as a state or a reason: found by what they write. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from gateway.desk.folding import folded, words_of
from gateway.desk.words import Labels, choices


class Labelled(Protocol):
    """A name for the program, and words for people in each language."""

    @property
    def name(self) -> str: ...
    @property
    def labels(self) -> Labels: ...


_Found = TypeVar("_Found", bound=Labelled)


def named(value: str, things: Iterable[_Found]) -> _Found | None:
    """The one of this name, or of this label in any language, accents or not."""
    wanted = folded(value)
    return next((one for one in things if wanted in map(folded, (one.name, *one.labels.values()))), None)


def nearly_named(value: str, things: Iterable[_Found]) -> _Found | None:
    """The same; else the only one whose label has all these words."""
    listed, words = list(things), set(words_of(value))
    near = [one for one in listed if words and any(words <= set(words_of(label)) for label in one.labels.values())]
    return named(value, listed) or (near[0] if len(near) == 1 else None)


def choices_of(things: Iterable[Labelled]) -> list[Labels]:
    """As a refusal lists them."""
    return choices({one.name: one.labels for one in things})
