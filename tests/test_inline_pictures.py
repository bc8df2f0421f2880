"""An inline picture that stands in every signature is listed with the first message of the ticket that has it."""

from typing import Any

from gateway.store import listings, messages, own_tickets
from tests.world import ANA, World, mail

LOGO, FOTO = b"\x89PNG logo", b"\x89PNG foto"


def with_pictures(*pictures: bytes, disposition: str = "inline", **changes: Any) -> bytes:
    head, _, text = mail(**({"s1": True} | changes)).partition(b"\n\n")
    fields = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-"))]
    parts = [b"Content-Type: text/plain; charset=utf-8\n\n" + text]
    parts += [
        b"Content-Type: image/png\nContent-ID: <%d@x>\nContent-Disposition: %b\n\n%b"
        % (number, disposition.encode(), picture)
        for number, picture in enumerate(pictures)
    ]
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"
    return b"\n".join([*fields, b"MIME-Version: 1.0", b"Content-Type: multipart/related; boundary=b"]) + b"\n\n" + body


def opened_and_answered(world: World, *pictures: bytes, **changes: Any) -> int:
    """A ticket that begins with the logo, and a second mail to it with these pictures."""
    number = int(world.receive(with_pictures(LOGO)).ticket_id)
    to = world.reply_address(number, ANA)
    second = with_pictures(*pictures, subject="Re: Impresora", to=to, text="Sigue igual.", **changes)
    assert world.receive(second).ticket_id == number
    return number


def repeated(world: World, number: int) -> list[list[bool]]:
    return [[file.repeated for file in world.attachments(one.id)] for one in world.messages(number)]


def test_a_picture_that_an_earlier_message_had_is_marked(world: World) -> None:
    number = opened_and_answered(world, LOGO, FOTO)

    assert repeated(world, number) == [[False], [True, False]]


def test_a_picture_that_is_attached_on_purpose_is_always_listed(world: World) -> None:
    number = opened_and_answered(world, LOGO, disposition="attachment")

    assert repeated(world, number) == [[False], [False]]


def test_a_picture_of_another_ticket_is_new_here(world: World) -> None:
    world.receive(with_pictures(LOGO))
    number = int(world.receive(with_pictures(LOGO, subject="Otra cosa")).ticket_id)

    assert repeated(world, number) == [[False]]


def test_the_customers_page_lists_it_once(world: World) -> None:
    number = opened_and_answered(world, LOGO, FOTO)
    with world.office.database.read() as connection:
        listed = [len(one.files) for one in own_tickets.conversation(connection, number)]
        shown = [[file["repeated"] for file in one["attachments"]] for one in listings.conversation(connection, number)]

    assert listed == [1, 1]
    assert shown == [[False], [True, False]]


def test_a_picture_of_an_internal_note_is_still_new_to_the_customer(world: World) -> None:
    number = int(world.receive(mail(s1=True)).ticket_id)
    file = messages.File("logo.png", "image/png", len(LOGO), "a" * 64, cid="1@x", inline=True)
    for kind, public in (("note", False), ("mail", True), ("note", False)):
        new = messages.NewMessage(ticket_id=number, kind=kind, at=world.now, text="x", public=public)
        with world.office.database.write() as connection:
            messages.add(connection, new, [file])

    assert repeated(world, number) == [[], [False], [False], [True]]
