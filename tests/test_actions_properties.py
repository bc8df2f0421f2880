"""What holds for any action, in any state, with any words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.desk.actions import Action, Change, Happening, Refused, act, happen
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.states import StateKind
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import PARAMETERS
from gateway.desk.words import LANGUAGES
from gateway.desk.workflow_load import load

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DEFAULT = load("default")
STATES = {state.name for state in DEFAULT.states}
FINAL = {state.name for state in DEFAULT.states if state.kind is StateKind.FINAL}
NAMES = sorted({name for names in PARAMETERS.values() for name in names})

plausible = st.sampled_from(
    ["1", "3", "none", "yes", "15m", "1h30", "es", "incident", "a,b", "+a,-b", "phone", "not_ours", "2027-03-05", "#9"]
)
tickets = st.builds(
    Ticket,
    id=st.just(7),
    subject=st.just("Impresora"),
    state=st.sampled_from(sorted(STATES)),
    area=st.just("support"),
    requester_id=st.just(1),
    created_at=st.just(NOW - timedelta(days=30)),
    updated_at=st.just(NOW - timedelta(days=30)),
    state_since=st.just(NOW - timedelta(days=30)),
    owner_id=st.sampled_from([None, 2, 3]),
    tags=st.sampled_from([(), ("a",)]),
    closed_at=st.sampled_from([None, NOW - timedelta(days=1), NOW - timedelta(days=20)]),
)
actors = st.builds(
    Actor,
    person_id=st.sampled_from([None, 1, 2]),
    kind=st.sampled_from(ActorKind),
    roles=st.frozensets(st.sampled_from(Role)),
)
parameters = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=10), plausible | st.text(max_size=20), max_size=3
)


@settings(max_examples=600, deadline=None)
@given(
    ticket=tickets,
    action=st.sampled_from(Action),
    actor=actors,
    text=st.sampled_from(["", " ", "Mire el cable"]),
    parameters=parameters,
)
def test_an_action_is_done_whole_or_refused_in_words(
    ticket: Ticket, action: Action, actor: Actor, text: str, parameters: dict[str, str]
) -> None:
    outcome = act(ticket, action, actor=actor, workflow=DEFAULT, now=NOW, text=text, parameters=parameters)

    if isinstance(outcome, Refused):
        assert all(outcome.words[language].strip() for language in LANGUAGES)
        return
    after = outcome.ticket
    assert after.state in STATES
    if ticket.state in FINAL:
        assert after.state == ticket.state or action is Action.REOPEN
    assert outcome.entered_state == (after.state != ticket.state)
    assert (after.closed_at is not None) == (after.state in FINAL) or after.state == ticket.state
    assert after.version == ticket.version
    assert after.time_spent >= ticket.time_spent
    assert (after.id, after.requester_id, after.created_at) == (ticket.id, ticket.requester_id, ticket.created_at)
    assert len(outcome.events) == 1
    if outcome.message is not None and not outcome.message.public:
        assert all("text" not in notice.variables for notice in outcome.notices if notice.to == "requester")


@settings(max_examples=300, deadline=None)
@given(ticket=tickets, happening=st.sampled_from(Happening), verified=st.booleans())
def test_what_happens_leaves_a_known_state_and_never_counts_as_an_answer(
    ticket: Ticket, happening: Happening, verified: bool
) -> None:
    change = happen(ticket, happening, workflow=DEFAULT, now=NOW, verified=verified)

    assert change.ticket.state in STATES
    assert change.ticket.last_agent_return_at is ticket.last_agent_return_at
    assert change.message is None
    if change.follow_up:
        assert change == Change(ticket=ticket, follow_up=True)
        assert ticket.state in FINAL
    if ticket.state in FINAL and happening is Happening.CUSTOMER_REPLIED and not change.follow_up:
        assert (ticket.state, change.ticket.state) == ("closed", "open")


@settings(max_examples=100, deadline=None)
@given(ticket=tickets, action=st.sampled_from(Action), parameters=parameters)
def test_an_action_depends_on_nothing_but_what_it_is_given(
    ticket: Ticket, action: Action, parameters: dict[str, str]
) -> None:
    agent = Actor(2, ActorKind.PERSON, frozenset({Role.AGENT}))
    first, second = (
        act(replace(ticket), action, actor=agent, workflow=load("default"), now=NOW, parameters=dict(parameters))
        for _ in range(2)
    )

    assert first == second
