"""Which texts are nearly equal: by their words, whatever counters and times are in them."""

import random
import time

import pytest

from gateway.desk.nearness import near, sketch

AWAY = "I am away until Monday and read no mail. In urgent cases please call my colleague Bob at the front desk."


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (AWAY, AWAY, True),
        (AWAY, AWAY.upper(), True),
        ("Your case 4711 came in at 12:03.", "Your case 4712 came in at 12:09.", True),
        (AWAY, AWAY.replace("Monday", "Tuesday"), True),
        (AWAY, "The printer on the third floor does not print anything any more since this morning.", False),
        ("sí", "no", False),
        ("", "", True),
        ("", AWAY, False),
    ],
)
def test_nearly_equal_is_four_words_in_five(one: str, other: str, expected: bool) -> None:
    assert near(sketch(one), sketch(other)) is expected
    assert near(sketch(other), sketch(one)) is expected


def test_the_sample_of_a_long_text_is_about_as_near_as_the_text() -> None:
    words = [f"{chr(97 + one // 26)}{chr(97 + one % 26)}word" for one in range(400)]
    chosen = random.Random(7)
    half = [word if chosen.random() < 0.5 else f"x{word}" for word in words]
    most = [word if chosen.random() < 0.97 else f"x{word}" for word in words]

    assert near(sketch(" ".join(words)), sketch(" ".join(most)))
    assert not near(sketch(" ".join(words)), sketch(" ".join(half)))


def test_photos_without_words_are_told_apart() -> None:
    assert not near(sketch("", ["a" * 64]), sketch("", ["b" * 64]))
    assert near(sketch("", ["a" * 64]), sketch("", ["a" * 64]))


def test_a_text_of_many_megabytes_takes_no_time() -> None:
    begin = time.perf_counter()
    sketch("word " * 2_000_000)
    sketch("x" * 5_000_000)

    assert time.perf_counter() - begin < 1
