"""How the demo looks in a terminal: a heading a step, mails and letters behind a bar, and what became of them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from babel.dates import format_datetime
from rich.console import Console
from rich.rule import Rule
from rich.status import Status
from rich.table import Table
from rich.text import Text

from gateway.cli.demo_mail import Letter, Written
from gateway.cli.demo_step import Somebody, Step
from gateway.cli.demo_words import ACCOUNTS, VERDICTS, WORDS
from gateway.desk.words import Labels, in_language
from gateway.work.read import Row

WIDEST = 100
_INDENT = "  "
_TOKEN = re.compile(r"\+r\.[a-z2-7]+(?=@)")
_LONG_LINK = re.compile(r"(https?://\S{30})\S{8,}")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_FEW_QUOTED = 5
_BROKEN_AT = 65


class Screen:
    """Where the story is told, in one language. Everything that a mail says is printed as it is: no markup."""

    def __init__(self, console: Console, language: str) -> None:
        self.language = language
        self._console = console
        self._width = min(console.width, WIDEST)

    def at_work(self) -> Status:
        """A sign of life at the foot of a terminal, for a `with`."""
        return self._console.status(f"[dim]{self._say('at work')}[/]")

    def title(self) -> None:
        self._line()
        self._line(Text(self._say("title"), style="bold"))
        self._line(Text(self._say("subtitle"), style="dim"))

    def heading(self, number: int, step: Step) -> None:
        self._line()
        words = Text.assemble((f" {number} ", "bold reverse"), f" {in_language(step.heading, self.language)} ")
        words.stylize("bold", 3)
        self._console.print(Rule(words, align="left", style="dim"), width=self._width)
        self._paragraph(Text(in_language(step.told, self.language), style="italic"))
        self._line()

    def mail(self, by: Somebody, written: Written) -> None:
        fields = (("from", f"{by.name} <{by.address}>"), ("to", written.to), ("subject", written.subject))
        self._barred((*self._fields(fields), Text(), *map(Text, written.new_text.splitlines())), "cyan")
        quoted = written.quoted.splitlines()
        # Copies of copies are what there is to see; a single copy of a letter was just above.
        most = len(quoted) if ">>" in written.quoted else _FEW_QUOTED
        if quoted:
            shown = [Text(line, style="dim", no_wrap=True, overflow="ellipsis") for line in quoted[:most]]
            self._barred((Text(), *shown), "cyan")
        if len(quoted) > most:
            words = self._say("more").format(number=len(quoted) - most)
            self._barred((Text(words, style="dim italic"),), "cyan")

    def clock(self, moment: datetime) -> None:
        when = format_datetime(moment, "EEEE, d MMMM y, H:mm", locale=self.language)
        self._barred(self._fields((("clock", f"{when} UTC"),)), "magenta")

    def verdict(self, verdict: str, ticket: int | None, state: Labels | None, because: str) -> None:
        """What a mail is, and where its ticket stands; the reason as it is kept."""
        words = Text(in_language(VERDICTS.get(verdict, verdict), self.language), style="bold")
        if ticket is not None:
            words.append(f" #{ticket}")
        if state is not None:
            words.append(f" · {in_language(state, self.language)}", style="not bold")
        if because:
            words.append(f"  ({because})", style="not bold dim")
        self._found(words)

    def account(self, who: Somebody, state: str) -> None:
        self._found(Text.assemble(f"{who.name}: ", (in_language(ACCOUNTS.get(state, state), self.language), "bold")))

    def reads(self, text: str, elided: str) -> None:
        """What the desk reads of a mail, and how much of it is folded."""
        self._found(Text(self._say("reads")))
        self._barred((Text(line) for line in text.splitlines()), "yellow", indent=_INDENT * 2)
        if elided:
            lines = len(elided.strip().splitlines())
            levels = max(line[: len(line) - len(line.lstrip("> "))].count(">") for line in elided.splitlines())
            self._line(Text(_INDENT * 2 + self._say("folded").format(lines=lines, levels=levels), style="dim"))

    def passed(self, name: str) -> None:
        self._found(Text(self._say(name)))

    def letter(self, letter: Letter, *, whole: bool) -> None:
        """A letter as its reader sees it; of one that is not shown whole, only whom it went to and what it is about."""
        if not whole:
            short = Text.assemble(("✉ ", "green"), f"{letter.to}  ", (letter.subject, "dim"))
            short.truncate(self._width - len(_INDENT), overflow="ellipsis")
            self._line(Text(_INDENT) + short)
            return
        self._line()
        head = self._fields((("to", letter.to), ("subject", letter.subject)))
        self._barred((*head, Text(), *map(Text, _body(letter))), "green", mark="✉")

    def wrong(self, differences: Iterable[str]) -> None:
        self._line()
        self._line(Text(f"✗ {self._say('wrong')}", style="bold red"))
        for one in differences:
            self._paragraph(Text(one, style="red"))

    def summary(self, tickets: Iterable[tuple[Row, Labels]], **numbers: object) -> None:
        self._line()
        self._console.print(Rule(style="dim"), width=self._width)
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for name in ("number", "state", "who", "subject"):
            table.add_column(no_wrap=True, overflow="ellipsis", ratio=1 if name == "subject" else None)
        for row, state in tickets:
            words = in_language(state, self.language)
            table.add_row(*map(Text, (f"{_INDENT}#{row['number']}", words, row["requester"], row["subject"])))
        self._console.print(table, width=self._width)
        self._line()
        self._line(Text.assemble(("✓ ", "green"), self._say("done").format(**numbers)))

    def kept(self, folder: Path, commands: Iterable[str]) -> None:
        self._line(Text(self._say("kept").format(folder=folder)))
        for command in commands:
            self._line(Text(f"{_INDENT}{command}", style="cyan"))

    def say(self, name: str) -> None:
        self._line(Text(self._say(name), style="dim"))

    def _say(self, name: str) -> str:
        return in_language(WORDS[name], self.language)

    def _fields(self, fields: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
        named = [(self._say(name), _TOKEN.sub("+r.…", value)) for name, value in fields]
        width = max(len(name) for name, _ in named) + 2
        return tuple(Text.assemble((f"{name:<{width}}", "dim"), (value, "bold")) for name, value in named)

    def _found(self, words: Text) -> None:
        self._paragraph(Text.assemble(("→ ", "yellow"), words))

    def _paragraph(self, words: Text) -> None:
        for line in words.wrap(self._console, self._width - len(_INDENT)):
            self._line(Text(_INDENT) + line)

    def _barred(self, lines: Iterable[Text], colour: str, *, indent: str = _INDENT, mark: str = "│") -> None:
        width = self._width - len(indent) - len("│ ")
        for line in lines:
            for piece in line.wrap(self._console, width) or [line]:
                self._line(Text.assemble(indent, (f"{mark} ", colour), piece))
                mark = "│"

    def _line(self, line: Text | None = None) -> None:
        shown = line or Text()
        shown.rstrip()
        self._console.print(shown, soft_wrap=True)


def _body(letter: Letter) -> Iterator[str]:
    """The paragraphs of a letter without its signature, and without a title that its subject says already."""
    paragraphs = re.split(r"\n\s*\n", _SIGNATURE.split(letter.text)[0].strip())
    if paragraphs[0] in letter.subject:
        paragraphs = paragraphs[1:]
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ""
        yield from (_LONG_LINK.sub(r"\1…", line) for line in _flowed(paragraph.splitlines()))


def _flowed(lines: Iterable[str]) -> Iterator[str]:
    """Lines that were broken only because the next word had no room, put together again."""
    going = ""
    for line in lines:
        first, _, _ = line.partition(" ")
        if going and len(going.rpartition("\n")[2]) + len(first) >= _BROKEN_AT:
            going += f"\n{line}"
            continue
        if going:
            yield going.replace("\n", " ")
        going = line
    yield going.replace("\n", " ")
