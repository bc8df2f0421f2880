"""Bars as SVG: no script, nothing fetched, colours of the page around them. A bar says its number when pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 560, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 18, 28
_ROW, _LABELS, _VALUES = 28, 160, 96
_GRID = 4
# So many labels stand beside each other below the bars.
_MOST_LABELS = 10
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers, one for each label; `name` is for people, `tone` the class that colours them."""

    name: str
    tone: str
    numbers: Sequence[int]


def columns(labels: Sequence[str], series: Sequence[Series], *, about: str, numbered: bool = False) -> Markup:
    """Standing bars, those of one label side by side; with `numbered` each has its number above it."""
    top = _ceiling(max((number for one in series for number in one.numbers), default=0))
    room, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    each = room / max(len(labels), 1)
    thick = min(each * 0.8 / max(len(series), 1), 48)
    parts = [_grid(top, high)]
    for place, label in enumerate(labels):
        middle = _LEFT + each * (place + 0.5)
        for number, one in enumerate(series):
            value = one.numbers[place]
            x = middle + (number - len(series) / 2) * thick
            tall = high * value / top
            said = f"{label}: {value} {one.name}".strip()
            parts.append(_bar(one.tone, x, _TOP + high - tall, max(thick - 1, 1), tall, said))
            if numbered and value:
                parts.append(_text(middle, _TOP + high - tall - 5, str(value), "middle"))
        if place % _step(len(labels)) == 0:
            parts.append(_text(middle, HEIGHT - _BOTTOM + 18, label, "middle"))
    return _svg(HEIGHT, about, parts)


def rows(labels: Sequence[str], numbers: Sequence[int], said: Sequence[str], *, about: str) -> Markup:
    """Lying bars, each with its label before it and what it says behind it."""
    most = max(numbers, default=0) or 1
    room = WIDTH - _LABELS - _VALUES
    parts = []
    for place, (label, number, words) in enumerate(zip(labels, numbers, said, strict=True)):
        y = place * _ROW + 4
        long = max(room * number / most, 1)
        parts.append(_text(_LABELS - 10, y + 15, _short(label), "end"))
        parts.append(_bar("one", _LABELS, y, long, _ROW - 8, f"{label}: {words}"))
        parts.append(_text(_LABELS + long + 8, y + 15, words, "start"))
    return _svg(len(labels) * _ROW + 8, about, parts)


def _svg(height: int, about: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(WIDTH, height, about, Markup("").join(parts))


def _bar(tone: str, x: float, y: float, wide: float, tall: float, said: str) -> Markup:
    bar = Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"><title>{}</title></rect>'
    )
    return bar.format(tone, x, y, wide, tall, said)


def _grid(top: int, high: int) -> Markup:
    parts = []
    for line in range(_GRID + 1):
        y = _TOP + high - high * line / _GRID
        parts.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(_LEFT, WIDTH - _RIGHT, y, y)
        )
        parts.append(_text(_LEFT - 8, y + 4, str(top * line // _GRID), "end"))
    return Markup("").join(parts)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _ceiling(number: int) -> int:
    """The least of 4, 8, 20, 40, 80, 200, … that is no less: each can be told in four equal steps."""
    top = _GRID
    while True:
        for times in (1, 2, 5):
            if top * times >= number:
                return top * times
        top *= 10


def _step(count: int) -> int:
    return -(-count // _MOST_LABELS)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
