"""Replies of many programs and languages, each with the text that a person would keep, one to one in files."""

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from gateway.threading.quotes import SpanKind, read_reply, reply_text

CORPUS = Path(__file__).parent / "corpus_replies"
REAL_REPLIES = Path(__file__).parents[1].parent / "shared" / "replies"


def bodies() -> list[Path]:
    return sorted(path for path in CORPUS.iterdir() if not path.name.endswith((".expected.txt", ".forward.txt")))


@pytest.mark.parametrize("path", bodies(), ids=lambda path: path.name)
def test_the_text_a_person_would_keep(path: Path):
    expected = path.with_name(f"{path.stem}.expected.txt").read_text("utf-8")

    text = reply_text(path.read_text("utf-8"), "html" if path.suffix == ".html" else "plain")

    assert text == expected.strip("\n")


def forwards() -> list[Path]:
    return [path for path in bodies() if path.with_name(f"{path.stem}.forward.txt").exists()]


@pytest.mark.parametrize("path", forwards(), ids=lambda path: path.name)
def test_the_inner_author_of_a_forward_and_what_they_wrote(path: Path):
    """The file has four parts: author, date, subject, and below a blank line the text of the inner mail."""
    expected = path.with_name(f"{path.stem}.forward.txt").read_text("utf-8")

    reply = read_reply(path.read_text("utf-8"), "html" if path.suffix == ".html" else "plain")

    forward = reply.forward
    assert forward is not None
    inner = reply.text[forward.start : forward.end].rstrip()
    assert f"{forward.name} <{forward.address}>\n{forward.date}\n{forward.subject}\n\n{inner}\n" == expected


def test_only_forwards_have_an_inner_author():
    for path in bodies():
        reply = read_reply(path.read_text("utf-8"), "html" if path.suffix == ".html" else "plain")

        assert (reply.forward is None) is (SpanKind.FORWARD not in {span.kind for span in reply.spans}), path.name


def test_each_case_has_its_expected_text_and_no_other_file_lies_there():
    cases = {path.stem for path in bodies()}

    assert cases == {path.name.removesuffix(".expected.txt") for path in CORPUS.glob("*.expected.txt")}
    assert len(cases) == len(bodies())
    assert cases >= {path.name.removesuffix(".forward.txt") for path in CORPUS.glob("*.forward.txt")}


CLIENTS = """
    apple em_client gmail huawei iphone k9 notes outlook_classic outlook_new outlook_phone outlook_web proton roundcube
    samsung spark thunderbird yahoo zimbra zoho
"""


@pytest.mark.parametrize("client", CLIENTS.split())
@pytest.mark.parametrize("family", [("es_es", "es_419"), ("pt_br", "pt_pt")], ids=["Spanish", "Portuguese"])
def test_each_program_is_there_in_spanish_and_portuguese(client: str, family: tuple[str, str]):
    of_client = [path for path in bodies() if path.stem.startswith(f"{client}_") and path.stem.endswith(family)]

    assert len(of_client) >= (2 if client == "huawei" else 4)


def load_score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replies_score", REAL_REPLIES / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    sys.modules["replies_score"] = score
    spec.loader.exec_module(score)
    return score


@pytest.mark.skipif(not REAL_REPLIES.is_dir(), reason="the folder of real replies is not there")
def test_real_replies_are_read_well_and_nothing_is_lost():
    score = load_score()
    with (REAL_REPLIES / "index.tsv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t"))
    results = []
    for row in rows:
        if row["kind"] not in score.HEAD or row["origin"] in ("derived", "inferred"):
            continue
        case = REAL_REPLIES / "cases" / row["source"] / row["case"]
        fmt, text = score.body_of((REAL_REPLIES / "cases" / row["file"]).read_bytes(), row["format"])
        optional_file = case.with_name(f"{case.name}.optional.txt")
        optional = optional_file.read_text("utf-8").split("\n") if optional_file.exists() else []
        expected = case.with_name(f"{case.name}.expected.txt").read_text("utf-8")
        results.append(row | score.score_case(reply_text(text, fmt), expected, optional))

    figures = score.agg(results)
    untouched = score.agg([result for result in results if result["kind"] == "noquote"])

    assert figures["exact"] >= 97
    assert figures["lost"] <= 0.4
    assert figures["leaked"] <= 2.5
    assert untouched["lost"] == 0
