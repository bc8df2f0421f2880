"""A workflow file read row by row into states, transitions, reasons, timers and sayings, and then as a whole. Pure."""

from datetime import timedelta

from gateway.desk.people import DOERS, Role
from gateway.desk.source import Source, Table
from gateway.desk.states import Hold, Reason, State, StateKind, Transition
from gateway.desk.ticket import Nature
from gateway.desk.verbs import PARAMETERS, Action, Happening
from gateway.desk.workflow import Workflow
from gateway.desk.workflow_checks import check
from gateway.desk.workflow_clocks import read_ladder, read_targets, read_timers
from gateway.desk.workflow_rows import StateRows, TransitionRows, read_notices, state_names
from gateway.desk.workflow_sayings import read_account, read_answers, read_checklist, read_conformity, read_surveys

CUSTOMER_KINDS = ("customer", "channel", "consultant")


def read(name: str, source: Source) -> Workflow:
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
    ladder = read_ladder(root)
    timers = read_timers(root, states, ladder)
    targets = read_targets(root, states)
    account = read_account(root, states)
    check(states, transitions, timers, account, root)
    workflow = Workflow(
        name=name,
        states=tuple(state for state, _ in states.values()),
        transitions=tuple(transition for transition, _ in transitions),
        reasons=_reasons(root.tables("reason"), transitions),
        grace=_grace(root, states, transitions),
        # A target first: what another timer does at the same moment comes too late for it.
        timers=(*(rule for _, rules in targets for rule in rules), *(rule for rule, _ in timers)),
        targets=tuple(target for target, _ in targets),
        ladder=ladder,
        answers=read_answers(root),
        checklist=read_checklist(root),
        surveys=read_surveys(root),
        account=account,
        conformity=read_conformity(root, states),
        time_required=root.flag("time_required"),
    )
    root.finish()
    return workflow


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
        hold=_hold(row.table("holds")) if row.has("holds") else None,
    )
    row.finish()
    return state


def _hold(row: Table) -> Hold:
    natures = row.strings("natures") if row.has("natures") else tuple(Nature)
    hold = Hold(
        classification=row.string("classification"),
        natures=frozenset(row.one_of("natures", name, list(Nature), what="nature") for name in natures),
    )
    row.finish()
    return hold


def _transition(row: Table, states: StateRows) -> Transition:
    if row.has("action") == row.has("on"):
        row.wrong("", "needs either 'action', for what a person does, or 'on', for what happens")
    action = row.word("action", Action, what="action") if row.has("action") else _happening(row)
    person = isinstance(action, Action)
    kinds = row.strings("kinds") if person and row.has("kinds") else ()
    for kind in kinds:
        row.must_know("kinds", kind, CUSTOMER_KINDS, what="kind of requester")
    transition = Transition(
        action=action,
        from_states=_from_states(row, action, states),
        to=_to(row, action, states),
        roles=frozenset(row.one_of("by", name, DOERS, what="role") for name in row.strings("by"))
        if person
        else frozenset(),
        kinds=frozenset(kinds),
        requires=_requires(row, action) if isinstance(action, Action) else (),
        notices=read_notices(row),
    )
    row.finish()
    return transition


def _happening(row: Table) -> Happening:
    happening = row.word("on", Happening, what="happening")
    if happening is Happening.TIME_PASSED:
        row.wrong("on", "what time does is written as [[timer]]")
    return happening


def _from_states(row: Table, action: Action | Happening, states: StateRows) -> tuple[str, ...]:
    if action is Happening.RECEIVED:
        return ()
    return state_names(row, "from", states)


def _to(row: Table, action: Action | Happening, states: StateRows) -> str | None:
    if not row.has("to") and action not in (Happening.RECEIVED, Action.MOVE):
        return None
    name = row.string("to")
    row.must_know("to", name, states, what="state")
    return name


def _requires(row: Table, action: Action) -> tuple[str, ...]:
    names = row.strings("requires") if row.has("requires") else ()
    for name in names:
        row.must_know("requires", name, {"text", "account", "checklist", *PARAMETERS[action]}, what="requirement")
    return names


def _reasons(rows: list[Table], transitions: TransitionRows) -> tuple[Reason, ...]:
    offered = {transition.action for transition, _ in transitions if isinstance(transition.action, Action)}
    taking = [action for action in Action if action in offered and "reason" in PARAMETERS[action]]
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
