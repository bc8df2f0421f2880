"""Who takes part in a ticket, from real mails in: by whose Cc, by command, and how they leave."""

import pytest

from gateway.apply.participants import from_outside
from gateway.desk.refusals import Refusal, Refused
from gateway.settings import MailingList
from gateway.store import people, tickets
from gateway.store.tables import address as address_table
from gateway.store.tables import participant as participant_table
from gateway.store.tables import suppression
from tests.taking_part import OUTSIDERS, done, order, part, read_by, with_eva, writes
from tests.world import ANA, BRUNO, EVA, LUIS, NOON, NORA, SUPPORT, World, mail, reply_to

# --- who joins -------------------------------------------------------------------------------------------------------


def test_whom_a_proven_requester_puts_in_cc_takes_part_and_is_asked_nothing(world: World) -> None:
    number = with_eva(world)

    assert part(world, number) == {EVA: "cc"}
    assert (world.person(EVA).state, world.person(EVA).name) == ("pending", "Eva Soto")
    assert world.letters(to=EVA) == []
    (event,) = [one for one in world.events(number) if one.action == "participants"]
    assert (event.data, event.actor_id) == ({"added": EVA}, world.person(ANA).id)


def test_so_does_whom_they_put_there_later(world: World) -> None:
    number = world.ticket_of(ANA)
    writes(world, number, ANA, "Agrego a Eva.", cc=EVA)

    assert part(world, number) == {EVA: "cc"}


@pytest.mark.parametrize("dmarc", ["", "fail"])
def test_an_unproven_requester_adds_nobody(world: World, dmarc: str) -> None:
    """Anybody can write Ana's name into From: their friend would read what the desk answers her."""
    first = world.receive(mail(cc=EVA, dmarc=dmarc)).ticket_id
    writes(world, first, ANA, "Agrego a Eva.", cc=EVA, s1=False, dmarc=dmarc)

    assert part(world, first) == {}
    world.answered(first)
    assert world.letters(to=EVA) == []


def test_a_mail_with_another_persons_token_adds_nobody(world: World) -> None:
    number = world.ticket_of(ANA)
    world.receive(mail(to=world.reply_address(number, LUIS), cc=EVA, s1=True))

    assert part(world, number) == {}


def test_a_participants_own_cc_adds_nobody(world: World) -> None:
    number = with_eva(world)
    writes(world, number, EVA, "Que lo vea Hugo.", cc=OUTSIDERS[1])

    assert part(world, number) == {EVA: "cc"}


def test_a_strangers_cc_adds_nobody(world: World) -> None:
    number = with_eva(world)
    world.receive(mail(from_="x@far.example", to=world.reply_address(number, EVA), cc=OUTSIDERS[1], s1=True))

    assert part(world, number) == {EVA: "cc"}


def test_a_machine_adds_nobody(world: World) -> None:
    number = world.ticket_of(ANA, cc=EVA, headers={"Auto-Submitted": "auto-generated"})

    assert part(world, number) == {}


def test_who_cannot_or_should_not_take_part_does_not(world: World) -> None:
    world.open_with(mailing_list=[MailingList(address="todos@desk-lists.example")])
    world.known("blocked@firm.example", state="blocked")
    world.known("gone@firm.example", state="inactive")
    world.write(suppression.insert().values(address="dead@firm.example", reason="550", failures=1, since=NOON))
    never = [
        SUPPORT,
        "billing@desk.example",
        "support+anything@desk.example",
        "todos@desk-lists.example",
        "no-reply@firm.example",
        "blocked@firm.example",
        "gone@firm.example",
        "dead@firm.example",
        LUIS,
        NORA,
        ANA,
    ]

    number = world.ticket_of(ANA, cc=", ".join([*never, EVA]))

    assert part(world, number) == {EVA: "cc"}


def test_there_is_room_for_so_many_and_the_event_says_how_many_were_left_out(world: World) -> None:
    world.change_settings(participants={"most": 2})
    number = world.ticket_of(ANA, cc=", ".join(OUTSIDERS))

    assert set(part(world, number)) == set(OUTSIDERS[:2])
    (event,) = [one for one in world.events(number) if one.action == "participants"]
    assert event.data["left_out"] == "1"


def test_somebody_with_two_addresses_in_cc_comes_once(world: World) -> None:
    home = "bruno@home.example"
    world.write(address_table.insert().values(address=home, person_id=world.person(BRUNO).id, created_at=NOON))
    number = world.ticket_of(ANA, cc=f"{BRUNO}, {home}")

    assert part(world, number) == {BRUNO: "cc"}
    (event,) = [one for one in world.events(number) if one.action == "participants"]
    assert event.data == {"added": BRUNO}


def test_where_it_is_switched_off_a_cc_adds_nobody(world: World) -> None:
    world.change_settings(participants={"from_cc": False})

    assert part(world, with_eva(world)) == {}


def test_whom_an_agent_puts_in_cc_of_their_answer_takes_part_from_the_next_message_on(world: World) -> None:
    number = world.ticket_of(ANA)
    writes(world, number, LUIS, "Le copio a Eva.", cc=EVA)
    assert part(world, number) == {EVA: "cc"}
    assert world.letters(to=EVA) == []

    writes(world, number, ANA, "Gracias, Eva dirá.")

    assert [one.letter for one in world.letters(to=EVA)] == ["relayed"]


def test_an_unproven_agent_adds_nobody(world: World) -> None:
    number = world.ticket_of(ANA)
    writes(world, number, LUIS, "Le copio a Eva.", cc=EVA, s1=False)

    assert world.messages(number)[-1].kind == "pending note"
    assert part(world, number) == {}


def test_who_left_or_was_taken_out_does_not_come_back_by_a_cc(world: World) -> None:
    """Programs that answer all keep everybody in Cc: nobody could leave."""
    number = world.ticket_of(ANA, cc=f"{EVA}, {OUTSIDERS[1]}")
    writes(world, number, EVA, "salir")
    done(order(world, number, f"-{OUTSIDERS[1]}"))
    writes(world, number, ANA, "Sigo esperando.", cc=f"{EVA}, {OUTSIDERS[1]}")
    writes(world, number, LUIS, "Vamos.", cc=f"{EVA}, {OUTSIDERS[1]}")

    assert part(world, number) == {EVA: "left", OUTSIDERS[1]: "left"}


# --- how they leave --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Salir, por favor", "SALIR\n\nEva Sol\nSocia S. A.\nTel. 601 555 0101"])
@pytest.mark.parametrize("s1", [True, False])
def test_a_participant_leaves_by_a_word_and_reads_no_more(world: World, s1: bool, text: str) -> None:
    number = with_eva(world)
    world.answered(number)
    before = len(world.letters())

    row = world.receive(reply_to(world.letters(to=EVA)[0], text, from_=f"Eva Sol <{EVA}>", s1=s1))
    world.answered(number, "Otra cosa.")
    writes(world, number, ANA, "Gracias por avisar.")
    world.act(number, "close", text="Listo.")

    assert (row.verdict, row.stage) == ("reply", "leaves_the_ticket")
    assert part(world, number) == {EVA: "left"}
    assert [one.letter for one in read_by(world, EVA, since=before)] == ["left"]
    assert ("relayed", ANA) not in world.told(before)
    entry = next(one for one in world.messages(number) if "left" in one.flags)
    assert (entry.kind, entry.public) == ("automatic", False)


def test_who_left_already_is_told_nothing_more(world: World) -> None:
    number = with_eva(world)
    writes(world, number, EVA, "salir")
    before = len(world.letters())
    writes(world, number, EVA, "leave")

    assert world.told(before) == []


def test_what_somebody_who_left_writes_is_for_the_desk_alone(world: World) -> None:
    number = with_eva(world)
    writes(world, number, EVA, "salir")
    before = len(world.letters())
    writes(world, number, EVA, "Una cosa más.")

    assert world.messages(number)[-1].flags == ["third party"]
    assert {letter for letter, _ in world.told(before)} == {"alert"}


@pytest.mark.parametrize("text", ["Ya pueden salir.", "El ticket ya puede salir, gracias", "can you leave"])
def test_who_answers_that_others_may_go_stays(world: World, text: str) -> None:
    number = with_eva(world)
    row = writes(world, number, EVA, text)

    assert (row.verdict, row.stage) == ("reply", "names_a_ticket")
    assert part(world, number) == {EVA: "cc"}
    assert world.messages(number)[-1].text.strip() == text


def test_the_requester_cannot_leave(world: World) -> None:
    number = with_eva(world)
    row = writes(world, number, ANA, "salir")

    assert row.stage == "names_a_ticket"
    assert world.messages(number)[-1].public


def test_another_cannot_leave_for_them(world: World) -> None:
    number = with_eva(world)
    world.receive(mail(from_="x@far.example", to=world.reply_address(number, EVA), text="salir", s1=True))
    world.receive(mail(from_=EVA, to=world.reply_address(number, ANA), text="salir"))

    assert part(world, number) == {EVA: "cc"}


# --- by command ------------------------------------------------------------------------------------------------------


def test_an_agent_adds_and_removes_by_command_and_the_event_says_who(world: World) -> None:
    number = with_eva(world)

    said = done(order(world, number, f"+{BRUNO} -{EVA}"))

    assert said == f"Participa desde ahora: {BRUNO}. Ya no participa: {EVA}."
    assert part(world, number) == {EVA: "left", BRUNO: "cc"}
    event = [one for one in world.events(number) if one.action == "participants"][-1]
    assert (event.data, event.actor_id, event.cause) == (
        {"added": BRUNO, "removed": EVA},
        world.person(LUIS).id,
        "m-1",
    )


def test_who_comes_back_by_command_reads_from_then_on(world: World) -> None:
    number = with_eva(world)
    writes(world, number, EVA, "salir")
    writes(world, number, ANA, "Mientras Eva no está.")
    world.later(hours=1)
    done(order(world, number, EVA))
    before = len(world.letters())
    world.answered(number, "Ahora sí.")

    (row,) = world.rows(participant_table)
    assert (row.since, row.left_at) == (world.now, None)
    (letter,) = read_by(world, EVA, since=before)
    assert "Mientras" not in letter.text


def test_who_takes_part_already_stays_since_when_they_came(world: World) -> None:
    number = with_eva(world)
    world.later(hours=1)

    assert done(order(world, number, EVA)) == f"Ya participaba: {EVA}."
    assert world.rows(participant_table)[0].since == NOON


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", Refusal.UNKNOWN_VALUE),
        ("Eva", Refusal.UNKNOWN_VALUE),
        (f"+{BRUNO} +nobody", Refusal.UNKNOWN_VALUE),
        (f"+{BRUNO} +{LUIS}", Refusal.BARRED),
        (f"+{BRUNO} +{ANA}", Refusal.BARRED),
        (f"+{BRUNO} +{SUPPORT}", Refusal.BARRED),
        (f"+{BRUNO} +no-reply@firm.example", Refusal.BARRED),
        (f"+{BRUNO} -{OUTSIDERS[2]}", Refusal.BARRED),
        (f"+{BRUNO} +{OUTSIDERS[2]} +{OUTSIDERS[1]}", Refusal.BARRED),
    ],
)
def test_all_of_a_command_is_done_or_nothing(world: World, value: str, reason: Refusal) -> None:
    world.change_settings(participants={"most": 3})
    number = with_eva(world)
    found = order(world, number, value)

    assert isinstance(found, Refused)
    assert found.reason is reason
    assert part(world, number) == {EVA: "cc"}


def test_who_may_not_work_on_the_ticket_adds_nobody(world: World) -> None:
    number = world.ticket_of(ANA)
    found = [order(world, number, f"+{EVA}", by=who) for who in (NORA, ANA, BRUNO)]

    assert [isinstance(one, Refused) and one.reason for one in found] == [Refusal.NOT_PERMITTED] * 3


def test_from_outside_is_who_is_neither_known_nor_of_the_requesters_firm(world: World) -> None:
    with world.office.database.write() as connection:
        firm = people.organisation_named(connection, "Firm")
        people.claim_domain(connection, firm, "firm-group.example")
    world.known("old@elsewhere.example")
    world.receive(mail(from_="pending@elsewhere.example"))
    number = world.ticket_of("ana@firm-group.example")
    value = (
        f"+new@firm-group.example +x@sub.firm-group.example old@elsewhere.example -{EVA} "
        "+pending@elsewhere.example +new@elsewhere.example"
    )

    with world.office.database.read() as connection:
        found = from_outside(connection, tickets.get(connection, number), value)

    assert found == ("pending@elsewhere.example", "new@elsewhere.example")
