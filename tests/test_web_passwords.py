"""Passwords: what will do, how they are kept, and that nobody's takes as long as somebody's."""

import time

import anyio
import pytest

from gateway.web.passwords import AT_ONCE, Passwords, weakness

PASSWORD = "cuatro palabras muy largas"


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        (PASSWORD, ""),
        ("ñandú 2026", ""),
        ("corta", "password_short"),
        ("x" * 201, "password_long"),
        ("aaaaaaaaaaaaaa", "password_easy"),
        ("1212121212", "password_easy"),
        ("Ana.Perez@x.test", "password_easy"),
    ],
)
def test_a_password_has_to_be_long_and_not_the_address(password: str, wrong: str) -> None:
    assert weakness(password, address="ana.perez@x.test") == wrong


def test_a_password_is_kept_as_argon2id_with_the_cost_that_we_say() -> None:
    hashed = anyio.run(Passwords().hashed, PASSWORD)

    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in hashed


def test_only_the_password_itself_matches() -> None:
    async def tried() -> list[bool]:
        passwords = Passwords()
        hashed = await passwords.hashed(PASSWORD)
        pairs = [(hashed, PASSWORD), (hashed, PASSWORD + "x"), (hashed, ""), ("", PASSWORD), ("no hash", PASSWORD)]
        return [await passwords.matches(secret, password) for secret, password in pairs]

    assert anyio.run(tried) == [True, False, False, False, False]


def test_an_account_that_is_not_there_takes_as_long_as_one_that_is() -> None:
    async def seconds() -> tuple[float, float]:
        passwords = Passwords()
        hashed = await passwords.hashed(PASSWORD)
        quickest = []
        for secret in (hashed, ""):
            times = []
            for _ in range(5):
                began = time.perf_counter()
                await passwords.matches(secret, "another password")
                times.append(time.perf_counter() - began)
            quickest.append(min(times))
        return quickest[0], quickest[1]

    known, unknown = anyio.run(seconds)

    assert unknown > known / 3


def test_no_more_than_two_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = 0, 0

    def slow(secret: str, password: str) -> bool:
        nonlocal now, most
        now += 1
        most = max(most, now)
        time.sleep(0.05)
        now -= 1
        return True

    monkeypatch.setattr("gateway.web.passwords._matches", slow)

    async def many() -> None:
        passwords = Passwords()
        async with anyio.create_task_group() as tasks:
            for _ in range(6):
                tasks.start_soon(passwords.matches, "", PASSWORD)

    anyio.run(many)

    assert most == AT_ONCE
