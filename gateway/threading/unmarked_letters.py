"""Where one of our letters stands in a mail without any mark: from its own first lines to its last. Pure.

A mail program inserts the letter that it answers whole. So what stands above its head or below its end is the author's,
though they, or the letter, said the same before to the word: people repeat themselves, and commands that were refused
are sent again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.desk.commands import looks_like_command
from gateway.threading.lines import Line, split_lines
from gateway.threading.word_runs import RUN, SHORTEST_LINE, Known, copied_from, is_copy, known_from, words_in

MOST_OF_HEAD = 2
"""Lines of at least a run of words with which the copy of a letter may begin: programs lose the first."""


class Place(NamedTuple):
    """The lines of a mail from `first` up to, not including, `end`. `ends`: the letter's last line is among them."""

    first: int
    end: int
    ends: bool


def place_of(letter: str, lines: Sequence[Line]) -> Place | None:
    """Where `letter` stands in the lines of a mail; to the end of the mail when its last line does not."""
    of_letter = [words for line in split_lines(letter) if (words := words_in(line.text))]
    long = [at for at, words in enumerate(of_letter) if len(words) >= RUN][:MOST_OF_HEAD]
    if not long:
        return None
    head = known_from(["\n".join(" ".join(words) for words in of_letter[: long[-1] + 1])])
    first = next((at for at, line in enumerate(lines) if _begins(line.text, head)), None)
    if first is None:
        return None
    end = _end(of_letter, lines, first)
    if end is not None and _goes_on(lines[first:end], lines[end:], known_from([letter])):
        end = None
    return Place(_with_greeting(lines, first, head), end or len(lines), end is not None)


def _begins(text: str, head: Known) -> bool:
    words = words_in(text)
    return len(words) >= RUN and is_copy(words, [], head) is True and not looks_like_command(text)


def _with_greeting(lines: Sequence[Line], first: int, head: Known) -> int:
    """The first line of the letter, with short ones of its own directly above: a greeting, a heading."""
    for at in range(first - 1, -1, -1):
        as_line = " ".join(words_in(lines[at].text))
        if as_line and (as_line not in head.lines or looks_like_command(lines[at].text)):
            break
        first = at if as_line else first
    return first


def _goes_on(above: Sequence[Line], below: Sequence[Line], letter: Known) -> bool:
    """Whether below stands what is the letter's and not above too: its last line was another's, as in its HTML."""
    had = known_from(["\n".join(line.text for line in above)])
    again = zip(copied_from(below, letter), copied_from(below, had), strict=True)
    return any(of_letter and not of_above for of_letter, of_above in again)


def _end(of_letter: Sequence[list[str]], lines: Sequence[Line], first: int) -> int | None:
    """The line below the letter's last one; which says a line more than once is looked for as often."""
    last = next((words for words in reversed(of_letter) if len(" ".join(words)) >= SHORTEST_LINE), None)
    if last is None:
        return None
    found = [at for at in range(first + 1, len(lines)) if words_in(lines[at].text) == last]
    return found[min(of_letter.count(last), len(found)) - 1] + 1 if found else None
