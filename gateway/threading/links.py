"""Signed links of our letters: to confirm an account, to say "it wasn't me", to open the page of a ticket. Pure.

A link carries person, purpose, and the key of its letter or the number of its ticket, signed by the newest key and
believed of every living one. Opening it changes nothing; what it allows is done by the buttons on its page.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from gateway.settings_keys import SigningKey

CONFIRM_FOR = timedelta(days=7)
DISOWN_FOR = timedelta(days=30)
REQUEST_FOR = timedelta(days=90)
JOIN_FOR = timedelta(days=7)
LONGEST = 512
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SALT = "ticket-gateway links 1"


class LinkPurpose(StrEnum):
    """What a link was given out for, which is also the first word of its path."""

    CONFIRM = "confirm"
    DISOWN = "not-me"
    REQUEST = "request"
    JOIN = "join"


_SIGNED = re.compile(rf"(?:/|%2f)(?:{'|'.join(LinkPurpose)})(?:/|%2f)[^\s/]", re.IGNORECASE)
MAX_AGE = {LinkPurpose.CONFIRM: CONFIRM_FOR, LinkPurpose.DISOWN: DISOWN_FOR, LinkPurpose.JOIN: JOIN_FOR}


@dataclass(frozen=True, slots=True)
class Link:
    """What a valid link says: whom its letter went to, and which letter it was. `issued_at` is to the second.

    Of a link to JOIN: who asks for another address, and the number of their wish in the letter's place.
    """

    purpose: LinkPurpose
    person_id: int
    letter_key: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class RequestLink:
    """What the link to a ticket's page says: whose it is, and which ticket. `issued_at` is to the second."""

    person_id: int
    number: int
    issued_at: datetime


def confirmation_link(
    keys: Sequence[SigningKey], public_url: str, person_id: int, letter_key: str, *, now: datetime | None = None
) -> str:
    """The address of the form that makes a pending person's account; `now` is the clock's unless given."""
    return _link(keys, public_url, LinkPurpose.CONFIRM, person_id, letter_key, now)


def disown_link(
    keys: Sequence[SigningKey], public_url: str, person_id: int, letter_key: str, *, now: datetime | None = None
) -> str:
    """The address of the page for somebody who did not write to us."""
    return _link(keys, public_url, LinkPurpose.DISOWN, person_id, letter_key, now)


def join_link(
    keys: Sequence[SigningKey], public_url: str, person_id: int, number: int, *, now: datetime | None = None
) -> str:
    """The address of the page that asks whether an address belongs to this person too, by the number of their wish."""
    return _link(keys, public_url, LinkPurpose.JOIN, person_id, str(number), now)


def request_link(
    keys: Sequence[SigningKey], public_url: str, person_id: int, number: int, *, now: datetime | None = None
) -> str:
    """The address of the page of one ticket, that its requester opens without signing in."""
    return _link(keys, public_url, LinkPurpose.REQUEST, person_id, number, now)


def ticket_page(public_url: str, number: int | None = None) -> str:
    """The page of a ticket, or of all tickets, for who is signed in; it proves nothing. Empty without `public_url`."""
    if not public_url:
        return ""
    return page(public_url, f"tickets/{number}" if number else "tickets")


def without_tokens(text: str, public_url: str) -> str:
    """A text without the links of our letters that open something: who reads another's words gets none of their rights.

    Those too that a server of theirs wrapped in an address of its own.
    """
    host = (urlsplit(public_url).netloc or "").lower()
    return _ADDRESS.sub(lambda found: "…" if host in found[0].lower() and _SIGNED.search(found[0]) else found[0], text)


def page(public_url: str, path: str) -> str:
    return f"{public_url.rstrip('/')}/{path}"


def read(
    keys: Sequence[SigningKey], token: str, purpose: LinkPurpose, max_age: timedelta, *, now: datetime | None = None
) -> Link | None:
    """What a link's token says; None for one that is not ours, for another purpose, or older than `max_age`."""
    match _loaded(keys, token, max_age, now):
        case [str(meant), int(person_id), str(letter_key)], datetime() as issued_at if meant == purpose:
            return Link(purpose, person_id, letter_key, issued_at)
    return None


def read_request(keys: Sequence[SigningKey], token: str, *, now: datetime | None = None) -> RequestLink | None:
    """The same for the link to a ticket's page, which is good for `REQUEST_FOR`."""
    match _loaded(keys, token, REQUEST_FOR, now):
        case [LinkPurpose.REQUEST.value, int(person_id), int(number)], datetime() as issued_at:
            return RequestLink(person_id, number, issued_at)
    return None


def _loaded(
    keys: Sequence[SigningKey], token: str, max_age: timedelta, now: datetime | None
) -> tuple[object, datetime | None]:
    if len(token) > LONGEST:
        return None, None
    try:
        said, at = _serializer(keys, now).loads(token, max_age=int(max_age.total_seconds()), return_timestamp=True)
    except BadData:
        return None, None
    return said, at.astimezone(UTC)


def _link(
    keys: Sequence[SigningKey],
    public_url: str,
    purpose: LinkPurpose,
    person_id: int,
    about: str | int,
    now: datetime | None,
) -> str:
    token = _serializer(keys, now).dumps([purpose.value, person_id, about])
    return page(public_url, f"{purpose.value}/{token if isinstance(token, str) else token.decode('ascii')}")


class _Signer(TimestampSigner):
    """A signer whose clock can be given."""

    def __init__(self, *args: Any, now: datetime | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self._now = now

    def get_timestamp(self) -> int:
        return super().get_timestamp() if self._now is None else int(self._now.timestamp())


def _serializer(keys: Sequence[SigningKey], now: datetime | None) -> URLSafeTimedSerializer:
    return sealing(keys, _SALT, now=now)


def sealing(keys: Sequence[SigningKey], salt: str, *, now: datetime | None = None) -> URLSafeTimedSerializer:
    """Signs with the newest key, believes those that have not ended; what is sealed under one salt is not for another.

    keys: the newest first, as in the settings.
    """
    today = datetime.fromtimestamp(_Signer(b"", now=now).get_timestamp(), UTC).date()
    living = [key for key in keys if key.until is None or key.until >= today]
    return URLSafeTimedSerializer(
        # The library signs with the last one.
        [key.secret for key in reversed(living)],
        salt=salt,
        signer=_Signer,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256, "now": now},
    )
