"""What the readers of a workflow file share: rows with the table they come from, names of states, notices. Pure."""

from collections.abc import Mapping

from gateway.desk.clocks import TimerRule
from gateway.desk.notices import Alert, Audience, Letter, Wanted
from gateway.desk.source import Table
from gateway.desk.states import State, StateKind, Transition

StateRows = Mapping[str, tuple[State, Table]]
"""Each state by its name, with the row of the file that it comes from."""

TransitionRows = list[tuple[Transition, Table]]

TimerRows = list[tuple[TimerRule, Table]]


def state_names(row: Table, key: str, states: StateRows) -> tuple[str, ...]:
    """States by their names; "any" is every state, "unfinished" every one that is not final."""
    names = row.strings(key)
    if names == ("any",):
        return tuple(states)
    if names == ("unfinished",):
        return tuple(name for name, (state, _) in states.items() if state.kind is not StateKind.FINAL)
    for name in names:
        row.must_know(key, name, states, what="state")
    return names


def read_notices(row: Table, key: str = "notices") -> tuple[Wanted, ...]:
    """Who is told, by which letter; the kind of an alert stands for the letter that it comes in."""
    known: list[Letter | Alert] = [*Letter, *Alert]
    return tuple(
        (
            row.one_of(key, audience, list(Audience), what="audience"),
            row.one_of(key, letter, known, what="letter"),
        )
        for audience, letter in row.pairs(key)
    )
