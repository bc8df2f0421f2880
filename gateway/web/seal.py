"""What the pages give to browsers and believe when it comes back: form tokens, and steps that a link began."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeTimedSerializer

from gateway.settings_keys import SigningKey
from gateway.threading.links import Link, LinkPurpose, RequestLink, sealing

FORM = timedelta(hours=12)
STEP = timedelta(minutes=30)
# As long as the forms of the page that it opens.
VISIT = FORM


@dataclass(frozen=True, slots=True)
class Once:
    """One showing of a form: what is sent from it twice is the same. `shown_at` is to the second."""

    key: str
    shown_at: datetime


class Seal:
    """Made of our signing keys, so that every node of the desk believes what another gave out."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._keys = tuple(keys)

    def form(self, browser: str, session: str) -> str:
        """A token for the forms of a page; it comes from no other browser, and from no other session of it."""
        return _text(self._of("form").dumps(_both(browser, session)))

    def form_is_ours(self, token: str, browser: str, session: str) -> bool:
        return bool(browser) and self._read("form", token, FORM)[0] == _both(browser, session)

    def step(self, link: Link) -> str:
        """What stands for a link in the browser after its address is gone."""
        return _text(
            self._of("step").dumps([link.purpose.value, link.person_id, link.letter_key, link.issued_at.timestamp()])
        )

    def read_step(self, value: str, purpose: LinkPurpose) -> Link | None:
        match self._read("step", value, STEP)[0]:
            case [str(meant), int(person_id), str(letter_key), float(issued)] if meant == purpose:
                return Link(purpose, person_id, letter_key, datetime.fromtimestamp(issued, UTC))
        return None

    def visit(self, link: RequestLink) -> str:
        """The same for the page of a ticket."""
        return _text(self._of("visit").dumps([link.person_id, link.number, link.issued_at.timestamp()]))

    def read_visit(self, value: str) -> RequestLink | None:
        match self._read("visit", value, VISIT)[0]:
            case [int(person_id), int(number), float(issued)]:
                return RequestLink(person_id, number, datetime.fromtimestamp(issued, UTC))
        return None

    def once(self) -> str:
        return _text(self._of("once").dumps(secrets.token_hex(8)))

    def read_once(self, value: str) -> Once | None:
        key, at = self._read("once", value, FORM)
        return Once(key, at) if isinstance(key, str) and at is not None else None

    def _of(self, what: str) -> URLSafeTimedSerializer:
        return sealing(self._keys, f"ticket-gateway pages 1 {what}")

    def _read(self, what: str, value: str, max_age: timedelta) -> tuple[object, datetime | None]:
        try:
            said, at = self._of(what).loads(value, max_age=int(max_age.total_seconds()), return_timestamp=True)
        except BadData:
            return None, None
        return said, at.astimezone(UTC)


def _both(browser: str, session: str) -> str:
    return sha256(f"{browser}\0{session}".encode()).hexdigest()[:32]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("ascii")
