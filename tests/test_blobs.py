"""Files that no row names go with the mails that named them; what is named, or young, stays."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from gateway.store import checks
from gateway.work.fsck import fsck
from gateway.work.tick import EVERY, purge
from tests.test_commands_by_mail import says
from tests.world import ANA, World, mail

BIG = b"x" * 200_000


def kept(world: World, at: datetime, number: int = 1) -> str:
    """A mail that is too large for its row, received then; its blob."""
    world.receive(mail(text=f"{number}\n" + "palabra " * 40_000), received_at=at)
    blob = str(world.mails()[-1].blob)
    made_at(world, blob, at)
    return blob


def yesterday() -> datetime:
    """By the clock of the machine, which is that of the files."""
    return datetime.now(UTC) - timedelta(days=1)


def path_of(world: World, digest: str) -> Path:
    return world.office.blobs.folder / digest[:2] / digest


def made_at(world: World, digest: str, at: datetime) -> None:
    os.utime(path_of(world, digest), (at.timestamp(), at.timestamp()))


def named_in(world: World, digests: Sequence[str]) -> set[str]:
    with world.office.database.read() as connection:
        return set(digests) - set(checks.unnamed(connection, digests))


def test_the_file_goes_with_the_mail_and_the_rest_stays(world: World) -> None:
    year = timedelta(days=400)
    old, young = kept(world, world.now - year, 1), kept(world, world.now, 2)
    world.receive(mail(from_=ANA, files=[("plano.bin", BIG)]), received_at=world.now - year)
    plan = world.attachments(world.messages(3)[0].id)[0].sha256
    made_at(world, plan, world.now - year)

    purge(world.office, now=world.now)

    assert not path_of(world, old).exists()
    assert world.office.blobs.get(young)
    # What a person sent with a ticket is kept as long as the ticket.
    assert world.office.blobs.get(plan) == BIG
    assert world.mails()[0].purged_at == world.now
    assert world.deliveries("m-1")[0].once_key is not None


def test_a_blob_that_two_mails_name_goes_with_the_second(world: World) -> None:
    blob = kept(world, world.now - timedelta(days=400))
    world.receive(mail(files=[("a.bin", world.office.blobs.get(blob))]))

    purge(world.office, now=world.now)

    assert named_in(world, [blob]) == {blob}
    assert path_of(world, blob).exists()


def test_a_file_of_commands_stays_as_long_as_they_wait_for_their_code(world: World) -> None:
    first, second = world.ticket_of(), world.ticket_of(subject="Otra vez la impresora")
    says(world, second, f"#unir #{first}", files=[("plano.bin", BIG)])
    plan = sha256(BIG).hexdigest()

    assert named_in(world, [plan]) == {plan}
    path_of(world, plan).unlink()
    assert [line for line in fsck(world.office, now=world.now) if plan in line]
    purge(world.office, now=world.later(hours=25))
    assert named_in(world, [plan]) == set()


def test_what_a_crash_left_is_found_in_its_turn(world: World) -> None:
    """Each purge looks through one of 256 folders for files that are a day old and that nothing names."""
    left = world.office.blobs.put(b"put, and then the machine went down")
    made_at(world, left, world.now - timedelta(days=2))
    for _ in range(256):
        purge(world.office, now=world.now)
        world.now += EVERY

    assert not path_of(world, left).exists()


def test_a_blob_whose_row_is_not_committed_yet_stays(world: World) -> None:
    """Also when the very same bytes lay there unnamed for a year: who puts them makes them young again."""
    left = world.office.blobs.put(BIG)
    made_at(world, left, world.now - timedelta(days=400))
    world.office.blobs.put(BIG)

    assert world.office.blobs.drop(left, before=yesterday()) is False
    assert world.office.blobs.get(left) == BIG


def test_who_puts_a_blob_while_it_is_dropped_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = world.office.blobs
    left = blobs.put(BIG)
    made_at(world, left, world.now - timedelta(days=400))
    rename = Path.rename

    def put_in_between(path: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        blobs.put(BIG)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", put_in_between)

    assert blobs.drop(left, before=yesterday()) is False
    assert blobs.get(left) == BIG


def test_what_an_interrupted_drop_took_aside_comes_back(world: World) -> None:
    blobs = world.office.blobs
    blob = blobs.put(BIG)
    path = path_of(world, blob)
    path.rename(path.with_name(f".old-{blob}"))

    assert blobs.in_folder(int(blob[:2], 16)) == [blob]
    assert blobs.get(blob) == BIG
