"""Mails in hand: counted before the work, committed together, and what breaks one leaves the others alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from gateway.store.tables import delivery
from gateway.work import handle as handling
from gateway.work.handle import handle, release_of_the_dead
from gateway.work.retry import replay
from gateway.work.tick import take_over
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, World, mail, reply_to

POISON = "poison"
Break = Callable[[Callable[[str], Exception | None]], None]


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Makes applying a mail raise what the given function says of its subject: a fault that no test mail has."""
    real = handling.apply_verdict

    def arrange(fault: Callable[[str], Exception | None]) -> None:
        def applied(connection, judged, facts, rules, files):  # type: ignore[no-untyped-def]
            done = real(connection, judged, facts, rules, files)
            error = fault(facts.prepared.mail.subject)
            if error is not None:
                raise error
            return done

        monkeypatch.setattr(handling, "apply_verdict", applied)

    return arrange


def fault(subject: str) -> Exception | None:
    return ValueError("a fault of ours") if POISON in subject else None


def outage(subject: str) -> Exception | None:
    return OperationalError("UPDATE", {}, Exception("the disk is full")) if POISON in subject else None


def statuses(world: World) -> list[tuple[str, int, int]]:
    return [(one.status, one.attempts, one.losses) for one in world.deliveries()]


def test_the_attempt_is_counted_and_committed_before_the_work(world: World) -> None:
    world.keep(mail())
    seen: list[tuple[str, int, int]] = []

    handle(world.office, who="w", clock=lambda: world.now, in_hand=lambda _: seen.extend(statuses(world)))

    assert seen[0] == ("claimed", 1, 0)
    assert statuses(world) == [("done", 1, 0)]


def test_the_one_in_hand_is_said_before_it_is_worked_on_and_that_there_is_none_after(world: World) -> None:
    world.keep(mail(), mail(from_=EVA))
    said: list[int | None] = []
    handle(world.office, who="w", clock=lambda: world.now, in_hand=said.append)

    first, second = (one.id for one in world.deliveries())
    assert said == [first, second, first, second, None]


def test_a_batch_is_committed_together(world: World, breaking: Break) -> None:
    """While the last of a batch is applied, another connection sees nothing of the first."""
    world.keep(mail(), mail(from_=EVA, subject=POISON))
    seen: list[int] = []

    def look(subject: str) -> None:
        if subject == POISON:
            seen.append(len(world.tickets()))

    breaking(look)
    world.work()

    assert seen == [0]
    assert len(world.tickets()) == 2


def test_no_more_than_a_batch_is_taken_at_once(world: World) -> None:
    world.change_settings(workers={"batch": 2})
    world.keep(*(mail(from_=f"{number}@firm.example") for number in range(3)))

    assert [handle(world.office, who="w", clock=lambda: world.now)[0] for _ in range(3)] == [2, 1, 0]


def test_a_fault_in_one_mail_leaves_nothing_of_it_and_all_of_the_others(world: World, breaking: Break) -> None:
    breaking(fault)
    world.keep(mail(), mail(from_=EVA, subject=POISON), mail(from_=BRUNO))

    assert world.work() == ["ticket", "ticket"]
    assert statuses(world) == [("done", 1, 0), ("pending", 1, 0), ("done", 1, 0)]
    assert [one.requester_address for one in world.tickets()] == [ANA, BRUNO]
    assert EVA not in {one.to_address for one in world.letters()}


def test_after_three_attempts_it_is_parked_with_a_ticket_an_alert_and_the_original(
    world: World, breaking: Break
) -> None:
    breaking(fault)
    raw = mail(from_=EVA, subject=POISON)
    (kept,) = world.keep(raw)

    verdicts = world.work_through()

    (found,) = world.deliveries(kept)
    assert verdicts == ["parked"]
    assert (found.status, found.attempts, found.stage) == ("parked", 4, "worker")
    assert found.reasons == ["it could not be read in 3 attempts"]
    (message,) = world.messages(found.ticket_id)
    (file,) = world.attachments(message.id)
    assert (file.name, file.type) == ("original.eml", "message/rfc822")
    assert world.office.blobs.get(file.sha256) == raw
    assert world.told() == [("alert", LUIS), ("alert", MARTA)]
    assert "3" in world.letters()[0].text


def test_what_is_parked_is_judged_again_after_a_fix(world: World, breaking: Break) -> None:
    breaking(fault)
    (kept,) = world.keep(mail(from_=EVA, subject=POISON))
    world.work_through()
    breaking(lambda _: None)

    again = replay(world.office, int(kept.removeprefix("m-")), now=world.now)
    world.work()

    (found,) = world.deliveries(kept)
    assert again == 1
    assert (found.status, found.verdict, found.attempts) == ("done", "ticket", 1)
    assert world.ticket(found.ticket_id).requester_address == EVA


def test_only_what_is_parked_is_replayed(world: World) -> None:
    world.receive(mail())

    assert replay(world.office, 1, now=world.now) == 0
    assert statuses(world) == [("done", 1, 0)]


def test_a_mail_that_faults_runs_alone_from_then_on(world: World, breaking: Break) -> None:
    breaking(fault)
    world.keep(mail(subject=POISON), mail(from_=EVA, subject="otra"), mail(from_=BRUNO))
    world.work()
    world.keep(mail(from_="nuevo@firm.example"))
    world.later(seconds=2)

    claimed, _ = handle(world.office, who="w", clock=lambda: world.now)

    assert claimed == 1
    assert [one.alone for one in world.deliveries()] == [True, False, False, False]


def test_temporary_trouble_charges_nobody_and_keeps_the_whole_batch(world: World, breaking: Break) -> None:
    breaking(outage)
    world.keep(mail(), mail(from_=EVA, subject=POISON))

    for _ in range(6):
        assert handle(world.office, who="w", clock=lambda: world.now) == (2, ())
        world.later(seconds=2)

    assert statuses(world) == [("pending", 0, 0)] * 2
    assert not any(one.alone for one in world.deliveries())
    breaking(lambda _: None)
    assert world.work() == ["ticket", "ticket"]


def test_a_mail_that_ended_its_worker_is_charged_and_its_companions_run_alone(world: World) -> None:
    world.keep(mail(), mail(from_=EVA), mail(from_=BRUNO))
    with world.claimed_by_another(3, give_back=False) as taken:
        pass

    release_of_the_dead(world.office, "other", taken[1], now=world.now)

    assert statuses(world) == [("pending", 0, 0), ("pending", 1, 0), ("pending", 0, 0)]
    assert all(one.alone for one in world.deliveries())
    sizes = [handle(world.office, who="w", clock=lambda: world.now)[0] for _ in range(4)]
    assert sizes == [1, 1, 1, 0]


def test_a_mail_that_ends_its_worker_three_times_is_parked_and_the_others_are_not(world: World) -> None:
    world.keep(mail(subject=POISON), mail(from_=EVA))
    for _ in range(3):
        with world.claimed_by_another(2, give_back=False) as taken:
            pass
        release_of_the_dead(world.office, "other", taken[0], now=world.now)

    assert sorted(world.work_through()) == ["parked", "ticket"]
    assert [one.status for one in world.deliveries()] == ["parked", "done"]


def test_what_a_dead_node_had_claimed_is_taken_over_when_its_lease_is_over(world: World) -> None:
    world.keep(mail(), mail(from_=EVA))
    with world.claimed_by_another(2, give_back=False):
        pass

    assert world.work() == []
    world.later(minutes=5)
    assert take_over(world.office, now=world.now) == 0
    world.later(seconds=1)
    assert take_over(world.office, now=world.now) == 2
    assert statuses(world) == [("pending", 0, 1)] * 2
    assert all(one.alone for one in world.deliveries())
    assert world.work() == ["ticket", "ticket"]


def test_a_mail_with_which_the_node_died_again_and_again_is_parked(world: World) -> None:
    world.keep(mail())
    for _ in range(handling.MOST_LOSSES):
        with world.claimed_by_another(1, give_back=False):
            world.later(minutes=6)
        take_over(world.office, now=world.now)

    assert world.work() == ["parked"]
    assert world.deliveries()[0].reasons == ["the daemon died 20 times while it was read"]


def test_who_lost_the_claim_meanwhile_writes_nothing(world: World, breaking: Break) -> None:
    """A worker was held up for longer than its lease; another one has the mail now."""
    world.keep(mail())

    def held_up(number: int | None) -> None:
        if held.pop():
            world.write(delivery.update().values(claimed_by="other"))

    held = [False, False, True]
    assert handle(world.office, who="slow", clock=lambda: world.now, in_hand=held_up) == (1, [])
    assert held == []
    assert world.tickets() == []
    assert world.letters() == []


def test_no_reply_overtakes_its_parent(world: World) -> None:
    """Bruno answers Ana's mail; another worker has Ana's in hand still."""
    world.keep(mail(message_id="<parent@mail.example>"))
    world.keep(mail(from_=BRUNO, in_reply_to="<parent@mail.example>", text="A mí también."))
    with world.claimed_by_another(1):
        assert world.work() == []

    verdicts = world.work_through()

    assert verdicts == ["ticket", "ticket"]
    parent, reply = world.tickets()
    assert (parent.requester_address, reply.requester_address) == (ANA, BRUNO)
    assert world.links(reply.id) == {("hint", parent.id)}


def test_nor_where_the_parent_stands_in_references(world: World) -> None:
    world.keep(mail(message_id="<parent@mail.example>"))
    world.keep(mail(from_=BRUNO, references="<other@x> <parent@mail.example>"))
    with world.claimed_by_another(1):
        assert world.work() == []


def test_the_mails_of_one_sender_keep_their_order(world: World) -> None:
    world.keep(mail(text="Uno"), mail(text="Dos"), mail(from_=BRUNO))
    with world.claimed_by_another(1):
        assert world.work() == ["ticket"]
    world.work_through()

    assert [one.requester_address for one in world.tickets()] == [BRUNO, ANA, ANA]
    assert [world.messages(one.id)[0].text.strip() for one in world.tickets()[1:]] == ["Uno", "Dos"]


def test_waiting_costs_no_attempt(world: World) -> None:
    world.keep(mail(text="Uno"), mail(text="Dos"))
    with world.claimed_by_another(1):
        for _ in range(6):
            world.work()
            world.later(seconds=1)
    world.work_through()

    assert [one.attempts for one in world.deliveries()] == [1, 1]


def test_in_one_batch_a_reply_comes_after_its_parent_at_once(world: World) -> None:
    world.keep(mail(message_id="<parent@mail.example>", s1=True))
    world.keep(mail(in_reply_to="<parent@mail.example>", text="Y además:", s1=True))

    assert world.work() == ["ticket", "reply"]


def test_what_follows_a_mail_that_faults_waits_for_it_uncharged(world: World, breaking: Break) -> None:
    breaking(fault)
    world.keep(mail(message_id="<parent@mail.example>", subject=POISON, s1=True))
    world.keep(mail(in_reply_to="<parent@mail.example>", subject="Re:", s1=True), mail(from_=EVA))

    assert world.work() == ["ticket"]
    assert statuses(world) == [("pending", 1, 0), ("pending", 0, 0), ("done", 1, 0)]

    breaking(lambda _: None)
    assert world.work_through() == ["ticket", "reply"]


def test_a_parked_parent_holds_up_nobody(world: World, breaking: Break) -> None:
    breaking(fault)
    world.keep(mail(message_id="<parent@mail.example>", subject=POISON))
    world.keep(mail(from_=BRUNO, in_reply_to="<parent@mail.example>", subject="Re:"))

    assert world.work_through() == ["parked", "ticket"]


def test_a_mail_that_is_due_later_is_left_alone(world: World) -> None:
    world.keep(mail(), received_at=world.now + timedelta(seconds=1))

    assert world.work() == []
    world.later(seconds=1)
    assert world.work() == ["ticket"]


def test_a_large_mail_is_kept_as_a_blob_and_read_from_there(world: World) -> None:
    world.change_settings(blobs={"inline_kib": 1})
    found = world.receive(mail(text="x " * 2000))

    assert found.verdict == "ticket"
    assert "x x x" in world.messages(found.ticket_id)[0].text


def test_many_senders_at_once_and_their_replies_all_have_a_place(world: World) -> None:
    """Twenty tickets and their replies in one go: every delivery has one outcome."""
    senders = [f"p{number}@firm.example" for number in range(20)]
    world.keep(*(mail(from_=one) for one in senders))
    world.work()
    receipts = [world.letters(to=one)[0] for one in senders]
    world.keep(*(reply_to(one, s1=True) for one in receipts))
    world.work()

    assert {one.status for one in world.deliveries()} == {"done"}
    assert [one.verdict for one in world.deliveries()] == ["ticket"] * 20 + ["reply"] * 20
    assert [one.ticket_id for one in world.deliveries()[:20]] == [one.ticket_id for one in world.deliveries()[20:]]
