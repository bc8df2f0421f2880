"""fsck finds nothing in a sound office, and each of its sentences when there is cause."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gateway.store.tables import delivery, lease, outbox, received_mail
from gateway.work.fsck import fsck
from tests.world import ANA, EVA, NOON, World, mail, reply_to

LONG_AGO = NOON - timedelta(minutes=6)


def found(world: World) -> list[str]:
    return list(fsck(world.office, now=world.now))


def without_verdict(world: World) -> None:
    world.write(delivery.update().values(verdict="", ticket_id=None))


def without_ticket(world: World) -> None:
    world.write(delivery.update().values(ticket_id=None))


def mail_without_delivery(world: World) -> None:
    world.write(received_mail.insert().values(source="x", size=0, received_at=NOON))


def two_tickets(world: World) -> None:
    raw = mail(from_=EVA)
    world.receive(raw)
    world.receive(raw)
    world.write(delivery.update().where(delivery.c.duplicate_of.is_not(None)).values(verdict="ticket"))


def old_claim_of_a_mail(world: World) -> None:
    world.keep(mail(from_=EVA))
    world.write(
        delivery.update().where(delivery.c.status == "pending").values(status="claimed", claimed_until=LONG_AGO)
    )


def old_claim_of_a_letter(world: World) -> None:
    world.write(outbox.update().where(outbox.c.to_address == ANA).values(status="claimed", claimed_until=LONG_AGO))


def letter_of_nobody(world: World) -> None:
    world.write(outbox.update().where(outbox.c.to_address == ANA).values(ticket_id=None, person_id=None))


def letter_of_no_ticket(world: World) -> None:
    """Only a database that does not watch its keys can come to this."""
    off = "PRAGMA foreign_keys=OFF" if sqlite(world) else "SET session_replication_role = replica"
    with world.office.database.engine.connect() as connection:
        if sqlite(world):
            connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(off)
        if sqlite(world):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(outbox.update().where(outbox.c.to_address == ANA).values(ticket_id=999))
        connection.commit()
        connection.invalidate()


def stale_lease(world: World) -> None:
    world.write(lease.insert().values(name="mailbox x", holder="dead", until=LONG_AGO))


def missing_blob(world: World) -> None:
    world.receive(mail(from_=EVA, files=[("foto.bin", b"1234")]))
    (digest,) = world.office.blobs.all()
    world.office.blobs.remove(digest)


def damaged_blob(world: World) -> None:
    world.receive(mail(from_=EVA, files=[("foto.bin", b"1234")]))
    (digest,) = world.office.blobs.all()
    (world.office.blobs.folder / digest[:2] / digest).write_bytes(b"12")


def sqlite(world: World) -> bool:
    return world.office.database.url.get_backend_name() == "sqlite"


CAUSES: list[tuple[Callable[[World], None], str]] = [
    (without_verdict, "is judged but has no verdict"),
    (without_ticket, "should have a ticket and has none"),
    (mail_without_delivery, "has no delivery: nobody will ever judge it"),
    (two_tickets, "two tickets in support from equal mails"),
    (old_claim_of_a_mail, "delivery 2 is claimed by a dead process"),
    (old_claim_of_a_letter, "is claimed by a dead process"),
    (letter_of_nobody, "belongs to no ticket and to no person"),
    (letter_of_no_ticket, "belongs to a ticket that there is not"),
    (stale_lease, "lease mailbox x is over its time"),
    (missing_blob, "is missing or damaged"),
    (damaged_blob, "is missing or damaged"),
]


@pytest.mark.parametrize(("cause", "sentence"), CAUSES, ids=[cause.__name__ for cause, _ in CAUSES])
def test_each_cause_is_one_sentence(world: World, cause: Callable[[World], None], sentence: str) -> None:
    world.ticket_of(ANA)
    assert found(world) == []

    cause(world)

    (said,) = found(world)
    assert sentence in said


def test_a_busy_office_is_sound(world: World) -> None:
    """Tickets in two areas, a reply, a duplicate, equal alarms an hour apart, a report, a parked mail, an answer."""
    raw = mail(to="support@desk.example, billing@desk.example", s1=True, files=[("foto.bin", b"1234")])
    world.receive(raw)
    world.receive(raw)
    world.receive(reply_to(world.letters(to=ANA)[0], s1=True))
    world.receive(mail(headers={"Auto-Submitted": "auto-replied"}))
    for _ in range(2):
        world.receive(mail(from_="alarm@plant.example", message_id="", date=""))
        world.later(hours=2)
    world.answered(1)
    world.receive(mail(subject="Agregar mi dirección ana@casa.example", text="", s1=True))
    assert world.letters("ana@casa.example", "join_address")
    world.change_settings(limits={"mail_mib": 0.001})
    world.receive(mail(text="x" * 2000))

    assert {one.status for one in world.deliveries()} == {"done", "parked"}
    assert found(world) == []


def test_a_claim_within_its_time_is_no_finding(world: World) -> None:
    world.keep(mail())
    with world.claimed_by_another(1):
        world.later(minutes=9)
        assert found(world) == []


def test_a_mail_with_no_area_for_its_address_still_has_a_delivery(world: World) -> None:
    world.keep(mail(), to=["nobody@elsewhere.example"])
    world.work()

    assert [one.area for one in world.deliveries()] == ["support"]
    assert world.rows(delivery, sa.true()) != []
    assert found(world) == []
