"""Who else reads what is written about a ticket: its participants, its organisation's agents where they are told, and
whom a letter names in its Cc.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from gateway.apply.posting import Recipient, Rules
from gateway.desk.people import May, PersonState, may
from gateway.desk.ticket import HELD, Ticket, open_to_organisation
from gateway.outbound.wording import together
from gateway.store import organisations, participants, people
from gateway.store.participants import Part


@dataclass(frozen=True, slots=True)
class Fellow:
    """A participant as the reader of a letter. `known`: whether they ever confirmed who they are."""

    reader: Recipient
    known: bool


def fellows(connection: Connection, ticket: Ticket, rules: Rules) -> list[Fellow]:
    """Those beside the requester who get letters now, each once.

    The participants; never who was only asked aside, nor whose account gets no answers. And with [organisations]
    notify_agents the agents of the ticket's organisation, but for those who have left it.
    """
    found: list[Fellow] = []
    parts = participants.ever(connection, ticket.id)
    for one in parts.values():
        # Who became the requester reads as such.
        if one.part is not Part.CC or one.left_at is not None or one.person_id == ticket.requester_id:
            continue
        person = people.by_id(connection, one.person_id)
        address = one.address or (person.address if person else "")
        if person is None or not address or not may(person.state, May.BE_ANSWERED):
            continue
        known = person.state != PersonState.PENDING
        # What somebody pending is called is another's word for them: it does not go out in our letters to them.
        name = person.name if known else ""
        found.append(Fellow(Recipient(person.id, address, name, person.language, person.zone), known))
    if rules.settings.organisations.notify_agents:
        found += _agents(connection, ticket, but=parts.keys() | {ticket.requester_id})
    return found


def reached(connection: Connection, ticket: Ticket, requester: Recipient, rules: Rules) -> list[Recipient]:
    """Who reads what the desk writes to the requester now: they, unless they are blocked, and who takes part."""
    others = [] if HELD in ticket.tags else fellows(connection, ticket, rules)
    return [*([] if requester.blocked else [requester]), *(one.reader for one in others)]


def in_one_breath(those: Sequence[Recipient], language: str) -> str:
    """Their names, or their addresses where they have none: “Ana Pérez y eva@example.org”."""
    return together([one.name or one.address for one in those], language)


def _agents(connection: Connection, ticket: Ticket, *, but: Collection[int]) -> list[Fellow]:
    if ticket.organisation_id is None or not open_to_organisation(ticket):
        return []
    known = (people.by_id(connection, one) for one in organisations.agents(connection, ticket.organisation_id))
    return [
        Fellow(Recipient(one.id, one.address, one.name, one.language, one.zone), known=True)
        for one in known
        if one is not None and one.address and one.id not in but
    ]


def without(connection: Connection, those: Iterable[Fellow], apart: frozenset[str], *, author: int) -> list[Fellow]:
    """Those who have not read it yet: neither its author, nor anybody one of whose addresses it went to already."""
    those = [one for one in those if one.reader.person_id != author]
    left = unread(connection, [one.reader for one in those], apart)
    return [one for one in those if one.reader in left]


def unread(connection: Connection, readers: Sequence[Recipient], apart: frozenset[str]) -> Sequence[Recipient]:
    """Those to none of whose addresses it went already."""
    if not apart:
        return readers
    addresses = participants.addresses_of(connection, [one.person_id for one in readers])
    return [one for one in readers if apart.isdisjoint(addresses.get(one.person_id, frozenset()) | {one.address})]


def copies(
    connection: Connection, ticket: Ticket, requester: Recipient, reader: Recipient, rules: Rules
) -> tuple[str, ...]:
    """The addresses that stand in Cc of a letter to `reader`, so that an answer to all reaches all; or none."""
    if rules.settings.participants.letters != "cc":
        return ()
    everybody = [requester, *(one.reader for one in fellows(connection, ticket, rules))]
    others = (one.address for one in everybody if one.person_id != reader.person_id and one.address != reader.address)
    return tuple(dict.fromkeys(filter(None, others)))
