"""Who reads a notice, and the letters that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy.engine import Connection

from gateway.apply.alerting import attached
from gateway.apply.budget import waits
from gateway.apply.company import copies, unread
from gateway.apply.duty import owner_of, team_of, why_told
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.apply.saying import variables_of
from gateway.desk.notices import Alert, Audience, Letter, Notice, shared
from gateway.desk.people import May, PersonState, Role, may
from gateway.desk.ticket import Field, Ticket
from gateway.outbound.leaving import Goes, Held
from gateway.outbound.letters import LETTERS
from gateway.store import people, rosters, tickets
from gateway.store.letters import KeptFile
from gateway.threading.links import request_link

SUPERVISORS = frozenset({"supervisor", "administrator"})


def tell(connection: Connection, notices: Iterable[Notice], occasion: Occasion, rules: Rules) -> int:
    """Put the letters of these notices into the outbox; how many."""
    written = 0
    # Nobody reads at the desk's own addresses, to which nearly every mail went alone.
    apart = frozenset(address for address in occasion.apart if not rules.desk.ours(address))
    for notice in notices:
        if _stopped(notice, occasion.ticket):
            continue
        kind = str(notice.variables.get("kind") or occasion.alert)
        level = notice.variables.get("level_name")
        to = readers(connection, notice.to, occasion, level=level, stand_in=kind not in (Alert.ASSIGNED, Alert.NOTED))
        for reader in unread(connection, to, apart):
            ticket, now = occasion.ticket.id, occasion.now
            if waits(connection, notice, reader, rules, kind=kind, area=occasion.area, ticket_id=ticket, now=now):
                continue
            values = variables_of(connection, notice, occasion, reader, rules)
            if notice.to is Audience.OWNER:
                values["reason"] = _with_why(connection, str(values["reason"]), occasion, reader)
            by_itself = LETTERS[notice.letter.value].auto_submitted is not None
            if notice.to is Audience.REQUESTER and by_itself and not occasion.ticket.verified:
                # To somebody who has not proven who they are, no word of their mail goes back (RULES 5).
                reader, values["subject"] = replace(reader, name=""), ""
            files: Sequence[KeptFile] = ()
            if notice.letter is Letter.ALERT:
                files = _with_the_alert(values, rules)
            elif notice.to is Audience.REQUESTER and (values["text"] or notice.letter is Letter.ANSWER):
                files = occasion.files
            draft = _draft(notice.letter.value, reader, occasion, values, files)
            if notice.to is Audience.REQUESTER:
                draft = replace(opening_its_page(connection, draft, occasion, rules), turn=occasion.turn)
                if shared(notice):
                    cc = copies(connection, occasion.ticket, occasion.requester, reader, rules)
                    draft = replace(draft, cc=cc)
            written += post(connection, draft, rules) is not None
    return written


def _with_why(connection: Connection, reason: str, occasion: Occasion, reader: Recipient) -> str:
    """The reason, and for who stands in for the owner that they are away."""
    ticket, area, language = occasion.ticket, occasion.area, reader.language or occasion.area.language
    why = why_told(connection, ticket, area, reader=reader.person_id, language=language, now=occasion.now)
    return "; ".join(filter(None, (reason, why)))


def _with_the_alert(values: dict[str, object], rules: Rules) -> Sequence[KeptFile]:
    """The files that an alert carries, its values said accordingly."""
    listed = cast("Sequence[KeptFile]", values["kept_files"])
    files = attached(Alert(str(values["kind"])), listed, rules.settings)
    values["attached"] = bool(files)
    return files


def alert(connection: Connection, to: Audience, occasion: Occasion, rules: Rules) -> int:
    """Tell people of the desk about something that no workflow names; how many were told."""
    return tell(connection, (Notice(Letter.ALERT, to, {}),), occasion, rules)


def write_to(
    connection: Connection,
    letter: str,
    reader: Recipient,
    occasion: Occasion,
    rules: Rules,
    *,
    confirms: int | None = None,
    account: bool = False,
    turn: Goes | Held | None = None,
    **values: object,
) -> int | None:
    """One letter to one person, at its turn; an answer confirms the message `confirms`, or who they are."""
    draft = _draft(letter, reader, occasion, {"subject": occasion.ticket.subject} | values, ())
    if letter != "alert" and reader.person_id == occasion.ticket.requester_id:
        draft = opening_its_page(connection, draft, occasion, rules)
    return post(connection, replace(draft, confirms=confirms, account=account, turn=turn), rules)


def readers(
    connection: Connection, audience: Audience, occasion: Occasion, *, level: object = None, stand_in: bool = True
) -> list[Recipient]:
    """Who reads a letter to this audience; to a level of the ladder: its people, or where nobody of it can supervisors.

    Of the team only those who may see the ticket in its state; while nobody of its group has it, only they. With
    `stand_in` the team reads what the owner does not while they are away.
    """
    if audience is Audience.LEVEL:
        members = occasion.area.levels.get(str(level), ())
        known = (people.by_address(connection, address) for address in members)
        found = [recipient(one) for one in known if one is not None and may(one.state, May.BE_ANSWERED)]
        if found:
            return found
        audience = Audience.SUPERVISORS
    match audience:
        case Audience.REQUESTER:
            return [occasion.requester] if occasion.requester.address else []
        case Audience.OWNER if occasion.ticket.owner_id is not None:
            only = [occasion.ticket.owner_id]
            numbers = owner_of(connection, occasion.ticket, occasion.area, now=occasion.now) if stand_in else only
        case Audience.SUPERVISORS:
            numbers = rosters.team(connection, occasion.area.name, roles=SUPERVISORS, now=occasion.now)
        case _:
            numbers = team_of(connection, occasion.ticket, occasion.area, now=occasion.now)
    team = (people.by_id(connection, number) for number in numbers)
    return [recipient(person) for person in team if person is not None and person.address and sees(person, occasion)]


def sees(person: people.Person, occasion: Occasion) -> bool:
    """Whether somebody of the desk may see the ticket in its state: its owner, or who its workflow shows it."""
    roles = frozenset(Role(role) for role in person.roles_in(occasion.area.name))
    return person.id == occasion.ticket.owner_id or occasion.area.workflow.visible(occasion.ticket.state, roles)


def recipient(person: people.Person, *, address: str = "") -> Recipient:
    blocked = person.state == PersonState.BLOCKED
    return Recipient(person.id, address or person.address, person.name, person.language, person.zone, blocked)


def its_requester(connection: Connection, kept: tickets.KeptTicket) -> Recipient:
    """A ticket's requester: at the address that they wrote from, in their own language, else in that of the ticket."""
    person = people.by_id(connection, kept.ticket.requester_id)
    assert person is not None, "a ticket has a requester"
    reader = recipient(person, address=kept.requester_address)
    return replace(reader, language=reader.language or kept.ticket.language)


def _draft(
    letter: str, reader: Recipient, occasion: Occasion, values: Mapping[str, object], files: Sequence[KeptFile]
) -> Draft:
    return Draft(
        letter=letter,
        to=reader,
        area=occasion.area,
        ticket_id=occasion.ticket.id,
        anchor=occasion.anchor,
        variables=values,
        now=occasion.now,
        in_reply_to=occasion.in_reply_to,
        references=occasion.references,
        files=files,
    )


def _stopped(notice: Notice, ticket: Ticket) -> bool:
    """Whether the requester wants no such letter: what people write to them still comes, whatever letter holds it."""
    if notice.to is not Audience.REQUESTER or not ticket.field(Field.QUIET):
        return False
    return LETTERS[notice.letter.value].auto_submitted is not None and not notice.variables.get("text")


def opening_its_page(connection: Connection, draft: Draft, occasion: Occasion, rules: Rules) -> Draft:
    """The letter with a link that opens the ticket's page without signing in.

    Only for a requester of whom it is sure that they asked: to others it would show what a forged sender wrote.
    """
    url, ticket = rules.settings.web.public_url, occasion.ticket
    if not url or not ticket.verified:
        return draft
    person = people.by_id(connection, ticket.requester_id)
    if person is None or person.state == PersonState.PENDING:
        return draft
    link = request_link(rules.tokens.keys, url, person.id, ticket.id, now=occasion.now)
    return replace(draft, variables={**draft.variables, "link": link})
