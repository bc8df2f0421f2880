"""What somebody of the desk is told that they can answer to an alert: its handiest commands, now and for them. Pure."""

from collections.abc import Mapping

from gateway.desk.command_words import Command
from gateway.desk.guards import allowed
from gateway.desk.notices import Alert
from gateway.desk.people import Actor, Standing
from gateway.desk.states import Transition
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action
from gateway.desk.workflow import Workflow

MOST = 3
"""Commands beside `help`: more are not read."""


def reaches(ticket: Ticket, *, actor: Actor, workflow: Workflow, standing: Standing) -> bool:
    """Whether what the reader answers without a command goes to the requester."""
    return _may(Action.REPLY, ticket, actor, workflow, standing)


def hints(kind: Alert, ticket: Ticket, *, actor: Actor, workflow: Workflow, standing: Standing) -> tuple[Command, ...]:
    """The commands to show, the handiest first and `help` last; none where an answer means something else."""
    if kind in ANSWERED_OTHERWISE:
        return ()
    wanted = _HANDY.get(kind, _AT_WORK)
    mine = actor.person_id is not None and actor.person_id == ticket.owner_id
    offered = [
        command
        for command in wanted
        if not (mine and command is Command.TAKE) and _may(_ACTIONS[command], ticket, actor, workflow, standing)
    ]
    return (*offered[:MOST], Command.HELP)


def _may(action: Action, ticket: Ticket, actor: Actor, workflow: Workflow, standing: Standing) -> bool:
    step = allowed(ticket, action, actor=actor, workflow=workflow, standing=standing)
    return isinstance(step, Transition)


ANSWERED_OTHERWISE = frozenset({Alert.PENDING_NOTE, Alert.DISCOURTEOUS})
"""An answer to these confirms what the reader wrote before."""

_ACTIONS: Mapping[Command, Action] = {
    Command.PREPARE: Action.PREPARE,
    Command.TAKE: Action.TAKE,
    Command.ASSIGN: Action.ASSIGN,
    Command.SOLVE: Action.SOLVE,
    Command.CLOSE: Action.CLOSE,
    Command.NOTE: Action.NOTE,
    Command.CONSULT: Action.NOTE,
    Command.CONTRIBUTION: Action.CONTRIBUTE,
    Command.CLASSIFICATION: Action.CLASSIFY,
}
_NEW = (Command.PREPARE, Command.TAKE, Command.ASSIGN, Command.NOTE)
_AT_WORK = (Command.TAKE, Command.SOLVE, Command.ASSIGN, Command.NOTE)
_ASIDE = (Command.NOTE, Command.TAKE)

_HANDY: Mapping[Alert, tuple[Command, ...]] = {
    Alert.NEW_TICKET: _NEW,
    Alert.STORM: _NEW,
    Alert.PARKED: _NEW,
    Alert.ELEVATED: _NEW,
    Alert.FOR_THE_TEAM: _NEW,
    Alert.ASSIGNED: (Command.SOLVE, Command.ASSIGN, Command.NOTE),
    Alert.UNVERIFIED_REPLY: _ASIDE,
    Alert.ASIDE: (Command.CONSULT, *_ASIDE),
    Alert.MENTIONED: _ASIDE,
    Alert.NOTED: _ASIDE,
    Alert.NONCONFORMITY: _ASIDE,
    Alert.MUTED: _ASIDE,
    Alert.APPROVED: (Command.CLOSE, Command.NOTE),
    Alert.CONTRIBUTED: (Command.CONTRIBUTION, Command.NOTE),
    Alert.DISPUTED: (Command.CLASSIFICATION, Command.NOTE),
}
