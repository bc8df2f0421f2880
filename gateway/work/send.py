"""Letters that are due leave: claimed and committed first, sent outside any transaction, then recorded."""

from collections.abc import Callable
from datetime import datetime, timedelta

from gateway import metrics
from gateway.apply.undelivered import Failure, letter_failed
from gateway.errors import GatewayError
from gateway.log import get_log, masked
from gateway.outbound.causes import Cause, cause_of, status_in
from gateway.outbound.mime import LetterAttachment, OutgoingLetter, build
from gateway.outbound.outcomes import Outcome, PermanentFailure, TemporaryFailure
from gateway.outbound.retry import GivenUp, Later, Refused, Sent, next_attempt
from gateway.outbound.transport import Transport
from gateway.store import letters, suppressions
from gateway.store.letters import Due
from gateway.work.office import Office

BATCH = 50
# A batch is begun in this time; a letter whose turn comes later is given back, before another takes it over.
LEASE = timedelta(minutes=5)
# So many answers one attempt may wait for: from the greeting, with TLS and AUTH, to the end of the mail.
ANSWERS = 10

log = get_log()


def send_due(
    office: Office,
    transport: Transport,
    *,
    who: str,
    clock: Callable[[], datetime],
    going_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send what is due, one batch; how many letters were claimed. Nothing while all outgoing mail is held."""
    settings = office.settings.delivery
    if settings.hold:
        return 0
    now = clock()
    last_begin = now + LEASE
    until = last_begin + timedelta(seconds=settings.seconds * ANSWERS)
    with office.database.write() as connection:
        due = letters.claim(connection, who=who, most=BATCH, now=now, until=until)
    for number, letter in enumerate(due):
        if not going_on() or clock() > last_begin:
            _give_back(office, due[number:], who=who, now=clock())
            break
        _record(office, letter, _attempt(office, transport, letter), who=who, now=clock())
    return len(due)


def _attempt(office: Office, transport: Transport, letter: Due) -> Outcome:
    with office.database.read() as connection:
        why = suppressions.suppressed(connection, letter.to_address)
    if why:
        return PermanentFailure(f"{suppressions.NOT_SENT}{why}")
    try:
        files = [LetterAttachment(one.name, one.type, office.blobs.get(one.sha256)) for one in letter.attachments]
        data = build(OutgoingLetter(tuple((n, v) for n, v in letter.headers), letter.text, letter.html), files)
        return transport.send(letter.envelope_from, letter.to_address, data)
    except (GatewayError, OSError) as error:
        return TemporaryFailure(str(error))
    except Exception as error:
        # A fault of ours in one letter keeps no other from going out, and is tried again after a fix.
        log.exception("a letter could not be sent", letter=f"l-{letter.id}")
        return TemporaryFailure(f"{type(error).__name__}: {error}")


def _record(office: Office, letter: Due, outcome: Outcome, *, who: str, now: datetime) -> None:
    settings, since = office.settings.delivery, letter.first_tried_at
    failure: Failure | None = None
    match next_attempt(letter.attempts, now=now, first_tried_at=since, outcome=outcome, settings=settings):
        case Sent(response):
            status, reason, due_at = "sent", response, None
        case Later(at, reason):
            status, due_at = "pending", at
        case Refused(reason, code):
            status, due_at, failure = "refused", None, _refused(reason, code)
        case GivenUp(reason):
            status, due_at, failure = "given up", None, Failure(Cause.NOT_IN_TIME, reason)
    with office.database.write() as connection:
        mine = letters.record(connection, letter.id, who=who, status=status, now=now, response=reason, due_at=due_at)
        about = letters.by_id(connection, letter.id) if mine and failure else None
        if about and failure:
            letter_failed(connection, about, failure, office.rules, now=now, cause=f"l-{letter.id}")
    metrics.letters.labels("later" if status == "pending" else status).inc()
    fields = {"letter": f"l-{letter.id}", "kind": letter.letter, "to": masked(letter.to_address)}
    if not mine:
        log.warning("another sender took this letter over meanwhile", **fields)
    elif status == "sent":
        log.info("letter sent", **fields, ticket=letter.ticket_id)
    else:
        log.warning(f"letter {'waits' if due_at else status}: {reason}", **fields, attempt=letter.attempts)


def _refused(reason: str, code: str) -> Failure:
    if reason.startswith(suppressions.NOT_SENT):
        return Failure(Cause.SUPPRESSED, reason.removeprefix(suppressions.NOT_SENT))
    status = code or status_in(reason)
    return Failure(cause_of(status), reason, status)


def _give_back(office: Office, rest: list[Due], *, who: str, now: datetime) -> None:
    with office.database.write() as connection:
        for letter in rest:
            letters.record(connection, letter.id, who=who, status="pending", now=now, due_at=now)
