"""The event log: each change leaves who, when and by which mail, and nothing is ever edited away."""

import ast
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.cli.common import by_hand
from gateway.desk.event_words import how_long, what, who
from gateway.desk.history_words import WORDS
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import LANGUAGES
from gateway.store.tables import event, person
from gateway.work import event_log, release, retry
from gateway.work.breaker import release as release_breaker
from gateway.work.enrol import enrol
from gateway.work.joining import merge_people
from gateway.work.organisations import organise
from tests.desk_days import DeskDays, desk
from tests.documents import ROOT
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NOON, World, mail, reply_to

__all__ = ["desk"]


def log(world: World, **asked: Any) -> list[tuple[str, str, str]]:
    """(who, what, by which) of these events, as people read them."""
    found = event_log.events(world.office, **asked)
    return [
        (who(one.actor_kind, one.actor_name, one.actor), what(one.action, one.data, one.names), one.cause)
        for one in found
    ]


def newest(world: World, action: str) -> Any:
    return world.rows(event, event.c.action == action)[-1]


# --- nothing is edited away -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        event.update().values(action="never happened"),
        event.update().where(event.c.id == 1).values(data={}),
        event.delete(),
        event.delete().where(event.c.id == 1),
        sa.text("UPDATE event SET at = at"),
    ],
)
def test_an_event_is_never_changed_or_taken_away(world: World, statement: Any) -> None:
    """The database itself refuses, whoever tries and by whatever program, and says why."""
    world.ticket_of(ANA)
    before = world.rows(event)

    with pytest.raises(DBAPIError, match="events are never changed or taken away"):
        world.write(statement)
    assert world.rows(event) == before


def test_who_is_merged_keeps_what_they_did_under_their_number(world: World) -> None:
    """The log of who remains has it all; no event was written anew."""
    number = world.ticket_of(ANA)
    ana, bruno = world.person(ANA).id, world.person(BRUNO).id
    before = len(world.rows(event))
    world.write(person.update().where(person.c.id == ana).values(merged_into=bruno))

    assert ("Bruno Díaz <bruno@firm.example>", "opened; sender proven", "m-1") in log(world, person=BRUNO)
    assert [row.actor_id for row in world.events(number)] == [ana]
    assert len(world.rows(event)) == before


def test_after_a_merging_the_log_names_both_as_they_were(world: World) -> None:
    number = world.ticket_of(EVA)
    merge_people(world.office, BRUNO, EVA, now=world.now)
    merge_people(world.office, LUIS, BRUNO, now=world.now)

    said = log(world, ticket=number)
    assert said[0][0] == EVA
    assert f"requester: {EVA} → {BRUNO}" in "; ".join(what for _, what, _ in said)
    assert f"requester: {BRUNO} → {LUIS}" in "; ".join(what for _, what, _ in said)
    assert said[0] in log(world, person=LUIS)


def test_every_event_has_words_in_each_language() -> None:
    """Each that the program writes, by the name under which it writes it."""
    written = set(Action) | set(Happening) | set(_written_in_the_source())

    assert {"mail", "person changed", "organisation made", "notices wanted"} <= written
    assert sorted(written - set(WORDS)) == []
    assert all(sorted(labels) == sorted(LANGUAGES) for labels in WORDS.values())


def _written_in_the_source() -> Iterator[str]:
    for path in (ROOT / "gateway").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if called in ("event", "_event", "_write_event", "write_event", "told"):
                given = [*call.args, *(one.value for one in call.keywords if one.arg == "action")]
                said = [part for one in given if isinstance(one, ast.Constant | ast.IfExp) for part in _ends(one)]
                yield from (part.value for part in said if isinstance(part.value, str))


def _ends(node: ast.Constant | ast.IfExp) -> list[ast.Constant]:
    ends = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    return [one for one in ends if isinstance(one, ast.Constant)]


# --- each change leaves one -------------------------------------------------------------------------------------------


def test_the_log_of_a_ticket_says_when_who_what_and_by_which_mail(desk: DeskDays) -> None:
    desk.opened_by("response-targets")
    world = desk.world
    number = desk.ticket()
    world.act(number, "take", by=LUIS, priority="1")
    world.later(minutes=2)
    world.act(number, "reply", by=LUIS, text="¿Qué dice la pantalla?", time="1h25m")
    desk.answers("Dice «Error 49».")
    desk.passing(hours=5)
    world.act(number, "assign", by=MARTA, owner=MARTA)
    world.act(number, "mention", by=MARTA, level="senior")

    assert log(world, ticket=number) == [
        ("Ana Pérez <ana@firm.example>", "opened; sender proven", "m-1"),
        (
            "Luis Gómez <luis@staff.example>",
            f"took it; state: new → in_process; priority: 2 → 1; owner: nobody → {LUIS}",
            "a test",
        ),
        ("Luis Gómez <luis@staff.example>", "answered the requester; 1 h 25 min spent", "a test"),
        ("Ana Pérez <ana@firm.example>", "a mail was kept; entry: message", "m-2"),
        ("Ana Pérez <ana@firm.example>", "the requester wrote; sender proven", "m-2"),
        ("the clock", "time passed; timer: target update ahead", "timer target update ahead"),
        ("the clock", "time passed; overdue: nothing → update; timer: target update", "timer target update"),
        ("Marta Ruiz <marta@staff.example>", f"assigned it; owner: {LUIS} → {MARTA}", "a test"),
        ("Marta Ruiz <marta@staff.example>", "asked for help; asked: senior", "a test"),
    ]


def test_the_log_of_a_person_has_what_they_did_and_what_was_done_to_them(world: World) -> None:
    world.ticket_of(ANA)
    enrol(world.office, ANA, now=world.now, state="inactive", cause="the command line: root")

    said = log(world, person=ANA)

    assert said[0][:2] == ("an operator", "person made; name: Ana Pérez; language: es")
    assert said[1] == ("Ana Pérez <ana@firm.example>", "opened; sender proven", "m-1")
    assert said[2] == ("an operator", "person changed; state: active → inactive", "the command line: root")
    assert all(LUIS not in who for who, _, _ in said)


def test_the_log_begins_and_ends_when_asked_and_can_be_the_newest_only(world: World) -> None:
    first = world.ticket_of(ANA)
    world.later(hours=1)
    second = world.ticket_of(BRUNO, subject="Otra cosa", text="No puedo entrar al correo.")
    world.later(hours=1)
    world.act(second, "take", by=LUIS)
    opened, hour = NOON, timedelta(hours=1)

    def numbers(**asked: Any) -> list[int | None]:
        return [one.ticket for one in event_log.events(world.office, **asked) if one.ticket]

    assert numbers() == [first, second, second]
    assert numbers(since=opened + hour) == [second, second]
    assert numbers(since=opened, until=opened + hour) == [first]
    assert numbers(newest=1) == [second]
    assert numbers(person=LUIS, since=opened) == [second]


def test_what_happens_to_people_without_a_ticket_is_in_the_log_too(world: World) -> None:
    """A sender who is new, a role with what it was before, an organisation and its domains."""
    raw = mail(from_=f"Eva <{EVA}>")
    world.receive(raw)
    enrol(world.office, LUIS, now=world.now, role="supervisor", areas=("support",))
    organise(world.office, "Firm", domains=["firm.example"], now=world.now)
    organise(world.office, "Firm", rename="Firm Ltd", now=world.now)

    made = newest(world, "person made")
    assert (made.person_id, made.cause, made.data) == (world.person(EVA).id, "m-1", {"state": "pending"})
    changed = newest(world, "person changed")
    assert changed.data == {"role": "supervisor", "areas": "support", "role_before": "agent in support"}
    assert newest(world, "organisation made").data == {"name": "Firm", "claimed": "firm.example"}
    assert newest(world, "organisation changed").data == {"name": "Firm Ltd", "name_before": "Firm"}


def test_what_an_operator_does_with_mail_and_addresses_is_in_the_log(world: World) -> None:
    from gateway.apply.breaker import EVERYBODY, Reason, trip
    from gateway.store import mails, suppressions
    from gateway.store.tables import delivery

    world.receive(mail())
    world.write(delivery.update().values(status="parked"))
    with world.office.database.write() as connection:
        trip(connection, EVERYBODY, Reason(5, 1), world.office.rules, now=world.now)
        suppressions.count_failure(
            connection, EVA, reason="no such user", hard=True, most=3, within=timedelta(days=1), now=world.now
        )
        assert mails.parked(connection) == [1]
    retry.replay(world.office, 1, now=world.now, cause="the command line: root")
    release.release(world.office, [EVA], now=world.now, cause="the command line: root")
    release_breaker(world.office, domain="", send=False, by="the command line: root", now=world.now)

    assert newest(world, "breaker on").data["scope"] == "*"
    for action, data in (
        ("replayed", {"mail": "m-1"}),
        ("released", {"address": EVA}),
        ("breaker released", {"scope": "*", "held": "dropped"}),
    ):
        found = newest(world, action)
        assert (found.actor_kind, found.cause, found.data) == ("operator", "the command line: root", data)


def test_an_earlier_answer_to_the_survey_stays_in_the_log_and_out_of_explain(desk: DeskDays) -> None:
    """A later answer takes the place of an earlier one in its row; a mail's words are not shown by `explain`."""
    desk.opened_by("validation")
    number = desk.ticket()
    desk.world.act(number, "solve", by=LUIS, text="Quedó lista.")
    desk.world.act(number, "survey", by=ANA, score="2", text="Tardaron mucho.")
    desk.world.act(number, "survey", by=ANA, score="5", text="Ahora sí.")
    from gateway.store.trails import _event

    said = [row for row in desk.world.events(number) if row.action == "survey"]
    assert [(row.data["score"], row.data["comment"]) for row in said] == [("2", "Tardaron mucho."), ("5", "Ahora sí.")]
    assert "Tardaron" not in _event(said[0])


def test_a_duplicate_that_is_suspected_and_a_follow_up_are_in_the_log(desk: DeskDays) -> None:
    desk.opened_by("validation")
    first = desk.ticket(text="La impresora del tercer piso no imprime nada desde ayer.")
    second = desk.ticket(text="La impresora del tercer piso no imprime nada desde ayer, de nuevo.")

    assert f"looks like a duplicate; suspect #{first}" in [said for _, said, _ in log(desk.world, ticket=second)]
    desk.world.act(first, "solve", by=LUIS, text="Quedó lista.")
    letter = desk.world.letters(to=ANA, letter="solved")[-1]
    desk.passing(days=12)
    assert desk.state(first) == "closed"
    follow_up = desk.world.receive(reply_to(letter, "Volvió a fallar.", s1=True)).ticket_id
    assert log(desk.world, ticket=follow_up)[0][1] == f"opened; sender proven; follows #{first}"


# --- the command ------------------------------------------------------------------------------------------------------


def run(world: World, *words: str) -> Any:
    settings = world.office.settings
    folder = settings.server.data
    (folder / "settings.toml").write_text(
        f'[server]\ndata = "{folder}"\nsecret = "a secret of this test, long enough to sign"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
        '[[area]]\nname = "support"\naddresses = ["support@desk.example"]\n'
    )
    return CliRunner().invoke(app, [*words, "--settings", str(folder / "settings.toml")])


def test_gateway_log_shows_the_events_as_a_table_and_as_json(world: World) -> None:
    number = world.ticket_of(ANA)
    done = run(world, "act", str(number), "take", "--by", LUIS)
    assert done.exit_code == 0, done.output
    shown = run(world, "log", "--ticket", str(number))
    last = json.loads(run(world, "log", "--ticket", str(number), "--last", "1", "--json").output)

    assert shown.output.splitlines()[0].split() == ["when", "who", "what", "by"]
    assert "Ana Pérez <ana@firm.example>" in shown.output
    assert "m-1" in shown.output
    assert (last["actor"], last["action"], last["ticket"], last["cause"]) == (LUIS, "take", number, by_hand())
    assert last["data"]["state_before"] == "new"
    assert last["what"] == f"took it; state: new → open; owner: nobody → {LUIS}"


def test_that_somebody_only_read_is_shown_where_it_is_asked_for(world: World) -> None:
    number = world.ticket_of(ANA)
    for text in ("#ver", "#lista\n#ver", "#tomar\n#ver"):
        world.receive(reply_to(world.letters(to=LUIS)[-1], text, s1=True))

    every = [one.data["commands"] for one in event_log.events(world.office) if one.action == "commands"]
    done = [one.data["commands"] for one in event_log.events(world.office, reading=False) if one.action == "commands"]
    assert (every, done) == (["view", "list, view", "take, view"], ["take, view"])
    assert "commands: view" not in run(world, "log").output
    assert "commands: view" in run(world, "log", "--ticket", str(number)).output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--ticket", "99"), "there is no ticket 99"),
        (("--person", "x@y.org"), "nobody has the address"),
        (("--since", "soon"), "is no time"),
    ],
)
def test_gateway_log_says_what_it_does_not_know(world: World, words: tuple[str, ...], says: str) -> None:
    said = run(world, "log", *words)

    assert (said.exit_code, says in said.output) == (1, True)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (60, "1 min"), (5100, "1 h 25 min"), (7200, "2 h"), (3599, "1 h")]
)
def test_how_long_something_took_is_said_in_hours_and_minutes(seconds: int, words: str) -> None:
    assert how_long(seconds) == words


def test_an_event_that_nobody_gave_words_to_is_still_readable() -> None:
    assert what("new_kind", {"thing": "7", "owner_id": "3", "owner_id_before": ""}, {"owner_id 3": LUIS}) == (
        f"new kind; owner: nobody → {LUIS}; thing: 7"
    )
    assert who("operator", "", "") == "an operator"
