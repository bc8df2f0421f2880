"""Time that people said they spent, by ticket, person, tag, organisation and category; and where nobody said. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.desk.change import MessageKind
from gateway.desk.people import ActorKind
from gateway.desk.reporting_life import Life, Step
from gateway.desk.reporting_scope import Scope
from gateway.desk.reporting_table import Cell, Kind, Table, table

TIMED = frozenset({MessageKind.REPLY.value, MessageKind.NOTE.value, MessageKind.RECORD.value})


@dataclass(slots=True)
class Spent:
    seconds: int = 0
    entries: int = 0
    tickets: set[int] = field(default_factory=set)

    def add(self, seconds: int, ticket: int) -> None:
        self.seconds += seconds
        self.entries += 1
        self.tickets.add(ticket)


class TimeSpent:
    """Tags, organisation and category are those that the ticket has now."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._tickets: dict[int, tuple[str, Spent]] = {}
        self._people: defaultdict[int | None, Spent] = defaultdict(Spent)
        self._tags: defaultdict[str, Spent] = defaultdict(Spent)
        self._organisations: defaultdict[int | None, Spent] = defaultdict(Spent)
        self._categories: defaultdict[str, Spent] = defaultdict(Spent)
        self._untimed: defaultdict[int | None, list[int]] = defaultdict(list)

    def take(self, life: Life, inside: Sequence[Step]) -> None:
        for step in inside:
            event = step.event
            if not self._scope.by(event.actor_id):
                continue
            seconds = _seconds(event.data)
            if seconds:
                self._spend(life, event.actor_id, seconds)
            elif self._wanted(step):
                self._untimed[event.actor_id].append(life.now.id)

    def tables(self) -> tuple[Table, ...]:
        by_ticket = sorted(self._tickets.items(), key=lambda one: (-one[1][1].seconds, one[0]))
        columns = {"ticket": Kind.TICKET, "subject": Kind.TEXT, "seconds": Kind.SECONDS, "entries": Kind.NUMBER}
        rows = [(number, subject, spent.seconds, spent.entries) for number, (subject, spent) in by_ticket]
        untimed: list[tuple[Cell, ...]] = [
            (person, len(numbers), tuple(dict.fromkeys(numbers)))
            for person, numbers in sorted(self._untimed.items(), key=lambda one: (-len(one[1]), one[0] or 0))
        ]
        missing = {"person": Kind.PERSON, "messages": Kind.NUMBER, "tickets": Kind.TICKETS}
        return (
            table("time_by_person", *_by("person", Kind.PERSON, self._people)),
            table("time_by_ticket", columns, rows),
            table("time_by_tag", *_by("tag", Kind.TEXT, self._tags)),
            table("time_by_organisation", *_by("organisation", Kind.ORGANISATION, self._organisations)),
            table("time_by_category", *_by("category", Kind.TEXT, self._categories)),
            table("without_time", missing, untimed),
        )

    @property
    def seconds(self) -> int:
        return sum(one.seconds for one in self._people.values())

    def _spend(self, life: Life, person: int | None, seconds: int) -> None:
        now = life.now
        self._tickets.setdefault(now.id, (now.subject, Spent()))[1].add(seconds, now.id)
        self._people[person].add(seconds, now.id)
        self._organisations[now.organisation_id].add(seconds, now.id)
        self._categories[now.category].add(seconds, now.id)
        for tag in now.tags or ("",):
            self._tags[tag].add(seconds, now.id)

    def _wanted(self, step: Step) -> bool:
        """Whether it is a message of the desk that should have said how long it took."""
        event = step.event
        return (
            event.actor_kind == ActorKind.PERSON
            and event.data.get("message") in TIMED
            and self._scope.area(step.after.area).workflow.time_required
        )


def _seconds(data: Mapping[str, object]) -> int:
    written = data.get("time")
    return int(written) if isinstance(written, str) and written.isdecimal() else 0


def _by(
    name: str, kind: Kind, spent: Mapping[str, Spent] | Mapping[int | None, Spent]
) -> tuple[dict[str, Kind], list[tuple[Cell, ...]]]:
    columns = {name: kind, "seconds": Kind.SECONDS, "entries": Kind.NUMBER, "tickets": Kind.NUMBER}
    most = sorted(spent.items(), key=lambda one: (-one[1].seconds, str(one[0])))
    return columns, [(key, one.seconds, one.entries, len(one.tickets)) for key, one in most]
