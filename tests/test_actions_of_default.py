"""Every cell of the default workflow: what each action does in each state, for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.desk.actions import Action, Change, Happening, Refusal, Refused, act, happen
from gateway.desk.called import called
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.workflow_load import load

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DEFAULT = load("default")
REQUESTER, AGENT = 1, 2

# "=" the state stays, "-" refused in this state; else the state it goes to.
CELLS = """
            new        open       waiting    solved     closed     rejected   cancelled
reply       open       =          =          =          =          =          =
note        =          =          =          =          =          =          =
take        open       =          =          =          -          -          -
assign      open       =          =          =          -          -          -
classify    =          =          =          =          -          -          -
wait        waiting    waiting    =          -          -          -          -
incomplete  waiting    waiting    =          -          -          -          -
solve       solved     solved     solved     -          -          -          -
close       closed     closed     closed     closed     -          -          -
reopen      -          -          -          open       open       open       open
reject      rejected   rejected   rejected   -          -          -          -
cancel      cancelled  cancelled  cancelled  cancelled  -          -          -
merge       closed     closed     closed     closed     -          -          -
split       =          =          =          =          -          -          -
link        =          =          =          =          =          =          =
time        =          =          =          =          =          =          =
record      =          =          =          =          =          =          =
"""
NOT_OFFERED = [
    *("move", "escalate", "mention", "prepare", "contribute", "approve", "refuse", "survey", "dispute", "check"),
]

GIVEN = {
    "assign": {"owner": "3"},
    "classify": {"category": "Impresoras"},
    "reject": {"reason": "not_ours"},
    "cancel": {"reason": "se repite"},
    "link": {"to": "#12"},
    "merge": {"to": "#12"},
    "time": {"time": "15m"},
    "record": {"origin": "phone"},
}

ACTORS = {
    "agent": Actor(AGENT, ActorKind.PERSON, frozenset({Role.AGENT})),
    "supervisor": Actor(4, ActorKind.PERSON, frozenset({Role.SUPERVISOR})),
    "administrator": Actor(5, ActorKind.PERSON, frozenset({Role.ADMINISTRATOR})),
    "requester": Actor(REQUESTER, ActorKind.REQUESTER),
    "another requester": Actor(6, ActorKind.REQUESTER),
    "participant": Actor(7, ActorKind.PARTICIPANT),
    "person without a role": Actor(8, ActorKind.PERSON),
    "system": Actor(None, ActorKind.SYSTEM),
}
PERMITTED = {
    "agent": "all",
    "supervisor": "all",
    "administrator": "all",
    "requester": "close",
}


def ticket(state: str = "new", **more: object) -> Ticket:
    before = NOW - timedelta(hours=1)
    plain = Ticket(
        id=7,
        subject="Impresora",
        state=state,
        area="support",
        requester_id=REQUESTER,
        created_at=before,
        updated_at=before,
        state_since=before,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def cells() -> list[tuple[str, str, str]]:
    header, *rows = CELLS.strip("\n").splitlines()
    return [
        (action, state, to)
        for row in rows
        for action, *targets in [row.split()]
        for state, to in zip(header.split(), targets, strict=True)
    ]


def do(action: str, state: str, actor: Actor) -> Change | Refused:
    return act(
        ticket(state),
        Action(action),
        actor=actor,
        workflow=DEFAULT,
        now=NOW,
        text="Mire el cable, por favor.",
        parameters=GIVEN.get(action, {}),
    )


def test_the_table_has_every_state_and_every_action() -> None:
    states = {state for _, state, _ in cells()}
    actions = {action for action, _, _ in cells()}

    assert states == {state.name for state in DEFAULT.states}
    assert actions == set(DEFAULT.offered)
    assert actions | set(NOT_OFFERED) == set(Action)


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize(("action", "state", "to"), cells())
def test_each_action_in_each_state_for_each_actor(action: str, state: str, to: str, who: str) -> None:
    outcome = do(action, state, ACTORS[who])

    if PERMITTED.get(who) not in ("all", action):
        assert isinstance(outcome, Refused)
        assert outcome.reason is Refusal.NOT_PERMITTED
    elif to == "-":
        assert isinstance(outcome, Refused)
        assert outcome.reason is Refusal.NOT_IN_STATE
    else:
        assert isinstance(outcome, Change)
        assert outcome.ticket.state == (state if to == "=" else to)
        assert outcome.entered_state == (to not in ("=", state))
        assert [event.action for event in outcome.events] == [action]


@pytest.mark.parametrize("state", [state.name for state in DEFAULT.states])
@pytest.mark.parametrize("action", NOT_OFFERED)
def test_what_default_does_not_offer_is_refused_with_what_it_offers(action: str, state: str) -> None:
    outcome = do(action, state, ACTORS["administrator"])

    assert isinstance(outcome, Refused)
    assert outcome.reason is Refusal.NOT_OFFERED
    assert f"«{called(action, 'es')}»" in outcome.words["es"]
    assert "reply, note, take" in outcome.words["en"]


@pytest.mark.parametrize(
    ("state", "to", "follow_up"),
    [
        ("new", "new", False),
        ("open", "open", False),
        ("waiting", "open", False),
        ("solved", "open", False),
        ("closed", "open", False),
        ("rejected", "rejected", True),
        ("cancelled", "cancelled", True),
    ],
)
def test_a_customers_reply_in_each_state(state: str, to: str, follow_up: bool) -> None:
    before = ticket(state, closed_at=NOW - timedelta(days=1))

    change = happen(before, Happening.CUSTOMER_REPLIED, workflow=DEFAULT, now=NOW, verified=True)

    assert (change.ticket.state, change.follow_up) == (to, follow_up)
    assert change.entered_state == (to != state)
    assert (change.ticket.last_customer_at == NOW) is not follow_up


@pytest.mark.parametrize("state", [state.name for state in DEFAULT.states])
def test_time_alone_changes_nothing_in_default(state: str) -> None:
    before = ticket(state)

    change = happen(before, Happening.TIME_PASSED, workflow=DEFAULT, now=NOW, verified=True)

    assert change == Change(ticket=before)


LETTERS = [
    ("reply", "new", ["requester answer"]),
    ("note", "open", []),
    ("take", "new", []),
    ("assign", "new", ["owner alert"]),
    ("classify", "new", []),
    ("wait", "open", ["requester answer"]),
    ("incomplete", "new", ["requester incomplete"]),
    ("solve", "open", ["requester solved"]),
    ("close", "open", ["requester closed"]),
    ("reopen", "closed", ["requester state_changed"]),
    ("reject", "new", ["requester rejected"]),
    ("cancel", "open", ["requester cancelled"]),
    ("link", "open", []),
    ("time", "open", []),
    ("record", "open", []),
]


@pytest.mark.parametrize(("action", "state", "letters"), LETTERS)
def test_each_action_sends_its_letters(action: str, state: str, letters: list[str]) -> None:
    outcome = do(action, state, ACTORS["agent"])

    assert isinstance(outcome, Change)
    assert [f"{notice.to} {notice.letter}" for notice in outcome.notices] == letters


def test_only_reopening_and_a_reply_within_the_grace_time_leave_a_final_state() -> None:
    final = {state.name for state in DEFAULT.states if state.kind is StateKind.FINAL}
    leaving = {action for action, state, to in cells() if state in final and to not in ("=", "-")}

    assert final == {"closed", "rejected", "cancelled"}
    assert leaving == {"reopen"}
