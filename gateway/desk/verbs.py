"""The names of all that people do to tickets and of all that happens to them. Pure."""

from enum import StrEnum


class Action(StrEnum):
    """What a person does to a ticket: one canonical name each, the same in mail, on the web and on the command line."""

    REPLY = "reply"
    NOTE = "note"
    TAKE = "take"
    ASSIGN = "assign"
    CLASSIFY = "classify"
    WAIT = "wait"
    SOLVE = "solve"
    CLOSE = "close"
    REOPEN = "reopen"
    REJECT = "reject"
    CANCEL = "cancel"
    INCOMPLETE = "incomplete"
    MERGE = "merge"
    SPLIT = "split"
    LINK = "link"
    TIME = "time"
    RECORD = "record"
    ESCALATE = "escalate"
    PREPARE = "prepare"
    CONTRIBUTE = "contribute"
    APPROVE = "approve"
    REFUSE = "refuse"
    SURVEY = "survey"
    ANNOUNCE = "announce"


class Happening(StrEnum):
    """What happens to a ticket without being an action of a person."""

    RECEIVED = "received"
    CUSTOMER_REPLIED = "customer_replied"
    TIME_PASSED = "time_passed"


OFFERABLE = frozenset(
    {
        Action.REPLY,
        Action.NOTE,
        Action.TAKE,
        Action.ASSIGN,
        Action.CLASSIFY,
        Action.WAIT,
        Action.SOLVE,
        Action.CLOSE,
        Action.REOPEN,
        Action.REJECT,
        Action.CANCEL,
        Action.INCOMPLETE,
        Action.LINK,
        Action.TIME,
        Action.RECORD,
    }
)
"""The actions that a workflow file may offer: those whose whole effect is built."""

TOLD = frozenset(
    {Action.REPLY, Action.WAIT, Action.SOLVE, Action.CLOSE, Action.REJECT, Action.CANCEL, Action.INCOMPLETE}
)
"""The actions whose text is for the requester; with any other action it stays inside the desk."""

FIELDS = ("area", "category", "priority", "nature", "classification", "tags", "language", "organisation", "due")
"""The parameters that `classify` sets. They may come with another action when the actor may classify too."""

_OWN: dict[Action, tuple[str, ...]] = {
    Action.REPLY: ("wait",),
    Action.NOTE: ("origin", "evidence"),
    Action.RECORD: ("origin", "evidence"),
    Action.ASSIGN: ("owner",),
    Action.REJECT: ("reason",),
    Action.CANCEL: ("reason",),
    Action.LINK: ("to", "kind"),
}

PARAMETERS: dict[Action, tuple[str, ...]] = {
    action: (*_OWN.get(action, ()), *FIELDS, "time") for action in Action if action in OFFERABLE
}
"""The parameters that each action takes: its own, and those that do the work of `classify` and `time` with it."""
