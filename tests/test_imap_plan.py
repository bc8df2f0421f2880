"""What is decided about a mailbox without one: plans, waits, what a fault means, tokens, headers. No database."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from gateway.inbound import imap_trouble
from gateway.inbound.imap_large import header_only
from gateway.inbound.imap_plan import (
    MANY,
    REPEATEDLY,
    Plan,
    batches,
    first_look,
    of_the_past,
    plan,
    renumbered,
    shown,
)
from gateway.inbound.imap_tokens import read_token
from gateway.inbound.imap_trouble import Kind, Trouble, of, of_sign_in, wait
from gateway.inbound.parse import parse
from gateway.settings import Limits
from gateway.store.mailboxes import Entry, State

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEPT, UNFINISHED, BEFORE = Entry("kept"), Entry("kept", unfinished=True), Entry("before")


def failing(failures: int, ago: float = 3600) -> Entry:
    return Entry("failing", failures=failures, failed_at=NOW - timedelta(seconds=ago))


@pytest.mark.parametrize(
    ("held", "ledger", "expected"),
    [
        ([], {}, Plan()),
        ([1, 2], {1: KEPT, 2: KEPT}, Plan()),
        ([3, 1, 2], {1: KEPT}, Plan(groups=((2, 3),), behind=2)),
        # Moved or deleted by somebody: nobody's fault.
        ([2], {1: KEPT, 2: KEPT}, Plan()),
        ([1, 2], {1: UNFINISHED, 2: KEPT, 3: UNFINISHED}, Plan(finish=(1,), gone=(3,))),
        ([1], {1: BEFORE}, Plan()),
        ([1], {1: Entry("large")}, Plan()),
        ([1, 2], {1: failing(1), 3: failing(5)}, Plan(groups=((2,), (1,)), vanished=(3,), behind=2)),
        # What failed once comes in small groups, what failed again alone, the least guilty first.
        (
            range(1, 13),
            {uid: failing(1) for uid in range(1, 11)} | {11: failing(3), 12: failing(2)},
            Plan(groups=(tuple(range(1, 9)), (9, 10), (12,), (11,)), failing=(11,), behind=12),
        ),
        # Not again so soon.
        ([1], {1: failing(3, ago=1)}, Plan(failing=(1,), behind=1)),
        ([1], {1: failing(MANY, ago=300)}, Plan(failing=(1,), behind=1)),
        ([1], {1: failing(MANY, ago=700)}, Plan(groups=((1,),), failing=(1,), behind=1)),
    ],
)
def test_a_plan_follows_from_what_is_held_and_what_is_known(
    held: list[int], ledger: dict[int, Entry], expected: Plan
) -> None:
    assert plan(held, ledger, now=NOW) == expected


def test_a_long_past_is_read_in_steps() -> None:
    found = plan(range(1, 10_001), {}, now=NOW)

    assert [len(group) for group in found.groups] == [500, 500]
    assert found.more
    assert found.behind == 10_000


@given(st.sets(st.integers(1, 60)), st.dictionaries(st.integers(1, 60), st.sampled_from(["kept", "failing", "before"])))
def test_nothing_is_read_that_is_known_and_nothing_missing_is_forgotten(held: set[int], known: dict[int, str]) -> None:
    ledger = {uid: Entry(outcome) if outcome != "failing" else failing(REPEATEDLY) for uid, outcome in known.items()}
    found = plan(held, ledger, now=NOW)
    wanted = [uid for group in found.groups for uid in group]

    assert len(wanted) == len(set(wanted))
    assert set(wanted) == {uid for uid in held if known.get(uid, "failing") == "failing"}


@given(st.dictionaries(st.integers(1, 1000), st.integers(0, 100), min_size=1))
def test_batches_hold_every_mail_once_in_order_and_within_bounds(sizes: dict[int, int]) -> None:
    found = batches(sizes, most=5, most_bytes=120)

    assert [uid for batch in found for uid in batch] == sorted(sizes)
    assert all(len(batch) <= 5 for batch in found)
    assert all(sum(sizes[uid] for uid in batch) <= 120 or len(batch) == 1 for batch in found)


@pytest.mark.parametrize(
    ("newest", "since"),
    [
        ([], NOW - timedelta(days=1)),
        ([NOW - timedelta(hours=1), NOW - timedelta(hours=3)], NOW - timedelta(hours=1, seconds=-1)),
        # The server's clock is ahead of ours, and its own dates count.
        ([NOW + timedelta(hours=2)], NOW + timedelta(hours=2, seconds=1)),
        ([NOW + timedelta(days=900)], NOW - timedelta(days=1)),
    ],
)
def test_reading_begins_after_the_last_mail_that_was_there(newest: list[datetime], since: datetime) -> None:
    assert first_look(uidvalidity=7, uidnext=9, newest=newest, now=NOW) == State(uidvalidity=7, baseline=9, since=since)


def test_what_lay_there_before_us_is_known_by_its_number_and_under_new_numbers_by_its_date() -> None:
    first = State(uidvalidity=7, baseline=9, since=NOW)
    later = renumbered(first, uidvalidity=8, uidnext=5)
    hour = timedelta(hours=1)

    assert (of_the_past(8, NOW + hour, first), of_the_past(9, NOW - hour, first)) == (True, False)
    assert (of_the_past(4, NOW - hour, later), of_the_past(4, NOW + hour, later)) == (True, False)
    # Somebody moved an old mail into the folder: it is new here.
    assert not of_the_past(5, NOW - hour, later)
    assert not of_the_past(4, None, later)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (LoginError("[AUTHENTICATIONFAILED] Authentication failed."), Kind.REFUSED),
        (LoginError("b'[AUTHENTICATIONFAILED] Authentication failed.'"), Kind.REFUSED),
        (LoginError("LOGIN failed."), Kind.REFUSED),
        (LoginError("[EXPIRED] that password"), Kind.REFUSED),
        (LoginError("[UNAVAILABLE] Temporary authentication failure."), Kind.UNREACHABLE),
        (LoginError("[LIMIT] Too many connections"), Kind.UNREACHABLE),
        (LoginError("[INUSE] locked"), Kind.UNREACHABLE),
        (LoginError("[PRIVACYREQUIRED] Plaintext authentication disallowed"), Kind.SETTING),
        (LoginError("command: AUTHENTICATE => socket error: EOF"), Kind.UNREACHABLE),
        (IMAPClientAbortError("socket error: EOF"), Kind.UNREACHABLE),
        (TimeoutError("timed out"), Kind.UNREACHABLE),
        (ConnectionResetError(104, "Connection reset by peer"), Kind.UNREACHABLE),
    ],
)
def test_a_failed_sign_in_is_read_by_its_code_and_counts_as_refused_without_one(error: Exception, kind: Kind) -> None:
    assert of_sign_in(error).kind is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(-2, "Name or service not known"), Kind.UNREACHABLE),
        (ssl.SSLCertVerificationError("x"), Kind.SETTING),
        (ssl.SSLError("wrong version number"), Kind.UNREACHABLE),
        (IMAPClientError("fetch failed: [SERVERBUG]"), Kind.ANSWER),
        (ValueError("nonsense from the server"), Kind.UNREACHABLE),
        (Trouble(Kind.OURS, "x"), Kind.OURS),
    ],
)
def test_every_fault_means_something(error: Exception, kind: Kind) -> None:
    assert of(error).kind is kind


def test_a_refused_sign_in_never_comes_near_what_locks_an_account() -> None:
    """Exchange and Active Directory lock after ten in a quarter of an hour, others after five."""
    at, moment = [], 0.0
    for failures in range(1, 40):
        at.append(moment)
        moment += wait(Kind.REFUSED, failures, 0.0)

    assert max(sum(1 for one in at if begin <= one < begin + 900) for begin in at) <= 3
    assert max(sum(1 for one in at if begin <= one < begin + 86_400) for begin in at) <= 30


@pytest.mark.parametrize("kind", [Kind.UNREACHABLE, Kind.ANSWER, Kind.OURS])
def test_what_passes_by_itself_is_tried_again_within_half_a_minute(kind: Kind) -> None:
    assert max(wait(kind, failures, 0.0) for failures in range(1, 100)) <= 30
    assert wait(kind, 3, 1.0) < wait(kind, 3, 0.0)


def test_a_servers_words_are_one_short_line() -> None:
    said = imap_trouble.words(IMAPClientError("b'no\r\n\x1b[31m" + "x" * 5000))

    assert len(said) <= imap_trouble.LONGEST
    assert said.isprintable()


@pytest.mark.parametrize(
    ("text", "value", "until"),
    [
        ("abc.def\n", "abc.def", None),
        ('{"access_token": "abc"}', "abc", None),
        ('{"access_token": "abc", "expires_at": 1795435200}', "abc", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ('{"access_token": "abc", "expires_at": 1795435200000}', "abc", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ('{"token": "abc", "expiry": "2026-11-23T12:00:00Z"}', "abc", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ('{"access_token": "abc", "expires_in": 3600}', "abc", None),
        ('{"access_token": "abc", "expiry": "soon"}', "abc", None),
        # {"exp": 1795435200}
        (
            "e30.eyJleHAiOiAxNzk1NDM1MjAwfQ.c2ln",
            "e30.eyJleHAiOiAxNzk1NDM1MjAwfQ.c2ln",
            datetime(2026, 11, 23, 12, tzinfo=UTC),
        ),
        ("a.b.c", "a.b.c", None),
    ],
)
def test_a_token_is_read_in_the_forms_that_programs_leave_it_in(text: str, value: str, until: datetime | None) -> None:
    token = read_token(text, now=NOW, where="token_file")

    assert (token.value, token.until) == (value, until)
    assert value not in repr(token)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "two words", "a\r\nA1 LOGOUT", '{"access_token": 5.5e3x}', "x" * 20_000]
)
def test_what_is_no_token_is_said_and_not_shown(text: str) -> None:
    with pytest.raises(Trouble) as told:
        read_token(text, now=NOW, where="token_file")

    assert "token_file" in told.value.sentence
    assert not text or text not in told.value.sentence


def test_a_header_alone_makes_a_mail_with_a_note() -> None:
    header = (
        b"Received: from x by y\r\nFrom: Ana <ana@firm.example>\r\nSubject: Fotos\r\nMessage-ID: <1@x>\r\n"
        b"Content-Type: multipart/mixed;\r\n\tboundary=abc\r\nMIME-Version: 1.0\r\nX-Content: kept\r\n\r\n"
    )
    raw = header_only(header, size=30 << 20, mailbox="support", folder="INBOX", language="es", limits=Limits())
    mail = parse(raw, Limits())

    assert (mail.subject, mail.message_id, mail.breaches) == ("Fotos", "<1@x>", ())
    assert mail.text.startswith("[Este correo es demasiado grande")
    assert "30.0 MiB" in mail.text
    assert mail.headers.first("X-Content") == "kept"
    assert b"boundary" not in raw


@given(st.binary(max_size=400))
def test_any_bytes_for_a_header_make_a_mail(header: bytes) -> None:
    raw = header_only(header, size=1, mailbox="m", folder="f", language="xx", limits=Limits())

    assert "too large" in parse(raw, Limits()).text


def test_numbers_in_a_sentence_are_not_without_end() -> None:
    assert shown((1, 2)) == "1, 2"
    assert shown(tuple(range(1, 31))).endswith("20 and 10 more")
