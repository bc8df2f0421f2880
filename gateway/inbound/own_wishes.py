"""Whether a mail is a customer's own command: what it says in one clear line, by whom, and in answer to what. Pure."""

from gateway.desk.own_commands import Wish, of_new_mail, own_command
from gateway.desk.people import May, may
from gateway.desk.states import StateKind
from gateway.desk.ticket import Field
from gateway.inbound.facts import Facts, Relation
from gateway.inbound.unanswered import never_answered
from gateway.inbound.verdicts import OwnWish
from gateway.threading.match import Evidence


def own_wish(facts: Facts) -> OwnWish | None:
    """What its sender asks of the desk itself; None for a mail that is something else, or that may be.

    What would not be answered is no command, and somebody reads it.
    """
    person, prepared = facts.person, facts.prepared
    if person is None or not may(person.state, May.BE_ANSWERED) or never_answered(facts):
        return None
    # What is written on a page stays a message: its buttons say what they do.
    if prepared.mail.attachments or prepared.claimed.source == "web":
        return None
    return _in_an_answer(facts) if facts.ticket is not None else _in_a_new_mail(facts)


def _in_a_new_mail(facts: Facts) -> OwnWish | None:
    """To the desk's address: only by proven mail, and only what is about no ticket."""
    asked = of_new_mail(facts.prepared.mail.subject, facts.said)
    if asked is None or asked.wish in (Wish.STOP, Wish.START) or not facts.verified:
        return None
    return OwnWish(None, asked)


def _in_an_answer(facts: Facts) -> OwnWish | None:
    """The requester's answer about their ticket, proven or with their own token.

    A token is enough for this: what it makes us write goes to the address that the token went to, and shows nothing
    that is not in the letters that went there; fewer notices can be taken back by whoever reads there.
    """
    kept, asked = facts.ticket, own_command(facts.said)
    if kept is None or asked is None or facts.relation is not Relation.REQUESTER:
        return None
    if not facts.verified and (facts.evidence is not Evidence.OWN_TOKEN or asked.wish is Wish.JOIN):
        return None
    if asked.bare and _awaited(facts):
        return None
    if asked.wish in (Wish.STOP, Wish.START) and facts.disagree:
        return None
    if asked.wish is Wish.START and not kept.ticket.field(Field.QUIET):
        return None
    return OwnWish(kept.ticket.id, asked)


def _awaited(facts: Facts) -> bool:
    """Whether somebody of the desk waits for an answer: one word may be that answer."""
    if facts.answers_words or facts.ticket is None:
        return True
    return facts.area.workflow.state(facts.ticket.ticket.state).kind is StateKind.WAITING_CUSTOMER
