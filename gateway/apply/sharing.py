"""What participants read of a ticket: the desk's words, what the others write, and that it is over. Never what was.

Each has a letter of their own, with their own token, and nothing in it that was written before. Nobody to whom a mail
went directly gets it once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.caps import Asked, answer_turn, count, count_relayed, new_sender
from gateway.apply.company import Fellow, copies, fellows, without
from gateway.apply.occasions import Occasion
from gateway.apply.pieces import event
from gateway.apply.posting import Draft, Recipient, Rules, called, post
from gateway.apply.saying import variables_of
from gateway.apply.telling import opening_its_page
from gateway.desk.notices import FINISHED, Notice, shared
from gateway.desk.people import May, may
from gateway.desk.ticket import HELD
from gateway.inbound.authenticate import Level
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts
from gateway.inbound.mail import Mailbox
from gateway.outbound.leaving import Dropped, Goes, Held
from gateway.store import messages, people
from gateway.store.letters import KeptFile
from gateway.threading.quotes import read_reply
from gateway.threading.spans import FOLDED, Reply, SpanKind

NOBODY = 0
ATTACHED_MAIL = "message/rfc822"


def share(connection: Connection, notices: Iterable[Notice], occasion: Occasion, rules: Rules) -> None:
    """What a change tells its requester, for the participants: the words, and that it is over."""
    for notice in filter(shared, notices):
        if HELD in occasion.ticket.tags:
            return
        # Who has the words from the mail itself need not read them again; that it is over without a word is new to all.
        apart = occasion.apart if notice.variables.get("text") else frozenset()
        others = without(connection, fellows(connection, occasion.ticket, rules), apart, author=NOBODY)
        files, shortened = shareable(connection, occasion.ticket.id, occasion.files if others else ())
        for one in others:
            _share_one(connection, notice, one, occasion, rules, files=files, shortened=shortened)


def _share_one(
    connection: Connection,
    notice: Notice,
    one: Fellow,
    occasion: Occasion,
    rules: Rules,
    *,
    files: Sequence[KeptFile],
    shortened: bool,
) -> None:
    said = variables_of(connection, notice, occasion, one.reader, rules)
    text, quoted = without_history(str(said["text"] or ""))
    if notice.letter not in FINISHED:
        values = {"text": text, "author": occasion.author, "shortened": quoted or shortened}
        _write(connection, "relayed", one, occasion, rules, values, files=files, turn=None)
        return
    turn = _turn(connection, one, rules, occasion)
    if isinstance(turn, Dropped):
        return
    told = {name: str(said.get(name) or "") for name in ("reason", "other")}
    told |= {"text": text, "what": notice.letter.value}
    if not occasion.ticket.verified:
        # Nobody has proven who asks: beside what the desk writes by hand, the number only.
        told["subject"] = ""
    _write(connection, "finished", one, occasion, rules, told, turn=turn)


def relay(connection: Connection, facts: Facts, message: int, occasion: Occasion, rules: Rules) -> None:
    """What the requester or a participant wrote, for the others, as soon as their proven mail is kept.

    Only the new words of a person. What could not be read whole is not relayed: nobody knows what is in it.
    """
    mail, person = facts.prepared.mail, facts.person
    proven = facts.prepared.identity.level >= Level.S1
    if person is None or not proven or facts.prepared.kind.kind is not MailKind.PERSON:
        return
    others = fellows(connection, occasion.ticket, rules)
    requester = people.by_id(connection, occasion.ticket.requester_id)
    if requester is not None and occasion.requester.address and may(requester.state, May.BE_ANSWERED):
        others.append(Fellow(occasion.requester, known=not new_sender(requester)))
    others = without(connection, others, occasion.apart, author=person.id)
    if not others:
        return
    words, forwarded = without_others(facts.prepared.reply)
    about = replace(occasion, in_reply_to=mail.message_id)
    files, shortened = shareable(connection, occasion.ticket.id, messages.files_of(connection, message))
    why = ""
    if mail.breaches or "encrypted" in mail.flags:
        why = "it could not be read whole"
    elif not (words or files or forwarded or shortened):
        why = "nothing in it is new"
    elif not count_relayed(connection, occasion.ticket.id, rules, now=facts.now):
        why = "the day's letters of the ticket are used up"
    if why:
        event(connection, "not relayed", facts, occasion.ticket.id, actor=None, why=why)
        return
    values = {"text": words, "author": _author(facts), "shortened": forwarded or shortened, "signature": ""}
    for one in others:
        turn = _turn(connection, one, rules, occasion)
        if not isinstance(turn, Dropped):
            _write(connection, "relayed", one, about, rules, values, files=files, turn=turn)


def without_history(text: str) -> tuple[str, bool]:
    """What somebody of the desk wrote, without the earlier mails in it; and whether there were any."""
    reading = read_reply(text, "plain")
    kinds = {span.kind for span in reading.spans}
    return _kept(reading, away=_OF_OTHERS), not kinds.isdisjoint({SpanKind.QUOTED, SpanKind.FORWARD})


def without_others(reply: Reply) -> tuple[str, bool]:
    """What its author wrote themselves; and whether they forwarded a mail too, which can be one of this ticket."""
    forwarded = any(span.kind is SpanKind.FORWARD for span in reply.spans)
    return _kept(reply, away=FOLDED | _OF_OTHERS), forwarded


def _kept(reply: Reply, *, away: frozenset[SpanKind]) -> str:
    kinds = {kind: SpanKind.QUOTED if kind in away else SpanKind.NEW for kind in SpanKind}
    return Reply(reply.text, tuple(replace(one, kind=kinds[one.kind]) for one in reply.spans)).new_text


_OF_OTHERS = frozenset({SpanKind.QUOTED, SpanKind.ATTRIBUTION, SpanKind.FORWARD})


def shareable(connection: Connection, number: int, files: Sequence[KeptFile]) -> tuple[Sequence[KeptFile], bool]:
    """The files that are new, and whether some are left out: whole mails, which can hold all that was written before.

    The pictures of what is quoted come along with every answer; they are left out without a word.
    """
    if not files:
        return files, False
    again = messages.pictures_again(connection, number)
    new = [one for one in files if one.sha256 not in again]
    kept = [one for one in new if one.type.lower() != ATTACHED_MAIL]
    return kept, len(kept) < len(new)


def _author(facts: Facts) -> str:
    sender = facts.prepared.mail.sender
    name = (facts.person.name if facts.person else "") or (sender.name if isinstance(sender, Mailbox) else "")
    return called(Recipient(0, facts.sender, name))


def _turn(connection: Connection, one: Fellow, rules: Rules, occasion: Occasion) -> Goes | Held | Dropped | None:
    """When a letter that a mail or the clock caused may go out: the caps bind those to whom nobody has confirmed."""
    if one.known:
        return None
    asked = Asked(address=one.reader.address, new_sender=True)
    turn = answer_turn(connection, asked, rules, now=occasion.now)
    if not isinstance(turn, Dropped):
        count(connection, asked, turn, now=occasion.now)
    return turn


def _write(
    connection: Connection,
    letter: str,
    one: Fellow,
    occasion: Occasion,
    rules: Rules,
    values: Mapping[str, object],
    *,
    turn: Goes | Held | None,
    files: Sequence[KeptFile] = (),
) -> None:
    """`values` are those of the letter; who is no requester has no page of the ticket, and can leave it."""
    reader, ticket = one.reader, occasion.ticket
    participant = reader.person_id != ticket.requester_id
    draft = Draft(
        letter=letter,
        to=reader,
        area=occasion.area,
        ticket_id=ticket.id,
        anchor=occasion.anchor,
        variables={"subject": ticket.subject, "participant": participant, **values},
        now=occasion.now,
        in_reply_to=occasion.in_reply_to,
        references=occasion.references,
        files=files,
        cc=copies(connection, ticket, occasion.requester, reader, rules),
        turn=turn,
    )
    if participant:
        draft = replace(draft, variables={**draft.variables, "link": ""})
    else:
        draft = opening_its_page(connection, draft, occasion, rules)
    post(connection, draft, rules)
