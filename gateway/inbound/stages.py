"""The policy for a delivery: an ordered tuple of small stages; the first that has an opinion decides. Pure.

To add a rule: write a function `(facts) -> Opinion | None`, put it into STAGES where it belongs, and put a mail that
shows it into the corpus.
"""

from gateway.desk.clear_answers import Meaning, clear_answer
from gateway.desk.commands import holds_commands
from gateway.desk.guards import allowed
from gateway.desk.notices import RefusalType
from gateway.desk.own_commands import leaves
from gateway.desk.people import Actor, ActorKind, Standing
from gateway.desk.refusals import Refused
from gateway.desk.states import StateKind
from gateway.desk.thanks import plain_thanks
from gateway.desk.ticket import ACCOUNT_REQUEST
from gateway.desk.verbs import Action
from gateway.inbound.classify import MailKind
from gateway.inbound.commanded import commands
from gateway.inbound.facts import Facts, Relation
from gateway.inbound.limits import Breach
from gateway.inbound.mail import Unidentified
from gateway.inbound.opinion import Opinion, Stage
from gateway.inbound.own_wishes import own_wish
from gateway.inbound.table import handling
from gateway.inbound.verdicts import (
    Automatic,
    Duplicate,
    Entry,
    Joins,
    NewTicket,
    Parked,
    Rejected,
    Reply,
    Report,
)
from gateway.threading.match import Evidence


def same_mail_again(facts: Facts) -> Opinion | None:
    if facts.earlier is None:
        return None
    return Opinion(
        Duplicate(facts.earlier.id, facts.earlier.ticket_id), f"the same mail as delivery {facts.earlier.id}"
    )


def one_ticket_for_all_areas(facts: Facts) -> Opinion | None:
    if facts.sibling is None or facts.area.also or facts.ticket is not None:
        return None
    sibling = facts.sibling
    return Opinion(Duplicate(sibling.id, sibling.ticket_id), "its ticket is in the other area that it was sent to")


def own_letter(facts: Facts) -> Opinion | None:
    kind = facts.prepared.kind
    if kind.kind not in (MailKind.OWN, MailKind.ROUNDS) or facts.prepared.claimed.promoted:
        return None
    return Opinion(Automatic(), kind.reason)


def too_large(facts: Facts) -> Opinion | None:
    if Breach.MAIL not in facts.prepared.mail.breaches:
        return None
    return Opinion(Parked("the mail is larger than the limit"), "larger than limits.mail_mib")


def too_many_hops(facts: Facts) -> Opinion | None:
    """The SMTP door refuses such a mail; where a refusal would make a bounce, a human looks at it."""
    kind = facts.prepared.kind
    if kind.kind is not MailKind.HOPS:
        return None
    return Opinion(Parked("the mail went through too many servers: it may be looping"), kind.reason)


def delivery_report(facts: Facts) -> Opinion | None:
    prepared = facts.prepared
    if prepared.kind.kind is not MailKind.DELIVERY_REPORT:
        return None
    report = prepared.mail.report
    # A report that nobody could read is of a failure too: what is only late says so.
    failed = report is not None and (report.unread or any(one.action == "failed" for one in report.recipients))
    letter = facts.reported
    about = f"about letter {letter.id}" if letter else "about no letter of ours"
    verdict = Report(
        letter_id=letter.id if letter else None, ticket_id=letter.ticket_id if letter else None, failed=failed
    )
    return Opinion(verdict, f"{prepared.kind.reason}, {about}")


def blocked_sender(facts: Facts) -> Opinion | None:
    if facts.person is None or facts.person.state != "blocked":
        return None
    return Opinion(Rejected(RefusalType.NOT_ALLOWED, told=False), "the sender is blocked")


def automatic_reply(facts: Facts) -> Opinion | None:
    kind = facts.prepared.kind
    if kind.kind is not MailKind.AUTOMATIC_REPLY or facts.prepared.claimed.promoted:
        return None
    if facts.ticket is None:
        return Opinion(Automatic(), kind.reason)
    return Opinion(Reply(facts.ticket.ticket.id, Entry.FOLDED), kind.reason)


def confirms_a_note(facts: Facts) -> Opinion | None:
    """The token came back from the address that it went to, and that proves who wrote the note (RULES 3)."""
    note = facts.pending_note
    if note is None or facts.prepared.kind.kind is not MailKind.PERSON:
        return None
    return Opinion(Reply(note.ticket_id, Entry.CONFIRMATION), f"confirms the pending note {note.id}")


def confirms_an_account(facts: Facts) -> Opinion | None:
    """That it confirms is all that it says: the ticket asked for nothing else, or it is a bare yes."""
    if facts.ticket is None or not facts.confirms_account:
        return None
    confirms = Reply(facts.ticket.ticket.id, Entry.CONFIRMATION)
    if ACCOUNT_REQUEST in facts.ticket.ticket.tags:
        return Opinion(confirms, "confirms the account that the ticket asked for")
    return Opinion(confirms, "says no more than that the account is theirs") if _bare_yes(facts) else None


def _bare_yes(facts: Facts) -> bool:
    """Whether it answers nothing but our question for the account: neither a person's, nor the workflow's."""
    kept, text = facts.ticket, facts.said
    if kept is None or kept.ticket.last_agent_return_at is not None or facts.relation is not Relation.REQUESTER:
        return False
    answer = clear_answer(text, own=True)
    agrees = plain_thanks(text) or (answer is not None and answer.meaning is Meaning.YES)
    return agrees and not facts.prepared.mail.attachments and answers_the_desk(facts) is None


def joins_an_address(facts: Facts) -> Opinion | None:
    """Who reads mail at an address says clearly whether it is somebody else's too; whatever else they say is a mail."""
    if facts.wish is None or facts.prepared.kind.kind is not MailKind.PERSON or facts.prepared.mail.attachments:
        return None
    answer = clear_answer(facts.said, own=True)
    if answer is None or answer.meaning not in (Meaning.YES, Meaning.NO):
        return None
    yes = answer.meaning is Meaning.YES
    return Opinion(Joins(facts.wish.id, yes), f"says {answer.meaning} to wish {facts.wish.id} for their address")


def refused_attachment(facts: Facts) -> Opinion | None:
    if facts.relation is Relation.AGENT or not facts.prepared.refused_files:
        return None
    names = ", ".join(facts.prepared.refused_files)
    refused = Rejected(RefusalType.ATTACHMENT_REFUSED, told=True)
    return Opinion(refused, f"the desk does not take these attachments: {names}")


def nothing_in_it(facts: Facts) -> Opinion | None:
    mail = facts.prepared.mail
    if mail.text.strip() or mail.subject.strip() or mail.attachments or facts.ticket is not None:
        return None
    return Opinion(Rejected(RefusalType.EMPTY, told=True), "no subject, no text, and no attachment")


def asks_for_themselves(facts: Facts) -> Opinion | None:
    """A customer's own command: how their requests are, fewer notices, one more address."""
    wish = own_wish(facts)
    if wish is None:
        return None
    level = "S1" if facts.verified else "S0"
    return Opinion(wish, f"{facts.relation}, {facts.evidence}, {level}: asks “{wish.asked.wish}”")


def answers_the_desk(facts: Facts) -> Opinion | None:
    """A requester's clear yes, no, score or dispute where the workflow asks for it, be the ticket closed or not.

    Unproven mail never approves anything, nor does an answer to what a person of the desk had asked before.
    """
    by_requester = facts.relation is Relation.REQUESTER and facts.prepared.kind.kind is MailKind.PERSON
    if facts.ticket is None or not by_requester or facts.disagree or handling(facts) is not Entry.MESSAGE:
        return None
    ticket, workflow = facts.ticket.ticket, facts.area.workflow
    survey = workflow.survey_for(ticket.nature or "")
    answer = clear_answer(facts.said, best=survey.best if survey else 0, disputes=_may_dispute(facts))
    if answer is None or facts.prepared.mail.attachments or facts.answers_earlier or facts.past:
        return None
    if answer.meaning is Meaning.YES and workflow.state(ticket.state).kind is StateKind.WAITING_CUSTOMER:
        # A yes to who asks for information answers that question.
        return None
    for action in _ANSWERS[answer.meaning]:
        if workflow.transition(action, ticket.state, _CUSTOMER) is not None:
            said = Reply(ticket.id, Entry.MESSAGE, action=action, said=answer.text, score=answer.score)
            return Opinion(said, f"requester, {facts.evidence}: a clear {answer.meaning}, taken as {action}")
    return None


def _may_dispute(facts: Facts) -> bool:
    """Whether the workflow lets this requester say now that the classification should be another."""
    ticket, person = facts.ticket, facts.person
    if ticket is None or person is None:
        return False
    asker, standing = Actor(person.id, ActorKind.REQUESTER), Standing(person.state, person.kind)
    step = allowed(ticket.ticket, Action.DISPUTE, actor=asker, workflow=facts.area.workflow, standing=standing)
    return not isinstance(step, Refused)


_CUSTOMER = frozenset({ActorKind.REQUESTER})
_ANSWERS = {
    Meaning.YES: (Action.APPROVE,),
    Meaning.NO: (Action.REFUSE,),
    Meaning.CLOSE: (Action.APPROVE, Action.CLOSE),
    Meaning.SCORE: (Action.SURVEY,),
    Meaning.DISPUTE: (Action.DISPUTE,),
}


def leaves_the_ticket(facts: Facts) -> Opinion | None:
    """A participant says in so many words that they want to hear no more; who has left already may say it again.

    Their own token is enough: nobody else has it, and all that it does is to keep letters from them.
    """
    by_token = facts.evidence is Evidence.OWN_TOKEN and facts.relation in (Relation.PARTICIPANT, Relation.UNKNOWN)
    by_proof = facts.relation is Relation.PARTICIPANT and handling(facts) is Entry.MESSAGE
    if facts.ticket is None or not (by_token or by_proof) or facts.past:
        return None
    if facts.prepared.kind.kind is not MailKind.PERSON or not leaves(facts.said):
        return None
    return Opinion(Reply(facts.ticket.ticket.id, Entry.LEFT), f"{facts.relation}, {facts.evidence}: wants to leave")


def after_closing(facts: Facts) -> Opinion | None:
    """A mail to a closed ticket whose grace time is over, or that only says thank you, or that it be closed."""
    if facts.ticket is None or facts.relation not in (Relation.REQUESTER, Relation.PARTICIPANT):
        return None
    number = facts.ticket.ticket.id
    entry = handling(facts)
    if entry not in (Entry.MESSAGE, Entry.UNVERIFIED, Entry.FLAGGED):
        return None
    if facts.ticket.ticket.closed_at is not None:
        if plain_thanks(facts.said):
            return Opinion(Reply(number, Entry.AFTER_CLOSING), "a thank-you to a closed ticket")
        answer = clear_answer(facts.said)
        if answer is not None and answer.meaning is Meaning.CLOSE and not facts.prepared.mail.attachments:
            return Opinion(Reply(number, Entry.AFTER_CLOSING), "it is closed already")
    if facts.follows_up and not facts.storm:
        return Opinion(NewTicket(follows=number), f"ticket {number} is closed and its time for answers is over")
    return None


def storm(facts: Facts) -> Opinion | None:
    if not facts.storm or not _opens_a_ticket(facts):
        return None
    if facts.storm_ticket is None:
        return Opinion(
            NewTicket(storm=True), "too many tickets from this address in an hour: one ticket keeps the rest"
        )
    return Opinion(Reply(facts.storm_ticket, Entry.FOLDED), f"kept in ticket {facts.storm_ticket}, the storm's")


def _opens_a_ticket(facts: Facts) -> bool:
    """Whether the mail would become a ticket of its own: it names none, or only as a hint, or one to be followed up."""
    return facts.ticket is None or facts.follows_up or isinstance(handling(facts), NewTicket)


def names_a_ticket(facts: Facts) -> Opinion | None:
    """The table of RULES 4: who writes, by which evidence, proven or not."""
    if facts.ticket is None:
        return None
    number = facts.ticket.ticket.id
    level = "S1" if facts.verified else "S0"
    reason = f"{facts.relation}, {facts.evidence}, {level}"
    if facts.disagree:
        reason += "; token and Message-ID name different tickets"
    match handling(facts):
        case NewTicket() as new:
            return Opinion(NewTicket(hint=number, alert=new.alert), reason)
        case Entry() as entry:
            if entry is Entry.RELAYED and holds_commands(facts.prepared.reply.new_text):
                # The stage `commands` hears people only: what a machine writes so in their name stays inside too.
                return Opinion(Reply(number, Entry.PENDING_NOTE), f"{reason}; a command, which nobody may relay")
            if entry is Entry.RELAYED and facts.answers_refusal:
                return Opinion(Reply(number, Entry.PENDING_NOTE), f"{reason}; it answers the refusal of commands")
            if entry is Entry.MESSAGE and facts.disagree:
                entry = Entry.FLAGGED
            return Opinion(Reply(number, entry), reason)


def forwarded_by_the_desk(facts: Facts) -> Opinion | None:
    """Somebody of the desk passes a customer's mail on: the ticket is the customer's, where it is clear who that is.

    Only what is proven (S1), from a person, and names no ticket, is read as such a mail.
    """
    brought = facts.brought
    if brought is None:
        return None
    if brought.unclear is not None:
        reason = f"forwarded by somebody of the desk, and their own: {brought.unclear}"
        return Opinion(NewTicket(unclear=brought.unclear), reason)
    how = "as a file" if facts.prepared.forwarded and facts.prepared.forwarded.attached else "in the text"
    return Opinion(NewTicket(forwarded=True), f"a mail forwarded {how} by somebody of the desk: it is its author's")


def something_new(facts: Facts) -> Opinion:
    sender = facts.prepared.mail.sender
    if isinstance(sender, Unidentified):
        return Opinion(NewTicket(), f"names no ticket; sender unidentified: {sender.reason}")
    return Opinion(NewTicket(), "names no ticket")


STAGES: tuple[Stage, ...] = (
    same_mail_again,
    one_ticket_for_all_areas,
    too_large,
    too_many_hops,
    own_letter,
    delivery_report,
    blocked_sender,
    automatic_reply,
    commands,
    confirms_a_note,
    confirms_an_account,
    joins_an_address,
    refused_attachment,
    nothing_in_it,
    asks_for_themselves,
    answers_the_desk,
    leaves_the_ticket,
    after_closing,
    storm,
    names_a_ticket,
    forwarded_by_the_desk,
    something_new,
)
