"""HTML written as lines of text, remembering which lines a client's container holds. Pure."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from gateway.threading import html_elements as elements
from gateway.threading.html_elements import Tag, tag_of
from gateway.threading.html_marks import Container
from gateway.threading.html_tokens import html_tokens

DEEPEST = 250
"""Open elements that are followed; what is nested deeper reads as if it stood at that depth."""
MOST_TAGS = 30_000
"""Tags that are read; the text behind them is taken as it is."""
RULE = "* * *"

_SPACES = " \t\r\n\f"
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


class Marked(NamedTuple):
    """Lines `first` to `last` stand in a container of this client."""

    first: int
    last: int
    container: Container
    client: str


class Rendered(NamedTuple):
    """A readable text, and what the containers say of its lines."""

    text: str
    marked: tuple[Marked, ...]


@dataclass(slots=True)
class _Open:
    """An element that is open."""

    tag: Tag
    quoting: bool = False
    first_line: int = 0
    counter: int = -1
    cells: int = 0


@dataclass(slots=True)
class Renderer:
    """Writes one document: `feed` once, then `rendered`."""

    links: bool = True
    _lines: list[str] = field(default_factory=list)
    _current: list[str] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By name, where in the stack the open elements of this name are."""
    _barriers: list[int] = field(default_factory=list)
    _marked: list[Marked] = field(default_factory=list)
    _blank_owed: bool = False
    _space_owed: bool = False
    _depth: int = 0
    _hidden: int = 0
    _preformatted: int = 0
    _too_deep: int = 0
    _tight: bool = False
    _href: str = ""
    """Where the link leads in which we are; its words begin at this piece of the line."""
    _words_from: int = 0

    def feed(self, html: str) -> None:
        """Write the whole document."""
        self._tight = elements.tight_sheet(html)
        tokens = html_tokens(html)
        if len(tokens) > 2 * MOST_TAGS:
            tokens[2 * MOST_TAGS :] = [" ".join(tokens[2 * MOST_TAGS :: 2])]
        if tokens[0]:
            self._text(tokens[0])
        self._write(tokens)
        while self._stack:
            self._pop()
        if self._current:
            self._end_line()

    def rendered(self) -> Rendered:
        """What was written."""
        lines = self._lines
        while lines and not lines[-1].strip("> "):
            lines.pop()
        last = len(lines) - 1
        marked = tuple(mark._replace(last=min(mark.last, last)) for mark in self._marked if mark.first <= last)
        return Rendered("\n".join(lines), tuple(sorted(marked)))

    def _write(self, tokens: list[str]) -> None:
        known: dict[str, _Open] = {}
        places, current = self._places, self._current
        waiting: _Open | None = None
        """A block that began, and nothing in it needs to know: most end before anything does, and are never opened."""
        for between, text in zip(tokens[1::2], tokens[2::2], strict=True):
            element = known.get(between)
            if element is None:
                element = known[between] = _Open(tag_of(between, tight=self._tight))
            tag = element.tag
            if tag.inline and not places[tag.name]:
                if tag.name == "a" and self.links and not self._hidden:
                    self._link(tag)
            elif tag.name == "br":
                if not self._hidden:
                    self._break()
            elif waiting is not None and tag.closes and tag.name == waiting.tag.name:
                if current:
                    self._end_line()
                if waiting.tag.spaced:
                    self._blank_owed = True
                waiting = None
            else:
                if waiting is not None:
                    self._enter(waiting)
                    waiting = None
                if tag.leaf and not self._hidden:
                    self._begin(tag)
                    waiting = element
                elif tag.name:
                    self._turn(element)
                else:
                    text = f"<{between}>{text}"
            if text and not self._hidden:
                self._text(text)
        if waiting is not None:
            self._enter(waiting)

    def _turn(self, element: _Open) -> None:
        """Whatever is no ordinary block, break or text."""
        tag = element.tag
        if tag.closes:
            if self._places[tag.name]:
                self._close(tag.name)
            elif tag.name == "p":
                self._end_line()
        elif tag.name not in elements.VOID:
            self._begin(tag)
            self._enter(element)
        elif not self._hidden:
            self._void(tag)

    def _text(self, raw: str) -> None:
        if "&" in raw:
            raw = unescape(raw)
        if self._preformatted:
            self._write_preformatted(raw)
            return
        if raw == "\n":
            self._space_owed = True
            return
        if raw.isprintable() and "  " not in raw:
            text = raw.strip(" ")
        else:
            text = " ".join(raw.split()) if "\xa0" not in raw else _collapsed(raw)
        if not text:
            self._space_owed = self._space_owed or bool(raw)
            return
        if (self._space_owed or raw[0] in _SPACES) and self._current:
            text = " " + text
        self._space_owed = raw[-1] in _SPACES
        self._current.append(text)

    def _write_preformatted(self, raw: str) -> None:
        parts = raw.replace("\xa0", " ").splitlines()
        for number, part in enumerate(parts):
            if number:
                self._break()
            if part:
                self._current.append(part)
        if parts and raw[-1] in "\r\n":
            self._break()

    def _begin(self, tag: Tag) -> None:
        """What the begin of an element does to the line in hand."""
        if tag.name in elements.IMPLIED_ENDS:
            self._end_implied(tag.name)
        if tag.block or (tag.mark is not None and not self._depth):
            if self._current:
                self._end_line()
            if tag.spaced:
                self._blank_owed = True

    def _enter(self, element: _Open) -> None:
        """element: one for all tags that are written alike, which is enough for those that are plain."""
        tag, stack = element.tag, self._stack
        if len(stack) >= DEEPEST:
            self._too_deep += 1
            return
        self._places[tag.name].append(len(stack))
        if tag.plain:
            stack.append(element)
            self._hidden += self._hidden > 0
            return
        if tag.name in elements.BARRIERS:
            self._barriers.append(len(stack))
        element = _Open(tag)
        stack.append(element)
        if self._hidden or tag.hiding or tag.name in elements.HIDDEN:
            # All that is inside is hidden too, and counts until it is closed.
            self._hidden += 1
            return
        self._start(element)

    def _start(self, element: _Open) -> None:
        name = element.tag.name
        if name == "blockquote" and not element.tag.indenting:
            element.quoting = True
            self._depth += 1
            self._blank_owed = False
            if self._lines and self._lines[-1].strip("> "):
                self._lines.append(">" * (self._depth - 1))
        elif name == "pre":
            self._preformatted += 1
        elif name == "li":
            self._bullet()
        elif name in elements.CELLS:
            self._cell()
        elif name == "ol":
            element.counter = 0
        element.first_line = len(self._lines) + (1 if self._blank_owed and self._lines else 0)

    def _bullet(self) -> None:
        listing = max((self._places[name][-1] for name in ("ol", "ul") if self._places[name]), default=-1)
        bullet = "* "
        if listing >= 0 and (parent := self._stack[listing]).counter >= 0:
            parent.counter += 1
            bullet = f"{parent.counter}. "
        self._current.append(bullet)
        self._space_owed = False

    def _cell(self) -> None:
        if not self._places["tr"]:
            return
        row = self._stack[self._places["tr"][-1]]
        row.cells += 1
        if row.cells > 1 and self._current:
            self._current.append(" | ")
            self._space_owed = False

    def _void(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break()
        elif name == "hr" and not tag.hiding:
            if self._current:
                self._end_line()
            if tag.mark is not None and not self._depth:
                self._marked.append(Marked(len(self._lines), len(self._lines), *tag.mark))
            self._current.append(RULE)
            self._end_line()
        elif name == "img" and (emoji := elements.emoji_of(tag.attributes)):
            self._text(emoji)

    def _end_implied(self, name: str) -> None:
        """`<p>` ends an open `<p>`, `<tr>` an open row: HTML lets the end tags out."""
        places = self._places
        if name == "p" and not places["p"]:
            return
        open_ends = [places[end][-1] for end in elements.IMPLIED_ENDS[name] if places[end]]
        if not open_ends:
            return
        floor = max((places[limit][-1] for limit in elements.IMPLIED_FLOORS[name] if places[limit]), default=-1)
        lowest = min((index for index in open_ends if index > floor), default=len(self._stack))
        while len(self._stack) > lowest:
            self._pop()

    def _close(self, name: str) -> None:
        """The end of the innermost element of a name, of which there is one."""
        if self._too_deep and name in elements.BLOCKS:
            self._too_deep -= 1
            self._end_line()
            return
        index = self._places[name][-1]
        if self._barriers and index < self._barriers[-1] and name not in elements.TABLE_PARTS and name != "blockquote":
            return
        while len(self._stack) > index:
            self._pop()

    def _pop(self) -> None:
        element = self._stack.pop()
        tag = element.tag
        self._places[tag.name].pop()
        if self._barriers and self._barriers[-1] == len(self._stack):
            self._barriers.pop()
        if self._hidden:
            self._hidden -= 1
            return
        if tag.block or tag.mark is not None:
            if self._current:
                self._end_line()
            self._blank_owed = self._blank_owed or tag.spaced
        if tag.plain:
            return
        if tag.mark is not None and not self._depth and len(self._lines) > element.first_line:
            self._marked.append(Marked(element.first_line, len(self._lines) - 1, *tag.mark))
        if element.quoting:
            self._depth -= 1
            self._blank_owed = True
        elif tag.name == "pre":
            self._preformatted -= 1

    def _link(self, tag: Tag) -> None:
        """The target of a link goes behind its words, unless they say the same."""
        href, self._href = self._href, ""
        if not tag.closes:
            self._href = elements.target_of(tag.attributes)
            self._words_from = len(self._current)
            return
        if not href or href.startswith("#"):
            return
        words = "".join(self._current[self._words_from :]).strip()
        bare = href.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
        if words and bare and bare.lower() not in words.lower() and words not in bare:
            self._current.append(f" <{href}>")

    def _break(self) -> None:
        """A line break that was asked for, even on an empty line."""
        if self._current:
            self._end_line()
        else:
            self._blank_owed = False
            self._put("")
        self._space_owed = False

    def _end_line(self) -> None:
        self._space_owed = False
        if not self._current:
            return
        current, lines = self._current, self._lines
        line = (current[0] if len(current) == 1 else "".join(current)).rstrip()
        current.clear()
        if self._blank_owed:
            self._blank_owed = False
            if lines and lines[-1].strip("> "):
                self._put("")
        if line:
            lines.append(f"{'>' * self._depth} {line}" if self._depth else line)
        elif lines and lines[-1].strip("> "):
            self._put("")

    def _put(self, line: str) -> None:
        if not line and (len(self._lines) > 1 and not self._lines[-1].strip("> ") and not self._lines[-2].strip("> ")):
            return
        if self._depth:
            line = ">" * self._depth + (" " + line if line else "")
        self._lines.append(line)


def _collapsed(raw: str) -> str:
    """Space collapsed but for the non-breaking, which becomes plain."""
    return _SPACE.sub(" ", raw).strip(" ").replace("\xa0", " ")
