"""Who is signed in on the pages: begun by a password or a link, ended by the person or by time."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Connection

from gateway.inbound.addresses import normalise
from gateway.store import counts, credentials, people
from gateway.store.counts import Counted
from gateway.work.office import Office

SESSION = timedelta(hours=12)
TRIES_PER_ADDRESS = 10
TRIES_PER_CLIENT = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in that may go on: the hash to hold the password against, empty when there is no such account."""

    person_id: int
    secret: str


class NotNow(StrEnum):
    """Why no password is looked at."""

    TOO_MANY = "too many tries"


def attempt(office: Office, written: str, *, client: str, now: datetime) -> Attempt | NotNow:
    """Count a try and find what its password has to match. Both counts are of about an hour.

    client: the network address of who tries.
    """
    address = normalise(written)
    by_address, by_client = Counted("sign-in", address or "?"), Counted("sign-in client", client)
    with office.database.write() as connection:
        sums = counts.sums(connection, [by_address, by_client], now=now)
        if sums[by_address][0] >= TRIES_PER_ADDRESS or sums[by_client][0] >= TRIES_PER_CLIENT:
            return NotNow.TOO_MANY
        counts.raise_counts(connection, [by_address, by_client], now=now)
        person = people.by_address(connection, address) if address else None
        if person is None or person.state != "active":
            return Attempt(0, "")
        password = credentials.password(connection, person.id)
        return Attempt(person.id, password.secret if password else "")


def sign_in(office: Office, person_id: int, *, now: datetime) -> str:
    """The key of a new session, after the password matched."""
    with office.database.write() as connection:
        return begin_session(connection, person_id, now=now)


def sign_out(office: Office, key: str) -> None:
    with office.database.write() as connection:
        credentials.end_session(connection, _kept(key))


def who(office: Office, key: str, *, now: datetime) -> people.Person | None:
    """The person whose session this is. Writes nothing: a session is as long as it was when it began."""
    with office.database.read() as connection:
        number = credentials.signed_in(connection, _kept(key), now=now)
        return None if number is None else people.by_id(connection, number)


def begin_session(connection: Connection, person_id: int, *, now: datetime) -> str:
    key = secrets.token_urlsafe(32)
    credentials.open_session(connection, _kept(key), person_id=person_id, now=now, until=now + SESSION)
    return key


def _kept(key: str) -> str:
    """Only this is in the database: who reads that cannot be somebody else."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
