"""Why a letter did not arrive, as a person understands it, by the status code of RFC 3463. Pure."""

import re
from enum import StrEnum


class Cause(StrEnum):
    """What the letter `undelivered` has a sentence for."""

    NO_SUCH_ADDRESS = "no_such_address"
    NO_SUCH_DOMAIN = "no_such_domain"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_CLOSED = "mailbox_closed"
    TOO_LARGE = "too_large"
    POLICY = "policy"
    NOT_IN_TIME = "not_in_time"
    SUPPRESSED = "suppressed"
    UNREAD = "unread"
    OTHER = "other"


# Codes that say for sure that an address takes no mail. Of others, such as 5.0.0, one in three was dead.
DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})

_CAUSES = {
    "1.1": Cause.NO_SUCH_ADDRESS,
    "1.2": Cause.NO_SUCH_DOMAIN,
    "1.3": Cause.NO_SUCH_ADDRESS,
    "1.6": Cause.NO_SUCH_ADDRESS,
    "1.10": Cause.NO_SUCH_ADDRESS,
    "2.1": Cause.MAILBOX_CLOSED,
    "2.2": Cause.MAILBOX_FULL,
    "2.3": Cause.TOO_LARGE,
    "3.4": Cause.TOO_LARGE,
    "4.4": Cause.NO_SUCH_DOMAIN,
    "4.7": Cause.NOT_IN_TIME,
}
_CLASSES = {"6": Cause.POLICY, "7": Cause.POLICY}
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")


def cause_of(status: str) -> Cause:
    """The cause that an enhanced status code names; its first digit only says whether it is for good."""
    rest = status.partition(".")[2]
    return _CAUSES.get(rest) or _CLASSES.get(rest.partition(".")[0]) or Cause.OTHER


def status_in(response: str) -> str:
    """The enhanced status code in an answer of a server, or the empty string."""
    found = _STATUS.search(response)
    return found.group(1) if found else ""


def about_the_address(status: str) -> bool:
    """Whether a failure speaks of where a letter went; one about what it says, or who sent it, is no sign of that."""
    return cause_of(status) not in (Cause.POLICY, Cause.TOO_LARGE)
