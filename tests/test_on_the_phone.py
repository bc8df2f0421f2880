"""Tickets that somebody of the desk opens for somebody else, records of what was said elsewhere, and whose a ticket is.

The orders are carried out as the lines of a mail are, each in a transaction of its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from gateway.apply.new_for import open_for, open_new
from gateway.apply.orders import Order
from gateway.apply.requester import change_requester
from gateway.desk.actions import Refused
from gateway.desk.made_for import Named, first_line, named
from gateway.desk.ticket import Origin
from gateway.settings import Rule
from gateway.store import participants, people, tickets
from gateway.store.messages import File
from gateway.threading.tokens import Purpose
from gateway.work import own, read, viewing
from gateway.work.tick import fire_due
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NORA, SUPPORT, World, mail, reply_to

CALLED = "Llamó porque la impresora no imprime la nómina desde ayer."


def order(
    world: World,
    carried: Callable[..., Any],
    value: str = "",
    text: str = CALLED,
    *,
    by: str = LUIS,
    number: int | None = None,
    area: str = "support",
    files: tuple[File, ...] = (),
    **lines: Any,
) -> Any:
    """What the function makes of an order by somebody of the desk, written or taken back as a mail's would be."""
    world.receive(mail(from_=by, subject="#", text="una orden"))
    sent = world.deliveries()[-1]

    def done(connection: Connection) -> Any:
        who = people.by_address(connection, by)
        assert who is not None
        wanted = Order(
            person=who,
            address=by,
            area=world.office.rules.desk.areas[area],
            kept=None if number is None else tickets.get(connection, number, lock=True),
            value=value,
            text=text,
            files=files,
            rules=world.office.rules,
            now=world.now,
            cause=f"m-{sent.mail_id}",
            delivery_id=sent.id,
        )
        return carried(connection, wanted, **lines)

    with world.office.database.write() as connection:
        return done(connection)


def opened(world: World, value: str = f"{ANA} La impresora no imprime", text: str = CALLED, **lines: Any) -> Any:
    """The row of the ticket that `#nueva` opens."""
    found = order(world, open_new, value, text, **lines)
    assert not isinstance(found, Refused), found
    return world.ticket(found[0])


def missed(world: World, number: int) -> list[str]:
    """The targets that a ticket has missed."""
    (row,) = [one for one in read.tickets(world.office) if one["number"] == number]
    found: list[str] = row["overdue"]
    return found


def told(world: World, number: int) -> set[tuple[str, str]]:
    return {(one.letter, one.to_address) for one in world.letters() if one.ticket_id == number}


# --- whom a line names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "whom"),
    [
        ("ana@firm.example La impresora", Named("ana@firm.example", "", "La impresora")),
        ("ana@firm.example: La impresora", Named("ana@firm.example", "", "La impresora")),
        ("ana@firm.example. La impresora", Named("ana@firm.example", "", "La impresora")),
        ("Ana Pérez <ana@firm.example> La impresora", Named("ana@firm.example", "Ana Pérez", "La impresora")),
        ('"Pérez, Ana" <ana@firm.example>', Named("ana@firm.example", "Pérez, Ana", "")),
        ("ana@firm.example", Named("ana@firm.example", "", "")),
        ("La impresora", None),
        ("", None),
        ("@ @@ ana@", None),
    ],
)
def test_whom_a_line_names_and_what_stands_behind(value: str, whom: Named | None) -> None:
    assert named(value) == whom


def test_without_a_subject_a_request_is_called_as_its_text_begins() -> None:
    assert first_line("\n\n  La impresora no imprime.\nEs la del piso 3.") == "La impresora no imprime."
    assert first_line("palabra " * 30) == "palabra " * 8 + "palabra…"
    assert first_line(" \n ") == ""


# --- a new ticket for somebody ---------------------------------------------------------------------------------------


def test_a_call_becomes_a_ticket_of_who_called_with_what_was_taken_down(world: World) -> None:
    ticket = opened(world)

    (first,) = world.messages(ticket.id)
    assert (ticket.requester_address, ticket.subject) == (ANA, "La impresora no imprime")
    assert (ticket.origin, ticket.owner_id, ticket.verified) == ("phone", None, True)
    assert (first.kind, first.public, first.origin, first.text) == ("record", True, "phone", CALLED)
    assert first.author_id == world.person(LUIS).id
    assert (ticket.created_at, ticket.created_by) == (world.now, world.person(LUIS).id)


def test_what_was_done_is_said_in_each_language_with_the_number(world: World) -> None:
    _, said = order(world, open_new, f"{ANA} La impresora")

    number = world.tickets()[-1].id
    assert said["es"] == f"Se abrió la solicitud #{number} a nombre de {ANA}."
    assert said["en"] == f"Request #{number} was opened for {ANA}."
    assert said["pt"] == f"Foi aberta a solicitação #{number} em nome de {ANA}."


def test_the_team_hears_of_it_as_of_any_new_ticket_but_not_who_opened_it(world: World) -> None:
    number = opened(world).id

    assert told(world, number) == {("receipt", ANA), ("alert", MARTA)}
    (alert,) = world.letters(to=MARTA)[-1:]
    assert "registrada por Luis Gómez" in alert.text
    assert CALLED in alert.text.replace("\n", " ")


def test_a_colleague_whose_request_it_is_gets_its_receipt_and_no_alert(world: World) -> None:
    assert told(world, opened(world, f"{MARTA} Una silla").id) == {("receipt", MARTA)}


def test_somebody_unknown_is_registered_and_gets_the_number_only(world: World) -> None:
    ticket = opened(world, f"Eva Sol <{EVA}> La clave es 4711")

    eva = world.person(EVA)
    (receipt,) = world.letters(to=EVA)
    assert (eva.state, eva.name, ticket.requester_id, ticket.verified) == ("pending", "Eva Sol", eva.id, False)
    assert receipt.letter == "receipt_new"
    assert f"#{ticket.id}" in receipt.text
    assert "4711" not in receipt.subject + receipt.text + receipt.html


@pytest.mark.parametrize("way", ["a call", "another requester"])
def test_who_never_wrote_reads_that_the_desk_asked_in_their_name(world: World, way: str) -> None:
    if way == "a call":
        opened(world, f"Eva Sol <{EVA}> La clave")
    else:
        order(world, change_requester, EVA, "", number=world.ticket_of(ANA))

    (receipt,) = world.letters(to=EVA)
    assert "Registramos una solicitud a su nombre" in receipt.subject
    for part in (receipt.text, receipt.html):
        assert "equipo registró una solicitud a su nombre" in part
        assert "primera vez que escribimos a esta dirección" in part.replace("\n", " ")
        assert "Si no nos pidió nada" in part
        assert "nos escrib" not in part


def test_the_receipts_of_calls_have_the_caps_of_all_receipts(world: World) -> None:
    world.change_settings(caps={"receipts_per_address": 1})

    first, second = opened(world, f"{ANA} Uno", "Uno."), opened(world, f"{ANA} Dos", "Dos cosas.")

    assert ("receipt", ANA) in told(world, first.id)
    assert told(world, second.id) == {("alert", MARTA)}


def test_a_colleague_who_asks_makes_it_internal_and_other_lines_may_say_otherwise(world: World) -> None:
    assert opened(world, f"{MARTA} Una silla").origin == "internal"
    assert opened(world, f"{NORA} Una silla").origin == "phone"
    assert opened(world, f"{ANA} Uno", origin="WhatsApp").origin == "whatsapp"
    assert opened(world, f"{ANA} Dos", origin="teléfono").origin == "phone"
    assert opened(world, f"{MARTA} Tres", origin="e-mail").origin == "mail"


def test_the_time_of_the_call_is_when_the_request_was_received(world: World) -> None:
    at = world.now - timedelta(hours=3)

    ticket = opened(world, at=at)

    (first,) = world.messages(ticket.id)
    assert (ticket.created_at, first.at, ticket.updated_at) == (at, at, world.now)
    (event,) = [one for one in world.events(ticket.id) if one.action == "received"]
    assert event.at == world.now


def test_what_was_promised_counts_from_the_call(world: World) -> None:
    """Ten minutes for the first answer, of a call that was written down after eight."""
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"workflow": "response-targets"}), billing])
    number = opened(world, at=world.now - timedelta(minutes=8)).id

    world.later(minutes=1)
    fire_due(world.office, now=world.now)
    assert missed(world, number) == []
    world.later(minutes=1)
    fire_due(world.office, now=world.now)

    assert missed(world, number) == ["first_answer"]


@pytest.mark.parametrize("days", [-1 / 24, 30.01, 400])
def test_a_call_of_tomorrow_or_of_long_ago_is_refused(world: World, days: float) -> None:
    found = order(world, open_new, f"{ANA} La impresora", at=world.now - timedelta(days=days))

    assert isinstance(found, Refused)
    assert (found.parameter, "30 días" in found.words["es"]) == ("when", True)


def test_a_conversation_elsewhere_has_its_time_and_its_evidence(world: World) -> None:
    said = {"time_spent": 900, "evidence": "https://chats.example.org/7"}
    conversation = partial(open_for, requester=ANA, subject="Copia", text="Pide una copia.", origin=Origin.WHATSAPP)

    found = order(world, conversation, **said)

    (first,) = world.messages(found[0])
    assert (first.time_spent, first.evidence) == (900, "https://chats.example.org/7")


def test_files_come_with_it(world: World) -> None:
    digest = world.office.blobs.put(b"%PDF")

    ticket = opened(world, files=(File("a.pdf", "application/pdf", 4, digest),))

    (first,) = world.messages(ticket.id)
    assert [one.name for one in world.attachments(first.id)] == ["a.pdf"]


def test_the_desks_rules_and_its_suspicions_hold_for_calls_too(world: World) -> None:
    world.open_with(rule=[Rule(name="printers", words=["impresora"], category="printers", owner=MARTA)])
    earlier = world.ticket_of(ANA, subject="La impresora no imprime", text=CALLED)

    ticket = opened(world)

    assert (ticket.category, ticket.owner_id) == ("printers", world.person(MARTA).id)
    assert world.links(ticket.id) == {("suspect", earlier)}


def test_a_mail_about_what_was_said_on_the_phone_is_suspected_too(world: World) -> None:
    call = opened(world)

    later = world.ticket_of(ANA, subject="Impresora", text=CALLED)

    assert world.links(later) == {("suspect", call.id)}


def test_the_customer_answers_the_receipt_and_reads_what_was_taken_down(world: World) -> None:
    ticket = opened(world)

    found = world.receive(reply_to(world.letters(to=ANA, letter="receipt")[-1], "Gracias por anotarlo.", s1=True))

    shown = own.conversation(world.office, world.person(ANA).id, ticket.id, now=world.now)
    assert (found.verdict, found.ticket_id) == ("reply", ticket.id)
    assert shown is not None
    assert [(one.author, one.text.strip()) for one in shown.messages] == [
        ("Luis Gómez", CALLED),
        ("Ana Pérez", "Gracias por anotarlo."),
    ]


def test_what_i_opened_for_others_i_find_apart_from_what_i_attend(world: World) -> None:
    mine, theirs = opened(world).id, world.ticket_of(BRUNO)
    world.act(theirs, "take")
    where = viewing.chosen(world.office, view="created", by=LUIS, tag="", area="", now=world.now)
    created = {row["number"] for row in read.tickets(world.office, where=where)}

    assert mine in created
    assert theirs not in created


@pytest.mark.parametrize(
    ("value", "text", "parameter"),
    [
        ("La impresora no imprime", CALLED, "new"),
        ("", CALLED, "new"),
        ("ana@ La impresora", CALLED, "new"),
        (f"{SUPPORT} La impresora", CALLED, "requester"),
        ("soporte@desk.example La impresora", CALLED, "requester"),
        (f"{EVA} La impresora", CALLED, "requester"),
        (ANA, "  \n ", "text"),
    ],
)
def test_what_names_nobody_or_asks_nothing_opens_nothing(world: World, value: str, text: str, parameter: str) -> None:
    world.known(EVA, state="blocked")

    found = order(world, open_new, value, text)

    assert isinstance(found, Refused)
    assert found.parameter == parameter
    assert [one.requester_address for one in world.tickets()] == [LUIS]


def test_an_origin_that_there_is_not_is_refused(world: World) -> None:
    found = order(world, open_new, f"{ANA} La impresora", origin="paloma")

    assert isinstance(found, Refused)
    assert (found.parameter, "paloma" in found.words["es"]) == ("origin", True)


@pytest.mark.parametrize("by", [NORA, ANA])
def test_who_has_no_role_in_the_area_opens_nothing_there(world: World, by: str) -> None:
    found = order(world, open_new, f"{BRUNO} La impresora", by=by)

    assert isinstance(found, Refused)
    assert BRUNO not in {one.requester_address for one in world.tickets()}


def test_a_request_of_my_own_sends_me_no_receipt(world: World) -> None:
    number = opened(world, f"{LUIS} Una silla").id

    assert told(world, number) == {("alert", MARTA)}


# --- what was said elsewhere about a ticket --------------------------------------------------------------------------


def test_a_call_about_a_ticket_is_recorded_with_its_time_its_evidence_and_when_it_was(world: World) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters())
    world.later(hours=5)

    world.act(
        number,
        "record",
        text="Dice que ya imprime.",
        origin="phone",
        evidence="https://calls.example.org/123",
        time="15m",
        when="2026-11-23T09:30-05:00",
    )

    record = world.messages(number)[-1]
    assert (record.kind, record.public, record.origin) == ("record", False, "phone")
    assert (record.evidence, record.time_spent) == ("https://calls.example.org/123", 900)
    assert record.at == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert world.ticket(number).time_spent == 900
    (event,) = [one for one in world.events(number) if one.action == "record"]
    assert (event.at, event.data["when"]) == (world.now, "2026-11-23T14:30:00+00:00")
    assert len(world.letters()) == before


def test_a_note_has_a_time_of_its_own_too_and_without_one_it_is_of_now(world: World) -> None:
    number = world.ticket_of(ANA)

    world.act(number, "note", text="Estuvo aquí.", when="2026-11-23T08:00")
    world.act(number, "note", text="Y ahora.")

    _, early, late = world.messages(number)
    assert early.at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert late.at == world.now


@pytest.mark.parametrize("when", ["mañana", "2026-11-24T10:00", "", "10:30"])
def test_what_is_to_come_cannot_be_recorded(world: World, when: str) -> None:
    number = world.ticket_of(ANA)

    found = world.act(number, "record", text="Llamó.", origin="phone", when=when)

    assert isinstance(found, Refused)
    assert found.parameter == "when"
    assert len(world.messages(number)) == 1


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_a_ticket_becomes_somebody_elses_and_the_log_says_so(world: World) -> None:
    number = world.ticket_of(ANA)

    said = order(world, change_requester, f"Eva Sol <{EVA}>", "", number=number)

    ticket, eva = world.ticket(number), world.person(EVA)
    assert said["es"] == f"La solicitud es ahora de {EVA}."
    assert (ticket.requester_id, ticket.requester_address, ticket.verified) == (eva.id, EVA, False)
    (event,) = [one for one in world.events(number) if one.action == "requester_changed"]
    assert (event.data["requester_address_before"], event.data["requester_address"]) == (ANA, EVA)
    assert event.data["requester_id_before"] == str(world.person(ANA).id)
    assert event.actor_id == world.person(LUIS).id


def test_it_goes_to_the_organisation_of_the_new_requester(world: World) -> None:
    world.known(BRUNO, organisation="Firma")
    number = world.ticket_of(ANA)

    order(world, change_requester, BRUNO, "", number=number)

    assert world.ticket(number).organisation_id == world.person(BRUNO).organisation_id is not None
    assert world.ticket(number).verified


def test_who_had_it_gets_nothing_more_and_what_has_not_left_does_not_leave(world: World) -> None:
    number = world.ticket_of(ANA)
    world.write_sent()
    world.answered(number)

    order(world, change_requester, BRUNO, "", number=number)
    before = len(world.letters())
    world.act(number, "reply", text="Bruno, ya está.")

    assert {one.status for one in world.letters(to=ANA)} == {"sent", "given up"}
    assert [to for letter, to in world.told(before) if letter == "answer"] == [BRUNO]


def test_the_old_tokens_and_the_page_open_nothing(world: World) -> None:
    number = world.ticket_of(ANA)
    token = world.token(number, ANA)
    ana = world.person(ANA).id

    order(world, change_requester, BRUNO, "", number=number)
    found = world.receive(mail(from_=ANA, to=f"support+r.{token}@desk.example", text="¿Y lo mío?", s1=True))

    assert found.facts["relation"] == "unknown"
    assert world.messages(number)[-1].public is False
    assert own.conversation(world.office, ana, number, now=world.now) is None
    assert world.office.rules.tokens.read(token, today=world.now.date()).purpose is Purpose.REPLY  # type: ignore[union-attr]


def test_while_nobody_has_written_the_new_requester_gets_the_receipt(world: World) -> None:
    number = world.ticket_of(ANA)
    before = len(world.letters())

    order(world, change_requester, EVA, "", number=number)

    assert [one for one in world.told(before) if one[1] == EVA] == [("receipt_new", EVA)]


def test_once_the_desk_has_answered_it_gets_none(world: World) -> None:
    number = world.ticket_of(ANA)
    world.answered(number)

    order(world, change_requester, EVA, "", number=number)

    assert world.letters(to=EVA) == []


def test_what_an_agent_asked_for_themself_stays_inside(world: World) -> None:
    """Their own words above a forward that nobody could read, for one, are not for the customer."""
    number = world.receive(mail(from_=LUIS, text="Este cliente es difícil. Ayúdenlo.", s1=True)).ticket_id

    order(world, change_requester, BRUNO, "", number=number)

    shown = own.conversation(world.office, world.person(BRUNO).id, number, now=world.now)
    assert shown is not None
    assert shown.messages == ()


def test_a_forward_that_named_the_wrong_one_is_put_right(world: World) -> None:
    text = (
        f"---------- Forwarded message ---------\nDe: Eva <{EVA}>\nDate: lun, 23 nov 2026\nSubject: x\n\nNo imprime.\n"
    )
    number = world.receive(mail(from_=LUIS, subject="Fwd: x", text=text, s1=True)).ticket_id
    assert world.ticket(number).requester_address == EVA

    order(world, change_requester, ANA, "", number=number)

    assert world.ticket(number).requester_address == ANA
    assert {one.status for one in world.letters(to=EVA)} == {"given up"}
    assert [one.letter for one in world.letters(to=ANA)] == ["receipt"]


def test_who_took_part_and_becomes_the_requester_takes_part_no_more(world: World) -> None:
    number = world.ticket_of(ANA)
    world.participant(number, BRUNO)

    order(world, change_requester, BRUNO, "", number=number)
    before = len(world.letters())
    world.answered(number)

    assert [one for one in world.told(before) if one[1] == BRUNO] == [("answer", BRUNO)]
    with world.office.database.read() as connection:
        assert participants.parts(connection, number) == {}


def test_the_timers_are_set_anew_for_whose_it_is_now(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "solve", text="Ya.")
    due = {one.rule: one.due_at for one in world.timers(number) if one.fired_at is None}

    order(world, change_requester, BRUNO, "", number=number)

    assert {one.rule: one.due_at for one in world.timers(number) if one.fired_at is None} == due


@pytest.mark.parametrize("value", ["", "Ana", "ana@", f"{BRUNO} y algo más", SUPPORT, ANA, EVA])
def test_whom_nobody_can_be_the_ticket_stays_as_it_is(world: World, value: str) -> None:
    """No address, one of ours, who has it already, and who is blocked."""
    world.known(EVA, state="blocked")
    number = world.ticket_of(ANA)

    found = order(world, change_requester, value, "", number=number)

    assert isinstance(found, Refused)
    assert world.ticket(number).requester_address == ANA


def test_a_closed_ticket_stays_whose_it_was(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "close")

    found = order(world, change_requester, BRUNO, "", number=number)

    assert isinstance(found, Refused)
    assert "cerrada" in found.words["es"]
    assert world.ticket(number).requester_address == ANA


def test_who_has_no_role_in_the_tickets_area_gives_it_to_nobody(world: World) -> None:
    number = world.ticket_of(ANA)

    found = order(world, change_requester, BRUNO, "", number=number, by=NORA)

    assert isinstance(found, Refused)
    assert world.ticket(number).requester_address == ANA
