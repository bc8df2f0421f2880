"""Delivery reports mark the letter that they are about, and only one that is really ours (RULES 5.3)."""

import pytest

from gateway.store import letters
from gateway.store.tables import suppression
from gateway.threading.tokens import Purpose, letter_number
from tests.world import ANA, EVA, LUIS, MARTA, Postman, World, mail


def report(
    *,
    to: str = "support@desk.example",
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "",
    of: str = ANA,
) -> bytes:
    """A report as RFC 3464 has it; `returned` is the Message-ID of the mail that came back."""
    original = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {returned}\nSubject: x\n\n" if returned else ""
    return (
        f"From: MAILER-DAEMON@relay.example\nTo: {to}\nSubject: Undelivered {action} {status} {returned}{to}\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nMIME-Version: 1.0\n\n"
        "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {of}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 no such user\n\n{original}--b--\n"
    ).encode()


def answered(world: World) -> int:
    """Luis answered Ana, and the letter left."""
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.answered(number)
    world.send(Postman())
    return number


def suppressed(world: World, address: str = ANA) -> str:
    with world.office.database.read() as connection:
        return letters.suppressed(connection, address)


@pytest.mark.parametrize("by", ["token", "message id"])
def test_a_report_marks_the_letter_and_tells_the_tickets_owner(world: World, by: str) -> None:
    number = answered(world)
    letter = world.letters(letter="answer")[0]
    before = len(world.letters())
    raw = report(to=letter.envelope_from) if by == "token" else report(returned=letter.message_id)

    found = world.receive(raw, envelope_from="", to=[letter.envelope_from if by == "token" else "support@desk.example"])

    assert (found.verdict, found.ticket_id) == ("delivery report", number)
    marked = world.letters(letter="answer")[0]
    assert (marked.status, marked.response) == ("returned", "5.1.1 550 no such user")
    assert world.told(before) == [("alert", LUIS)]
    assert "550 no such user" in world.letters()[-1].text
    assert world.events(number)[-1].action == "delivery_failed"
    assert suppressed(world).startswith("5.1.1")


def test_the_token_alone_is_enough_in_the_envelope(world: World) -> None:
    answered(world)
    letter = world.letters(letter="answer")[0]

    world.receive(report(to="postmaster@elsewhere.example"), envelope_from="", to=[letter.envelope_from])

    assert world.letters(letter="answer")[0].status == "returned"


@pytest.mark.parametrize("forged", ["another key", "reply token", "made up", "nothing", "not signed"])
def test_a_forged_report_marks_nothing_and_tells_nobody(world: World, forged: str) -> None:
    answered(world)
    letter = world.letters(letter="answer")[0]
    before = [(one.status, one.response) for one in world.letters()]
    tokens = world.office.rules.tokens
    to, returned = "support@desk.example", ""
    if forged == "another key":
        to = f"support+r.{tokens.make(Purpose.REPORT, letter_number('aaaaaaaaaa'), 1)}@desk.example"
    elif forged == "reply token":
        as_a_ticket = tokens.make(Purpose.REPLY, letter_number(letter.letter_key), world.person(ANA).id)
        to = f"support+r.{as_a_ticket}@desk.example"
    elif forged == "made up":
        to = letter.envelope_from[:-20] + "aaaaaaa@desk.example"
    elif forged == "not signed":
        returned = f"<{letter.letter_key}.{'a' * 30}@gateway.desk.example>"

    found = world.receive(report(to=to, returned=returned), envelope_from="", to=[to])

    assert (found.verdict, found.ticket_id) == ("delivery report", None)
    assert found.reasons[0].endswith("about no letter of ours")
    assert [(one.status, one.response) for one in world.letters()] == before
    assert suppressed(world) == ""
    assert len(world.tickets()) == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_no_failure_is_only_written_down(world: World, action: str) -> None:
    number = answered(world)
    letter = world.letters(letter="answer")[0]

    found = world.receive(report(returned=letter.message_id, action=action, status="4.4.1"), envelope_from="")

    assert (found.verdict, found.ticket_id) == ("delivery report", number)
    assert world.letters(letter="answer")[0].status == "sent"
    assert suppressed(world) == ""


def test_a_full_mailbox_is_no_dead_address_until_it_happens_again_and_again(world: World) -> None:
    number = answered(world)
    for attempt in range(3):
        assert suppressed(world) == ""
        letter = world.answered(number, f"Intento {attempt}")
        world.receive(report(returned=letter.message_id, status="5.2.2"), envelope_from="")

    assert suppressed(world).startswith("5.2.2")


def test_an_address_that_was_released_is_suppressed_again_when_it_fails_again(world: World) -> None:
    number = answered(world)
    world.receive(report(returned=world.letters(letter="answer")[0].message_id), envelope_from="")
    world.write(suppression.update().values(released_at=world.now))
    assert suppressed(world) == ""

    world.receive(report(returned=world.answered(number, "Otra vez.").message_id), envelope_from="")

    assert suppressed(world).startswith("5.1.1")


def test_the_failure_of_a_letter_to_an_owner_is_not_told_to_that_owner(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, owner=LUIS)
    alert = world.letters(to=LUIS)[-1]
    before = len(world.letters())

    world.receive(report(returned=alert.message_id, of=LUIS), envelope_from="")

    assert alert.letter == "alert"
    assert world.told(before) == []


def test_the_report_of_a_letter_without_an_owner_is_told_to_the_team(world: World) -> None:
    world.ticket_of(ANA)
    receipt = world.letters(to=ANA)[0]
    before = len(world.letters())

    world.receive(report(returned=receipt.message_id), envelope_from="")

    assert world.told(before) == [("alert", LUIS), ("alert", MARTA)]


def test_the_same_report_twice_is_one_failure(world: World) -> None:
    answered(world)
    raw = report(returned=world.letters(letter="answer")[0].message_id, status="5.2.2")

    assert [world.receive(raw, envelope_from="").verdict for _ in range(2)] == ["delivery report", "duplicate"]
    assert [one.failures for one in world.rows(suppression)] == [1]


def test_a_report_never_opens_a_ticket_and_is_never_answered(world: World) -> None:
    world.receive(report(), envelope_from="")

    assert (world.tickets(), world.letters()) == ([], [])


def test_a_human_postmaster_is_a_human(world: World) -> None:
    found = world.receive(mail(from_="postmaster@elsewhere.example", text="¿Nos bloquean? Error 550 5.7.1"))

    assert found.verdict == "ticket"
    assert world.letters(to="postmaster@elsewhere.example")[0].letter == "receipt_new"
    assert world.letters(to=EVA) == []
