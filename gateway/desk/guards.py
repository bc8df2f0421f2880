"""Whether an actor may do an action now, and whether enough was said for it. Pure."""

from collections.abc import Iterable, Mapping

from gateway.desk.labelled import choices_of
from gateway.desk.people import Actor, ActorKind, Doer, PersonState, Role, Standing
from gateway.desk.refusals import (
    Refused,
    blocked_requester,
    missing,
    missing_account,
    no_way,
    not_in_state,
    not_offered,
    not_permitted,
)
from gateway.desk.states import Transition
from gateway.desk.ticket import Field, Ticket
from gateway.desk.verbs import ANSWERS, FIELDS, Action
from gateway.desk.workflow import Workflow


def allowed(
    ticket: Ticket, action: Action, *, actor: Actor, workflow: Workflow, standing: Standing, to: str = ""
) -> Transition | Refused:
    """The transition that `actor` makes by doing `action` now; `to` is the state that they move the ticket to."""
    rows = workflow.by_action.get(action, ())
    if not rows:
        return not_offered(action, workflow.offered)
    doers = doers_of(ticket, actor)
    if action is Action.TAKE and ticket.owner_id is not None:
        # As owner one takes what a group has; what is one's own already is not taken again.
        doers -= {ActorKind.OWNER}
    state = workflow.state(ticket.state)
    if actor.roles and ActorKind.REQUESTER not in doers and not workflow.visible(ticket.state, actor.roles):
        return not_permitted(action, state.visible_to)
    if action is Action.TAKE and actor.person_id is None:
        return not_permitted(action, rows[0].roles)
    step = workflow.transition(action, ticket.state, doers, to=to)
    if step is not None and step.kinds and standing.kind not in step.kinds:
        return not_permitted(action, frozenset(Role))
    if step is not None and action is Action.REPLY and standing.state == PersonState.BLOCKED:
        return blocked_requester()
    if step is not None:
        return step
    if to and workflow.transition(action, ticket.state, doers) is not None:
        return no_way(state, [workflow.state(row.to) for row in rows if row.to and ticket.state in row.from_states])
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
    standing: Standing,
) -> Refused | None:
    """Refused for the first that `step` requires and that is neither given nor, for a field, on the ticket already.

    An answer to an inactive account lacks nothing where the workflow says what happens instead of it.
    """
    for name in step.requires:
        if name == "account":
            held_up = workflow.account is not None and action in ANSWERS and standing.state == PersonState.INACTIVE
            if standing.state != PersonState.ACTIVE and not held_up:
                return missing_account(action)
        elif name == "checklist":
            open_items = [one for one in workflow.checklist if one.name not in ticket.listed(Field.CHECKLIST)]
            if open_items:
                return missing(action, "item", known=choices_of(open_items))
        elif not (has_text if name == "text" else _given(parameters, name) or _filled(ticket, name)):
            reasons = choices_of(workflow.reasons_for(action)) if name == "reason" else ()
            return missing(action, name, known=choices_of(workflow.ladder) if name == "level" else reasons)
    return None


def implied(action: Action, parameters: Iterable[str], *, wait: bool, move: bool) -> tuple[Action, ...]:
    """The other actions whose work the parameters do along with `action`: the actor has to be allowed those too."""
    works = {Action.CLASSIFY for name in parameters if name in FIELDS and (action, name) not in _PART_OF_IT}
    works |= {Action.TIME for name in parameters if name == "time"}
    works |= {Action.WAIT} if wait else set()
    works |= {Action.MOVE} if move else set()
    return tuple(sorted(works - {action}))


def doers_of(ticket: Ticket, actor: Actor) -> frozenset[Doer]:
    """What `actor` counts as for this ticket: only its own requester is its requester.

    While nobody of its group has it, each of them is its owner.
    """
    own = actor.person_id is not None and actor.person_id == ticket.requester_id
    besides: set[Doer] = {ActorKind.REQUESTER} if own else set()
    if actor.kind is ActorKind.PARTICIPANT:
        besides.add(ActorKind.PARTICIPANT)
    owns = actor.person_id is not None and (actor.person_id == ticket.owner_id or one_of_its_group(ticket, actor))
    if actor.roles and owns:
        besides.add(ActorKind.OWNER)
    return frozenset({*actor.roles, *besides})


def one_of_its_group(ticket: Ticket, actor: Actor) -> bool:
    """Whether the ticket waits for somebody of a group to take it, and `actor` is one of them."""
    return ticket.owner_id is None and ticket.field(Field.GROUP) in actor.groups


def _given(parameters: Mapping[str, str], name: str) -> bool:
    """Whether a parameter says something. A group stands for an owner: one of them will be."""
    if name == "owner" and parameters.get("group", "none").strip() not in ("", "none"):
        return True
    return bool(parameters.get(name, "").strip())


def _filled(ticket: Ticket, name: str) -> bool:
    if name == Field.RELEASE:
        return bool(ticket.field(Field.RELEASE))
    if name == "owner" and ticket.field(Field.GROUP):
        return True
    column = _COLUMNS.get(name, name)
    return name in (*FIELDS, "owner") and bool(getattr(ticket, column))


_PART_OF_IT = {
    *((Action.PREPARE, name) for name in ("due", "queue", "difficulty", "priority", "category")),
    (Action.MOVE, "release"),
    (Action.REPLY, "release"),
}
"""Fields that belong to an action itself: whoever may do it may set them with it."""

_COLUMNS = {
    "owner": "owner_id",
    "organisation": "organisation_id",
    "due": "due_at",
    "queue": "queue_place",
}
