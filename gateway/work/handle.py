"""Pending deliveries are claimed, read, judged and applied, a small batch in one commit, each in its savepoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from gateway.apply.verdict import Applied, apply_verdict
from gateway.inbound.facts import Facts, gather
from gateway.inbound.forwarded import Forwarded
from gateway.inbound.judge import judge
from gateway.inbound.mail import Mailbox, ParsedAttachment
from gateway.inbound.own_check import own_check
from gateway.inbound.prepare import Prepared, prepare, prepare_unread
from gateway.inbound.verdicts import Judged, Parked
from gateway.log import get_log, masked
from gateway.store import claims, judgements, mails, people
from gateway.store.claims import Claimed
from gateway.store.judgements import Unfinished
from gateway.store.messages import File
from gateway.store.session import temporary
from gateway.store.statement import savepoint
from gateway.work.histories import beside_their_tickets
from gateway.work.office import Office

# A node that died with a mail in hand says little about the mail, unless it happens again and again.
log = get_log()
MOST_LOSSES = 20
AGAIN = timedelta(seconds=1)
# What fails again and again, parking included, is tried every quarter of an hour in the end.
MOST_DOUBLINGS = 10
WAIT_FOR_PARENT = timedelta(milliseconds=300)
RACES = 3


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that can be judged, with its files kept as blobs; `parked` says why it is not judged at all."""

    prepared: Prepared
    files: tuple[File, ...]
    parked: str = ""


def handle(
    office: Office,
    *,
    who: str,
    clock: Callable[[], datetime],
    in_hand: Callable[[int | None], None] = lambda _: None,
) -> tuple[int, Sequence[str]]:
    """Claim a batch and judge it: how many deliveries were claimed, and the verdicts that were committed.

    `in_hand` is told which delivery is being worked on.
    """
    now = clock()
    settings = office.settings.workers
    lease = timedelta(seconds=settings.lease_seconds + settings.batch * settings.seconds)
    with office.database.write() as connection:
        claimed = claims.claim(connection, who=who, most=settings.batch, now=now, until=now + lease)
    if not claimed:
        return 0, ()
    try:
        ready, broken = _prepare_all(office, claimed, now, in_hand)
        ready, waiting = _without_waiting(office, ready, claimed)
        _release(office, waiting, who=who, at=clock() + WAIT_FOR_PARENT, charged=False)
        ready = beside_their_tickets(office, ready)
        verdicts, failed, behind = _apply_all(office, ready, clock(), in_hand)
        _release(office, behind, who=who, at=clock() + AGAIN + WAIT_FOR_PARENT, charged=False)
    except Exception as error:
        # Trouble of ours charges nobody: everything goes back as it was.
        if not temporary(error):
            raise
        log.warning("the database is in trouble, mail waits", error=str(error).splitlines()[0])
        _release(office, [one.id for one in claimed], who=who, at=clock() + AGAIN, charged=False)
        return len(claimed), ()
    finally:
        in_hand(None)
    tries = {one.id: one.attempts for one in claimed}
    for one, why in (broken | failed).items():
        at = clock() + AGAIN * 2 ** min(tries[one] - 1, MOST_DOUBLINGS)
        _release(office, [one], who=who, at=at, charged=True, why=why, now=now)
    return len(claimed), verdicts


def release_of_the_dead(office: Office, who: str, delivery_id: int | None, *, now: datetime, why: str = "") -> None:
    """Give back what a dead worker had claimed: the mail in its hand is charged, its companions run alone next."""
    with office.database.write() as connection:
        claimed = claims.claims_of(connection, who)
        guilty = [one for one in claimed if one == delivery_id]
        for one in guilty:
            claims.note_trouble(connection, one, f"its worker ended: {why}" if why else "its worker ended", now=now)
        claims.release(connection, guilty, who=who, at=now, charged=True, alone=True)
        rest = [one for one in claimed if one != delivery_id]
        claims.release(connection, rest, who=who, at=now, charged=False, alone=True)


def pending_before(office: Office, moment: datetime) -> int:
    """How many deliveries are pending that are due by then."""
    with office.database.read() as connection:
        return mails.pending(connection, due_before=moment)


def _prepare_all(
    office: Office, claimed: Sequence[Claimed], now: datetime, in_hand: Callable[[int | None], None]
) -> tuple[list[Ready], dict[int, str]]:
    """Those that could be read; and those that could not, with why."""
    ready: list[Ready] = []
    broken: dict[int, str] = {}
    for one in claimed:
        in_hand(one.id)
        try:
            ready.append(_prepare_one(office, one, now))
        except Exception as error:
            if temporary(error):
                raise
            log.exception("a mail could not be read", mail=f"m-{one.mail_id}", attempt=one.attempts)
            broken[one.id] = f"it could not be read: {type(error).__name__}"
    return ready, broken


def _prepare_one(office: Office, one: Claimed, now: datetime) -> Ready:
    raw = one.raw if one.raw is not None else office.blobs.get(one.blob or "")
    parked = _why_parked(office, one)
    rules = office.rules
    if parked:
        prepared = prepare_unread(one, raw)
    else:
        prepared = prepare(
            one,
            raw,
            settings=rules.settings,
            desk=rules.desk,
            tokens=rules.tokens,
            today=now.date(),
            own_check=own_check if rules.settings.authentication.own_check else None,
        )
    prepared = replace(prepared, forwarded=_with_files(office, prepared))
    return Ready(prepared, tuple(_keep(office, file) for file in prepared.mail.attachments), parked)


def _with_files(office: Office, prepared: Prepared) -> Forwarded | None:
    """The attachments of a mail that came as a file are kept too, where somebody of the desk sends it on."""
    forwarded, sender = prepared.forwarded, prepared.mail.sender
    if forwarded is None or not forwarded.mail.attachments or not forwarded.attached:
        return forwarded
    with office.database.read() as connection:
        person = people.by_address(connection, sender.address) if isinstance(sender, Mailbox) else None
    if person is None or not person.roles:
        return None
    return replace(forwarded, files=tuple(_keep(office, file) for file in forwarded.mail.attachments))


def _why_parked(office: Office, one: Claimed) -> str:
    if one.attempts > office.settings.workers.attempts:
        return f"it could not be read in {office.settings.workers.attempts} attempts"
    if one.losses >= MOST_LOSSES:
        return f"the daemon died {one.losses} times while it was read"
    return ""


def _keep(office: Office, file: ParsedAttachment) -> File:
    digest = office.blobs.put(file.content)
    return File(file.name, file.type, len(file.content), digest, file.cid, file.inline)


def _without_waiting(
    office: Office, ready: Sequence[Ready], claimed: Sequence[Claimed]
) -> tuple[list[Ready], list[int]]:
    """Put back what refers to an earlier mail, or follows one of the same sender, that is not judged yet."""
    ids = {id_ for one in ready for id_ in one.prepared.named.message_ids}
    senders = {one.prepared.claimed.from_hint for one in ready} - {""}
    with office.database.read() as connection:
        unfinished = judgements.unfinished(
            connection,
            before=max(one.id for one in claimed),
            mail_ids=sorted({one.mail_id for one in claimed}),
            message_ids=sorted(ids),
            senders=sorted(senders),
        )
    in_batch = {one.prepared.claimed.id for one in ready}
    going: list[Ready] = []
    waiting: list[int] = []
    for one in ready:
        mine = one.prepared.claimed.id
        blocked = any(other.id not in in_batch and _goes_before(other, one) for other in unfinished)
        if blocked and not one.parked:
            in_batch.discard(mine)
            waiting.append(mine)
        else:
            going.append(one)
    return going, waiting


def _goes_before(other: Unfinished, one: Ready) -> bool:
    """Whether another delivery has to be judged first: the same mail, its parent, or its sender's last."""
    mine = one.prepared.claimed
    return other.id < mine.id and (
        other.mail_id == mine.mail_id
        or other.message_id in one.prepared.named.message_ids
        or (other.sender == mine.from_hint != "" and other.area == mine.area)
    )


def _apply_all(
    office: Office, ready: Sequence[Ready], now: datetime, in_hand: Callable[[int | None], None]
) -> tuple[list[str], dict[int, str], list[int]]:
    """Judge and write all in one commit.

    The verdicts, those whose savepoint was rolled back with why, and those that have to wait for one of them.
    """
    faults: dict[int, str] = {}
    done: list[tuple[Ready, Judged, Applied]] = []
    broken: list[Unfinished] = []
    behind: list[Unfinished] = []
    with office.database.write() as connection:
        for one in ready:
            in_hand(one.prepared.claimed.id)
            if any(_goes_before(other, one) for other in (*broken, *behind)):
                behind.append(_not_judged(one))
                continue
            try:
                judged, applied = _apply_one(office, connection, one, now)
            except judgements.TakenOver:
                log.warning("another worker has this mail now", mail=f"m-{one.prepared.claimed.mail_id}")
            except Exception as error:
                if temporary(error):
                    raise
                log.exception("a mail could not be applied", mail=f"m-{one.prepared.claimed.mail_id}")
                broken.append(_not_judged(one))
                faults[one.prepared.claimed.id] = f"it could not be applied: {type(error).__name__}"
            else:
                done.append((one, judged, applied))
    for one, judged, applied in done:
        _tell_operator(one, judged, applied)
    verdicts = [judged.verdict.name for _, judged, _ in done]
    return verdicts, faults, [one.id for one in behind]


def _not_judged(one: Ready) -> Unfinished:
    mine = one.prepared.claimed
    return Unfinished(mine.id, mine.mail_id, mine.message_id, mine.from_hint, mine.area)


def _apply_one(office: Office, connection: Connection, one: Ready, now: datetime) -> tuple[Judged, Applied]:
    """Judge under the lock under which it is written. Who loses a race for a unique key reads the facts again."""
    for race in range(RACES):
        try:
            with savepoint(connection):
                facts = gather(connection, one.prepared, desk=office.rules.desk, caps=office.settings.caps, now=now)
                judged = _judge(facts, one)
                return judged, apply_verdict(connection, judged, facts, office.rules, one.files)
        except IntegrityError:
            if race == RACES - 1:
                raise
    raise AssertionError("the last race either returns or raises")


def _judge(facts: Facts, one: Ready) -> Judged:
    if one.parked:
        return Judged(Parked(one.parked), "worker", (one.parked,), "parked")
    return judge(facts)


def _release(
    office: Office,
    ids: Sequence[int],
    *,
    who: str,
    at: datetime,
    charged: bool,
    why: str = "",
    now: datetime | None = None,
) -> None:
    if not ids:
        return
    with office.database.write() as connection:
        claims.release(connection, ids, who=who, at=at, charged=charged, alone=charged)
        if why and now is not None:
            for one in ids:
                claims.note_trouble(connection, one, why, now=now)


def _tell_operator(one: Ready, judged: Judged, applied: Applied) -> None:
    claimed = one.prepared.claimed
    log.info(
        f"{judged.verdict.name}: {judged.reasons[0]}",
        mail=f"m-{claimed.mail_id}",
        ticket=applied.ticket_id,
        stage=judged.stage,
        sender=masked(claimed.from_hint),
        area=claimed.area,
    )
