"""The project's documents as the tests read them: their blocks, the commands in them, their tables and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.md")])

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# What differs from one run to the next, and what stands for it.
_CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "TIME"),
    (re.compile(r"\b\d\d-\d\d \d\d:\d\d\b"), "DAY"),
    (re.compile(r"\+r\.[a-z2-7]+@"), "+r.TOKEN@"),
    (re.compile(r"\bthe command line: \w.*$", re.MULTILINE), "the command line: ACCOUNT"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a ```console block, and what the document says that it prints."""

    command: str
    output: str


def text(document: Path) -> str:
    return document.read_text("utf-8")


def prose(document: Path) -> str:
    """The document without its blocks."""
    return _BLOCK.sub("", text(document))


def blocks(document: Path, kind: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(text(document)) if found == kind]


def steps(document: Path) -> list[Step]:
    """Every `$ command` of the document's console blocks; a line that ends in a backslash goes on in the next."""
    found: list[Step] = []
    for block in blocks(document, "console"):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, output = _divided(piece)
            found.append(Step(command, output))
    return found


def settled(output: str) -> str:
    """Output without what changes from run to run, and without spaces at the ends of lines."""
    for pattern, stands in _CHANGING:
        output = pattern.sub(stands, output)
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines())


def section(document: Path, title: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level, body = re.split(rf"^(#+) {re.escape(title)}$", text(document), maxsplit=1, flags=re.MULTILINE)[1:]
    return re.split(rf"^#{{1,{len(level)}}} ", body, maxsplit=1, flags=re.MULTILINE)[0]


def rows(part: str) -> list[list[str]]:
    """The rows of the tables in a part of a document, without their headings."""
    tables = re.findall(r"(?:^\|.*\n)+", part, re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()[2:]]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))] for line in lines]


def names(cell: str) -> list[str]:
    """The words in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Each link to a file of the project: the file, and the heading in it ('' for none)."""
    for target in _LINK.findall(prose(document)):
        if "://" not in target and not target.startswith("mailto:"):
            path, _, heading = target.partition("#")
            yield (document.parent / path).resolve() if path else document, heading


def headings(document: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _divided(piece: str) -> tuple[str, str]:
    lines = piece.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines, 1) if not line.rstrip("\n").endswith("\\"))
    return "".join(lines[:end]).rstrip("\n"), "".join(lines[end:])
