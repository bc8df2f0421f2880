"""A workflow file read row by row into states, transitions, and reasons. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from gateway.desk.notices import Audience, Letter
from gateway.desk.people import DOERS, Role
from gateway.desk.source import Source, Table
from gateway.desk.states import Reason, State, StateKind, Transition
from gateway.desk.verbs import OFFERABLE, PARAMETERS, Action, Happening
from gateway.desk.workflow_checks import StateRows, TransitionRows, check


@dataclass(frozen=True, slots=True)
class Rows:
    """What a workflow file holds, checked. `grace` is None when a closed ticket is never reopened by mail."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    reasons: tuple[Reason, ...]
    grace: timedelta | None


def read(source: Source) -> Rows:
    """Raises SettingsError with file, line, and key for the first thing that is wrong."""
    root = source.root()
    states: dict[str, tuple[State, Table]] = {}
    for row in root.tables("state"):
        state = _state(row)
        if state.name in states:
            row.wrong("name", f"state '{state.name}' stands twice")
        states[state.name] = state, row
    if not states:
        root.wrong("state", "is missing: a workflow needs [[state]] tables")
    transitions = [(_transition(row, states), row) for row in root.tables("transition")]
    check(states, transitions, root)
    reasons = _reasons(root.tables("reason"), transitions)
    grace = _grace(root, states, transitions)
    root.finish()
    return Rows(
        states=tuple(state for state, _ in states.values()),
        transitions=tuple(transition for transition, _ in transitions),
        reasons=reasons,
        grace=grace,
    )


def _state(row: Table) -> State:
    state = State(
        name=row.string("name"),
        kind=row.word("kind", StateKind, what="kind of state"),
        labels=row.labels("label"),
        visible_to=frozenset(
            row.one_of("visible_to", name, list(Role), what="role") for name in row.strings("visible_to")
        )
        if row.has("visible_to")
        else frozenset(Role),
    )
    row.finish()
    return state


def _transition(row: Table, states: StateRows) -> Transition:
    if row.has("action") == row.has("on"):
        row.wrong("", "needs either 'action', for what a person does, or 'on', for what happens")
    action = _action(row) if row.has("action") else _happening(row)
    transition = Transition(
        action=action,
        from_states=_from_states(row, action, states),
        to=_to(row, action, states),
        roles=frozenset(row.one_of("by", name, DOERS, what="role") for name in row.strings("by"))
        if isinstance(action, Action)
        else frozenset(),
        requires=_requires(row, action) if isinstance(action, Action) else (),
        notices=tuple(
            (
                row.one_of("notices", audience, list(Audience), what="audience"),
                row.one_of("notices", letter, list(Letter), what="letter"),
            )
            for audience, letter in row.pairs("notices")
        ),
    )
    row.finish()
    return transition


def _action(row: Table) -> Action:
    action = row.word("action", Action, what="action")
    if action not in OFFERABLE:
        row.wrong("action", f"'{action}' is not built yet: no workflow can offer it")
    return action


def _happening(row: Table) -> Happening:
    happening = row.word("on", Happening, what="happening")
    if happening is Happening.TIME_PASSED:
        row.wrong("on", "'time_passed' needs timers, which are not built yet")
    return happening


def _from_states(row: Table, action: Action | Happening, states: StateRows) -> tuple[str, ...]:
    if action is Happening.RECEIVED:
        return ()
    names = row.strings("from")
    if names == ("any",):
        return tuple(states)
    for name in names:
        row.must_know("from", name, states, what="state")
    return names


def _to(row: Table, action: Action | Happening, states: StateRows) -> str | None:
    if not row.has("to") and action is not Happening.RECEIVED:
        return None
    name = row.string("to")
    row.must_know("to", name, states, what="state")
    return name


def _requires(row: Table, action: Action) -> tuple[str, ...]:
    names = row.strings("requires") if row.has("requires") else ()
    for name in names:
        row.must_know("requires", name, {"text", *PARAMETERS[action]}, what="requirement")
    return names


def _reasons(rows: list[Table], transitions: TransitionRows) -> tuple[Reason, ...]:
    offered = {transition.action for transition, _ in transitions if isinstance(transition.action, Action)}
    taking = [action for action in Action if action in offered and "reason" in PARAMETERS.get(action, ())]
    reasons: list[Reason] = []
    for row in rows:
        reason = Reason(
            name=row.string("name"),
            actions=frozenset(
                row.one_of("for", name, taking, what="action with a reason") for name in row.strings("for")
            ),
            labels=row.labels("label"),
        )
        row.finish()
        if any(reason.name == other.name for other in reasons):
            row.wrong("name", f"reason '{reason.name}' stands twice")
        reasons.append(reason)
    return tuple(reasons)


def _grace(root: Table, states: StateRows, transitions: TransitionRows) -> timedelta | None:
    if not root.has("follow_up"):
        return None
    table = root.table("follow_up")
    grace = None if table.string("grace") == "none" else table.duration("grace")
    table.finish()
    reopening = any(
        states[name][0].kind is StateKind.FINAL
        for transition, _ in transitions
        if transition.action is Happening.CUSTOMER_REPLIED and transition.to is not None
        for name in transition.from_states
    )
    if grace is not None and not reopening:
        table.wrong("grace", "has no effect: no transition on 'customer_replied' leads out of a final state")
    return grace
