"""A parked mail, tried again after a fix: its ticket goes on with it, and there is no second one."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.store.tables import known_message_id
from gateway.work import explain
from gateway.work import handle as handling
from gateway.work.retry import parked, replay
from tests.world import ANA, EVA, LUIS, MARTA, World, mail, reply_to


@pytest.fixture
def parking(monkeypatch: pytest.MonkeyPatch) -> Callable[[World, bytes], Any]:
    """Hands a mail in while the code has a fault that the mail shows; the row of its delivery, once it is parked."""
    real = handling.prepare

    def arrange(world: World, raw: bytes, **arrival: Any) -> Any:
        def faulty(*args: Any, **named: Any) -> Any:
            raise ValueError("a fault of ours, with words of the mail: secret")

        monkeypatch.setattr(handling, "prepare", faulty)
        (kept,) = world.keep(raw, **arrival)
        world.work_through()
        monkeypatch.setattr(handling, "prepare", real)
        (found,) = world.deliveries(kept)
        assert (found.status, found.stage) == ("parked", "worker")
        return found

    return arrange


Parking = Callable[..., Any]


def again(world: World, found: Any) -> Any:
    assert replay(world.office, found.mail_id, now=world.now) == 1
    world.work()
    (after,) = world.deliveries(f"m-{found.mail_id}")
    return after


def test_the_ticket_of_the_parking_becomes_that_of_the_mail(world: World, parking: Parking) -> None:
    found = parking(world, mail(s1=True, subject="La impresora", text="No imprime."))
    before = len(world.letters())

    after = again(world, found)

    assert (after.status, after.verdict, after.ticket_id) == ("done", "ticket", found.ticket_id)
    (ticket,) = world.tickets()
    assert (ticket.subject, ticket.requester_address, ticket.state) == ("La impresora", ANA, "new")
    assert ticket.requester_id == world.person(ANA).id
    first, second = world.messages(ticket.id)
    assert (first.text, second.text.strip()) == ("", "No imprime.")
    assert [file.name for file in world.attachments(first.id)] == ["original.eml"]
    # As with any first mail: a receipt, and the team hears what it is about.
    assert sorted(world.told(before)) == [("alert", LUIS), ("alert", MARTA), ("receipt", ANA)]
    assert [one.action for one in world.events(ticket.id)] == ["parked", "read_after_all", "received"]


def test_what_people_did_with_the_ticket_meanwhile_stays(world: World, parking: Parking) -> None:
    found = parking(world, mail(s1=True, subject="La impresora"))
    world.act(found.ticket_id, "take", priority="1")

    again(world, found)

    (ticket,) = world.tickets()
    assert (ticket.state, ticket.priority, ticket.owner_id) == ("open", 1, world.person(LUIS).id)
    assert (ticket.subject, ticket.requester_address) == ("La impresora", ANA)


def test_a_reply_goes_to_its_own_ticket_and_that_of_the_parking_closes(world: World, parking: Parking) -> None:
    number = world.ticket_of(ANA)
    raw = reply_to(world.letters(to=ANA)[0], "Sigue igual.", s1=True, message_id="<parked@mail.example>")
    found = parking(world, raw)
    assert found.ticket_id != number

    after = again(world, found)

    assert (after.verdict, after.ticket_id) == ("reply", number)
    assert world.messages(number)[-1].text.strip() == "Sigue igual."
    assert world.ticket(found.ticket_id).state == "closed"
    assert world.links(found.ticket_id) == {("related", number)}
    known = world.rows(known_message_id, known_message_id.c.value == "<parked@mail.example>")
    assert [row.ticket_id for row in known] == [number]


def test_a_machines_mail_closes_the_ticket_of_its_parking(world: World, parking: Parking) -> None:
    found = parking(world, mail(from_=EVA, headers={"Auto-Submitted": "auto-replied"}))

    after = again(world, found)

    assert (after.verdict, after.ticket_id) == ("automatic", None)
    (ticket,) = world.tickets()
    assert ticket.state == "closed"
    assert world.events(ticket.id)[1].data == {"verdict": "automatic"}


def test_a_ticket_that_somebody_works_on_is_not_closed(world: World, parking: Parking) -> None:
    found = parking(world, mail(from_=EVA, headers={"Auto-Submitted": "auto-replied"}))
    world.act(found.ticket_id, "take")

    again(world, found)

    assert world.tickets()[0].state == "open"


def test_what_is_parked_again_opens_no_second_ticket(
    world: World, parking: Parking, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = parking(world, mail())
    before = len(world.letters())
    monkeypatch.setattr(handling, "prepare", lambda *_, **__: 1 / 0)
    replay(world.office, found.mail_id, now=world.now)
    world.work_through()

    assert [one.id for one in world.tickets()] == [found.ticket_id]
    assert parked(world.office) == [found.mail_id]
    assert world.told(before) == []


def test_the_whole_trail_of_a_parked_mail_is_told(world: World, parking: Parking) -> None:
    found = parking(world, mail(s1=True))
    world.later(hours=1)
    again(world, found)

    (told,) = explain.was(world.office, found.mail_id)
    sentences = [sentence for _, sentence in told.trail]

    assert sentences[0].startswith("received by lmtp, return path ana@firm.example")
    assert sentences.count("it could not be read: ValueError") == 3
    assert "tried again by an operator" in sentences
    assert "ticket by something_new" in sentences
    assert any(one.startswith("letter l-") and "receipt" in one for one in sentences)
    assert "secret" not in str(told)
    assert [at for at, _ in told.trail] == sorted(at for at, _ in told.trail)


def test_the_trail_of_a_duplicate_names_the_first_mail(world: World) -> None:
    raw = mail()
    world.receive(raw)
    world.later(minutes=5)
    world.receive(raw)

    (told,) = explain.was(world.office, 2)

    assert (told.verdict, told.facts["first_mail"]) == ("duplicate", "m-1")
    assert told.trail[-1][1] == "duplicate by same_mail_again"


def test_the_trail_of_a_mail_that_killed_its_worker_says_so(world: World) -> None:
    world.change_settings(workers={"attempts": 1})
    world.keep(mail())
    with world.claimed_by_another(1, give_back=False) as taken:
        pass
    handling.release_of_the_dead(world.office, "other", taken[0], now=world.now, why="one mail took more than 10 s")
    world.work_through()

    (told,) = explain.was(world.office, 1)

    assert "its worker ended: one mail took more than 10 s" in [sentence for _, sentence in told.trail]
    assert told.verdict == "parked"
