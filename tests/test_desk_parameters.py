"""How the values of an action's parameters are written."""

from datetime import UTC, datetime

import pytest

from gateway.desk.parameters import Values, read, seconds
from gateway.desk.refusals import Refused
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import Action
from gateway.desk.workflow_load import load

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TICKET = Ticket(
    id=7,
    subject="Impresora",
    state="open",
    area="support",
    requester_id=1,
    created_at=NOW,
    updated_at=NOW,
    state_since=NOW,
    tags=("a", "b"),
)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("15m", 15),
        ("15 min", 15),
        ("15M", 15),
        (" 90m ", 90),
        ("1h", 60),
        ("1h30", 90),
        ("1h30m", 90),
        ("1 h 30 min", 90),
        ("1:30", 90),
        ("0:05", 5),
        ("999h", 999 * 60),
        ("", None),
        ("15", None),
        ("0m", None),
        ("0h0", None),
        ("1h60", None),
        ("1:3", None),
        ("-5m", None),
        ("1.5h", None),
        ("1000h", None),
        ("٣m", None),
        ("1h 30 s", None),
    ],
)
def test_time_spent(written: str, minutes: int | None) -> None:
    assert seconds(written) == (None if minutes is None else minutes * 60)


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("c", ("c",)),
        ("c, a ,c", ("c", "a")),
        ("+c", ("a", "b", "c")),
        ("-a", ("b",)),
        ("+a,-b", ("a",)),
        ("-x", ("a", "b")),
        ("", ()),
        ("Muy Urgente", ("muy-urgente",)),
    ],
)
def test_tags(written: str, tags: tuple[str, ...]) -> None:
    values = read(Action.CLASSIFY, {"tags": written}, ticket=TICKET, workflow=load("default"))

    assert isinstance(values, Values)
    assert values.fields == {"tags": tags}


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2027-03-05", datetime(2027, 3, 5, 23, 59, 59, tzinfo=UTC)),
        ("2027-03-05T15:00", datetime(2027, 3, 5, 15, tzinfo=UTC)),
        ("2027-03-05 15:00-05:00", datetime(2027, 3, 5, 20, tzinfo=UTC)),
        ("none", None),
    ],
)
def test_due(written: str, due: datetime | None) -> None:
    values = read(Action.CLASSIFY, {"due": written}, ticket=TICKET, workflow=load("default"))

    assert isinstance(values, Values)
    assert values.fields == {"due_at": due}


@pytest.mark.parametrize("written", ["9999-12-31", "9000-01-01", "0001-01-01", "0001-12-31T23:00+00:00"])
def test_a_day_that_other_zones_could_not_show_is_none(written: str) -> None:
    assert isinstance(read(Action.CLASSIFY, {"due": written}, ticket=TICKET, workflow=load("default")), Refused)
