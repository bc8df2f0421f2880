"""Somebody of the desk is away: by a command, on the command line, by their automatic reply; who hears instead."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.apply.absence import be_absent, be_back
from gateway.apply.orders import Order
from gateway.cli import common, view
from gateway.cli.app import app
from gateway.desk.away import OPEN_END, away_words
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import Labels
from gateway.errors import GatewayError
from gateway.inbound.declared_absences import back_on
from gateway.settings import Group
from gateway.store import people
from gateway.store.tables import event
from gateway.work import read
from gateway.work.tick import fire_due, plan_digests
from tests.world import ANA, LUIS, MARTA, NORA, World, mail, reply_to

MONDAY = date(2026, 11, 23)
OPEN = OPEN_END.date()
VACATION = {"Auto-Submitted": "auto-replied"}


# Until when, in words -------------------------------------------------------------------------------------------------

ES: dict[str, tuple[int, ...]] = {
    "2026-12-01": (2026, 12, 2),
    "01/12/2026": (2026, 12, 2),
    "1/12": (2026, 12, 2),
    "1 de diciembre": (2026, 12, 2),
    "hasta el 1 de diciembre": (2026, 12, 2),
    "hasta el lunes": (2026, 12, 1),
    "el próximo viernes": (2026, 11, 28),
    "vuelvo el viernes": (2026, 11, 27),
    "regreso el 2 de diciembre": (2026, 12, 2),
    "hoy": (2026, 11, 24),
    "mañana": (2026, 11, 25),
    "3": (2026, 11, 26),
    "3 días": (2026, 11, 26),
    "por tres días": (2026, 11, 26),
    "una semana": (2026, 11, 30),
    "hasta nuevo aviso": (OPEN.year, 1, 1),
    "": (OPEN.year, 1, 1),
}
EN: dict[str, tuple[int, ...]] = {
    "until Friday": (2026, 11, 28),
    "13/12": (2026, 12, 14),
    "December 1": (2026, 12, 2),
    "back on Friday": (2026, 11, 27),
    "today": (2026, 11, 24),
    "tomorrow": (2026, 11, 25),
    "2 weeks": (2026, 12, 7),
    "a week": (2026, 11, 30),
}
PT: dict[str, tuple[int, ...]] = {
    "até sexta": (2026, 11, 28),
    "01/12": (2026, 12, 2),
    "volto na sexta-feira": (2026, 11, 27),
    "hoje": (2026, 11, 24),
    "amanhã": (2026, 11, 25),
    "duas semanas": (2026, 12, 7),
    "3 dias": (2026, 11, 26),
}


@pytest.mark.parametrize(
    ("language", "value", "back"),
    [(language, *one) for language, said in (("es", ES), ("en", EN), ("pt", PT)) for one in said.items()],
)
def test_the_last_day_of_an_absence_is_read_in_three_languages(
    language: str, value: str, back: tuple[int, int, int]
) -> None:
    """Monday, 23 November: what is read is the first day on which they are there again."""
    assert back_on(value, today=MONDAY, language=language) == date(*back)


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("es", "20/11"),
        ("es", "2026-11-22"),
        ("es", "2028-01-01"),
        ("es", "31/12/9999"),
        ("es", "0"),
        ("es", "400 días"),
        ("es", "3 días hábiles"),
        ("es", "una"),
        ("es", "luego"),
        ("es", "del 1 al 5 de diciembre"),
        ("es", "desde el lunes hasta el viernes"),
        ("en", "from Monday to Friday"),
        ("en", "12/11"),
        ("pt", "de 1 a 5 de dezembro"),
    ],
)
def test_what_is_past_or_begins_later_or_may_be_another_day_is_not_guessed(language: str, value: str) -> None:
    assert back_on(value, today=MONDAY, language=language) is None


def test_a_name_with_braces_is_said_as_it_is() -> None:
    assert away_words("{day}", MONDAY)["es"].format(day="x") == "(day) está ausente y vuelve el x"


# By command -----------------------------------------------------------------------------------------------------------


def order(world: World, who: str, value: str = "", cause: str = "m-77") -> Order:
    area = world.office.rules.desk.areas["support"]
    return Order(
        person=world.person(who), address=who, area=area, kept=None, value=value, text="", files=(),
        rules=world.office.rules, now=world.now, cause=cause, delivery_id=77,
    )  # fmt: skip


def absent(world: World, who: str, value: str = "") -> Labels | Refused:
    with world.office.database.write() as connection:
        return be_absent(connection, order(world, who, value))


def back(world: World, who: str) -> Labels | Refused:
    with world.office.database.write() as connection:
        return be_back(connection, order(world, who))


def said(found: Labels | Refused) -> Labels:
    assert not isinstance(found, Refused), found
    assert set(found) == {"es", "en", "pt"}
    return found


def person_events(world: World, who: str) -> list[Any]:
    number = world.person(who).id
    return [one for one in world.rows(event, event.c.person_id == number) if one.action in ("absent", "back")]


def test_who_says_until_when_is_away_until_the_day_after_in_their_zone(world: World) -> None:
    world.known(LUIS, zone="America/Bogota")
    words = said(absent(world, LUIS, "hasta el 1 de diciembre"))

    assert world.person(LUIS).absent_until == datetime(2026, 12, 2, 5, 0, tzinfo=UTC)
    assert "vuelve el 2 de diciembre de 2026" in words["es"]
    assert "back on December 2, 2026" in words["en"]
    assert "volta em 2 de dezembro de 2026" in words["pt"]
    (written,) = person_events(world, LUIS)
    assert (written.action, written.cause, written.actor_id) == ("absent", "m-77", world.person(LUIS).id)


def test_the_day_counts_in_the_persons_zone(world: World) -> None:
    """At 3 in the morning in UTC it is still yesterday in Bogotá."""
    world.known(LUIS, zone="America/Bogota")
    world.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    said(absent(world, LUIS, "hoy"))

    assert world.person(LUIS).absent_until == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_who_says_nothing_more_is_away_until_they_say_that_they_are_back(world: World) -> None:
    words = said(absent(world, LUIS))
    world.later(days=800)
    assert world.person(LUIS).away(world.now)
    assert "#presente" in words["es"]
    assert "#back" in words["en"]

    said(back(world, LUIS))
    assert not world.person(LUIS).away(world.now)
    assert [one.action for one in person_events(world, LUIS)] == ["absent", "back"]


def test_back_of_who_was_not_away_changes_nothing(world: World) -> None:
    assert said(back(world, LUIS))["es"] == "No figuraba como ausente."
    assert person_events(world, LUIS) == []


def test_what_cannot_be_read_is_refused_with_examples_and_changes_nothing(world: World) -> None:
    found = absent(world, LUIS, "del 1 al 5 de diciembre")

    assert isinstance(found, Refused)
    assert found.reason is Refusal.UNKNOWN_VALUE
    assert "2026-12-01" in found.words["es"]
    assert (world.person(LUIS).absent_until, person_events(world, LUIS)) == (None, [])


def test_a_customer_is_nobody_of_the_desk(world: World) -> None:
    for do in (absent, back):
        found = do(world, ANA)
        assert isinstance(found, Refused)
        assert found.reason is Refusal.NOT_PERMITTED
    world.known(LUIS, state="inactive")
    assert isinstance(absent(world, LUIS), Refused)


def test_what_they_write_meanwhile_does_not_end_an_absence_that_they_declared(world: World) -> None:
    number = world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[0]
    said(absent(world, LUIS, "una semana"))
    until = world.person(LUIS).absent_until
    world.receive(reply_to(letter, "La miro desde el teléfono.", s1=True))
    own_words = "Estaré fuera hasta el 15 de diciembre."
    world.receive(reply_to(letter, own_words, headers=VACATION, s1=True, message_id="<auto@staff.example>"))

    assert world.ticket(number).state == "open"
    assert world.person(LUIS).absent_until == until


def test_an_absence_that_only_their_program_told_of_ends_when_they_write(world: World) -> None:
    world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[0]
    world.receive(reply_to(letter, "Estaré fuera hasta el 15 de diciembre.", headers=VACATION, s1=True))
    assert world.person(LUIS).absent_until == datetime(2026, 12, 16, tzinfo=UTC)

    world.receive(mail(from_=LUIS, subject="Otra cosa", text="Ya estoy.", s1=True))
    assert world.person(LUIS).absent_until is None


def test_a_program_that_names_a_day_of_no_near_year_parks_nothing(world: World) -> None:
    world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[0]
    row = world.receive(reply_to(letter, "Estaré fuera hasta el 31/12/9999.", headers=VACATION, s1=True))

    assert (row.status, row.stage) == ("done", "automatic_reply")
    assert world.person(LUIS).absent_until is None


def test_a_declared_absence_that_is_over_is_none(world: World) -> None:
    world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[0]
    said(absent(world, LUIS, "hoy"))
    world.later(days=2)
    world.receive(reply_to(letter, "Estaré fuera hasta el 15 de diciembre.", headers=VACATION, s1=True))

    assert world.person(LUIS).absent_until == datetime(2026, 12, 16, tzinfo=UTC)
    assert not world.person(LUIS).absence_declared


# On the command line --------------------------------------------------------------------------------------------------


def test_an_operator_says_it_for_a_colleague(world: World) -> None:
    world.known(LUIS, absent_until="2026-12-01")
    assert world.person(LUIS).absent_until == datetime(2026, 12, 2, tzinfo=UTC)
    assert world.person(LUIS).absence_declared
    (row,) = read.people(world.office, wanted=LUIS)
    assert row["absent_until"] == "2026-12-02T00:00:00Z"

    world.known(LUIS, absent_until="none")
    assert (world.person(LUIS).absent_until, world.person(LUIS).absence_declared) == (None, False)


def test_what_an_operator_says_of_an_absence_is_told_as_what_they_say_themselves(world: World) -> None:
    world.known(LUIS, absent_until="none")
    assert person_events(world, LUIS) == []

    world.known(LUIS, name="Luis Gil", absent_until="2026-12-01")
    world.known(LUIS, absent_until="none")
    world.known(LUIS, absent_until="none")
    away, back = person_events(world, LUIS)
    assert (away.action, away.data) == ("absent", {"until": "2026-12-02T00:00:00+00:00"})
    assert (back.action, back.data) == ("back", {})
    assert {one.actor_kind for one in (away, back)} == {"operator"}
    changed = world.rows(event, event.c.action == "person changed")
    assert [one.data for one in changed] == [{"name": "Luis Gil", "name_before": "Luis Gómez"}]


@pytest.mark.parametrize(
    ("written", "told"),
    [("mañana", "is no day"), ("2026-11-22", "is over"), ("2026-02-30", "is no day"), ("", "is no day")],
)
def test_a_day_that_is_none_or_over_is_refused(world: World, written: str, told: str) -> None:
    with pytest.raises(GatewayError, match=told):
        world.known(LUIS, absent_until=written)
    assert world.person(LUIS).absent_until is None


def test_the_last_day_that_there_is_can_be_written(world: World) -> None:
    world.known(LUIS, absent_until="9999-12-31", zone="America/Bogota")

    assert world.person(LUIS).away(world.now)


# Who hears instead ----------------------------------------------------------------------------------------------------


def alerted(world: World, since: int) -> list[str]:
    return sorted(to for letter, to in world.told(since) if letter == "alert")


def test_a_reply_to_a_ticket_of_who_is_away_goes_to_them_and_to_the_team(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    receipt = world.letters(to=ANA)[0]
    before = len(world.letters())
    world.receive(reply_to(receipt, "¿Cómo va?", s1=True))
    assert alerted(world, before) == [LUIS]

    said(absent(world, LUIS, "hasta el 1 de diciembre"))
    before = len(world.letters())
    world.receive(reply_to(receipt, "¿Y ahora?", s1=True))
    assert alerted(world, before) == [LUIS, MARTA]
    theirs, martas = (world.letters(to=who, letter="alert")[-1].text for who in (LUIS, MARTA))
    assert "Luis Gómez está ausente y vuelve el 2 de diciembre de 2026" in " ".join(martas.split())
    assert "ausente" not in theirs
    # Which of the two answers: the ticket stays Luis's until somebody takes it.
    assert world.ticket(number).owner_id == world.person(LUIS).id

    said(back(world, LUIS))
    before = len(world.letters())
    world.receive(reply_to(receipt, "¿Y hoy?", s1=True))
    assert alerted(world, before) == [LUIS]


def test_of_an_absence_without_an_end_the_team_reads_only_that(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    said(absent(world, LUIS))
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))

    text = " ".join(world.letters(to=MARTA, letter="alert")[-1].text.split())
    assert "Luis Gómez está ausente" in text
    assert "vuelve" not in text


def test_of_a_groups_ticket_the_group_stands_in(world: World) -> None:
    world.known("rosa@staff.example", role="agent", areas=["support"])
    world.open_with(group=[Group(name="networks", addresses=[LUIS, "rosa@staff.example"])])
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, owner=LUIS, group="networks")
    said(absent(world, LUIS))
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))

    assert alerted(world, before) == [LUIS, "rosa@staff.example"]


def test_who_assigns_to_somebody_away_tells_them_and_nobody_else(world: World) -> None:
    number = world.ticket_of(ANA)
    said(absent(world, LUIS))
    before = len(world.letters())
    world.act(number, "assign", by=MARTA, owner=LUIS)

    assert alerted(world, before) == [LUIS]


def test_who_gives_a_ticket_by_mail_to_people_who_are_away_reads_that_they_are(world: World) -> None:
    world.open_with(group=[Group(name="networks", addresses=[LUIS])])
    number = world.ticket_of(ANA)
    said(absent(world, LUIS, "1/12/2026"))
    given = {}
    for line in ("#asignar Luis", "#asignar Marta", "#asignar nadie", "#grupo networks"):
        letter = next(one for one in reversed(world.letters(to=MARTA)) if one.ticket_id == number)
        world.receive(reply_to(letter, line, s1=True))
        given[line] = " ".join(world.letters(to=MARTA, letter="commands_done")[-1].text.split())

    assert "Luis Gómez está ausente y vuelve el 2 de diciembre de 2026" in given["#asignar Luis"]
    assert "En el grupo networks no hay nadie ahora" in given["#grupo networks"]
    assert not any("ausente" in given[line] or "grupo" in given[line] for line in ("#asignar Marta", "#asignar nadie"))


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_an_owner_whose_account_rests_hears_nothing_and_the_team_does(world: World, state: str) -> None:
    """Who has left gets no customer's words any more."""
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    world.known(LUIS, state=state)
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))

    assert alerted(world, before) == [MARTA]
    assert "not a value of" in _words(world.act(number, "assign", by=MARTA, owner=LUIS))


def _words(found: object) -> str:
    assert isinstance(found, Refused)
    return found.words["en"]


def test_while_all_are_away_all_hear(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take", by=LUIS)
    for who in (LUIS, MARTA):
        said(absent(world, who))
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))

    assert alerted(world, before) == [LUIS, MARTA]


def test_the_digest_comes_within_a_day_of_their_being_back(world: World) -> None:
    """An absence without an end must not put it off without an end."""
    plan_digests(world.office, now=world.now)
    world.ticket_of(ANA)
    said(absent(world, LUIS))
    for _ in range(3 * 24):
        world.later(hours=1)
        fire_due(world.office, now=world.now)
        plan_digests(world.office, now=world.now)
    assert world.letters(to=LUIS, letter="digest") == []

    said(back(world, LUIS))
    for _ in range(24):
        world.later(hours=1)
        fire_due(world.office, now=world.now)
    assert len(world.letters(to=LUIS, letter="digest")) == 1


def test_a_reminder_to_a_colleague_who_did_not_say_how_long_comes_within_a_day_too(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "validation"}), billing])
    number = world.ticket_of(NORA)
    world.act(number, "take", by=LUIS)
    world.act(number, "solve", by=LUIS, text="Listo.")
    said(absent(world, NORA))
    world.later(hours=6)
    fire_due(world.office, now=world.now)
    assert world.letters(to=NORA, letter="reminder") == []

    said(back(world, NORA))
    world.later(days=1)
    fire_due(world.office, now=world.now)
    assert len(world.letters(to=NORA, letter="reminder")) == 1


def test_the_list_of_people_says_who_is_away_until_when(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "opened", lambda _: nullcontext(world.office))
    monkeypatch.setattr(view, "now", lambda: world.now)
    monkeypatch.setattr(common.out, "width", 200)
    world.known(LUIS, absent_until="2026-12-01")
    said(absent(world, MARTA))
    with world.office.database.write() as connection:
        people.update(connection, world.person(NORA).id, absent_until=world.now - timedelta(days=1))
    told = CliRunner().invoke(app, ["people"]).output.splitlines()

    away = {who: next(line for line in told if line.startswith(who)) for who in (LUIS, MARTA, NORA)}
    assert "until 2026-12-02 00:00" in away[LUIS]
    assert "yes" in away[MARTA].split()
    assert "until" not in away[NORA]


def test_the_command_says_how_to_write_the_day() -> None:
    told = CliRunner().invoke(app, ["person", "--help"])
    assert "--absent-until" in told.output


def test_three_days_are_three_days_whatever_the_hour(world: World) -> None:
    said(absent(world, LUIS, "3 días"))
    until = world.person(LUIS).absent_until

    assert until == datetime(2026, 11, 26, tzinfo=UTC)
    assert until is not None
    assert not world.person(LUIS).away(until)
    assert world.person(LUIS).away(until - timedelta(seconds=1))
