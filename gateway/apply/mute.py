"""A ticket to which nearly equal mails keep coming is muted: they are kept, and nobody is told (RULES 5)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.engine import Connection

from gateway.apply.occasions import Occasion
from gateway.apply.pieces import event
from gateway.apply.posting import Rules
from gateway.apply.telling import alert
from gateway.desk.nearness import near
from gateway.desk.notices import Audience
from gateway.inbound.facts import Facts
from gateway.log import get_log
from gateway.store import messages, tickets

# So many of the newest mails are compared.
MOST = 50

log = get_log()


def muted(
    connection: Connection, kept: tickets.KeptTicket, message: int, facts: Facts, occasion: Occasion, rules: Rules
) -> bool:
    """Whether nobody is told of this mail, which is kept already as `message`. Mutes the ticket when it is too many."""
    if kept.muted_until is not None and kept.muted_until > facts.now:
        return True
    settings, number = rules.settings.mute, kept.ticket.id
    since = facts.prepared.claimed.received_at - timedelta(minutes=settings.minutes)
    recent = messages.sketches(connection, number, since=since, most=MOST)
    mine = recent.get(message)
    if mine is None or sum(near(mine, one) for one in recent.values()) <= settings.equal_mails:
        return False
    until = facts.now + timedelta(hours=settings.hours)
    tickets.mute(connection, number, until=until)
    event(connection, "muted", facts, number, actor=None, until=until.isoformat())
    log.warning("nearly equal mails keep coming: the ticket is muted", ticket=number)
    if not kept.storm:
        alert(connection, Audience.OWNER, replace(occasion, alert="muted", said="", apart=frozenset()), rules)
    return True
