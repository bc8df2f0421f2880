"""Which tickets of the same requester may be about the same thing, by near text or subject and near time. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.desk.folding import words_of
from gateway.desk.nearness import near, sketch

NEAR_TIME = timedelta(days=7)
MOST = 3
# Of fewer words nobody can say that they are nearly the same: "Ayuda" is not one problem.
LEAST_WORDS = 3
_PREFIXES = re.compile(r"(?:(?:re|rv|fw|fwd|aw|enc|res)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resembling:
    """A ticket as it is compared: its subject, and the sketch of its first message."""

    number: int
    subject: str
    text: Sequence[int]
    at: datetime


def suspects(new: Resembling, others: Iterable[Resembling]) -> tuple[int, ...]:
    """The numbers of those that `new` may be a duplicate of, the newest first."""
    found = [one for one in others if _suspect(new, one)]
    return tuple(one.number for one in sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


def suspicion(numbers: Sequence[int], language: str) -> str:
    """As people of the desk read it; empty for none."""
    if not numbers:
        return ""
    return f"{_WORDS[language]} {', '.join(f'#{number}' for number in numbers)}"


_WORDS = {"es": "posible duplicado de", "en": "possible duplicate of", "pt": "possível duplicado de"}


def _suspect(new: Resembling, other: Resembling) -> bool:
    if abs(new.at - other.at) > NEAR_TIME or new.number == other.number:
        return False
    if len(new.text) >= LEAST_WORDS and len(other.text) >= LEAST_WORDS and near(new.text, other.text):
        return True
    one, two = subject_words(new.subject), subject_words(other.subject)
    # The words in another order are the same; a number in them is another order, device or room.
    return len(one) >= LEAST_WORDS and _numbers(one) == _numbers(two) and near(_sketch(one), _sketch(two))


def subject_words(subject: str) -> tuple[str, ...]:
    """The words of a subject as they are compared, without what replies and forwards put before it."""
    return tuple(words_of(_PREFIXES.sub("", subject, count=1)))


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if any(sign.isdigit() for sign in word)}


def _sketch(words: Sequence[str]) -> tuple[int, ...]:
    return sketch(" ".join(words))
