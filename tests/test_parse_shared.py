"""Real mail of other projects' tests: nothing raises or hangs, and no text, attachment, or report is lost."""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.inbound.classify import MailKind, Ours, classify
from gateway.inbound.limits import Breach
from gateway.inbound.mail import ParsedMail
from gateway.inbound.parse import parse
from gateway.settings import Limits

MIME = Path(__file__).parents[1].parent / "shared" / "mime"

pytestmark = pytest.mark.skipif(not MIME.is_dir(), reason="no shared mail here")


def rows(name: str) -> list[dict[str, str]]:
    head, *lines = (MIME / name).read_text("utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=False)) for line in lines]


@cache
def read(file: str) -> ParsedMail:
    return parse((MIME / file).read_bytes(), Limits())


def kind_of(file: str) -> MailKind:
    return classify(read(file), envelope_from=None, ours=Ours()).kind


def test_every_mail_is_read_in_time() -> None:
    slow: dict[str, float] = {}
    unread: list[str] = []
    for row in rows("index.tsv"):
        started = time.process_time()
        mail = parse((MIME / row["file"]).read_bytes(), Limits())
        slow[row["file"]] = time.process_time() - started
        unread += [row["file"]] if Breach.UNREADABLE in mail.breaches else []

    assert unread == []
    assert {file: seconds for file, seconds in slow.items() if seconds > 1} == {}


def test_every_report_with_recipient_groups_is_read() -> None:
    missed, found = [], 0
    for row in rows("index.tsv"):
        raw = (MIME / row["file"]).read_bytes().lower().replace(b"\r", b"\n")
        if b"message/delivery-status" in raw and b"\nfinal-recipient" in raw:
            report = read(row["file"]).report
            found += bool(report and report.recipients)
            missed += [] if report and report.recipients else [row["file"]]

    assert missed == []
    assert found >= 255


def test_a_standard_report_is_a_delivery_report_and_ordinary_mail_is_none() -> None:
    by_kind: dict[str, set[MailKind]] = {"rfc3464": set(), "normal": set()}
    for row in rows("index.tsv"):
        for kind in by_kind.keys() & set(row["kind"].split(",")):
            by_kind[kind].add(kind_of(row["file"]))

    assert by_kind["rfc3464"] == {MailKind.DELIVERY_REPORT}
    assert by_kind["normal"] <= {MailKind.PERSON, MailKind.LIST_OR_BULK}


def test_recipients_and_status_of_reports_are_those_that_sisimai_names() -> None:
    """A floor: Sisimai corrects what servers write, so that not every status can be equal."""
    wanted = {(row["file"], row["status"]) for row in rows("bounces.tsv") if row["status"]}
    standard = {row["file"] for row in rows("index.tsv") if "rfc3464" in row["kind"]}
    asked = {(file, status) for file, status in wanted if file in standard}
    equal = {
        (file, status)
        for file, status in asked
        if (report := read(file).report) and any(one.status == status for one in report.recipients)
    }

    assert len(equal) / len(asked) >= 0.88


def test_automatic_mail_labelled_by_hand_is_never_a_person() -> None:
    labelled = [row for row in rows("autoreply_labels.tsv") if (MIME / row["file"]).exists()]
    replies = [kind_of(row["file"]) for row in labelled if row["label"] == "auto-reply"]

    assert len(labelled) >= 8
    assert set(replies) == {MailKind.AUTOMATIC_REPLY}
    assert all(kind_of(row["file"]) is not MailKind.PERSON for row in labelled)


def text_of(part: dict[str, Any]) -> str:
    body = part["body"]
    return str(body.get("Text") or body.get("Html") or "") if isinstance(body, dict) else ""


def expectations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (row["file"], json.loads((MIME / row["expectation"]).read_text("utf-8")))
        for row in rows("index.tsv")
        if row["expectation"]
    ]


def test_no_text_that_stalwart_reads_is_lost() -> None:
    """Where both read plain text: all of its words are there, in the body or in an attachment."""
    lost = []
    for file, expected in expectations():
        mail = read(file)
        plain = [expected["parts"][index] for index in expected["text_body"]]
        if any("Html" in part["body"] for part in plain if isinstance(part["body"], dict)):
            continue
        ours = " ".join([mail.text, *(part.content.decode("utf-8", "replace") for part in mail.attachments)])
        words = set(" ".join(map(text_of, plain)).split())
        if words and len(words & set(ours.split())) < 0.9 * len(words):
            lost.append(file)

    assert set(lost) <= KNOWN_TEXT


def test_no_attachment_that_stalwart_reads_is_lost() -> None:
    fewer = [file for file, expected in expectations() if len(read(file).attachments) < len(expected["attachments"])]

    assert {file for file in fewer if "/malformed/" not in file} <= KNOWN_ATTACHMENTS
    assert len(fewer) <= 13


# What another reader sees otherwise, looked at one by one: body parts of kinds that we show as text, pieces of base64
# that are garbage, and multiparts that have no part.
KNOWN_ATTACHMENTS = {"stalwart/rfc/000.eml", "stalwart/thirdparty/002.eml"}
# Text that we read from 8-bit bytes which the other reader replaces, and multiparts whose boundaries begin each other.
KNOWN_TEXT = {
    "stalwart/legacy/033.eml",
    "stalwart/legacy/052.eml",
    "stalwart/malformed/020.eml",
    "stalwart/malformed/021.eml",
    "stalwart/thirdparty/002.eml",
    "stalwart/thirdparty/005.eml",
}
