"""The running daemon between real Postfixes: mail comes by LMTP or by a pipe, and letters leave through a smarthost."""

import re
import smtplib
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from tests.daemon_process import GATEWAY, Daemon, Installation, mail
from tests.real_postfix import Postfix
from tests.scripted_peer import Peer
from tests.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("postfix"), pytest.mark.timeout(180)]


@pytest.fixture
def beyond() -> Iterator[Peer]:
    """The rest of the world, as Postfix sees it."""
    with Peer() as peer:
        yield peer


@contextmanager
def behind(postfix: Postfix, beyond: Peer, **sections: Any) -> Iterator[tuple[Installation, Daemon]]:
    """A daemon that Postfix brings mail to, and that sends its letters through it."""
    socket = postfix.base / "lmtp.sock"
    with Installation(
        lmtp={"listen": f"unix:{socket}"},
        delivery={"smarthost": f"127.0.0.1:{postfix.port}", "tls": "none", "retry_minutes": [0.05]},
        **sections,
    ) as desk:
        daemon = desk.start()
        # Postfix's own user comes to this socket; the operator would put both in a group.
        socket.chmod(0o666)
        postfix.start(next_hop=f"lmtp:unix:{socket}", outside=f"smtp:[127.0.0.1]:{beyond.smarthost.rpartition(':')[2]}")
        yield desk, daemon


def send(postfix: Postfix, raw: bytes, *to: str, sender: str = "ana@x.test") -> None:
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
        client.sendmail(sender, to or ["support@gw.test"], raw)


def test_mail_comes_by_lmtp_and_the_receipt_goes_out_through_postfix(postfix: Postfix, beyond: Peer) -> None:
    with behind(postfix, beyond) as (desk, daemon):
        send(postfix, mail("Impresora"))
        daemon.verdict("m-1")
        (raw,) = wait_until(lambda: beyond.mails)
        letter = message_from_bytes(raw, policy=policy.default)
        send(postfix, mail("Re: something", "More."), parseaddr(letter["Reply-To"])[1])
        again = daemon.verdict("m-2")

        assert letter["To"] == "ana@x.test"
        assert "[#1]" in letter["Subject"]
        assert again["ticket"] == 1
        assert [row["source"] for row in desk.mails()] == ["lmtp", "lmtp"]
        assert desk.letters()[0]["status"] == "sent"


def test_a_letter_that_bounces_comes_back_through_postfix_and_is_marked(postfix: Postfix, beyond: Peer) -> None:
    beyond._answers["RCPT"] = [b"550 5.1.1 no such user here"]
    with behind(postfix, beyond) as (desk, daemon):
        send(postfix, mail())
        daemon.verdict("m-1")
        line = daemon.verdict("m-2", seconds=30)
        (letter,) = desk.letters()
        events = [event["action"] for event in desk.ticket(1)["events"]]

        assert line["event"].startswith("delivery report: ")
        assert letter["status"] == "returned"
        assert "5.1.1" in letter["response"]
        assert "delivery_failed" in events
        assert len(desk.tickets()) == 1


def test_a_mail_over_the_limit_is_not_bounced_but_parked(postfix: Postfix, beyond: Peer) -> None:
    with behind(postfix, beyond, limits={"mail_mib": 0.125}) as (desk, daemon):
        send(postfix, mail("Drawings", "A line of text.\n" * 20_000))
        line = daemon.verdict("m-1")
        (row,) = desk.mails()
        (file,) = desk.ticket(1)["messages"][0]["attachments"]

        assert line["stage"] == "too_large"
        assert row["status"] == "parked"
        assert file["size"] > 300_000
        wait_until(lambda: not postfix.queue())
        assert beyond.mails == []


def test_mail_for_nobody_goes_back_to_its_sender_with_our_words(postfix: Postfix, beyond: Peer) -> None:
    with behind(postfix, beyond) as (desk, _):
        send(postfix, mail(to="nobody@gw.test"), "nobody@gw.test")
        (raw,) = wait_until(lambda: beyond.mails)

        assert b"550 5.1.1 no such address here" in raw
        assert desk.mails() == []


def test_postfix_brings_again_what_the_database_could_not_keep(postfix: Postfix, beyond: Peer) -> None:
    with behind(postfix, beyond) as (desk, daemon):
        with closing(sqlite3.connect(desk.folder / "var" / "gateway.db", isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")
            send(postfix, mail())
            wait_until(lambda: "451 4.3.0" in str(postfix.queue()), seconds=40)
        postfix.flush()
        line = daemon.verdict("m-1", seconds=30)

        assert line["ticket"] == 1
        assert len(desk.tickets()) == 1
        wait_until(lambda: not postfix.queue())


def test_letters_wait_for_a_smarthost_that_is_away(postfix: Postfix, beyond: Peer) -> None:
    with behind(postfix, beyond) as (desk, daemon):
        postfix.stop()
        daemon.judge(mail())
        (waiting,) = wait_until(lambda: [row for row in desk.letters() if row["response"]])
        postfix.start(
            next_hop=f"lmtp:unix:{daemon.lmtp}", outside=f"smtp:[127.0.0.1]:{beyond.smarthost.rpartition(':')[2]}"
        )
        wait_until(lambda: beyond.mails, seconds=40)
        wait_until(lambda: desk.letters()[0]["status"] == "sent")

        assert (waiting["status"], waiting["attempts"]) == ("pending", 1)
        assert len(beyond.mails) == 1
        assert waiting["message_id"].encode() in beyond.mails[0]


class Pipe:
    """Runs `gateway ingest` for Postfix's pipe.

    Postfix runs pipes as a user who may not be able to read this checkout. So its command hands over what it was
    given, to the letter, and ends with the exit code that the real command ended with.
    """

    SCRIPT = """\
#!/bin/sh
case=$(mktemp -d "{folder}/case.XXXXXX") || exit 75
printf '%s\\n' "$@" > "$case/arguments"
cat > "$case/mail"
: > "$case/ready"
until [ -f "$case/code" ]; do sleep 0.05; done
cat "$case/said"
exit "$(cat "$case/code")"
"""

    def __init__(self, folder: Path, desk: Installation) -> None:
        self.folder = folder / "pipe"
        self.desk = desk
        self.codes: list[int] = []
        self.folder.mkdir()
        self.folder.chmod(0o1777)
        self.script = self.folder / "ingest"
        self.script.write_text(self.SCRIPT.format(folder=self.folder))
        self.script.chmod(0o755)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    @property
    def service(self) -> str:
        argv = f"{self.script} ingest - --to=${{recipient}} --from=${{sender}}"
        return f"gateway unix - n n - - pipe\n  user=nobody null_sender= argv={argv}\n"

    def __enter__(self) -> "Pipe":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    def _serve(self) -> None:
        while not self._over.wait(0.05):
            for ready in self.folder.glob("case.*/ready"):
                case = ready.parent
                ready.unlink()
                arguments = (case / "arguments").read_text().splitlines()
                with (case / "mail").open("rb") as given, (case / "said").open("wb") as said:
                    done = subprocess.run(
                        [str(GATEWAY), *arguments, "--settings", str(self.desk.settings)],
                        stdin=given,
                        stdout=said,
                        stderr=said,
                        timeout=60,
                        check=False,
                    )
                self.codes.append(done.returncode)
                (case / "new").write_text(str(done.returncode))
                (case / "new").rename(case / "code")


@pytest.fixture
def piped(postfix: Postfix) -> Iterator[tuple[Installation, Pipe]]:
    with Installation() as desk, Pipe(postfix.base, desk) as pipe:
        postfix.start(next_hop="gateway:", services=pipe.service)
        yield desk, pipe
    subprocess.run(["rm", "-r", str(pipe.folder)], check=True)


def test_a_pipe_takes_mail_in(postfix: Postfix, piped: tuple[Installation, Pipe]) -> None:
    desk, pipe = piped
    send(postfix, mail("Impresora"), "support@gw.test", "sales@gw.test")
    send(postfix, mail("Away", headers={"Auto-Submitted": "auto-replied"}), sender="")
    wait_until(lambda: len(pipe.codes) == 2, seconds=40)
    wait_until(lambda: not postfix.queue())
    told = desk.told("work", "--once")
    rows = sorted((row["recipient"], row["verdict"], row["source"]) for row in desk.mails())

    assert pipe.codes == [0, 0]
    assert told == "3 deliveries judged\n"
    assert rows == [
        ("sales@gw.test", "ticket", "ingest"),
        ("support@gw.test", "automatic", "ingest"),
        ("support@gw.test", "ticket", "ingest"),
    ]


def test_a_pipe_refuses_what_is_for_nobody(postfix: Postfix, piped: tuple[Installation, Pipe]) -> None:
    _, pipe = piped
    send(postfix, mail(), "noone@gw.test")
    wait_until(lambda: pipe.codes, seconds=30)

    assert pipe.codes == [67]
    wait_until(lambda: re.search(r"to=<noone@gw.test>.*status=bounced \(user unknown", postfix.log()))


@pytest.mark.parametrize("broken", ["settings", "database"])
def test_a_pipe_keeps_mail_with_postfix_while_we_are_broken(
    broken: str, postfix: Postfix, piped: tuple[Installation, Pipe]
) -> None:
    desk, pipe = piped
    whole = desk.settings.read_text()
    if broken == "settings":
        desk.settings.write_text(whole + "[nonsense\n")
    else:
        (desk.folder / "other.db").write_bytes(b"This is no database. " * 100)
        desk.settings.write_text(whole + f'[database]\nurl = "sqlite:///{desk.folder}/other.db"\n')
    send(postfix, mail())
    wait_until(lambda: "temporary failure" in str(postfix.queue()), seconds=30)
    codes = set(pipe.codes)
    desk.settings.write_text(whole)
    postfix.flush()
    wait_until(lambda: not postfix.queue(), seconds=30)

    assert codes == {75}
    assert pipe.codes[-1] == 0
    assert desk.told("work", "--once") == "1 delivery judged\n"
