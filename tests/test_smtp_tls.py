"""STARTTLS at the SMTP door."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from gateway.errors import SettingsError
from tests.doors import Client, OpenDoors, mail, open_for_test
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def opened(tmp_path: Path, authority: trustme.CA) -> Iterator[OpenDoors]:
    authority.issue_cert("gw.test").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "gw.pem"))
    with open_for_test(tmp_path, smtp={"tls_certificate": tmp_path / "gw.pem", "idle_seconds": 1}) as doors:
        yield doors


@pytest.fixture
def client_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_mail_comes_in_encrypted(opened: OpenDoors, client_context: ssl.SSLContext) -> None:
    with Client(opened.smtp) as client:
        assert "250-STARTTLS" in client.capabilities
        client.tls(client_context, "gw.test")
        offered = client.say("EHLO client.test")
        client.deliver(mail())

        assert "STARTTLS" not in offered
        assert "AUTH" not in offered
        assert client.say("STARTTLS").startswith("503 5.5.1")
    (row,) = opened.shelf.rows()
    assert (row["protocol"], row["raw"]) == ("ESMTPS", mail())


def test_what_was_said_before_tls_is_forgotten(opened: OpenDoors, client_context: ssl.SSLContext) -> None:
    with Client(opened.smtp) as client:
        client.say("MAIL FROM:<a@x.test>")
        client.tls(client_context, "gw.test")

        assert client.say("RCPT TO:<support@gw.test>").startswith("503 5.5.1")


def test_commands_sent_ahead_of_the_handshake_are_not_obeyed_after_it(
    opened: OpenDoors, client_context: ssl.SSLContext
) -> None:
    """Else somebody in between could put them in (CVE-2011-0411)."""
    with Client(opened.smtp) as client:
        client.send(b"STARTTLS\r\nEHLO injected\r\n")
        assert client.reply().startswith("220 2.0.0")
        try:
            client.socket = client_context.wrap_socket(client.socket, server_hostname="gw.test")
        except ssl.SSLError:
            return  # Taken for a part of the handshake, which then fails: as good.
        client._lines = client.socket.makefile("rb")

        assert client.say("MAIL FROM:<a@x.test>").startswith("503 5.5.1")


def test_an_encrypted_session_is_counted_once_and_limited_in_time(
    opened: OpenDoors, client_context: ssl.SSLContext
) -> None:
    door = opened.door("smtp")
    with Client(opened.smtp) as client:
        client.tls(client_context, "gw.test")
        client.say("EHLO client.test")
        assert len(door.sessions) == 1

        assert client.reply().startswith("421 4.4.2")
    wait_until(lambda: not door.sessions)
    assert door.admission._strangers.total() == 0


def test_a_failed_handshake_leaves_no_session_behind(opened: OpenDoors) -> None:
    door = opened.door("smtp")
    with Client(opened.smtp) as client:
        client.say("STARTTLS")
        client.send(b"this is no handshake\r\n" * 10)
        wait_until(lambda: not door.sessions)

    assert door.admission._strangers.total() == 0


def test_a_certificate_that_cannot_be_used_is_said_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")

    with (
        pytest.raises(SettingsError, match=r"\[smtp\] tls_certificate: .*bad\.pem cannot be used"),
        open_for_test(tmp_path, smtp={"tls_certificate": tmp_path / "bad.pem"}),
    ):
        pass
