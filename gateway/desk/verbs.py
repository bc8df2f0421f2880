"""The names of all that people do to tickets and of all that happens to them. Pure."""

from enum import StrEnum


class Action(StrEnum):
    """What a person does to a ticket: one canonical name each, the same in mail, on the web and on the command line."""

    REPLY = "reply"
    NOTE = "note"
    TAKE = "take"
    ASSIGN = "assign"
    CLASSIFY = "classify"
    MOVE = "move"
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
    MENTION = "mention"
    PREPARE = "prepare"
    CONTRIBUTE = "contribute"
    APPROVE = "approve"
    REFUSE = "refuse"
    SURVEY = "survey"
    DISPUTE = "dispute"
    CHECK = "check"


class Happening(StrEnum):
    """What happens to a ticket without being an action of a person on it."""

    RECEIVED = "received"
    CUSTOMER_REPLIED = "customer_replied"
    RELEASE_ANNOUNCED = "release_announced"
    ACCOUNT_ACTIVE = "account_active"
    TIME_PASSED = "time_passed"


TOLD = frozenset(
    {
        Action.REPLY,
        Action.MOVE,
        Action.WAIT,
        Action.SOLVE,
        Action.CLOSE,
        Action.REJECT,
        Action.CANCEL,
        Action.INCOMPLETE,
        Action.PREPARE,
        Action.CONTRIBUTE,
    }
)
"""The actions whose text is for the requester; with any other action it stays inside the desk."""

ANSWERS = frozenset({Action.REPLY, Action.WAIT, Action.SOLVE, Action.CLOSE, Action.MOVE, Action.CONTRIBUTE})
"""The actions that can be worded by one of the desk's standard answers, and that an inactive account holds up."""

FIELDS = (
    "area",
    "category",
    "priority",
    "nature",
    "classification",
    "tags",
    "language",
    "organisation",
    "due",
    "release",
    "queue",
    "difficulty",
)
"""The parameters that `classify` sets. They may come with another action when the actor may classify too."""

_OWN: dict[Action, tuple[str, ...]] = {
    Action.REPLY: ("wait", "state", "unsolved"),
    Action.MOVE: ("state",),
    Action.NOTE: ("origin", "evidence", "when"),
    Action.RECORD: ("origin", "evidence", "when"),
    Action.ASSIGN: ("owner", "group"),
    Action.PREPARE: ("owner", "group"),
    Action.REJECT: ("reason",),
    Action.CANCEL: ("reason",),
    Action.LINK: ("to", "kind"),
    Action.MERGE: ("to",),
    Action.SPLIT: ("subject",),
    Action.ESCALATE: ("level",),
    Action.MENTION: ("level",),
    Action.SURVEY: ("score",),
    Action.DISPUTE: ("proposed",),
    Action.CHECK: ("item", "evidence"),
}

PARAMETERS: dict[Action, tuple[str, ...]] = {
    action: (*_OWN.get(action, ()), *(("standard",) if action in ANSWERS else ()), *FIELDS, "time") for action in Action
}
"""The parameters that each action takes: its own, and those that do the work of `classify` and `time` with it."""
