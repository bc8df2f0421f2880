"""Mails become rows: what a door has taken is committed here before it says so."""

from collections.abc import Sequence

from gateway.inbound.arrivals import Arrival
from gateway.inbound.limits import peek
from gateway.store import mails
from gateway.work.office import Office

LONGEST_ID = 500


def accept(office: Office, arrivals: Sequence[Arrival]) -> list[str]:
    """Keep mails durably, all in one commit; their ids ('m-12') in the same order. Nothing is judged here."""
    rows = [new_mail(office, arrival) for arrival in arrivals]
    with office.database.write() as connection:
        numbers = mails.keep(connection, rows)
    return [f"m-{number}" for number in numbers]


def new_mail(office: Office, arrival: Arrival) -> mails.NewMail:
    """The row of a mail, its bytes kept as a blob when they are many; for the caller's transaction to write."""
    desk = office.rules.desk
    inline = len(arrival.raw) <= office.settings.blobs.inline_kib * 1024
    seen = peek(arrival.raw)
    return mails.NewMail(
        source=arrival.source,
        peer=arrival.peer,
        session_auth=arrival.session_auth,
        envelope_from=arrival.envelope_from,
        received_at=arrival.received_at,
        size=len(arrival.raw),
        raw=arrival.raw if inline else None,
        blob=None if inline else office.blobs.put(arrival.raw),
        # It only orders mails, and an index takes no more: 500 characters are at most 2,000 octets.
        message_id=seen.message_id[:LONGEST_ID],
        from_hint=seen.from_hint,
        deliveries=tuple(
            (recipient, (desk.area_of(recipient) or desk.first()).name) for recipient in arrival.recipients
        ),
    )
