"""Every command of `gateway`, run for real: what it prints, its exit code, and that its --json keeps its fields."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.store import suppressions
from gateway.work import read
from tests.daemon_process import GATEWAY, Installation, mail

pytestmark = pytest.mark.xdist_group("commands")

MAILS = [
    *("id", "source", "sender", "recipient", "message_id", "status", "verdict", "stage", "reasons", "ticket"),
    "received_at",
]
PRESETS = Path(__file__).parents[1] / "gateway" / "desk" / "presets"
TICKETS = [
    *("number", "subject", "state", "area", "category", "nature", "requester", "organisation", "owner", "priority"),
    *("tags", "language", "origin", "classification", "time_spent", "due_at", "created_at", "updated_at"),
    *("verified", "storm", "muted_until", "overdue", "level", "group"),
]
OUTBOX = [
    *("id", "letter", "language", "to", "subject", "status", "message_id", "ticket", "attempts"),
    *("text", "html", "headers"),
]
PEOPLE = ["address", "name", "state", "role", "areas", "language", "organisation", "organisation_agent", "absent_until"]
MESSAGE = ["id", "author", "kind", "text", "elided", "attachments", "at"]
ATTACHMENT = ["name", "type", "size", "sha256"]


@pytest.fixture(scope="module")
def desk() -> Iterator[Installation]:
    """One installation for all commands, which come in the order of a day."""
    with Installation() as installation:
        yield installation


def test_help_names_every_command_and_each_is_tried_here() -> None:
    said = subprocess.run([GATEWAY, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    named = re.findall(r"^│ ([a-z][a-z-]+) ", said, re.MULTILINE)
    tried = set(re.findall(r'(?:told|printed|command)\(\s*"([a-z-]+)"', Path(__file__).read_text()))

    # `run` has the other files of tests/test_process_*.py, `init` a folder of its own; these have test files of theirs.
    elsewhere = {
        "run",
        "init",
        "demo",
        "rescue",
        "mailboxes",
        "letters",
        "log",
        "report",
        "organisations",
        "merge-people",
    }
    assert sorted(named) == sorted(tried | elsewhere)


def test_init_begins_in_a_folder_with_a_key_of_its_own(tmp_path: Path) -> None:
    said = subprocess.run([GATEWAY, "init", tmp_path / "new"], capture_output=True, text=True, timeout=60, check=True)
    again = subprocess.run([GATEWAY, "init", tmp_path / "new"], capture_output=True, text=True, timeout=60, check=False)
    settings = tmp_path / "new" / "settings.toml"
    listed = subprocess.run(
        [GATEWAY, "tickets", "--settings", settings], capture_output=True, text=True, timeout=60, check=True
    )

    assert f"gateway run --settings {settings}" in said.stdout.replace("\n", "")
    assert len((tmp_path / "new" / "secret").read_text().strip()) >= 32
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o077 == 0
    assert again.returncode == 1
    assert listed.stdout == "No tickets yet.\n"


def test_person_and_organisation_make_people(desk: Installation) -> None:
    assert desk.told("organisation", "Acme", "--domain", "x.test") == "Acme: x.test\n"
    made = desk.told("person", "eva@gw.test", "--name", "Eva", "--role", "agent", "--area", "support")
    changed = desk.told("person", "eva@gw.test", "--language", "pt")
    (row,) = desk.printed("people")

    assert (made, changed) == ("eva@gw.test made\n", "eva@gw.test changed\n")
    assert list(row) == PEOPLE
    assert (row["role"], row["areas"], row["language"]) == ("agent", ["support"], "pt")


def test_a_wrong_word_is_answered_with_the_nearest_right_one(desk: Installation) -> None:
    done = desk.command("person", "eva@gw.test", "--role", "agnt")
    mistyped = "outboks"
    unknown = desk.command(mistyped)

    assert done.returncode == 1
    assert done.stderr == "there is no role agnt; did you mean agent?\n"
    assert "Did you mean 'outbox'?" in unknown.stderr


def with_file() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ana <ana@x.test>", "support@gw.test", "Drawings"
    message["Message-ID"] = "<1@x.test>"
    message.set_content("See the file.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


def test_ingest_takes_files_folders_maildirs_and_mboxes(desk: Installation) -> None:
    box = desk.folder / "box"
    for folder in ("folder", "maildir/cur", "maildir/new", "maildir/tmp"):
        (box / folder).mkdir(parents=True)
    (box / "one.eml").write_bytes(with_file())
    (box / "folder" / "two.eml").write_bytes(mail("Two", message_id="<2@x.test>"))
    (box / "maildir" / "cur" / "3:2,S").write_bytes(mail("Three", message_id="<3@x.test>"))
    mbox = b"From ana@x.test Sun Nov 22 20:00:00 2026\n" + mail("Four", message_id="<4@x.test>").replace(b"\r", b"")
    (box / "old.mbox").write_bytes(mbox + b"\n" + mbox.replace(b"<4@", b"<5@"))
    places = [box / name for name in ("one.eml", "folder", "maildir", "old.mbox")]

    assert desk.told("ingest", *places) == "5 mails kept\n"
    assert desk.told("work", "--once") == "5 deliveries judged\n"


def test_mails_lists_a_line_for_each_delivery(desk: Installation) -> None:
    rows = desk.printed("mails")

    assert [list(row) for row in rows] == [MAILS] * 5
    assert sorted(row["message_id"] for row in rows) == [f"<{number}@x.test>" for number in range(1, 6)]
    assert rows == desk.mails()
    assert "<1@x.test>" not in desk.told("mails")
    assert "something" not in desk.told("mails", "--parked")


def test_mails_are_chosen_by_what_is_known_of_them(desk: Installation) -> None:
    everything = desk.mails()
    domain = f"@{everything[0]['sender'].partition('@')[2]}"

    assert desk.printed("mails", "--verdict", "ticket") == [row for row in everything if row["verdict"] == "ticket"]
    assert desk.printed("mails", "--ticket", "1") == [row for row in everything if row["ticket"] == 1]
    assert desk.printed("mails", "--sender", domain) == [row for row in everything if row["sender"].endswith(domain)]
    assert desk.told("mails", "--sender", "nobody@x.test") == "No such mail.\n"


def test_a_mail_is_written_as_it_came_and_over_no_file(desk: Installation, tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    desk.told("mails", "--export", "m-1", "-o", file)
    printed = desk.command("mails", "--export", "m-1")
    again = desk.command("mails", "--export", "m-1", "--output", file)
    missing = desk.command("mails", "--export", "m-99")

    assert read.original(desk.office, 1) == file.read_bytes()
    assert printed.stdout.encode().replace(b"\r\n", b"\n") == file.read_bytes().replace(b"\r\n", b"\n")
    assert (again.returncode, missing.returncode) == (1, 1)
    assert "is there already" in again.stderr
    assert missing.stderr == "there is no mail m-99; `gateway mails` lists them\n"


def test_suppressions_lists_whom_no_letter_reaches_and_releases_them(desk: Installation) -> None:
    with desk.office.database.write() as connection:
        suppressions.count_failure(
            connection,
            "gone@x.test",
            reason="550 5.1.1 no such user",
            hard=True,
            most=3,
            within=timedelta(days=30),
            now=datetime.now(UTC),
        )
    (row,) = desk.printed("suppressions")

    assert list(row) == ["address", "since", "failures", "not_sent", "reason"]
    assert (row["address"], row["reason"]) == ("gone@x.test", "550 5.1.1 no such user")
    assert desk.told("suppressions", "release", "gone@x.test") == "gone@x.test released; 0 letters go now\n"
    assert desk.told("suppressions") == "Letters go to every address.\n"
    assert desk.command("suppressions", "release", "gone@x.test").returncode == 1
    assert desk.command("suppressions", "release").stderr == "name the addresses, or say --all\n"


def test_tickets_lists_them(desk: Installation) -> None:
    rows = desk.printed("tickets")

    assert [list(row) for row in rows] == [TICKETS] * 5
    assert rows == desk.tickets()
    assert rows[0]["organisation"] == "Acme"
    assert "Drawings" in desk.told("tickets")


def test_ticket_shows_one_whole(desk: Installation) -> None:
    (row,) = desk.printed("ticket", 1)
    (message,) = row["messages"]
    (file,) = message["attachments"]

    assert list(row) == [*TICKETS, "messages", "events", "timers", "participants", "links"]
    assert set(MESSAGE) <= set(message)
    assert set(ATTACHMENT) <= set(file)
    assert (file["name"], file["type"], file["size"]) == ("plan.pdf", "application/pdf", 8)
    assert row == desk.ticket(1)
    assert "See the file." in desk.told("ticket", "1")
    assert desk.command("ticket", "99").returncode == 1


def test_send_writes_the_letters_and_outbox_lists_them(desk: Installation) -> None:
    before = desk.printed("outbox")
    said = desk.told("send", "--once")
    after = desk.printed("outbox")

    assert said == f"{len(before)} letters tried\n"
    assert {row["status"] for row in before} == {"pending"}
    assert {row["status"] for row in after} == {"sent"}
    assert set(OUTBOX) <= set(after[0])
    assert len(desk.outgoing()) == len(after)
    assert desk.told("outbox", "--status", "pending") == "No letters.\n"


def test_act_does_what_the_workflow_lets_this_person_do(desk: Installation) -> None:
    done = desk.told("act", "1", "reply", "--by", "eva@gw.test", "--text", "We look into it.")
    refused = desk.command("act", "1", "reply", "--by", "ana@x.test", "--text", "Me too.")
    classified = desk.told("act", "1", "classify", "--by", "eva@gw.test", "--set", "priority=1")

    assert done == classified == "#1 is open\n"
    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert desk.ticket(1)["priority"] == 1


def test_explain_says_how_a_mail_would_be_and_was_judged_and_writes_nothing(desk: Installation) -> None:
    before = desk.mails()
    away = mail("Away", headers={"Auto-Submitted": "auto-replied"})
    would = json.loads(desk.told("explain", "-", "--to", "support@gw.test", "--json", input=away))
    (was,) = desk.printed("explain", "m-1")

    assert (would["verdict"], would["stage"]) == ("automatic", "automatic_reply")
    assert (was["verdict"], was["stage"]) == ("ticket", "something_new")
    assert desk.mails() == before
    assert "stage" in desk.told("explain", "m-1")
    assert desk.command("explain", "m-99").returncode == 1


def test_reply_text_reads_the_reply_alone(desk: Installation, tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text("Yes.\n\nOn Sun, 22 Nov 2026 at 20:00, Eva <eva@gw.test> wrote:\n> Really?\n")
    (row,) = desk.printed("reply-text", tmp_path / "reply.txt")

    assert list(row) == ["file", "text", "elided", "whole", "spans", "forward"]
    assert row["text"].strip() == "Yes."
    assert "Really?" in row["elided"]
    assert [one["kind"] for one in row["spans"]] == ["new", "attribution", "quoted"]
    assert "".join(row["whole"][one["start"] : one["end"]] for one in row["spans"]) == row["whole"]
    assert desk.told("reply-text", tmp_path / "reply.txt").strip() == "Yes."


def test_replay_is_for_parked_mails(desk: Installation) -> None:
    settings = desk.settings.read_text()
    desk.settings.write_text(settings + "[limits]\nmail_mib = 0.01\n")
    desk.told("ingest", "-", "--to", "support@gw.test", input=mail("Large", "A line.\n" * 3000))
    desk.told("work", "--once")
    (parked,) = [row for row in desk.mails() if row["status"] == "parked"]
    desk.settings.write_text(settings)
    said = desk.told("replay", parked["id"])
    judged = desk.told("work", "--once")
    refused = desk.command("replay", "m-1")

    assert said == f"{parked['id']}: 1 delivery pending again\n"
    assert judged == "1 delivery judged\n"
    assert refused.returncode == 1
    assert "m-1 is not parked" in refused.stderr


def test_tick_fires_what_is_due_at_the_time_it_is_given(desk: Installation) -> None:
    desk.told("act", "1", "classify", "--by", "eva@gw.test", "--set", "due=2027-01-10T12:00:00+00:00")
    early = desk.told("tick", "--now", "2027-01-10T11:59:00+00:00")
    late = desk.told("tick", "--now", "2027-01-10T12:01:00+00:00")
    again = desk.told("tick", "--now", "2027-01-10T12:01:00+00:00")
    wrong = desk.command("tick", "--now", "tomorrow")

    assert [said.partition(",")[0] for said in (early, late, again)] == ["0 fired", "1 fired", "0 fired"]
    assert wrong.returncode == 1


def test_tickets_are_chosen_by_view_person_tag_and_area(desk: Installation) -> None:
    desk.told("act", "2", "classify", "--by", "eva@gw.test", "--set", "tags=printer")
    desk.told("act", "1", "take", "--by", "eva@gw.test")
    mine = desk.printed("tickets", "--view", "mine", "--by", "eva@gw.test")
    attend = desk.printed("tickets", "--view", "attend", "--area", "support")

    assert [row["number"] for row in mine] == [1]
    assert 1 not in [row["number"] for row in attend]
    assert [row["number"] for row in desk.printed("tickets", "--tag", "printer")] == [2]
    assert desk.told("tickets", "--tag", "nothing") == "No such ticket.\n"
    assert "did you mean overdue?" in desk.command("tickets", "--view", "overdu").stderr
    assert "Add --by" in desk.command("tickets", "--view", "mine").stderr


def test_workflow_lists_checks_shows_and_simulates(desk: Installation, tmp_path: Path) -> None:
    rows = desk.printed("workflow", "list")
    own = tmp_path / "own.toml"
    own.write_text((PRESETS / "default.toml").read_text())
    broken = tmp_path / "broken.toml"
    broken.write_text(own.read_text().replace('to = "open"', 'to = "opne"', 1))
    wrong = desk.command("workflow", "check", broken)
    of_the_areas = desk.told("workflow", "check")

    assert [row["name"] for row in rows if row["preset"]] == sorted(path.stem for path in PRESETS.glob("*.toml"))
    assert [row["areas"] for row in rows if row["name"] == "default"] == [["support", "sales"]]
    assert desk.command("workflow", "check", "default", own).stdout.count("nothing is wrong with it") == 2
    assert of_the_areas.startswith("default: ")
    assert wrong.returncode == 1
    assert re.search(rf"{re.escape(str(broken))}:\d+: .*opne.*open", wrong.stderr)
    assert "Waiting for customer" in desk.told("workflow", "show", "default")
    assert "Esperando respuesta del cliente" in desk.told("workflow", "show", "default", "--language", "es")
    assert desk.told("workflow", "show", "default", "--as", "mermaid").startswith("stateDiagram-v2\n")
    assert desk.told("workflow", "show", "default", "--as", "svg").startswith("<svg ")
    assert desk.command("workflow", "show", "default", "--as", "png").returncode == 1
    assert desk.command("workflow", "show", "defualt").returncode == 1


def test_workflow_simulates_what_is_done_and_what_time_does(desk: Installation) -> None:
    start = ("--start", "2026-11-23T12:00:00")
    moments = desk.printed(
        "workflow", "simulate", "validation", *start, "--then", "1 hour: take", "--then", "1 hour: wait"
    )
    wrong = desk.command("workflow", "simulate", "validation", "--then", "1 hour: tkae")

    assert [one["what"] for one in moments[:3]] == ["received", "take", "wait"]
    assert [one["at"] for one in moments[:3]] == [f"2026-11-23T{hour}:00:00+00:00" for hour in (12, 13, 14)]
    assert moments[0]["letters"][0] == {"to": "requester", "letter": "receipt"}
    assert (moments[-1]["state"], moments[-1]["at"]) == ("closed", "2026-11-29T14:00:00+00:00")
    assert [one["letters"] for one in moments].count([{"to": "requester", "letter": "reminder"}]) == 2
    assert wrong.returncode == 1
    assert "take?" in wrong.stderr
    assert desk.command("workflow", "simulate", "validation", "--then", "take").returncode == 1
    assert desk.command("workflow", "simulate", "validation", "--calendar", "mars").returncode == 1


def test_forecast_lists_what_is_to_come(desk: Installation) -> None:
    due = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    desk.told("act", "3", "classify", "--by", "eva@gw.test", "--set", f"due={due.isoformat()}")
    (one,) = [row for row in desk.printed("forecast", "--days", "7") if row["ticket"] == 3]

    assert one == {
        "at": due.isoformat(),
        "to": "eva@gw.test",
        "letter": "overdue",
        "ticket": 3,
        "state": "new",
        "why": "due",
    }
    assert "overdue" in desk.told("forecast")
    assert desk.told("forecast", "--days", "1") == "Nothing in the next 1 days.\n"


def test_announce_says_which_tickets_go_on(desk: Installation) -> None:
    assert desk.told("announce", "7.4", "--by", "eva@gw.test") == "7.4: no ticket waits for it\n"
    assert desk.command("announce", "7.4", "--by", "nobody@gw.test").returncode == 1


def test_calendars_says_which_are_open(desk: Installation) -> None:
    (row,) = desk.printed("calendars")

    assert (row["calendar"], row["areas"], row["open"], row["until"]) == ("", ["support", "sales"], True, None)
    assert "(always open)" in desk.told("calendars")


def test_check_and_fsck_find_nothing_wrong(desk: Installation) -> None:
    checked = desk.told("check")

    assert "✗" not in checked
    assert "area support: support@gw.test" in checked
    assert desk.told("fsck") == "all is well\n"


def test_fsck_says_what_is_to_mend(desk: Installation) -> None:
    (blob,) = [path for path in (desk.folder / "var" / "blobs").rglob("*") if path.is_file()][:1]
    content = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(b"something else")
    done = desk.command("fsck")
    blob.write_bytes(content)

    assert done.returncode == 1
    assert "is missing or damaged" in done.stdout
    assert "1 to mend" in done.stdout


def exit_code(desk: Installation, *arguments: object, input: bytes = b"", settings: Path | None = None) -> int:
    return desk.command("ingest", *arguments, input=input, settings=settings).returncode


def test_the_exit_codes_of_ingest_are_those_of_a_pipe(desk: Installation, tmp_path: Path) -> None:
    wrong, broken = tmp_path / "wrong.toml", tmp_path / "broken.toml"
    wrong.write_text("[smpt]\n")
    (tmp_path / "no.db").write_bytes(b"This is no database. " * 100)
    broken.write_text(f'[database]\nurl = "sqlite:///{tmp_path}/no.db"\n')
    to = ("-", "--to", "support@gw.test", "--from", "ana@x.test")

    assert exit_code(desk, *to, input=mail("Piped")) == 0
    assert exit_code(desk, "-", "--to", "nobody@gw.test", input=mail()) == 67
    assert exit_code(desk, *to, input=b"\r\n \r\n") == 65
    assert exit_code(desk, *to, input=mail(), settings=tmp_path / "missing.toml") == 75
    assert exit_code(desk, *to, input=mail(), settings=wrong) == 75
    assert exit_code(desk, *to, input=mail(), settings=broken) == 75
    assert exit_code(desk, tmp_path / "missing.eml") == 75
    assert exit_code(desk, "-", "--form", "ana@x.test", input=mail()) == 75


def test_a_pipe_that_cannot_even_be_imported_is_temporary_trouble(tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("raise ImportError('half an upgrade')\n")
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "ingest", "-"],
        input=mail(),
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 75
    assert b"half an upgrade" in done.stderr


def test_an_automatic_mail_is_promoted_to_a_ticket_once(desk: Installation) -> None:
    away = mail("Fuera de la oficina", message_id="<away@x.test>").replace(
        b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:", 1
    )
    (desk.folder / "away.eml").write_bytes(away)
    desk.told("ingest", desk.folder / "away.eml")
    desk.told("work", "--once")
    (kept,) = [row for row in desk.printed("mails") if row["message_id"] == "<away@x.test>"]
    before = len(desk.printed("tickets"))

    assert kept["verdict"] == "automatic"
    assert desk.told("promote", kept["id"]) == f"{kept['id']}: 1 delivery pending again\n"
    desk.told("work", "--once")
    again = desk.command("promote", kept["id"])

    assert len(desk.printed("tickets")) == before + 1
    assert again.returncode == 1
    assert again.stderr.startswith(f"{kept['id']} cannot be promoted")


def test_the_breaker_is_off_until_machines_write(desk: Installation) -> None:
    assert desk.told("breaker") == "The breaker is off: no letter waits for a decision.\n"
    done = desk.command("breaker", "release")

    assert done.returncode == 1
    assert done.stderr == "no breaker is on; `gateway breaker` lists them\n"
