"""Accounts: confirmed by link or mail, disowned, and given a new link on request."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from sqlalchemy.engine import Connection

from gateway.apply import accounts
from gateway.apply.posting import Draft, post
from gateway.apply.telling import recipient
from gateway.inbound.addresses import normalise
from gateway.settings_keys import SigningKey
from gateway.store import counts, credentials, letters, own_tickets, people, tickets
from gateway.store.counts import Counted
from gateway.threading.links import CONFIRM_FOR, Link, LinkPurpose, confirmation_link
from gateway.work.office import Office
from gateway.work.sessions import begin_session

LINKS_PER_DAY = 3
# Who may have a password: those who only have to confirm, and those who have.
_MAY_CONFIRM = frozenset({"pending", "active"})


class Spent(StrEnum):
    """Why a link that we did sign opens no form; people are told only that it is not valid any more."""

    USED = "used"
    DISOWNED = "disowned"
    OLDER_THAN_THE_PASSWORD = "older than the password"
    NO_ACCOUNT = "no account"


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a good link is for. `proven` is the address that its letter went to, '' when that letter is not known."""

    person_id: int
    name: str
    language: str
    address: str
    proven: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the form asks for; `secret` is the hash of the password."""

    name: str
    secret: str
    language: str


def confirm_by_token(
    office: Office, person_id: int, *, by: Literal["mail", "web"], now: datetime, cause: str, address: str = ""
) -> bool:
    """pending -> active with all that follows; False when there was nothing to confirm.

    Who has a transaction open already calls `apply.accounts.confirm` in it.
    """
    with office.database.write() as connection:
        return accounts.confirm(connection, person_id, office.rules, by=by, now=now, cause=cause, address=address)


def invited(office: Office, link: Link) -> Invited | Spent:
    """Whom a link is for, or why it is not good any more. Writes nothing."""
    with office.database.read() as connection:
        return _invited(connection, link)


def confirm_by_form(office: Office, link: Link, profile: Profile, *, now: datetime, cause: str) -> str | Spent:
    """Use the link up: name, language and password are kept, the account is confirmed, older sessions end.

    Returns the key of the new session, for the person's browser.
    """
    with office.database.write() as connection:
        found = _invited(connection, link)
        if isinstance(found, Spent):
            return found
        if not _use_up(connection, link, "confirmed", now=now):
            return Spent.USED
        people.update(connection, found.person_id, name=profile.name, language=profile.language)
        credentials.set_password(connection, found.person_id, profile.secret, now=now)
        credentials.end_sessions(connection, found.person_id)
        tickets.write_event(
            connection,
            action="password chosen",
            actor_kind="person",
            actor_id=found.person_id,
            person_id=found.person_id,
            cause=cause,
            now=now,
            data={"name": profile.name, "language": profile.language},
        )
        accounts.confirm(
            connection, found.person_id, office.rules, by="web", now=now, cause=cause, address=found.proven
        )
        return begin_session(connection, found.person_id, now=now)


def disown(office: Office, person_id: int, letter_key: str, *, now: datetime, cause: str) -> bool:
    """ "It wasn't me": the letter's link is void, and a pending person gets no letter that asks them to confirm.

    The person's state says so (`person.disowned_at`), not the list of suppressed addresses: answers by people still
    reach the address. It goes when they do confirm, by answering a letter. False where it was known already, and for
    an account that is confirmed, of which only this letter's link is void.
    """
    link = Link(LinkPurpose.DISOWN, person_id, letter_key, now)
    with office.database.write() as connection:
        if people.by_id(connection, person_id) is None:
            return False
        _use_up(connection, link, "disowned", now=now)
        if credentials.disowned(connection, person_id) or not credentials.disown(connection, person_id, now=now):
            return False
        tickets.write_event(
            connection,
            action="disowned",
            actor_kind="person",
            actor_id=person_id,
            person_id=person_id,
            cause=cause,
            now=now,
        )
        return True


def send_link(office: Office, keys: tuple[SigningKey, ...], written: str, *, now: datetime) -> bool:
    """The letter with a new link, to somebody who has or may have an account; at most `LINKS_PER_DAY` in 24 hours.

    Whether it was sent is for the log and for tests: who asked gets the same answer always.
    """
    address, url = normalise(written), office.settings.web.public_url
    if not address or not url:
        return False
    with office.database.write() as connection:
        person = people.by_address(connection, address)
        if person is None or person.state not in _MAY_CONFIRM or credentials.disowned(connection, person.id):
            return False
        asked = Counted("link", address)
        if counts.sums(connection, [asked], now=now)[asked][1] >= LINKS_PER_DAY:
            return False
        newest = own_tickets.newest(connection, person.id)
        area = office.rules.desk.areas.get(newest.area) if newest else None
        key = secrets.token_hex(5)
        draft = Draft(
            letter="account_link",
            to=recipient(person, address=address),
            area=area or office.rules.desk.first(),
            ticket_id=None,
            anchor=f"link {key}",
            variables={
                "link": confirmation_link(keys, url, person.id, key, now=now),
                "days": CONFIRM_FOR // timedelta(days=1),
            },
            now=now,
        )
        if post(connection, draft, office.rules) is None:
            return False
        counts.raise_counts(connection, [asked], now=now)
        return True


def _invited(connection: Connection, link: Link) -> Invited | Spent:
    person = people.by_id(connection, people.remaining(connection, link.person_id))
    if person is None or person.state not in _MAY_CONFIRM:
        return Spent.NO_ACCOUNT
    if credentials.disowned(connection, person.id):
        return Spent.DISOWNED
    if credentials.used(connection, _once(link)):
        return Spent.USED
    chosen = credentials.password(connection, person.id)
    # A link knows the second that it was made in, and no more.
    if chosen is not None and link.issued_at < chosen.created_at.replace(microsecond=0):
        return Spent.OLDER_THAN_THE_PASSWORD
    letter = letters.by_key(connection, link.letter_key)
    return Invited(
        person_id=person.id,
        name=person.name,
        language=person.language,
        address=letter.to_address if letter else person.address,
        proven=letter.to_address if letter else "",
    )


def _use_up(connection: Connection, link: Link, how: str, *, now: datetime) -> bool:
    return credentials.use_token(connection, _once(link), purpose=how, person_id=link.person_id, now=now)


def _once(link: Link) -> str:
    """What is used up with a letter's link: both of its links are of one letter to one person."""
    return f"letter {link.person_id}/{link.letter_key}"[:64]
