"""What requesters said about how their tickets were handled: the newest answer of each, from its events. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.reporting_figures import mean
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Cell, Kind, Table, table
from gateway.desk.verbs import Action


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, with who owned the ticket at that time."""

    at: datetime
    ticket: int
    score: int
    comment: str
    owner: int | None
    nature: str


class Surveys:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._said: list[Said] = []

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        # A later answer takes the place of an earlier one, in these days or after them.
        last = next((step for step in reversed(life.steps) if step.event.action == _SURVEY), None)
        if last is None or not last.event.data.get("score") or not self._scope.covers(last.after.area, last.event.at):
            return
        ticket, data = last.before, last.event.data
        if self._scope.by(ticket.owner_id):
            score, comment = int(data["score"]), str(data.get("comment", ""))
            self._said.append(Said(last.event.at, life.now.id, score, comment, ticket.owner_id, ticket.nature))

    def tables(self) -> tuple[Table, ...]:
        comments = [
            (one.at, one.ticket, one.score, one.owner, one.comment)
            for one in sorted(self._said, key=lambda one: (one.at, one.ticket))
            if one.comment
        ]
        said = {
            "at": Kind.MOMENT,
            "ticket": Kind.TICKET,
            "score": Kind.NUMBER,
            "owner": Kind.PERSON,
            "comment": Kind.TEXT,
        }
        return (
            table("survey", {"score": Kind.NUMBER, "answers": Kind.NUMBER}, self.scores()),
            table("survey_by_person", *_by("owner", Kind.PERSON, self._by_owner())),
            table("survey_by_nature", *_by("nature", Kind.WORD, self._by_nature())),
            table("survey_comments", said, comments),
        )

    def scores(self) -> list[tuple[int, int]]:
        """How many gave each score, from 1 to the highest: those that nobody gave too."""
        counts = Counter(one.score for one in self._said)
        return [(score, counts[score]) for score in range(1, max(counts) + 1)] if counts else []

    def mean(self) -> float | None:
        return mean([one.score for one in self._said])

    def __len__(self) -> int:
        return len(self._said)

    def _by_owner(self) -> Mapping[int | None, Sequence[int]]:
        found: defaultdict[int | None, list[int]] = defaultdict(list)
        for one in self._said:
            found[one.owner].append(one.score)
        return found

    def _by_nature(self) -> Mapping[str, Sequence[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for one in self._said:
            found[one.nature].append(one.score)
        return found


def _by(
    name: str, kind: Kind, scores: Mapping[int | None, Sequence[int]] | Mapping[str, Sequence[int]]
) -> tuple[dict[str, Kind], list[tuple[Cell, ...]]]:
    columns = {name: kind, "answers": Kind.NUMBER, "mean": Kind.DECIMAL, "lowest": Kind.NUMBER}
    most = sorted(scores.items(), key=lambda one: (-len(one[1]), str(one[0])))
    return columns, [(key, len(found), mean(found), min(found)) for key, found in most]


_SURVEY = Action.SURVEY.value
