"""A customer's own command is carried out, and they are told."""

from dataclasses import replace
from typing import assert_never

from sqlalchemy.engine import Connection

from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.joining import ask_to_join
from gateway.apply.own_tickets import Reader, its_page, listed
from gateway.apply.pieces import anchor, cause, event
from gateway.apply.posting import Draft, Rules, post
from gateway.apply.quiet import set_quiet
from gateway.apply.telling import recipient
from gateway.desk.own_commands import Wish
from gateway.desk.refusals import Refused
from gateway.desk.words import in_language
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Judged, OwnWish
from gateway.outbound.leaving import Dropped
from gateway.store import tickets
from gateway.store.people import Person


def obey(connection: Connection, verdict: OwnWish, judged: Judged, facts: Facts, rules: Rules) -> str:
    """Do what the mail asks for; why its sender is not told, empty when they are.

    The letter is an answer to a mail like a receipt, and counts as one. It goes to the address that the mail came from,
    which is theirs by what the store knows, and to nobody else.
    """
    person = facts.person
    assert person is not None, "only somebody known asks for themselves"
    done = _done(connection, verdict, person, facts, rules)
    number = verdict.ticket_id
    asked = Asked(
        address=facts.sender,
        new_sender=new_sender(person),
        ticket=number,
        # As many as receipts, and counted apart: who asks how things are still gets receipts for what is new.
        receipt_in=f"{verdict.asked.wish.name} {facts.area.name}",
        muted_until=facts.ticket.muted_until if facts.ticket else None,
    )
    turn = Dropped(judged.unanswered) if judged.unanswered else answer_turn(connection, asked, rules, now=facts.now)
    if isinstance(turn, Dropped):
        return f"not answered: {turn.why}"
    letter, values = done
    language = _language(person, verdict, facts)
    draft = Draft(
        letter=letter,
        to=replace(recipient(person, address=facts.sender), name="", language=language),
        area=facts.area,
        ticket_id=number,
        anchor=anchor(facts),
        variables=values,
        now=facts.now,
        in_reply_to=facts.prepared.mail.message_id,
        turn=turn,
    )
    if post(connection, draft, rules) is None:
        return "not answered: its sender can take no mail"
    count(connection, asked, turn, now=facts.now)
    return ""


def _done(
    connection: Connection, verdict: OwnWish, person: Person, facts: Facts, rules: Rules
) -> tuple[str, dict[str, object]]:
    """What was asked for, done: the letter that says so, with its values."""
    asked, now, number = verdict.asked, facts.now, verdict.ticket_id
    reader = Reader(
        person=person,
        language=_language(person, verdict, facts),
        proven=facts.verified,
        confirmed=not new_sender(person),
    )
    match asked.wish:
        case Wish.STATE:
            if number is not None:
                event(connection, "state asked for", facts, number, actor=person.id)
            return "my_tickets", listed(connection, reader, rules, about=number, now=now)
        case Wish.STOP | Wish.START:
            assert number is not None, "the notices are those of a ticket"
            kept = tickets.get(connection, number, lock=True)
            stop = asked.wish is Wish.STOP
            set_quiet(connection, kept, rules, stop=stop, person_id=person.id, cause=cause(facts), now=now)
            sure = reader.sure and kept.ticket.verified
            link = {"link": its_page(connection, kept.ticket, reader, rules, now=now)} if sure else {}
            return "notices_stopped", {"stopped": stop, "subject": kept.ticket.subject if sure else "", **link}
        case Wish.JOIN:
            said = ask_to_join(
                connection,
                person,
                asked.address,
                sender=facts.sender,
                area=facts.area,
                rules=rules,
                cause=cause(facts),
                now=now,
            )
            words = said.words if isinstance(said, Refused) else said
            return "address_asked", {"said": in_language(words, reader.language)}
        case _:
            assert_never(asked.wish)


def _language(person: Person, verdict: OwnWish, facts: Facts) -> str:
    """One word says little about the language of a mail: what is known of the person comes first."""
    return person.language or verdict.asked.language or facts.prepared.language or facts.area.language
