"""What requesters write about again and again: tickets whose subjects have nearly the same words. Pure.

Numbers, "Re:" and "Fwd:" do not count. Two subjects are near when four in five of all their words are common, which is
the measure by which duplicates are suspected. Nobody is compared with everybody: two sets that are so near share one of
the rarest words of each (Chaudhuri, Ganti, Kaushik, 2006, "A primitive operator for similarity joins": prefix filter).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gateway.desk.nearness import NEAR
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Kind, Table, table
from gateway.desk.suspects import subject_words

MOST = 20
EXAMPLES = 5
# So many of the groups that share a rare word are compared.
_COMPARED = 50

Words = frozenset[str]


@dataclass(slots=True)
class Group:
    """The tickets of one subject, the oldest first, and how the newest of them is called."""

    subject: str
    numbers: list[int] = field(default_factory=list)


class Subjects:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._found: dict[Words, Group] = {}

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        begun = life.begun
        if not self._scope.covers(begun.area, begun.created_at):
            return
        words = words_without_numbers(life.now.subject)
        if words:
            group = self._found.setdefault(words, Group(life.now.subject))
            group.subject = life.now.subject
            group.numbers.append(life.now.id)

    def tables(self) -> tuple[Table, ...]:
        groups = [one for one in together(self._found.items()) if len(one.numbers) > 1]
        groups.sort(key=lambda one: (-len(one.numbers), one.numbers[0]))
        columns = {"subject": Kind.TEXT, "tickets": Kind.NUMBER, "examples": Kind.TICKETS}
        rows = [(one.subject, len(one.numbers), tuple(sorted(one.numbers)[-EXAMPLES:])) for one in groups[:MOST]]
        return (table("subjects", columns, rows),)


def words_without_numbers(subject: str) -> Words:
    return frozenset(word for word in subject_words(subject) if not any(sign.isdigit() for sign in word))


def together(found: Iterable[tuple[Words, Group]]) -> list[Group]:
    """Groups that are near become one, which is called as the largest of them."""
    pairs = sorted(found, key=lambda one: (-len(one[1].numbers), one[1].numbers[0]))
    common = Counter(word for words, _ in pairs for word in words)
    leaders: list[tuple[Words, Group]] = []
    having: dict[str, list[int]] = {}
    for words, group in pairs:
        rare = _rarest(words, common)
        leader = _near(words, rare, leaders, having)
        if leader is not None:
            leader.numbers += group.numbers
            continue
        for word in rare:
            having.setdefault(word, []).append(len(leaders))
        leaders.append((words, Group(group.subject, list(group.numbers))))
    return [group for _, group in leaders]


def _rarest(words: Words, common: Counter[str]) -> Sequence[str]:
    """So many of them that a set which is near has one of its own among them."""
    ordered = sorted(words, key=lambda word: (common[word], word))
    return ordered[: len(words) - _least(len(words)) + 1]


def _least(count: int) -> int:
    """The least number of common words of a set of so many and one that is near it."""
    return -(-count * round(NEAR * 100) // 100)


def _near(
    words: Words, rare: Sequence[str], leaders: Sequence[tuple[Words, Group]], having: dict[str, list[int]]
) -> Group | None:
    for word in rare:
        for place in having.get(word, [])[:_COMPARED]:
            other, group = leaders[place]
            if len(words & other) >= NEAR * len(words | other):
                return group
    return None
