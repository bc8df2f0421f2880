"""The breaker: too many letters to people who never confirmed, and the rest wait for an operator."""

import threading
from datetime import timedelta
from typing import Any

from gateway.store.tables import breaker
from gateway.work import breaker as breaking
from gateway.work import tick
from gateway.work.checkup import look
from gateway.work.handle import handle
from gateway.work.health import waiting
from tests.machines import Post, Sent, ever_new
from tests.world import ANA, LUIS, MARTA, NOON, SUPPORT, World, mail, reply_to


def strangers(world: World, number: int, *, domain: str = "d{}.example", first: int = 0) -> list[Any]:
    """So many people write for the first time; their receipts."""
    before = len(world.letters(letter="receipt_new"))
    for each in range(first, first + number):
        world.receive(mail(from_=f"p{each}@{domain.format(each)}", text=f"número {each}"))
    return world.letters(letter="receipt_new")[before:]


def release(world: World, domain: str = "", *, send: bool = True) -> tuple[int, int]:
    return breaking.release(world.office, domain=domain, send=send, by="a test", now=world.now)


def test_over_the_hours_cap_the_rest_waits_and_those_who_can_release_it_are_told_once(world: World) -> None:
    world.change_settings(caps={"new_senders": 3})
    receipts = strangers(world, 6)

    assert [one.status for one in receipts] == ["pending"] * 3 + ["held"] * 3
    (letter,) = world.letters(letter="breaker")
    assert (letter.to_address, letter.language) == (MARTA, "es")
    assert "gateway breaker release" in letter.text
    assert "3 correos" in letter.text
    assert len(world.tickets()) == 6


def test_it_stays_on_until_somebody_releases_it(world: World) -> None:
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 2)
    world.later(days=3)

    assert [one.status for one in strangers(world, 1, first=9)] == ["held"]
    assert len(world.letters(letter="breaker")) == 1


def test_everybody_else_is_answered_while_it_is_on(world: World) -> None:
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 2)
    number = world.ticket_of(ANA)
    world.act(1, "reply", text="¿En qué podemos ayudarle?")

    assert [one.status for one in world.letters(to=ANA)] == ["pending"]
    assert world.letters(letter="answer")[0].status == "pending"
    assert number == 3


def test_what_waited_for_its_turn_is_held_too(world: World) -> None:
    world.change_settings(caps={"new_senders": 3, "new_senders_per_domain": 1})
    receipts = strangers(world, 2, domain="firm.example")
    assert receipts[1].due_at > NOON
    strangers(world, 3, first=2)

    statuses = [one.status for one in world.letters(letter="receipt_new")]
    assert statuses == ["pending", "held", "pending", "pending", "held"]


def test_a_day_of_letters_to_a_domain_where_nobody_confirms_trips_that_domains(world: World) -> None:
    world.change_settings(caps={"unconfirmed_per_domain": 4, "new_senders_per_domain": 2})
    strangers(world, 2, domain="robots.example")
    world.later(hours=3)
    strangers(world, 2, domain="robots.example", first=2)
    world.later(hours=3)
    receipts = strangers(world, 1, domain="robots.example", first=4) + strangers(world, 1)

    assert [one.status for one in receipts] == ["held", "pending"]
    assert "robots.example" in world.letters(letter="breaker")[0].text
    assert [one.domain for one in breaking.waiting(world.office)] == ["robots.example"]


def test_it_does_not_trip_where_somebody_confirms(world: World) -> None:
    """A school whose pupils all write on one day is no machine."""
    world.change_settings(caps={"unconfirmed_per_domain": 4})
    receipts = strangers(world, 4, domain="school.example")
    world.receive(reply_to(receipts[0], "Sí, soy yo."))
    receipts = strangers(world, 4, domain="school.example", first=4)

    assert [one.status for one in receipts] == ["pending"] * 4
    assert world.letters(letter="breaker") == []


def test_in_all_it_trips_as_well_however_slowly_they_write(world: World) -> None:
    world.change_settings(caps={"unconfirmed": 4})
    statuses = []
    for number in range(6):
        statuses += [one.status for one in strangers(world, 1, first=number)]
        world.later(hours=2)

    assert statuses == ["pending"] * 4 + ["held"] * 2


def test_a_reminder_to_confirm_is_not_sent_while_an_operator_is_asked(world: World) -> None:
    world.receive(mail(from_="p@first.example", s1=True))
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 1)
    world.later(days=3)
    tick.fire_due(world.office, now=world.now)

    assert world.letters(letter="confirm_reminder") == []


def test_what_waited_leaves_after_the_release_at_half_the_pace(world: World) -> None:
    world.change_settings(caps={"new_senders": 4, "new_senders_per_domain": 2})
    strangers(world, 10)
    world.later(hours=5)

    assert release(world) == (1, 6)

    at = sorted(one.due_at for one in world.letters(letter="receipt_new"))[4:]
    assert at == [world.now + n * timedelta(minutes=30) for n in range(6)]
    assert {one.status for one in world.letters(letter="receipt_new")} == {"pending"}
    # Those who write now are answered too, and nothing trips again.
    (late,) = strangers(world, 1, first=50)
    assert (late.status, late.due_at) == ("pending", world.now)
    assert len(world.letters(letter="breaker")) == 1


def test_right_after_a_release_nothing_trips_and_no_hour_has_too_many(world: World) -> None:
    world.change_settings(caps={"new_senders": 4})
    strangers(world, 6)
    release(world)
    strangers(world, 6, first=20)

    at = sorted(one.due_at for one in world.letters(letter="receipt_new"))
    assert len(at) == 12
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(at, at[4:], strict=False))
    assert breaking.waiting(world.office) == []


def test_it_trips_again_when_it_goes_on(world: World) -> None:
    world.change_settings(caps={"new_senders": 2})
    strangers(world, 3)
    world.later(hours=2)
    release(world)
    world.later(hours=2)
    strangers(world, 3, first=20)

    assert len(breaking.waiting(world.office)) == 1
    assert len(world.letters(letter="breaker")) == 2


def test_what_machines_wrote_is_dropped_when_the_operator_says_so(world: World) -> None:
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 3)

    assert release(world, send=False) == (1, 2)

    assert [one.status for one in world.letters(letter="receipt_new")] == ["pending", "given up", "given up"]
    assert breaking.waiting(world.office) == []


def test_who_was_blocked_meanwhile_gets_nothing_after_the_release(world: World) -> None:
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 3)
    world.known("p1@d1.example", state="blocked")
    release(world)

    assert [one.status for one in world.letters(letter="receipt_new")] == ["pending", "given up", "pending"]


def test_a_domains_release_leaves_the_others_held(world: World) -> None:
    world.change_settings(caps={"unconfirmed_per_domain": 1})
    for domain in ("a.example", "b.example"):
        strangers(world, 2, domain=domain)

    assert release(world, "a.example") == (1, 1)

    assert [one.domain for one in breaking.waiting(world.office)] == ["b.example"]
    assert [one.status for one in world.letters(letter="receipt_new")] == ["pending", "pending", "pending", "held"]


def test_several_nodes_trip_it_once_and_the_cap_holds(world: World) -> None:
    world.change_settings(caps={"new_senders": 5}, workers={"batch": 2})
    world.keep(*(mail(from_=f"p{n}@d{n}.example", text=f"número {n}") for n in range(16)))
    offices = [world.office, world.another_node()]

    def work(who: str, office: Any) -> None:
        while handle(office, who=who, clock=lambda: world.now)[0]:
            """Until nothing is due."""

    threads = [threading.Thread(target=work, args=(f"w{n}", office)) for n, office in enumerate(offices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.work_through()

    statuses = [one.status for one in world.letters(letter="receipt_new")]
    assert (statuses.count("pending"), statuses.count("held")) == (5, 11)
    assert len(world.letters(letter="breaker")) == len(world.rows(breaker)) == 1


def test_check_health_and_the_listing_say_that_it_is_on(world: World) -> None:
    assert waiting(world.office).breakers == 0
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 3)

    sentences = [one.sentence for one in look(world.office.settings)]
    assert [one for one in sentences if "2 letters to new senders wait" in one]
    assert waiting(world.office).breakers == 1


def test_without_supervisors_the_agents_are_told(world: World) -> None:
    world.known(MARTA, role="customer")
    world.change_settings(caps={"new_senders": 1})
    strangers(world, 2)

    assert LUIS in {one.to_address for one in world.letters(letter="breaker")}


def test_robots_with_a_new_sender_and_a_new_domain_each_time_stop_at_the_breaker(world: World) -> None:
    """On both databases: each letter brings a mail from somebody new within seconds."""
    world.change_settings(caps={"new_senders": 20})
    robots = ever_new(lambda number: f"d{number}.robots.example", after=timedelta(seconds=5), to=SUPPORT)
    post = Post({"desk.example": world}, {"robots.example": robots}, NOON)
    for number in range(3):
        post.put(Sent(SUPPORT, mail(from_=f"a{number}@s{number}.robots.example", text="Ticket", s1=True)))
    post.run(NOON + timedelta(days=2))

    sent = [one for one in world.letters(letter="receipt_new") if one.status == "sent"]
    assert len(sent) == 20
    assert len(world.tickets()) == 23
    assert max(moment for moment, _ in post.received) < NOON + timedelta(hours=1)
