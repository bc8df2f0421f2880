"""Whether two texts say nearly the same, by a few hashes of their words: linear, and small enough to keep. Pure.

The least hashes of a set of words are a fair sample of it, and those of two sets tell how much they have in common
(Broder, 1997, "On the resemblance and containment of documents").
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import islice

SIZE = 32
NEAR = 0.8
MOST_WORDS = 5_000
_WORD = re.compile(r"[^\W\d_]+")

Sketch = tuple[int, ...]


def sketch(text: str, others: Iterable[str] = ()) -> Sketch:
    """The sample of a text's words, whatever their case; numbers are none, as counters and times differ in each mail.

    `others` are what else there is to compare, such as the hashes of attachments.
    """
    words = {found.group().casefold() for found in islice(_WORD.finditer(text), MOST_WORDS)}
    words |= {f"\0{one}" for one in others}
    return tuple(sorted({zlib.crc32(word.encode("utf-8", "replace")) for word in words})[:SIZE])


def near(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether four in five of their words are the same; two texts without words are."""
    both = sorted({*one, *other})[:SIZE]
    if not both:
        return True
    common = set(one) & set(other)
    return sum(hash_ in common for hash_ in both) >= NEAR * len(both)
