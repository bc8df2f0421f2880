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
    `language`, which the composer adds. `commands` says that an answer to it may hold commands: it goes to people of
    the desk only.
    """

    name: str
    priority: Priority
    auto_submitted: Literal["auto-replied", "auto-generated"] | None
    null_sender: bool
    variables: frozenset[str]
    commands: bool = False


# desk: name of the desk; number: the ticket's; subject: the ticket's, empty when nothing of the sender's own words may
# be in the letter; link: the ticket's page, or empty.
TICKET = frozenset({"desk", "number", "subject", "link"})


def _reply(name: str, variables: frozenset[str]) -> LetterKind:
    return LetterKind(name, Priority.NOTICE, "auto-replied", True, variables)


def _desk(name: str, variables: frozenset[str]) -> LetterKind:
    """To somebody of the desk, in answer to their mail."""
    return LetterKind(name, Priority.NOTICE, "auto-replied", False, frozenset({"desk", "number"}) | variables, True)


def _notice(name: str, variables: frozenset[str], *, commands: bool = False) -> LetterKind:
    return LetterKind(name, Priority.NOTICE, "auto-generated", False, variables, commands)


# received_at, opens_at, closes_at, reopen_until: aware datetimes or None, shown in `zone` (an IANA name).
# next_step, text, reason, author, state, requester: text, empty when there is nothing to say.
# signature: lines of the area below what its people write, or empty.
# missing, details: lists of text. limit: bytes or None. previous: number of the closed ticket.
# closes_at: when the ticket closes by itself if nobody answers, None when it does not.
# times: what the desk promises and is still to come, as pairs of what and when.
_KINDS = (
    # opens_at: when the desk opens, None when it is open now.
    # hint: a friendly word about capitals and the like. split_from: number of the ticket that it was a part of.
    _reply("receipt", TICKET | {"received_at", "opens_at", "zone", "next_step", "hint", "times", "split_from"}),
    # account: whether an answer confirms who they are; confirm: the form that does it too; disown: "it wasn't me".
    # by_desk: they wrote nothing, somebody of the desk opened the ticket for them.
    _reply(
        "receipt_new",
        frozenset({"desk", "number", "account", "confirm", "disown", "missing", "hint", "held", "by_desk"}),
    ),
    _notice("confirm_reminder", frozenset({"desk", "number", "confirm", "disown"})),
    _reply("follow_up", TICKET | {"previous"}),
    # number: of the ticket where there is one, else None.
    _reply("refused", frozenset({"desk", "number", "subject", "type", "details", "limit"})),
    LetterKind("answer", Priority.WORDS, None, False, TICKET | {"signature", "text", "author", "closes_at", "zone"}),
    _notice("state_changed", TICKET | {"state", "text", "next_step", "closes_at", "zone"}),
    # best, question: the survey, if one can be answered now; best is the highest score, else 0.
    # classification: of the ticket, where its reader can say that it should be another; else empty.
    _notice("solved", TICKET | {"signature", "text", "closes_at", "zone", "best", "question", "classification"}),
    # reopen_until: an answer until then reopens the ticket; None: an answer makes a new one.
    _notice("closed", TICKET | {"signature", "text", "reopen_until", "zone"}),
    _notice("rejected", TICKET | {"signature", "reason", "text"}),
    _notice("cancelled", TICKET | {"signature", "reason", "text"}),
    _notice("incomplete", TICKET | {"signature", "missing", "text", "closes_at", "zone"}),
    # owner: who works on it, empty while nobody does.
    _notice("status", TICKET | {"owner", "state", "times", "zone"}),
    _notice("owner_changed", TICKET | {"owner", "times", "zone"}),
    LetterKind("request", Priority.WORDS, None, False, TICKET | {"signature", "text", "author", "closes_at", "zone"}),
    # call: first, second, last. about: data, solution, approval.
    _notice("reminder", TICKET | {"call", "about", "closes_at", "zone"}),
    # due_at: when it will be attended; queue: its place; difficulty: a number; all None when not said.
    _notice("prepared", TICKET | {"signature", "owner", "due_at", "queue", "difficulty", "text", "zone"}),
    _notice("contribution_opened", TICKET | {"signature", "text", "closes_at", "zone"}),
    _reply("contribution_closed", TICKET | {"state"}),
    _notice("approval", TICKET | {"signature", "text", "closes_at", "zone"}),
    _notice("survey", TICKET | {"best", "question", "closes_at", "zone"}),
    _notice("closed_by_time", TICKET | {"about", "reopen_until", "zone"}),
    # other: the number of the ticket that remains.
    _notice("duplicate", TICKET | {"signature", "other", "text"}),
    # To who takes part and to the requester: what the desk or another of them wrote. shortened: earlier mails that came
    # with it are not there; participant: the reader takes part, and can leave.
    LetterKind(
        "relayed", Priority.WORDS, None, False, TICKET | {"text", "author", "signature", "shortened", "participant"}
    ),
    # To who takes part. what: the letter that the requester got: solved, closed, rejected, …
    _notice("finished", frozenset({"desk", "number", "subject", "what", "text", "reason", "other"})),
    _reply("left", frozenset({"desk", "number", "subject"})),
    # To somebody who is asked aside. subject: for the desk's own people, else empty.
    LetterKind(
        "consultation",
        Priority.WORDS,
        None,
        False,
        frozenset({"desk", "number", "subject", "text", "author", "signature"}),
    ),
    _notice("release", TICKET | {"release", "closes_at", "zone", "best", "question"}),
    _notice("account_inactive", TICKET),
    _notice("escalated", TICKET | {"level", "times", "zone"}),
    # number: of the newest ticket, if any. link: the page of one's tickets, or empty.
    _notice("account_ready", frozenset({"desk", "number", "link"})),
    # link: the form for name and password. days: how long it can be used.
    _notice("account_link", frozenset({"desk", "number", "link", "days"})),
    # asker: the address that somebody asks from; address: the one that is to be theirs too, which reads this; link: the
    # page with both answers, or empty.
    _notice("join_address", frozenset({"desk", "asker", "address", "link"})),
    # address: the other one.
    _notice("address_joined", frozenset({"desk", "address", "by_desk", "link"})),
    # asked: the request that the mail answered, or None; open, closed, others: one's own, and one's colleagues'. A
    # request has number, subject, requester, state, since, owner, times, closes_at, reopen_until and link, each empty
    # where there is nothing to say. more: how many there are beside them. bare: it is not sure who asks.
    _reply("my_tickets", TICKET - {"subject"} | {"asked", "open", "closed", "others", "more", "bare", "zone"}),
    # stopped: whether the notices were stopped, or are wanted again.
    _reply("notices_stopped", TICKET | {"stopped"}),
    # said: what became of their wish that another address be theirs.
    _reply("address_asked", frozenset({"desk", "number", "said"})),
    # domain: whose letters wait, empty: all; letters, hours: so many in so many made it trip.
    _notice("breaker", frozenset({"desk", "number", "domain", "letters", "hours", "tripped_at", "zone"})),
    # to: the address; about: the subject of what did not arrive; cause: a Cause; response: what the other side said, or
    # empty; suppressed: whether the address gets no letters any more.
    _notice(
        "undelivered",
        frozenset({"desk", "number", "to", "about", "sent_at", "zone", "cause", "response", "suppressed"}),
    ),
    # level: of the ladder, that it was escalated to. author: who wrote the answer. target: the time that was promised,
    # and due_at when it ends; all empty where it is not about that. writer: who wrote the mail, if not the requester.
    # deadlines: (what, when, whether it has passed), what empty for the date that the ticket was promised for.
    # last: the customer's newest words (who, when, text) where the alert has none of them. files: (name, size) of what
    # came with the mail; attached: whether they are attached. participants: who takes part, names and addresses.
    # reaches: the names of all who get what the reader answers, empty when nobody does. commands: (what to write, what
    # it does).
    _notice(
        "alert",
        TICKET
        | {"kind", "requester", "writer", "received_at", "zone", "text", "reason", "level", "owner", "author", "target"}
        | {"due_at", "all_quoted", "state", "priority", "origin", "deadlines", "last", "files", "attached", "reaches"}
        | {"participants", "commands"},
        commands=True,
    ),
    # groups: what needs attention, as pairs of a kind and its tickets (number, subject, since); day: a date.
    # commands: whether an answer can hold commands.
    LetterKind(
        "digest",
        Priority.DIGEST,
        "auto-generated",
        False,
        frozenset({"desk", "link", "zone", "groups", "day", "commands"}),
        True,
    ),
)

_COMMANDS = (
    # done: what was done, sentences in the reader's language; state, owner: of the ticket afterwards, empty for none;
    # to: who got the words, names and addresses, empty when nobody did; kept: whether they are an internal note;
    # alerted: who of the desk was told of that note. reaches, here and below: as of an alert.
    _desk("commands_done", frozenset({"subject", "done", "state", "owner", "to", "kept", "alerted", "reaches"})),
    # line, command: number of the line and as it was written, 0 and empty when it is about the whole mail;
    # why: sentences; lines: all the commands as they were written; distrust: of Distrust, when it is about who wrote.
    _desk("commands_refused", frozenset({"line", "command", "why", "lines", "distrust"})),
    # lines: the commands that are done when the code comes back; until: when it is too late; text: the rest.
    # tickets: (number, subject, requester) of those that it is about.
    _desk("commands_code", frozenset({"lines", "text", "tickets", "code", "until", "zone"})),
    # groups: (title, [(what to write, what it does)]).
    _desk("commands_help", frozenset({"groups", "reaches"})),
    # rows: (what, value); messages: (at, author, kind, text), oldest first, kind one of mail, reply, note, record;
    # left_out: how many older ones are not shown; events: (at, who, what).
    _desk("ticket_view", frozenset({"subject", "rows", "messages", "left_out", "events", "zone", "reaches"})),
    # view: a name of gateway/store/views.py, or tag; tag: its name; tickets: (number, subject, state, owner, at);
    # more: how many others there are.
    _desk("ticket_list", frozenset({"view", "tag", "tickets", "more", "zone"})),
    # What became of a mail that they forwarded. requester: its author, as it says; date: as it was written; names: of
    # its files; owner: empty for nobody; kept: whether their own words are a note; told: whether the author got a
    # receipt; why: of Unclear, when the ticket stays theirs; correct: whether a command can change whose it is.
    _desk(
        "understood",
        frozenset({"subject", "requester", "date", "text", "names", "owner", "kept", "told", "why", "correct"}),
    ),
)

LETTERS: Mapping[str, LetterKind] = MappingProxyType({kind.name: kind for kind in (*_KINDS, *_COMMANDS)})
