"""A workflow as a picture: its states and the ways between them, as Mermaid and as SVG. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from gateway.desk.drawing_words import INACTIVE, WORDS, after
from gateway.desk.states import State, StateKind
from gateway.desk.words import in_language
from gateway.desk.workflow import Workflow

COLUMN, BOX, HEIGHT, ROW, MARGIN, LETTER = 156, 136, 52, 38, 24, 6.2
_COLOURS = {
    StateKind.NEW: "#dbeafe",
    StateKind.OPEN: "#dcfce7",
    StateKind.WAITING_CUSTOMER: "#fef3c7",
    StateKind.WAITING_OTHERS: "#fde8d8",
    StateKind.SOLVED: "#ede9fe",
    StateKind.FINAL: "#e5e7eb",
}


@dataclass(frozen=True, slots=True)
class _Way:
    """One row of the picture: from these columns to that one."""

    starts: tuple[int, ...]
    end: int
    names: tuple[str, ...]

    @property
    def left(self) -> int:
        return min(*self.starts, self.end)

    @property
    def right(self) -> int:
        return max(*self.starts, self.end)


def ways(workflow: Workflow, *, language: str = "en") -> dict[tuple[str, str], list[str]]:
    """What leads from one state to another, in words: actions, happenings, and how long time takes."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in workflow.transitions:
        for state in row.from_states:
            if row.to is not None and row.to != state:
                found[state, row.to].append(in_language(WORDS[row.action], language))
    for rule in workflow.timers:
        for state in rule.states:
            if rule.to is not None and rule.to != state:
                found[state, rule.to].append(after(rule.after, language))
    if workflow.account is not None:
        found[workflow.first.name, workflow.account.to].append(in_language(INACTIVE, language))
    return {pair: list(dict.fromkeys(names)) for pair, names in found.items()}


def mermaid(workflow: Workflow, *, language: str = "en") -> str:
    """A state diagram in the language of Mermaid."""
    lines = ["stateDiagram-v2"]
    for state in workflow.states:
        lines.append(f'    state "{in_language(state.labels, language)}" as {_name(state.name)}')
    lines.append(f"    [*] --> {_name(workflow.first.name)}")
    for (start, end), names in ways(workflow, language=language).items():
        lines.append(f"    {_name(start)} --> {_name(end)}: {', '.join(names)}")
    lines += [f"    {_name(state.name)} --> [*]" for state in workflow.states if state.kind is StateKind.FINAL]
    return "\n".join(lines) + "\n"


def svg(workflow: Workflow, *, language: str = "en") -> str:
    """The same as a picture: a column for each state, and below them a row for each way, an arrow between columns.

    A row has its words to itself, so that nothing lies over anything else however many ways there are.
    """
    states = _columns(workflow)
    rows = _rows(workflow, [state.name for state in states], language)
    # What is too long for its arrow goes on to the right of it, beyond the last column if need be.
    reach = max((MARGIN + way.left * COLUMN + COLUMN // 2 + 14 + len(_said(way)) * LETTER for way in rows), default=0)
    width = int(max(MARGIN * 2 + len(states) * COLUMN, reach + MARGIN))
    height = MARGIN * 2 + HEIGHT + 14 + len(rows) * ROW
    body = [*_lines(states, height), *_boxes(states, language), *_arrows(rows)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="13">\n'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _columns(workflow: Workflow) -> list[State]:
    """In the order of the file, which is the order of work; what is final comes last."""
    return sorted(workflow.states, key=lambda state: state.kind is StateKind.FINAL)


def _rows(workflow: Workflow, names: list[str], language: str) -> list[_Way]:
    """Ways to one state by the same words from several are one row."""
    together: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for (start, end), words in ways(workflow, language=language).items():
        together[end, tuple(words)].append(names.index(start))
    found = [_Way(tuple(sorted(starts)), names.index(end), words) for (end, words), starts in together.items()]
    return sorted(found, key=lambda way: (way.starts[0], way.end, way.starts))


def _said(way: _Way) -> str:
    return ", ".join(way.names)


def _x(column: int) -> int:
    return MARGIN + column * COLUMN + COLUMN // 2


def _lines(states: list[State], height: int) -> Iterator[str]:
    for column, _ in enumerate(states):
        x, top = _x(column), MARGIN + HEIGHT
        yield f'<path d="M{x} {top}V{height - MARGIN}" stroke="#cbd5e1" stroke-dasharray="2 4"/>'


def _boxes(states: list[State], language: str) -> Iterator[str]:
    for column, state in enumerate(states):
        x = _x(column)
        yield (
            f'<rect x="{x - BOX // 2}" y="{MARGIN}" width="{BOX}" height="{HEIGHT}" rx="8"'
            f' fill="{_COLOURS[state.kind]}" stroke="#64748b"/>'
        )
        lines = _wrapped(in_language(state.labels, language), 18)
        first = MARGIN + HEIGHT // 2 + 5 - (len(lines) - 1) * 8
        for number, line in enumerate(lines):
            yield f'<text x="{x}" y="{first + number * 16}" text-anchor="middle" fill="#0f172a">{escape(line)}</text>'


def _arrows(rows: list[_Way]) -> Iterator[str]:
    for number, way in enumerate(rows):
        y = MARGIN + HEIGHT + 14 + number * ROW + 26
        end = _x(way.end)
        for side in ([start for start in way.starts if start < way.end], [s for s in way.starts if s > way.end]):
            if side:
                far = min(side) if side[0] < way.end else max(side)
                yield f'<path d="M{_x(far)} {y}H{end}" stroke="#475569" stroke-width="1.5" marker-end="url(#tip)"/>'
        for start in way.starts:
            yield f'<circle cx="{_x(start)}" cy="{y}" r="4" fill="#475569"/>'
        yield (
            f'<text x="{_x(way.left) + 10}" y="{y - 7}" font-size="12" fill="#334155" paint-order="stroke"'
            f' stroke="#ffffff" stroke-width="4">{escape(_said(way))}</text>'
        )


def _wrapped(text: str, most: int) -> list[str]:
    """At most three lines; what does not fit into them is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][: most - 1]}…"]


def _name(name: str) -> str:
    """A name that Mermaid takes as one word."""
    return "".join(sign if sign.isalnum() else "_" for sign in name)
