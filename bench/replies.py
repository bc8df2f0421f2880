"""Reading replies: what is kept of real ones, beside the libraries that PyPI has, and the time that it takes.

The replies are kept outside of the project (`shared/replies`), with their scorer; without them only time is measured.
"""

import csv
import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench import peers
from bench.ordinary_replies import ordinary_html, ordinary_plain
from gateway.threading.quotes import read_reply, reply_text

REAL_REPLIES = Path(os.environ.get("REAL_REPLIES", Path(__file__).parents[2] / "shared" / "replies"))
ROUNDS = 30
IBERIAN = frozenset(("es", "pt", "ca", "gl"))
OURS = "gateway"
PEERS = ("talon", "mail-parser-reply", "email-reply-parser", "quotequail")

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a library keeps of each reply, and the CPU time of all of them."""

    answers: list[str]
    seconds: float


def run() -> None:
    if REAL_REPLIES.is_dir():
        score = _scorer()
        cases = list(_cases(score))
        answers = {OURS: _ours(cases)} | {name: found for name in PEERS if (found := _peer(name, cases)) is not None}
        _show(score, cases, answers)
    else:
        print(f"  {REAL_REPLIES} is not there: quality is not measured (REAL_REPLIES names another folder)")
    _show_time()


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replies_score", REAL_REPLIES / "score.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{REAL_REPLIES} has no score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def _cases(score: ModuleType) -> Iterator[Row]:
    """Each reply with its text, the text that a person keeps, and the set it counts in."""
    with (REAL_REPLIES / "index.tsv").open(encoding="utf-8") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            if row["kind"] not in score.HEAD:
                continue
            case = REAL_REPLIES / "cases" / row["source"] / row["case"]
            fmt, text = score.body_of((REAL_REPLIES / "cases" / row["file"]).read_bytes(), row["format"])
            optional = case.with_name(f"{case.name}.optional.txt")
            yield {
                **row,
                "fmt": fmt,
                "text": text,
                "plain": score.h2t(text) if fmt == "html" else text,
                "expected": case.with_name(f"{case.name}.expected.txt").read_text("utf-8"),
                "optional": optional.read_text("utf-8").split("\n") if optional.exists() else [],
                "derived": row["origin"] in ("derived", "inferred"),
            }


def _ours(cases: Sequence[Row]) -> Answers:
    began = time.process_time()
    texts = [reply_text(str(case["text"]), "html" if case["fmt"] == "html" else "plain") for case in cases]
    return Answers(texts, time.process_time() - began)


def _peer(name: str, cases: Sequence[Row]) -> Answers | None:
    """What a library keeps of each, in an environment of its own; None when it cannot be installed."""
    try:
        python = peers.installed(f"replies-{name}")
    except subprocess.CalledProcessError:
        print(f"  {name} could not be installed")
        return None
    given = json.dumps([[case["text"], case["fmt"], case["plain"]] for case in cases])
    command = [str(python), str(Path(__file__).parent / "peer_replies.py"), name]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=600, check=True)
    return Answers(**json.loads(done.stdout.splitlines()[-1]))


def _show(score: ModuleType, cases: Sequence[Row], answers: dict[str, Answers]) -> None:
    results = {
        name: [
            {**case, **score.score_case(_as_text(score, text, case), case["expected"], case["optional"])}
            for case, text in zip(cases, found.answers, strict=True)
        ]
        for name, found in answers.items()
    }
    sets: dict[str, Callable[[Row], bool]] = {
        "headline": lambda row: not row["derived"],
        "noquote": lambda row: not row["derived"] and row["kind"] == "noquote",
        "es, pt, ca, gl": lambda row: row["language"] in IBERIAN,
        "plain": lambda row: not row["derived"] and row["fmt"] == "plain",
        "html": lambda row: not row["derived"] and row["fmt"] == "html",
    }
    _table(score, results, sets)
    spent = "".join(f"{found.seconds / len(cases) * 1e6:>22.0f}" for found in answers.values())
    print(f"  {'CPU µs a reply':24}{len(cases):>5}{spent}")
    for key in ("source", "language"):
        values = sorted({str(row[key]) for row in cases if not row["derived"]})
        print()
        _table(score, results, {value: _having(key, value) for value in values})


def _as_text(score: ModuleType, answer: str, case: Row) -> str:
    """A library that was given HTML may answer in HTML."""
    as_html = case["fmt"] == "html" and answer.lstrip().startswith("<")
    return str(score.h2t(answer)) if as_html else answer


def _having(key: str, value: str) -> Callable[[Row], bool]:
    return lambda row: row[key] == value and not row["derived"]


def _table(score: ModuleType, results: dict[str, list[Row]], sets: dict[str, Callable[[Row], bool]]) -> None:
    """Exact, lost and leaked of each library, in percent, a row a set."""
    print(f"  {'exact / lost / leaked, %':24}{'n':>5}" + "".join(f"{name:>22}" for name in results))
    for words, belongs in sets.items():
        shown = []
        count = 0
        for rows in results.values():
            found = score.agg([row for row in rows if belongs(row)])
            count = found["n"]
            shown.append(f"{found['exact']:.1f} / {found['lost']:.1f} / {found['leaked']:.1f}")
        if count:
            print(f"  {words:24}{count:>5}" + "".join(f"{one:>22}" for one in shown))


def _show_time() -> None:
    """The least CPU time of many rounds, and as a multiple of a loop of plain Python in the same process."""
    loop = _least(_a_loop)
    print(f"\n  a loop of 100,000 steps: {loop * 1000:.2f} ms")
    plain, html = ordinary_plain(50), ordinary_html(50_000)
    for words, took in (
        ("50 lines of plain text without history", _least(lambda: read_reply(plain, "plain"))),
        ("50 KB of HTML", _least(lambda: read_reply(html, "html"))),
    ):
        print(f"  {words}: {took * 1e6:.0f} µs, {took / loop:.3f} of the loop")


def _least(do: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        do()
        times.append(time.process_time() - began)
    return min(times)


def _a_loop() -> dict[int, int]:
    table: dict[int, int] = {}
    for number in range(100_000):
        table[number & 255] = number
    return table
