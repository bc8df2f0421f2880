"""What a requester can expect of their ticket, and the buttons that they have: in every state of every preset."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.desk.actions import Action, Change, act
from gateway.desk.calendars import always
from gateway.desk.outlook import BUTTONS, Outlook, outlook
from gateway.desk.people import Actor, ActorKind, Standing
from gateway.desk.states import StateKind
from gateway.desk.ticket import Nature, Ticket
from gateway.desk.workflow_load import load, presets

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ANA = 7
PLACES = [(name, state.name) for name in presets() for state in load(name).states]
GIVEN: dict[Action, dict[str, str]] = {Action.SURVEY: {"score": "4"}, Action.DISPUTE: {"proposed": "HW1"}}


def ticket(state: str, **given: Any) -> Ticket:
    return Ticket(
        **{
            "id": 1,
            "subject": "La impresora",
            "state": state,
            "area": "support",
            "requester_id": ANA,
            "created_at": MONDAY,
            "updated_at": MONDAY,
            "state_since": MONDAY,
        }
        | given
    )


def seen(name: str, state: str, *, kind: str = "customer", after: timedelta = timedelta(), **given: Any) -> Outlook:
    return outlook(
        ticket(state, **given),
        workflow=load(name),
        calendar=always(),
        standing=Standing(kind=kind),
        now=MONDAY + after,
    )


@pytest.mark.parametrize(("name", "state"), PLACES)
def test_every_button_does_something_and_what_has_no_button_would_be_refused(name: str, state: str) -> None:
    """An approval that leaves the state is the exception: it was given already."""
    one, workflow = ticket(state), load(name)
    done = {
        action
        for action in BUTTONS
        if isinstance(
            change := act(
                one,
                action,
                actor=Actor(ANA, ActorKind.REQUESTER),
                workflow=workflow,
                now=MONDAY,
                text="Sigue igual.",
                parameters=GIVEN.get(action, {}),
            ),
            Change,
        )
        and (action is not Action.APPROVE or change.ticket.state != state)
    }

    assert seen(name, state).offered == done


def test_the_buttons_of_a_requester_by_state() -> None:
    assert seen("approval", "approval").offered == {Action.APPROVE, Action.REFUSE}
    assert seen("approval", "process").offered == set()
    assert seen("default", "solved").offered == {Action.CLOSE}
    assert seen("validation", "validation").offered == {Action.APPROVE, Action.REFUSE, Action.SURVEY}
    assert seen("validation", "validation", kind="channel").offered >= {Action.DISPUTE}
    assert seen("validation", "asked_to_close").offered == {Action.REFUSE, Action.SURVEY}
    assert seen("validation", "closed", kind="channel").offered == set()


def test_the_survey_is_that_of_the_kind_of_ticket() -> None:
    of_incident = seen("assignment", "finished", nature=Nature.INCIDENT).survey
    of_request = seen("assignment", "finished", nature=Nature.REQUEST).survey

    assert of_incident is not None
    assert of_request is not None
    assert (list(of_incident.questions), list(of_request.questions)) == (["speed", "again"], ["clarity"])
    assert seen("assignment", "in_process").survey is None


def test_it_says_when_the_ticket_closes_by_itself_as_long_as_that_is_ahead() -> None:
    six_days = timedelta(days=6)

    assert seen("approval", "approval").closes_at == MONDAY + six_days
    assert seen("approval", "approval", after=six_days).closes_at is None
    assert seen("approval", "process").closes_at is None


def test_a_closed_ticket_says_how_long_a_message_takes_it_up_again() -> None:
    closed = seen("default", "closed", closed_at=MONDAY)
    grace = load("default").grace

    assert grace is not None
    assert (closed.kind, closed.reopens_until) == (StateKind.FINAL, MONDAY + grace)
    assert seen("default", "closed", closed_at=MONDAY, after=grace).reopens_until is None
    assert seen("validation", "closed", closed_at=MONDAY).reopens_until is None
    assert seen("default", "solved").reopens_until is None


def test_what_is_promised_is_there_until_its_time() -> None:
    promised = seen("approval", "process", category="platform").times

    assert [(labels["es"], at) for labels, at in promised] == [
        ("Problemas de la plataforma", MONDAY + timedelta(days=5))
    ]
    assert seen("approval", "process", category="platform", after=timedelta(days=5)).times == ()


def test_it_knows_that_the_notices_were_stopped() -> None:
    assert seen("default", "open", fields={"quiet_notices": "yes"}).quiet
    assert not seen("default", "open").quiet
