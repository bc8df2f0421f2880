"""Passwords: what makes one, its hash, and whether one matches. Two hashes at a time, in threads."""

from functools import partial

import anyio
from anyio.to_thread import run_sync
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import Type

SHORTEST = 10
LONGEST = 200
AT_ONCE = 2

# OWASP's second choice for argon2id (RFC 9106): 19 MiB, two passes, one lane; about a tenth of a second.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# The hash of a password that nobody has, so that an unknown account takes as long as a known one.
_NOBODY = _HASHER.hash("nobody has this password")


class Passwords:
    """One for an application: what waits here waits for a thread of its own, not for the pages of others."""

    def __init__(self) -> None:
        self._turn = anyio.CapacityLimiter(AT_ONCE)

    async def hashed(self, password: str) -> str:
        return await run_sync(partial(_HASHER.hash, password), limiter=self._turn)

    async def matches(self, secret: str, password: str) -> bool:
        """Whether the password is that of the hash; with no hash, False after the same time."""
        return await run_sync(partial(_matches, secret, password[:LONGEST]), limiter=self._turn)


def weakness(password: str, *, address: str) -> str:
    """The name of what is wrong with a new password; empty when it will do (NIST SP 800-63B: length, not symbols)."""
    if len(password) < SHORTEST:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    folded = password.casefold()
    if len(set(folded)) < 4 or folded in (address.casefold(), address.partition("@")[0].casefold() * 2):
        return "password_easy"
    return ""


def _matches(secret: str, password: str) -> bool:
    try:
        return _HASHER.verify(secret or _NOBODY, password) and bool(secret)
    except (Argon2Error, InvalidHashError):
        return False
