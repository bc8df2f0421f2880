"""HTML written as lines of text, remembering which lines a client's container holds. Pure."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from gateway.threading import html_elements as elements
from gateway.threading.html_elements import NO_TRAITS, Traits
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

    name: str
    below: int
    """The next open element of this name further down the stack, or -1."""
    traits: Traits = NO_TRAITS
    quoting: bool = False
    first_line: int = 0
    href: str = ""
    words_from: int = 0
    counter: int = -1
    cells: int = 0


@dataclass(slots=True)
class Renderer:
    """Writes one document: `feed` once, then `rendered`."""

    links: bool = True
    _lines: list[str] = field(default_factory=list)
    _current: list[str] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _top_of: dict[str, int] = field(default_factory=dict)
    _barriers: list[int] = field(default_factory=list)
    _marked: list[Marked] = field(default_factory=list)
    _blank_owed: bool = False
    _space_owed: bool = False
    _depth: int = 0
    _hidden: int = 0
    _preformatted: int = 0
    _too_deep: int = 0

    def feed(self, html: str) -> None:
        """Write the whole document."""
        parts = html_tokens(html)
        if len(parts) > 3 * MOST_TAGS:
            parts[3 * MOST_TAGS :] = [" ".join(parts[3 * MOST_TAGS :: 3])]
        self._text(parts[0])
        known: dict[str, Traits] = {"": NO_TRAITS}
        top_of, blocks = self._top_of, elements.BLOCKS
        for raw_name, attributes, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            name = raw_name.lower()
            if name[0] == "/":
                if name[1:] in top_of or name == "/p":
                    self._close(name[1:])
            else:
                traits = known.get(attributes)
                if traits is None:
                    traits = known[attributes] = elements.traits_of(attributes)
                if name in blocks or name in _NOT_INLINE or traits != NO_TRAITS or name in top_of:
                    self._open(name, attributes, traits)
            if text and not self._hidden:
                self._text(text)
        while self._stack:
            self._pop()
        self._end_line()

    def rendered(self) -> Rendered:
        """What was written."""
        lines = self._lines
        while lines and not lines[-1].strip("> "):
            lines.pop()
        last = len(lines) - 1
        marked = tuple(mark._replace(last=min(mark.last, last)) for mark in self._marked if mark.first <= last)
        return Rendered("\n".join(lines), tuple(sorted(marked)))

    def _text(self, raw: str) -> None:
        if "&" in raw:
            raw = unescape(raw)
        if self._preformatted:
            self._write_preformatted(raw)
            return
        text = " ".join(raw.split()) if "\xa0" not in raw else _collapsed(raw)
        if not text:
            self._space_owed = self._space_owed or bool(raw)
            return
        if self._current and (self._space_owed or raw[0] in _SPACES):
            self._current.append(" ")
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

    def _open(self, name: str, attributes: str, traits: Traits) -> None:
        if name in elements.VOID:
            if not self._hidden:
                self._void(name, attributes, traits)
            return
        if name in elements.IMPLIED_ENDS:
            self._end_implied(name)
        block = name in elements.BLOCKS
        if block or (traits.mark is not None and not self._depth):
            self._end_line()
            self._blank_owed = self._blank_owed or name in elements.SPACED
        if len(self._stack) >= DEEPEST:
            self._too_deep += 1
            return
        element = _Open(name, self._top_of.get(name, -1), traits)
        self._top_of[name] = len(self._stack)
        if name in elements.BARRIERS:
            self._barriers.append(len(self._stack))
        self._stack.append(element)
        if self._hidden or traits.hiding or name in elements.HIDDEN:
            # All that is inside is hidden too, and counts until it is closed.
            self._hidden += 1
            return
        self._start(element, attributes)

    def _start(self, element: _Open, attributes: str) -> None:
        name = element.name
        if name == "blockquote" and not element.traits.indenting:
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
        elif name == "a" and self.links:
            element.href = elements.target_of(attributes)
        element.first_line = len(self._lines) + (1 if self._blank_owed and self._lines else 0)
        element.words_from = len(self._current)

    def _bullet(self) -> None:
        listing = max(self._top_of.get("ol", -1), self._top_of.get("ul", -1))
        bullet = "* "
        if listing >= 0 and (parent := self._stack[listing]).counter >= 0:
            parent.counter += 1
            bullet = f"{parent.counter}. "
        self._current.append(bullet)
        self._space_owed = False

    def _cell(self) -> None:
        row = self._top_of.get("tr", -1)
        if row < 0:
            return
        self._stack[row].cells += 1
        if self._stack[row].cells > 1 and self._current:
            self._current.append(" | ")
            self._space_owed = False

    def _void(self, name: str, attributes: str, traits: Traits) -> None:
        if name == "br":
            self._break()
        elif name == "hr" and not traits.hiding:
            self._end_line()
            if traits.mark is not None and not self._depth:
                self._marked.append(Marked(len(self._lines), len(self._lines), *traits.mark))
            self._current.append(RULE)
            self._end_line()
        elif name == "img" and (emoji := elements.emoji_of(attributes)):
            self._text(emoji)

    def _end_implied(self, name: str) -> None:
        """`<p>` ends an open `<p>`, `<tr>` an open row: HTML lets the end tags out."""
        top_of = self._top_of
        open_ends = [top_of[end] for end in elements.IMPLIED_ENDS[name] if end in top_of]
        if not open_ends:
            return
        floor = max((top_of.get(limit, -1) for limit in elements.IMPLIED_FLOORS[name]), default=-1)
        lowest = min((index for index in open_ends if index > floor), default=len(self._stack))
        while len(self._stack) > lowest:
            self._pop()

    def _close(self, name: str) -> None:
        index = self._top_of.get(name, -1)
        if self._too_deep and name in elements.BLOCKS:
            self._too_deep -= 1
            self._end_line()
            return
        if index < 0:
            self._end_line()
            return
        if self._barriers and index < self._barriers[-1] and name not in elements.TABLE_PARTS and name != "blockquote":
            return
        while len(self._stack) > index:
            self._pop()

    def _pop(self) -> None:
        element = self._stack.pop()
        name, traits = element.name, element.traits
        if element.below < 0:
            del self._top_of[name]
        else:
            self._top_of[name] = element.below
        if self._barriers and self._barriers[-1] == len(self._stack):
            self._barriers.pop()
        if self._hidden:
            self._hidden -= 1
            return
        if element.href:
            self._write_target(element)
        if name in elements.BLOCKS or traits.mark is not None:
            self._end_line()
            self._blank_owed = self._blank_owed or name in elements.SPACED
        if traits.mark is not None and not self._depth and len(self._lines) > element.first_line:
            self._marked.append(Marked(element.first_line, len(self._lines) - 1, *traits.mark))
        if element.quoting:
            self._depth -= 1
            self._blank_owed = True
        elif name == "pre":
            self._preformatted -= 1

    def _write_target(self, element: _Open) -> None:
        """The target of a link behind its words, unless they say the same."""
        words = "".join(self._current[element.words_from :]).strip()
        bare = element.href.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
        if (
            words
            and bare
            and not element.href.startswith("#")
            and bare.lower() not in words.lower()
            and words not in bare
        ):
            self._current.append(f" <{element.href}>")

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
        line = "".join(self._current).rstrip()
        self._current.clear()
        blank_above = not self._lines or not self._lines[-1].strip("> ")
        if self._blank_owed and not blank_above:
            self._put("")
            blank_above = True
        self._blank_owed = False
        if line or not blank_above:
            self._put(line)

    def _put(self, line: str) -> None:
        if not line and (len(self._lines) > 1 and not self._lines[-1].strip("> ") and not self._lines[-2].strip("> ")):
            return
        if self._depth:
            line = ">" * self._depth + (" " + line if line else "")
        self._lines.append(line)


def _collapsed(raw: str) -> str:
    """Space collapsed but for the non-breaking, which becomes plain."""
    return _SPACE.sub(" ", raw).strip(" ").replace("\xa0", " ")


_NOT_INLINE = elements.VOID | elements.HIDDEN | elements.BARRIERS | {"a"}
