"""The commands that are more than an action of a workflow, and who carries each of them out."""

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from gateway.apply.absence import be_absent, be_back
from gateway.apply.account_state import set_account
from gateway.apply.actors import actor_for
from gateway.apply.consulting import consult
from gateway.apply.many import happen_to
from gateway.apply.orders import Carried, Order
from gateway.apply.participants import participants
from gateway.apply.requester import change_requester
from gateway.desk import command_sayings as say
from gateway.desk.actions import Happening
from gateway.desk.command_words import Command
from gateway.desk.refusals import Refusal, Refused, unknown_value
from gateway.desk.words import Labels
from gateway.store import tickets


def announce(connection: Connection, order: Order) -> Labels | Refused:
    """A release is out: what waits for it goes on, as far as it is in areas of theirs."""
    if not order.value:
        return unknown_value("released", order.value, example="7.4")
    waiting = tickets.waiting_for_release(connection, order.value)
    mine = [number for number in waiting if order.person.roles_in(tickets.get(connection, number).ticket.area)]
    if not mine:
        return Refused(Refusal.UNKNOWN_VALUE, say.NOBODY_WAITS, "released")
    actor = actor_for(order.person, tickets.get(connection, mine[0]).ticket)
    went_on = happen_to(
        connection, mine, Happening.RELEASE_ANNOUNCED, order.rules, actor=actor, cause=order.cause, now=order.now
    )
    if not went_on:
        return Refused(Refusal.NOT_IN_STATE, say.release_moves_none(mine), "released")
    return say.released(order.value, went_on)


ORDERS: Mapping[Command, tuple[Carried, bool]] = {
    Command.ACCOUNT: (set_account, True),
    Command.RELEASED: (announce, False),
    Command.PARTICIPANT: (participants, True),
    Command.CONSULT: (consult, True),
    Command.REQUESTER: (change_requester, True),
    Command.ABSENT: (be_absent, False),
    Command.BACK: (be_back, False),
}
"""Who carries it out, and whether it is about a ticket, which the person then has to see."""
