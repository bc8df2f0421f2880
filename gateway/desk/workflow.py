"""A desk's workflow as a value: which states a ticket can be in, and who may do what in each. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from gateway.desk.people import Doer, Role
from gateway.desk.source import Source
from gateway.desk.states import Reason, State, StateKind, Transition
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import nearest
from gateway.desk.workflow_file import read
from gateway.errors import SettingsError

__all__ = ["Reason", "State", "StateKind", "Transition", "Workflow", "load", "presets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """States, transitions and reasons, in the order of the file.

    `grace` is how long after its closing a mail of the customer reopens a ticket; None: it never does.
    """

    name: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    reasons: tuple[Reason, ...] = ()
    grace: timedelta | None = None

    @property
    def first(self) -> State:
        """The state of a new ticket."""
        return self.state(self.beginning.to or "")

    @property
    def beginning(self) -> Transition:
        """What happens to a ticket when it is received."""
        return next(row for row in self.transitions if row.action is Happening.RECEIVED)

    @property
    def offered(self) -> tuple[Action, ...]:
        """The actions that exist here, in any state and for anybody."""
        names = {row.action for row in self.transitions}
        return tuple(action for action in Action if action in names)

    def state(self, name: str) -> State:
        """Raises SettingsError for a name that the workflow does not have: its file was changed under its tickets."""
        for state in self.states:
            if state.name == name:
                return state
        raise SettingsError(f"Workflow '{self.name}' has no state '{name}', but a ticket is in it: put the state back.")

    def transition(
        self, action: Action | Happening, state: str, doers: Collection[Doer] = frozenset()
    ) -> Transition | None:
        """What `action` does in `state` when one of `doers` does it; for a happening, `doers` is empty."""
        for row in self.transitions:
            if row.action is action and state in row.from_states and (not row.roles or row.roles.intersection(doers)):
                return row
        return None

    def actions(self, state: str, doers: Collection[Doer]) -> tuple[Action, ...]:
        """The actions that one of `doers` can do in `state`."""
        return tuple(action for action in Action if self.transition(action, state, doers) is not None)

    def reasons_for(self, action: Action) -> tuple[Reason, ...]:
        """The desk's list of reasons for `action`; when it is empty, a reason is free text."""
        return tuple(reason for reason in self.reasons if action in reason.actions)

    def visible(self, state: str, roles: Collection[Role]) -> bool:
        """Whether people of the desk with `roles` see a ticket in `state`."""
        return not self.state(state).visible_to.isdisjoint(roles)

    def follows_up(self, ticket: Ticket, *, now: datetime) -> bool:
        """Whether a customer's mail to `ticket` makes a linked follow-up ticket instead of continuing this one."""
        if self.state(ticket.state).kind is not StateKind.FINAL:
            return False
        if self.grace is None or self.transition(Happening.CUSTOMER_REPLIED, ticket.state) is None:
            return True
        return now > (ticket.closed_at or ticket.state_since) + self.grace


def load(source: str | Path) -> Workflow:
    """The preset of that name, or the workflow of the file at that path (a Path, or text with '/' or ending in .toml).

    Raises SettingsError with file, line, key, what is wrong, and the nearest right name.
    """
    if isinstance(source, Path) or "/" in source or source.endswith(".toml"):
        path = Path(source)
        return _workflow(path.stem, Source(str(path), _text(path)))
    if source not in presets():
        near = nearest(source, presets())
        hint = f"did you mean '{near}'?" if near else f"there are {', '.join(presets())}"
        raise SettingsError(
            f"No workflow preset is named '{source}'; {hint} A file is named by its path, with '/' or .toml."
        )
    return _workflow(source, Source(f"{source}.toml", (_FOLDER / f"{source}.toml").read_text("utf-8")))


def presets() -> tuple[str, ...]:
    """The names of the workflows that ship."""
    return tuple(sorted(re.sub(r"\.toml$", "", file.name) for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


def _workflow(name: str, source: Source) -> Workflow:
    rows = read(source)
    return Workflow(name=name, states=rows.states, transitions=rows.transitions, reasons=rows.reasons, grace=rows.grace)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not text in UTF-8") from error


_FOLDER = resources.files("gateway.desk") / "presets"
