"""Contestants measured in turn, round by round, so that what disturbs the machine disturbs all; ratios of medians."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: mails a second, and milliseconds of CPU for a mail, of all processes of the contestant together."""

    rate: float
    cpu_ms: float
    note: str = ""


Contestant = Callable[[], Measured]
Results = dict[str, list[Measured]]


def measure(contestants: Mapping[str, Contestant], *, rounds: int) -> Results:
    results: Results = {name: [] for name in contestants}
    for number in range(rounds):
        for name, run in contestants.items():
            one = run()
            results[name].append(one)
            print(f"  round {number + 1}  {name:<34} {one.rate:8.1f} /s  {one.cpu_ms:7.2f} ms  {one.note}", flush=True)
    return results


def show(results: Results) -> None:
    print(f"\n  {'':<34} {'mails/s':>24} {'CPU ms a mail':>26}")
    for name, runs in results.items():
        print(f"  {name:<34} {_spread([r.rate for r in runs], 1):>24} {_spread([r.cpu_ms for r in runs], 2):>26}")


def compare(results: Results, ours: str, theirs: str) -> None:
    """Ours over theirs, within each round."""
    pairs = list(zip(results[ours], results[theirs], strict=True))
    rate = [mine.rate / other.rate for mine, other in pairs]
    cpu = [mine.cpu_ms / other.cpu_ms for mine, other in pairs if other.cpu_ms]
    print(f"  {ours} ÷ {theirs}: rate {_spread(rate, 2)}, CPU a mail {_spread(cpu, 2) if cpu else '-'}")


def _spread(values: list[float], digits: int) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"
