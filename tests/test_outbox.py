"""Letters on their way: put in once, claimed fairly, recorded whatever happens."""

from datetime import timedelta

from gateway.outbound.outcomes import Accepted, PermanentFailure, TemporaryFailure
from gateway.store import letters, suppressions
from gateway.store.tables import outbox
from gateway.work.tick import take_over
from tests.world import ANA, LUIS, Postman, World, mail


def status(world: World, to: str = ANA) -> tuple[str, int, str]:
    letter = world.letters(to=to)[-1]
    return letter.status, letter.attempts, letter.response


def put(world: World, key: str, *, to: str = "a@one.example", priority: int = 2) -> int | None:
    with world.office.database.write() as connection:
        return letters.put(
            connection,
            letters.NewLetter(
                letter="answer",
                language="es",
                area="support",
                ticket_id=None,
                person_id=world.person(ANA).id,
                envelope_from="",
                to_address=to,
                priority=priority,
                dedupe_key=key,
                letter_key=key,
                message_id=f"<{key}@x>",
                subject="",
                text="",
                html="",
                headers=(("From", "support@desk.example"), ("To", to)),
                created_at=world.now,
            ),
        )


def claimed(world: World, most: int = 50) -> list[str]:
    until = world.later(minutes=1)
    with world.office.database.write() as connection:
        return [one.message_id for one in letters.claim(connection, who="s", most=most, now=world.now, until=until)]


def test_an_equal_letter_for_the_same_cause_is_put_in_once(world: World) -> None:
    assert put(world, "answer/ana/1") is not None
    assert put(world, "answer/ana/1") is None
    assert put(world, "answer/ana/2") is not None
    assert len(world.letters()) == 2


def test_a_persons_words_go_before_notices_and_those_before_digests(world: World) -> None:
    for key, priority in (("digest", 3), ("notice", 2), ("words", 1)):
        put(world, key, priority=priority)

    assert claimed(world) == ["<words@x>", "<notice@x>", "<digest@x>"]


def test_each_domain_has_its_turn(world: World) -> None:
    """A thousand letters to one provider do not hold up the one letter to another."""
    for number in range(5):
        put(world, f"big{number}", to=f"p{number}@big.example")
    put(world, "small", to="p@small.example")

    assert set(claimed(world, most=2)) == {"<big0@x>", "<small@x>"}
    assert claimed(world, most=2) == ["<big1@x>", "<big2@x>"]


def test_priority_outweighs_the_turn(world: World) -> None:
    put(world, "notice", to="p@small.example", priority=2)
    for number in range(3):
        put(world, f"words{number}", to="p@big.example", priority=1)

    assert claimed(world, most=3) == ["<words0@x>", "<words1@x>", "<words2@x>"]


def test_what_is_sent_is_recorded_and_not_sent_again(world: World) -> None:
    world.ticket_of(ANA)
    postman = Postman()

    assert world.send(postman) == 3
    assert world.send(postman) == 0
    assert [to for _, to, _ in postman.sent] == [one.to_address for one in world.letters()]
    assert status(world) == ("sent", 1, "250 taken")
    assert world.letters(to=ANA)[0].sent_at == world.now


def test_the_letter_is_claimed_and_committed_before_it_is_sent(world: World) -> None:
    world.ticket_of(ANA)

    class Looking(Postman):
        def send(self, envelope_from: str, to: str, data: bytes) -> Accepted:
            seen.append(status(world, to)[:2])
            return Accepted("250")

    seen: list[tuple[str, int]] = []
    world.send(Looking())

    assert seen == [("claimed", 1)] * 3


def test_what_could_not_be_sent_now_is_tried_later_with_the_same_message_id(world: World) -> None:
    world.ticket_of(ANA)
    postman = Postman()
    postman.says[ANA] = TemporaryFailure("451 try again")
    world.send(postman)

    assert status(world) == ("pending", 1, "451 try again")
    assert world.send(postman) == 0
    world.later(minutes=1)
    assert world.send(postman) == 1
    assert status(world) == ("pending", 2, "451 try again")
    world.later(minutes=4)
    assert world.send(postman) == 0
    world.later(minutes=1)
    assert world.send(postman) == 1
    attempts = [data for _, to, data in postman.sent if to == ANA]
    assert len(attempts) == 3
    assert len(set(attempts)) == 1


def test_after_two_days_it_is_given_up(world: World) -> None:
    world.ticket_of(ANA)
    postman = Postman()
    postman.says[ANA] = TemporaryFailure("451 try again")
    world.send(postman)
    world.later(hours=48)
    world.send(postman)

    assert status(world) == ("given up", 2, "451 try again")
    sent = len([to for _, to, _ in postman.sent if to == ANA])
    world.later(days=1)
    world.send(postman)
    assert len([to for _, to, _ in postman.sent if to == ANA]) == sent


def test_waiting_for_its_turn_uses_up_no_time_of_a_letter(world: World) -> None:
    """Held for a week, it is tried for two days all the same."""
    world.change_settings(delivery={"hold": True})
    world.ticket_of(ANA)
    world.later(days=7)
    world.change_settings(delivery={"hold": False})
    postman = Postman()
    postman.says[ANA] = TemporaryFailure("451 try again")
    world.send(postman)
    assert status(world) == ("pending", 1, "451 try again")
    world.later(hours=47)
    world.send(postman)
    assert status(world) == ("pending", 2, "451 try again")
    world.later(hours=1)
    world.send(postman)

    assert status(world) == ("given up", 3, "451 try again")


def test_a_refusal_is_for_good(world: World) -> None:
    world.ticket_of(ANA)
    postman = Postman()
    postman.says[ANA] = PermanentFailure("550 no such user", "5.1.1")
    world.send(postman)
    world.later(days=1)

    assert status(world) == ("refused", 1, "550 no such user")
    world.send(postman)
    assert len([to for _, to, _ in postman.sent if to == ANA]) == 1


def test_a_fault_of_ours_in_one_letter_keeps_no_other_from_going_out(world: World) -> None:
    world.ticket_of(ANA)
    postman = Postman()
    postman.says[LUIS] = ValueError("a fault of ours")

    world.send(postman)

    assert status(world, LUIS) == ("pending", 1, "ValueError: a fault of ours")
    assert status(world, ANA)[0] == "sent"


def test_nothing_goes_to_an_address_that_takes_no_mail(world: World) -> None:
    world.ticket_of(ANA)
    with world.office.database.write() as connection:
        suppressions.count_failure(
            connection, ANA, reason="5.1.1 unknown", hard=True, most=3, within=timedelta(days=30), now=world.now
        )
    postman = Postman()
    world.send(postman)

    assert ANA not in {to for _, to, _ in postman.sent}
    assert status(world)[0] == "refused"
    assert "5.1.1 unknown" in status(world)[2]


def test_all_outgoing_mail_can_be_held_and_let_go(world: World) -> None:
    world.change_settings(delivery={"hold": True})
    world.ticket_of(ANA)
    postman = Postman()

    assert world.send(postman) == 0
    world.change_settings(delivery={"hold": False})
    assert world.send(postman) == 3


def test_what_a_dead_sender_had_claimed_is_sent_by_another(world: World) -> None:
    world.ticket_of(ANA)
    until = world.now
    with world.office.database.write() as connection:
        letters.claim(connection, who="dead", most=50, now=world.now, until=until)

    assert world.send(Postman()) == 0
    world.later(seconds=1)
    assert take_over(world.office, now=world.now) == 3
    assert world.send(Postman()) == 3
    assert status(world)[:2] == ("sent", 2)


def test_a_sender_that_lost_its_claim_records_nothing(world: World) -> None:
    world.ticket_of(ANA)

    class Slow(Postman):
        def send(self, envelope_from: str, to: str, data: bytes) -> Accepted:
            world.write(outbox.update().values(claimed_by="another"))
            return Accepted("250")

    world.send(Slow())

    assert {one.status for one in world.letters()} == {"claimed"}


def test_a_sender_that_stops_gives_back_what_it_has_not_begun(world: World) -> None:
    from gateway.work.send import send_due

    world.ticket_of(ANA)
    going = iter([True, False])
    send_due(world.office, Postman(), who="s", clock=lambda: world.now, going_on=lambda: next(going))

    assert sorted(one.status for one in world.letters()) == ["pending", "pending", "sent"]


def test_a_letters_files_go_with_it(world: World) -> None:
    number = world.ticket_of(ANA)
    to = world.reply_address(number, LUIS)
    world.receive(mail(from_=LUIS, to=to, text="La guía.", s1=True, files=[("guia.bin", b"contenido")]))
    postman = Postman()
    world.send(postman)

    data = next(data for _, to, data in postman.sent if b"La gu" in data and to == ANA)
    assert b'filename="guia.bin"' in data


def test_a_missing_file_is_temporary_trouble(world: World) -> None:
    number = world.ticket_of(ANA)
    to = world.reply_address(number, LUIS)
    world.receive(mail(from_=LUIS, to=to, text="La guía.", s1=True, files=[("guia.bin", b"contenido")]))
    world.office.blobs.remove(world.files_of(world.letters(letter="answer")[0])[0].sha256)
    world.send(Postman())

    assert status(world)[0] == "pending"
    assert "is missing" in status(world)[2]


def test_the_return_path_brings_reports_back_or_is_null(world: World) -> None:
    world.ticket_of(ANA)
    world.change_settings(delivery={"envelope": "null"})
    world.ticket_of(ANA, subject="Otra")

    first, second = world.letters(to=ANA, letter="receipt")
    assert first.envelope_from.startswith("support+r.")
    assert second.envelope_from == ""
