"""Replies read once more beside what their tickets already hold, where nothing in them is marked as quoted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gateway.inbound.prepare import copies_may_hide, with_history
from gateway.store import messages, tickets
from gateway.work.office import Office

if TYPE_CHECKING:
    from gateway.work.handle import Ready

# The newest texts of a conversation: who quotes without a mark quotes what was just written.
MOST = 6


def beside_their_tickets(office: Office, ready: "Sequence[Ready]") -> "list[Ready]":
    """The same mails, those that may hide copies read again with the newest texts of the ticket that they name."""
    hiding = [one for one in ready if copies_may_hide(one.prepared)]
    if not hiding:
        return list(ready)
    texts: dict[int, tuple[str, ...]] = {}
    with office.database.read() as connection:
        for one in hiding:
            named = one.prepared.named
            claims = (*named.address_claims, *named.message_claims)
            area = one.prepared.claimed.area
            known = tickets.by_message_ids(connection, named.message_ids, area=area)
            number = claims[0].number if claims else known
            if number is not None:
                texts[id(one)] = messages.newest_texts(connection, number, most=MOST)
    return [replace(one, prepared=with_history(one.prepared, texts.get(id(one), ()))) for one in ready]
