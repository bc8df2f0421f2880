"""Mailboxes as an operator sees them: the real daemon, the commands, and a filter's spam folder."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.daemon import GRACE_SECONDS
from gateway.work.mailboxes_shown import overview
from tests.daemon_process import Installation, mail
from tests.real_dovecot import PASSWORD, Dovecot
from tests.waiting import wait_until


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user("desk")


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> dict[str, Any]:
    return {
        "name": "support",
        "host": "localhost",
        "port": dovecot.tls_port,
        "tls_ca": str(dovecot.ca_file),
        "username": user,
        "password": PASSWORD,
        "poll_seconds": 5,
        "spam_folder": "Junk",
    }


@pytest.fixture
def desk(dovecot: Dovecot, user: str, mailbox: dict[str, Any], any_database: str) -> Iterator[Installation]:
    dovecot.create(user, "Junk")
    with Installation(database=any_database, mailbox=[mailbox]) as found:
        yield found


def condition(desk: Installation) -> str:
    """As `gateway mailboxes` tells it."""
    (row,) = overview(desk.office, now=datetime.now(UTC))
    return str(row["condition"])


def test_a_mailbox_is_read_listed_and_let_go_within_the_grace_time(
    desk: Installation, dovecot: Dovecot, user: str
) -> None:
    assert condition(desk) == "never read"
    daemon = desk.start()
    daemon.says(event="this mailbox is read")
    dovecot.deliver(user, mail("By mail", message_id="<1@x.test>"))
    wait_until(lambda: [one["subject"] for one in desk.tickets()] == ["By mail"], seconds=20)
    (row,) = desk.printed("mailboxes")

    assert (row["mailbox"], row["condition"], row["folder"], row["behind"], row["failing"]) == (
        "support",
        "read",
        "INBOX",
        0,
        [],
    )
    assert row["checked_at"]
    assert row["reader"]
    assert "support" in desk.told("mailboxes")
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < GRACE_SECONDS / 2
    assert condition(desk) == "not read now"
    assert PASSWORD not in daemon.log_file.read_text()


def test_what_a_filter_took_for_spam_is_shown_and_rescued(desk: Installation, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, mail("Not \x1b[31mspam", message_id="<2@x.test>"), folder="Junk")
    dovecot.deliver(user, mail("Watches", to="somebody@else.test", message_id="<3@x.test>"), folder="Junk")
    daemon = desk.start()
    told = daemon.says(event="mails lie in the spam folder: gateway mailboxes --spam lists them")
    listed = desk.printed("mailboxes", "--spam")

    assert told["mails"] == 2
    assert [(one["uid"], one["to_us"]) for one in listed] == [(2, False), (1, True)]
    assert listed[1]["from"] == "Ana <ana@x.test>"
    assert "\x1b" not in desk.told("mailboxes", "--spam")
    assert desk.tickets() == []
    assert "moved to INBOX" in desk.told("rescue", "support", "1")
    wait_until(lambda: len(desk.tickets()) == 1, seconds=20)
    assert [one.subject for one in dovecot.mails(user, "Junk")] == ["Watches"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rescue", "suport", "1"), "there is no [[mailbox]] suport; there are: support"),
        (("rescue", "support", "99"), "there is no mail 99 in Junk"),
    ],
)
def test_a_rescue_that_cannot_be_says_why(
    dovecot: Dovecot, user: str, mailbox: dict[str, Any], arguments: tuple[str, ...], says: str
) -> None:
    dovecot.create(user, "Junk")
    with Installation(mailbox=[mailbox]) as desk:
        done = desk.command(*arguments)

    assert done.returncode == 1
    assert says in done.stderr


def test_check_signs_in_and_opens_the_folders(dovecot: Dovecot, user: str, mailbox: dict[str, Any]) -> None:
    dovecot.create(user, "Junk")
    wrong = mailbox | {"name": "wrong", "folder": "Nowhere", "spam_folder": "", "credential_until": "2020-01-01"}
    open_ = mailbox | {"name": "open", "host": "imap.gw.test", "tls": "none", "folder": "x"}
    open_.pop("tls_ca")
    with Installation(mailbox=[mailbox, wrong, open_]) as desk:
        done = desk.command("check")

    assert done.returncode == 1
    assert "mailbox support: desk at localhost, folder INBOX with 0 mails" in done.stdout
    assert "mailbox support: 0 mails in the spam folder Junk" in done.stdout
    assert "mailbox wrong: the folder Nowhere cannot be opened" in done.stdout
    assert 'mailbox open: tls = "none" sends password' in done.stdout
    assert PASSWORD not in done.stdout


def test_a_trouble_is_one_line_and_stands_in_the_list(dovecot: Dovecot, user: str, mailbox: dict[str, Any]) -> None:
    with Installation(mailbox=[mailbox | {"spam_folder": ""}]) as desk:
        daemon = desk.start()
        daemon.says(event="this mailbox is read")
        dovecot.stop()
        wait_until(lambda: condition(desk) == "in trouble", seconds=30)
        with pytest.raises(AssertionError):  # Some more tries.
            wait_until(lambda: condition(desk) != "in trouble", seconds=4)
        lines = [line for line in daemon.log(mailbox="support") if line["level"] == "warning"]
        dovecot.start()
        daemon.says(event="this mailbox is read", times=2, seconds=60)

    assert len(lines) == 1, json.dumps(lines)


def test_mailboxes_run_alone_on_a_machine(dovecot: Dovecot, user: str, mailbox: dict[str, Any]) -> None:
    with Installation(mailbox=[mailbox | {"spam_folder": ""}]) as desk:
        daemon = desk.start("--only", "imap")
        daemon.says(event="this mailbox is read")
        dovecot.deliver(user, mail())
        wait_until(lambda: [one["status"] for one in desk.mails()] == ["pending"], seconds=20)

        assert daemon.doors == []
        assert daemon.stop() == 0
