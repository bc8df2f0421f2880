"""`gateway demo`: a small story by real mail, told in a terminal, with a daemon of its own."""

import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from gateway.cli.common import now, told
from gateway.cli.demo_desk import DemoDesk, running_desk
from gateway.cli.demo_play import play
from gateway.cli.demo_show import Screen
from gateway.cli.demo_story import STORY
from gateway.work import read


class Language(StrEnum):
    ES = "es"
    EN = "en"
    PT = "pt"


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folder with all of it, and say where.")] = False,
    language: Annotated[
        Language, typer.Option("--language", help="Language of the narration; the customers write Spanish.")
    ] = Language.EN,
) -> None:
    """Tell a small story by real mail, with a daemon of its own in a temporary folder: nothing of yours is touched.

    Exit code 1 when a step does not come out as told.
    """
    screen = Screen(Console(highlight=False), language.value)
    with told(), _ended_by_signals(), _folder(keep=keep) as folder:
        screen.title()
        with screen.at_work(), running_desk(folder, now=now()) as desk:
            begun = time.monotonic()
            wrong = play(STORY, desk, screen)
            if not wrong:
                _sum_up(desk, screen, seconds=time.monotonic() - begun)
        if keep:
            screen.kept(folder, _looks(folder))
        elif not wrong:
            screen.say("gone")
    raise typer.Exit(1 if wrong else 0)


def _sum_up(desk: DemoDesk, screen: Screen, *, seconds: float) -> None:
    tickets = [(row, desk.label(row["state"])) for row in read.tickets(desk.office)]
    mails, letters = len(list(read.mails(desk.office))), len(desk.letters())
    screen.summary(tickets, steps=len(STORY), mails=mails, letters=letters, seconds=f"{seconds:.1f}")


def _looks(folder: Path) -> Iterator[str]:
    """Commands that show what is in the folder, as they are typed."""
    program = Path(sys.argv[0])
    name = program.name if shutil.which(program.name) == str(program) else str(program)
    for command in ("tickets", "ticket 1", "mails", "outbox"):
        yield shlex.join([name, *command.split(), "--settings", str(folder / "settings.toml")])


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gateway-demo-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal and SIGTERM end the story as Ctrl-C does: its daemon and its folder go too."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, leave) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
