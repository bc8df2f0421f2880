"""What every written mail leaves: a message, its Message-ID, an event."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from gateway.desk.marks import told
from gateway.desk.nearness import sketch
from gateway.inbound.facts import Facts
from gateway.store import messages, tickets
from gateway.store.letters import KeptFile
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
            sketch=sketch(prepared.reply.new_text, [one.sha256 for one in files]),
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


def kept_files(files: Sequence[File]) -> tuple[KeptFile, ...]:
    """The files of a mail as letters carry them."""
    return tuple(KeptFile(one.name, one.type, one.size, one.sha256) for one in files)


def to_send(connection: Connection, number: int, files: Sequence[File], *, author: int | None) -> list[File]:
    """What of somebody's files goes to the requester: no picture of their signature, nor of what they quote."""
    before = messages.pictures_before(connection, number, files, author_id=author)
    return [one for one in files if one.sha256 not in before]


def remarks(facts: Facts) -> str:
    """What an alert says about the form of the mail, in the language of the area."""
    mail = facts.prepared.mail
    return told(mail.flags, over=bool(mail.breaches), language=facts.area.language)


def anchor(facts: Facts) -> str:
    """What the letters of a mail are once for; of one that was parked before, they are others than those of then."""
    claimed = facts.prepared.claimed
    return f"delivery {claimed.id}{' again' if claimed.parked_ticket is not None else ''}"


def cause(facts: Facts) -> str:
    return f"m-{facts.prepared.claimed.mail_id}"


def already_have_it(facts: Facts) -> frozenset[str]:
    mail = facts.prepared.mail
    return frozenset(one.address for one in (*mail.to, *mail.cc))
