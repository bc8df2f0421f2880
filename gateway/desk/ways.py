"""Which action leads to a state, for those who name the state and not what they do. Pure."""

from collections.abc import Collection

from gateway.desk.people import Doer
from gateway.desk.states import State
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action
from gateway.desk.workflow import Workflow


def way_to(state: State, ticket: Ticket, *, workflow: Workflow, doers: Collection[Doer], has_text: bool) -> Action:
    """What one of `doers` does to bring the ticket there: a move, where the workflow has it, else what leads there.

    Where nothing does it is a move, which the workflow then refuses with what is possible. Without a text it is rather
    something that wants none. It takes the ticket from nobody.
    """
    apart = {Action.MERGE, Action.ASSIGN} | ({Action.TAKE} if ticket.owner_id is not None else set())
    ways = [
        row
        for row in workflow.transitions
        if isinstance(row.action, Action)
        and row.action not in apart
        and row.to == state.name
        and ticket.state in row.from_states
        and not row.roles.isdisjoint(doers)
    ]
    if not ways or any(row.action is Action.MOVE for row in ways):
        return Action.MOVE
    silent = [row for row in ways if "text" not in row.requires]
    return Action((silent[0] if silent and not has_text else ways[0]).action)
