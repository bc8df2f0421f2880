"""What becomes of mail that machines wrote, and of too much mail (RULES 5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.store.tables import person
from gateway.work import read, tick
from gateway.work.promote import promote
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NOON, SUPPORT, World, mail, reply_to

REPLIED = {"Auto-Submitted": "auto-replied"}
GENERATED = {"Auto-Submitted": "auto-generated"}
LIST = {"List-Id": "<news.example>"}


# --- classes and addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "verdict", "tickets", "receipts"),
    [
        (REPLIED, "automatic", 0, 0),
        (GENERATED, "ticket", 1, 0),
        (LIST, "ticket", 1, 0),
        ({}, "ticket", 1, 1),
    ],
)
def test_to_a_new_ticket_address(
    world: World, headers: dict[str, str], verdict: str, tickets: int, receipts: int
) -> None:
    found = world.receive(mail(from_=ANA, s1=True, headers=headers))

    assert (found.verdict, len(world.tickets()), len(world.letters(to=ANA))) == (verdict, tickets, receipts)
    # Whatever it is, the desk hears of the ticket, and of nothing else.
    assert [one.letter for one in world.letters(to=LUIS)] == ["alert"] * tickets


@pytest.mark.parametrize(
    ("headers", "kind", "alerts"), [(REPLIED, "automatic", 0), (GENERATED, "mail", 1), (LIST, "mail", 1)]
)
def test_to_a_ticket(world: World, headers: dict[str, str], kind: str, alerts: int) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "wait")
    state, before = world.ticket(number).state, len(world.letters())

    found = world.receive(reply_to(world.letters(to=ANA)[0], s1=True, headers=headers))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert world.messages(number)[-1].kind == kind
    assert world.ticket(number).state == (state if kind == "automatic" else "open")
    assert {letter for letter, _ in world.told(before)} == ({"alert"} if alerts else set())


def test_a_read_receipt_is_a_log_entry(world: World) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters())
    raw = reply_to(world.letters(to=ANA)[0], s1=True).replace(
        b"Content-Type: text/plain",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\nX-Was: text/plain",
    )

    found = world.receive(raw)

    assert found.verdict == "delivery report"
    assert [one.kind for one in world.messages(number)] == ["mail"]
    assert len(world.letters()) == before


# --- promoted --------------------------------------------------------------------------------------------------------


def test_an_automatic_mail_can_be_promoted_to_a_ticket_and_is_not_answered(world: World) -> None:
    found = world.receive(mail(from_=EVA, s1=True, headers=REPLIED, subject="No puedo entrar"))

    assert promote(world.office, found.mail_id, now=world.now) == 1
    world.work_through()

    (row,) = world.tickets()
    (delivered,) = world.deliveries()
    assert (row.subject, delivered.verdict, delivered.ticket_id) == ("No puedo entrar", "ticket", row.id)
    assert world.letters(to=EVA) == []
    assert [one.letter for one in world.letters(to=LUIS)] == ["alert"]
    assert promote(world.office, found.mail_id, now=world.now) == 0


def test_a_promoted_mail_that_comes_again_is_a_duplicate(world: World) -> None:
    raw = mail(from_=EVA, headers=REPLIED)
    found = world.receive(raw)
    promote(world.office, found.mail_id, now=world.now)
    world.work_through()

    assert world.receive(raw).verdict == "duplicate"
    assert len(world.tickets()) == 1


def test_only_automatic_mail_is_promoted_and_only_while_its_bytes_are_kept(world: World) -> None:
    ticket = world.receive(mail(from_=ANA))
    automatic = world.receive(mail(from_=EVA, headers=REPLIED))
    world.later(days=31)
    tick.purge(world.office, now=world.now)

    assert promote(world.office, ticket.mail_id, now=world.now) == 0
    assert promote(world.office, automatic.mail_id, now=world.now) == 0
    assert [one.raw is None for one in world.mails()] == [False, True]


def test_automatic_mail_is_in_the_log_for_30_days(world: World) -> None:
    world.receive(mail(from_=EVA, headers=REPLIED))
    world.later(days=29, hours=23)
    tick.purge(world.office, now=world.now)

    assert world.mails()[0].raw is not None


# --- hops ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lines", "verdict"), [(50, "ticket"), (51, "parked")])
def test_a_mail_through_more_than_50_servers_is_parked_where_the_door_could_not_refuse(
    world: World, lines: int, verdict: str
) -> None:
    received = b"Received: from a by b; Mon, 23 Nov 2026 12:00:00 +0000\n" * lines
    found = world.receive(received + mail(from_=EVA), source="lmtp")

    assert found.verdict == verdict
    assert len(world.letters(to=EVA)) == (verdict == "ticket")


# --- absences --------------------------------------------------------------------------------------------------------


def absent_until(world: World, address: str) -> datetime | None:
    return world.person(address).absent_until


def away(world: World, letter: Any, text: str = "Estoy de vacaciones hasta el 12 de diciembre.", **changes: Any) -> Any:
    return world.receive(reply_to(letter, text, **({"headers": REPLIED} | changes)))


def test_the_return_date_of_an_automatic_reply_is_kept_with_its_sender(world: World) -> None:
    number = world.ticket_of(ANA)
    away(world, world.letters(to=ANA)[0])

    assert absent_until(world, ANA) == datetime(2026, 12, 13, tzinfo=UTC)
    assert world.events(number)[-1].action == "absent"


def test_in_the_time_zone_of_who_is_away(world: World) -> None:
    world.write(person.update().where(person.c.id == world.person(ANA).id).values(zone="America/Bogota"))
    world.ticket_of(ANA)
    away(world, world.letters(to=ANA)[0])

    assert absent_until(world, ANA) == datetime(2026, 12, 13, 5, tzinfo=UTC)


def test_what_a_person_writes_by_hand_says_nothing_about_an_absence(world: World) -> None:
    world.ticket_of(ANA)
    away(world, world.letters(to=ANA)[0], headers={})

    assert absent_until(world, ANA) is None


def test_who_writes_again_is_back(world: World) -> None:
    number = world.ticket_of(ANA)
    away(world, world.letters(to=ANA)[0])
    world.receive(mail(from_=ANA, to=world.reply_address(number, ANA), text="Ya estoy.", s1=True))

    assert absent_until(world, ANA) is None


def test_the_reminder_to_confirm_waits_until_they_are_back(world: World) -> None:
    bea = "bea@new.example"
    world.receive(mail(from_=bea, s1=True))
    away(world, world.letters(to=bea)[0], s1=True)
    world.later(days=19)
    tick.fire_due(world.office, now=world.now)
    assert world.letters(letter="confirm_reminder") == []

    world.now = datetime(2026, 12, 13, tzinfo=UTC)
    tick.fire_due(world.office, now=world.now)
    assert len(world.letters(letter="confirm_reminder")) == 1


def test_an_agent_who_is_away_gets_no_alerts_and_the_others_do(world: World) -> None:
    world.ticket_of(ANA)
    away(world, world.letters(to=LUIS)[0])
    before = len(world.letters())
    world.ticket_of(BRUNO)

    assert ("alert", MARTA) in world.told(before)
    assert ("alert", LUIS) not in world.told(before)


def test_when_all_are_away_all_are_told(world: World) -> None:
    world.ticket_of(ANA)
    for who in (LUIS, MARTA):
        away(world, world.letters(to=who)[0])
    before = len(world.letters())
    world.ticket_of(BRUNO)

    assert {("alert", MARTA), ("alert", LUIS)} < set(world.told(before))


def test_an_absence_that_proves_nothing_silences_nobody(world: World) -> None:
    """In Luis' name, by who knows the ticket's number only."""
    number = world.ticket_of(ANA)
    text = "Estoy de vacaciones hasta el 12 de diciembre."
    world.receive(mail(from_=LUIS, subject=f"Re: [#{number}]", text=text, headers=REPLIED))

    assert absent_until(world, LUIS) is None


# --- mute ------------------------------------------------------------------------------------------------------------


def equal_mails(
    world: World, number: int, times: int, *, text: str = "Su caso {} fue recibido hoy.", **time: float
) -> None:
    for one in range(times):
        world.receive(mail(from_=ANA, to=world.reply_address(number, ANA), text=text.format(one), s1=True))
        world.later(**(time or {"minutes": 1}))


def test_the_sixth_nearly_equal_mail_in_ten_minutes_mutes_the_ticket_for_a_day(world: World) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters(to=LUIS))
    equal_mails(world, number, 8)

    alerts = world.letters(to=LUIS)[before:]
    # One for each of the first five, one that says that it is muted; the mails are all kept.
    assert len(alerts) == 6
    assert "silencio" in alerts[-1].subject
    assert len(world.messages(number)) == 9
    assert world.ticket(number).muted_until == NOON + timedelta(minutes=5, days=1)


def test_after_a_day_the_desk_hears_of_the_ticket_again(world: World) -> None:
    number = world.ticket_of(ANA)
    equal_mails(world, number, 7)
    before = len(world.letters(to=LUIS))
    world.later(days=1)
    equal_mails(world, number, 1, text="¿Hay alguna novedad?")

    assert len(world.letters(to=LUIS)) == before + 1


@pytest.mark.parametrize(("text", "minutes"), [("{} distinto cada vez", 3), ("mensaje de {0} sobre {0}", 3)])
def test_equal_mails_that_come_slowly_mute_nothing(world: World, text: str, minutes: int) -> None:
    number = world.ticket_of(ANA)
    equal_mails(world, number, 8, text=text, minutes=minutes)

    assert world.ticket(number).muted_until is None


def test_mails_that_differ_mute_nothing(world: World) -> None:
    number = world.ticket_of(ANA)
    for text in (
        "Hola, ¿qué tal?",
        "Sigue fallando",
        "Ahora no enciende",
        "Adjunto la foto",
        "¿Nada?",
        "Gracias",
        "Bien",
    ):
        equal_mails(world, number, 1, text=text)

    assert world.ticket(number).muted_until is None


def test_an_agents_answer_leaves_while_the_ticket_is_muted(world: World) -> None:
    number = world.ticket_of(ANA)
    equal_mails(world, number, 7)

    assert world.answered(number).to_address == ANA


def test_a_promised_date_is_told_when_the_ticket_is_loud_again(world: World) -> None:
    number = world.ticket_of(ANA)
    world.write_due(number, world.now + timedelta(minutes=30))
    equal_mails(world, number, 7)
    world.later(hours=1)
    tick.fire_due(world.office, now=world.now)
    assert "overdue" not in [one.action for one in world.events(number)]

    world.later(days=1)
    tick.fire_due(world.office, now=world.now)
    assert "overdue" in [one.action for one in world.events(number)]


# --- storm -----------------------------------------------------------------------------------------------------------


def test_a_storm_has_a_tag_one_alert_and_all_the_mails(world: World) -> None:
    for number in range(30):
        world.receive(mail(from_=EVA, to=SUPPORT, text=f"alarma número {number} de la máquina {number * 7}"))

    (storm,) = [one for one in world.tickets() if one.storm]
    alerts = [one for one in world.letters(to=LUIS) if one.ticket_id == storm.id]
    assert len(world.tickets()) == 21
    assert len(world.messages(storm.id)) == 10
    assert len(alerts) == 1
    assert "storm" in [tag for one in read.tickets(world.office) if one["number"] == storm.id for tag in one["tags"]]
