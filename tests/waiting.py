"""Waiting for a condition, with a limit: tests do not sleep for luck."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], *, seconds: float = 10) -> T:
    """The condition's first true value; AssertionError after so many seconds."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, f"still not so after {seconds} s"
        time.sleep(0.01)
    return value
