"""Whether a requester gets letters about their ticket that nobody wrote by hand."""

from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.apply.posting import Rules
from gateway.desk.people import ActorKind
from gateway.desk.ticket import Field, with_fields
from gateway.store import tickets
from gateway.store.tickets import KeptTicket


def set_quiet(
    connection: Connection,
    kept: KeptTicket,
    rules: Rules,
    *,
    stop: bool,
    person_id: int,
    cause: str,
    now: datetime,
) -> bool:
    """Stop the notices about a locked ticket, or send them again; False: it was so already.

    What people write by hand comes all the same.
    """
    before = kept.ticket
    if bool(before.field(Field.QUIET)) is stop:
        return False
    area = rules.desk.areas.get(before.area) or rules.desk.first()
    after = with_fields(before, **{Field.QUIET: "yes" if stop else ""})
    tickets.save(connection, before, after, state_kind=area.workflow.state(before.state).kind.value)
    tickets.write_event(
        connection,
        action="notices stopped" if stop else "notices wanted",
        actor_kind=ActorKind.REQUESTER.value,
        actor_id=person_id,
        cause=cause,
        now=now,
        ticket_id=before.id,
    )
    return True
