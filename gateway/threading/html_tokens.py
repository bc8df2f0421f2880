"""Tags and text of hostile HTML, in one pass over a string and in linear time. Pure.

No tree is built: a tree costs quadratic time on deep nesting, and reading a mail needs none.
"""

import re

MOST_CHARACTERS = 2_000_000
LONGEST_TAG = 16_384
_MOST_STEPS = 4_000_000
"""Characters that are looked at a second time, in all tags together that cannot be read at a glance."""

_PLAIN_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,40})(?<!:)(?=[\s/>\"'])([^<>]{0,16384})>")
_OPENING = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,40})(?<!:)(?=[\s/>\"'])")
_STOP = re.compile(r"[>\"']")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<[!?][^<>]{0,1000}>")
_RAW = re.compile(r"<(script|style|title|textarea|noframes)(?=[\s>])", re.IGNORECASE)
_RAW_END = {
    name: re.compile(rf"</{name}[^<>]{{0,100}}>", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "noframes")
}


def html_tokens(html: str) -> list[str]:
    """Text, then again and again: the name of a tag ("p", "/p"; as written), its attributes as written, and text.

    Comments, declarations and the contents of scripts and styles are left out; entities are still encoded. A tag over
    16 kB is dropped, HTML beyond 2 MB is not read; what is no tag is text.
    """
    html = _without_raw(_without_comments(html[:MOST_CHARACTERS]))
    parts = _PLAIN_TAG.split(html)
    if all(map(_balanced, set(parts[2::3]))) and not any("<" in text and _OPENING.search(text) for text in parts[::3]):
        return parts
    return _slowly(html)


def _without_comments(html: str) -> str:
    end = html.rfind("-->") + 3
    if end > 2 and "<!--" in html:
        html = _COMMENT.sub("", html[:end]) + html[end:]
    unclosed = html.find("<!--")
    if unclosed >= 0:
        html = html[:unclosed]
    return _DECLARATION.sub("", html) if "<!" in html or "<?" in html else html


def _without_raw(html: str) -> str:
    kept = []
    position = 0
    while (opening := _RAW.search(html, position)) is not None:
        kept.append(html[position : opening.start()])
        closing = _RAW_END[opening.group(1).lower()].search(html, opening.end())
        if closing is None:
            return "".join(kept)
        position = closing.end()
    return "".join((*kept, html[position:])) if kept else html


def _balanced(attributes: str) -> bool:
    return not (attributes.count('"') & 1 or attributes.count("'") & 1)


def _slowly(html: str) -> list[str]:
    """The same for HTML with "<" or ">" inside of quoted values, or with quotes that are not closed."""
    parts = []
    steps = _MOST_STEPS
    position = text_from = 0
    last_end = html.rfind(">")
    while 0 <= (at := html.find("<", position)) < last_end:
        opening = _OPENING.match(html, at)
        if opening is None or steps <= 0:
            position = at + 1
            continue
        end, used = _end_of_tag(html, opening.end())
        steps -= used
        if end < 0:
            position = at + 1
            continue
        parts += [html[text_from:at], opening.group(1), html[opening.end() : end - 1]]
        position = text_from = end
    parts.append(html[text_from:])
    return parts


def _end_of_tag(html: str, start: int) -> tuple[int, int]:
    """Behind the ">" that is in no quoted value, or behind the first if a quote is not closed; and the steps taken."""
    position = start
    limit = start + LONGEST_TAG
    while (stop := _STOP.search(html, position, limit)) is not None:
        if stop.group() == ">":
            return stop.end(), stop.end() - start
        close = html.find(stop.group(), stop.end(), limit)
        if close < 0:
            break
        position = close + 1
    end = html.find(">", start, limit)
    return (end + 1 if end >= 0 else -1), LONGEST_TAG
