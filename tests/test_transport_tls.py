"""Sending encrypted, to a real server behind a private authority: what cannot be verified gets nothing."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gateway.outbound.transport import Accepted, Outcome, TemporaryFailure, open_transport
from gateway.settings import Delivery
from tests.scripted_peer import Peer

DATA = b"Subject: Hola\r\n\r\nHola\r\n"
ANA = "ana@example.org"


class Inbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.original_content, bytes)
        self.mails.append(envelope.original_content)
        clear = server.transport.get_extra_info("ssl_object") is None
        return f"250 2.0.0 taken {'in clear' if clear else 'encrypted'} from {session.auth_data!r}"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (b"desk", b"secret")
    return AuthResult(success=right, handled=False, auth_data=data.login.decode())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.fixture(params=["starttls", "tls"])
def tls(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def serving(tls: str, context: ssl.SSLContext) -> Iterator[str]:
    """A server with AUTH on a free port, encrypted from the start or by STARTTLS; yields host:port."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Future()

    async def serve() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        usual = {"hostname": "peer", "loop": loop, "authenticator": authenticate, "auth_require_tls": tls == "starttls"}
        if tls == "starttls":
            usual |= {"tls_context": context, "require_starttls": True}
        at_once = context if tls == "tls" else None
        server = await loop.create_server(lambda: SMTP(Inbox(), **usual), "127.0.0.1", 0, ssl=at_once)
        started.set_result((loop, over, server.sockets[0].getsockname()[1]))
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    loop, over, port = started.result(10)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)


@pytest.fixture
def trusted_server(tls: str, authority: trustme.CA) -> Iterator[str]:
    with serving(tls, server_context(authority, "127.0.0.1")) as smarthost:
        yield smarthost


@pytest.fixture
def wrongly_named_server(tls: str, authority: trustme.CA) -> Iterator[str]:
    with serving(tls, server_context(authority, "elsewhere.example.org")) as smarthost:
        yield smarthost


def over_tls(smarthost: str, tls: str, **changes: object) -> Outcome:
    settings = Delivery.model_validate({"smarthost": smarthost, "tls": tls, "seconds": 5, **changes})
    way_out = open_transport(settings)
    outcome = way_out.send("", ANA, DATA)
    way_out.close()
    return outcome


def test_a_server_with_a_trusted_certificate_gets_the_letter_encrypted(
    trusted_server: str, tls: str, authority_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("secret\n")
    login = {"username": "desk", "password_file": tmp_path / "password"}
    outcome = over_tls(trusted_server, tls, tls_ca=authority_file, **login)

    assert outcome == Accepted("250 2.0.0 taken encrypted from 'desk'")


def test_a_wrong_password_is_temporary_trouble(trusted_server: str, tls: str, authority_file: Path) -> None:
    outcome = over_tls(trusted_server, tls, tls_ca=authority_file, username="desk", password="wrong")

    assert isinstance(outcome, TemporaryFailure)
    assert "535" in outcome.response
    assert "wrong" not in outcome.response


def test_a_certificate_of_an_unknown_authority_is_refused(trusted_server: str, tls: str) -> None:
    outcome = over_tls(trusted_server, tls)

    assert isinstance(outcome, TemporaryFailure)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.response


def test_a_certificate_with_another_name_is_refused(wrongly_named_server: str, tls: str, authority_file: Path) -> None:
    outcome = over_tls(wrongly_named_server, tls, tls_ca=authority_file)

    assert isinstance(outcome, TemporaryFailure)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.response


def test_a_server_without_starttls_gets_nothing_in_clear() -> None:
    with Peer() as peer:
        outcome = over_tls(peer.smarthost, "starttls")

    assert isinstance(outcome, TemporaryFailure)
    assert "STARTTLS" in outcome.response
    assert not any("mail" in said for said in peer.commands[0])
