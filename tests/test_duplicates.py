"""The same mail twice is one ticket, and a different mail is never dropped (RULES 2)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.store.tables import delivery
from gateway.work.handle import handle
from gateway.work.office import Office
from gateway.work.tick import purge
from tests.world import ANA, BILLING, EVA, SUPPORT, World, mail

DATE = b"Mon, 23 Nov 2026 12:00:00 +0000"
ALARM = {"from_": "alarm@plant.example", "message_id": "", "date": "", "subject": "Temperatura alta"}


def test_the_same_mail_again_is_a_recorded_duplicate_of_the_first(world: World) -> None:
    raw = mail()
    first = world.receive(raw)
    before = len(world.letters())

    found = world.receive(b"Received: from another.example by us; Mon, 23 Nov 2026 12:00:00 +0000\n" + raw)

    assert (found.status, found.verdict, found.duplicate_of) == ("done", "duplicate", first.id)
    assert found.ticket_id == first.ticket_id
    assert found.reasons == [f"the same mail as delivery {first.id}"]
    assert (len(world.tickets()), len(world.messages(first.ticket_id)), len(world.letters())) == (1, 1, before)


def test_two_copies_in_one_batch_are_one_ticket(world: World) -> None:
    raw = mail()
    world.keep(raw, raw, raw)

    assert world.work() == ["ticket", "duplicate", "duplicate"]


def test_two_of_an_areas_addresses_are_one_ticket(world: World) -> None:
    world.keep(mail(to=f"{SUPPORT}, soporte@desk.example"))

    assert world.work() == ["ticket", "duplicate"]


def test_a_year_later_it_is_still_the_same_mail(world: World) -> None:
    raw = mail()
    world.receive(raw)
    world.later(days=400)

    assert world.receive(raw).verdict == "duplicate"


def test_the_same_message_id_with_another_body_is_another_mail(world: World) -> None:
    first = world.receive(mail(message_id="<same@mail.example>", text="Uno"))
    second = world.receive(mail(message_id="<same@mail.example>", text="Dos"))

    assert (first.verdict, second.verdict) == ("ticket", "ticket")
    assert first.ticket_id != second.ticket_id


def test_a_mail_to_two_areas_is_a_linked_ticket_in_each(world: World) -> None:
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}"))
    world.work()
    first, second = world.deliveries(kept)

    assert [world.ticket(one.ticket_id).area for one in (first, second)] == ["support", "billing"]
    assert world.links(second.ticket_id) == {("same_mail", first.ticket_id)}


def test_or_one_ticket_for_both_where_an_area_wants_none_of_its_own(world: World) -> None:
    world.open_with(area=[one.model_copy(update={"also": one.name == "support"}) for one in world.office.settings.area])
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}"))
    world.work()
    first, second = world.deliveries(kept)

    assert (first.verdict, second.verdict) == ("ticket", "duplicate")
    assert (second.ticket_id, second.duplicate_of) == (first.ticket_id, first.id)


@pytest.mark.parametrize("also", [True, False])
def test_two_workers_with_a_mail_to_two_areas_do_as_one_would(world: World, also: bool) -> None:
    """The delivery to billing waits for the one to support, which another worker has in hand."""
    areas = [one.model_copy(update={"also": also or one.name == "support"}) for one in world.office.settings.area]
    world.open_with(area=areas)
    world.change_settings(workers={"batch": 1})
    (kept,) = world.keep(mail(to=f"{SUPPORT}, {BILLING}", from_=EVA))
    first, second = world.deliveries(kept)
    with world.claimed_by_another(1):
        world.work()
        assert world.deliveries(kept)[1].status == "pending"
    world.work_through()
    first, second = world.deliveries(kept)

    assert first.verdict == "ticket"
    if also:
        assert world.links(second.ticket_id) == {("same_mail", first.ticket_id)}
    else:
        assert (second.verdict, second.ticket_id) == ("duplicate", first.ticket_id)


def test_the_copy_of_a_reply_for_the_other_area_is_a_duplicate_in_each(world: World) -> None:
    """One mail, kept twice, for two areas: four deliveries, one of each pair counts."""
    raw = mail(to=f"{SUPPORT}, {BILLING}")
    world.keep(raw, raw)
    world.work()

    assert sorted(one.verdict for one in world.deliveries()) == ["duplicate", "duplicate", "ticket", "ticket"]
    assert len(world.tickets()) == 2


def test_an_alarm_without_date_and_id_is_the_same_within_an_hour(world: World) -> None:
    first = world.receive(mail(**ALARM))
    world.later(minutes=59, seconds=59)
    second = world.receive(mail(**ALARM))

    assert (first.verdict, second.verdict) == ("ticket", "duplicate")


@pytest.mark.parametrize("minutes_past_the_hour", [0, 1, 30, 59])
def test_and_after_an_hour_it_is_another_alarm(world: World, minutes_past_the_hour: int) -> None:
    world.later(minutes=minutes_past_the_hour)
    world.receive(mail(**ALARM))
    world.later(hours=1, seconds=1)

    assert world.receive(mail(**ALARM)).verdict == "ticket"


def test_and_never_from_another_envelope(world: World) -> None:
    world.receive(mail(**ALARM), envelope_from="one@plant.example")

    assert world.receive(mail(**ALARM), envelope_from="two@plant.example").verdict == "ticket"


def test_a_mail_with_only_a_date_is_the_same_for_ever(world: World) -> None:
    raw = mail(message_id="")
    world.receive(raw)
    world.later(days=30)

    assert world.receive(raw, envelope_from="relay@elsewhere.example").verdict == "duplicate"


def test_a_duplicate_of_what_is_rejected_is_told_once(world: World) -> None:
    raw = mail(from_=ANA, subject="", text=" ")

    assert [world.receive(raw).verdict for _ in range(2)] == ["rejected", "duplicate"]
    assert [one.letter for one in world.letters()] == ["refused"]


def test_only_the_first_of_equal_mails_has_the_key(world: World) -> None:
    raw = mail()
    world.keep(raw, raw)
    world.work()

    assert [one.once_key is None for one in world.deliveries()] == [False, True]
    assert len({one.content_key for one in world.rows(delivery)}) == 1


# --- Message-IDs that are reused, missing, or hostile ----------------------------------------------------------------


def with_ids(*fields: bytes, text: bytes = b"Desde ayer no imprime.") -> bytes:
    lines = [b"From: Ana <ana@firm.example>", b"To: support@desk.example", b"Subject: Impresora", b"Date: " + DATE]
    return b"\r\n".join([*lines, *(b"Message-ID: " + field for field in fields), b"", text, b""])


HOSTILE = {
    "none": (),
    "empty": (b"",),
    "two": (b"<1@x.example>", b"<2@x.example>"),
    "the same twice": (b"<1@x.example>", b"<1@x.example>"),
    "two in one": (b"<1@x.example> <2@x.example>",),
    "no brackets": (b"nothing of the kind",),
    "NUL": (b"<a\x00b@x.example>",),
    "8-bit": (b"<\xff\xfe\xe9@x.example>",),
    "a lone surrogate in UTF-8": (b"<\xed\xa0\x80@x.example>",),
    "control characters": (b"<a\x1b[2J\x07@x.example>",),
    "bare CR and a field": (b"<a@x.example>\rBcc: eva@elsewhere.example",),
    "folded": (b"\r\n <a@x.example>",),
    "SQL": (b"<'; drop table ticket; --@x.example>",),
    "a template": (b"<{{ 7*7 }}{% raw %}@x.example>",),
    "998 characters": (b"<" + b"a" * 980 + b"@x.example>",),
    "30 KB": (b"<" + b"a" * 30_000 + b"@x.example>",),
    "100 KB": (b"<" + b"a" * 100_000 + b"@x.example>",),
    "40,000 brackets": (b"<" * 30_000,),
    "ours, forged": (b"<abcdefghij.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@gateway.desk.example>",),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_stands_in_message_id_the_mail_is_one_ticket_and_answered_well_formed(world: World, name: str) -> None:
    raw = with_ids(*HOSTILE[name])
    first = world.receive(raw, to=[SUPPORT])
    again = world.receive(raw, to=[SUPPORT])
    other = world.receive(with_ids(*HOSTILE[name], text=b"Y el monitor tampoco."), to=[SUPPORT])

    assert (first.verdict, again.verdict, other.verdict) == ("ticket", "duplicate", "ticket")
    for letter in world.letters():
        for value in (letter.message_id, *(str(value) for _, value in letter.headers)):
            assert value.isprintable(), value
            assert len(value) < 3000


def test_a_reply_to_a_message_id_that_two_mails_have_belongs_to_the_same_sender_s(world: World) -> None:
    """A reused id names the ticket that had it first, and the table of RULES 4 still asks who writes."""
    first = world.receive(mail(message_id="<same@mail.example>", text="Uno", s1=True))
    world.receive(mail(message_id="<same@mail.example>", text="Dos", from_=EVA))
    stranger = world.receive(mail(from_=EVA, in_reply_to="<same@mail.example>", text="Tres"))

    assert stranger.ticket_id != first.ticket_id
    assert len(world.messages(first.ticket_id)) == 1


# --- the same mail through two doors ---------------------------------------------------------------------------------

TRACES = (
    b"Received: from a by b; Mon, 23 Nov 2026 12:00:00 +0000\r\nAuthentication-Results: mx.example; spf=pass\r\n",
    b"Return-Path: <ana@firm.example>\r\nDelivered-To: support@desk.example\r\nX-Spam-Score: 0.1\r\n"
    b"X-Virus-Scanned: x\r\n"
    b"Received: from c\r\n\tby d with LMTP\r\n\tid 1; Mon, 23 Nov 2026 12:00:01 +0000\r\nDKIM-Signature: v=1; d=x\r\n"
    b"ARC-Seal: i=1\r\nX-Original-To: support@desk.example\r\nX-MS-Exchange-Organization-SCL: 1\r\n",
)


def test_smtp_and_a_mailbox_that_both_have_a_mail_make_one_ticket(world: World) -> None:
    raw = with_ids(b"<1@firm.example>")
    first = world.receive(TRACES[0] + raw, source="smtp", peer="203.0.113.5")
    second = world.receive((TRACES[1] + raw).replace(b"\r\n", b"\n") + b"\n", source="imap support", envelope_from=None)

    assert (first.verdict, second.verdict, second.duplicate_of) == ("ticket", "duplicate", first.id)


def test_an_alarm_is_one_ticket_too_when_its_mailbox_tells_the_same_envelope(world: World) -> None:
    raw = mail(**ALARM)
    world.receive(raw, source="smtp", envelope_from="alarm@plant.example")

    assert world.receive(raw, source="imap support", envelope_from="<Alarm@plant.example>").verdict == "duplicate"


@pytest.mark.parametrize("from_", ["Ana <ana@firm.example>", "nobody"])
def test_the_same_mail_at_once_for_two_workers_is_one_ticket(world: World, from_: str) -> None:
    """Without a sender that orders them, only the unique key stands between two workers and two tickets."""
    world.change_settings(workers={"batch": 1})
    nodes = [world.another_node(), world.another_node()]
    rounds = 6
    for number in range(rounds):
        raw = mail(from_=from_, message_id=f"<{number}@firm.example>", text=f"Correo {number}")
        world.keep(TRACES[0] + raw, source="smtp")
        world.keep(TRACES[1] + raw, source="imap support", envelope_from=None)
        start = threading.Barrier(2)

        def judge_all(office: Office, who: str, start: threading.Barrier = start) -> None:
            start.wait(10)
            for _ in range(3):
                handle(office, who=who, clock=lambda: world.now)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(judge_all, nodes, ("one", "two")))
        world.later(seconds=30)
        world.work_through()

    assert len(world.tickets()) == rounds
    assert [one.verdict for one in world.deliveries()].count("duplicate") == rounds


def test_purging_drops_the_bytes_and_the_mail_is_still_known(world: World) -> None:
    raw = mail()
    world.receive(raw)
    world.later(days=366)
    purge(world.office, now=world.now)

    assert world.mails()[0].raw is None
    assert world.receive(raw).verdict == "duplicate"
