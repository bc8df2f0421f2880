"""`gateway demo` is run for real: what it tells is what its database says, and it leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.demo_play import differences
from gateway.cli.demo_step import Comes
from gateway.cli.demo_story import ANA, LUIS, MARTA, STORY
from gateway.cli.demo_words import ACCOUNTS, VERDICTS, WORDS
from gateway.desk.words import LANGUAGES
from gateway.settings_load import load_settings
from gateway.work import read
from gateway.work.fsck import fsck
from gateway.work.office import Office, open_office
from tests.daemon_process import GATEWAY
from tests.documents import ROOT, blocks
from tests.waiting import wait_until

SECONDS = 60
ALTERED = """
from dataclasses import replace
from gateway.cli import demo
first = demo.STORY[0]
demo.STORY = (replace(first, comes=replace(first.comes, ticket=7)), *demo.STORY[1:])
from gateway.cli.app import run
run()
"""

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Told:
    """A demo that has ended well: what it printed, and the office of the folder that it kept."""

    output: str
    office: Office

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.output.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """`gateway demo --keep` in the folder of an operator who has settings and variables of their own."""
    place, operator = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("operator")
    (operator / "settings.toml").write_text(f'[server]\ndata = "{operator}/settings-data"\n')
    theirs = {
        "GATEWAY_SETTINGS": str(operator / "settings.toml"),
        "GATEWAY_DATABASE__URL": f"sqlite:///{operator}/theirs.db",
        "GATEWAY_DELIVERY__FOLDER": f"{operator}/letters",
        "GATEWAY_SMTP__LISTEN": "127.0.0.1:1",
    }
    done = _run("--keep", place=place, cwd=operator, environment=theirs)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in operator.iterdir()] == ["settings.toml"], "it touched what is the operator's"
    (folder,) = place.iterdir()
    office = open_office(load_settings(folder / "settings.toml", {}).settings)
    yield Told(done.stdout, office)
    office.close()


def test_each_mail_is_told_with_the_verdict_and_the_ticket_that_it_got(demo: Told) -> None:
    said = {"ticket": "ticket", "reply": "reply to", "command": "command for", "automatic": "automatic"}
    rows = list(read.mails(demo.office))
    shown = [line for line in demo.lines if line.startswith(tuple(f"→ {one}" for one in said.values())) and "(" in line]
    told = ["ticket", "reply", "reply", "reply", "automatic", "ticket", "command", "ticket"]

    assert [row["verdict"] for row in rows] == told
    assert len(shown) == len(rows)
    for line, row in zip(shown, rows, strict=True):
        number = f" #{row['ticket']} · " if row["ticket"] else "  ("
        assert line.startswith(f"→ {said[row['verdict']]}{number}")
        assert line.endswith(f"({', '.join(row['reasons'])})")


def test_each_letter_is_told_once_and_is_the_one_that_left(demo: Told) -> None:
    rows = list(read.letters(demo.office))
    whole = re.findall(r"✉ To +(\S+)\n  │ Subject +(.+(?:\n  │ \S.*)*)", demo.output)
    short = re.findall(r"✉ (\S+@\S+)  (.+)", demo.output)
    told = sorted([(to, re.sub(r"\n  │ ", " ", subject)[:40]) for to, subject in [*whole, *short]])
    folder = demo.office.settings.delivery.folder
    left = [path.read_bytes() for path in folder.glob("*.eml")]

    assert told == sorted((row["to"], row["subject"][:40]) for row in rows)
    assert {row["status"] for row in rows} == {"sent"}
    assert len(left) == len(rows)
    assert all(any(row["message_id"].encode() in mail for mail in left) for row in rows)


def test_the_letters_are_those_of_the_story(demo: Told) -> None:
    told = [(letter, reader.address) for step in STORY for letter, reader in step.comes.letters]

    assert sorted(told) == sorted((row["letter"], row["to"]) for row in read.letters(demo.office))
    assert {language for row in read.letters(demo.office) for language in [row["language"]]} == {"es"}


def test_of_copies_of_copies_only_the_new_text_is_read_and_three_levels_are_folded(demo: Told) -> None:
    message = read.ticket(demo.office, 1)["messages"][-1]
    step = demo.output.partition(" 4  ")[2].partition(" 5  ")[0]

    assert message["text"] == "Ya imprime, gracias. Pero las facturas salen sin el logotipo de la tienda."
    assert ">>> Hola, Ana:" in message["elided"]
    assert f"→ the desk reads:\n    │ {message['text']}\n    folded" in step
    assert f"{len(message['elided'].strip().splitlines())} lines; levels of quotation: 3" in step


def test_the_accounts_and_tickets_that_are_told_are_those_in_the_database(demo: Told) -> None:
    accounts = {row["address"]: row["state"] for row in read.people(demo.office)}
    tickets = list(read.tickets(demo.office))
    labels = {"open": "Open", "rejected": "Rejected", "new": "New"}

    assert accounts == {ANA.address: "active", LUIS.address: "pending", MARTA.address: "active"}
    assert f"→ {ANA.name}: account active" in demo.lines
    assert demo.lines.count(f"→ {LUIS.name}: account not confirmed yet") == 1
    assert [row["state"] for row in tickets] == ["open", "rejected", "new"]
    for row in tickets:
        columns = (rf"#{row['number']}", labels[row["state"]], row["requester"], re.escape(row["subject"]))
        assert any(re.fullmatch(r" +".join(columns), line) for line in demo.lines)


def test_all_that_the_demo_leaves_fits_together(demo: Told) -> None:
    counts = f"{len(STORY)} steps as told: {len(list(read.mails(demo.office)))} mails in"
    row = max(read.letters(demo.office), key=lambda one: int(one["id"][2:]))

    assert row["letter"] == "confirm_reminder"
    assert f"✓ {counts}, {row['id'][2:]} letters out" in demo.output
    assert list(fsck(demo.office, now=datetime.now(UTC))) == []


def test_the_document_shows_what_the_demo_prints(demo: Told) -> None:
    shown = blocks(ROOT / "docs" / "demo.md", "text")

    assert len(shown) >= 3
    for block in shown:
        # The length of a date moves the end of a line.
        assert _flat(_settled(block)) in _flat(_settled(demo.output))


def _flat(text: str) -> str:
    return re.sub(r"[\s│>]+", " ", text)


def test_every_sentence_is_said_in_every_language() -> None:
    said = [*WORDS.values(), *VERDICTS.values(), *ACCOUNTS.values()]
    said += [labels for step in STORY for labels in (step.heading, step.told)]

    assert all(sorted(labels) == sorted(LANGUAGES) and all(labels.values()) for labels in said)


def test_a_step_that_does_not_come_out_as_told_is_said_and_ends_the_demo(tmp_path: Path) -> None:
    done = _run(place=tmp_path, program=(sys.executable, "-c", ALTERED))

    assert done.returncode == 1
    assert "ticket: told 7, came 1" in done.stdout
    assert " 2  She confirms" not in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"verdict": "parked"}, "verdict: told 'parked', came 'ticket'"),
        ({"ticket": None}, "ticket: told None, came 1"),
        ({"state": "open"}, "state: told 'open', came 'new'"),
        ({"account": (ANA, "active")}, "account: told 'active', came 'pending'"),
        ({"reads": "Hola"}, "what the desk reads: told 'Hola', came ''"),
        (
            {"letters": ()},
            "letters: told [], came [('alert', 'marta@desk.example'), ('receipt_new', 'ana@example.org')]",
        ),
    ],
)
def test_whatever_is_not_as_told_is_noticed(changed: dict[str, Any], complaint: str) -> None:
    came = STORY[0].comes

    assert differences(came, came) == []
    assert differences(replace(came, **changed), came) == [complaint]


@pytest.mark.parametrize(
    ("end", "when"),
    [(signal.SIGINT, " 2  "), (signal.SIGHUP, "")],
    ids=["Ctrl-C", "terminal closed while it starts"],
)
def test_a_demo_that_is_ended_leaves_no_file_and_no_process(end: signal.Signals, when: str, tmp_path: Path) -> None:
    printed = tmp_path / "printed"
    place = tmp_path / "place"
    place.mkdir()
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [GATEWAY, "demo"], stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=_environment(place)
        )
    wait_until(lambda: when in printed.read_text() and _processes_of(place), seconds=SECONDS)
    process.send_signal(end)

    assert process.wait(SECONDS) != 0
    assert list(place.iterdir()) == []
    assert _processes_of(place) == []
    assert "Traceback" not in printed.read_text()


def test_nothing_is_missing_in_the_story_that_a_newcomer_has_to_see() -> None:
    kinds = {letter for step in STORY for letter, _ in step.comes.letters}
    silent = [step for step in STORY if step.comes == Comes(verdict="automatic")]

    assert kinds == {
        "alert",
        "receipt_new",
        "account_ready",
        "answer",
        "receipt",
        "rejected",
        "commands_done",
        "confirm_reminder",
    }
    assert len(silent) == 1


def _run(
    *arguments: str,
    place: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    program: tuple[str, ...] = (str(GATEWAY),),
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, "demo", *arguments],
        cwd=cwd or ROOT,
        env=_environment(place) | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _environment(place: Path) -> dict[str, str]:
    """Temporary folders are made in `place`; the lines are 80 wide."""
    return {**os.environ, "TMPDIR": str(place), "COLUMNS": "80", "LANG": "C.UTF-8"}


def _processes_of(place: Path) -> list[str]:
    """The daemon and its children: those whose command line names a file in the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(place).encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def _settled(output: str) -> str:
    """Without what changes from run to run, and without spaces at the ends of lines."""
    output = re.sub(r"El \w+, \d+ \w+ \d+ a las \d+:\d\d", "El DAY", output)
    output = re.sub(r"in \d+\.\d s\b", "in N s", output)
    output = re.sub(r"(/request/)[\w.-]+…?", r"\1TOKEN", output)
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
