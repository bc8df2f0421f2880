"""Why no letter goes to the sender of a mail by itself (RULES 5). Pure."""

from datetime import timedelta

from gateway.inbound.classify import MailKind, asks_no_answer, no_reply
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Unidentified

# A mail that reached us so long ago gets no automatic answer any more (RULES 2).
STALE = timedelta(days=3)


def unanswered(facts: Facts) -> str:
    """Why no letter goes to the sender by itself; empty when one may."""
    reasons = (
        (facts.storm, "too many tickets from this address"),
        (not facts.letters_left, "the day's automatic letters to this address are used up"),
    )
    return never_answered(facts) or next((reason for applies, reason in reasons if applies), "")


def never_answered(facts: Facts) -> str:
    """The same by the mail and its sender alone: it would not be answered either if we had written nothing today."""
    prepared = facts.prepared
    match prepared.mail.sender:
        case Unidentified(reason):
            return f"sender unidentified: {reason}"
        case sender:
            address = sender.address
    reasons = (
        (prepared.kind.kind is not MailKind.PERSON, f"not written by a person: {prepared.kind.reason}"),
        (prepared.from_us, "from one of our own addresses"),
        (not prepared.addressed, "none of our addresses is in To or Cc"),
        (no_reply(address), "the sender is a no-reply address"),
        (prepared.identity.dmarc == "fail", "DMARC fails"),
        (asks_no_answer(prepared.mail.headers), "the mail asks for no automatic answer"),
        (facts.person is not None and facts.person.state == "blocked", "the sender is blocked"),
        (facts.past, "it lay in the mailbox before we began to read it"),
        (facts.now - prepared.claimed.received_at > STALE, "received more than three days ago"),
    )
    return next((reason for applies, reason in reasons if applies), "")
