"""The letters that the gateway writes: what each is for, how it travels, and which values its templates get. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Literal

from gateway.desk.notices import Alert, RefusalType

__all__ = ["LETTERS", "TICKET", "Alert", "LetterKind", "Priority", "RefusalType"]


class Priority(IntEnum):
    """What goes out first: a person's words before notices before digests."""

    WORDS = 1
    NOTICE = 2
    DIGEST = 3


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter.

    `auto_submitted` is the value of its field (RFC 3834, 5), None on a person's own words. `null_sender` says that its
    return path may be `<>`, as receipts and errors have. `variables` are exactly what its templates may use, beside
    `language`, which the composer adds.
    """

    name: str
    priority: Priority
    auto_submitted: Literal["auto-replied", "auto-generated"] | None
    null_sender: bool
    variables: frozenset[str]


# desk: name of the desk; number: the ticket's; subject: the ticket's, empty when nothing of the sender's own words may
# be in the letter; link: the ticket's page, or empty.
TICKET = frozenset({"desk", "number", "subject", "link"})


def _reply(name: str, variables: frozenset[str]) -> LetterKind:
    return LetterKind(name, Priority.NOTICE, "auto-replied", True, variables)


def _notice(name: str, variables: frozenset[str]) -> LetterKind:
    return LetterKind(name, Priority.NOTICE, "auto-generated", False, variables)


# received_at, opens_at, closes_at, reopen_until: aware datetimes or None, shown in `zone` (an IANA name).
# next_step, text, reason, author, state, requester: text, empty when there is nothing to say.
# missing, details: lists of text. limit: bytes or None. previous: number of the closed ticket.
# closes_at: when the ticket closes by itself if nobody answers, None when it does not.
# times: what the desk promises and is still to come, as pairs of what and when.
_KINDS = (
    # opens_at: when the desk opens, None when it is open now.
    # hint: a friendly word about capitals and the like.
    _reply("receipt", TICKET | {"received_at", "opens_at", "zone", "next_step", "hint", "times"}),
    # account: whether an answer confirms who they are; confirm: the form that does it too; disown: "it wasn't me".
    _reply("receipt_new", frozenset({"desk", "number", "account", "confirm", "disown", "missing", "hint", "held"})),
    _notice("confirm_reminder", frozenset({"desk", "number", "confirm", "disown"})),
    _reply("follow_up", TICKET | {"previous"}),
    # number: of the ticket where there is one, else None.
    _reply("refused", frozenset({"desk", "number", "subject", "type", "details", "limit"})),
    LetterKind("answer", Priority.WORDS, None, False, TICKET | {"text", "author", "closes_at", "zone"}),
    _notice("state_changed", TICKET | {"state", "text", "next_step", "closes_at", "zone"}),
    # best, question: the survey, if one can be answered now; best is the highest score, else 0.
    _notice("solved", TICKET | {"text", "closes_at", "zone", "best", "question"}),
    # reopen_until: an answer until then reopens the ticket; None: an answer makes a new one.
    _notice("closed", TICKET | {"text", "reopen_until", "zone"}),
    _notice("rejected", TICKET | {"reason", "text"}),
    _notice("cancelled", TICKET | {"reason", "text"}),
    _notice("incomplete", TICKET | {"missing", "text", "closes_at", "zone"}),
    # owner: who works on it, empty while nobody does.
    _notice("status", TICKET | {"owner", "state", "times", "zone"}),
    _notice("owner_changed", TICKET | {"owner", "times", "zone"}),
    LetterKind("request", Priority.WORDS, None, False, TICKET | {"text", "author", "closes_at", "zone"}),
    # call: first, second, last. about: data, solution, approval.
    _notice("reminder", TICKET | {"call", "about", "closes_at", "zone"}),
    # due_at: when it will be attended; queue: its place; difficulty: a number; all None when not said.
    _notice("prepared", TICKET | {"owner", "due_at", "queue", "difficulty", "text", "zone"}),
    _notice("contribution_opened", TICKET | {"text", "closes_at", "zone"}),
    _reply("contribution_closed", TICKET | {"state"}),
    _notice("approval", TICKET | {"text", "closes_at", "zone"}),
    _notice("survey", TICKET | {"best", "question", "closes_at", "zone"}),
    _notice("closed_by_time", TICKET | {"about", "reopen_until", "zone"}),
    # other: the number of the ticket that remains.
    _notice("duplicate", TICKET | {"other", "text"}),
    _notice("release", TICKET | {"release", "closes_at", "zone", "best", "question"}),
    _notice("account_inactive", TICKET),
    _notice("escalated", TICKET | {"level", "times", "zone"}),
    # number: of the newest ticket, if any. link: the page of one's tickets, or empty.
    _notice("account_ready", frozenset({"desk", "number", "link"})),
    # link: the form for name and password. days: how long it can be used.
    _notice("account_link", frozenset({"desk", "number", "link", "days"})),
    # domain: whose letters wait, empty: all; letters, hours: so many in so many made it trip.
    _notice("breaker", frozenset({"desk", "number", "domain", "letters", "hours", "tripped_at", "zone"})),
    # to: the address; about: the subject of what did not arrive; cause: a Cause; response: what the other side said, or
    # empty; suppressed: whether the address gets no letters any more.
    _notice(
        "undelivered",
        frozenset({"desk", "number", "to", "about", "sent_at", "zone", "cause", "response", "suppressed"}),
    ),
    # level: of the ladder, that it was escalated to. author: who wrote the answer. target: the time that was promised,
    # and due_at when it ends; all empty where it is not about that.
    _notice(
        "alert",
        TICKET
        | {
            "kind",
            "requester",
            "received_at",
            "zone",
            "text",
            "reason",
            "level",
            "owner",
            "author",
            "target",
            "due_at",
            "all_quoted",
        },
    ),
    # groups: what needs attention, as pairs of a kind and its tickets (number, subject, since); day: a date.
    LetterKind(
        "digest", Priority.DIGEST, "auto-generated", False, frozenset({"desk", "link", "zone", "groups", "day"})
    ),
)

LETTERS: Mapping[str, LetterKind] = MappingProxyType({kind.name: kind for kind in _KINDS})
