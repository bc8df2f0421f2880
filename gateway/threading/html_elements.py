"""How each HTML element reads as text, and what its attributes say. Pure."""

import re
from html import unescape
from typing import NamedTuple

from gateway.threading.html_marks import CONTAINER_HINTS, Container, container_of

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

_HIDING = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all|"
    r"font-size\s{0,3}:\s{0,3}0(?:px|pt|em|%)?\s{0,3}(?:[;\"'!]|$)|(?:^|\s)hidden(?:\s|=|$)"
)
_INDENTING = re.compile(r"border\s{0,3}:\s{0,3}none")
_HREF = re.compile(
    r"""(?:^|\s)href\s{0,4}=\s{0,4}(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE
)
_ALT = re.compile(r"""(?:^|\s)alt\s{0,4}=\s{0,4}["']([^"'<>]{1,8})["']""", re.IGNORECASE)


class Traits(NamedTuple):
    """What attributes say: the text is hidden, it only is indented, a client's container holds it."""

    hiding: bool
    indenting: bool
    mark: tuple[Container, str] | None


NO_TRAITS = Traits(False, False, None)


def traits_of(attributes: str) -> Traits:
    """The traits of an element, from its attributes as written."""
    lowered = attributes.lower()
    may_hide = "none" in lowered or "hid" in lowered or "font-size" in lowered
    return Traits(
        may_hide and _HIDING.search(lowered) is not None,
        "none" in lowered and "cite" not in lowered and _INDENTING.search(lowered) is not None,
        container_of(lowered) if any(hint in lowered for hint in CONTAINER_HINTS) else None,
    )


def target_of(attributes: str) -> str:
    """Where a link leads, or an empty string."""
    href = _HREF.search(attributes)
    return unescape(href.group(1) or href.group(2) or href.group(3)).strip() if href else ""


def emoji_of(attributes: str) -> str:
    """The emoji that a picture stands for, or an empty string."""
    alt = _ALT.search(attributes)
    text = unescape(alt.group(1)) if alt else ""
    return "" if text.isascii() else text
