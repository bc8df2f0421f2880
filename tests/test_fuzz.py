"""Bytes that nobody thought of: the invariants of `fuzz_targets` hold for them, in time that grows with their size.

A minute here, without coverage; an hour led by coverage in `make soak`, or as long as FUZZ_SECONDS says. What is found
becomes a mail of tests/corpus, or a case beside the code that it broke.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz_targets import TARGETS, TOKENS, in_time, seeds

ROOT = Path(__file__).parents[1]
EXAMPLES = 200
LONGEST = 64 * 1024

pieces = st.sampled_from(TOKENS) | st.binary(max_size=8)


@st.composite
def mutated(draw: st.DrawFn, name: str) -> bytes:
    """A seed with stretches cut out, doubled, put elsewhere, or replaced by what parsers stumble over."""
    mails = seeds(name)
    raw = bytearray(mails[draw(st.integers(0, len(mails) - 1))][:8192])
    for _ in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, len(raw)))
        stretch = bytes(raw[start : start + draw(st.integers(0, 80))])
        raw[start : start + len(stretch)] = draw(pieces | st.just(b"") | st.just(stretch * 2))
        if draw(st.booleans()):
            at = draw(st.integers(0, len(raw)))
            raw[at:at] = stretch
    return bytes(raw)


@st.composite
def pumped(draw: st.DrawFn) -> bytes:
    """A beginning, then the same few pieces again and again up to 64 KiB, then an end: what makes slow code slow."""
    joined = st.lists(pieces, min_size=1, max_size=4).map(b"".join)
    head = draw(st.sampled_from([b"", b"Subject: ", b"Content-Type: text/html\n\n", b"From: ", b"\n", b"\1", b"\0"]))
    again = draw(joined) or b" "
    return head + draw(joined) + again * (LONGEST // len(again)) + draw(joined)


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_mail_breaks_nothing(name: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(mutated(name))
    def holds(raw: bytes) -> None:
        in_time(TARGETS[name], raw)

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_time_grows_with_the_size_of_what_is_read(name: str) -> None:
    @settings(max_examples=EXAMPLES // 4, deadline=None, database=None)
    @given(pumped())
    def holds(raw: bytes) -> None:
        in_time(TARGETS[name], raw)

    holds()


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_an_hour_of_fuzzing_finds_nothing(name: str, tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        pytest.skip("atheris, of the extra `fuzz`, is not here")
    seconds = int(os.environ.get("FUZZ_SECONDS", "3600")) // len(TARGETS)
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz_atheris", name, str(seconds), str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")

    assert run.returncode == 0, run.stderr[-4000:]
    assert list(tmp_path.iterdir()) == []
