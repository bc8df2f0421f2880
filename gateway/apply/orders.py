"""A line of an agent's commands, where it is carried out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.posting import Rules
from gateway.desk.areas import Area
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels
from gateway.store.messages import File
from gateway.store.people import Person
from gateway.store.tickets import KeptTicket


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What `person` asks for, with what has been checked: who they are, and that their word counts for commands.

    `kept` is the locked ticket that it is about, None where it is about none. `value` is what stands after the word,
    `text` what stands below the commands (empty unless this command is the one that takes it). Whether the person may
    do it is for who carries it out. `delivery_id` and `cause` (m-123) name the mail.
    """

    person: Person
    address: str
    area: Area
    kept: KeptTicket | None
    value: str
    text: str
    files: Sequence[File]
    rules: Rules
    now: datetime
    cause: str
    delivery_id: int


Carried = Callable[[Connection, Order], Labels | Refused]
"""Carries an order out: what was done, in words for the receipt, or why nothing was. All of a mail is done or none."""
