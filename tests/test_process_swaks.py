"""swaks and raw sockets against the running daemon."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator

import pytest
import trustme

from tests.daemon_process import Daemon, Installation, mail
from tests.doors import Client

pytestmark = pytest.mark.xdist_group("swaks")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Iterator[Installation]:
    pem = tmp_path_factory.mktemp("tls") / "gw.pem"
    authority.issue_cert("gw.test").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with Installation(smtp={"tls_certificate": str(pem)}, limits={"mail_mib": 1}) as installation:
        yield installation


@pytest.fixture(scope="module")
def daemon(desk: Installation) -> Daemon:
    return desk.start()


def swaks(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("swaks")
    assert program, "These tests run swaks, which is not installed: `make test` installs it."
    host, port = daemon.smtp
    where = () if "--socket" in arguments else ("-s", host, "-p", str(port))
    return subprocess.run(
        [program, *where, *arguments], capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )


def kept(said: str) -> str:
    """The id out of the 250."""
    return said.split("kept as ")[1].split()[0]


def test_a_mail_over_starttls_makes_a_ticket(desk: Installation, daemon: Daemon, authority: trustme.CA) -> None:
    """Debian's swaks speaks TLS only with a package more, so this client is ours."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with Client(daemon.smtp) as client:
        client.tls(context, "gw.test")
        offered = client.say("EHLO client.test")
        line = daemon.verdict(client.deliver(mail(from_="tls@x.test"), "support@gw.test").split()[-1])

    assert "STARTTLS" not in offered
    assert desk.ticket(line["ticket"])["requester"] == "tls@x.test"


def test_swaks_by_lmtp_is_answered_for_each_recipient(daemon: Daemon) -> None:
    to = "support@gw.test,sales@gw.test"
    said = swaks(daemon, "--protocol", "LMTP", "--socket", str(daemon.lmtp), "-t", to, "-f", "lmtp@x.test")

    assert said.returncode == 0, said.stdout
    assert said.stdout.count("kept as ") == 2
    assert daemon.verdict(kept(said.stdout), times=2)["event"].startswith("ticket: ")


def test_an_unknown_recipient_is_refused_at_once(daemon: Daemon) -> None:
    said = swaks(daemon, "-t", "nobody@gw.test", "-f", "ana@x.test")

    assert said.returncode == 24
    assert "550 5.1.1 no such address here" in said.stdout


def test_a_plus_address_is_taken_whatever_its_token_says(desk: Installation, daemon: Daemon) -> None:
    said = swaks(daemon, "-t", "support+r.not-a-token@gw.test", "-f", "plus@x.test", "--header", "Subject: Plus")
    line = daemon.verdict(kept(said.stdout))
    (row,) = [row for row in desk.mails() if row["id"] == kept(said.stdout)]

    assert (row["recipient"], row["verdict"]) == ("support+r.not-a-token@gw.test", "ticket")
    assert desk.ticket(line["ticket"])["area"] == "support"


def test_the_null_sender_is_taken_and_never_answered(desk: Installation, daemon: Daemon) -> None:
    said = swaks(daemon, "-t", "support@gw.test", "-f", "<>", "--h-From", "Printer <device@x.test>", "--body", "Jam.")
    line = daemon.verdict(kept(said.stdout))

    assert line["event"].startswith("ticket: ")
    assert [row for row in desk.letters() if row["to"] == "device@x.test"] == []


def test_a_mail_that_is_announced_too_large_is_refused_before_it_is_sent(daemon: Daemon) -> None:
    with Client(daemon.smtp) as client:
        announced = next(line for line in client.capabilities if "SIZE" in line)
        refused = client.say(f"MAIL FROM:<big@x.test> SIZE={1 + (1 << 20)}")

        assert announced.endswith(f"SIZE {1 << 20}")
        assert refused.startswith("552 5.3.4")


def test_a_mail_that_turns_out_too_large_is_refused_and_the_session_goes_on(daemon: Daemon) -> None:
    with Client(daemon.smtp) as client:
        refused = client.deliver(mail(text="A line of text.\n" * 80_000), "support@gw.test")
        taken = client.deliver(mail("After the large one", from_="big@x.test"), "support@gw.test")

        assert refused.startswith("552 5.3.4")
        assert taken.startswith("250 2.0.0 kept as ")


def test_a_mail_that_breaks_off_is_not_kept(desk: Installation, daemon: Daemon) -> None:
    before = len(desk.mails())
    with Client(daemon.smtp) as client:
        client.begin("support@gw.test")
        client.send(b"From: half@x.test\r\nSubject: Half\r\n\r\nThis is ha")
    line = daemon.judge(mail("Whole", from_="whole@x.test"))

    assert len(desk.mails()) == before + 1
    assert desk.ticket(line["ticket"])["subject"] == "Whole"


def test_addresses_and_text_beyond_ascii_come_in_as_they_are(desk: Installation, daemon: Daemon) -> None:
    with Client(daemon.smtp) as client:
        assert client.say("MAIL FROM:<josé@exämple.test> SMTPUTF8 BODY=8BITMIME").startswith("250")
        assert client.say("RCPT TO:<support@gw.test>").startswith("250")
        assert client.say("DATA").startswith("354")
        client.send(mail("Señal débil", "El módem está caído.", from_="José <jose@x.test>") + b".\r\n")
        line = daemon.verdict(client.reply().split()[-1])
    ticket = desk.ticket(line["ticket"])

    assert ticket["subject"] == "Señal débil"
    assert ticket["messages"][0]["text"].strip() == "El módem está caído."


def test_commands_may_come_in_one_go(daemon: Daemon) -> None:
    with Client(daemon.smtp) as client:
        client.send(b"MAIL FROM:<pipe@x.test>\r\nRCPT TO:<nobody@gw.test>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\n")
        replies = [client.reply()[:3] for _ in range(4)]
        client.send(mail("In one go", from_="pipe@x.test") + b".\r\nQUIT\r\n")

        assert replies == ["250", "550", "250", "354"]
        assert client.reply().startswith("250 2.0.0 kept as ")
        assert client.reply().startswith("221")


def test_tls_with_a_name_that_is_not_ours_is_not_trusted(daemon: Daemon, authority: trustme.CA) -> None:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with Client(daemon.smtp) as client, pytest.raises(ssl.SSLCertVerificationError):
        client.tls(context, "other.test")
