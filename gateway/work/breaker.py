"""What is on of the breakers, and their release."""

from dataclasses import dataclass
from datetime import datetime

from gateway.apply import breaker
from gateway.store import breakers
from gateway.store.breakers import EVERYBODY, Breaker
from gateway.work.office import Office

__all__ = ["Breaker", "Waits", "release", "waiting"]


@dataclass(frozen=True, slots=True)
class Waits:
    """A breaker that is on, and how many letters it holds; the domain is '' for all."""

    breaker: Breaker
    letters: int

    @property
    def domain(self) -> str:
        return "" if self.breaker.scope == EVERYBODY else self.breaker.scope


def waiting(office: Office) -> list[Waits]:
    with office.database.read() as connection:
        return [Waits(one, breakers.count_held(connection, one.scope)) for one in breakers.on(connection)]


def release(office: Office, *, domain: str, send: bool, by: str, now: datetime) -> tuple[int, int]:
    """Release the breaker of a domain, or all that are on; how many breakers, and how many letters they held.

    That of everybody first: what a domain holds beside it goes with its own.
    """
    count = letters = 0
    with office.database.write() as connection:
        on = sorted(breakers.on(connection), key=lambda one: one.scope != EVERYBODY)
        for one in on:
            if domain in ("", one.scope):
                letters += breaker.release(connection, one, office.rules, by=by, send=send, now=now)
                count += 1
    return count, letters
