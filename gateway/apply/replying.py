"""A mail of a ticket that is there, kept as the table of RULES 4 says."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.absent import note_absence
from gateway.apply.actors import actor_for, standing_of
from gateway.apply.assigning import comes_in_late, hand_out_late, without_team
from gateway.apply.caps import Asked, answer_turn, count, count_for_ticket, new_sender, ticket_has_room
from gateway.apply.change import write_change
from gateway.apply.groups import in_its_group
from gateway.apply.mute import muted
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import already_have_it, anchor, cause, event, keep_mail, kept_files, remarks, to_send
from gateway.apply.posting import Recipient, Rules, called
from gateway.apply.sharing import relay
from gateway.apply.taking_part import join_by_cc, leave
from gateway.apply.telling import alert, its_requester, recipient, sees, tell, write_to
from gateway.desk import courtesy, inside
from gateway.desk.actions import Action, Alert, Audience, Change, Happening, Refused, act, happen
from gateway.desk.notices import Letter, Notice
from gateway.desk.people import Actor, ActorKind, Standing
from gateway.desk.ticket import HELD
from gateway.desk.words import LANGUAGES, Labels, in_language
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts, Relation
from gateway.inbound.verdicts import Entry, Judged, Reply
from gateway.outbound.leaving import Dropped, Turn
from gateway.store import messages, people, tickets
from gateway.store.messages import File
from gateway.threading.match import Evidence
from gateway.threading.own_words import own_words, without_signature

# Entries that the customer's side of the conversation shows.
_PUBLIC = frozenset({Entry.MESSAGE, Entry.UNVERIFIED, Entry.RELAYED})
# Entries upon which somebody gets a letter: what an agent once answered is not sent again.
_ANSWERED = frozenset({Entry.RELAYED, Entry.PENDING_NOTE, Entry.CONFIRMATION})
_KINDS = {
    Entry.INTERNAL: "note",
    Entry.PENDING_NOTE: "pending note",
    Entry.FOLDED: "automatic",
    Entry.CONFIRMATION: "automatic",
    Entry.ASIDE: "note",
    Entry.LEFT: "automatic",
}


def add_reply(
    connection: Connection, verdict: Reply, judged: Judged, facts: Facts, rules: Rules, files: Sequence[File]
) -> None:
    kept = facts.ticket
    if kept is None or kept.ticket.id != verdict.ticket_id:
        kept = tickets.get(connection, verdict.ticket_id, lock=True)
    person = facts.person
    if facts.past and verdict.entry in _ANSWERED:
        verdict = replace(verdict, entry=Entry.INTERNAL)
    # Nobody of the desk hears of a ticket that is held, or of what was said long ago.
    held = HELD in kept.ticket.tags or facts.past
    occasion = _occasion(connection, kept, facts, files)
    advice = not_sent = ""
    language = (person and person.language) or facts.area.language
    words = own_words(facts.prepared.reply, person.name if person else "")
    sent = to_send(connection, kept.ticket.id, files, author=person.id if person else None)
    match verdict.entry:
        case Entry.RELAYED if not (words or sent):
            # Nothing of their own is in it: what it quotes is for nobody.
            entry = Entry.INTERNAL
        case Entry.RELAYED:
            advice = _advice(words, facts, rules)
            room = ticket_has_room(connection, kept.ticket.id, rules, now=facts.now)
            if not advice and room:
                refused = _answer(connection, kept, facts, occasion, rules, words=words, files=files)
                if refused is None:
                    note_absence(connection, facts, kept.ticket.id)
                    return
                not_sent = in_language(refused.words, language)
            entry = Entry.PENDING_NOTE
        case Entry.PENDING_NOTE:
            advice = _advice(words, facts, rules)
            entry = verdict.entry
        case Entry.CONFIRMATION if (note := facts.pending_note) is not None:
            words = without_signature(note.text, person.name if person else "")
            refused = _answer(connection, kept, facts, occasion, rules, words=words, files=note.files, note=note)
            entry = Entry.CONFIRMATION if refused is None else Entry.INTERNAL
        case entry:
            pass
    message = keep_mail(
        connection,
        kept.ticket.id,
        facts,
        files,
        kind=_KINDS.get(entry, "mail"),
        public=entry in _PUBLIC,
        author=person.id if person else None,
        flag="" if entry is Entry.MESSAGE else entry.value,
        flags=_flags(entry, facts),
    )
    event(connection, "mail", facts, kept.ticket.id, actor=person.id if person else None, entry=entry.value)
    if facts.past:
        quiet = True
    else:
        note_absence(connection, facts, kept.ticket.id)
        quiet = held or muted(connection, kept, message, facts, occasion, rules)
    if entry in (Entry.MESSAGE, Entry.UNVERIFIED):
        verified = entry is Entry.MESSAGE
        change = _said(verdict, kept, facts) or happen(
            kept.ticket, Happening.CUSTOMER_REPLIED, workflow=facts.area.workflow, now=facts.now, verified=verified
        )
        told = replace(occasion, alert="customer_replied" if verified else "unverified_reply")
        by_requester = facts.relation is not Relation.PARTICIPANT
        actor = Actor(person.id if person else None, ActorKind.REQUESTER if by_requester else ActorKind.PARTICIPANT)
        if quiet:
            change = replace(change, notices=())
        elif not by_requester:
            # What goes back by itself goes to who wrote, and the requester did not.
            change = replace(change, notices=tuple(one for one in change.notices if one.to is not Audience.REQUESTER))
        if verified and facts.relation is Relation.REQUESTER and person is not None:
            join_by_cc(connection, facts, kept.ticket, rules, by=person)
        change, told = _answered(connection, change, told, judged, facts, rules)
        late = verified and not quiet and comes_in_late(kept.ticket, change, facts.area)
        written = without_team(change) if late else change
        write_change(connection, written, told, rules, before=kept.ticket, actor=actor, cause=cause(facts))
        if late:
            hand_out_late(connection, change, told, rules, cause=cause(facts))
        if verified and not quiet and verdict.action is None:
            relay(connection, facts, message, occasion, rules)
    elif entry is Entry.LEFT:
        leave(connection, facts, judged, occasion, rules)
    elif entry is Entry.ASIDE and not quiet:
        if facts.verified:
            alert(connection, Audience.OWNER, replace(occasion, alert=Alert.ASIDE.value), rules)
        else:
            _warn(connection, inside.ASKED_ASIDE, occasion, rules)
    elif entry is Entry.PENDING_NOTE and person is not None and facts.prepared.kind.kind is MailKind.PERSON:
        # A machine that writes in an agent's name confirms it too: it is asked only so often about a ticket.
        if not count_for_ticket(connection, kept.ticket.id, rules, now=facts.now):
            return
        write_to(
            connection,
            "alert",
            recipient(person),
            replace(occasion, apart=frozenset()),
            rules,
            confirms=message,
            kind="discourteous" if facts.verified and not not_sent else "pending_note",
            # Anybody of the area can name a ticket that its workflow does not show them.
            subject=kept.ticket.subject if sees(person, occasion) else "",
            reason=advice or not_sent or (_why_asked(facts, language) if facts.verified else ""),
            # Where it is not sure that it was them, only the address that it names goes to them (RULES 5).
            text=words if facts.verified else "",
            writer="" if facts.verified else facts.sender,
            received_at=facts.now,
        )
    elif entry in (Entry.FLAGGED, Entry.THIRD_PARTY) and not quiet:
        _warn(connection, _why_inside(facts), occasion, rules)


def _warn(connection: Connection, why: Labels, occasion: Occasion, rules: Rules) -> None:
    """Of a mail that the desk alone reads; each is told why in their language."""
    remarked = [dict.fromkeys(LANGUAGES, occasion.reason)] if occasion.reason else []
    reason = inside.together(why, *remarked)
    notice = Notice(Letter.ALERT, Audience.OWNER, {"kind": Alert.UNVERIFIED_REPLY.value, "reason": reason})
    tell(connection, (notice,), occasion, rules)


def _why_asked(facts: Facts, language: str) -> str:
    """Why what an agent proven wrote does not go out before they say so."""
    if facts.answers_refusal:
        return in_language(inside.ABOUT_COMMANDS, language)
    why = {Evidence.OTHER_TOKEN: inside.FOR_ANOTHER, Evidence.SUBJECT: inside.ONLY_NAMED}
    return in_language(why.get(facts.evidence, inside.TOO_MANY), language)


def _why_inside(facts: Facts) -> Labels:
    found = (
        (facts.relation is Relation.UNKNOWN, inside.NO_PART),
        (not facts.verified, inside.NOT_PROVEN),
        (facts.verified and facts.evidence is Evidence.OTHER_TOKEN, inside.FOR_ANOTHER),
        (facts.disagree, inside.TWO_REQUESTS),
    )
    return inside.together(*(words for applies, words in found if applies))


def _said(verdict: Reply, kept: tickets.KeptTicket, facts: Facts) -> Change | None:
    """The action that the requester's clear answer is; None when it is none, or when it cannot be done."""
    if verdict.action is None or facts.person is None:
        return None
    proposed = {"proposed": verdict.said} if verdict.action is Action.DISPUTE else {}
    change = act(
        kept.ticket,
        verdict.action,
        actor=Actor(facts.person.id, ActorKind.REQUESTER),
        workflow=facts.area.workflow,
        now=facts.now,
        text=facts.said if proposed else verdict.said,
        parameters=proposed or ({"score": str(verdict.score)} if verdict.score else {}),
        standing=Standing(facts.person.state, facts.person.kind),
    )
    # The mail itself is the message.
    return None if isinstance(change, Refused) else replace(change, message=None)


def _answered(
    connection: Connection, change: Change, told: Occasion, judged: Judged, facts: Facts, rules: Rules
) -> tuple[Change, Occasion]:
    """What the requester is told because of a mail is an answer by itself: it has to be allowed, and to have room."""
    if all(one.to is not Audience.REQUESTER for one in change.notices):
        return change, told
    requester = people.by_id(connection, told.ticket.requester_id)
    if requester is None or judged.unanswered:
        turn: Turn = Dropped(judged.unanswered)
    else:
        asked = Asked(address=told.requester.address, new_sender=new_sender(requester), ticket=told.ticket.id)
        turn = answer_turn(connection, asked, rules, now=facts.now)
        if not isinstance(turn, Dropped):
            count(connection, asked, turn, now=facts.now)
            return change, replace(told, turn=turn)
    others = tuple(one for one in change.notices if one.to is not Audience.REQUESTER)
    return replace(change, notices=others), told


def _flags(entry: Entry, facts: Facts) -> tuple[str, ...]:
    unproven = ("unverified",) if entry is Entry.ASIDE and not facts.verified else ()
    return (*_impolite(facts), *unproven)


def _impolite(facts: Facts) -> tuple[str, ...]:
    """What the desk is shown of how a customer's reply reads; its subject is only the ticket's again."""
    if facts.prepared.kind.kind is not MailKind.PERSON or facts.relation is Relation.AGENT:
        return ()
    found = courtesy.breaches("", facts.prepared.reply.new_text, facts.prepared.mail.raw_html)
    return courtesy.labels(found, facts.area.language)


def _advice(words: str, facts: Facts, rules: Rules) -> str:
    """What an agent should look at before this goes out; empty when it may go."""
    person = facts.person
    if not rules.settings.courtesy.agents or person is None:
        return ""
    return courtesy.advice(courtesy.breaches("", words), person.language or facts.area.language)


def _answer(
    connection: Connection,
    kept: tickets.KeptTicket,
    facts: Facts,
    occasion: Occasion,
    rules: Rules,
    *,
    words: str,
    files: Sequence[File],
    note: messages.PendingNote | None = None,
) -> Refused | None:
    """An agent's words go to the requester as the desk's, unless it is refused: as the workflow has it, say.

    They come with this mail, or are those of a pending note that it confirms.
    """
    person, claimed = facts.person, facts.prepared.claimed
    assert person is not None, "only somebody known answers for the desk"
    actor = in_its_group(connection, actor_for(person, kept.ticket), kept.ticket, facts.area)
    workflow = facts.area.workflow
    change = act(
        kept.ticket,
        Action.REPLY,
        actor=actor,
        workflow=workflow,
        now=facts.now,
        text=words,
        attachments=len(files),
        standing=standing_of(connection, kept.ticket),
    )
    if isinstance(change, Refused):
        return change
    if note is None:
        tickets.know_message_ids(connection, kept.ticket.id, (facts.prepared.mail.message_id,))
        join_by_cc(connection, facts, kept.ticket, rules, by=person)
    else:
        messages.confirm(connection, note.id)
        change = replace(change, message=None)
    count_for_ticket(connection, kept.ticket.id, rules, now=facts.now)
    told = replace(
        occasion,
        said=words,
        author=person.name,
        files=kept_files(to_send(connection, kept.ticket.id, files, author=person.id)),
        in_reply_to="",
    )
    write_change(
        connection,
        change,
        told,
        rules,
        before=kept.ticket,
        actor=actor,
        cause=cause(facts),
        author_address=facts.sender,
        files=files,
        delivery_id=claimed.id,
    )
    return None


def _occasion(connection: Connection, kept: tickets.KeptTicket, facts: Facts, files: Sequence[File]) -> Occasion:
    requester = its_requester(connection, kept)
    return Occasion(
        ticket=kept.ticket,
        requester=requester,
        area=facts.area,
        anchor=anchor(facts),
        now=facts.now,
        said=facts.prepared.reply.new_text,
        all_quoted=facts.prepared.reply.all_quoted,
        reason=remarks(facts),
        in_reply_to=facts.prepared.mail.message_id,
        writer="" if facts.sender == requester.address else _written_by(facts),
        came=kept_files(files),
        apart=already_have_it(facts),
    )


def _written_by(facts: Facts) -> str:
    """As they are known here: what a mail calls its sender is anybody's word."""
    name = facts.person.name if facts.person else ""
    return called(Recipient(0, facts.sender, name))
