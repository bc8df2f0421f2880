"""All that a judgement needs, read beforehand into one frozen value."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from gateway.desk.areas import Area, Desk
from gateway.desk.change import LinkKind
from gateway.desk.own_commands import Wish, own_command
from gateway.desk.people import May, PersonState, may
from gateway.desk.rules import Given
from gateway.desk.ticket import open_to_organisation
from gateway.inbound.arrivals import PAST
from gateway.inbound.authenticate import Level
from gateway.inbound.brought import Brought, brought
from gateway.inbound.classify import MailKind
from gateway.inbound.mail import Mailbox
from gateway.inbound.prepare import Prepared
from gateway.inbound.ruled import given_by_rules
from gateway.settings import Caps
from gateway.store import address_wishes, commands, counts, judgements, letters, messages, participants, people, tickets
from gateway.store.counts import Counted
from gateway.store.participants import Part
from gateway.threading.links import JOIN_FOR
from gateway.threading.match import Evidence
from gateway.threading.tokens import Claim

ANONYMOUS_WINDOW = timedelta(hours=1)
NOTHING_GIVEN = Given()
_MOST_MERGES = 10
# The letters with what a person of the desk wrote.
_WORDS = frozenset({"answer", "request"})


class Relation(StrEnum):
    """What the sender is to the ticket that the mail names; the rows of the table in RULES 4."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"
    # Asked something aside, and nothing else to the ticket.
    CONSULTED = "consulted"
    AGENT = "agent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A prepared delivery with what the store knows about it, read under the lock under which it is applied."""

    prepared: Prepared
    area: Area
    now: datetime
    once_key: str
    earlier: judgements.Earlier | None
    sibling: judgements.Earlier | None
    person: people.Person | None
    relation: Relation
    evidence: Evidence
    ticket: tickets.KeptTicket | None
    follows_up: bool
    disagree: bool
    storm: bool
    storm_ticket: int | None
    receipts_left: bool
    letters_left: bool
    reported: letters.Reported | None
    # What the sender wrote before, and confirms with this mail.
    pending_note: messages.PendingNote | None
    # Whether a pending person answers the letter that asked them to confirm who they are (RULES 3).
    confirms_account: bool
    # Whether it answers what a person of the desk wrote before the ticket came into its state.
    answers_earlier: bool = False
    # Whether a customer's own command stands in an answer to what a person of the desk wrote.
    answers_words: bool = False
    # The wish for this very address that the mail answers.
    wish: address_wishes.AddressWish | None = None
    # The token for commands that this very person of the desk was given: that of a letter's Reply-To.
    command_claim: Claim | None = None
    # Whether it answers the letter that says why commands were not done: what is written there is for the desk.
    answers_refusal: bool = False
    # The commands whose code they may be bringing.
    waiting: commands.Waiting | None = None
    # What the desk's own rules give a ticket that this mail opens.
    given: Given = NOTHING_GIVEN
    # The mail that somebody of the desk forwards to where new tickets begin.
    brought: Brought | None = None
    # Who of the desk forwarded it, in the facts of the customer's own mail.
    brought_by: people.Person | None = None

    @property
    def verified(self) -> bool:
        """Whether the mail proved its sender: S1 or better, or the token that only went to their address."""
        return self.prepared.identity.level >= Level.S1 or self.confirms_account

    @property
    def level(self) -> Level:
        """S2 is S1 with a token that was given to this very sender (RULES 3)."""
        level = self.prepared.identity.level
        return Level.S2 if level is Level.S1 and self.evidence is Evidence.OWN_TOKEN else level

    @property
    def commander(self) -> bool:
        """Whether the sender is somebody of the desk, whose commands may count."""
        return self.person is not None and bool(self.person.roles) and may(self.person.state, May.ACT)

    @property
    def past(self) -> bool:
        """Whether the mail lay in its mailbox before that was ours to read: it is kept, and nobody is told of it."""
        return self.prepared.claimed.source.startswith(PAST)

    @property
    def sender(self) -> str:
        sender = self.prepared.mail.sender
        return sender.address if isinstance(sender, Mailbox) else ""

    @property
    def said(self) -> str:
        """What is new in the mail, without its author's signature."""
        return _said(self.prepared, self.person)

    def trail(self, unanswered: str, *, opens: bool) -> dict[str, Any]:
        """What the judgement stood on, for `explain`: values, never text of the mail. `opens`: it makes a ticket."""
        prepared, sender = self.prepared, self.prepared.mail.sender
        trail = {
            "sender": sender.address if isinstance(sender, Mailbox) else f"unidentified: {sender.reason}",
            "level": f"S{int(self.level)}",
            "level_by": prepared.identity.evidence,
            "kind": prepared.kind.kind.value,
            "kind_by": prepared.kind.reason,
            "relation": self.relation.value,
            "evidence": self.evidence.value,
            "ticket": self.ticket.ticket.id if self.ticket else None,
            "unanswered": unanswered or None,
            "forwarded": self._forwarded() if opens else None,
            "rules": (list(self.given.rules) or None) if opens else None,
            "given": (self.given.said() or None) if opens else None,
            "reported": self._reported_recipients(),
            "over_the_limit": [str(breach) for breach in prepared.mail.breaches] or None,
            "flags": list(prepared.mail.flags) or None,
            # What a customer wrote has them with its message; of an agent's mail only what is theirs is kept.
            "spans": [(one.start, one.end, one.kind.value, one.reason) for one in prepared.reply.spans]
            if self.commander
            else None,
        }
        return {name: value for name, value in trail.items() if value is not None}

    def _forwarded(self) -> str | None:
        """Whose mail was forwarded to the desk, or that nobody can say."""
        if self.brought is None:
            return None
        if self.brought.unclear is not None:
            return str(self.brought.unclear)
        sender = self.brought.theirs.mail.sender
        return sender.address if isinstance(sender, Mailbox) else None

    def _reported_recipients(self) -> list[str] | None:
        """What a delivery report says of whom: address, action, status."""
        report = self.prepared.mail.report
        if report is None:
            return None
        said = [f"{one.address} {one.action} {one.status}".strip() for one in report.recipients[:20]]
        return said or ["could not be read"]


def gather(connection: Connection, prepared: Prepared, *, desk: Desk, caps: Caps, now: datetime) -> Facts:
    """Read what the store knows about a prepared delivery; the ticket that it names is locked."""
    sender = prepared.mail.sender
    address = sender.address if isinstance(sender, Mailbox) else ""
    if address:
        # First: who they are stays so, and what is counted of them stays true.
        counts.alone(connection, address)
    person = people.by_address(connection, address) if address else None
    prepared = _as_people_are_now(connection, prepared)
    area = desk.areas.get(prepared.claimed.area) or desk.first()
    keys = once_keys(prepared, area.name)
    tie = _tie(connection, prepared, person, area.name)
    kept = None if tie.number is None else tickets.find(connection, tie.number, lock=True)
    if kept is not None:
        kept = _remaining(connection, kept)
        area = desk.areas.get(kept.ticket.area, area)
    receipts, letters_, opened = _counted(address, area.name)
    sums = counts.sums(connection, (receipts, letters_, opened), now=now) if address else {}
    past = prepared.claimed.source.startswith(PAST)
    storm = bool(address) and not past and sums[opened][0] >= caps.tickets_per_address
    answered = letters.answered(connection, prepared.mail.in_reply_to)
    words = [at for letter, at in answered if letter in _WORDS]
    sent_on = brought(connection, prepared, person, area.name, desk) if kept is None else None
    relation = _relation(connection, person, kept)
    return Facts(
        prepared=prepared,
        area=area,
        now=now,
        once_key=keys[0],
        earlier=judgements.first_with_key(connection, keys, since=_since(prepared)),
        sibling=judgements.sibling(connection, mail_id=prepared.claimed.mail_id, delivery_id=prepared.claimed.id),
        person=person,
        relation=relation,
        evidence=Evidence.NONE if kept is None else _believed(tie, relation, prepared.identity.level),
        ticket=kept,
        follows_up=kept is not None and area.workflow.follows_up(kept.ticket, now=now),
        disagree=tie.disagree,
        storm=storm,
        storm_ticket=tickets.storm_of(connection, address, since=now - timedelta(hours=24)) if storm else None,
        receipts_left=not address or sums[receipts][1] < caps.receipts_per_address,
        letters_left=not address or sums[letters_][1] < caps.letters_per_address,
        reported=_reported(connection, prepared),
        pending_note=None if past else _pending_note(connection, prepared, person),
        confirms_account=not past and _confirms_account(prepared, person),
        command_claim=_command_claim(prepared, person, tie.number, kept),
        answers_refusal=bool(person and person.roles) and any(letter == "commands_refused" for letter, _ in answered),
        waiting=None if past else _waiting(connection, prepared, person, now=now),
        answers_earlier=kept is not None and any(at < kept.ticket.state_since for at in words),
        answers_words=kept is not None and bool(words) and own_command(_said(prepared, person)) is not None,
        wish=None if past else _wish(connection, prepared, address, now=now),
        given=given_by_rules(connection, *(sent_on.asked if sent_on else (prepared, person)), desk),
        brought=sent_on,
    )


def _counted(address: str, area: str) -> tuple[Counted, Counted, Counted]:
    return Counted(f"receipt {area}"[:40], address), Counted("letter", address), Counted("ticket", address)


def once_keys(prepared: Prepared, area: str) -> tuple[str, ...]:
    """The keys under which an equal mail for this area was kept; the first is the one to keep this mail under.

    A mail with neither Message-ID nor Date says too little: it is the same only from the same envelope and within an
    hour, so its key has both, and the hour before counts too.
    """
    key = f"{prepared.content_key}/{area}"
    if not prepared.anonymous:
        return (key[:200],)
    hour = int(prepared.claimed.received_at.timestamp() // ANONYMOUS_WINDOW.total_seconds())
    who = prepared.envelope_hash
    return f"{key}/{who}/{hour}"[:200], f"{key}/{who}/{hour - 1}"[:200]


def _since(prepared: Prepared) -> datetime | None:
    """How old the first of equal mails may be; None for any age."""
    return prepared.claimed.received_at - ANONYMOUS_WINDOW if prepared.anonymous else None


class _Tie(NamedTuple):
    """What ties a mail to which ticket, and the ticket that its Message-IDs name.

    `answers`: the ticket of somebody's mail that it answers itself, looked up for another's token only.
    """

    evidence: Evidence
    number: int | None = None
    by_id: int | None = None
    answers: int | None = None

    @property
    def disagree(self) -> bool:
        return self.by_id is not None and self.by_id != self.number


def _tie(connection: Connection, prepared: Prepared, person: people.Person | None, area: str) -> _Tie:
    named = prepared.named
    known = tickets.by_message_ids(connection, named.message_ids, area=area)
    by_id = named.message_claims[0].number if named.message_claims else known
    # A token bound to this very sender is believed before one that only came along, as in a Reply-All.
    own = [claim for claim in named.address_claims if person is not None and claim.person == person.id]
    if own:
        return _Tie(Evidence.OWN_TOKEN, own[0].number, by_id)
    if named.address_claims:
        answers = tickets.by_message_ids(connection, prepared.mail.in_reply_to, area=area)
        return _Tie(Evidence.OTHER_TOKEN, named.address_claims[0].number, by_id, answers)
    for claim in named.message_claims:
        if person is not None and claim.person == person.id:
            return _Tie(Evidence.OWN_TOKEN, claim.number, claim.number)
    if by_id is not None:
        return _Tie(Evidence.MESSAGE_ID, by_id, by_id)
    if named.tags:
        return _Tie(Evidence.SUBJECT, named.tags[0])
    return _Tie(Evidence.NONE)


# Of an agent another's token stays: they are asked what is to become of their words, which as a note nobody would hear.
_ANSWERS_ALL = frozenset({Relation.REQUESTER, Relation.PARTICIPANT, Relation.CONSULTED})


def _believed(tie: _Tie, relation: Relation, level: Level) -> Evidence:
    """Who answers another's mail to all has in To what stood there: it takes nothing from what proves theirs.

    Who answers a letter that we wrote to another was sent it on, and it may hold what is not for them.
    """
    proven = level >= Level.S1 and relation in _ANSWERS_ALL and tie.answers == tie.number
    return Evidence.MESSAGE_ID if tie.evidence is Evidence.OTHER_TOKEN and proven else tie.evidence


def _relation(connection: Connection, person: people.Person | None, kept: tickets.KeptTicket | None) -> Relation:
    if person is None:
        return Relation.UNKNOWN
    # The roles of an account that is not active rest.
    acts = may(person.state, May.ACT)
    if kept is None:
        return Relation.AGENT if acts and person.roles else Relation.REQUESTER
    if person.id == kept.ticket.requester_id:
        return Relation.REQUESTER
    part = participants.parts(connection, kept.ticket.id).get(person.id)
    if part is Part.CONSULTED:
        # Before all else: what was answered aside must not go out because its author has a role now.
        return Relation.CONSULTED
    if acts and person.roles_in(kept.ticket.area):
        return Relation.AGENT
    if part is Part.CC or _for_their_organisation(person, kept):
        return Relation.PARTICIPANT
    return Relation.UNKNOWN


def _for_their_organisation(person: people.Person, kept: tickets.KeptTicket) -> bool:
    """Whether they see the ticket as an agent of its organisation, on the customer's side: at this very moment."""
    return open_to_organisation(kept.ticket) and person.agent_for == kept.ticket.organisation_id


def _pending_note(
    connection: Connection, prepared: Prepared, person: people.Person | None
) -> messages.PendingNote | None:
    """The note that a confirmation names, when the token was given to this very sender."""
    for claim in prepared.named.confirmations:
        if person is not None and claim.person == person.id:
            return messages.pending_note(connection, claim.number, author_id=person.id)
    return None


def _wish(
    connection: Connection, prepared: Prepared, address: str, *, now: datetime
) -> address_wishes.AddressWish | None:
    """What somebody asked about this very address, and it answers: the token went there and nowhere else."""
    for claim in prepared.named.joins:
        wish = address_wishes.unanswered(connection, claim.number, since=now - JOIN_FOR)
        if wish is not None and wish.address == address and wish.person_id == claim.person:
            return wish
    return None


def _as_people_are_now(connection: Connection, prepared: Prepared) -> Prepared:
    """A token that was given to somebody who was merged into another is theirs who remains."""
    named = prepared.named
    merged = people.merged(connection, sorted(named.people))
    return replace(prepared, named=named.given_to(merged)) if merged else prepared


def _command_claim(
    prepared: Prepared, person: people.Person | None, named: int | None, kept: tickets.KeptTicket | None
) -> Claim | None:
    """The newest of the sender's own tokens for commands, for the ticket that the mail is about, or for none.

    One for a ticket that was merged is for the one that remains.
    """
    mine = [one for one in prepared.named.commands if person is not None and one.person == person.id]
    about = [one for one in mine if one.number in (0, named)]
    found = max(about or mine, key=lambda one: (one.number > 0, one.turn), default=None)
    if found is None or kept is None or found.number != named:
        return found
    return replace(found, number=kept.ticket.id)


def _waiting(
    connection: Connection, prepared: Prepared, person: people.Person | None, *, now: datetime
) -> commands.Waiting | None:
    for claim in prepared.named.codes:
        if person is not None and claim.person == person.id:
            return commands.waiting(connection, claim.number, person_id=person.id, now=now)
    return None


def _said(prepared: Prepared, person: people.Person | None) -> str:
    return prepared.said(person.name if person else "")


def _confirms_account(prepared: Prepared, person: people.Person | None) -> bool:
    """Whoever wants no more of our letters has not said that the account is theirs."""
    asked = own_command(_said(prepared, person))
    if asked is not None and asked.wish is Wish.STOP:
        return False
    return (
        person is not None
        and person.state == PersonState.PENDING
        and prepared.kind.kind is MailKind.PERSON
        and any(claim.person == person.id for claim in prepared.named.accounts)
    )


def _remaining(connection: Connection, kept: tickets.KeptTicket) -> tickets.KeptTicket:
    """The ticket that remains of duplicates: what comes for the one that was merged into it goes there."""
    for _ in range(_MOST_MERGES):
        other = None
        if kept.ticket.closed_at is not None:
            other = tickets.linked(connection, kept.ticket.id, kind=LinkKind.DUPLICATE.value)
        into = None if other is None else tickets.find(connection, other, lock=True)
        if into is None or into.ticket.requester_id != kept.ticket.requester_id:
            break
        kept = into
    return kept


def _reported(connection: Connection, prepared: Prepared) -> letters.Reported | None:
    """The letter that a report is about: by the token that it was sent back to, or by our signed Message-ID in it."""
    for key in prepared.report_keys:
        found = letters.by_key(connection, key)
        if found is not None:
            return found
    return None
