"""How a mail would be judged now, or was judged then. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.inbound.arrivals import Arrival
from gateway.inbound.facts import gather
from gateway.inbound.judge import judge
from gateway.inbound.limits import peek
from gateway.inbound.prepare import prepare
from gateway.inbound.verdicts import NewTicket
from gateway.store import trails
from gateway.store.claims import Claimed
from gateway.threading.spans import Forward
from gateway.work.histories import beside_its_ticket
from gateway.work.office import Office

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Explained:
    """One delivery's verdict with what it stands on."""

    recipient: str
    verdict: str
    stage: str
    reasons: tuple[str, ...]
    facts: Row
    spans: tuple[tuple[int, int, str, str], ...] = ()
    forward: Forward | None = None
    # All that happened to it: time and sentence, in order.
    trail: tuple[tuple[str, str], ...] = ()


def would_be(office: Office, arrival: Arrival, *, now: datetime) -> list[Explained]:
    """Judge a mail that has not come in, once for each of its recipients."""
    rules = office.rules
    seen = peek(arrival.raw)
    explained = []
    for recipient in arrival.recipients:
        area = rules.desk.area_of(recipient) or rules.desk.first()
        claimed = Claimed(
            id=0,
            mail_id=0,
            recipient=recipient,
            area=area.name,
            claimed_by="",
            attempts=1,
            losses=0,
            alone=False,
            source=arrival.source,
            peer=arrival.peer,
            session_auth=arrival.session_auth,
            envelope_from=arrival.envelope_from,
            received_at=arrival.received_at,
            size=len(arrival.raw),
            raw=arrival.raw,
            blob=None,
            message_id=seen.message_id,
            from_hint=seen.from_hint,
        )
        prepared = prepare(
            claimed, arrival.raw, settings=rules.settings, desk=rules.desk, tokens=rules.tokens, today=now.date()
        )
        with office.database.read() as connection:
            prepared = beside_its_ticket(connection, prepared)
            facts = gather(connection, prepared, desk=rules.desk, caps=rules.settings.caps, now=now)
        judged = judge(facts)
        spans = tuple((one.start, one.end, one.kind.value, one.reason) for one in prepared.reply.spans)
        trail = facts.trail(judged.unanswered, opens=isinstance(judged.verdict, NewTicket))
        trail.pop("spans", None)
        explained.append(
            Explained(
                recipient, judged.verdict.name, judged.stage, judged.reasons, trail, spans, prepared.reply.forward
            )
        )
    return explained


def was(office: Office, mail_id: int) -> list[Explained]:
    """What was written down about the deliveries of a mail."""
    with office.database.read() as connection:
        return [
            Explained(
                row["recipient"],
                row["verdict"] or row["status"],
                row["stage"],
                tuple(row["reasons"]),
                row["facts"],
                row["spans"],
                trail=tuple(row["trail"]),
            )
            for row in trails.judgements(connection, mail_id)
        ]
