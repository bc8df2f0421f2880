"""What every written mail leaves: a message, its Message-ID, an event."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from gateway.inbound.facts import Facts
from gateway.store import messages, tickets
from gateway.store.messages import File


def keep_mail(
    connection: Connection,
    number: int,
    facts: Facts,
    files: Sequence[File],
    *,
    kind: str,
    public: bool,
    author: int | None,
    flag: str = "",
    flags: Sequence[str] = (),
) -> int:
    """Keep a mail as a message of a ticket; the message's number."""
    prepared = facts.prepared
    mail = prepared.mail
    marks = [*mail.flags, *flags, *(f"over the limit: {breach}" for breach in mail.breaches)]
    message_id = messages.add(
        connection,
        messages.NewMessage(
            ticket_id=number,
            kind=kind,
            at=prepared.claimed.received_at,
            text=prepared.reply.text,
            spans=tuple((one.start, one.end, one.kind.value, one.reason) for one in prepared.reply.spans),
            html=mail.html,
            author_id=author,
            author_address=facts.sender,
            delivery_id=prepared.claimed.id,
            public=public,
            verified=facts.verified,
            flags=tuple([*marks, flag] if flag else marks),
        ),
        files,
    )
    tickets.know_message_ids(connection, number, (mail.message_id,), message_id=message_id)
    return message_id


def event(connection: Connection, action: str, facts: Facts, number: int, *, actor: int | None, **data: str) -> None:
    tickets.write_event(
        connection,
        action=action,
        actor_kind="person" if actor else "system",
        actor_id=actor,
        cause=cause(facts),
        now=facts.now,
        ticket_id=number,
        data=data,
    )


def anchor(facts: Facts) -> str:
    return f"delivery {facts.prepared.claimed.id}"


def cause(facts: Facts) -> str:
    return f"m-{facts.prepared.claimed.mail_id}"


def already_have_it(facts: Facts) -> frozenset[str]:
    mail = facts.prepared.mail
    return frozenset(one.address for one in (*mail.to, *mail.cc))
