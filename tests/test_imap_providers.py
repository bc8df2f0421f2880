"""Access tokens by the providers' own libraries, from a small HTTPS server of ours that answers as they do.

Nobody here has an account at Microsoft or Google: what is tested is how we ask, and what we make of the answers.
"""

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme

from gateway.inbound import imap_providers
from gateway.inbound.imap_trouble import Kind, Trouble
from gateway.settings import Mailbox

SECRET, REFRESH = "secret-of-the-application", "refresh-token-of-the-mailbox"


class Provider:
    """What it answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.url = ""


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            names = ("authorization_endpoint", "token_endpoint", "issuer", "device_authorization_endpoint")
            self._answer(200, {name: f"{found.url}/tenant/{name}" for name in names})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.asked.append({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(*found.answers.pop(0))

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    found.url = f"https://localhost:{server.server_port}"
    monkeypatch.setattr(imap_providers, "MICROSOFT", found.url)
    monkeypatch.setattr(imap_providers, "GOOGLE", f"{found.url}/token")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    yield found
    server.shutdown()
    server.server_close()
    thread.join(5)


def ask(provider: str, kept: Path, **settings: Any) -> imap_providers.Token:
    mailbox = Mailbox(
        **{
            "name": "support",
            "host": "imap.example.org",
            "username": "desk@firm.example",
            "auth": "xoauth2",
            "provider": provider,
            "tenant": "tenant",
            "client_id": "client",
        }
        | settings
    )
    return imap_providers.token(mailbox, kept=kept, now=datetime.now(UTC))


def test_an_application_of_microsoft_signs_in_by_its_secret(provider: Provider, tmp_path: Path) -> None:
    provider.answers = [(200, {"access_token": "of-the-application", "expires_in": 3599, "token_type": "Bearer"})]
    token = ask("microsoft365", tmp_path / "kept", client_secret=SECRET)

    assert token.value == "of-the-application"
    assert token.until is not None
    assert token.until - datetime.now(UTC) > timedelta(minutes=50)
    assert provider.asked[0]["grant_type"] == "client_credentials"
    assert provider.asked[0]["scope"] == "https://outlook.office365.com/.default"
    assert not (tmp_path / "kept").exists()


def test_the_refresh_token_that_microsoft_gives_in_its_place_is_kept_and_used(
    provider: Provider, tmp_path: Path
) -> None:
    answer = {"access_token": "a", "expires_in": 3599, "token_type": "Bearer", "refresh_token": "the-next-one"}
    provider.answers = [(200, answer), (200, answer)]
    for _ in range(2):
        assert ask("microsoft365", tmp_path / "tokens" / "kept", refresh_token=REFRESH).value == "a"

    assert [one["refresh_token"] for one in provider.asked] == [REFRESH, "the-next-one"]
    assert "IMAP.AccessAsUser.All" in provider.asked[0]["scope"]


def test_google_gives_a_token_for_a_refresh_token(provider: Provider, tmp_path: Path) -> None:
    provider.answers = [(200, {"access_token": "of-google", "expires_in": 3599, "token_type": "Bearer"})]
    token = ask("google", tmp_path / "kept", client_secret=SECRET, refresh_token=REFRESH)

    assert token.value == "of-google"
    assert token.until is not None
    assert token.until > datetime.now(UTC) + timedelta(minutes=50)
    assert (provider.asked[0]["grant_type"], provider.asked[0]["refresh_token"]) == ("refresh_token", REFRESH)


@pytest.mark.parametrize("name", ["microsoft365", "google"])
@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((400, {"error": "invalid_grant", "error_description": "expired or revoked"}), Kind.REFUSED, "refresh_token"),
        ((401, {"error": "invalid_client", "error_description": "bad secret"}), Kind.REFUSED, "client_id"),
    ],
)
def test_a_refusal_says_what_to_do_and_shows_no_secret(
    provider: Provider, tmp_path: Path, name: str, answer: Any, kind: Kind, words: str
) -> None:
    provider.answers = [answer]
    with pytest.raises(Trouble) as told:
        ask(name, tmp_path / "kept", client_secret=SECRET, refresh_token=REFRESH)

    assert told.value.kind is kind
    assert words in told.value.sentence
    assert SECRET not in told.value.sentence
    assert REFRESH not in told.value.sentence


@pytest.mark.parametrize("name", ["microsoft365", "google"])
def test_a_provider_that_does_not_answer_is_trouble_that_passes(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_providers, "MICROSOFT", "https://localhost:1")
    monkeypatch.setattr(imap_providers, "GOOGLE", "https://localhost:1/token")
    with pytest.raises(Trouble) as told:
        ask(name, tmp_path / "kept", client_secret=SECRET, refresh_token=REFRESH)

    assert told.value.kind is Kind.UNREACHABLE
