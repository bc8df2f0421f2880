"""How people prove who they are on the pages: passwords, tokens that were used, sessions; and who said "not me"."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.store.tables import address, credential, person, token_use, web_session
from gateway.store.upsert import insert

PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Password:
    """The hash of a password, and when it was chosen."""

    secret: str
    created_at: datetime


def password(connection: Connection, person_id: int) -> Password | None:
    query = select(credential.c.secret, credential.c.created_at).where(
        credential.c.person_id == person_id, credential.c.kind == PASSWORD
    )
    row = connection.execute(query).first()
    return None if row is None else Password(row.secret, row.created_at)


def set_password(connection: Connection, person_id: int, secret: str, *, now: datetime) -> None:
    """Keep a hash in the place of the one before."""
    row = {"person_id": person_id, "kind": PASSWORD, "secret": secret, "created_at": now}
    statement = insert(connection, credential).on_conflict_do_update(
        index_elements=["person_id", "kind"], set_={"secret": secret, "created_at": now}
    )
    connection.execute(statement, row)


def use_token(connection: Connection, token: str, *, purpose: str, person_id: int, now: datetime) -> bool:
    """Use a token up; False when it was used before."""
    row = {"token": token, "purpose": purpose, "person_id": person_id, "used_at": now}
    statement = insert(connection, token_use).on_conflict_do_nothing().returning(token_use.c.token)
    return connection.execute(statement, row).first() is not None


def used(connection: Connection, token: str) -> bool:
    return connection.execute(select(token_use.c.token).where(token_use.c.token == token)).first() is not None


def become_active(connection: Connection, person_id: int, *, now: datetime) -> bool:
    """pending -> active; False for a person in any other state."""
    waiting = person.update().where(person.c.id == person_id, person.c.state == "pending")
    return connection.execute(waiting.values(state="active", confirmed_at=now, disowned_at=None)).rowcount == 1


def confirm_address(connection: Connection, person_id: int, proven: str, *, now: datetime) -> None:
    """Write down when an address of theirs was proven first; with '' their only one, none when there are several."""
    own = list(connection.execute(select(address.c.address).where(address.c.person_id == person_id)).scalars())
    if proven not in own and len(own) != 1:
        return
    which = proven if proven in own else own[0]
    connection.execute(
        address.update().where(address.c.address == which, address.c.confirmed_at.is_(None)).values(confirmed_at=now)
    )


def disown(connection: Connection, person_id: int, *, now: datetime) -> bool:
    """A pending person says that it was not them; False for anybody else."""
    waiting = person.update().where(person.c.id == person_id, person.c.state == "pending")
    return connection.execute(waiting.values(disowned_at=now)).rowcount == 1


def disowned(connection: Connection, person_id: int) -> bool:
    """Whether no letter may ask this person to confirm an account: pending, and said that it was not them."""
    query = select(person.c.disowned_at).where(person.c.id == person_id, person.c.state == "pending")
    return connection.execute(query).scalar() is not None


def open_session(connection: Connection, key: str, *, person_id: int, now: datetime, until: datetime) -> None:
    """Keep a session, and drop those that have ended."""
    connection.execute(web_session.delete().where(web_session.c.until <= now))
    row = {"key": key, "person_id": person_id, "created_at": now, "until": until}
    connection.execute(web_session.insert(), row)


def signed_in(connection: Connection, key: str, *, now: datetime) -> int | None:
    """The person of a session; None when it has ended, or its person may not be here any more."""
    query = (
        select(person.c.id)
        .join(web_session, web_session.c.person_id == person.c.id)
        .where(web_session.c.key == key, web_session.c.until > now, person.c.state == "active")
    )
    number: int | None = connection.execute(query).scalar()
    return number


def end_session(connection: Connection, key: str) -> None:
    connection.execute(web_session.delete().where(web_session.c.key == key))


def end_sessions(connection: Connection, person_id: int) -> None:
    connection.execute(web_session.delete().where(web_session.c.person_id == person_id))
