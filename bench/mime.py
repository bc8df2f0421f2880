"""Real mail of other projects' test suites through `parse()`, by source: what breaks, how long, what is read.

*unread*: mails that came back with "could not be parsed". *agree*: beside each of Stalwart's expectations, whether all
words of its text are in ours, and whether we have no fewer attachments. Without the mails nothing is measured.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.inbound.limits import Breach
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.settings import Limits
from gateway.threading.html_text import html_to_text

MAILS = Path(__file__).parents[2] / "shared" / "mime"
HANGS_SECONDS = 1.0

# Where another reader's expectation can be disputed; what is read otherwise and is not here is a difference to explain.
DISPUTED = {
    "legacy/033": "raw windows-1252 in text declared as us-ascii: it expects replacement characters, we read the words",
    "legacy/052": "the same",
    "malformed/001": "a part without a line in it: it expects an empty attachment, we show what stands there",
    "malformed/002": "a multipart without parts: it expects the text as an attachment, we show it as the text",
    "malformed/003": "a boundary that is used again one level deeper: text for us, an attachment for it",
    "malformed/004": "boundaries that match none: the same",
    "malformed/006": "the inner boundary begins with the outer one: the same",
    "malformed/007": "a part without header and text: it expects an empty attachment",
    "malformed/008": "the inner boundary begins with the outer one: two texts for us, a text and an attachment for it",
    "malformed/009": "an inner multipart that is never closed: its rest is an attachment for it, parts for us",
    "malformed/011": "the same",
    "malformed/016": "boundaries that begin each other: it expects the innermost text as an attachment",
    "malformed/020": "no empty line before the first inner boundary: it expects the source of the HTML as text",
    "malformed/021": "the same",
    "rfc/000": "text/enriched in the body: an attachment for it, text for us",
    "thirdparty/000": "NUL in a text: it keeps it, we replace it, because no database takes it",
    "thirdparty/002": "base64 of one stray character: it expects an attachment of what it could not decode",
    "thirdparty/005": "a boundary at the end of a line of text: it ends the part, by RFC 2046 it does not",
}


@dataclass(slots=True)
class Source:
    """What was counted of the mails of one project."""

    mails: int = 0
    raised: int = 0
    unread: int = 0
    hung: int = 0
    slowest_ms: float = 0.0
    total_ms: float = 0.0
    text: int = 0
    attachments: int = 0
    reports: int = 0
    expected: int = 0
    text_agrees: int = 0
    files_agree: int = 0
    differ: list[str] = field(default_factory=list)


def run() -> None:
    if not MAILS.is_dir():
        print(f"  no mails in {MAILS}")
        return
    sources: dict[str, Source] = {}
    for row in _rows():
        _count(sources.setdefault(row["source"], Source()), row)
    _show(sources)
    differ = [name for source in sources.values() for name in source.differ]
    print(f"\n  differ from the expectation: {len(differ)}")
    for name in differ:
        print(f"    {name}: {DISPUTED.get(name, 'not looked at yet')}")


def _rows() -> Iterable[dict[str, str]]:
    head, *lines = (MAILS / "index.tsv").read_text("utf-8").splitlines()
    return (dict(zip(head.split("\t"), line.split("\t"), strict=False)) for line in lines)


def _count(source: Source, row: dict[str, str]) -> None:
    raw = (MAILS / row["file"]).read_bytes()
    source.mails += 1
    started = time.process_time()
    try:
        mail = parse(raw, Limits())
    except Exception:
        source.raised += 1
        return
    took = time.process_time() - started
    source.total_ms += took * 1000
    source.slowest_ms = max(source.slowest_ms, took * 1000)
    source.hung += took > HANGS_SECONDS
    source.unread += Breach.UNREADABLE in mail.breaches
    source.text += bool(mail.text.strip())
    source.attachments += len(mail.attachments)
    source.reports += bool(mail.report and mail.report.recipients)
    if row["expectation"]:
        _compare(source, row, mail)


def _compare(source: Source, row: dict[str, str], mail: ParsedMail) -> None:
    expected = json.loads((MAILS / row["expectation"]).read_text("utf-8"))
    words = {word for index in expected["text_body"] for word in _text(expected["parts"][index]["body"]).split()}
    text = words <= set(mail.text.split())
    files = len(mail.attachments) >= len(expected["attachments"])
    source.expected += 1
    source.text_agrees += text
    source.files_agree += files
    if not (text and files):
        source.differ.append(str(Path(row["file"]).with_suffix("").relative_to(row["source"])))


def _text(body: Any) -> str:
    """The text of a part; pictures that stand in the body by order are no text."""
    if not isinstance(body, dict):
        return ""
    return html_to_text(body["Html"]) if "Html" in body else str(body.get("Text", ""))


def _show(sources: dict[str, Source]) -> None:
    columns = ("mails", "raised", "unread", "hung", "CPU ms", "slowest", "with text", "files", "reports", "agree")
    print(f"  {'':<18}" + "".join(f"{name:>11}" for name in columns))
    for name, one in sources.items():
        agree = f"{one.text_agrees}+{one.files_agree}/{one.expected}" if one.expected else "-"
        numbers = (
            one.mails,
            one.raised,
            one.unread,
            one.hung,
            f"{one.total_ms / one.mails:.1f}",
            f"{one.slowest_ms:.0f}",
        )
        rest = (one.text, one.attachments, one.reports, agree)
        print(f"  {name:<18}" + "".join(f"{value:>11}" for value in (*numbers, *rest)))
    whole = [sum(getattr(one, name) for one in sources.values()) for name in ("mails", "raised", "unread", "hung")]
    print(f"  {'all':<18}" + "".join(f"{value:>11}" for value in whole))
