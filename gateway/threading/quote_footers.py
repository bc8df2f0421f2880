"""What programs, lists and companies put above and below a mail: letters of the lines that hold it. Pure.

The letters are those of `quote_kinds.LineKind`; "g" is what belongs to a signature.
"""

from collections.abc import Sequence

from gateway.threading.disclaimers import is_disclaimer, openings
from gateway.threading.lines import Line
from gateway.threading.markers import is_banner, is_list_footer

LONGEST_SIGNATURE = 14
"""Lines below a signature delimiter; what is longer is a text that goes on."""
FEWEST_SPACES = 3
"""In a question that is no slogan."""

MOST_DISCLAIMERS = 40
"""Stretches of one mail that are read as a disclaimer."""
MOST_OF_A_PARAGRAPH = 40
"""Lines at the end of a paragraph that can be a company's disclaimer."""


def mark_footers(text: str, lines: Sequence[Line], letters: list[str]) -> None:
    """Overwrite the letters of plain lines that are footers, banners and disclaimers; doubt bare delimiters."""
    _apply_footers(lines, letters)
    _doubt_delimiters(text, lines, letters)
    _apply_disclaimers(lines, letters)


def _apply_footers(lines: Sequence[Line], letters: list[str]) -> None:
    """What a list appends under a rule, and the banner that a company's server puts above a mail from outside."""
    for number, letter in enumerate(letters):
        if letter == "r":
            below = [at for at in range(number + 1, min(number + 7, len(lines))) if letters[at] != "e"]
            inside = [at for at in below if letters[at] == "t"]
            if inside and is_list_footer([lines[at].text for at in inside]):
                letters[number : inside[-1] + 1] = "g" * (inside[-1] + 1 - number)
    first = next((number for number, letter in enumerate(letters) if letter != "e"), len(letters))
    end = first
    while end < len(letters) and letters[end] == "t":
        end += 1
    if first < end < len(letters) and end - first <= 6 and is_banner(" ".join(line.text for line in lines[first:end])):
        letters[first:end] = "g" * (end - first)


def _doubt_delimiters(text: str, lines: Sequence[Line], letters: list[str]) -> None:
    """Below dashes without the space of a signature delimiter ("-- "), a question is the author's own."""
    for number, letter in enumerate(letters):
        if letter != "s" or text[lines[number].start : lines[number].end].rstrip("\r\n").endswith("-- "):
            continue
        below = lines[number + 1 : number + 1 + LONGEST_SIGNATURE]
        if any(not line.depth and line.text[-1:] == "?" and line.text.count(" ") >= FEWEST_SPACES for line in below):
            letters[number] = "t"


def _apply_disclaimers(lines: Sequence[Line], letters: list[str]) -> None:
    """Paragraphs that a company or a program puts under every mail, if anything was said above them."""
    paragraph: list[int] = []
    said, attempts, found = False, 0, False
    for number, letter in enumerate((*letters, "e")):
        if letter == "t":
            paragraph.append(number)
            continue
        if not paragraph:
            continue
        ending = paragraph[-MOST_OF_A_PARAGRAPH:]
        texts = [lines[at].text for at in ending]
        below_another, found = found, False
        for begins in openings(texts):
            attempts += 1
            above = said or ending[begins] > paragraph[0]
            text = " ".join(texts[begins:])
            if above and attempts <= MOST_DISCLAIMERS and is_disclaimer(text, below_another=below_another):
                letters[ending[begins] : ending[-1] + 1] = "g" * (ending[-1] + 1 - ending[begins])
                found = True
                break
        said, paragraph = True, []
