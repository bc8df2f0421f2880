"""Mails are read out of a folder: sizes first, then a few megabytes at a time, and nothing is marked as seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.desk.areas import Desk
from gateway.inbound.arrivals import PAST, Arrival
from gateway.inbound.delivered import Delivered
from gateway.inbound.imap_books import Fetched
from gateway.inbound.imap_large import header_only
from gateway.inbound.imap_session import COMMAND_SECONDS, Session
from gateway.inbound.limits import KIB, MIB
from gateway.settings import Limits, Mailbox

MOST_MAILS = 50
MOST_BYTES = 4 * MIB
MOST_SIZES = 500
# A line slower than this cannot bring a large mail in time; below what the watchdog allows for one step.
BYTES_PER_SECOND = 128 * KIB
LONGEST_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a mail before it is read: its size as the server says, and when it arrived there."""

    size: int
    date: datetime | None


def measure(session: Session, uids: Sequence[int]) -> dict[int, Measured]:
    """Sizes and dates of these mails; one that is gone meanwhile is not among them."""
    found: dict[int, Measured] = {}
    for start in range(0, len(uids), MOST_SIZES):
        with session.doing() as client:
            answers = client.fetch(uids[start : start + MOST_SIZES], ["RFC822.SIZE", "INTERNALDATE"])
        for uid, answer in answers.items():
            if (size := answer.get(b"RFC822.SIZE")) is not None:
                found[uid] = Measured(int(size), _date(answer.get(b"INTERNALDATE")))
    return found


def seconds_for(size: int) -> float:
    """How long so many bytes may take."""
    return min(LONGEST_SECONDS, COMMAND_SECONDS / 2 + size / BYTES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes arrivals of what is in a mailbox."""

    mailbox: Mailbox
    desk: Desk
    limits: Limits

    def read(
        self, session: Session, mails: Mapping[int, Measured], *, past: frozenset[int], now: datetime
    ) -> list[Fetched]:
        """These mails; those that the server did not give are not among them. Headers only where one is too large."""
        large = {uid: mail for uid, mail in mails.items() if self.too_large(mail)}
        whole = {uid: mail for uid, mail in mails.items() if uid not in large}
        raws: dict[int, bytes] = {}
        if whole:
            with session.doing(seconds_for(sum(mail.size for mail in whole.values()))) as client:
                answers = client.fetch(sorted(whole), ["BODY.PEEK[]"])
            raws = {uid: raw for uid, answer in answers.items() if (raw := _given(answer, whole[uid])) is not None}
            # The size was a lie, or a guess: Exchange makes up what it says.
            large |= {uid: Measured(len(raw), whole[uid].date) for uid, raw in raws.items() if self._over(len(raw))}
        found = [
            Fetched(uid, self._arrival(raw, mails[uid], uid in past, now))
            for uid, raw in sorted(raws.items())
            if uid not in large
        ]
        for uid, mail in sorted(large.items()):
            if (header := self._header(session, uid)) is not None:
                found.append(Fetched(uid, self._arrival(self._noted(header, mail), mail, uid in past, now), large=True))
        return found

    def too_large(self, mail: Measured) -> bool:
        return self._over(mail.size)

    def _over(self, size: int) -> bool:
        return size > self.limits.mail_mib * MIB

    def _header(self, session: Session, uid: int) -> bytes | None:
        """The header block, at most a little more than may be of it."""
        most = int(self.limits.headers_kib * KIB) + 2
        with session.doing() as client:
            answer = client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{most}>"]).get(uid, {})
        return next((value for name, value in answer.items() if name.startswith(b"BODY[HEADER]")), None)

    def _noted(self, header: bytes, mail: Measured) -> bytes:
        (recipient, *_) = Delivered(header, self.limits).recipients(self.desk, area=self.mailbox.area)
        area = self.desk.area_of(recipient) or self.desk.first()
        return header_only(
            header,
            size=mail.size,
            mailbox=self.mailbox.name,
            folder=self.mailbox.folder,
            language=area.language,
            limits=self.limits,
        )

    def _arrival(self, raw: bytes, mail: Measured, past: bool, now: datetime) -> Arrival:
        delivered = Delivered(raw, self.limits)
        return Arrival(
            source=f"{PAST if past else ''}imap {self.mailbox.name}",
            raw=raw,
            envelope_from=delivered.return_path(),
            recipients=delivered.recipients(self.desk, area=self.mailbox.area),
            # The server's own word for when it came, never the mail's; and nothing comes from the future.
            received_at=min(mail.date, now) if mail.date else now,
        )


def _given(answer: Mapping[bytes, Any], mail: Measured) -> bytes | None:
    """The mail in an answer; None when the server had nothing to give for one that should have something."""
    raw = answer.get(b"BODY[]")
    return raw if isinstance(raw, bytes) and (raw or not mail.size) else None


def _date(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
