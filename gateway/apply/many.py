"""What happens to many tickets at once: a release is announced, an account is active again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.change import write_change
from gateway.apply.occasions import Occasion
from gateway.apply.posting import Rules
from gateway.apply.telling import its_requester
from gateway.desk.actions import Happening, happen
from gateway.desk.people import Actor
from gateway.store import tickets


def happen_to(
    connection: Connection,
    numbers: Iterable[int],
    happening: Happening,
    rules: Rules,
    *,
    actor: Actor,
    cause: str,
    now: datetime,
) -> list[int]:
    """The tickets to which it happened, each with its notices: those whose workflow knows of it in their state."""
    changed: list[int] = []
    for number in numbers:
        kept = tickets.get(connection, number, lock=True)
        area = rules.desk.areas.get(kept.ticket.area) or rules.desk.first()
        change = happen(kept.ticket, happening, workflow=area.workflow, now=now)
        if not change.events:
            continue
        occasion = Occasion(
            ticket=kept.ticket,
            requester=its_requester(connection, kept),
            area=area,
            anchor=f"{happening} {number}.{kept.ticket.version}",
            now=now,
        )
        write_change(connection, change, occasion, rules, before=kept.ticket, actor=actor, cause=cause)
        changed.append(number)
    return changed
