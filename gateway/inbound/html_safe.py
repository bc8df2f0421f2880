"""HTML made harmless: short enough to parse, and without scripts, styles, and anything fetched from outside. Pure."""

import re
from html import escape

import nh3

LONGEST_HTML = 2_000_000
LONGEST_TAG = 16_384

DEEPEST_HTML = 400
MOST_REOPENED = 500_000

_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_FONTS = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905
_CLOSED_BY_ITSELF = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr wbr".split()  # noqa: SIM905, E501
)
_TAG = re.compile(r"""<[A-Za-z/!?](?:[^>="']++|=\s*+"[^"]*+"|=\s*+'[^']*+'|[="'])*+>""")
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_FETCHED = frozenset({"src", "background", "poster", "srcset", "data", "lowsrc", "dynsrc"})


def bounded(html: str) -> str:
    """At most 2 MB of the HTML, tags over 16 kB left out: one tag with 20,000 attributes stops every parser.

    Linear: each tag is looked at within its first 16 kB, and one that is longer is jumped over whole.
    """
    html = html[:LONGEST_HTML]
    if _longest_gap(html) <= LONGEST_TAG:
        return html
    kept: list[str] = []
    position = 0
    while found := _TAG_START.search(html, position):
        start = found.start()
        match = _TAG.match(html, start, start + LONGEST_TAG)
        end = match.end() if match else html.find(">", min(start + LONGEST_TAG, len(html))) + 1
        if match:
            kept.append(html[position:end])
        else:
            kept.append(html[position:start])
            end = end or len(html)
        position = end
    kept.append(html[position:])
    return "".join(kept)


def sanitise(html: str, text: str = "") -> str:
    """The HTML as it may be shown: nh3's tags and attributes; images only from the mail itself (cid:).

    text: the same as plain text, shown instead of HTML that is nested to stop parsers.
    """
    return f"<pre>{escape(text)}</pre>" if tangled(html) else _CLEANER.clean(html)


def tangled(html: str) -> bool:
    """Whether elements are nested too deeply, or so many fonts left open that each paragraph opens them all again."""
    opened: dict[str, int] = {}
    depth = fonts = most_fonts = tags = 0
    for match in _NAME.finditer(html):
        name = match.group(2).lower()
        tags += 1
        if name in _CLOSED_BY_ITSELF:
            continue
        step = -1 if match.group(1) else 1
        if step < 0 and not opened.get(name):
            continue
        opened[name] = opened.get(name, 0) + step
        depth += step
        if name in _FONTS:
            fonts += step
            most_fonts = max(most_fonts, fonts)
        if depth > DEEPEST_HTML or most_fonts * tags > MOST_REOPENED:
            return True
    return False


def _longest_gap(html: str) -> int:
    """An upper bound of the longest tag: the longest stretch without a `>`, or all when quotes could hide one."""
    return max(map(len, html.split(">"))) if not re.search(r"""=\s*+(?:"[^"]*>|'[^']*>)""", html) else len(html)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in _FETCHED:
        return value if value.strip().lower().startswith("cid:") else None
    return value


_CLEANER = nh3.Cleaner(
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    link_rel="noopener noreferrer nofollow",
)
