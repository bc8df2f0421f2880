"""How many notices one reader gets in a day as letters; what is over it waits for their digest."""

from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from gateway.apply.digest import plan
from gateway.apply.posting import Recipient, Rules
from gateway.desk.areas import Area
from gateway.desk.digest import MAY_WAIT, NEVER_WAIT
from gateway.desk.notices import Audience, Letter, Notice
from gateway.store import held

DAY = timedelta(hours=24)


def waits(
    connection: Connection,
    notice: Notice,
    reader: Recipient,
    rules: Rules,
    *,
    kind: str,
    area: Area,
    ticket_id: int,
    now: datetime,
) -> bool:
    """Whether the notice is kept for the reader's digest instead; then it is. `kind`: that of an alert."""
    if notice.letter not in MAY_WAIT or not reader.person_id or not rules.settings.digest.on:
        return False
    if notice.letter is Letter.ALERT and kind in NEVER_WAIT:
        return False
    for_customer = notice.to is Audience.REQUESTER
    if for_customer and notice.variables.get("text"):
        return False
    caps = rules.settings.caps
    most = caps.notices_per_customer if for_customer else caps.notices_per_colleague
    if not most or held.written(connection, reader.person_id, since=now - DAY, most=most) < most:
        return False
    said = kind if notice.letter is Letter.ALERT else notice.letter.value
    held.hold(connection, reader.person_id, ticket_id=ticket_id, kind=said, now=now)
    plan(connection, reader.person_id, area, rules, now=now)
    return True
