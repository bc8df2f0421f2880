"""What is said of many numbers in one. Pure."""

from collections.abc import Sequence
from statistics import median as _median

PER_CENT = 100


def median(numbers: Sequence[int]) -> int | None:
    """The one in the middle, or what is between the two in the middle; None of none."""
    return round(_median(numbers)) if numbers else None


def percentile(numbers: Sequence[int], per_cent: int) -> int | None:
    """The least number that so many in a hundred are not above (the nearest rank); None of none."""
    if not numbers:
        return None
    rank = -(-len(numbers) * per_cent // PER_CENT)
    return sorted(numbers)[max(rank, 1) - 1]


def mean(numbers: Sequence[int]) -> float | None:
    return round(sum(numbers) / len(numbers), 2) if numbers else None
