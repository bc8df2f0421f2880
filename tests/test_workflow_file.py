"""A workflow file that cannot be used says where, what is wrong, and what was probably meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.desk.actions import Action, Happening, Refusal, Refused, act
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.ticket import Ticket
from gateway.desk.workflow import Workflow
from gateway.desk.workflow_load import load, presets
from gateway.errors import SettingsError

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)

SMALL = """\
[follow_up]
grace = "36 hours"

[[state]]
name = "new"
kind = "new"
label = { es = "Nuevo", en = "New", pt = "Novo" }

[[state]]
name = "done"
kind = "final"
label.es = "Hecho"
label.en = "Done"
label.pt = "Feito"

[[transition]]
on = "received"
to = "new"
notices = { requester = "receipt", team = ["alert"] }

[[transition]]
on = "customer_replied"
from = "done"
to = "new"

[[transition]]
action = "close"
from = "new"
to = "done"
by = ["agent", "requester"]
requires = ["text"]
notices.requester = "closed"

[[transition]]
action = "reject"
from = ["new"]
to = "done"
by = "supervisor"

[[reason]]
name = "spam"
for = "reject"
label = { es = "No deseado", en = "Unwanted", pt = "Indesejado" }
"""


def loaded(tmp_path: Path, text: str) -> Workflow:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    return load(file)


def trouble(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text)
    return str(caught.value).replace(str(tmp_path) + "/", "")


def test_a_small_workflow_is_read_as_it_is_written(tmp_path: Path) -> None:
    workflow = loaded(tmp_path, SMALL)

    assert workflow.name == "mine"
    assert workflow.first.name == "new"
    assert workflow.grace == timedelta(hours=36)
    assert workflow.offered == (Action.CLOSE, Action.REJECT)
    assert workflow.state("done").labels == {"es": "Hecho", "en": "Done", "pt": "Feito"}
    close = workflow.transition(Action.CLOSE, "new", {ActorKind.REQUESTER})
    assert close is not None
    assert (close.to, close.requires, close.notices) == ("done", ("text",), (("requester", "closed"),))
    assert workflow.transition(Action.CLOSE, "new", {Role.SUPERVISOR}) is None
    assert workflow.transition(Action.CLOSE, "done", {Role.AGENT}) is None
    assert workflow.transition(Happening.CUSTOMER_REPLIED, "done") is not None
    assert [reason.name for reason in workflow.reasons_for(Action.REJECT)] == ["spam"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"36 hours"', '"soon"', "mine.toml:2: follow_up.grace: has to be a time such as '14 days'"),
        ('"36 hours"', "14", "mine.toml:2: follow_up.grace: has to be text that is not empty"),
        ("grace =", "grase =", "mine.toml:1: follow_up.grace: is missing; is 'grase' meant to be it?"),
        ('"36 hours"', '"1 day"\nmax = 1', "mine.toml:3: follow_up.max: unknown key"),
        ("[follow_up]", "[followup]", "mine.toml:1: followup: unknown key; did you mean 'follow_up'?"),
        ("[follow_up]", "[[follow_up]]", "mine.toml:1: follow_up: has to be a table"),
        ('kind = "new"', 'kind = "nwe"', "mine.toml:6: state.kind: unknown kind of state 'nwe'; did you mean 'new'?"),
        ('kind = "new"', 'kind = "x"', "mine.toml:6: state.kind: unknown kind of state 'x'; known are final, new,"),
        ('kind = "new"', "", "mine.toml:4: state.kind: is missing"),
        ('kind = "new"', 'kind = "new"\ntimer = 1', "mine.toml:7: state.timer: unknown key"),
        (', pt = "Novo"', "", "mine.toml:7: state.label.pt: is missing"),
        (', pt = "Novo"', ', pt = " "', "mine.toml:7: state.label.pt: has to be text that is not empty"),
        (', pt = "Novo"', ', pt = "Novo", fr = "Neuf"', "mine.toml:7: state.label.fr: unknown key"),
        ('label.pt = "Feito"', "", "mine.toml:12: state.label.pt: is missing"),
        ('label.pt = "Feito"', "label.pt = 3", "mine.toml:14: state.label.pt: has to be text"),
        ('name = "done"', 'name = "new"', "mine.toml:10: state.name: state 'new' stands twice"),
        ('on = "received"', 'on = "recieved"', "mine.toml:17: transition.on: unknown happening 'recieved'; did you"),
        (
            'on = "received"',
            'on = "time_passed"',
            "mine.toml:17: transition.on: what time does is written as [[timer]]",
        ),
        ('on = "received"', 'on = "customer_replied"', "mine.toml:16: transition.from: is missing"),
        (
            'on = "customer_replied"\nfrom = "done"',
            'on = "received"',
            "mine.toml:22: transition.on: a second transition for 'received'",
        ),
        ('on = "received"', "", "mine.toml:16: transition: needs either 'action'"),
        ('on = "received"', 'on = "received"\naction = "note"', "mine.toml:16: transition: needs either 'action'"),
        (
            'to = "new"\nnotices',
            'to = "nwe"\nnotices',
            "mine.toml:18: transition.to: unknown state 'nwe'; did you mean 'new'?",
        ),
        ('to = "new"\nnotices', "notices", "mine.toml:16: transition.to: is missing"),
        (
            'requester = "receipt"',
            'requester = "reciept"',
            "mine.toml:19: transition.notices: unknown letter 'reciept'; did you mean 'receipt'?",
        ),
        ("team =", "teem =", "mine.toml:19: transition.notices: unknown audience 'teem'; did you mean 'team'?"),
        ('["alert"]', "[]", "mine.toml:19: transition.notices.team: has to be a list of text that is not empty"),
        ('from = "done"', 'from = "doen"', "mine.toml:23: transition.from: unknown state 'doen'; did you mean 'done'?"),
        (
            'from = "done"',
            'from = ["done", "done"]',
            "mine.toml:23: transition.from: 'done' stands in it twice",
        ),
        ('"close"', '"clos"', "mine.toml:27: transition.action: unknown action 'clos'; did you mean 'close'?"),
        ('"agent", "r', '"agente", "r', "mine.toml:30: transition.by: unknown role 'agente'; did you mean 'agent'?"),
        ('by = ["agent", "requester"]', "", "mine.toml:26: transition.by: is missing"),
        ('["text"]', '["txt"]', "mine.toml:31: transition.requires: unknown requirement 'txt'; did you mean 'text'?"),
        (
            'action = "reject"\nfrom = ["new"]\nto = "done"\nby = "supervisor"',
            'action = "close"\nfrom = "any"\nby = "agent"',
            "mine.toml:36: transition.from: 'close' in state 'new' stands twice",
        ),
        (
            'from = "new"\nto = "done"',
            'from = "done"\nto = "new"',
            "mine.toml:29: transition.to: 'close' cannot leave the final state 'done'; only 'reopen' can",
        ),
        (
            'for = "reject"',
            'for = "close"',
            "mine.toml:42: reason.for: unknown action with a reason 'close'; known are",
        ),
        ('for = "reject"', "", "mine.toml:40: reason.for: is missing"),
        (
            'from = "done"\nto = "new"',
            'from = "done"',
            "mine.toml:2: follow_up.grace: has no effect: no transition on 'customer_replied'",
        ),
        ("[[state]]", "[[state]", "mine.toml:4: is not TOML"),
        ('"spam"', '"spam"\nname = "spam"', "mine.toml:42: is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_right_word(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in SMALL

    assert trouble(tmp_path, SMALL.replace(old, new, 1)).startswith(words)


def state(name: str, kind: str) -> str:
    return f'\n[[state]]\nname = "{name}"\nkind = "{kind}"\nlabel = {{ es = "x", en = "x", pt = "x" }}\n'


def step(action: str, from_: str, to: str) -> str:
    return f'\n[[transition]]\naction = "{action}"\nfrom = "{from_}"\nto = "{to}"\nby = "agent"\n'


def test_a_state_that_no_transition_leads_to_is_an_error(tmp_path: Path) -> None:
    text = SMALL + state("lost", "open") + step("solve", "lost", "done")

    assert (
        trouble(tmp_path, text) == "mine.toml:46: state.name: state 'lost' cannot be reached: no transition leads to it"
    )


def test_states_that_lead_only_to_each_other_are_dead_ends(tmp_path: Path) -> None:
    text = SMALL + state("here", "open") + state("there", "open")
    text += step("wait", "new", "here") + step("wait", "here", "there") + step("wait", "there", "here")

    assert trouble(tmp_path, text) == (
        "mine.toml:46: state.name: state 'here' is a dead end: no way leads from it to a final state"
    )


def test_a_workflow_without_a_beginning_is_an_error(tmp_path: Path) -> None:
    text = SMALL.replace(
        'on = "received"\nto = "new"\nnotices = { requester = "receipt", team = ["alert"] }',
        'action = "note"\nfrom = "new"\nby = "agent"',
    )

    assert trouble(tmp_path, text) == "mine.toml:16: transition: none has on = 'received': a new ticket has no state"


def test_a_reason_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    text = SMALL + SMALL[SMALL.index("[[reason]]") :]

    assert trouble(tmp_path, text) == "mine.toml:45: reason.name: reason 'spam' stands twice"


@pytest.mark.parametrize("text", ["", "state = 1", "state = []", "[state]\nname = 'new'"])
def test_a_file_without_states_is_an_error(tmp_path: Path, text: str) -> None:
    assert ": state: " in trouble(tmp_path, text)


def test_lines_are_counted_past_text_of_several_lines(tmp_path: Path) -> None:
    text = SMALL.replace('es = "Nuevo", en = "New", pt = "Novo"', "").replace(
        "label = {  }", 'label.es = """\n[[state]]\nkind = 1\n"""\nlabel.en = "New"\nlabel.pt = "Novo"', 1
    )
    assert loaded(tmp_path, text).state("new").labels["es"] == "[[state]]\nkind = 1"

    assert trouble(tmp_path, text.replace('"final"', '"fnal"')).startswith("mine.toml:16: state.kind: unknown kind")


def test_a_preset_is_found_by_its_name_and_a_wrong_name_gets_the_nearest() -> None:
    assert "default" in presets()
    assert load("default").name == "default"
    with pytest.raises(SettingsError, match="No workflow preset is named 'defualt'; did you mean 'default'"):
        load("defualt")
    with pytest.raises(SettingsError, match="there are approval, assignment, default, response-targets"):
        load("zzzzzzz")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")

    with pytest.raises(SettingsError, match=r"absent\.toml: cannot be read: No such file"):
        load(str(tmp_path / "absent.toml"))
    with pytest.raises(SettingsError, match=r"latin\.toml: is not text in UTF-8"):
        load(tmp_path / "latin.toml")


@pytest.mark.parametrize("name", presets())
def test_every_preset_that_ships_can_be_loaded(name: str) -> None:
    assert load(name).first.name


def test_a_state_that_the_file_no_longer_has_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has no state 'gone', but a ticket is in it: put the state back"):
        loaded(tmp_path, SMALL).state("gone")


def test_grace_none_never_reopens(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALL.replace("36 hours", "none")).grace is None


def test_a_state_is_hidden_from_those_who_may_not_see_it(tmp_path: Path) -> None:
    text = SMALL.replace('kind = "new"', 'kind = "new"\nvisible_to = ["supervisor"]')
    workflow = loaded(tmp_path, text)
    agent, supervisor = (
        Actor(number, ActorKind.PERSON, frozenset({role})) for number, role in ((2, Role.AGENT), (3, Role.SUPERVISOR))
    )

    assert not workflow.visible("new", agent.roles)
    assert workflow.visible("new", supervisor.roles)
    assert workflow.visible("done", agent.roles)
    outcome = act(ticket(), Action.CLOSE, actor=agent, workflow=workflow, now=NOW, text="Hecho")
    assert isinstance(outcome, Refused)
    assert outcome.reason is Refusal.NOT_PERMITTED
    assert outcome.words["en"].endswith("Those who can: supervisor.")


def test_a_field_that_a_transition_requires_may_be_on_the_ticket_already(tmp_path: Path) -> None:
    workflow = loaded(tmp_path, SMALL.replace('["text"]', '["category"]'))
    agent = Actor(2, ActorKind.PERSON, frozenset({Role.AGENT}))

    without = act(ticket(), Action.CLOSE, actor=agent, workflow=workflow, now=NOW)
    having = act(ticket(category="Red"), Action.CLOSE, actor=agent, workflow=workflow, now=NOW)

    assert isinstance(without, Refused)
    assert (without.reason, without.parameter) == (Refusal.MISSING, "category")
    assert not isinstance(having, Refused)


def test_text_for_the_requester_goes_out_where_a_transition_names_no_letter(tmp_path: Path) -> None:
    workflow = loaded(tmp_path, SMALL.replace('notices.requester = "closed"', ""))
    agent = Actor(2, ActorKind.PERSON, frozenset({Role.AGENT}))

    outcome = act(ticket(), Action.CLOSE, actor=agent, workflow=workflow, now=NOW, text="Hecho")

    assert not isinstance(outcome, Refused)
    assert [(one.letter, one.variables["text"]) for one in outcome.notices] == [("answer", "Hecho")]


def test_an_answer_without_text_is_not_sent(tmp_path: Path) -> None:
    workflow = loaded(tmp_path, SMALL.replace('notices.requester = "closed"', 'notices.requester = "answer"'))
    workflow = replace(workflow, transitions=tuple(replace(step, requires=()) for step in workflow.transitions))
    agent = Actor(2, ActorKind.PERSON, frozenset({Role.AGENT}))

    outcome = act(ticket(), Action.CLOSE, actor=agent, workflow=workflow, now=NOW)

    assert not isinstance(outcome, Refused)
    assert outcome.notices == ()


def test_who_may_do_it_only_in_another_state_is_told_who_may_do_it_in_this_one(tmp_path: Path) -> None:
    text = SMALL + '\n[[transition]]\naction = "note"\nfrom = "new"\nby = "agent"\n'
    workflow = loaded(tmp_path, text + '\n[[transition]]\naction = "note"\nfrom = "done"\nby = "supervisor"\n')
    supervisor = Actor(3, ActorKind.PERSON, frozenset({Role.SUPERVISOR}))

    outcome = act(ticket(), Action.NOTE, actor=supervisor, workflow=workflow, now=NOW, text="Hola")

    assert isinstance(outcome, Refused)
    assert outcome.reason is Refusal.NOT_PERMITTED
    assert outcome.words["en"].endswith("Those who can: agent.")


def ticket(*, category: str = "") -> Ticket:
    return Ticket(
        id=7,
        subject="Impresora",
        state="new",
        area="support",
        requester_id=1,
        created_at=NOW,
        updated_at=NOW,
        state_since=NOW,
        category=category,
    )
