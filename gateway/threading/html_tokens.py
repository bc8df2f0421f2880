"""Tags and text of hostile HTML, in one pass over a string and in linear time. Pure.

No tree is built: a tree costs quadratic time on deep nesting, and reading a mail needs none.
"""

import re

MOST_CHARACTERS = 2_000_000
LONGEST_TAG = 16_384
_MOST_STEPS = 4_000_000
"""Characters that are looked at a second time, in all tags together that cannot be read at a glance."""

_NAME = r"/?[a-zA-Z][a-zA-Z0-9:-]{0,40}(?<!:)(?=[\s/>\"']|$)"
TAG_NAME = re.compile(_NAME)
"""How what stands between angles begins when it is a tag; "https://x.example" and "ana@x.example" are none."""

_OPENING = re.compile(f"<{_NAME}")
_AT_A_GLANCE = re.compile(r"<([^<>]*)>")
_STOP = re.compile(r"[>\"']")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<[!?][^<>]{0,1000}>")
_RAW = re.compile(r"<((?i:script|style|title|textarea|noframes))(?=[\s>])")
_RAW_END = {
    name: re.compile(rf"</{name}[^<>]{{0,100}}>", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "noframes")
}


def html_tokens(html: str) -> list[str]:
    """Text, then again and again: what stands between angles as written ("p", "/p", "a href=x"), and text.

    Comments, declarations and the contents of scripts and styles are left out; entities are still encoded. A tag over
    16 kB is dropped, HTML beyond 2 MB is not read. What does not begin as a tag (`TAG_NAME`) is text of the author.
    """
    html = _without_raw(_without_comments(html[:MOST_CHARACTERS]))
    tokens = _AT_A_GLANCE.split(html)
    if any(map(_odd, set(tokens[1::2]))):
        return _slowly(html)
    if html.count("<") > len(tokens) // 2 and any("<" in text and _OPENING.search(text) for text in tokens[::2]):
        return _slowly(html)
    return tokens


def _without_comments(html: str) -> str:
    end = html.rfind("-->") + 3
    if end > 2 and "<!--" in html:
        html = _COMMENT.sub("", html[:end]) + html[end:]
    unclosed = html.find("<!--")
    if unclosed >= 0:
        html = html[:unclosed]
    return _DECLARATION.sub("", html)


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


def _odd(between: str) -> bool:
    """Whether a tag has an angle inside of a quoted value, or a quote that is not closed, or is too long."""
    if between.isalpha():
        return False
    odd = between.count('"') & 1 or between.count("'") & 1 or len(between) > LONGEST_TAG
    return bool(odd) and TAG_NAME.match(between) is not None


def _slowly(html: str) -> list[str]:
    """The same for HTML that cannot be read at a glance."""
    tokens = []
    steps = _MOST_STEPS
    position = text_from = 0
    last_end = html.rfind(">")
    while 0 <= (at := html.find("<", position)) < last_end:
        if steps <= 0 or _OPENING.match(html, at) is None:
            position = at + 1
            continue
        end, used = _end_of_tag(html, at + 1)
        steps -= used
        if end < 0:
            position = at + 1
            continue
        tokens += [html[text_from:at], html[at + 1 : end - 1]]
        position = text_from = end
    tokens.append(html[text_from:])
    return tokens


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
