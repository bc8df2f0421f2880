"""Rows that contradict each other, for fsck: each a sentence that names the row."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.tables import attachment, delivery, outbox, outbox_attachment, received_mail, ticket, waiting_command

VERDICTS = ("ticket", "reply", "command", "delivery report", "automatic", "rejected", "duplicate", "parked")
# A command can be about all of them, or about none.
WITH_TICKET = ("ticket", "reply", "parked")


def deliveries(connection: Connection) -> Iterator[str]:
    """Each judged delivery has one verdict, and a ticket where the verdict says so; each mail has a delivery."""
    finished = delivery.c.status.in_(("done", "parked"))
    for row in connection.execute(select(delivery.c.id, delivery.c.verdict).where(finished)):
        if row.verdict not in VERDICTS:
            yield f"delivery {row.id} is judged but has no verdict: replay its mail"
    lost = select(delivery.c.id).where(finished, delivery.c.verdict.in_(WITH_TICKET), delivery.c.ticket_id.is_(None))
    for (number,) in connection.execute(lost):
        yield f"delivery {number} should have a ticket and has none: replay its mail"
    alone = select(received_mail.c.id).where(~sa.exists().where(delivery.c.mail_id == received_mail.c.id))
    for (number,) in connection.execute(alone):
        yield f"mail m-{number} has no delivery: nobody will ever judge it"
    # Mails without Date and Message-ID have a longer key, and may be equal.
    plain_key = sa.or_(
        delivery.c.once_key.is_(None), delivery.c.once_key == delivery.c.content_key + "/" + delivery.c.area
    )
    twice = (
        select(delivery.c.content_key, delivery.c.area)
        .where(delivery.c.verdict == "ticket", delivery.c.content_key.is_not(None), plain_key)
        .group_by(delivery.c.content_key, delivery.c.area)
        .having(sa.func.count() > 1)
    )
    for key, area in connection.execute(twice):
        yield f"two tickets in {area} from equal mails, content key {key}"


def stale_claims(connection: Connection, *, before: datetime) -> Iterator[str]:
    for table, name in ((delivery, "delivery"), (outbox, "letter")):
        old = select(table.c.id).where(table.c.status == "claimed", table.c.claimed_until < before)
        for (number,) in connection.execute(old):
            yield f"{name} {number} is claimed by a dead process: start the daemon, which takes it over"


def letters(connection: Connection) -> Iterator[str]:
    homeless = select(outbox.c.id).where(
        outbox.c.ticket_id.is_(None),
        outbox.c.person_id.is_(None),
        # It goes to an address that may be nobody's yet.
        outbox.c.letter != "join_address",
    )
    for (number,) in connection.execute(homeless):
        yield f"letter l-{number} belongs to no ticket and to no person"
    orphans = (
        select(outbox.c.id)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .where(outbox.c.ticket_id.is_not(None), ticket.c.id.is_(None))
    )
    for (number,) in connection.execute(orphans):
        yield f"letter l-{number} belongs to a ticket that there is not"


def blobs(connection: Connection) -> set[str]:
    """Every blob that a row names."""
    mails = select(received_mail.c.blob).where(received_mail.c.blob.is_not(None))
    named = sa.union(mails, select(attachment.c.sha256), select(outbox_attachment.c.sha256))
    return set(connection.execute(named).scalars()) | _of_waiting_commands(connection)


def unnamed(connection: Connection, digests: Sequence[str]) -> list[str]:
    """Those of these blobs that no row names."""
    named = _of_waiting_commands(connection)
    for start in range(0, len(digests), 500):
        some = list(digests[start : start + 500])
        for column in (received_mail.c.blob, attachment.c.sha256, outbox_attachment.c.sha256):
            named |= set(connection.execute(select(column).where(column.in_(some))).scalars())
    return [digest for digest in digests if digest not in named]


def _of_waiting_commands(connection: Connection) -> set[str]:
    """The files of the few mails with commands that wait for their code."""
    waiting = select(waiting_command.c.files).where(waiting_command.c.commands != "")
    return {file["sha256"] for files in connection.execute(waiting).scalars() for file in files or ()}
