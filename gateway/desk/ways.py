"""Which action leads to a state, for those who name the state and not what they do. Pure."""

from collections.abc import Collection

from gateway.desk.folding import folded
from gateway.desk.people import Doer
from gateway.desk.states import State
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action
from gateway.desk.workflow import Workflow


def state_named(value: str, workflow: Workflow) -> State | None:
    """A state by its name, or by its label in any language, accents or not."""
    wanted = folded(value)
    return next((one for one in workflow.states if wanted in map(folded, (one.name, *one.labels.values()))), None)


def way_to(state: State, ticket: Ticket, *, workflow: Workflow, doers: Collection[Doer]) -> Action:
    """What one of `doers` does to bring the ticket there: a move, where the workflow has it, else what leads there.

    Where nothing does it is a move, which the workflow then refuses with what is possible.
    """
    ways = [
        row.action
        for row in workflow.transitions
        if isinstance(row.action, Action)
        and row.action is not Action.MERGE
        and row.to == state.name
        and ticket.state in row.from_states
        and not row.roles.isdisjoint(doers)
    ]
    return Action.MOVE if Action.MOVE in ways or not ways else ways[0]
