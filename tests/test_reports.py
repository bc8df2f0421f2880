"""Delivery reports mark the letter that they are about, and only one that is really ours (RULES 5.3)."""

from typing import Any

import pytest

from gateway.errors import NotFound
from gateway.outbound.outcomes import Outcome, PermanentFailure, TemporaryFailure
from gateway.store import suppressions
from gateway.store.tables import suppression
from gateway.threading.tokens import Purpose, letter_number
from gateway.work.release import release
from gateway.work.release import suppressed as listed
from tests.world import ANA, EVA, LUIS, MARTA, Postman, World, mail, reply_to


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
        return suppressions.suppressed(connection, address)


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
    assert world.told(before) == [("undelivered", LUIS)]
    told = world.letters()[-1].text
    assert "La dirección no existe" in told
    assert "550 no such user" in told
    assert letter.subject in " ".join(told.split())
    assert (world.messages(number)[-1].kind, world.messages(number)[-1].public) == ("report", False)
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
    release(world.office, [ANA], now=world.now)
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

    assert world.told(before) == [("undelivered", LUIS), ("undelivered", MARTA)]


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


def in_words(letter: Any, *, reason: str = "550 5.1.1 no such user") -> bytes:
    """A bounce as qmail writes it, with the letter copied into its text."""
    return (
        "From: MAILER-DAEMON@relay.example\nTo: support@desk.example\nSubject: failure notice\n\n"
        f"<{letter.to_address}>:\n{reason}\n\n--- your message ---\nReceived: from desk by relay\n"
        f"From: support@desk.example\nTo: {letter.to_address}\nMessage-ID: {letter.message_id}\n\nHola\n"
    ).encode()


def test_a_bounce_in_free_words_does_the_same_as_a_report(world: World) -> None:
    number = answered(world)

    found = world.receive(in_words(world.letters(letter="answer")[0]), envelope_from="", to=["support@desk.example"])

    assert (found.verdict, found.ticket_id) == ("delivery report", number)
    assert found.facts["reported"] == [f"{ANA} failed 5.1.1"]
    assert world.letters(letter="answer")[0].status == "returned"
    assert suppressed(world).startswith("550 5.1.1")


def test_what_nobody_can_read_is_told_and_suppresses_nobody(world: World) -> None:
    number = answered(world)
    before = len(world.letters())
    for attempt in range(4):
        letter = world.answered(number, f"Intento {attempt}")
        head = f"From: MAILER-DAEMON@x.example\nSubject: Returned mail\nMessage-ID: <{attempt}@x>\n"
        raw = f"{head}\nIt was not delivered."
        world.receive(raw.encode(), envelope_from="", to=[letter.envelope_from])

    assert {one.status for one in world.letters(letter="answer")[1:]} == {"returned"}
    assert [one for one in world.told(before) if one[0] == "undelivered"] == [("undelivered", LUIS)]
    assert "no dice el motivo" in " ".join(world.letters(letter="undelivered")[0].text.split())
    assert world.rows(suppression) == []


def test_a_reader_who_read_is_no_failure(world: World) -> None:
    answered(world)
    letter = world.letters(letter="answer")[0]
    raw = (
        f"From: {ANA}\nTo: {letter.envelope_from}\nSubject: Read: x\nMIME-Version: 1.0\n"
        f"In-Reply-To: {letter.message_id}\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\n"
        "Content-Type: message/disposition-notification\n\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n"
    )

    found = world.receive(raw.encode(), envelope_from=ANA, to=[letter.envelope_from])

    assert found.verdict == "delivery report"
    assert world.letters(letter="answer")[0].status == "sent"
    assert world.letters(letter="undelivered") == []


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (PermanentFailure("550 5.1.1 no such user", "5.1.1"), "refused", "La dirección no existe"),
        (PermanentFailure("552 5.2.2 over quota", "5.2.2"), "refused", "El buzón está lleno"),
        (TemporaryFailure("451 try again"), "given up", "nunca lo aceptaron"),
    ],
)
def test_a_letter_that_the_relay_does_not_take_is_told_to_the_owner(
    world: World, outcome: Outcome, status: str, words: str
) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.answered(number)
    postman = Postman()
    postman.says[ANA] = outcome
    before = len(world.letters())
    world.send(postman)
    world.later(hours=48)
    world.send(postman)

    assert world.letters(letter="answer")[0].status == status
    # Receipt and answer failed, and one letter says so.
    assert world.told(before) == [("undelivered", LUIS)]
    assert words in world.letters()[-1].text
    assert [one.kind for one in world.messages(number)].count("report") == 2
    assert [one.action for one in world.events(number)].count("delivery_failed") == 2


def test_the_owner_is_told_once_a_day(world: World) -> None:
    number = answered(world)
    for day in range(2):
        for attempt in range(3):
            letter = world.answered(number, f"Intento {day} {attempt}")
            world.receive(report(returned=letter.message_id, status="5.7.1"), envelope_from="")
        world.later(days=1)

    assert [one.to_address for one in world.letters(letter="undelivered")] == [LUIS, LUIS]


def test_what_was_refused_for_what_it_says_is_no_sign_of_a_dead_address(world: World) -> None:
    """A relay that takes us for a spammer would else silence the desk towards everybody."""
    number = answered(world)
    for attempt in range(4):
        letter = world.answered(number, f"Intento {attempt}")
        world.receive(report(returned=letter.message_id, status="5.7.1"), envelope_from="")

    assert suppressed(world) == ""


def test_failures_that_are_long_apart_are_no_repeats(world: World) -> None:
    number = answered(world)
    for attempt in range(4):
        letter = world.answered(number, f"Intento {attempt}")
        world.receive(report(returned=letter.message_id, status="5.2.2"), envelope_from="")
        world.later(days=31)

    assert suppressed(world) == ""


@pytest.mark.parametrize("failing", ["alert", "undelivered", "commands_done", "ticket_view"])
def test_a_letter_to_the_desk_that_fails_is_told_to_nobody(world: World, failing: str) -> None:
    """Nor to the others of the team, whom the failure of any other letter would be told."""
    number = world.ticket_of(ANA)
    world.receive(reply_to(world.letters(to=LUIS, letter="alert")[0], "#prioridad alta\n#ver", s1=True))
    world.send(Postman())
    world.receive(report(returned=world.letters(to=ANA)[0].message_id), envelope_from="")
    world.send(Postman())
    letter = world.letters(letter=failing)[0]
    before = len(world.letters())

    world.receive(report(returned=letter.message_id, of=letter.to_address, status="5.2.2"), envelope_from="")

    assert world.letters()[before:] == []
    assert next(one for one in world.letters() if one.id == letter.id).status == "returned"
    assert world.events(number)[-1].action == "delivery_failed"


def test_a_suppressed_address_gets_nothing_until_it_is_released_and_then_what_waited(world: World) -> None:
    number = answered(world)
    world.receive(report(returned=world.letters(letter="answer")[0].message_id), envelope_from="")
    world.later(days=1)
    waiting = world.answered(number, "¿Funciona ya?")
    postman = Postman()
    world.send(postman)
    row = next(one for one in world.letters() if one.id == waiting.id)

    assert ANA not in [to for _, to, _ in postman.sent]
    assert row.status == "refused"
    assert "No salió" in world.letters(letter="undelivered")[-1].text
    assert [(one["address"], one["not_sent"]) for one in listed(world.office)] == [(ANA, 1)]
    assert release(world.office, [ANA.upper()], now=world.now) == [(ANA, 1)]
    assert list(listed(world.office)) == []
    world.send(postman)
    assert [to for _, to, _ in postman.sent if to == ANA] == [ANA]


def test_what_is_not_suppressed_is_not_released(world: World) -> None:
    with pytest.raises(NotFound, match=r"eva@elsewhere\.example is not suppressed"):
        release(world.office, [EVA], now=world.now)
