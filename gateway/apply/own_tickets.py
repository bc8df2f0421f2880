"""The requests of a customer as the letter that lists them shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.actors import standing_of
from gateway.apply.posting import Rules
from gateway.desk.outlook import outlook
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.words import in_language
from gateway.store import people, seen_tickets, tickets
from gateway.store.own_tickets import OwnTicket
from gateway.store.people import Person
from gateway.threading.links import page, request_link, ticket_page

CLOSED_FOR = timedelta(days=30)
MOST = 20
"""Requests of a kind that a letter lists; the others are on the page."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom it is shown to. `proven`: their mail proved who they are; `confirmed`: they are no longer pending.

    Without the first there are numbers and states only, without the second numbers (RULES 3 and 5).
    """

    person: Person
    language: str
    proven: bool
    confirmed: bool

    @property
    def sure(self) -> bool:
        return self.proven and self.confirmed


def listed(
    connection: Connection, reader: Reader, rules: Rules, *, about: int | None, now: datetime
) -> dict[str, object]:
    """What the letter `my_tickets` gets; `about` is the request whose letter was answered, which comes first."""
    own, colleagues = seen_tickets.tickets_seen_by(connection, reader.person.id)
    mine = [one for one in _recent(connection, own, now=now) if one.id != about]
    open_, closed = ([one for one in mine if (one.closed_at is None) is still] for still in (True, False))
    names = {one.ticket.number: one.requester for one in colleagues}
    # The requests of others are for nobody who is not sure to be who they say.
    others = _recent(connection, (one.ticket for one in colleagues), now=now) if reader.sure else []

    def rows(found: list[Ticket]) -> tuple[Row, ...]:
        return tuple(_row(connection, one, reader, rules, names.get(one.id, ""), now=now) for one in found[:MOST])

    asked = None if about is None else tickets.get(connection, about).ticket
    return {
        "asked": None if asked is None else _row(connection, asked, reader, rules, now=now, whole=True),
        "open": rows(open_),
        "closed": rows(closed),
        "others": rows(others),
        "more": sum(max(0, len(found) - MOST) for found in (open_, closed, others)),
        "bare": not reader.sure,
        "link": ticket_page(rules.settings.web.public_url) if reader.sure else "",
    }


def _recent(connection: Connection, found: Iterable[OwnTicket], *, now: datetime) -> list[Ticket]:
    """Those that are open, or were closed not long ago."""
    since = now - CLOSED_FOR
    near = [one for one in found if one.state_kind != StateKind.FINAL.value or one.updated_at >= since]
    read = (tickets.get(connection, one.number).ticket for one in near)
    return [one for one in read if one.closed_at is None or one.closed_at >= since]


def _row(
    connection: Connection,
    ticket: Ticket,
    reader: Reader,
    rules: Rules,
    requester: str = "",
    *,
    now: datetime,
    whole: bool = False,
) -> Row:
    """A request as far as this reader may see it; `whole` with when it closes, or until when it can be reopened."""
    area = rules.desk.areas.get(ticket.area) or rules.desk.first()
    workflow, calendar, sure = area.workflow, area.calendar, reader.sure
    owner = None if ticket.owner_id is None else people.by_id(connection, ticket.owner_id)
    state = next((one for one in workflow.states if one.name == ticket.state), None)
    # A state that its workflow lost since then says nothing, and neither do times.
    expected = None
    if state is not None and sure:
        standing = standing_of(connection, ticket)
        expected = outlook(ticket, workflow=workflow, calendar=calendar, standing=standing, now=now)
    return {
        "number": ticket.id,
        # What came in their name from somebody who has not proven it is no word of theirs.
        "subject": ticket.subject if sure and ticket.verified else "",
        "requester": requester,
        "state": in_language(state.labels, reader.language) if state is not None and reader.confirmed else "",
        "since": ticket.state_since if sure else None,
        "owner": owner.name if sure and owner is not None else "",
        "times": tuple((in_language(what, reader.language), at) for what, at in expected.times) if expected else (),
        "closes_at": expected.closes_at if expected and whole else None,
        "reopen_until": expected.reopens_until if expected and whole else None,
        "link": its_page(connection, ticket, reader, rules, now=now) if sure else "",
    }


def its_page(connection: Connection, ticket: Ticket, reader: Reader, rules: Rules, *, now: datetime) -> str:
    """Opens without signing in where the request is theirs for sure, as the links of its own letters do.

    Of a colleague's it is the page of their organisation; of one in which they only take part they have none.
    """
    url, person = rules.settings.web.public_url, reader.person.id
    if url and ticket.verified and ticket.requester_id == person:
        return request_link(rules.tokens.keys, url, person, ticket.id, now=now)
    if ticket.requester_id == person:
        return ticket_page(url, ticket.id)
    seen = url and seen_tickets.one_of_colleagues(connection, person, ticket.id) is not None
    return page(url, f"organisation/{ticket.id}") if seen else ""
