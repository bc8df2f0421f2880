"""Where CPU time goes: the stack looked at every millisecond of it, at a hundredth of what a tracing profiler costs."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

INTERVAL = 0.001


@dataclass(slots=True)
class Samples:
    """How often each function was on the stack (`inclusive`) and on top of it (`alone`)."""

    inclusive: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    total: int = 0


@contextmanager
def sampled() -> Iterator[Samples]:
    """Samples of what runs in the block, in the main thread of this process."""
    found = Samples()

    def look(_: int, frame: FrameType | None) -> None:
        found.total += 1
        if frame is not None:
            found.alone[_name(frame)] += 1
        seen: set[str] = set()
        while frame is not None:
            seen.add(_name(frame))
            frame = frame.f_back
        found.inclusive.update(seen)

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _name(frame: FrameType) -> str:
    path = Path(frame.f_code.co_filename)
    return f"{path.parent.name}/{path.stem}:{frame.f_code.co_qualname}"
