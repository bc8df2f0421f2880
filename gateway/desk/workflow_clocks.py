"""The clocks of a workflow file: [[timer]], [[target]] and [[level]]. Pure."""

from collections.abc import Sequence

from gateway.desk.clocks import Call, Level, Since, Target, TimerRule
from gateway.desk.notices import Alert, Audience
from gateway.desk.source import Table
from gateway.desk.states import StateKind
from gateway.desk.workflow_rows import StateRows, TimerRows, read_notices, state_names


def read_timers(root: Table, states: StateRows, ladder: Sequence[Level]) -> TimerRows:
    rules: TimerRows = []
    for row in root.tables("timer"):
        rule = _timer(row, states)
        if rule.escalates and not ladder:
            row.wrong("escalates", "has no effect: the workflow has no [[level]]")
        if any(rule.name == other.name for other, _ in rules):
            row.wrong("name", f"timer '{rule.name}' stands twice")
        rules.append((rule, row))
    return rules


def _timer(row: Table, states: StateRows) -> TimerRule:
    rule = TimerRule(
        name=row.string("name"),
        states=_states(row, states),
        after=row.wait("after"),
        since=row.word("since", Since, what="event") if row.has("since") else Since.ENTERED,
        unanswered=row.flag("unanswered"),
        unescalated=row.flag("unescalated"),
        categories=_categories(row),
        stale=row.wait("stale") if row.has("stale") else None,
        call=row.word("call", Call, what="call") if row.has("call") else None,
        to=_to(row, states),
        classification=row.string("classification") if row.has("classification") else "",
        raises=row.flag("raises"),
        escalates=row.flag("escalates"),
        notices=read_notices(row),
    )
    row.finish()
    if not (rule.notices or rule.to or rule.classification or rule.raises or rule.escalates):
        row.wrong("", "does nothing: give it 'notices', 'to', 'classification', 'raises', or 'escalates'")
    return rule


def read_targets(root: Table, states: StateRows) -> list[tuple[Target, tuple[TimerRule, ...]]]:
    """Each target with its timers: the warning before it is missed, if it wants one, and its being missed."""
    targets: list[tuple[Target, tuple[TimerRule, ...]]] = []
    for row in root.tables("target"):
        name = row.string("name")
        if any(name == other.name for other, _ in targets):
            row.wrong("name", f"target '{name}' stands twice")
        missed = TimerRule(
            name=f"target {name}",
            states=_states(row, states),
            after=row.wait("within"),
            since=row.word("since", Since, what="event") if row.has("since") else Since.CREATED,
            unanswered=row.flag("unanswered"),
            unescalated=row.flag("unescalated"),
            categories=_categories(row),
            target=name,
            raises=row.flag("raises"),
            notices=read_notices(row) or ((Audience.OWNER, Alert.OVERDUE),),
        )
        rules: tuple[TimerRule, ...] = (missed,)
        if row.has("warn"):
            warning = TimerRule(
                name=f"target {name} ahead",
                states=missed.states,
                after=missed.after,
                since=missed.since,
                ahead=row.wait("warn"),
                unanswered=missed.unanswered,
                unescalated=missed.unescalated,
                categories=missed.categories,
                notices=((Audience.OWNER, Alert.ABOUT_TO_BE_OVERDUE),),
            )
            rules = (warning, missed)
        targets.append((Target(name=name, labels=row.labels("label"), rule=missed), rules))
        row.finish()
    return targets


def read_ladder(root: Table) -> tuple[Level, ...]:
    levels: list[Level] = []
    rows = root.tables("level")
    for row in rows:
        level = Level(
            name=row.string("name"),
            labels=row.labels("label"),
            wait=row.wait("wait") if row.has("wait") else None,
        )
        row.finish()
        if any(level.name == other.name for other in levels):
            row.wrong("name", f"level '{level.name}' stands twice")
        levels.append(level)
    for level, row in zip(levels[:-1], rows, strict=False):
        if level.wait is None:
            row.wrong("wait", "is missing: only the last level has none above it to wait for")
    return tuple(levels)


def _states(row: Table, states: StateRows) -> tuple[str, ...]:
    names = state_names(row, "in", states)
    for name in names:
        if states[name][0].kind is StateKind.FINAL:
            row.wrong("in", f"'{name}' is a final state: nothing falls due in it")
    return names


def _to(row: Table, states: StateRows) -> str | None:
    if not row.has("to"):
        return None
    row.must_know("to", row.string("to"), states, what="state")
    return row.string("to")


def _categories(row: Table) -> frozenset[str]:
    return frozenset(name.casefold() for name in row.strings("categories")) if row.has("categories") else frozenset()
