"""The words of an HTML mail that are written in red. Pure.

No tree is built, and no style sheet is read: mail programs colour text by `style` and by `<font color>`. One pass over
the string, in linear time, whatever the HTML is.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape


def red_texts(html: str) -> Iterator[str]:
    """The red pieces of text, white space made single, each cut to 60 characters; at most the first 200 of them.

    A piece of less than five letters is none, and neither is what is beyond the first 500,000 characters.
    """
    html = html[:_READ]
    if not any(map(_is_red, _colours(html))):  # Nearly every mail, and quickly.
        return
    # The open elements, and whether the text in each is red.
    opened: list[tuple[str, bool]] = []
    counted: Counter[str] = Counter()
    position, found = 0, 0
    for tag in _TAG.finditer(f"{html}</html>"):
        red = bool(opened) and opened[-1][1]
        if red and (piece := _piece(html[position : tag.start()])):
            yield piece
            found += 1
            if found == _MOST_PIECES:
                return
        position = tag.end()
        name = tag["name"].lower()
        if tag["closing"]:
            _close(opened, counted, name)
        elif name not in _VOID and len(opened) < _DEEPEST:
            own = _colour(tag["attributes"])
            opened.append((name, red if own is None else own))
            counted[name] += 1


def _colours(html: str) -> set[str]:
    """All that stands where a colour of text may stand."""
    html = html.lower()
    return {colour.strip() for colour in (*_STYLE_COLOUR.findall(html), *_FONT_COLOUR.findall(html))}


def _piece(text: str) -> str:
    piece = " ".join(unescape(text[:_PIECE]).split())[:60]
    return piece if sum(map(str.isalpha, piece)) >= _FEWEST_LETTERS else ""


def _close(opened: list[tuple[str, bool]], counted: Counter[str], name: str) -> None:
    """End the nearest element of that name and those inside it; one that is not open ends nothing."""
    while counted[name]:
        inner, _ = opened.pop()
        counted[inner] -= 1
        if inner == name:
            return


def _colour(attributes: str) -> bool | None:
    """Whether an element's text becomes red; None when it says nothing of a colour."""
    attributes = attributes.lower()
    found = _STYLE_COLOUR.search(attributes) or _FONT_COLOUR.search(attributes)
    return None if found is None else _is_red(found[1].strip())


def _is_red(colour: str) -> bool:
    if colour in _RED_NAMES:
        return True
    if digits := _HEX.fullmatch(colour):
        digit = digits[1]
        size = 1 if len(digit) < 6 else 2
        red, green, blue = (int((digit[at : at + size] * 2)[:2], 16) for at in (0, size, 2 * size))
    elif numbers := _RGB.match(colour):
        red, green, blue = (int(number) for number in numbers.groups())
    else:
        return False
    # #FF0000, Outlook's dark red #C00000, #CC0000, #E03131; not brown, orange, or pink.
    return red >= _LEAST_RED and max(green, blue) * 4 <= red


_READ = 500_000
_MOST_PIECES = 200
_PIECE = 400
_FEWEST_LETTERS = 5
_DEEPEST = 400
_LEAST_RED = 139

_TAG = re.compile(r"<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,20})(?P<attributes>[^<>]{0,4000}+)>")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
# The literal first: what begins with a look behind is tried at every character.
_STYLE_COLOUR = re.compile(r"color(?<![\w-]color)\s{0,9}:\s{0,9}([^;\"'!]{1,60})")
_FONT_COLOUR = re.compile(r"color(?<![\w-]color)\s{0,9}=\s{0,9}[\"']?([^\s\"'>]{1,60})")
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}(?:[0-9a-f]{2})?)")
_RGB = re.compile(r"rgba?\(\s{0,9}(\d{1,3})[\s,]{1,9}(\d{1,3})[\s,]{1,9}(\d{1,3})")
_RED_NAMES = frozenset({"red", "crimson", "darkred", "firebrick"})
