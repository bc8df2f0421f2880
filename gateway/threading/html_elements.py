"""How each HTML element reads as text, and what its attributes say. Pure."""

import re
from html import unescape
from typing import NamedTuple

from gateway.threading.html_marks import CONTAINER_HINTS, Container, container_of
from gateway.threading.html_tokens import TAG_NAME

_BLOCKS = """
    address article aside body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5
    h6 header li main nav ol p pre section summary table tbody tfoot thead tr ul blockquote html option caption
"""
BLOCKS = frozenset(_BLOCKS.split())
_SPACED = """
    p h1 h2 h3 h4 h5 h6 ul ol dl pre blockquote table figure
"""
SPACED = frozenset(_SPACED.split())
_VOID = """
    area base br col embed hr img input link meta param source track wbr basefont frame
"""
VOID = frozenset(_VOID.split())
_HIDDEN = """
    head template datalist object svg math audio video canvas select
"""
HIDDEN = frozenset(_HIDDEN.split())
CELLS = frozenset(("td", "th"))
BARRIERS = frozenset(("td", "th", "table"))
"""Elements out of which a stray end tag does not reach."""
TABLE_PARTS = frozenset(("td", "th", "tr", "tbody", "thead", "tfoot", "table", "html", "body"))
IMPLIED_ENDS = {
    "p": ("p",),
    "li": ("li",),
    "tr": ("tr", "td", "th"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "dd": ("dd", "dt"),
    "dt": ("dd", "dt"),
    "option": ("option",),
}
"""Elements that end others that are still open: HTML lets their end tags out."""
IMPLIED_FLOORS = {
    "p": ("td", "th", "table", "div", "blockquote", "li"),
    "li": ("ul", "ol", "td", "th"),
    "tr": ("table",),
    "td": ("table",),
    "th": ("table",),
    "dd": ("dl",),
    "dt": ("dl",),
    "option": (),
}
"""Elements beyond which they end nothing."""

LONGEST_HEAD = 20_000
"""Characters in which a style sheet is looked at."""
_NOT_INLINE = VOID | HIDDEN | BARRIERS
_REMEMBERED = HIDDEN | BARRIERS | frozenset(("blockquote", "pre", "li", "ol", "ul", "tr"))
"""Elements that say something to what is inside of them, or after them."""

_HIDING = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all|"
    r"(?:max-height|opacity)\s{0,3}:\s{0,3}0(?:px|pt|em|%)?\s{0,3}(?:[;\"'!]|$)|(?:^|\s)hidden(?:\s|=|$)"
)
_NO_SIZE = re.compile(r"font-size\s{0,3}:\s{0,3}0(?:px|pt|em|%)?\s{0,3}(?:[;\"'!]|$)")
"""Hides inline elements only: of a block it takes the space between the parts, which have sizes of their own."""
_MAY_HIDE = ("none", "hid", "max-height", "opacity")
_TIGHT = re.compile(
    r"\bmso(?:normal|plaintext|listparagraph|nospacing)|"
    r"margin\s{0,3}:\s{0,3}0[a-z]{0,2}(?:\s{1,3}0[a-z]{0,2}){0,3}\s{0,3}(?:[;\"'!]|$)|"
    r"margin-bottom\s{0,3}:\s{0,3}0[a-z]{0,2}\s{0,3}(?:[;\"'!]|$)"
)
"""Paragraphs that follow each other like lines."""
_TIGHT_SHEET = re.compile(r"(?<![\w.#-])[pP]\s{0,3}\{[^{}]{0,200}?margin(?:-top|-bottom)?\s{0,3}:\s{0,3}0")
"""A style sheet that makes all paragraphs so, as Outlook on the web writes it."""

_INDENTING = re.compile(r"border\s{0,3}:\s{0,3}none")
_HREF = re.compile(
    r"""(?:^|\s)href\s{0,4}=\s{0,4}(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE
)
_ALT = re.compile(r"""(?:^|\s)alt\s{0,4}=\s{0,4}["']([^"'<>]{1,8})["']""", re.IGNORECASE)


class Tag(NamedTuple):
    """What stands between angles: an element's begin or end, and what its attributes say.

    `name` is empty for what is no tag. `plain`: nothing is to be remembered of the element but that it is open;
    `leaf`: such a block at its begin.
    `hiding`: its text is not shown; `indenting`: it is moved to the right and no quotation; `mark`: the container of
    a client, and whose.
    """

    name: str
    closes: bool = False
    block: bool = False
    spaced: bool = False
    inline: bool = False
    plain: bool = False
    leaf: bool = False
    hiding: bool = False
    indenting: bool = False
    mark: tuple[Container, str] | None = None
    attributes: str = ""


def tag_of(between: str, *, tight: bool = False) -> Tag:
    """The tag that is written so between its angles; tight: paragraphs have no space around them."""
    found = TAG_NAME.match(between)
    if found is None:
        return Tag("")
    name = found.group().lower()
    closes = name[0] == "/"
    if closes:
        name = name[1:]
    block, spaced = name in BLOCKS, name in SPACED and not (tight and name == "p")
    inline = not block and name not in _NOT_INLINE
    attributes = between[found.end() :]
    if closes and inline:
        return Tag(name, True, inline=True, plain=True)
    simple = name not in _REMEMBERED and name not in VOID
    if closes or not attributes:
        return Tag(name, closes, block, spaced, inline, simple, simple and block and not closes)
    lowered = attributes.lower()
    if not _says_something(lowered):
        return Tag(name, False, block, spaced, inline, simple, simple and block, False, False, None, attributes)
    spaced = spaced and not (name == "p" and _TIGHT.search(lowered))
    hiding = any(hint in lowered for hint in _MAY_HIDE) and _HIDING.search(lowered) is not None
    if inline and not hiding and "font-size" in lowered:
        hiding = _NO_SIZE.search(lowered) is not None
    indenting = "none" in lowered and "cite" not in lowered and _INDENTING.search(lowered) is not None
    mark = container_of(lowered) if any(hint in lowered for hint in CONTAINER_HINTS) else None
    marked = hiding or mark is not None
    plain = simple and not marked
    inline, leaf = inline and not marked, plain and block
    return Tag(name, False, block, spaced, inline, plain, leaf, hiding, indenting, mark, attributes)


def _says_something(lowered: str) -> bool:
    """A quick look: most links and pictures have a target and nothing that matters here."""
    return "style" in lowered or "class" in lowered or "id" in lowered or "name" in lowered or "data-" in lowered


def tight_sheet(html: str) -> bool:
    """Whether a style sheet at the beginning takes the space around paragraphs away."""
    head = html[:LONGEST_HEAD]
    end = head.find("</style")
    return end >= 0 and _TIGHT_SHEET.search(head, 0, end) is not None


def target_of(attributes: str) -> str:
    """Where a link leads, or an empty string."""
    href = _HREF.search(attributes)
    # Line breaks inside are not part of it, as browsers read it.
    return "".join(unescape(href.group(1) or href.group(2) or href.group(3)).splitlines()).strip() if href else ""


def emoji_of(attributes: str) -> str:
    """The emoji that a picture stands for, or an empty string."""
    alt = _ALT.search(attributes)
    text = unescape(alt.group(1)) if alt else ""
    return "" if text.isascii() else text
