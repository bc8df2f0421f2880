"""Replies read once more beside what their tickets already hold.

Those in which nothing is marked as quoted, and all that somebody of the desk answers to a letter: no word of an alert
may reach the customer, however the agent's mail program quotes it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from gateway.inbound.prepare import Prepared, belongs, copies_may_hide, with_history
from gateway.store import messages, people, tickets
from gateway.work.office import Office

if TYPE_CHECKING:
    from gateway.work.handle import Ready

# The newest texts of a conversation: who quotes without a mark quotes what was just written.
MOST = 6


def beside_their_tickets(office: Office, ready: "Sequence[Ready]") -> "list[Ready]":
    """The same mails, those that may hide copies read again with the newest texts of the ticket that they name."""
    named = [one for one in ready if belongs(one.prepared)]
    if not named:
        return list(ready)
    texts: dict[int, tuple[str, ...]] = {}
    with office.database.read() as connection:
        desk = frozenset(people.colleagues(connection))
        for one in named:
            if copies_may_hide(one.prepared) or _answers_for(desk, one.prepared):
                texts[id(one)] = _history(connection, one.prepared)
    return [replace(one, prepared=with_history(one.prepared, texts.get(id(one), ()))) for one in ready]


def _answers_for(desk: frozenset[int], prepared: Prepared) -> bool:
    """Whether what the mail answers was written to somebody of the desk."""
    named = prepared.named
    return any(claim.person in desk for claim in (*named.address_claims, *named.message_claims))


def _history(connection: Connection, prepared: Prepared) -> tuple[str, ...]:
    """Oldest first: the newest texts of the ticket, and the very letters that are answered."""
    named = prepared.named
    claims = (*named.address_claims, *named.message_claims)
    known = tickets.by_message_ids(connection, named.message_ids, area=prepared.claimed.area)
    number = claims[0].number if claims else known
    if number is None:
        return ()
    newest = messages.newest_texts(connection, number, most=MOST)
    answered = messages.letters_named(connection, number, named.message_ids[:MOST])
    return tuple(dict.fromkeys((*newest, *answered)))
