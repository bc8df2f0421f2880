"""Replies read once more beside what their tickets already hold.

Those in which nothing is marked as quoted, and all that somebody of the desk answers to a letter: no word of an alert
may reach the customer, however the agent's mail program quotes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.engine import Connection

from gateway.inbound.prepare import Prepared, answering_the_desk, belongs, copies_may_hide, with_history
from gateway.store import messages, people, tickets
from gateway.store.messages import NamedLetter
from gateway.threading.html_text import html_to_text
from gateway.work.office import Office

if TYPE_CHECKING:
    from gateway.work.handle import Ready

# The newest texts of a conversation: who quotes without a mark quotes what was just written.
MOST = 6
# What the customer knows of a conversation: of what an agent quotes, only this may go back to them.
MOST_OF_CUSTOMER = 50


class _Beside(NamedTuple):
    """What to read a mail beside: texts of its ticket, the letters that it answers, and who of the desk got them."""

    texts: Sequence[str]
    letters: Sequence[NamedLetter]
    for_the_desk: bool
    desk: frozenset[int]
    said: Sequence[str]


def beside_their_tickets(office: Office, ready: "Sequence[Ready]") -> "list[Ready]":
    """The same mails, those that may hide copies read again with the newest texts of the ticket that they name."""
    named = [one for one in ready if belongs(one.prepared)]
    if not named:
        return list(ready)
    with office.database.read() as connection:
        desk = frozenset(people.colleagues(connection))
        found = {id(one): _beside(connection, one.prepared, desk) for one in named}
    return [replace(one, prepared=_read_again(one.prepared, found.get(id(one)))) for one in ready]


def beside_its_ticket(connection: Connection, prepared: Prepared) -> Prepared:
    """The same for one mail, that may not be ours yet."""
    if not belongs(prepared):
        return prepared
    return _read_again(prepared, _beside(connection, prepared, frozenset(people.colleagues(connection))))


def _beside(connection: Connection, prepared: Prepared, desk: frozenset[int]) -> _Beside | None:
    named = prepared.named
    claims = (*named.address_claims, *named.message_claims)
    for_the_desk = any(claim.person in desk for claim in claims)
    if not for_the_desk and not copies_may_hide(prepared):
        return None
    known = tickets.by_message_ids(connection, named.message_ids, area=prepared.claimed.area)
    number = claims[0].number if claims else known
    if number is None:
        return None
    newest = messages.newest_texts(connection, number, most=MOST)
    answered = messages.letters_named(connection, number, named.message_ids[:MOST])
    said = messages.public_texts(connection, number, most=MOST_OF_CUSTOMER) if for_the_desk else ()
    return _Beside(newest, answered, for_the_desk, desk, said)


def _read_again(prepared: Prepared, beside: _Beside | None) -> Prepared:
    if beside is None:
        return prepared
    read = with_history(prepared, beside.texts, _forms(beside.letters))
    if not beside.for_the_desk:
        return read
    return answering_the_desk(read, _forms(one for one in beside.letters if one.person_id in beside.desk), beside.said)


def _forms(letters: Iterable[NamedLetter]) -> list[str]:
    """The texts of letters as their readers may see them: in words alone, and as HTML."""
    return [text for one in letters for text in (one.text, html_to_text(one.html)) if text]
