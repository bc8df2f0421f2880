"""When a letter is tried again, and when it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.outbound.outcomes import Accepted, Outcome, PermanentFailure, TemporaryFailure
from gateway.outbound.retry import GivenUp, Later, Refused, Sent, next_attempt
from gateway.settings import Delivery

TRIED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETTINGS = Delivery(retry_minutes=[1, 5, 30], give_up_hours=2)
BUSY = TemporaryFailure("451 4.3.0 busy")


def after(attempts: int, outcome: Outcome, *, minutes: float) -> object:
    now = TRIED + timedelta(minutes=minutes)
    return next_attempt(attempts, now=now, first_tried_at=TRIED, outcome=outcome, settings=SETTINGS)


@pytest.mark.parametrize(
    ("attempts", "minutes", "next_at"),
    [
        pytest.param(1, 0, 1, id="the first wait is the shortest"),
        pytest.param(2, 1, 6, id="then they grow"),
        pytest.param(3, 6, 36, id="to the last"),
        pytest.param(9, 36, 66, id="which repeats"),
        pytest.param(0, 0, 1, id="an uncounted attempt is a first one"),
        pytest.param(9, 119, 120, id="the last attempt is when the time is up, not before"),
    ],
)
def test_a_letter_with_temporary_trouble_is_tried_again(attempts: int, minutes: float, next_at: float) -> None:
    expected = Later(TRIED + timedelta(minutes=next_at), "451 4.3.0 busy")

    assert after(attempts, BUSY, minutes=minutes) == expected


@pytest.mark.parametrize("minutes", [120, 5000])
def test_a_letter_is_given_up_when_its_time_is_over(minutes: float) -> None:
    assert after(9, BUSY, minutes=minutes) == GivenUp("451 4.3.0 busy")


@pytest.mark.parametrize("minutes", [0, 5000])
def test_a_refused_letter_is_not_tried_again(minutes: float) -> None:
    outcome = PermanentFailure("550 5.1.1 no such user", "5.1.1")

    assert after(1, outcome, minutes=minutes) == Refused("550 5.1.1 no such user", "5.1.1")


def test_an_accepted_letter_is_sent_however_late_it_is() -> None:
    assert after(9, Accepted("250 queued as 1"), minutes=5000) == Sent("250 queued as 1")
