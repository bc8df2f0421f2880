"""Participants in tests: a ticket that somebody takes part in, and what is done and read there."""

from typing import Any

from gateway.apply.orders import Order
from gateway.apply.participants import participants
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels
from gateway.store import tickets
from gateway.store.tables import participant as participant_table
from tests.world import ANA, EVA, LUIS, World, mail

FIRST = "Secreto de la primera hora."
OUTSIDERS = ("eva@elsewhere.example", "hugo@third.example", "iris@fourth.example")


def part(world: World, number: int) -> dict[str, str]:
    """Who takes part, by address, and since when they do not any more."""
    rows = world.rows(participant_table, participant_table.c.ticket_id == number)
    return {row.address: "left" if row.left_at else row.role for row in rows}


def read_by(world: World, address: str, *, since: int = 0) -> list[Any]:
    return [one for one in world.letters()[since:] if one.to_address == address]


def order(world: World, number: int, value: str, *, by: str = LUIS, text: str = "") -> Labels | Refused:
    """A command, as it is carried out; what is refused is undone, as the lead's line does."""
    with world.office.database.write() as connection:
        kept = tickets.get(connection, number, lock=True)
        wanted = Order(
            person=world.person(by),
            address=by,
            area=world.office.rules.desk.areas[kept.ticket.area],
            kept=kept,
            value=value,
            text=text,
            files=(),
            rules=world.office.rules,
            now=world.now,
            cause="m-1",
            delivery_id=1,
        )
        return participants(connection, wanted)


def done(found: Labels | Refused) -> str:
    assert not isinstance(found, Refused), found.words["en"]
    return found["es"]


def with_eva(world: World, **changes: Any) -> int:
    """A ticket of Ana's whose first mail has Eva in Cc."""
    return world.ticket_of(ANA, cc=f"Eva Soto <{EVA}>", text=FIRST, **changes)


def later_eva(world: World) -> int:
    """A ticket that Ana began alone and Luis answered; then Eva came, and was told nothing of it."""
    number = world.ticket_of(ANA, text=FIRST, files=[("nomina.bin", b"secreto")])
    world.answered(number, "Secreto de la primera respuesta.")
    done(order(world, number, f"+{EVA}"))
    return number


def writes(world: World, number: int, who: str, text: str, *, s1: bool = True, **changes: Any) -> Any:
    """Somebody answers with their own token."""
    fields: dict[str, Any] = {"from_": who, "to": world.reply_address(number, who), "subject": "Re: la impresora"}
    return world.receive(mail(**(fields | {"text": text, "s1": s1} | changes)))
