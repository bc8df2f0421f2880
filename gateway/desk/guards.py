"""Whether an actor may do an action now, and whether enough was said for it. Pure."""

from collections.abc import Iterable, Mapping

from gateway.desk.people import Actor, ActorKind, Doer
from gateway.desk.refusals import Refused, missing, not_in_state, not_offered, not_permitted
from gateway.desk.states import Transition
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import FIELDS, Action
from gateway.desk.workflow import Workflow


def allowed(ticket: Ticket, action: Action, *, actor: Actor, workflow: Workflow) -> Transition | Refused:
    """The transition that `actor` makes by doing `action` now."""
    rows = [row for row in workflow.transitions if row.action is action]
    if not rows:
        return not_offered(action, workflow.offered)
    doers = doers_of(ticket, actor)
    state = workflow.state(ticket.state)
    if actor.roles and ActorKind.REQUESTER not in doers and not workflow.visible(ticket.state, actor.roles):
        return not_permitted(action, state.visible_to)
    if action is Action.TAKE and actor.person_id is None:
        return not_permitted(action, rows[0].roles)
    step = workflow.transition(action, ticket.state, doers)
    if step is not None:
        return step
    here = frozenset[Doer]().union(*(row.roles for row in rows if ticket.state in row.from_states))
    anywhere = frozenset[Doer]().union(*(row.roles for row in rows))
    if here or anywhere.isdisjoint(doers):
        return not_permitted(action, here or anywhere)
    return not_in_state(action, state, workflow.actions(ticket.state, doers))


def enough(
    step: Transition,
    action: Action,
    *,
    ticket: Ticket,
    has_text: bool,
    parameters: Mapping[str, str],
    workflow: Workflow,
) -> Refused | None:
    """Refused for the first that `step` requires and that is neither given nor, for a field, on the ticket already."""
    for name in step.requires:
        there = has_text if name == "text" else bool(parameters.get(name, "").strip()) or _filled(ticket, name)
        if not there:
            listed = [reason.name for reason in workflow.reasons_for(action)] if name == "reason" else []
            return missing(action, name, known=listed)
    return None


def implied(action: Action, parameters: Iterable[str], *, wait: bool) -> tuple[Action, ...]:
    """The other actions whose work the parameters do along with `action`: the actor has to be allowed those too."""
    works = {Action.CLASSIFY for name in parameters if name in FIELDS}
    works |= {Action.TIME for name in parameters if name == "time"}
    works |= {Action.WAIT} if wait else set()
    return tuple(sorted(works - {action}))


def doers_of(ticket: Ticket, actor: Actor) -> frozenset[Doer]:
    """What `actor` counts as for this ticket: only its own requester is its requester."""
    own = actor.person_id is not None and actor.person_id == ticket.requester_id
    as_customer: set[Doer] = {ActorKind.REQUESTER} if own else set()
    if actor.kind is ActorKind.PARTICIPANT:
        as_customer.add(ActorKind.PARTICIPANT)
    return frozenset({*actor.roles, *as_customer})


def _filled(ticket: Ticket, name: str) -> bool:
    column = {"organisation": "organisation_id", "due": "due_at"}.get(name, name)
    return name in FIELDS and bool(getattr(ticket, column))
