"""What is wrong with a workflow as a whole, though each of its rows is right. Pure."""

from gateway.desk.sayings import AccountRule
from gateway.desk.source import Table
from gateway.desk.states import StateKind
from gateway.desk.verbs import ANSWERS, Action, Happening
from gateway.desk.workflow_rows import StateRows, TimerRows, TransitionRows


def check(
    states: StateRows, transitions: TransitionRows, timers: TimerRows, account: AccountRule | None, root: Table
) -> None:
    """Raise SettingsError, at the row to change, for the first thing that is wrong."""
    _one_beginning(transitions, root)
    _nothing_twice(transitions)
    _final_states_stay(states, transitions)
    arrows = {(name, row.to) for row, _ in transitions if row.to for name in row.from_states}
    arrows |= {(name, rule.to) for rule, _ in timers if rule.to for name in rule.states}
    if account is not None:
        # Wherever an answer is written, an inactive account can hold it up.
        arrows |= {(name, account.to) for row, _ in transitions if row.action in ANSWERS for name in row.from_states}
    _all_reachable(states, transitions, arrows)
    _no_dead_ends(states, arrows)


def _one_beginning(transitions: TransitionRows, root: Table) -> None:
    beginnings = [row for transition, row in transitions if transition.action is Happening.RECEIVED]
    if not beginnings:
        root.wrong("transition", "none has on = 'received': a new ticket has no state")
    if len(beginnings) > 1:
        beginnings[1].wrong("on", "a second transition for 'received'")


def _nothing_twice(transitions: TransitionRows) -> None:
    seen = set()
    for transition, row in transitions:
        for state in transition.from_states:
            for role in transition.roles or {""}:
                # Only a move can lead to several states: whoever moves a ticket says to which.
                key = (transition.action, state, role, transition.to if transition.action is Action.MOVE else None)
                if key in seen:
                    row.wrong("from", f"'{transition.action}' in state '{state}' stands twice")
                seen.add(key)


def _final_states_stay(states: StateRows, transitions: TransitionRows) -> None:
    for transition, row in transitions:
        if transition.to is None or transition.action in (Action.REOPEN, Happening.CUSTOMER_REPLIED):
            continue
        for name in transition.from_states:
            if states[name][0].kind is StateKind.FINAL and transition.to != name:
                row.wrong("to", f"'{transition.action}' cannot leave the final state '{name}'; only 'reopen' can")


def _all_reachable(states: StateRows, transitions: TransitionRows, arrows: set[tuple[str, str]]) -> None:
    first = next(transition.to for transition, _ in transitions if transition.action is Happening.RECEIVED)
    reached = _closure({first} if first else set(), arrows)
    for name, (_, row) in states.items():
        if name not in reached:
            row.wrong("name", f"state '{name}' cannot be reached: no transition leads to it")


def _no_dead_ends(states: StateRows, arrows: set[tuple[str, str]]) -> None:
    final = {name for name, (state, _) in states.items() if state.kind is StateKind.FINAL}
    ending = _closure(final, {(to, name) for name, to in arrows})
    for name, (_, row) in states.items():
        if name not in ending:
            row.wrong("name", f"state '{name}' is a dead end: no way leads from it to a final state")


def _closure(start: set[str], arrows: set[tuple[str, str]]) -> set[str]:
    """All that the arrows lead to from `start`, itself included."""
    reached = set(start)
    while further := {to for name, to in arrows if name in reached} - reached:
        reached |= further
    return reached
