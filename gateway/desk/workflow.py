"""A desk's workflow as a value: which states a ticket can be in, and who may do what in each. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.desk.clocks import Level, Target, TimerRule
from gateway.desk.people import Doer, Role
from gateway.desk.sayings import AccountRule, CheckItem, ConformityRule, StandardAnswer, Survey
from gateway.desk.states import Reason, State, StateKind, Transition
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action, Happening
from gateway.errors import SettingsError

__all__ = ["Reason", "State", "StateKind", "Transition", "Workflow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """States, transitions and reasons, in the order of the file.

    `grace` is how long after its closing a mail of the customer reopens a ticket; None: it never does. `timers` have
    those of the targets among them. With `time_required` the digest asks for the time that an agent's message took.
    """

    name: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    reasons: tuple[Reason, ...] = ()
    grace: timedelta | None = None
    timers: tuple[TimerRule, ...] = ()
    targets: tuple[Target, ...] = ()
    ladder: tuple[Level, ...] = ()
    answers: tuple[StandardAnswer, ...] = ()
    checklist: tuple[CheckItem, ...] = ()
    surveys: tuple[Survey, ...] = ()
    account: AccountRule | None = None
    conformity: ConformityRule | None = None
    time_required: bool = False
    # The transitions of each action, in their order: they are asked for several times with every mail.
    by_action: Mapping[Action | Happening, tuple[Transition, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows: dict[Action | Happening, list[Transition]] = {}
        for row in self.transitions:
            rows.setdefault(row.action, []).append(row)
        object.__setattr__(self, "by_action", {action: tuple(found) for action, found in rows.items()})

    @property
    def first(self) -> State:
        """The state of a new ticket."""
        return self.state(self.beginning.to or "")

    @property
    def beginning(self) -> Transition:
        """What happens to a ticket when it is received."""
        return self.by_action[Happening.RECEIVED][0]

    @property
    def offered(self) -> tuple[Action, ...]:
        """The actions that exist here, in any state and for anybody."""
        return tuple(action for action in Action if action in self.by_action)

    def state(self, name: str) -> State:
        """Raises SettingsError for a name that the workflow does not have: its file was changed under its tickets."""
        for state in self.states:
            if state.name == name:
                return state
        raise SettingsError(f"Workflow '{self.name}' has no state '{name}', but a ticket is in it: put the state back.")

    def transition(
        self, action: Action | Happening, state: str, doers: Collection[Doer] = frozenset(), *, to: str = ""
    ) -> Transition | None:
        """What `action` does in `state` when one of `doers` does it; for a happening, `doers` is empty.

        `to` chooses among several states that a `move` can lead to.
        """
        for row in self.by_action.get(action, ()):
            if state not in row.from_states or to not in ("", row.to):
                continue
            if not row.roles or row.roles.intersection(doers):
                return row
        return None

    def actions(self, state: str, doers: Collection[Doer]) -> tuple[Action, ...]:
        """The actions that one of `doers` can do in `state`."""
        return tuple(action for action in Action if self.transition(action, state, doers) is not None)

    def reasons_for(self, action: Action) -> tuple[Reason, ...]:
        """The desk's list of reasons for `action`; when it is empty, a reason is free text."""
        return tuple(reason for reason in self.reasons if action in reason.actions)

    def rule(self, name: str) -> TimerRule | None:
        return next((rule for rule in self.timers if rule.name == name), None)

    def target_of(self, timer: str) -> Target | None:
        """The target that the timer of this name warns of, or is the missing of."""
        return next((one for one in self.targets if timer in (one.rule.name, f"{one.rule.name} ahead")), None)

    def level(self, name: str) -> Level | None:
        return next((level for level in self.ladder if level.name == name), None)

    def next_level(self, name: str) -> Level | None:
        """The level above; of no level at all, the first one. None at the top."""
        names = [level.name for level in self.ladder]
        place = names.index(name) + 1 if name in names else 0
        return self.ladder[place] if place < len(self.ladder) else None

    def answer(self, name: str) -> StandardAnswer | None:
        return next((answer for answer in self.answers if answer.name == name), None)

    def survey_for(self, nature: str) -> Survey | None:
        """The survey of this nature of tickets, else the one for all."""
        for wanted in (nature, ""):
            for survey in self.surveys:
                if survey.nature == wanted:
                    return survey
        return None

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
