"""The desk of `response-targets` end to end by mail: a team that promises times, and people who are asked in order.

Every line of the protocol is a test, in its order; `1.x` are the numbers of its lines.
"""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gateway.desk.actions import Refusal, Refused
from gateway.settings import Level, Rule
from gateway.work import read
from gateway.work.tick import plan_digests
from gateway.work.viewing import chosen
from tests.desk_days import ANA, MONDAY, DeskDays, desk, local, mail
from tests.world import LUIS, MARTA, reply_to

__all__ = ["desk"]

SENIOR, MANAGER = "sara@staff.example", "gema@staff.example"
TEAM = [LUIS, MARTA]


@pytest.fixture
def opened(desk: DeskDays) -> int:
    """Ana's ticket of Monday at 9:00."""
    open_desk(desk)
    return desk.ticket(subject="No puedo entrar al sistema")


def open_desk(desk: DeskDays, *, now: datetime = MONDAY, workflow: str = "response-targets") -> None:
    for address, name in ((SENIOR, "Sara Vega"), (MANAGER, "Gema Soto")):
        desk.world.known(address, name=name, role="supervisor", areas=["billing"], language="es")
    levels = [Level(name="senior", addresses=[SENIOR]), Level(name="manager", addresses=[MANAGER])]
    desk.opened_by(workflow, now=now, level=levels)


def in_bogota(day: int, time: str) -> datetime:
    """A moment of November 2026 by the wall clock in Bogotá."""
    hour, minute = map(int, time.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def does(desk: DeskDays, number: int, action: str, **given: Any) -> None:
    changed = desk.world.act(number, action, **given)
    assert not isinstance(changed, Refused), changed
    desk.tick()


def due(desk: DeskDays, number: int, rule: str) -> str:
    """When a timer that has not fired is due, in Bogotá; '' when there is none."""
    found = [row.due_at for row in desk.world.timers(number) if row.rule == rule and row.fired_at is None]
    return local(found[0]) if found else ""


def fired(desk: DeskDays, number: int) -> list[tuple[str, str]]:
    """(when in Bogotá, rule) of the timers of a ticket that have done something, in their order."""
    rows = [row for row in desk.world.timers(number) if row.fired_at is not None]
    return [(local(row.fired_at), row.rule) for row in sorted(rows, key=lambda row: (row.fired_at, row.rule))]


def written_by(desk: DeskDays, number: int, rule: str) -> list[Any]:
    """The letters that a timer of this rule wrote."""
    anchors = {f"timer {row.id}" for row in desk.world.timers(number) if row.rule == rule}
    return [one for one in desk.world.letters() if one.dedupe_key.rpartition("/")[2] in anchors]


def to(letters: list[Any], letter: str = "alert") -> list[str]:
    return [one.to_address for one in letters if one.letter == letter]


def newest(desk: DeskDays, letter: str, to: str = ANA) -> Any:
    return desk.letters(letter, to)[-1]


def priority(desk: DeskDays, number: int) -> int:
    return int(desk.world.ticket(number).priority)


def overdue(desk: DeskDays, number: int) -> list[str]:
    return str(desk.world.ticket(number).fields.get("overdue", "")).split(",")


# --- 1.1 the receipt -------------------------------------------------------------------------------------------------


def test_in_opening_hours_a_receipt_goes_out_at_once(desk: DeskDays, opened: int) -> None:
    receipt = newest(desk, "receipt")

    assert receipt.sent_at == MONDAY
    assert f"#{opened}" in receipt.subject
    assert "No puedo entrar al sistema" in receipt.text
    # What happens next, and until when.
    assert "Primera respuesta" in receipt.text
    assert "lunes, 23 de noviembre de 2026, 9:10" in receipt.text
    assert "martes, 24 de noviembre de 2026, 9:00" in receipt.text
    assert "lunes, 23 de noviembre de 2026, 14:00" not in receipt.text


@pytest.mark.parametrize(
    ("day", "time", "opens", "answered"),
    [
        (23, "20:15", "martes, 24 de noviembre de 2026, 8:00", "martes, 24 de noviembre de 2026, 8:10"),
        (23, "12:30", "lunes, 23 de noviembre de 2026, 14:00", "lunes, 23 de noviembre de 2026, 14:10"),
        (28, "09:00", "lunes, 30 de noviembre de 2026, 8:00", "lunes, 30 de noviembre de 2026, 8:10"),
    ],
)
def test_out_of_hours_the_receipt_says_when_the_desk_opens(
    desk: DeskDays, day: int, time: str, opens: str, answered: str
) -> None:
    open_desk(desk, now=in_bogota(day, time))
    desk.ticket()

    receipt = newest(desk, "receipt")
    assert receipt.sent_at == desk.world.now
    assert opens in receipt.text
    assert answered in receipt.text


# --- 1.2 a new ticket ------------------------------------------------------------------------------------------------


def test_a_new_ticket_has_title_requester_origin_and_reception_and_nobody_owns_it(desk: DeskDays, opened: int) -> None:
    row = desk.world.ticket(opened)

    assert (row.subject, row.requester_id) == ("No puedo entrar al sistema", desk.world.person(ANA).id)
    assert (row.origin, row.created_at, row.owner_id) == ("mail", MONDAY, None)
    assert (row.state, row.priority, row.area) == ("new", 2, "support")
    assert to(desk.world.letters(), "alert") == TEAM


def test_a_new_ticket_gets_its_tags_by_rule(desk: DeskDays) -> None:
    open_desk(desk)
    rules = [Rule(name="access", words=["contraseña", "entrar al sistema"], tags=["acceso"])]
    desk.world.open_with(rule=rules)
    number = desk.ticket(subject="No puedo entrar al sistema")
    desk.ticket(subject="El teclado")

    assert viewed(desk, tag="acceso") == [number]


# --- 1.3 the promised times ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "time", "until"),
    [
        (23, "09:00", "Mon 23 09:10"),
        (23, "11:55", "Mon 23 14:05"),
        (23, "17:55", "Tue 24 08:05"),
        (27, "17:55", "Mon 30 08:05"),
        (28, "10:00", "Mon 30 08:10"),
    ],
)
def test_the_first_answer_is_promised_within_ten_minutes_of_opening_hours(
    desk: DeskDays, day: int, time: str, until: str
) -> None:
    open_desk(desk, now=in_bogota(day, time))
    number = desk.ticket()

    assert due(desk, number, "target first_answer") == until


@pytest.mark.parametrize(("day", "time", "until"), [(23, "09:00", "Mon 23 13:00"), (28, "23:00", "Sun 29 03:00")])
def test_an_update_is_promised_within_four_hours_by_the_clock(desk: DeskDays, day: int, time: str, until: str) -> None:
    open_desk(desk, now=in_bogota(day, time))
    number = desk.ticket()

    assert due(desk, number, "target update") == until
    desk.passing(hours=1)
    does(desk, number, "reply", text="Lo estamos revisando.")
    assert due(desk, number, "target update") == local(desk.world.now + timedelta(hours=4))


def test_the_end_is_promised_within_a_day_and_a_message_every_twelve_hours_in_process(
    desk: DeskDays, opened: int
) -> None:
    assert due(desk, opened, "target resolution") == "Tue 24 09:00"
    assert due(desk, opened, "target silence") == ""

    desk.passing(minutes=5)
    does(desk, opened, "reply", text="Lo estamos revisando.")

    assert due(desk, opened, "target silence") == "Mon 23 21:05"
    assert due(desk, opened, "target resolution") == "Tue 24 09:00"


def test_each_promise_can_be_set_to_business_time(desk: DeskDays, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    preset = (files("gateway.desk") / "presets" / "response-targets.toml").read_text()
    for within in ("4 hours", "24 hours", "12 hours"):
        preset = preset.replace(f'within = "{within}"', f'within = "{within.replace("hours", "business hours")}"')
    own.write_text(preset)
    open_desk(desk, workflow=str(own))
    number = desk.ticket()
    desk.passing(minutes=5)
    does(desk, number, "reply", text="Lo estamos revisando.")

    assert due(desk, number, "target update") == "Mon 23 15:05"
    # A day has eight opening hours, and Monday had seven left.
    assert due(desk, number, "target silence") == "Tue 24 15:05"
    assert due(desk, number, "target resolution") == "Thu 26 09:00"


def test_only_a_persons_answer_keeps_the_first_promise(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    does(desk, opened, "note", text="Parece la contraseña.")
    desk.passing(minutes=5)

    assert due(desk, opened, "target first_answer") == "Mon 23 09:10"
    does(desk, opened, "reply", text="¿Le sale algún mensaje?")
    assert due(desk, opened, "target first_answer") == ""
    assert fired(desk, opened) == []
    desk.passing(hours=3)
    assert (priority(desk, opened), fired(desk, opened)) == (2, [])


# --- 1.4 help, warnings, and what is missed --------------------------------------------------------------------------


def test_anybody_of_the_team_asks_a_level_for_help_in_order(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "escalate", text="No encuentro la causa.")

    assert desk.world.ticket(opened).fields["level"] == "senior"
    asked = newest(desk, "alert", SENIOR)
    assert f"#{opened}" in asked.subject
    assert "No encuentro la causa." in asked.text
    assert "Soporte sénior" in newest(desk, "escalated").subject
    assert "No encuentro la causa." not in newest(desk, "escalated").text
    for level in ("colleagues", "lead", "manager"):
        does(desk, opened, "escalate", text="Sigo sin encontrarla.")
        assert desk.world.ticket(opened).fields["level"] == level
    assert newest(desk, "alert", MANAGER).ticket_id == opened
    refusal = desk.world.act(opened, "escalate", text="¿Y ahora?")
    assert isinstance(refusal, Refused)
    # Seen by all: it stands in the ticket's log, with who did it.
    log = [(one.actor_id, one.data["level"]) for one in desk.world.events(opened) if one.action == "escalate"]
    luis = desk.world.person(LUIS).id
    assert log == [(luis, "senior"), (luis, "colleagues"), (luis, "lead"), (luis, "manager")]


def test_a_level_can_be_asked_by_its_name(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "escalate", level="manager", text="Es del gerente.")

    assert desk.world.ticket(opened).fields["level"] == "manager"
    assert desk.letters("alert", SENIOR) == []


def test_a_mention_asks_a_level_and_moves_nothing(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "mention", level="senior", text="¿Has visto esto antes?")

    row = desk.world.ticket(opened)
    assert (row.state, row.fields.get("level"), row.owner_id) == ("new", None, None)
    assert "¿Has visto esto antes?" in newest(desk, "alert", SENIOR).text
    assert desk.letters("escalated") == []
    assert [one.action for one in desk.world.events(opened)][-1] == "mention"


def test_before_a_target_is_missed_the_team_is_warned_while_nobody_owns_the_ticket(desk: DeskDays, opened: int) -> None:
    desk.until(in_bogota(23, "09:08"))

    assert fired(desk, opened) == [("Mon 23 09:07", "target first_answer ahead")]
    warned = written_by(desk, opened, "target first_answer ahead")
    assert to(warned) == TEAM
    assert all("Primera respuesta" in one.text and "9:10" in one.text for one in warned)
    assert (priority(desk, opened), overdue(desk, opened)) == (2, [""])


def test_before_a_target_is_missed_its_owner_is_warned(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    desk.until(in_bogota(23, "09:08"))

    assert to(written_by(desk, opened, "target first_answer ahead")) == [LUIS]


def test_a_missed_target_lifts_the_priority_one_step_and_shows_as_overdue(desk: DeskDays, opened: int) -> None:
    desk.until(in_bogota(23, "09:11"))

    assert (priority(desk, opened), overdue(desk, opened)) == (1, ["first_answer"])
    missed = written_by(desk, opened, "target first_answer")
    assert to(missed) == TEAM
    assert all("Primera respuesta" in one.text for one in missed)
    changed = desk.world.events(opened)[-1]
    assert (changed.data["priority_before"], changed.data["priority"]) == ("2", "1")


def test_a_target_that_is_missed_again_lifts_the_priority_no_further(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "reply", text="Lo estamos revisando.")
    does(desk, opened, "classify", priority="3")

    for _ in range(2):
        desk.passing(hours=4, minutes=1)
        does(desk, opened, "reply", text="Seguimos en ello.")

    assert [rule for _, rule in fired(desk, opened)].count("target update") == 2
    assert (priority(desk, opened), overdue(desk, opened)) == (2, ["update"])


def test_each_target_lifts_the_priority_for_itself_and_not_above_high(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "classify", priority="3")

    desk.until(in_bogota(23, "09:11"))
    assert priority(desk, opened) == 2
    desk.until(in_bogota(23, "13:01"))
    assert priority(desk, opened) == 1
    desk.until(in_bogota(24, "09:01"))
    assert (priority(desk, opened), overdue(desk, opened)) == (1, ["first_answer", "update", "resolution"])


def test_after_an_outage_nobody_is_warned_of_what_is_missed_already(desk: DeskDays, opened: int) -> None:
    desk.world.later(days=3)
    desk.tick()

    dropped = [row.rule for row in desk.world.timers(opened) if str(row.outcome).startswith("dropped")]
    assert sorted(dropped) == ["target first_answer ahead", "target resolution ahead", "target update ahead"]
    assert [one.letter for one in desk.letters("status")] == ["status"]
    # One level a time, not the whole ladder at once.
    assert desk.world.ticket(opened).fields["level"] == "senior"


# --- 1.5 four hours without an update --------------------------------------------------------------------------------


def test_at_four_hours_the_team_is_alerted_and_the_requester_told_that_nobody_has_it_yet(
    desk: DeskDays, opened: int
) -> None:
    desk.until(in_bogota(23, "13:00"))

    assert to(written_by(desk, opened, "target update")) == TEAM
    (status,) = desk.letters("status")
    assert f"#{opened}" in status.subject
    assert "Nuevo" in status.text
    # Who works on it is not said, because nobody does; nor is the notice an answer of the desk.
    assert not any(name in status.text for name in ("Luis", "Marta"))
    assert desk.world.ticket(opened).last_agent_return_at is None


def test_at_four_hours_the_owner_is_alerted_and_the_requester_told_who_works_on_it(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "take")
    does(desk, opened, "reply", text="Lo estamos revisando.")
    answered_at = desk.world.ticket(opened).last_agent_return_at

    desk.until(in_bogota(23, "13:00"))

    assert to(written_by(desk, opened, "target update")) == [LUIS]
    (status,) = desk.letters("status")
    assert "En proceso" in status.text
    assert "Luis Gómez" in status.text
    assert desk.world.ticket(opened).last_agent_return_at == answered_at


def test_after_twelve_hours_in_process_the_requester_hears_again_and_the_owner_is_alerted(
    desk: DeskDays, opened: int
) -> None:
    does(desk, opened, "take")
    does(desk, opened, "reply", text="Lo estamos revisando.")

    desk.until(in_bogota(23, "21:00"))

    assert [local(one.created_at) for one in desk.letters("status")] == ["Mon 23 13:00", "Mon 23 21:00"]
    assert to(written_by(desk, opened, "target silence")) == [LUIS]
    assert "silence" in overdue(desk, opened)


def test_while_the_requester_is_waited_for_no_update_is_due(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "wait", text="¿Le sale algún mensaje?")

    assert desk.state(opened) == "waiting"
    assert (due(desk, opened, "target update"), due(desk, opened, "target silence")) == ("", "")
    desk.passing(hours=20)
    assert desk.letters("status") == []
    desk.answers("Sí: «usuario bloqueado».")
    # The four hours begin with the answer: the time of the requester's own turn is not the desk's.
    assert desk.state(opened) == "in_process"
    assert due(desk, opened, "target update") == local(desk.world.now + timedelta(hours=4))
    assert (priority(desk, opened), desk.letters("status")) == (2, [])


# --- 1.6 twenty-four hours open --------------------------------------------------------------------------------------


def test_at_twenty_four_hours_it_goes_up_the_ladder_each_level_with_its_wait(desk: DeskDays, opened: int) -> None:
    levels = []
    for day in (24, 25, 26, 27):
        desk.until(in_bogota(day, "08:59"))
        before = desk.world.ticket(opened).fields.get("level")
        desk.until(in_bogota(day, "09:00"))
        levels.append((before, desk.world.ticket(opened).fields["level"]))

    assert levels == [(None, "senior"), ("senior", "colleagues"), ("colleagues", "lead"), ("lead", "manager")]
    told = [one.subject for one in desk.letters("escalated")]
    for subject, label in zip(
        told, ("Soporte sénior", "Colegas del equipo", "Líder del equipo", "Gerencia"), strict=True
    ):
        assert f"#{opened}" in subject
        assert label in subject
    assert to(written_by(desk, opened, "a day open")) == [SENIOR]
    # A level without people of its own: the supervisors.
    assert to(written_by(desk, opened, "ladder senior")) == [MARTA]
    assert to(written_by(desk, opened, "ladder lead")) == [MANAGER]
    assert all(f"#{opened}" in one.subject for one in desk.letters("alert", SENIOR))
    desk.passing(days=60)
    assert len(desk.letters("escalated")) == 4


def test_who_was_escalated_by_hand_is_in_time_and_has_the_levels_own_wait(desk: DeskDays, opened: int) -> None:
    desk.passing(hours=3)
    does(desk, opened, "escalate", text="No encuentro la causa.")

    desk.until(in_bogota(25, "09:00"))

    assert "resolution" not in overdue(desk, opened)
    assert [(at, rule) for at, rule in fired(desk, opened) if rule in ("a day open", "ladder senior")] == [
        ("Tue 24 12:00", "ladder senior")
    ]
    assert desk.world.ticket(opened).fields["level"] == "colleagues"


# --- 1.7 the closing -------------------------------------------------------------------------------------------------


def test_on_close_the_requester_gets_the_resolution_and_may_write_again(desk: DeskDays, opened: int) -> None:
    lacking = desk.world.act(opened, "close")
    assert isinstance(lacking, Refused)
    assert lacking.reason is Refusal.MISSING

    does(desk, opened, "close", text="Desbloqueamos su usuario.")

    closed = newest(desk, "closed")
    assert f"#{opened}" in closed.subject
    assert "Desbloqueamos su usuario." in closed.text
    assert "lunes, 7 de diciembre de 2026, 9:00" in closed.text
    assert desk.passing(days=3) == []


def test_who_writes_again_within_the_grace_time_reopens_it_and_its_promises_begin_anew(
    desk: DeskDays, opened: int
) -> None:
    does(desk, opened, "escalate", text="Ayuda.")
    does(desk, opened, "close", text="Desbloqueamos su usuario.")
    desk.passing(days=8)
    before = priority(desk, opened)
    desk.answers("Se bloqueó otra vez.")

    assert desk.state(opened) == "in_process"
    assert due(desk, opened, "target update") == local(desk.world.now + timedelta(hours=4))
    assert due(desk, opened, "a day open") == local(desk.world.now + timedelta(days=1))
    assert (priority(desk, opened), desk.world.ticket(opened).fields.get("level")) == (before, None)


def test_who_writes_after_the_grace_time_gets_a_follow_up_ticket(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "close", text="Desbloqueamos su usuario.")
    desk.passing(days=15)
    row = desk.answers("Se bloqueó otra vez.")

    assert (desk.state(opened), desk.state(row.ticket_id)) == ("closed", "new")
    assert ("follow_up", opened) in desk.world.links(row.ticket_id)
    assert f"#{row.ticket_id}" in newest(desk, "follow_up").subject


def test_a_thank_you_does_not_reopen(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "close", text="Desbloqueamos su usuario.")
    desk.answers("¡Muchas gracias!")

    assert desk.state(opened) == "closed"


# --- 1.8 the views ---------------------------------------------------------------------------------------------------


def viewed(desk: DeskDays, view: str = "", *, tag: str = "") -> list[int]:
    """The numbers that Luis sees in a view."""
    now = desk.world.now
    where = chosen(desk.world.office, view=view, by=LUIS, tag=tag, area="", now=now)
    return sorted(row["number"] for row in read.tickets(desk.world.office, where=where))


def test_the_views_to_attend_not_updated_overdue_mine_and_by_tag(desk: DeskDays, opened: int) -> None:
    mine, closed = desk.ticket(subject="El teclado"), desk.ticket(subject="La pantalla")
    does(desk, mine, "take")
    does(desk, mine, "reply", text="Lo cambio hoy.")
    does(desk, mine, "classify", tags="equipos")
    does(desk, closed, "close", text="Ya está.")

    assert (viewed(desk, "attend"), viewed(desk, "mine"), viewed(desk, tag="equipos")) == ([opened], [mine], [mine])
    assert (viewed(desk, "quiet"), viewed(desk, "overdue")) == ([], [])
    desk.passing(minutes=10)
    assert viewed(desk, "overdue") == [opened]
    desk.passing(hours=4)
    assert (viewed(desk, "quiet"), viewed(desk, "overdue")) == ([opened, mine], [opened, mine])
    does(desk, mine, "reply", text="Llega mañana.")
    assert viewed(desk, "quiet") == [opened]
    does(desk, opened, "assign", owner=MARTA)
    assert viewed(desk, "attend") == []


# --- 1.9 internal tickets --------------------------------------------------------------------------------------------


def test_a_ticket_of_the_team_goes_through_the_same_steps(desk: DeskDays) -> None:
    open_desk(desk)
    number = desk.world.ticket_of(LUIS, subject="La impresora de la oficina")
    desk.tick()

    row = desk.world.ticket(number)
    assert (row.state, row.origin, row.owner_id, row.priority) == ("new", "internal", None, 2)
    assert f"#{number}" in newest(desk, "receipt", LUIS).subject
    assert due(desk, number, "target first_answer") == "Mon 23 09:10"
    desk.until(in_bogota(23, "13:00"))
    assert len(desk.letters("status", LUIS)) == 1
    desk.until(in_bogota(24, "09:00"))
    assert desk.world.ticket(number).fields["level"] == "senior"
    does(desk, number, "close", by=MARTA, text="Tiene papel otra vez.")
    assert "Tiene papel otra vez." in newest(desk, "closed", LUIS).text


# --- 1.10 one mail with several requests -----------------------------------------------------------------------------


def test_a_mail_with_several_requests_is_split_into_linked_tickets(desk: DeskDays, opened: int) -> None:
    desk.passing(hours=1)
    does(desk, opened, "split", subject="Permiso de impresión", text="También necesito imprimir en color.")
    does(desk, opened, "split", subject="Teclado", text="Y mi teclado no tiene eñe.")

    first, second = (row for row in desk.world.tickets() if row.id != opened)
    assert [(row.subject, row.state, row.priority) for row in (first, second)] == [
        ("Permiso de impresión", "new", 2),
        ("Teclado", "new", 2),
    ]
    assert {row.requester_id for row in (first, second)} == {desk.world.person(ANA).id}
    for row in (first, second):
        assert ("split", opened) in desk.world.links(row.id)
        assert due(desk, row.id, "target first_answer") == "Mon 23 10:10"
    receipts = [one for one in desk.letters("receipt") if one.ticket_id == first.id]
    assert [f"#{first.id}" in one.subject for one in receipts] == [True]
    assert "imprimir en color" in desk.world.messages(first.id)[0].text
    # An answer to that letter goes on in the new ticket.
    row = desk.world.receive(reply_to(receipts[0], "Solo hasta el viernes.", s1=True))
    assert row.ticket_id == first.id
    assert desk.state(opened) == "new"


# --- 1.11 time spent -------------------------------------------------------------------------------------------------


def test_an_agents_message_without_time_is_accepted_and_time_is_summed(desk: DeskDays, opened: int) -> None:
    does(desk, opened, "reply", text="Lo estamos revisando.")
    does(desk, opened, "note", text="Era la contraseña.", time="20m")
    does(desk, opened, "reply", text="Ya está.", time="1h")

    assert [one.time_spent for one in desk.world.messages(opened)][1:] == [0, 1200, 3600]
    assert desk.world.ticket(opened).time_spent == 4800


def test_a_message_without_time_is_asked_for_in_the_digest(desk: DeskDays, opened: int) -> None:
    other = desk.ticket(subject="El teclado")
    does(desk, opened, "close", text="Era la contraseña.")
    does(desk, other, "close", text="Cambiado.", time="20m")
    plan_digests(desk.world.office, now=desk.world.now)

    desk.passing(days=1)

    digest = newest(desk, "digest", LUIS)
    assert f"#{opened}" in digest.text
    assert f"#{other}" not in digest.text


# --- common to all ---------------------------------------------------------------------------------------------------


def test_every_mail_becomes_a_ticket_or_a_reply(desk: DeskDays, opened: int) -> None:
    reply = desk.answers("Sigue igual.")
    other = desk.world.receive(mail(from_="Eva <eva@elsewhere.example>", subject="Otra cosa"))

    assert (reply.verdict, reply.ticket_id) == ("reply", opened)
    assert (other.verdict, other.ticket_id) == ("ticket", opened + 1)
