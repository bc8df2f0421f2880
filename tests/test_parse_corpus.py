"""Every mail of tests/corpus reads as its expected.json says; the files go one to one."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.inbound.classify import Ours, classify
from gateway.inbound.mail import Mailbox, ParsedMail
from gateway.inbound.parse import parse
from gateway.settings import Limits

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(path.stem for path in CORPUS.glob("*.eml"))


def as_read(mail: ParsedMail) -> dict[str, Any]:
    """What a case states: only what is there."""
    sender = mail.sender
    said = {
        "sender": sender.address if isinstance(sender, Mailbox) else None,
        "sender_name": sender.name if isinstance(sender, Mailbox) else None,
        "unidentified": None if isinstance(sender, Mailbox) else sender.reason,
        "subject": mail.subject,
        "text": mail.text,
        "text_format": mail.text_format,
        "html": mail.html,
        "attachments": [[part.name, part.type, len(part.content)] for part in mail.attachments],
        "report": [[one.address, one.action, one.status, one.diagnostic] for one in mail.report.recipients]
        if mail.report
        else None,
        "original_message_id": mail.report.original_headers.first("Message-ID") if mail.report else "",
        "flags": list(mail.flags),
        "breaches": list(mail.breaches),
        "kind": classify(mail, envelope_from=None, ours=Ours()).kind,
    }
    return {key: value for key, value in said.items() if value}


def test_the_mails_and_the_expectations_go_one_to_one() -> None:
    expected = {path.name.removesuffix(".expected.json") for path in CORPUS.glob("*.expected.json")}

    assert set(CASES) == expected


@pytest.mark.parametrize("case", CASES)
def test_a_mail_of_the_corpus_reads_as_expected(case: str) -> None:
    expected = json.loads((CORPUS / f"{case}.expected.json").read_text("utf-8"))

    assert as_read(parse((CORPUS / f"{case}.eml").read_bytes(), Limits())) == expected
