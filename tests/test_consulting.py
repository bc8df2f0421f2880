"""Somebody is asked aside about a ticket: what they read, and that what they answer stays inside the desk."""

from typing import Any

import pytest

from gateway.apply.consulting import consult
from gateway.apply.orders import Order
from gateway.apply.participants import participants
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import Labels
from gateway.store import tickets
from gateway.store.messages import File
from gateway.store.tables import participant as participant_table
from gateway.work import own
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NORA, SUPPORT, World, mail, reply_to

QUESTION = "¿Qué versión del controlador recomiendan para la serie 300?"
ANSWER = "La 7.4, pero no se lo digan al cliente todavía."


def ordered(world: World, number: int, value: str, *, by: str = LUIS, text: str = QUESTION, **more: Any) -> Order:
    with world.office.database.read() as connection:
        kept = tickets.get(connection, number)
    return Order(
        person=world.person(by),
        address=by,
        area=world.office.rules.desk.areas[kept.ticket.area],
        kept=kept,
        value=value,
        text=text,
        rules=world.office.rules,
        now=world.now,
        cause="m-1",
        **({"files": (), "delivery_id": 1} | more),
    )


def ask(world: World, number: int, value: str = EVA, **more: Any) -> Labels | Refused:
    order = ordered(world, number, value, **more)
    with world.office.database.write() as connection:
        return consult(connection, order)


def asked(world: World, **more: Any) -> tuple[int, Any]:
    """Ana's ticket about which Eva was asked, and the letter to Eva."""
    number = world.ticket_of(ANA, message_id="<secret-id@firm.example>", text="Secreto de Ana.")
    found = ask(world, number, **more)
    assert not isinstance(found, Refused), found.words["en"]
    return number, world.letters(letter="consultation")[-1]


def everything(letter: Any) -> str:
    return " ".join([letter.subject, letter.text, letter.html, *(f"{name} {value}" for name, value in letter.headers)])


# --- the question ----------------------------------------------------------------------------------------------------


def test_who_is_asked_reads_the_question_and_nothing_of_the_ticket(world: World) -> None:
    number, letter = asked(world)

    assert letter.to_address == EVA
    assert QUESTION in letter.text
    assert "Luis Gómez" in letter.text
    assert letter.subject == f"[#{number}] Consulta"
    for secret in ("Secreto", "impresora", "Ana", "firm.example", "Pérez"):
        assert secret not in everything(letter)
    headers = dict(letter.headers)
    assert world.token(number, EVA) in headers["Reply-To"]
    assert "Cc" not in headers
    assert "Auto-Submitted" not in headers
    assert (world.person(EVA).state, world.person(EVA).name) == ("pending", "")
    assert [one.letter for one in world.letters(to=EVA)] == ["consultation"]


def test_with_cc_on_they_stand_in_none_and_read_of_none(world: World) -> None:
    world.change_settings(participants={"letters": "cc"})
    number = world.ticket_of(ANA, cc=BRUNO)
    ask(world, number)
    world.answered(number)

    assert "Cc" not in dict(world.letters(to=EVA)[0].headers)
    assert all(EVA not in everything(one) for one in world.letters() if one.to_address in (ANA, BRUNO))


def test_the_desks_own_people_of_another_area_read_what_it_is_about(world: World) -> None:
    number = world.ticket_of(ANA)
    ask(world, number, NORA)

    (letter,) = world.letters(letter="consultation")
    assert letter.subject == f"[#{number}] A question: La impresora no imprime"


def test_the_question_is_an_internal_note_with_who_was_asked(world: World) -> None:
    number, _ = asked(world)
    before = world.ticket(number)

    note = world.messages(number)[-1]
    assert (note.kind, note.public, note.text, note.author_id) == ("note", False, QUESTION, world.person(LUIS).id)
    assert note.flags == [f"asked aside: {EVA}"]
    assert before.state == "new"
    event = world.events(number)[-1]
    assert (event.action, event.data, event.actor_id) == ("consulted", {"asked": EVA}, world.person(LUIS).id)


def test_earlier_mails_in_the_question_do_not_go_out(world: World) -> None:
    """An agent who forwards the customer's mail to ask about it would hand it over whole."""
    eml = File("antes.eml", "message/rfc822", 7, "0" * 64)
    new = File("plano.pdf", "application/pdf", 7, "1" * 64)
    forwarded = (
        f"{QUESTION}\n\n---------- Forwarded message ---------\nFrom: Ana <{ANA}>\nSubject: x\n\nSecreto de Ana.\n"
    )
    number = world.ticket_of(ANA)
    said = ask(world, number, text=forwarded, files=(eml, new))

    (letter,) = world.letters(to=EVA)
    assert not isinstance(said, Refused)
    assert said["es"].endswith("No se enviaron los correos anteriores que venían en el suyo.")
    assert QUESTION in letter.text
    assert "Secreto" not in everything(letter)
    assert [file.name for file in world.files_of(letter)] == ["plano.pdf"]


def test_several_are_asked_each_by_a_letter_of_their_own(world: World) -> None:
    number = world.ticket_of(ANA)
    ask(world, number, f"{EVA}, {BRUNO}")

    assert [one.to_address for one in world.letters(letter="consultation")] == [EVA, BRUNO]
    assert BRUNO not in everything(world.letters(to=EVA)[0])


@pytest.mark.parametrize(
    ("value", "text", "reason"),
    [
        ("", QUESTION, Refusal.UNKNOWN_VALUE),
        ("Eva", QUESTION, Refusal.UNKNOWN_VALUE),
        (EVA, "  ", Refusal.MISSING),
        (f"{EVA} {ANA}", QUESTION, Refusal.BARRED),
        (f"{EVA} {LUIS}", QUESTION, Refusal.BARRED),
        (f"{EVA} {SUPPORT}", QUESTION, Refusal.BARRED),
        (f"{EVA} {BRUNO}", QUESTION, Refusal.BARRED),
    ],
)
def test_who_would_answer_to_the_customer_cannot_be_asked_aside(
    world: World, value: str, text: str, reason: Refusal
) -> None:
    """The requester, a participant, and the ticket's own agents answer to everybody. Nothing is half done."""
    number = world.ticket_of(ANA, cc=BRUNO)
    found = ask(world, number, value, text=text)

    assert isinstance(found, Refused)
    assert found.reason is reason
    assert world.letters(letter="consultation") == []
    assert [row.address for row in world.rows(participant_table)] == [BRUNO]


def test_who_may_not_work_on_the_ticket_asks_nobody(world: World) -> None:
    number = world.ticket_of(ANA)

    assert isinstance(ask(world, number, by=NORA), Refused)
    assert isinstance(ask(world, number, by=ANA), Refused)
    assert world.letters(letter="consultation") == []


# --- the answer ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("s1", "flags"), [(True, ["aside"]), (False, ["unverified", "aside"])])
def test_the_answer_is_an_internal_note_that_the_owner_is_told_of(world: World, s1: bool, flags: list[str]) -> None:
    number, letter = asked(world)
    world.act(number, "take")
    before, at = len(world.letters()), world.ticket(number)

    row = world.receive(reply_to(letter, ANSWER, s1=s1, cc=f"{BRUNO}, x@far.example"))

    assert (row.verdict, row.ticket_id, row.facts["relation"]) == ("reply", number, "consulted")
    note = world.messages(number)[-1]
    assert (note.kind, note.public, note.verified, note.flags) == ("note", False, s1, flags)
    assert note.text.strip() == ANSWER
    assert world.told(before) == [("alert", LUIS)]
    alert = world.letters()[-1]
    assert ANSWER in alert.text
    assert EVA in alert.text
    assert ("Respondieron su consulta" in alert.text) is s1
    assert world.ticket(number) == at
    assert {row.address: row.role for row in world.rows(participant_table)} == {EVA: "consulted"}


def test_of_an_unproven_answer_the_owner_reads_what_it_answers_and_that_it_is_internal(world: World) -> None:
    number, letter = asked(world)
    world.act(number, "take")
    world.receive(reply_to(letter, ANSWER))

    told = world.letters(LUIS, "alert")[-1]
    assert "Respuesta sin verificar" in told.subject
    assert "Motivo: responde a una consulta y es interna: quien hizo la solicitud no la recibe" in told.text


def test_without_an_owner_the_team_is_told(world: World) -> None:
    _, letter = asked(world)
    before = len(world.letters())
    world.receive(reply_to(letter, ANSWER, s1=True))

    assert set(world.told(before)) == {("alert", LUIS), ("alert", MARTA)}


def test_the_answer_reaches_neither_the_requester_nor_a_participant_nor_the_page(world: World) -> None:
    number, letter = asked(world)
    with world.office.database.write() as connection:
        participants(connection, ordered(world, number, f"+{BRUNO}"))
    world.receive(reply_to(letter, ANSWER, s1=True, files=[("secreto.bin", b"1")]))
    world.receive(mail(to=world.reply_address(number, ANA), text="¿Novedades?", s1=True))
    world.answered(number, "Pruebe con otra versión.")
    world.act(number, "solve", text="Listo.")

    for one in world.letters():
        if one.to_address in (ANA, BRUNO):
            assert ANSWER not in one.text + one.html
            assert QUESTION not in one.text + one.html
            assert world.files_of(one) == []
    page = own.conversation(world.office, world.person(ANA).id, number, now=world.now)
    assert page is not None
    assert ANSWER not in repr(page)
    assert EVA not in repr(page)


def test_an_answer_to_all_of_who_was_asked_stays_inside_too(world: World) -> None:
    number, letter = asked(world)
    before = len(world.letters())
    world.receive(reply_to(letter, ANSWER, s1=True, cc=f"{SUPPORT}, {world.reply_address(number, LUIS)}"))

    assert not world.messages(number)[-1].public
    assert {name for name, _ in world.told(before)} == {"alert"}


@pytest.mark.parametrize("text", ["Sí, apruebo", "Pueden cerrar", "5", "salir", "No, sigue fallando"])
def test_no_word_of_theirs_closes_approves_or_scores(world: World, text: str) -> None:
    number, letter = asked(world)
    world.act(number, "solve", text="Ya imprime.")
    world.receive(reply_to(letter, text, s1=True))

    assert world.ticket(number).state == "solved"
    assert world.messages(number)[-1].flags == ["aside"]


def test_after_closing_their_answer_is_still_a_note(world: World) -> None:
    number, letter = asked(world)
    world.act(number, "close")
    world.later(days=60)
    world.receive(reply_to(letter, ANSWER, s1=True))

    assert world.ticket(number).state == "closed"
    assert world.messages(number)[-1].flags == ["aside"]
    assert len(world.tickets()) == 1


def test_they_get_nothing_else_of_the_ticket(world: World) -> None:
    number, letter = asked(world)
    world.receive(reply_to(letter, ANSWER, s1=True))
    world.answered(number)
    world.receive(mail(to=world.reply_address(number, ANA), text="Gracias.", s1=True))
    world.act(number, "close", text="Listo.")

    assert [one.letter for one in world.letters(to=EVA)] == ["consultation"]


def test_an_automatic_reply_of_theirs_tells_nobody(world: World) -> None:
    number, letter = asked(world)
    before = len(world.letters())
    world.receive(reply_to(letter, "Estoy fuera.", headers={"Auto-Submitted": "auto-replied"}))

    assert world.told(before) == []
    assert not world.messages(number)[-1].public


def test_who_was_asked_aside_does_not_become_a_participant(world: World) -> None:
    """A late answer to the question would be read by everybody."""
    number, letter = asked(world)
    world.receive(mail(to=world.reply_address(number, ANA), cc=EVA, text="Copio a Eva.", s1=True))
    world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), cc=EVA, text="Yo también.", s1=True))
    with world.office.database.write() as connection:
        found = participants(connection, ordered(world, number, f"+{EVA}"))
    before = len(world.letters())
    world.receive(reply_to(letter, ANSWER, s1=True))

    assert isinstance(found, Refused)
    assert found.reason is Refusal.BARRED
    assert {row.role for row in world.rows(participant_table)} == {"consulted"}
    assert {name for name, _ in world.told(before)} == {"alert"}


def test_who_left_and_is_asked_aside_answers_aside(world: World) -> None:
    """With the token of the days in which everybody read it, too."""
    number = world.ticket_of(ANA, cc=EVA)
    world.answered(number)
    letter = world.letters(to=EVA)[0]
    world.receive(reply_to(letter, "salir"))
    ask(world, number)
    before = len(world.letters())
    world.receive(reply_to(letter, ANSWER, s1=True))

    assert world.messages(number)[-1].flags == ["aside"]
    assert {name for name, _ in world.told(before)} == {"alert"}


def test_a_role_that_comes_later_does_not_send_the_answer_to_the_customer(world: World) -> None:
    number, letter = asked(world)
    world.known(EVA, role="agent", areas=["support"])
    world.receive(reply_to(letter, ANSWER, s1=True))

    assert world.messages(number)[-1].flags == ["aside"]
    assert world.letters(letter="answer") == []


def test_the_owner_is_told_when_the_question_does_not_arrive(world: World) -> None:
    number, letter = asked(world)
    world.act(number, "take")
    fields = {
        "from_": "MAILER-DAEMON@far.example",
        "to": letter.envelope_from or SUPPORT,
        "subject": "Undelivered Mail Returned to Sender",
        "text": f"<{EVA}>: host mx.far.example said: 550 5.1.1 User unknown\n\nMessage-ID: {letter.message_id}\n",
        "in_reply_to": letter.message_id,
    }
    world.receive(mail(**fields), envelope_from="", to=[letter.envelope_from or SUPPORT])

    assert ("undelivered", LUIS) in world.told()
