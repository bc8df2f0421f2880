"""Mails of a mailbox become tickets, each once, and the mailbox is left as it was set: against a real Dovecot."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.inbound import imap_fetch
from gateway.store.tables import mailbox_state, mailbox_uid
from tests.mailbox_doors import a_mailbox, reading
from tests.real_dovecot import Dovecot
from tests.waiting import wait_until
from tests.world import ANA, BILLING, BRUNO, EVA, SUPPORT, World, mail

_numbers = itertools.count(1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """One for all of these tests: none of them stops it, and each has a user of its own."""
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user(f"desk{next(_numbers)}")


@pytest.fixture(autouse=True)
def _today(world: World) -> None:
    """Mailboxes have dates of now."""
    world.now = datetime.now(UTC) + timedelta(minutes=1)


def subjects(world: World) -> list[str]:
    world.work_through()
    return sorted(ticket.subject for ticket in world.tickets())


def test_a_mail_that_arrives_is_a_ticket_and_its_sender_is_answered(world: World, dovecot: Dovecot, user: str) -> None:
    with reading(world, a_mailbox(dovecot, user, poll_seconds=60)) as box:
        box.until_read()
        dovecot.deliver(user, mail(subject="No imprime"))
        # What comes just as IDLE begins is seen at the end of its slice.
        (kept,) = box.until_kept(1, seconds=90)

    assert subjects(world) == ["No imprime"]
    assert kept.source == "imap support"
    assert [one.letter for one in world.letters(to=ANA)] == ["receipt_new"]


def test_what_was_there_before_is_not_touched(world: World, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, mail(subject="viejo"))
    with reading(world, a_mailbox(dovecot, user, after="delete")) as box:
        box.until_read()
        dovecot.deliver(user, mail(subject="nuevo"))
        box.until_kept(1)
        wait_until(lambda: len(dovecot.mails(user)) == 1)

    assert subjects(world) == ["nuevo"]
    assert [uid for uid, _, _ in box.ledger()] == [2]
    assert [(one.subject, one.flags - {"\\Recent"}) for one in dovecot.mails(user)] == [("viejo", frozenset())]


def test_the_past_is_read_without_answering_it_or_telling_anybody(world: World, dovecot: Dovecot, user: str) -> None:
    for number in range(30):
        dovecot.deliver(user, mail(subject=f"viejo {number:02}"))
    with reading(world, a_mailbox(dovecot, user, import_="all")) as box:
        box.until_kept(30)
        dovecot.deliver(user, mail(subject="nuevo", from_=BRUNO))
        box.until_kept(31)

    assert subjects(world) == ["nuevo", *(f"viejo {number:02}" for number in range(30))]
    assert {one.to_address for one in world.letters(letter="receipt_new")} == {BRUNO}
    assert len(world.letters(letter="alert")) == len({one.to_address for one in world.letters(letter="alert")})
    assert not any(ticket.storm for ticket in world.tickets())


def test_the_past_can_be_asked_for_later(world: World, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, mail(subject="viejo"))
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
    with reading(world, a_mailbox(dovecot, user, import_="all")) as box:
        box.until_kept(1)

    assert world.mails()[0].source == "past imap support"


@pytest.mark.parametrize(
    ("after", "left", "elsewhere"),
    [("leave", [set()], []), ("seen", [{"\\Seen"}], []), ("move", [], ["uno"]), ("delete", [], [])],
)
def test_what_becomes_of_a_mail_in_the_mailbox(
    world: World, dovecot: Dovecot, user: str, after: str, left: list[set[str]], elsewhere: list[str]
) -> None:
    move_to = "Atención/Leídos" if after == "move" else ""
    with reading(world, a_mailbox(dovecot, user, after=after, move_to=move_to)) as box:
        box.until_read()
        dovecot.deliver(user, mail(subject="uno"))
        box.until_kept(1)
        wait_until(lambda: box.ledger() == [(1, "kept", False)])

    assert [set(one.flags) - {"\\Recent"} for one in dovecot.mails(user)] == left
    if move_to:
        assert [one.subject for one in dovecot.mails(user, move_to)] == elsewhere


def test_what_was_kept_before_a_crash_is_finished_after_it_and_not_kept_again(
    world: World, dovecot: Dovecot, user: str
) -> None:
    mailbox = a_mailbox(dovecot, user, after="move", move_to="Done")
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail())
        box.until_kept(1)
    world.write(mailbox_uid.update().values(unfinished=True))

    with reading(world, mailbox) as box:
        wait_until(lambda: box.ledger() == [(1, "kept", False)])

    assert len(world.mails()) == 1
    assert len(dovecot.mails(user, "Done")) == 1


def test_a_mail_that_somebody_deleted_before_it_could_be_moved_is_nobodys_fault(
    world: World, dovecot: Dovecot, user: str
) -> None:
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail())
        box.until_kept(1)
    world.write(mailbox_uid.update().values(unfinished=True))
    dovecot.expunge(user)

    with reading(world, a_mailbox(dovecot, user, after="move", move_to="Done")) as box:
        wait_until(lambda: box.ledger() == [(1, "kept", False)])

    assert box.trouble() == ""


def test_a_mail_over_the_limit_is_a_ticket_of_its_header_and_stays_in_the_mailbox(
    world: World, dovecot: Dovecot, user: str
) -> None:
    world.change_settings(limits={"mail_mib": 0.05})
    with reading(world, a_mailbox(dovecot, user, after="delete")) as box:
        box.until_read()
        dovecot.deliver(user, mail(subject="Fotos", files=[("foto.jpg", b"x" * 200_000)]))
        dovecot.deliver(user, mail(subject="pequeño"))
        box.until_kept(2)
        wait_until(lambda: box.ledger() == [(1, "large", False), (2, "kept", False)])

    assert subjects(world) == ["Fotos", "pequeño"]
    (large,) = [one for one in world.tickets() if one.subject == "Fotos"]
    (message,) = world.messages(large.id)
    assert "demasiado grande" in message.text
    assert "INBOX" in message.text
    assert [one.subject for one in dovecot.mails(user)] == ["Fotos"]


def test_many_mails_come_in_batches_bounded_in_bytes(
    world: World, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    read = imap_fetch.Reader.read

    def noting(self: Any, session: Any, mails: Any, **how: Any) -> Any:
        asked.append(sum(one.size for one in mails.values()))
        return read(self, session, mails, **how)

    monkeypatch.setattr(imap_fetch.Reader, "read", noting)
    monkeypatch.setattr("gateway.inbound.imap_cycle.MOST_BYTES", 20_000)
    for number in range(20):
        dovecot.deliver(user, mail(subject=f"{number}", text="x " * 2500))
    with reading(world, a_mailbox(dovecot, user, import_="all")) as box:
        box.until_kept(20)

    assert len(world.mails()) == 20
    assert max(asked) <= 20_000
    assert len(asked) >= 5


def test_a_mailbox_that_is_read_again_keeps_nothing_twice(world: World, dovecot: Dovecot, user: str) -> None:
    mailbox = a_mailbox(dovecot, user, import_="all")
    for number in range(5):
        dovecot.deliver(user, mail(subject=f"{number}"))
    for _ in range(3):
        with reading(world, mailbox) as box:
            box.until_read()
            box.until_kept(5)
    dovecot.deliver(user, mail(subject="mientras nadie leía"))
    with reading(world, mailbox) as box:
        box.until_kept(6)

    assert [uid for uid, _, _ in box.ledger()] == [1, 2, 3, 4, 5, 6]
    assert len(world.mails()) == 6


def test_under_new_numbers_the_folder_is_read_again_from_its_beginning_and_equal_mails_are_duplicates(
    world: World, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, mail(subject="viejo"), received=YESTERDAY)
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail(subject="conocido"))
        box.until_kept(1)
    world.work_through()
    dovecot.renumber(user)
    dovecot.deliver(user, mail(subject="mientras nadie leía"))

    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_kept(3)
        dovecot.deliver(user, mail(subject="después"))
        box.until_kept(4)

    assert subjects(world) == ["conocido", "después", "mientras nadie leía"]
    assert sorted(one.verdict for one in world.deliveries()) == ["duplicate", "ticket", "ticket", "ticket"]
    assert [outcome for _, outcome, _ in box.ledger()].count("before") == 1


def test_the_date_of_arrival_is_the_servers(world: World, dovecot: Dovecot, user: str) -> None:
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail(date="Mon, 1 Jan 2035 00:00:00 +0000"), received=YESTERDAY - timedelta(days=4))
        dovecot.deliver(user, mail(), received=datetime.now(UTC) + timedelta(days=3))
        old, future = box.until_kept(2)

    assert abs(old.received_at - (YESTERDAY - timedelta(days=4))) < timedelta(seconds=2)
    assert future.received_at <= datetime.now(UTC)
    world.work_through()
    assert world.deliveries()[0].facts["unanswered"] == "received more than three days ago"


@pytest.mark.parametrize(
    ("headers", "area", "recipients"),
    [
        ({"Delivered-To": BILLING}, "", [BILLING]),
        ({"Delivered-To": "desk@provider.example"}, "", [SUPPORT]),
        ({"Delivered-To": "desk@provider.example"}, "billing", [BILLING]),
        ({"X-Original-To": SUPPORT}, "billing", [SUPPORT]),
        ({"Delivered-To": "<billing@desk.example>\r\n\tX: y"}, "", [BILLING]),
        ({"Delivered-To": '"a b"@desk.example'}, "", [SUPPORT]),
    ],
)
def test_whose_mail_it_is(
    world: World, dovecot: Dovecot, user: str, headers: dict[str, str], area: str, recipients: list[str]
) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + mail()
    with reading(world, a_mailbox(dovecot, user, area=area)) as box:
        box.until_read()
        dovecot.deliver(user, raw)
        box.until_kept(1)

    assert [one.recipient for one in world.deliveries()] == recipients


def test_a_mail_for_two_areas_is_a_delivery_for_each(world: World, dovecot: Dovecot, user: str) -> None:
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail(to=f"{SUPPORT}, {BILLING}", from_=EVA))
        box.until_kept(1)

    assert [one.area for one in world.deliveries()] == ["support", "billing"]


@pytest.mark.parametrize(
    ("top", "envelope"),
    [
        ("Return-Path: <ana@firm.example>\r\nReceived: from mx.firm.example by mx with SMTP", "ana@firm.example"),
        ("Return-Path: <>\r\nReceived: from mx.firm.example by mx with SMTP", ""),
        ("Received: from mx.firm.example by mx with SMTP\r\nReturn-Path: <>", None),
        ("Received: by 2002:a05:6402 with SMTP id x\r\nReturn-Path: <ana@firm.example>", "ana@firm.example"),
    ],
)
def test_a_return_path_is_believed_only_above_the_first_received_line(
    world: World, dovecot: Dovecot, user: str, top: str, envelope: str | None
) -> None:
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, top.encode() + b"\r\n" + mail())
        (kept,) = box.until_kept(1)

    assert kept.envelope_from == envelope


def test_nobody_is_proven_by_coming_through_a_mailbox(world: World, dovecot: Dovecot, user: str) -> None:
    """No client address is known, and it must not be taken for one of our relays or of a submission network."""
    world.change_settings(authentication={"submission_networks": ["0.0.0.0/0", "127.0.0.0/8"]})
    forged = (
        b"Received: from x ([198.51.100.7]) by mx with SMTP\r\nAuthentication-Results: mx.desk.example; dmarc=pass\r\n"
    )
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.deliver(user, mail(s1=True, subject="de nuestro servidor"))
        dovecot.deliver(user, forged + mail(subject="falso"))
        box.until_kept(2)
    world.work_through()

    by_subject = {world.ticket(one.ticket_id).subject: one.facts for one in world.deliveries()}
    assert by_subject["de nuestro servidor"]["level_by"] == "dmarc=pass"
    assert by_subject["falso"]["level_by"] != "dmarc=pass"


@pytest.mark.parametrize(
    "folder",
    ['Con "comillas"', "a b", "back\\slash", "Anfrage & Antwort ü", "*", "%", "(x)", "{5}"],
)
def test_a_folders_name_is_data(world: World, dovecot: Dovecot, user: str, folder: str) -> None:
    """Names of the settings go to the server quoted; those of mails go nowhere."""
    with reading(world, a_mailbox(dovecot, user, after="move", move_to=folder, poll_seconds=1)) as box:
        box.until_read()
        hostile = 'x"\\r\\nA1 DELETE INBOX\\r\\n'
        dovecot.deliver(user, mail(subject=hostile, message_id=f"<{hostile}@x.example>"))
        box.until_kept(1)
        wait_until(lambda: box.ledger() == [(1, "kept", False)] or box.trouble())

    assert box.trouble() == ""
    assert dovecot.mails(user) == []
    assert folder in dovecot.folders(user)


def test_a_name_that_the_server_refuses_is_told_and_reading_goes_on(world: World, dovecot: Dovecot, user: str) -> None:
    with reading(world, a_mailbox(dovecot, user, after="move", move_to="~")) as box:
        box.until_read()
        dovecot.deliver(user, mail())
        box.until_trouble("what was read cannot be finished in the mailbox (after = move)")
        dovecot.deliver(user, mail())
        box.until_kept(2)

    assert box.ledger() == [(1, "kept", True), (2, "kept", True)]


def test_a_folder_that_is_gone_is_told_and_read_again_when_it_is_back(
    world: World, dovecot: Dovecot, user: str
) -> None:
    dovecot.create(user, "Mesa")
    with reading(world, a_mailbox(dovecot, user, folder="Mesa", poll_seconds=1)) as box:
        box.until_read()
        dovecot.rename(user, "Mesa", "Otra")
        box.until_trouble("the folder Mesa cannot be opened")
        dovecot.deliver(user, mail(subject="uno"), folder="Otra")
        dovecot.rename(user, "Otra", "Mesa")
        box.until_kept(1, seconds=60)
        wait_until(lambda: not box.trouble())

    assert subjects(world) == ["uno"]


def test_a_mail_that_cannot_be_read_is_told_with_its_number_and_stops_no_other(
    world: World, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.inbound.imap_plan.AGAIN", (timedelta(0), timedelta(0), timedelta(seconds=1)))
    with reading(world, a_mailbox(dovecot, user, poll_seconds=1)) as box:
        box.until_read()
    for number in range(3):
        dovecot.deliver(user, mail(subject=f"{number}"))
    dovecot.mails(user)
    dovecot.break_mail(user, 2)
    with reading(world, a_mailbox(dovecot, user, poll_seconds=1)) as box:
        box.until_kept(2)
        wait_until(lambda: failures(world).get(2, 0) >= 3, seconds=60)
        dovecot.heal_mail(user, 2)
        box.until_kept(3, seconds=60)

    assert subjects(world) == ["0", "1", "2"]
    assert failures(world) == {}


def failures(world: World) -> dict[int, int]:
    return {row.uid: row.failures for row in world.rows(mailbox_uid, mailbox_uid.c.outcome == "failing")}


def test_a_full_disk_leaves_mail_in_the_mailbox(
    world: World, dovecot: Dovecot, user: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 0
    monkeypatch.setattr("gateway.daemon_mailboxes.shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    with reading(world, a_mailbox(dovecot, user, after="delete")) as box:
        box.until_read()
        dovecot.deliver(user, mail())
        box.until_trouble("the disk is nearly full")
        assert len(dovecot.mails(user)) == 1
        free = 1 << 50
        box.until_kept(1, seconds=40)

    assert world.rows(mailbox_state)[0].uidvalidity
