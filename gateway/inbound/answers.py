"""Whether a sender can or wants to be answered by a machine. Pure."""

import re

from gateway.inbound.mail import Headers

_NO_REPLY = re.compile(
    r"""(?:^|[._+-])
    (?: (?:no|non|dont|donot|do[._-]not|don[._-]t|please[._-]do[._-]not)[._-]?repl(?:y|ies)
      | no[._-]?(?:responder|responda|contestar|conteste) | n[aã]o[._-]?respond(?:a|er)
      | (?:ne[._-]?pas[._-]?repondre) | (?:nicht[._-]?antworten|keine?[._-]?antwort) | (?:non[._-]?rispondere)
      | mailer-?daemon | mail-?daemon | bounces? | devnull | auto[._-]?(?:reply|responder) )
    (?:$|[._+\d-])""",
    re.IGNORECASE | re.VERBOSE,
)


def no_reply(address: str) -> bool:
    """Whether the address says itself that nobody reads it."""
    return bool(_NO_REPLY.search(address.rpartition("@")[0]))


def asks_no_answer(headers: Headers) -> bool:
    """Whether X-Auto-Response-Suppress asks us for no automatic answer; it proves no machine (MS-OXCMAIL)."""
    asked = {word.strip() for value in headers.all("X-Auto-Response-Suppress") for word in value.lower().split(",")}
    return bool(asked & {"all", "autoreply", "oof"})
