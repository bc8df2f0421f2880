"""Who gets a ticket that nobody has chosen an owner for: groups of agents, and whose turn it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.settings import Group as Written


class Assign(StrEnum):
    """How an owner is found. By HAND nobody is: somebody of the desk takes the ticket, or assigns it."""

    HAND = "hand"
    TURN = "turn"
    LEAST_OPEN = "least open"


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who attend tickets together, by their addresses."""

    name: str
    addresses: tuple[str, ...]
    assign: Assign = Assign.HAND


def groups_of(settings: Sequence[Written], area: str) -> Mapping[str, Group]:
    """The rows of [[group]] whose tickets are of this area, by their names."""
    return {
        one.name: Group(one.name, tuple(address.strip().casefold() for address in one.addresses), Assign(one.assign))
        for one in settings
        if one.area in ("", area)
    }


def next_owner(
    assign: Assign, there: Sequence[int], *, given: Sequence[int], load: Mapping[int, int] | None = None
) -> int | None:
    """Who of those that are `there` gets the next ticket; None when nobody does.

    `given` are those who were given tickets before, each once, the last one at the end; who never was comes first.
    Always the one who had to wait longest: so each of the same people gets as many as another, give or take one, and
    who comes back from an absence gets no more than their turn. `load` is how many open tickets each has.
    """
    if assign is Assign.HAND or not there:
        return None
    waited = {number: place for place, number in enumerate(given)}

    def turn(number: int) -> tuple[int, int, int]:
        loaded = (load or {}).get(number, 0) if assign is Assign.LEAST_OPEN else 0
        return loaded, waited.get(number, -1), number

    return min(there, key=turn)


def moved_on(given: Sequence[int], number: int) -> list[int]:
    """`given` after this person was given one."""
    return [one for one in given if one != number] + [number]
